//! No input makes sparkyard panic: damaged templates, values, manifests and packages. What it says of them is another
//! test's matter.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use sparkyard_check::{ChartSource, Object, RULES, Stack, Target, check_source, check_stack};
use sparkyard_model::SourceText;
use sparkyard_render::{Chart, Options, UserValues, render};
use sparkyard_tests::report::counted;
use sparkyard_tests::{catalogue, parallel, random};

fn target() -> Target {
    let mut targets = catalogue::catalogue().platforms.iter().map(|platform| Target::of(platform).expect("a policy"));
    let first = targets.next().expect("a platform");
    targets.fold(first, |mut all, target| {
        all.openshift |= target.openshift;
        all.policies.extend(target.policies);
        all
    })
}

/// Bytes lost, doubled, swapped, or replaced by ones that mean something.
fn damaged(text: &[u8], rng: &mut fastrand::Rng) -> Vec<u8> {
    const WORDS: &[&str] = &[
        "{{", "}}", "- ", ": ", "\n", "\"", "'", "|", ">", "[", "]", "{", "}", "&a ", "*a", "!!", "\t", "%", "é",
        "\u{0}", "?", "#", "<<: ", "9e999", "---\n", "(", "$x", "end",
    ];
    let mut bytes = text.to_vec();
    for _ in 0..rng.usize(1..6) {
        let at = rng.usize(..bytes.len().max(1)).min(bytes.len());
        match rng.u8(..5) {
            0 if !bytes.is_empty() => drop(bytes.drain(at..(at + rng.usize(1..20)).min(bytes.len()))),
            1 => {
                let piece = bytes[at..(at + 20).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            2 if at < bytes.len() => bytes[at] = rng.u8(..),
            3 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, WORDS[rng.usize(..WORDS.len())].bytes())),
        }
    }
    bytes
}

fn all(number: usize, what: &str, act: impl Fn(&mut fastrand::Rng) + Sync) {
    let number = if catalogue::every_combination() { number * 20 } else { number };
    let seeds: Vec<u64> = (0..number as u64).collect();
    let panicked: Vec<u64> = parallel::map(&seeds, |seed| {
        let mut rng = fastrand::Rng::with_seed(*seed);
        catch_unwind(AssertUnwindSafe(|| act(&mut rng))).err().map(|_| *seed)
    })
    .into_iter()
    .flatten()
    .collect();
    counted(&format!("{number} {what} without a panic"));
    assert!(panicked.is_empty(), "seeds that panicked: {panicked:?}");
}

fn check(files: &BTreeMap<String, Vec<u8>>, user: &UserValues) {
    let Ok(chart) = Chart::load(files, "c") else { return };
    check_source(&ChartSource::new(&chart, files, "c"));
    if let Ok(rendered) = render(&chart, user, &Options { trace: true, ..Options::default() }) {
        let mut stack = Stack::new(target());
        stack.add(&chart, rendered, sparkyard_render::Written { files: user.clone(), section: None });
        check_stack(&stack);
    }
}

#[test]
fn damaged_charts() {
    let charts: Vec<&BTreeMap<String, Vec<u8>>> = catalogue::tree().charts.iter().map(|chart| &chart.files).collect();
    all(300, "damaged charts", |rng| {
        let mut files = charts[rng.usize(..charts.len())].clone();
        let paths: Vec<String> = files.keys().cloned().collect();
        let path = &paths[rng.usize(..paths.len())];
        let bytes = damaged(&files[path], rng);
        files.insert(path.clone(), bytes);
        check(&files, &UserValues::default());
    });
}

#[test]
fn random_charts() {
    all(2000, "random charts", |rng| {
        let template = damaged(random::template(rng).as_bytes(), rng);
        let values = damaged(sparkyard_yaml::to_string(&random::values(rng)).as_bytes(), rng);
        let user = SourceText { name: "u.yaml".into(), text: String::from_utf8_lossy(&values).into_owned() };
        let files = [
            ("Chart.yaml", b"apiVersion: v2\nname: c\nversion: 0.1.0\n".to_vec()),
            ("values.yaml", values),
            ("templates/a.yaml", template),
        ];
        let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
        check(&files, &UserValues::of_files([user]));
    });
}

#[test]
fn damaged_manifests() {
    // The examples of the rules hold every kind of object that a rule looks at.
    let texts: Vec<&str> = RULES
        .iter()
        .flat_map(|rule| [rule.bad, rule.good])
        .filter_map(|example| match example {
            sparkyard_check::Example::Manifests(text) | sparkyard_check::Example::OpenShift(text) => Some(text),
            _ => None,
        })
        .collect();
    all(2000, "damaged manifests", |rng| {
        let text = String::from_utf8_lossy(&damaged(texts[rng.usize(..texts.len())].as_bytes(), rng)).into_owned();
        let mut stack = Stack::new(target());
        let (objects, _) = Object::all_of(&Rc::new(SourceText { name: "m.yaml".into(), text }));
        objects.into_iter().for_each(|object| stack.add_object(object));
        check_stack(&stack);
    });
}

#[test]
fn damaged_packages() {
    let chart = &catalogue::tree().charts[0];
    let package = sparkyard_pack::package(chart, sparkyard_pack::EPOCH).expect("packaged");
    let folder = tempfile::tempdir().expect("a folder");
    all(500, "damaged packages", |rng| {
        let path = folder.path().join(format!("{}.tgz", rng.u64(..)));
        fs::write(&path, damaged(&package.bytes, rng)).expect("written");
        let loaded = sparkyard_pack::load(&path);
        fs::remove_file(&path).expect("removed");
        if let Ok(files) = loaded {
            check(&files, &UserValues::default());
        }
    });
}

#[test]
fn deep_and_large_inputs() {
    // The stack of a program's main thread; those of tests are smaller, and debug builds need more.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(deep_and_large).expect("a thread");
    assert!(thread.join().is_ok(), "panicked");
}

fn deep_and_large() {
    let deep = |open: &str, close: &str| format!("a: {}{}", open.repeat(100_000), close.repeat(100_000));
    for text in [
        deep("[", "]"),
        deep("{a: ", "}"),
        (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        format!("a: &a [x]\n{}", (0..40).map(|i| format!("b{i}: &b{i} [*a, *a]\n")).collect::<String>()),
        format!("a: \"{}\"\n", "x".repeat(20 << 20)),
    ] {
        let user = UserValues::of_files([SourceText { name: "u.yaml".into(), text }]);
        check(&catalogue::tree().charts[0].files, &user);
    }
    for template in [
        "{{ ".repeat(50_000),
        "{{ if a }}".repeat(50_000),
        format!("{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
    ] {
        let files =
            [("Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"), ("templates/a.yaml", template.as_str())];
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
        check(&files, &UserValues::default());
    }
}
