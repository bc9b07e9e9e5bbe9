//! Releases of OpenShift.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A release of OpenShift: `4.16`. One that nothing is known of has what the one before it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Release {
    major: u16,
    minor: u16,
}

impl Release {
    /// The oldest that is known: 4.11, which brought restricted-v2.
    pub const OLDEST: Release = Release { major: 4, minor: 11 };
    /// The newest with constraints of its own.
    pub const NEWEST: Release = Release { major: 5, minor: 0 };
    /// The ones that charts are checked for: each allows other volumes or other constraints than the one before.
    pub const CHECKED: [Release; 4] = [
        Release { major: 4, minor: 12 },
        Release { major: 4, minor: 16 },
        Release { major: 4, minor: 20 },
        Self::NEWEST,
    ];
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A release that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Not two numbers.
    #[error("`{0}` is no release of OpenShift; write one like {newest}", newest = Release::NEWEST)]
    Unreadable(String),
    /// Before the oldest known.
    #[error("OpenShift {0} is too old: the constraint restricted-v2 came with {oldest}", oldest = Release::OLDEST)]
    TooOld(String),
}

impl FromStr for Release {
    type Err = ReleaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let read = text.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
        let (major, minor) = read.ok_or_else(|| ReleaseError::Unreadable(text.to_owned()))?;
        let release = Release { major, minor };
        if release < Self::OLDEST { Err(ReleaseError::TooOld(text.to_owned())) } else { Ok(release) }
    }
}

impl TryFrom<String> for Release {
    type Error = ReleaseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_numbers() {
        let read = |text: &str| text.parse::<Release>();
        assert!(read("4.20").ok() > read("4.12").ok() && read("5.0").ok() > read("4.23").ok());
        assert_eq!(read("4.16").map(|release| release.to_string()), Ok("4.16".to_owned()));
        for wrong in ["", "4", "4.", "v4.16", "4.16.3", "4.+16"] {
            assert_eq!(read(wrong), Err(ReleaseError::Unreadable(wrong.to_owned())));
        }
        assert_eq!(read("4.9"), Err(ReleaseError::TooOld("4.9".to_owned())), "no decimal fractions");
        assert_eq!(read("4.10"), Err(ReleaseError::TooOld("4.10".to_owned())));
    }
}
