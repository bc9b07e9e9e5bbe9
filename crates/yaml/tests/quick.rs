//! The short way through YAML gives exactly what the library gives, or gives up.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use sparkyard_yaml::node::{document, document_by_library, documents, quick};

/// What the short way takes must be what the library reads, spans included; returns whether it took it.
fn agree(text: &str) -> bool {
    let Some(node) = quick(text) else { return false };
    // A NaN is not equal to itself, its words are.
    let library = format!("{:?}", document_by_library(text));
    assert_eq!(format!("{:?}", Ok::<_, ()>(Some(&node))), library, "{text:?}");
    true
}

/// Every YAML file of the generated charts that is no template: values and metadata.
fn files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open = vec![root.join("generated-charts")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.extension().and_then(|extension| extension.to_str()) {
                _ if entry.is_dir() && !entry.ends_with("templates") => open.push(entry),
                Some("yaml") => found.push((entry.clone(), fs::read_to_string(&entry).expect("a text"))),
                _ => {}
            }
        }
    }
    assert!(found.len() > 50, "{} files", found.len());
    found.sort();
    found
}

#[test]
fn files_of_the_catalogue_take_the_short_way() {
    for (path, text) in files() {
        assert!(agree(&text), "{} needs the library", path.display());
    }
}

#[test]
fn what_is_plain_takes_the_short_way() {
    for text in [
        "a: 1\n",
        "a:\n",
        "a:",
        "a: b",
        "# words\n\na: 1 # more\n\n  # deep\nb: 2\n",
        "a:\n  b:\n    c: d\n  e: f\ng: h\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b\n  - c:\n    - d\n    e: f\n",
        "-\n- a\n-\n  b: c\n-   d: e\n    f: g\n- - h\n  -\n",
        "a: |\n  x\n\n    y # z\n  \n\nb: |-\n  x: y\nc: |+\n  x\n\n\nd: | # note\n\n  - x\n# end\n",
        "a: |\n  x\n   \n  y\n",
        "a: 'it''s'\n\"b\\n\\t\\\"\\\\\": \"c: # d\"\n'e': ''\n",
        "a: [b, 'c d', {e: 1, \"f\": ~}, [], {}]\nb: {\n  c: 1,\n  d: [x,\n   y],\n  }\n",
        "a: [-b, --c d, 127.0.0.1, {e f: g h }]\n",
        "y: n\n0644: 0o17\n1e3: .inf\n~x: ~\ntrue: False\n1_000: 2001-01-01\n",
        "a: http://b:80/c#d\nb: c:d\nc: a - b\nd: -1\ne: --f\ng: <h>\n",
        "a: é\n日本: 😀\n",
        "a: 1\na: 2\n",
        "a: b'c\"d\n",
        "a:   b   \nc: d    # e\n",
    ] {
        assert!(agree(text), "{text:?} needs the library");
    }
}

