//! What a rule is: one cause, how it is seen, and what to do.

use serde_json::Value;

use crate::Observed;
use crate::words::component;

/// One cause: how it is found, and its section of docs/fix.md.
#[derive(Debug)]
pub struct Rule {
    /// Its id, and the address of its section: `storage-class`.
    pub id: &'static str,
    /// What a person sees.
    pub symptom: &'static str,
    /// Why.
    pub cause: &'static str,
    /// What to do.
    pub cure: &'static str,
    /// The command that shows it; `NS` and `POD` stand for the real ones.
    pub check: &'static str,
    /// Seconds for which waiting may still help: a cluster may be adding a node, a registry may be busy.
    pub patience: u64,
    /// Whether it is only said of a pod of which nothing better is known.
    pub vague: bool,
    /// Finds it.
    pub find: fn(&Observed) -> Vec<Found>,
}

/// What a rule has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The object: `Pod/quickstart-s3-0`.
    pub object: String,
    /// Its component, `s3`; empty when it has none.
    pub component: String,
    /// What is wrong, with the names of the things, one sentence without a full stop.
    pub message: String,
    /// The cluster's own words.
    pub evidence: String,
    /// What to do here, when the rule's own cure can be said better.
    pub cure: Option<String>,
    /// The component that it waits for: if that one has a cause of its own, this one is only its echo.
    pub waits_for: Option<String>,
}

impl Found {
    /// Something wrong with an object.
    pub(crate) fn at(object: &Value, message: impl Into<String>, evidence: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            object: format!("{}/{}", text(&object["kind"]), text(&object["metadata"]["name"])),
            component: component(object).to_owned(),
            message: message.into(),
            evidence: crate::words::short(evidence),
            cure: None,
            waits_for: None,
        }
    }

    /// The same with a cure of its own.
    pub(crate) fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }
}
