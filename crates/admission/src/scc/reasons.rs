//! Why a constraint refuses a pod.

use super::constraint::Scc;
use crate::Violation;
use crate::pod::Place;

/// The reasons of one constraint.
pub(super) struct Reasons<'a> {
    scc: &'a Scc,
    list: Vec<Violation>,
}

/// What to do about a reason.
pub(super) type Help = std::borrow::Cow<'static, str>;

impl<'a> Reasons<'a> {
    pub(super) fn new(scc: &'a Scc) -> Self {
        Reasons { scc, list: Vec::new() }
    }

    /// A field of the security context of `place`.
    pub(super) fn secured(
        &mut self,
        check: &str,
        place: Place<'_>,
        field: &str,
        message: String,
        help: impl Into<Help>,
    ) {
        self.add(check, place.secured(field), place.container(), message, help);
    }

    /// A field by its whole path.
    pub(super) fn add(
        &mut self,
        check: &str,
        path: String,
        container: Option<String>,
        message: String,
        help: impl Into<Help>,
    ) {
        let check = format!("{}/{check}", self.scc.name());
        let reason = Violation { check, path, container, message, help: help.into().into_owned() };
        // Every container inherits what the pod says, and would say it again.
        if !self.list.contains(&reason) {
            self.list.push(reason);
        }
    }

    pub(super) fn any(&self) -> bool {
        !self.list.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Violation> {
        self.list
    }
}
