//! Random values and templates, the same for the same seed.

mod overrides;
mod templates;

pub use overrides::Overrides;
pub use templates::{template, values};

use fastrand::Rng;
use serde_json::{Value, json};

/// Words that readers, printers and quoters are known to trip over.
pub const WORDS: &[&str] = &[
    "",
    "x",
    "true",
    "null",
    "~",
    "0644",
    "1e3",
    "1_000",
    "12",
    "0x1F",
    "1:30",
    "2001-01-01",
    "yes",
    "y",
    ".5",
    "-",
    "- a",
    "a: b",
    "a:",
    "#x",
    "a #b",
    "it's",
    "\"q\"",
    "'",
    "{a}",
    "[a",
    "{{ .Values }}",
    "%s",
    "%d %",
    "<a&b>",
    "a,b",
    "a=b",
    "a\nb",
    "a\n",
    "\n",
    "a\n\n",
    " lead",
    "trail ",
    "a \n b",
    "\t",
    "a\tb",
    "é",
    "日本語の名前",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{1}",
    "\u{feff}",
    "back\\slash",
    "UPPER lower",
    "with.dots.and-dashes",
    "---",
    "--- a",
    "...",
    "@a",
    "`a`",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "?",
    "? a",
    "=",
    "<<",
    "https://host.example:8443/path?q=1#f",
    "http://host",
    "http://user@host/",
    "thrift://hms.example:9083",
    "sc://connect.example:15002/;token=a",
    "a long text of many words that goes on and on until it is wider than eighty columns, so that somebody folds it",
    "averyveryverylongwordwithoutanyspacesinitthatiswiderthaneightycolumnsandsocannotbefoldedanywhereatall",
    "trailing space at column eighty is a case of its own, which is why this line ends like ",
    "docker.io/library/a:1.2.3",
    "500m",
    "1Gi",
    "2g",
    "v1.2.3",
    "1.25.0",
    ">=1.25.0-0",
];

/// A word.
pub fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.usize(..WORDS.len())]
}

/// Any value, not too deep.
pub fn value(rng: &mut Rng, depth: usize) -> Value {
    match rng.u8(..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => number(rng),
        3..=5 => json!(word(rng)),
        6 => (0..rng.usize(..4)).map(|_| value(rng, depth - 1)).collect(),
        _ => map(rng, depth - 1),
    }
}

/// A map of any values.
pub fn map(rng: &mut Rng, depth: usize) -> Value {
    let entries = (0..rng.usize(..4)).map(|_| {
        let key = match rng.u8(..4) {
            0 => word(rng).to_owned(),
            1 => "example.com/key".to_owned(),
            2 => format!("k{}", rng.u8(..12)),
            _ => "name".to_owned(),
        };
        (key, value(rng, depth))
    });
    Value::Object(entries.collect())
}

/// A number of a kind that formats differ about.
pub fn number(rng: &mut Rng) -> Value {
    match rng.u8(..9) {
        0 => json!(0),
        1 => json!(1),
        2 => json!(-1),
        3 => json!(8443),
        4 => json!(1_000_000),
        5 => json!(0.5),
        6 => json!(1e21),
        7 => json!(123_456_789),
        _ => json!(rng.i32(..)),
    }
}
