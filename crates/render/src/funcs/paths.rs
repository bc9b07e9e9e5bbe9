//! Paths, URLs and versions.

use super::{Answer, Failure};
use crate::semver::{Constraint, Version};
use crate::value::Value;

pub(super) fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let text = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or("");
    Some(Ok(match name {
        "base" => base(text(0)).into(),
        "dir" => {
            let at = text(0).rfind('/').map_or(0, |at| at + 1);
            clean(&text(0)[..at]).into()
        }
        "clean" => clean(text(0)).into(),
        "ext" => {
            let last = text(0).rsplit('/').next().unwrap_or("");
            last.rfind('.').map_or("", |at| &last[at..]).into()
        }
        "urlParse" => return Some(url(text(0))),
        "semverCompare" => {
            let constraint = match Constraint::parse(text(0)) {
                Ok(constraint) => constraint,
                Err(message) => return Some(Err(Failure::helm(message))),
            };
            match Version::parse(text(1)) {
                Some(version) => constraint.check(&version).into(),
                None => return Some(Err(Failure::helm("invalid semantic version"))),
            }
        }
        _ => return None,
    }))
}

fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            step => kept.push(step),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// The parts of a URL; what Go decodes or refuses in rare forms is outside.
fn url(text: &str) -> Answer {
    let odd = || Failure::Outside(format!("`urlParse` of `{text}`, whose reading nobody has checked"));
    if text.chars().any(|c| c.is_control() || c == '%' || c == ' ' || !c.is_ascii()) {
        return Err(odd());
    }
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = match before.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        Some(("", _)) => return Err(Failure::helm(format!("parse {text:?}: missing protocol scheme"))),
        Some((scheme, _)) if !scheme.contains('/') && !scheme.contains('?') => {
            return Err(Failure::helm(format!("parse {text:?}: first path segment in URL cannot contain colon")));
        }
        _ => (String::new(), before),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !scheme.is_empty() && !rest.starts_with('/') {
        return Ok(parts(&scheme, "", "", query, rest, fragment, ""));
    }
    let Some(authority) = rest.strip_prefix("//") else {
        return Ok(parts(&scheme, "", rest, query, "", fragment, ""));
    };
    let at = authority.find('/').unwrap_or(authority.len());
    let (authority, path) = authority.split_at(at);
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    if user.contains(['/', '?', '[', ']']) || host.contains(['[', ']', '<', '>', '"', '\\', '^', '`', '{', '|', '}']) {
        return Err(odd());
    }
    if let Some((_, port)) = host.split_once(':')
        && !port.bytes().all(|b| b.is_ascii_digit())
    {
        return Err(Failure::helm(format!("parse {text:?}: invalid port {port:?} after host")));
    }
    Ok(parts(&scheme, host, path, query, "", fragment, user))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn parts(scheme: &str, host: &str, path: &str, query: &str, opaque: &str, fragment: &str, user: &str) -> Value {
    let hostname = host.split(':').next().unwrap_or("");
    let entries = [
        ("scheme", scheme),
        ("host", host),
        ("hostname", hostname),
        ("path", path),
        ("query", query),
        ("opaque", opaque),
        ("fragment", fragment),
        ("userinfo", user),
    ];
    Value::map(entries.into_iter().map(|(key, value)| (key.into(), Value::text(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str, name: &str) -> String {
        let Ok(Value::Map(map)) = url(text) else { panic!("{text}") };
        map.get(name).and_then(Value::as_str).unwrap_or("-").to_owned()
    }

    #[test]
    fn urls_come_apart() {
        let text = "https://user@host.example:8443/a/b?x=1#f";
        for (name, value) in [
            ("scheme", "https"),
            ("host", "host.example:8443"),
            ("hostname", "host.example"),
            ("path", "/a/b"),
            ("query", "x=1"),
            ("fragment", "f"),
            ("userinfo", "user"),
        ] {
            assert_eq!(part(text, name), value);
        }
        assert_eq!(part("s3a://bucket/x", "host"), "bucket");
        assert_eq!(part("mailto:a", "opaque"), "a");
        assert_eq!(part("host/path", "path"), "host/path");
        assert!(matches!(url("http://a:b/"), Err(Failure::Helm(_))));
        assert!(matches!(url("a%20"), Err(Failure::Outside(_))));
        assert!(matches!(url("1a:b"), Err(Failure::Helm(_))));
    }

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [("a/../b/./c//", "b/c"), ("/../a", "/a"), ("", "."), ("../a/..", ".."), ("a/..", ".")] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
        assert_eq!((base("/a/b/"), base(""), base("/")), ("b", ".", "/"));
    }
}
