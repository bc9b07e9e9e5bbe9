//! The levels and versions of the standards.

use std::fmt;
use std::str::FromStr;

/// A level; `privileged`, the third, forbids nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing that is known to escalate privileges.
    Baseline,
    /// Hardened: what a pod does not need, it must give up.
    Restricted,
}

impl Level {
    /// The name that namespaces carry in `pod-security.kubernetes.io/enforce`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The Kubernetes minor whose rules are meant, or `latest`.
///
/// Rules grow: a pod that an old minor takes, a new one may refuse. One newer than the newest known means
/// `latest`, as it does in Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PssVersion(u16);

impl PssVersion {
    /// The newest rules.
    pub const LATEST: PssVersion = PssVersion(u16::MAX);
    /// The oldest minor that this crate knows: 1.25, which brought Pod Security to general use.
    pub const OLDEST_MINOR: u16 = 25;
    /// The newest minor with rules of its own.
    pub const NEWEST_MINOR: u16 = 37;

    /// The rules of a minor of Kubernetes 1; None if it is older than the oldest known.
    pub fn of_minor(minor: u16) -> Option<Self> {
        match minor {
            ..Self::OLDEST_MINOR => None,
            Self::OLDEST_MINOR..=Self::NEWEST_MINOR => Some(PssVersion(minor)),
            _ => Some(Self::LATEST),
        }
    }

    /// All of them: every known minor, then latest.
    pub fn all() -> impl Iterator<Item = PssVersion> {
        (Self::OLDEST_MINOR..=Self::NEWEST_MINOR).map(PssVersion).chain([Self::LATEST])
    }

    /// The minor whose rules hold.
    pub(super) fn minor(self) -> u16 {
        self.0.min(Self::NEWEST_MINOR)
    }
}

impl fmt::Display for PssVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::LATEST => f.write_str("latest"),
            PssVersion(minor) => write!(f, "1.{minor}"),
        }
    }
}

/// A version that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version of Pod Security; write `latest` or one from 1.{old} to 1.{new}",
    old = PssVersion::OLDEST_MINOR, new = PssVersion::NEWEST_MINOR)]
pub struct VersionError(pub String);

impl FromStr for PssVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "latest" {
            return Ok(Self::LATEST);
        }
        let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.");
        minor
            .filter(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()) && !minor.starts_with('0'))
            .and_then(|minor| minor.parse().ok())
            .and_then(Self::of_minor)
            .ok_or_else(|| VersionError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_namespaces_write_them() {
        let read = |text: &str| text.parse::<PssVersion>().map(|version| (version.to_string(), version.minor()));
        assert_eq!(read("latest"), Ok(("latest".to_owned(), 37)));
        assert_eq!(read("v1.25"), Ok(("1.25".to_owned(), 25)));
        assert_eq!(read("1.37"), Ok(("1.37".to_owned(), 37)));
        assert_eq!(read("1.99"), Ok(("latest".to_owned(), 37)), "the future is latest");
        for wrong in ["", "1.24", "1.0", "2.30", "1.30.1", "v1.", "1.030", "1.-30", "newest", "1.70000"] {
            assert_eq!(read(wrong), Err(VersionError(wrong.to_owned())));
        }
    }

    #[test]
    fn the_error_says_what_there_is() {
        let error = VersionError("1.9".to_owned()).to_string();
        assert_eq!(error, "`1.9` is no version of Pod Security; write `latest` or one from 1.25 to 1.37");
    }
}
