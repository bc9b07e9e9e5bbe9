//! The book holds together: every page is in its table of contents, every link leads somewhere, every value exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use sparkyard_check::RULES;
use sparkyard_tests::catalogue::catalogue;
use sparkyard_tests::markdown::Page;
use sparkyard_tests::page::{keep, read};
use sparkyard_tests::site::normal;
use sparkyard_yaml::schema;

const TROUBLES: &str = "docs/troubleshooting.md";

/// Every page that people read, by its path below the root.
fn pages() -> BTreeMap<String, Page> {
    let docs = fs::read_dir(xtask::place::root().join("docs")).expect("docs/").flatten();
    let names = docs.map(|entry| format!("docs/{}", entry.file_name().to_string_lossy()));
    let names = names.filter(|name| name.ends_with(".md")).chain(["README.md".into(), "CONTRIBUTING.md".into()]);
    names.map(|name| (name.clone(), Page::of(&read(&name)))).collect()
}

#[test]
fn the_table_of_contents_holds_every_page_once() {
    let pages = pages();
    let mut listed: Vec<String> = pages["docs/SUMMARY.md"].links.iter().map(|link| format!("docs/{link}")).collect();
    listed.sort();
    let wanted: Vec<String> =
        pages.keys().filter(|name| name.starts_with("docs/") && *name != "docs/SUMMARY.md").cloned().collect();
    assert_eq!(listed, wanted, "docs/SUMMARY.md (left) and the files of docs/ (right)");
}

/// What DevOps engineers ask; other pages and people link to these headings.
const QUESTIONS: [&str; 15] = [
    "kubernetes-standalone-or-an-operator",
    "35-or-4",
    "two-versions-of-spark-side-by-side",
    "what-is-mandatory-what-optional-what-may-be-ours",
    "which-ports",
    "how-much-memory-how-many-cores",
    "where-do-credentials-go",
    "why-is-the-history-server-empty",
    "how-do-jupyter-and-airflow-find-spark-connect",
    "openshift-which-scc-which-user-who-may-install",
    "does-it-fit-minikube-or-kind",
    "where-do-the-images-come-from-and-how-are-they-mirrored",
    "how-do-we-move-from-standalone-from-emr-or-databricks-from-35-to-4",
    "one-spark-connect-for-each-team-or-one-for-all",
    "what-do-we-watch-and-what-is-normal",
];

