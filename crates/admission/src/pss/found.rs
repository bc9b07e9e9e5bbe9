//! Where a check writes down what it finds.

use crate::Violation;
use crate::pod::Place;

/// The violations of one check.
pub(super) struct Found<'v> {
    check: &'static str,
    violations: &'v mut Vec<Violation>,
}

impl<'v> Found<'v> {
    pub(super) fn new(check: &'static str, violations: &'v mut Vec<Violation>) -> Self {
        Found { check, violations }
    }

    /// A field of the security context of `place` is wrong.
    pub(super) fn secured(&mut self, place: Place<'_>, field: &str, message: String, help: impl Into<String>) {
        self.add(place.secured(field), place.container(), message, help);
    }

    /// A field of `place` is wrong.
    pub(super) fn field(&mut self, place: Place<'_>, field: &str, message: String, help: impl Into<String>) {
        self.add(place.path(field), place.container(), message, help);
    }

    pub(super) fn add(&mut self, path: String, container: Option<String>, message: String, help: impl Into<String>) {
        self.violations.push(Violation { check: self.check.to_owned(), path, container, message, help: help.into() });
    }
}
