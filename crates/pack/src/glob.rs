//! Go's `filepath.Match`, which is what Helm matches names with.
//!
//! `*` matches any run of characters but `/`, `?` one of them, `[a-z]` and `[^a]` a class, `\`
//! takes the next character as it is. There is no `**`.

/// Whether `name` matches the whole of `pattern`; `None` when the pattern is malformed.
pub fn matches(pattern: &str, name: &str) -> Option<bool> {
    check(pattern)?;
    run(pattern, name)
}

/// The first character and the rest.
fn cut(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|first| (first, chars.as_str()))
}

/// Go finds a bad class only when it gets there; a rule file should be judged whole.
fn check(mut pattern: &str) -> Option<()> {
    while let Some((first, rest)) = cut(pattern) {
        pattern = match first {
            '[' => class(rest, '\0')?.1,
            '\\' => cut(rest)?.1,
            _ => rest,
        };
    }
    Some(())
}

fn run(pattern: &str, name: &str) -> Option<bool> {
    let Some((first, rest)) = cut(pattern) else { return Some(name.is_empty()) };
    match first {
        '*' => {
            let reach = name.find('/').unwrap_or(name.len());
            for (skipped, _) in name[..reach].char_indices().chain([(reach, '/')]) {
                if run(rest, &name[skipped..])? {
                    return Some(true);
                }
            }
            Some(false)
        }
        '?' => match cut(name) {
            Some((c, tail)) if c != '/' => run(rest, tail),
            _ => Some(false),
        },
        '[' => match cut(name) {
            Some((c, tail)) => {
                let (hit, after) = class(rest, c)?;
                if hit { run(after, tail) } else { Some(false) }
            }
            None => Some(false),
        },
        '\\' => cut(rest).and_then(|(c, rest)| literal(c, rest, name)),
        c => literal(c, rest, name),
    }
}

fn literal(wanted: char, rest: &str, name: &str) -> Option<bool> {
    match cut(name) {
        Some((c, tail)) if c == wanted => run(rest, tail),
        _ => Some(false),
    }
}

/// Reads a class after its `[`; says whether `c` is in it and what follows the `]`.
fn class(mut pattern: &str, c: char) -> Option<(bool, &str)> {
    let negated = pattern.starts_with('^');
    if negated {
        pattern = &pattern[1..];
    }
    let (mut hit, mut ranges) = (false, 0);
    loop {
        if pattern.starts_with(']') && ranges > 0 {
            return Some((hit != negated, &pattern[1..]));
        }
        let (low, after) = member(pattern)?;
        let (high, after) = match after.strip_prefix('-') {
            Some(rest) => member(rest)?,
            None => (low, after),
        };
        hit |= low <= c && c <= high;
        ranges += 1;
        pattern = after;
    }
}

fn member(pattern: &str) -> Option<(char, &str)> {
    match cut(pattern)? {
        ('-' | ']', _) => None,
        ('\\', rest) => cut(rest),
        found => Some(found),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn matches_as_go_does() {
        // Cases of Go's path/filepath match_test.go.
        for (pattern, name, wanted) in [
            ("abc", "abc", Some(true)),
            ("*", "abc", Some(true)),
            ("*c", "abc", Some(true)),
            ("a*", "ab/c", Some(false)),
            ("a*/b", "abc/b", Some(true)),
            ("a*/b", "a/c/b", Some(false)),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", Some(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Some(true)),
            ("ab[c]", "abc", Some(true)),
            ("ab[e-g]", "abc", Some(false)),
            ("ab[^e-g]", "abc", Some(true)),
            ("a\\*b", "ab", Some(false)),
            ("[\\]a]", "]", Some(true)),
            ("[]a]", "]", None),
            ("[-]", "-", None),
            ("[a-b-c]", "a", None),
            ("[", "a", None),
            ("[^bc", "a", None),
            ("a[", "ab", None),
            ("*x", "xxx", Some(true)),
            ("templates/.?*", "templates/.x", Some(true)),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
