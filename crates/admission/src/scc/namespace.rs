//! The ids that OpenShift gives to a namespace.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

const USERS: &str = "openshift.io/sa.scc.uid-range";
const GROUPS: &str = "openshift.io/sa.scc.supplemental-groups";
const MCS: &str = "openshift.io/sa.scc.mcs";

/// The ids of a namespace, from its annotations.
///
/// The default is one that a cluster would give: the block 1000680000/10000 for users and groups and the
/// categories that belong to it, `s0:c26,c15`. Which block a namespace gets is chance, so a pod that names an
/// id of it is not portable, and judged as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    pub(super) users: IdRange,
    pub(super) groups: Vec<IdRange>,
    pub(super) level: String,
}

impl Default for Namespace {
    fn default() -> Self {
        let block = IdRange { first: 1_000_680_000, last: 1_000_689_999 };
        Namespace { users: block, groups: vec![block], level: "s0:c26,c15".to_owned() }
    }
}

/// Ids from the first to the last; written `1000680000/10000` or `1000680000-1000689999`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdRange {
    /// The first.
    pub first: u32,
    /// The last; not less than the first.
    pub last: u32,
}

impl fmt::Display for IdRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// An annotation that cannot be read. OpenShift then refuses every pod of the namespace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("annotation {annotation} of the namespace is `{text}`; write {wanted}")]
pub struct NamespaceError {
    annotation: &'static str,
    text: String,
    wanted: &'static str,
}

impl FromStr for IdRange {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, second, sized) = match (text.split_once('/'), text.split_once('-')) {
            (Some((first, size)), _) => (first, size, true),
            (None, Some((first, last))) => (first, last, false),
            (None, None) => return Err(()),
        };
        let number = |text: &str| text.parse::<u32>().map_err(|_| ());
        let (first, second) = (number(first)?, number(second)?);
        let last = if sized { first.checked_add(second.checked_sub(1).ok_or(())?).ok_or(())? } else { second };
        if last < first { Err(()) } else { Ok(IdRange { first, last }) }
    }
}

impl Namespace {
    /// Reads the `annotations` of a namespace. The ones that are absent, which a cluster adds to every new
    /// namespace, are taken from the default; without one for groups those are the users' ids.
    ///
    /// # Errors
    /// An annotation that OpenShift could not read.
    pub fn from_annotations(annotations: &Value) -> Result<Self, NamespaceError> {
        let mut namespace = Namespace::default();
        if let Some(text) = read(annotations, USERS)? {
            let wanted = "a range like 1000680000/10000";
            namespace.users =
                text.parse().map_err(|()| NamespaceError { annotation: USERS, text: text.to_owned(), wanted })?;
            namespace.groups = vec![namespace.users];
        }
        if let Some(text) = read(annotations, GROUPS)? {
            let wanted = "ranges like 1000680000/10000, with commas between them";
            let ranges: Result<Vec<IdRange>, ()> = text.split(',').map(str::parse).collect();
            namespace.groups =
                ranges.map_err(|()| NamespaceError { annotation: GROUPS, text: text.to_owned(), wanted })?;
        }
        if let Some(text) = read(annotations, MCS)? {
            namespace.level = text.to_owned();
        }
        Ok(namespace)
    }

    /// The annotations that stand for it.
    pub fn to_annotations(&self) -> [(&'static str, String); 3] {
        let groups: Vec<String> = self.groups.iter().map(IdRange::to_string).collect();
        [(USERS, self.users.to_string()), (GROUPS, groups.join(",")), (MCS, self.level.clone())]
    }
}

fn read<'a>(annotations: &'a Value, annotation: &'static str) -> Result<Option<&'a str>, NamespaceError> {
    match annotations.get(annotation) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(other) => {
            let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            Err(NamespaceError { annotation, text, wanted: "a text that is not empty, or no annotation" })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ranges_have_two_forms() {
        let range = |text: &str| text.parse::<IdRange>().map(|range| (range.first, range.last));
        assert_eq!(range("1000680000/10000"), Ok((1_000_680_000, 1_000_689_999)));
        assert_eq!(range("5-5"), Ok((5, 5)));
        for wrong in ["", "5", "5/", "5/0", "6-5", "4294967295/2", "-1/5", "a/b", "5/5/5"] {
            assert_eq!(range(wrong), Err(()), "{wrong}");
        }
    }

    #[test]
    fn annotations_are_read_and_written() {
        let annotations = json!({USERS: "1000/10", GROUPS: "7/1,20-30", MCS: "s0:c1,c0"});
        let namespace = Namespace::from_annotations(&annotations).expect("three good annotations");
        assert_eq!(namespace.groups, [IdRange { first: 7, last: 7 }, IdRange { first: 20, last: 30 }]);
        let written: serde_json::Map<_, _> =
            namespace.to_annotations().into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
        assert_eq!(Namespace::from_annotations(&Value::Object(written)), Ok(namespace));
    }

    #[test]
    fn groups_follow_users_and_all_follow_the_default() {
        let users = Namespace::from_annotations(&json!({USERS: "1000/10"})).expect("a good annotation");
        assert_eq!(users.groups, [IdRange { first: 1000, last: 1009 }]);
        assert_eq!(Namespace::from_annotations(&Value::Null), Ok(Namespace::default()));
    }

    #[test]
    fn the_error_names_the_annotation() {
        let error = |annotations| Namespace::from_annotations(&annotations).map_err(|error| error.to_string());
        let text =
            "annotation openshift.io/sa.scc.uid-range of the namespace is `x`; write a range like 1000680000/10000";
        assert_eq!(error(json!({USERS: "x"})), Err(text.to_owned()));
        assert!(error(json!({GROUPS: "1/1,"})).is_err() && error(json!({MCS: ""})).is_err());
        assert!(error(json!({MCS: 5})).is_err());
    }
}
