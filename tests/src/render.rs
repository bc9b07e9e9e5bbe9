//! A chart rendered by helm, and what `sparkyard-check` says of it.

use std::rc::Rc;

use sparkyard_check::{Object, Stack, Target, check_stack};
use sparkyard_model::{Finding, Severity, SourceText};

use crate::case::Case;
use crate::{catalogue, helm, strict};

/// What helm made of a case.
#[derive(Debug, Clone)]
pub struct Render {
    /// What was rendered.
    pub case: Case,
    /// Release name.
    pub release: String,
    /// The whole text.
    pub text: String,
}

impl Render {
    /// Renders a case.
    ///
    /// # Errors
    /// What helm said.
    pub fn of(case: &Case) -> Result<Self, String> {
        Self::with(case, "demo", &[])
    }

    /// Renders a case under a release name and with more arguments.
    ///
    /// # Errors
    /// What helm said.
    pub fn with(case: &Case, release: &str, more: &[&str]) -> Result<Self, String> {
        Ok(Self { case: case.clone(), release: release.to_owned(), text: text(case, release, more)? })
    }

    fn read(&self) -> (Vec<Object>, Vec<Finding>) {
        Object::all_of(&Rc::new(SourceText { name: self.case.to_string(), text: self.text.clone() }))
    }

    /// Its objects.
    pub fn objects(&self) -> Vec<Object> {
        self.read().0
    }

    /// What `sparkyard-check` finds in it.
    pub fn findings(&self) -> Vec<Finding> {
        let (objects, mut findings) = self.read();
        let mut targets = catalogue::catalogue().platforms.iter().filter_map(|platform| Target::of(platform).ok());
        let target = targets.find(|target| target.openshift == self.case.openshift).expect("a platform for the case");
        let mut stack =
            Stack::new(Target { namespace: helm::NAMESPACE.to_owned(), complete: self.case.complete, ..target });
        objects.into_iter().for_each(|object| stack.add_object(object));
        findings.extend(check_stack(&stack));
        findings.retain(|finding| finding.severity >= Severity::Warning);
        findings
    }

    /// What Kubernetes' own types say against it.
    pub fn type_errors(&self) -> Vec<String> {
        let mut errors = Vec::new();
        for object in self.objects() {
            errors.extend(strict::check(&object.value).into_iter().map(|error| format!("{}: {error}", object.id())));
            for pod in object.pods(0).iter().filter_map(|pod| pod.embedded) {
                let found = strict::check(&pod.value).into_iter();
                errors.extend(found.map(|error| format!("{}[{}]: {error}", object.id(), pod.key)));
            }
        }
        errors
    }
}

/// The text that helm makes of a case.
///
/// # Errors
/// What helm said.
pub fn text(case: &Case, release: &str, more: &[&str]) -> Result<String, String> {
    let mut args = vec!["template".to_owned(), release.to_owned(), ".".to_owned()];
    args.extend(["--namespace".to_owned(), helm::NAMESPACE.to_owned()]);
    args.extend(case.value_args());
    args.extend(case.apis().into_iter().flat_map(|version| ["--api-versions".to_owned(), version]));
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    helm::stdout(&case.chart, &args).map_err(|error| format!("{case}: helm template: {error}"))
}
