//! Versions and constraints as helm's library (Masterminds/semver 3) reads them: looser than Rust's `semver` crate.

use std::cmp::Ordering;

/// A version: `1.2.3-pre+build`, `v1.2`, `1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    pre: String,
}

impl Version {
    /// Reads a version; parts that are missing are 0.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, given) = Self::parse_partial(text.strip_prefix('v').unwrap_or(text))?;
        (given > 0).then_some(version)
    }

    /// Reads a version that may be short; returns how many of its numbers were given, `x` and `*` not counted.
    fn parse_partial(text: &str) -> Option<(Self, usize)> {
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, Some(pre)),
            None => (text, None),
        };
        let word = |word: &str| {
            word.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        };
        if !build.is_none_or(word) || !pre.is_none_or(word) {
            return None;
        }
        let mut numbers = [0; 3];
        let mut given = 0;
        for (index, part) in core.split('.').enumerate() {
            let number = numbers.get_mut(index)?;
            if matches!(part, "x" | "X" | "*") {
                continue;
            }
            if index > given {
                return None;
            }
            *number = part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()))?;
            given = index + 1;
        }
        Some((Self { numbers, pre: pre.unwrap_or("").to_owned() }, given))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.as_str(), other.pre.as_str()) {
            (a, b) if a == b => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => {
                let (mut a, mut b) = (a.split('.'), b.split('.'));
                loop {
                    match (a.next(), b.next()) {
                        (None, None) => return Ordering::Equal,
                        (None, _) => return Ordering::Less,
                        (_, None) => return Ordering::Greater,
                        (Some(x), Some(y)) => {
                            let order = match (x.parse::<u64>(), y.parse::<u64>()) {
                                (Ok(x), Ok(y)) => x.cmp(&y),
                                (Ok(_), Err(_)) => Ordering::Less,
                                (Err(_), Ok(_)) => Ordering::Greater,
                                (Err(_), Err(_)) => x.cmp(y),
                            };
                            if order != Ordering::Equal {
                                return order;
                            }
                        }
                    }
                }
            }
        })
    }
}

/// `>=1.25.0-0`, `^1.2 || ~2.0`, `1.x`, `1.2 - 2.3`.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// One of these must hold, and of it all.
    any: Vec<Vec<Comparison>>,
}

#[derive(Debug, Clone)]
struct Comparison {
    sign: Sign,
    version: Version,
    given: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

/// Longer ones first, so that `>=` is not taken for `>`.
const SIGNS: &[(&str, Sign)] = &[
    ("!=", Sign::NotEqual),
    (">=", Sign::GreaterEqual),
    ("=>", Sign::GreaterEqual),
    ("<=", Sign::LessEqual),
    ("=<", Sign::LessEqual),
    ("~>", Sign::Tilde),
    ("~", Sign::Tilde),
    ("^", Sign::Caret),
    (">", Sign::Greater),
    ("<", Sign::Less),
    ("=", Sign::Equal),
];

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("improper constraint: {text}");
        let mut any = Vec::new();
        for alternative in text.split("||") {
            let hyphens = ranges(alternative);
            let mut all = Vec::new();
            let mut words = hyphens.split([',', ' ', '\t']).filter(|word| !word.is_empty()).peekable();
            while let Some(word) = words.next() {
                let (sign, rest) = SIGNS
                    .iter()
                    .find_map(|(sign, kind)| word.strip_prefix(sign).map(|rest| (*kind, rest)))
                    .unwrap_or((Sign::Equal, word));
                let rest = if rest.is_empty() { words.next().ok_or_else(wrong)? } else { rest };
                let rest = rest.strip_prefix('v').unwrap_or(rest);
                let (version, given) = Version::parse_partial(rest).ok_or_else(wrong)?;
                all.push(Comparison { sign, version, given });
            }
            if all.is_empty() {
                return Err(wrong());
            }
            any.push(all);
        }
        Ok(Self { any })
    }

    /// Whether a version fits.
    pub fn check(&self, version: &Version) -> bool {
        self.any.iter().any(|all| all.iter().all(|comparison| comparison.holds(version)))
    }
}

