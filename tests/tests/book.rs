//! The pages that are made of the rules and of the catalogue: docs/rules.md and docs/presets.md whole, docs/requirements.md
//! and README.md in part.

use std::collections::BTreeSet;

use sparkyard_check::{RULES, rule};
use sparkyard_tests::page::{keep, read};
use sparkyard_tests::{book, catalogue};

const REQUIREMENTS: &str = "docs/requirements.md";

/// A row of the tables: `| number | what is asked | rules | what else keeps it |`.
struct Row {
    number: String,
    asked: String,
    rules: Vec<String>,
    other: String,
}

impl Row {
    fn of(line: &str) -> Option<Row> {
        let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [number, asked, rules, other] = cells.as_slice() else { return None };
        let digits = number.strip_prefix(['Q', 'L'])?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let rules = quoted(rules).into_iter().map(str::to_owned).collect();
        Some(Row { number: (*number).into(), asked: (*asked).into(), rules, other: (*other).into() })
    }

    /// The row as it should be: rules that cover its number, and `open` only where nothing keeps it.
    fn written(&self) -> String {
        let covering = RULES.iter().filter(|rule| rule.covers.contains(&self.number.as_str()));
        let rules: Vec<String> = covering.map(|rule| format!("`{}`", rule.id)).collect();
        let other = match (rules.is_empty(), self.other.as_str()) {
            (true, "") => "open",
            (false, "open") => "",
            (_, other) => other,
        };
        format!("| {} | {} | {} | {other} |", self.number, self.asked, rules.join(", "))
    }

