//! Regular expressions. Go's are RE2 over letters, with `\d`, `\w`, `\s` and `\b` of ASCII only.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{NoExpand, Regex};

use super::{Answer, Failure};
use crate::value::Value;

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let text = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or("");
    if !matches!(name, "regexMatch" | "mustRegexMatch" | "regexFind" | "regexReplaceAll" | "regexReplaceAllLiteral") {
        return None;
    }
    let regex = match compiled(text(0)) {
        Ok(regex) => regex,
        Err(failure) => return Some(Err(failure)),
    };
    Some(Ok(match name {
        "regexMatch" | "mustRegexMatch" => regex.is_match(text(1)).into(),
        "regexFind" => regex.find(text(1)).map_or("", |found| found.as_str()).into(),
        "regexReplaceAll" => regex.replace_all(text(1), text(2)).into_owned().into(),
        _ => regex.replace_all(text(1), NoExpand(text(2))).into_owned().into(),
    }))
}

thread_local! {
    static KNOWN: RefCell<HashMap<String, Result<Rc<Regex>, Failure>>> = RefCell::default();
}

/// Compiling takes longer than most matches, and templates use the same few again and again.
fn compiled(pattern: &str) -> Result<Rc<Regex>, Failure> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(made) = known.get(pattern) {
            return made.clone();
        }
        let made = translated(pattern).and_then(|text| {
            // Go takes a brace for itself where Rust wants a repetition, so what fails here may pass there.
            Regex::new(&text).map(Rc::new).map_err(|_| Failure::Outside(format!("the expression `{pattern}`")))
        });
        known.insert(pattern.to_owned(), made.clone());
        made
    })
}

fn translated(pattern: &str) -> Result<String, Failure> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    let mut class = false;
    // Rust knows differences and intersections of classes, Go takes these signs for themselves.
    if ["--", "&&", "~~"].iter().any(|signs| pattern.contains(signs)) && pattern.contains('[') {
        return Err(Failure::Outside(format!("the expression `{pattern}`")));
    }
    while let Some(c) = chars.next() {
        match c {
            // Go knows no class in a class, but `[[:alpha:]]`.
            '[' if class => match chars.as_str().strip_prefix(':').and_then(|rest| rest.find(":]")) {
                Some(end) => {
                    let (name, rest) = chars.as_str().split_at(end + 3);
                    out.push('[');
                    out.push_str(name);
                    chars = rest.chars();
                    continue;
                }
                None => out.push('\\'),
            },
            '[' => {
                class = true;
                out.push('[');
                // A bracket that closes right after one that opens means itself.
                for literal in ["^", "]"] {
                    if let Some(rest) = chars.as_str().strip_prefix(literal) {
                        out.push_str(if literal == "]" { "\\]" } else { literal });
                        chars = rest.chars();
                    }
                }
                continue;
            }
            ']' => class = false,
            '\\' => {
                let Some(next) = chars.next() else {
                    return Err(Failure::Outside(format!("the expression `{pattern}`")));
                };
                match (next, class) {
                    ('d', true) => out.push_str("0-9"),
                    ('w', true) => out.push_str("0-9A-Za-z_"),
                    ('s', true) => out.push_str("\\t\\n\\f\\r "),
                    ('d', false) => out.push_str("[0-9]"),
                    ('w', false) => out.push_str("[0-9A-Za-z_]"),
                    ('s', false) => out.push_str("[\\t\\n\\f\\r ]"),
                    ('D', false) => out.push_str("[^0-9]"),
                    ('W', false) => out.push_str("[^0-9A-Za-z_]"),
                    ('S', false) => out.push_str("[^\\t\\n\\f\\r ]"),
                    ('b', false) => out.push_str("(?-u:\\b)"),
                    ('D' | 'W' | 'S', true) | ('B' | 'Q' | 'E' | 'C', _) => {
                        return Err(Failure::Outside(format!("the expression `{pattern}` holds `\\{next}`")));
                    }
                    (next, _) => {
                        out.push('\\');
                        out.push(next);
                    }
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_what_go_means() {
        let yes =
            |pattern: &str, text: &str| call("regexMatch", &[pattern.into(), text.into()]) == Some(Ok(true.into()));
        assert!(yes("^[a-z]", "abc") && !yes("^[a-z]", "1bc"));
        assert!(!yes(r"^\d$", "٣"), "digits are ASCII");
        assert!(yes(r"^[\d.]+$", "1.2") && yes("é.", "éé"));
        assert!(yes("^[[]$", "[") && yes("^[]a]+$", "]a") && yes("^[^]a]$", "b"), "brackets in a class");
        assert!(!yes("[x[a-c]]", "b") && yes("[x[a-c]]", "b]"), "no class in a class");
        assert!(yes("^[[:alpha:]_]+$", "a_b") && !yes("^[[:alpha:]_]+$", "a:b"));
        assert!(matches!(call("regexFind", &["(".into(), "a".into()]), Some(Err(Failure::Outside(_)))));
        assert_eq!(call("regexFind", &["[0-9]+$".into(), "a:80".into()]), Some(Ok("80".into())));
        assert_eq!(call("regexReplaceAll", &["(a)(b)".into(), "ab".into(), "$2${1}x".into()]), Some(Ok("bax".into())));
        assert_eq!(call("regexReplaceAllLiteral", &["a".into(), "a".into(), "$1".into()]), Some(Ok("$1".into())));
    }
}