/// `1.2 - 2.3` as `>=1.2 <=2.3`.
fn ranges(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < words.len() {
        if words.get(at + 1) == Some(&"-") && at + 2 < words.len() {
            out.push_str(&format!(" >={} <={}", words[at], words[at + 2]));
            at += 3;
        } else {
            out.push_str(&format!(" {}", words[at]));
            at += 1;
        }
    }
    out
}

impl Comparison {
    fn holds(&self, version: &Version) -> bool {
        let wanted = &self.version;
        // A pre-release fits only a constraint that names one.
        if !version.pre.is_empty() && wanted.pre.is_empty() && self.sign != Sign::NotEqual {
            return false;
        }
        let same = |parts: usize| version.numbers[..parts] == wanted.numbers[..parts];
        let whole = self.given == 3;
        match self.sign {
            Sign::Equal if !whole => self.tilde(version),
            Sign::Equal => version == wanted,
            Sign::NotEqual if !whole => {
                if !version.pre.is_empty() && wanted.pre.is_empty() {
                    return false;
                }
                !same(self.given)
            }
            Sign::NotEqual => {
                if !version.pre.is_empty() && wanted.pre.is_empty() {
                    return false;
                }
                version != wanted
            }
            Sign::Greater if whole => version > wanted,
            Sign::Greater => version.numbers[..self.given] > wanted.numbers[..self.given],
            Sign::Less => version < wanted,
            Sign::GreaterEqual => version >= wanted,
            Sign::LessEqual if whole => version <= wanted,
            Sign::LessEqual => version.numbers[..self.given] <= wanted.numbers[..self.given],
            Sign::Tilde => self.tilde(version),
            Sign::Caret => {
                if version < wanted {
                    return false;
                }
                // What stands left of the first number that is not zero must not change.
                let fixed = wanted.numbers.iter().take(self.given).position(|number| *number != 0);
                match fixed {
                    Some(at) => same(at + 1),
                    None => same(self.given.min(3)),
                }
            }
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        if self.given == 0 {
            return true;
        }
        if version < &self.version {
            return false;
        }
        let parts = self.given.min(2);
        version.numbers[..parts] == self.version.numbers[..parts]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(constraint: &str, version: &str) -> bool {
        let version = Version::parse(version).unwrap_or_else(|| panic!("{version}"));
        Constraint::parse(constraint).unwrap_or_else(|error| panic!("{error}")).check(&version)
    }

    #[test]
    fn constraints_are_read_as_helm_reads_them() {
        for (constraint, version, wanted) in [
            (">=1.25.0-0", "v1.33.4", true),
            (">=1.25.0-0", "1.33.4-gke.1", true),
            (">=1.25.0", "1.33.4-gke.1", false),
            (">=1.25", "v1.25.0", true),
            (">1.25", "1.25.9", false),
            (">1.25", "1.26.0", true),
            ("<=1.25", "1.25.9", true),
            ("<1.25", "1.25.0", false),
            ("^1.2.3", "1.9.0", true),
            ("^1.2.3", "2.0.0", false),
            ("^0.2.3", "0.2.9", true),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2", "1.3.0", false),
            ("~1", "1.9.0", true),
            ("1.x", "1.9.3", true),
            ("1.2", "1.2.7", true),
            ("*", "9.9.9", true),
            ("0.1.0", "0.1.0", true),
            ("0.1.0", "0.1.1", false),
            ("!=1.2", "1.2.5", false),
            (">=1.0, <2.0", "1.5.0", true),
            (">= 1.0 < 2.0", "2.0.0", false),
            ("1.2 - 1.4", "1.4.7", true),
            ("<1.0 || >=2.0", "2.1.0", true),
        ] {
            assert_eq!(fits(constraint, version), wanted, "{constraint} {version}");
        }
        for bad in ["", "a", ">=", "1.2.3.4", "1.2 ||"] {
            assert!(Constraint::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn pre_releases_come_before_releases() {
        let version = |text: &str| Version::parse(text).expect("a version");
        assert!(version("1.0.0-alpha.1") < version("1.0.0-alpha.beta"));
        assert!(version("1.0.0-2") < version("1.0.0-10"));
        assert!(version("1.0.0-rc") < version("1.0.0"));
        assert_eq!(Version::parse("x"), None);
    }
}