    /// What is wrong with what it says.
    fn mistakes(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        if self.asked.is_empty() {
            found.push("does not say what is asked".into());
        }
        for id in self.rules.iter().filter(|id| rule(id).is_none()) {
            found.push(format!("there is no rule `{id}`"));
        }
        for item in self.other.split("; ").filter(|item| !item.is_empty()) {
            match item.split_once(' ').map_or(item, |(word, _)| word) {
                "test" => found.extend(quoted(item).into_iter().filter_map(missing_test)),
                "default" => found.extend(missing_text(&quoted(item))),
                "open" | "open:" | "waived:" => {}
                _ => found.push(format!("`{item}` begins with none of: test, default, waived:, open")),
            }
        }
        found.iter().map(|what| format!("{}: {what}", self.number)).collect()
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Why `file::function` names no test.
fn missing_test(named: &str) -> Option<String> {
    let Some((file, function)) = named.split_once("::") else {
        return Some(format!("`{named}` is not written as file::function"));
    };
    let text = read(file);
    let there = if file.ends_with(".rs") {
        // A function that is not marked as a test does not run.
        text.lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .windows(2)
            .any(|lines| lines[0] == "#[test]" && lines[1].starts_with(&format!("fn {function}(")))
    } else {
        text.lines().any(|line| line.starts_with(&format!("{function}()")))
    };
    (!there).then(|| format!("{file} has no test `{function}`"))
}

/// Why a default is not there: a file, and what it must hold.
fn missing_text(parts: &[&str]) -> Option<String> {
    let (Some(file), [_, needles @ ..]) = (parts.first(), parts) else {
        return Some("a default names a file and a text in it".into());
    };
    let text = read(file);
    if needles.is_empty() || text.is_empty() {
        return Some(format!("{file} is not there, or no text of it is named"));
    }
    needles.iter().find(|needle| !text.contains(**needle)).map(|needle| format!("{file} does not hold `{needle}`"))
}

fn wanted_numbers() -> Vec<String> {
    (1..=72).map(|n| format!("Q{n:02}")).chain((1..=84).map(|n| format!("L{n}"))).collect()
}

#[test]
fn the_page_of_the_rules_is_up_to_date() {
    keep("docs/rules.md", &sparkyard_check::book());
}

#[test]
fn the_page_of_the_causes_is_up_to_date() {
    keep("docs/fix.md", &sparkyard_diagnose::page());
}

#[test]
fn the_page_of_the_presets_is_up_to_date() {
    keep("docs/presets.md", &book::presets(catalogue::catalogue()));
}

/// A drawing of a preset that is gone would stay for ever.
#[test]
fn the_drawings_of_the_presets_are_up_to_date() {
    let graphs = book::graphs(catalogue::catalogue());
    for (file, picture) in &graphs {
        keep(&format!("docs/graphs/{file}"), picture);
    }
    let folder = std::fs::read_dir(xtask::place::root().join("docs/graphs")).expect("docs/graphs").flatten();
    let there: BTreeSet<String> = folder.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(there, graphs.into_iter().map(|(file, _)| file).collect());
}

#[test]
fn the_page_of_the_bricks_is_up_to_date() {
    keep("docs/bricks.md", &book::bricks(catalogue::catalogue()));
}

#[test]
fn comparisons_say_something_of_each() {
    let catalogue = catalogue::catalogue();
    let compared = catalogue.compared();
    for comparison in &compared {
        assert!(comparison.options.len() > 1 && comparison.rows.len() > 4, "{} compares little", comparison.id);
        for row in &comparison.rows {
            assert_eq!(row.is.len(), comparison.options.len(), "{}: {}", comparison.id, row.what);
        }
    }
    // What can be chosen is compared.
    let options = |id: &str| {
        let comparison = compared.iter().find(|comparison| comparison.id == id).expect("a comparison");
        comparison.options.iter().map(|option| option.id.clone()).collect::<BTreeSet<_>>()
    };
    let brick = catalogue.brick("spark-connect").expect("a brick");
    let backend = sparkyard_yaml::schema::at(&(brick.values.schema)(), &["backend"]).cloned().expect("a schema");
    let words: Vec<&str> =
        backend["oneOf"].as_array().expect("words").iter().filter_map(|word| word["const"].as_str()).collect();
    assert!(words.len() > 1 && words.iter().all(|word| options("backends").contains(*word)), "{words:?}");
    assert_eq!(options("shapes"), BTreeSet::from(["modular".to_owned(), "umbrella".to_owned()]));
    assert_eq!(options("lines").len(), catalogue.lines.len());
}

#[test]
fn the_picture_and_tables_of_the_readme_are_up_to_date() {
    let mut page = read("README.md");
    for (name, table) in book::readme(catalogue::catalogue()) {
        page = xtask::markers::replace(&page, name, &table).expect("its markers");
    }
    keep("README.md", &page);
}

#[test]
fn every_requirement_says_what_keeps_it() {
    let page = read(REQUIREMENTS);
    let rows: Vec<Row> = page.lines().filter_map(Row::of).collect();
    let numbers: Vec<String> = rows.into_iter().map(|row| row.number).collect();
    let missing: Vec<String> = wanted_numbers().into_iter().filter(|number| !numbers.contains(number)).collect();
    assert!(missing.is_empty(), "{REQUIREMENTS} lacks {}; a `|` in a cell breaks its row", missing.join(", "));
    assert!(numbers == wanted_numbers(), "{REQUIREMENTS} holds a number twice, not in order, or one too many");
    let mut wanted = String::new();
    for line in page.lines() {
        wanted.push_str(&Row::of(line).map_or_else(|| line.to_owned(), |row| row.written()));
        wanted.push('\n');
    }
    keep(REQUIREMENTS, &wanted);
    let now = read(REQUIREMENTS);
    let mistakes: Vec<String> = now.lines().filter_map(Row::of).flat_map(|row| row.mistakes()).collect();
    assert!(mistakes.is_empty(), "{REQUIREMENTS}:\n{}", mistakes.join("\n"));
}

/// A number that a rule misspells would keep nothing.
#[test]
fn rules_cover_numbers_that_exist() {
    let known: BTreeSet<String> = wanted_numbers().into_iter().collect();
    for rule in RULES {
        for number in rule.covers.iter().filter(|number| number.starts_with(['Q', 'L'])) {
            assert!(known.contains(*number), "{} covers {number}, which does not exist", rule.id);
        }
    }
}

#[test]
fn mistakes_are_found() {
    let mistakes = |line: &str| Row::of(line).map(|row| row.mistakes()).unwrap_or_default();
    assert!(mistakes("| Q01 | a | `pod-admission` | test `tests/tests/book.rs::mistakes_are_found` |").is_empty());
    assert_eq!(mistakes("| Q01 | a | `no-rule` | open |").len(), 1);
    assert_eq!(mistakes("| Q01 | a |  | test `tests/tests/book.rs::no_test` |").len(), 1);
    assert_eq!(mistakes("| Q01 | a |  | default `docs/rules.md`: `no such text at all` |").len(), 1);
    assert_eq!(mistakes("| Q01 | a |  | hope |").len(), 1);
    assert!(Row::of("| number | what | rules | else |").is_none());
}