#[test]
fn every_question_has_an_answer_at_its_address() {
    let text = read("docs/questions.md");
    let page = Page::of(&text);
    let missing: Vec<_> = QUESTIONS.iter().filter(|question| !page.anchors.contains(**question)).collect();
    assert!(missing.is_empty(), "docs/questions.md has no heading for: {missing:?}; it has {:?}", page.anchors);
    let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), QUESTIONS.len(), "docs/questions.md has other headings than the test");
    for section in sections {
        let (heading, answer) = section.split_once('\n').unwrap_or((section, ""));
        assert!(answer.trim().len() > 150 && answer.contains("]("), "no answer, or no link to more: {heading}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let (mut checked, mut broken) = (0, Vec::new());
    for (name, page) in &pages {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            checked += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let here = Path::new(name).parent().unwrap_or(Path::new(""));
            let target = if path.is_empty() { name.clone() } else { normal(&here.join(path)).display().to_string() };
            match pages.get(&target) {
                Some(page) if anchor.is_empty() || page.anchors.contains(anchor) => {}
                Some(_) => broken.push(format!("{name}: {link}: no such heading")),
                None if anchor.is_empty() && xtask::place::root().join(&target).exists() => {}
                None => broken.push(format!("{name}: {link}: no such page")),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(checked > 100, "only {checked} links were found");
}

/// Schemas of what stands at the root of an umbrella's values: `global`, and the bricks.
fn roots() -> BTreeMap<String, Value> {
    let catalogue = catalogue();
    let bricks = catalogue.bricks.iter().map(|brick| (brick.id.to_owned(), (brick.values.schema)()));
    bricks.chain([("global".to_owned(), (catalogue.global.schema)())]).collect()
}

/// Whether there is such a value. Each chart of a line in one piece knows `<brick>.enabled` too.
fn exists(roots: &BTreeMap<String, Value>, path: &str) -> bool {
    let below = |schema: &Value, path: &str| {
        let steps: Vec<&str> = path.split('.').collect();
        schema::at(schema, &steps).is_some()
    };
    match path.split_once('.') {
        Some((root, "enabled")) if roots.contains_key(root) => true,
        Some((root, rest)) if roots.contains_key(root) => below(&roots[root], rest),
        _ => roots.values().any(|schema| below(schema, path)),
    }
}

#[test]
fn every_value_that_the_pages_name_exists() {
    let roots = roots();
    let is_path = |word: &&String| {
        let plain =
            |step: &str| step.starts_with(|c: char| c.is_ascii_lowercase()) && step.chars().all(char::is_alphanumeric);
        word.split_once('.').is_some_and(|(root, rest)| roots.contains_key(root) && rest.split('.').all(plain))
    };
    let (mut checked, mut missing) = (0, BTreeSet::new());
    for (name, page) in pages() {
        let set: Vec<String> = shell(&page).iter().flat_map(|line| set_keys(line)).collect();
        for path in page.words.iter().filter(is_path).chain(&set) {
            checked += 1;
            if !exists(&roots, path) {
                missing.insert(format!("{name}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "no such value:\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(checked > 50, "only {checked} values were found");
}

/// The commands of a page, each on one line: a `\` at the end of a line goes on, and a `#` says what it is for.
fn shell(page: &Page) -> Vec<String> {
    let joined = page.blocks.iter().map(|(language, text)| (language.as_str(), text.replace("\\\n", " ")));
    let blocks = joined.filter_map(|(language, text)| match language {
        "sh" => Some(text),
        // What a program printed stands there too.
        "console" => Some(text.lines().filter_map(|line| line.strip_prefix("$ ")).collect::<Vec<_>>().join("\n")),
        _ => None,
    });
    let lines = blocks.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.map(|line| line.split(" #").next().unwrap_or_default().trim().to_owned()).collect()
}

/// Keys that a command sets with `--set` and its kin in a chart of ours.
fn set_keys(line: &str) -> Vec<String> {
    if !line.contains("dist/") && !line.contains("generated-charts/") {
        return Vec::new();
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let values = words.windows(2).filter(|pair| pair[0].starts_with("--set")).map(|pair| pair[1]);
    values.filter_map(|value| Some(value.split_once('=')?.0.to_owned())).collect()
}

#[test]
fn every_values_file_in_the_pages_fits_its_schema() {
    let roots = roots();
    let fits = |schema: &Value, value: &Value| -> Result<(), String> {
        let errors = jsonschema::validator_for(schema).map_err(|error| error.to_string())?;
        let mut value = value.clone();
        if let Some(map) = value.as_object_mut() {
            map.shift_remove("enabled");
        }
        errors.validate(&value).map_err(|error| format!("{}: {error}", error.instance_path()))
    };
    let (mut checked, mut wrong) = (0, Vec::new());
    for (name, page) in pages() {
        for (_, text) in page.blocks.iter().filter(|(language, _)| language == "yaml") {
            let node = sparkyard_yaml::node::document(text).unwrap_or_else(|error| panic!("{name}: {error:?}\n{text}"));
            let Some(Value::Object(values)) = node.map(|node| sparkyard_yaml::json(&node)) else { continue };
            if values.keys().all(|key| roots.contains_key(key)) {
                checked += 1;
                for (root, value) in &values {
                    wrong.extend(fits(&roots[root], value).err().map(|error| format!("{name}: {root}{error}")));
                }
                continue;
            }
            // Values of one chart of its own, with `global` beside them or not.
            let knows = |schema: &Value| {
                let known = |key: &String| key == "global" || schema::at(schema, &[key]).is_some();
                values.keys().all(known)
            };
            let own: Vec<&Value> = roots.values().filter(|schema| knows(schema)).collect();
            if !own.is_empty() {
                checked += 1;
                let value = values.iter().filter(|(key, _)| *key != "global");
                let value = Value::Object(value.map(|(key, value)| (key.clone(), value.clone())).collect());
                let errors: Vec<String> = own.iter().filter_map(|schema| fits(schema, &value).err()).collect();
                if errors.len() == own.len() {
                    wrong.push(format!("{name}: {}", errors.join("; ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 10, "only {checked} values files were found");
}

/// A row of the tables of troubles: its number, and what stands before the last cell.
fn trouble(line: &str) -> Option<(&str, &str)> {
    let number = line.strip_prefix("| L")?.split(' ').next()?;
    let cells = line.strip_suffix('|')?.rfind('|')?;
    Some((number, &line[..cells]))
}

#[test]
fn every_trouble_says_what_finds_it() {
    let page = read(TROUBLES);
    let mut wanted = String::new();
    let mut numbers = Vec::new();
    for line in page.lines() {
        match trouble(line) {
            Some((number, row)) => {
                numbers.push(number.parse::<usize>().unwrap_or_else(|_| panic!("{line}: no number")));
                let id = format!("L{number}");
                let rules = RULES.iter().filter(|rule| rule.covers.contains(&id.as_str()));
                let rules: Vec<String> = rules.map(|rule| format!("`{}`", rule.id)).collect();
                let found = if rules.is_empty() { "a default, or a test".to_owned() } else { rules.join(", ") };
                wanted.push_str(&format!("{row}| {found} |\n"));
            }
            None => wanted.push_str(&format!("{line}\n")),
        }
    }
    assert_eq!(numbers, (1..=84).collect::<Vec<_>>(), "{TROUBLES} lacks a number, or has one twice");
    keep(TROUBLES, &wanted);
}

/// The commands of this program among them, as words.
fn commands(page: &Page) -> Vec<Vec<String>> {
    let words = shell(page).into_iter().filter_map(|line| {
        let line = line.replace("cargo run --release --", "sparkyard");
        // What stands behind a pipe or in a substitution is another program's.
        let line = line.split([';', '|', '>', '<', '&']).next().unwrap_or_default();
        line.starts_with("sparkyard ").then(|| shlex::split(line).unwrap_or_else(|| panic!("{line}: quotes")))
    });
    words.collect()
}

#[test]
fn every_command_in_the_pages_is_one() {
    let (mut checked, mut ran, mut wrong) = (0, 0, Vec::new());
    for (name, page) in pages() {
        for words in commands(&page) {
            checked += 1;
            let line = words.join(" ");
            if let Err(error) = sparkyard_cli::command().try_get_matches_from(&words) {
                wrong.push(format!("{name}: {line}\n{error}"));
                continue;
            }
            // What only reads the catalogue is run.
            if ["list", "show", "explain", "plan", "compare", "graph", "images"].contains(&words[1].as_str()) {
                ran += 1;
                let (mut out, mut err) = (Vec::new(), Vec::new());
                let words = words.iter().map(Into::into);
                let code = sparkyard_cli::run(words, sparkyard_blocks::catalogue, &mut out, &mut err);
                if code != 0 {
                    wrong.push(format!("{name}: {line}: exit code {code}\n{}", String::from_utf8_lossy(&err)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 30 && ran > 3, "only {checked} commands were found, and {ran} of them run");
}

#[test]
fn every_chart_and_overlay_that_a_command_names_is_there() {
    let (mut checked, mut missing) = (0, BTreeSet::new());
    for (name, page) in pages() {
        for word in shell(&page).iter().flat_map(|line| line.split_whitespace()) {
            let word = word.trim_matches(['"', '\'', '`']);
            if word.starts_with("generated-charts/") && !word.contains(['$', '*', '<']) {
                checked += 1;
                if !xtask::place::root().join(word).exists() {
                    missing.insert(format!("{name}: {word}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(checked > 3, "only {checked} were found");
}