#[test]
fn what_is_rare_or_wrong_is_left_to_the_library() {
    for text in [
        "",
        "# words\n",
        "word\n",
        "a: b\n---\nc: d\n",
        "---\na: b\n",
        "a: b\n...\n",
        "a:\tb\n",
        "a: |\n  \tb\n",
        "a: b\r\nc: d\r\n",
        "a: \u{85}b\n",
        "a: \u{2028}b\n",
        "\u{feff}a: b\n",
        "a: \u{1}\n",
        "? a\n: b\n",
        "a: ?b\n",
        "a: :b\n",
        "a: [b?c]\n",
        "a: [-]\n",
        "a: [- b]\n",
        "a: {b : c}\n",
        "a: [b: c]\n",
        "a: [b:c]\n",
        "a: {b}\n",
        "a: {b:1}\n",
        "a: [b,,c]\n",
        "a: [b\n]\n",
        "a: [b] c\n",
        "[a]: b\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str b\n",
        "<<: {a: b}\n",
        "a: b\n  c\n",
        "a:\n  b\n",
        "a: 'b\n  c'\n",
        "a: \"b\\u00e9\"\n",
        "a: 'b'c\n",
        "a: 'b'#c\n",
        "a: >\n  b\n",
        "a: |2\n   b\n",
        "a: |\n",
        "a: |\nb: c\n",
        "a: |\n  b",
        "a: |\n    \n  b\n",
        "a: |x\n  b\n",
        "a: b: c\n",
        "a : b\n",
        "'a':b\n",
        "a: - b\n",
        "a: %b\n",
        "%a: b\n",
        "a: @b\n",
        "a: `b\n",
        "a:\n    b: c\n  d: e\n",
        "a: b\n c: d\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        "- a\n  b\n",
        "~: a\n",
        "18446744073709551615: a\n",
    ] {
        assert!(quick(text).is_none(), "{text:?}");
        assert_eq!(format!("{:?}", document(text)), format!("{:?}", document_by_library(text)), "{text:?}");
    }
    let key = format!("{}: a\n", "k".repeat(1200));
    assert!(quick(&key).is_none() && document(&key).is_err());
    let deep: String = (0..100).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(quick(&deep).is_none() && document(&deep).is_ok());
    assert!(quick(&format!("a: {}{}\n", "[".repeat(100), "]".repeat(100))).is_none());
}

#[test]
fn documents_are_one_where_the_short_way_leads() {
    let all = documents("a: 1\nb: [2]\n").expect("reads");
    assert_eq!(Ok(all.first().cloned()), document_by_library("a: 1\nb: [2]\n"));
    assert_eq!(all.len(), 1);
}

/// What is put into texts, one after the other, to make them nearly right.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n ",
    "\n  ",
    "\n    ",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "-\n",
    "#",
    " #",
    "# x",
    "a",
    "b: ",
    "a: b\n",
    "0",
    "1",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\x",
    "|",
    "|\n",
    "|-\n",
    "|+\n",
    "|2\n",
    ">\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "?",
    "? ",
    "&a ",
    "*a",
    "!",
    "!!str ",
    "%",
    "@",
    "`",
    "<<: ",
    "~",
    "y",
    "null",
    "0o7",
    "1e3",
    ".inf",
    ".nan",
    "---\n",
    "...\n",
    "\t",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "日本",
    "😀",
    "\u{0}",
    "key: value\n",
    "  - x: y\n",
    "a: [b, c]\n",
    "=",
];

/// Changes a text in a few places.
fn changed(rng: &mut Rng, text: &str) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(0..=text.len());
        let to = (at + rng.usize(0..4)).min(text.len());
        match rng.u8(0..4) {
            0 => drop(text.drain(at..to)),
            1 => {
                let piece: Vec<char> = text[at..to].to_vec();
                let there = rng.usize(0..=text.len());
                text.splice(there..there, piece);
            }
            _ => drop(text.splice(at..at, rng.choice(PIECES).expect("a piece").chars())),
        }
    }
    text.into_iter().collect()
}

#[test]
fn texts_that_are_nearly_right_are_read_as_the_library_reads_them() {
    let number = std::env::var("SPARKYARD_RANDOM").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let mut rng = Rng::with_seed(7);
    let files = files();
    let mut taken = 0;
    for _ in 0..number {
        let text = match rng.u8(0..3) {
            // Pieces alone.
            0 => (0..rng.usize(1..12)).map(|_| *rng.choice(PIECES).expect("a piece")).collect(),
            // Some lines of a file, with changes.
            _ => {
                let (_, text) = rng.choice(&files).expect("a file");
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                let from = rng.usize(0..lines.len());
                let to = (from + rng.usize(1..12)).min(lines.len());
                changed(&mut rng, &lines[from..to].concat())
            }
        };
        taken += usize::from(agree(&text));
    }
    // A sample that never takes the short way would prove nothing.
    assert!(taken * 5 > number, "{taken} of {number}");
}
