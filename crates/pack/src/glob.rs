//! Go's `filepath.Match`, which is what Helm matches names with.
//!
//! `*` matches any run of characters but `/`, `?` one of them, `[a-z]` and `[^a]` a class, `\`
//! takes the next character as it is. There is no `**`.

/// Whether `name` matches the whole of `pattern`; `None` when the pattern is malformed.
pub fn matches(pattern: &str, name: &str) -> Option<bool> {
    let pattern: Vec<char> = pattern.chars().collect();
    check(&pattern)?;
    let name: Vec<char> = name.chars().collect();
    run(&pattern, &name)
}

/// Go finds a bad class only when it gets there; a rule file should be judged whole.
fn check(mut pattern: &[char]) -> Option<()> {
    while let Some((first, rest)) = pattern.split_first() {
        pattern = match first {
            '[' => class(rest, '\0')?.1,
            '\\' => rest.get(1..)?,
            _ => rest,
        };
    }
    Some(())
}

fn run(pattern: &[char], name: &[char]) -> Option<bool> {
    let Some((first, rest)) = pattern.split_first() else { return Some(name.is_empty()) };
    match first {
        '*' => {
            let reach = name.iter().position(|c| *c == '/').unwrap_or(name.len());
            for skipped in 0..=reach {
                if run(rest, &name[skipped..])? {
                    return Some(true);
                }
            }
            Some(false)
        }
        '?' => match name.split_first() {
            Some((c, tail)) if *c != '/' => run(rest, tail),
            _ => Some(false),
        },
        '[' => match name.split_first() {
            Some((c, tail)) => {
                let (hit, after) = class(rest, *c)?;
                if hit { run(after, tail) } else { Some(false) }
            }
            None => Some(false),
        },
        '\\' => literal(*rest.first()?, &rest[1..], name),
        c => literal(*c, rest, name),
    }
}

fn literal(wanted: char, rest: &[char], name: &[char]) -> Option<bool> {
    match name.split_first() {
        Some((c, tail)) if *c == wanted => run(rest, tail),
        _ => Some(false),
    }
}

/// Reads a class after its `[`; says whether `c` is in it and what follows the `]`.
fn class(mut pattern: &[char], c: char) -> Option<(bool, &[char])> {
    let negated = pattern.first() == Some(&'^');
    if negated {
        pattern = &pattern[1..];
    }
    let (mut hit, mut ranges) = (false, 0);
    loop {
        if pattern.first() == Some(&']') && ranges > 0 {
            return Some((hit != negated, &pattern[1..]));
        }
        let (low, after) = member(pattern)?;
        let (high, after) = match after.split_first() {
            Some(('-', rest)) => member(rest)?,
            _ => (low, after),
        };
        hit |= low <= c && c <= high;
        ranges += 1;
        pattern = after;
    }
}

fn member(pattern: &[char]) -> Option<(char, &[char])> {
    match pattern.split_first()? {
        ('-' | ']', _) => None,
        ('\\', rest) => rest.split_first().map(|(c, rest)| (*c, rest)),
        (c, rest) => Some((*c, rest)),
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
