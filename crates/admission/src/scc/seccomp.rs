//! The seccomp profile, in both its forms: the field and the annotation of old. OpenShift reads both, lets the
//! annotation win and writes both.

use std::borrow::Cow;

use super::attempt::{Filled, Inside};
use super::reasons::{Help, Reasons};
use super::rules::Rules;
use crate::pod::{Container, Context, Place, Pod, Profile};

/// The annotation for the pod.
pub(super) const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
/// The annotation for a container, before its name.
const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

const RUNTIME: &str = "runtime/default";
/// Another word for the same.
const DOCKER: &str = "docker/default";

/// A profile in the words of an annotation and as a field.
pub(super) struct Named<'a> {
    /// Empty for no profile, and for a field that has no words.
    pub(super) words: Cow<'a, str>,
    pub(super) profile: Option<Profile<'a>>,
}

impl<'a> Named<'a> {
    fn of_words(words: &'a str) -> Self {
        let profile = match words {
            "unconfined" => Some(Profile { kind: "Unconfined", localhost: None }),
            RUNTIME | DOCKER => Some(Profile { kind: "RuntimeDefault", localhost: None }),
            _ => words.strip_prefix("localhost/").and_then(localhost),
        };
        Named { words: words.into(), profile }
    }

    fn of_field(profile: Profile<'a>) -> Self {
        match (profile.kind, profile.localhost) {
            ("Unconfined", _) => Self::of_words("unconfined"),
            ("RuntimeDefault", _) => Self::of_words(RUNTIME),
            ("Localhost", Some(path)) => Named { words: format!("localhost/{path}").into(), profile: localhost(path) },
            _ => Named { words: "".into(), profile: Some(profile) },
        }
    }
}

fn localhost(path: &str) -> Option<Profile<'_>> {
    (!path.is_empty()).then_some(Profile { kind: "Localhost", localhost: Some(path) })
}

/// The profile of a pod: its own, or else the first that the constraint allows.
pub(super) fn of_pod<'a>(rules: &Rules<'a>, pod: &Pod<'a>) -> Named<'a> {
    let annotation = pod.annotation(POD).filter(|words| !words.is_empty());
    let allowed = || rules.scc.seccomp_profiles.iter().find(|profile| *profile != "*");
    match (annotation, pod.context.seccomp) {
        (Some(words), _) => Named::of_words(words),
        (None, Some(field)) => Named::of_field(field),
        (None, None) => Named::of_words(allowed().map_or("", String::as_str)),
    }
}

/// An annotation for a container overwrites its field, even with nothing.
pub(super) fn fill_container<'a>(inside: &Inside<'_, 'a>, context: &mut Context<'a>) {
    if let Some(words) = annotation(inside.pod, inside.container) {
        context.seccomp = Named::of_words(words).profile;
    }
}

fn annotation<'a>(pod: &Pod<'a>, container: &Container<'a>) -> Option<&'a str> {
    let Place::Container { name, .. } = container.place else { return None };
    let own = |key: &str| key.strip_prefix(CONTAINER) == Some(name);
    pod.annotations.iter().find(|(key, _)| own(key)).map(|(_, words)| *words)
}

pub(super) fn check_pod(rules: &Rules<'_>, pod: &Pod<'_>, filled: &Filled<'_>, reasons: &mut Reasons<'_>) {
    let Err((message, help)) = allows(rules, filled.seccomp.as_deref().unwrap_or_default()) else { return };
    let path = match pod.annotation(POD).filter(|words| !words.is_empty()) {
        Some(_) => format!("metadata.annotations[{POD}]"),
        None => "spec.securityContext.seccompProfile".to_owned(),
    };
    reasons.add("seccompProfile", path, None, message, help);
}

/// A container without a profile of its own has the pod's, which was checked there.
pub(super) fn check_container(
    rules: &Rules<'_>,
    inside: &Inside<'_, '_>,
    context: &Context<'_>,
    reasons: &mut Reasons<'_>,
) {
    let place = inside.container.place;
    let annotation = annotation(inside.pod, inside.container);
    let words = match (context.seccomp, annotation) {
        (Some(field), _) => Named::of_field(field).words,
        (None, Some(words)) => words.into(),
        (None, None) => return,
    };
    let Err((message, help)) = allows(rules, &words) else { return };
    let path = match (annotation, place.container()) {
        (Some(_), Some(name)) => format!("metadata.annotations[{CONTAINER}{name}]"),
        _ => place.secured("seccompProfile"),
    };
    reasons.add("seccompProfile", path, place.container(), message, help);
}

fn allows(rules: &Rules<'_>, words: &str) -> Result<(), (String, Help)> {
    let profiles = &rules.scc.seccomp_profiles;
    let runtime = |words: &str| matches!(words, RUNTIME | DOCKER);
    if profiles.is_empty() && !words.is_empty() {
        let message = format!("the seccomp profile is `{words}`, this constraint allows none at all");
        let help = "remove `seccompProfile`; to keep it, the service account needs a constraint whose name ends in -v2";
        return Err((message, help.into()));
    }
    let any = profiles.is_empty() || profiles.iter().any(|profile| profile == "*" || profile == words);
    if any || runtime(words) && profiles.iter().any(|profile| runtime(profile)) {
        return Ok(());
    }
    let is = if words.is_empty() { "of a type without a name".to_owned() } else { format!("`{words}`") };
    let message = format!("the seccomp profile is {is}, it must be {}", profiles.join(" or "));
    let help = if profiles.iter().any(|profile| runtime(profile)) {
        "write `seccompProfile: {type: RuntimeDefault}`, or remove it: OpenShift fills it in"
    } else {
        "remove `seccompProfile`: OpenShift fills it in"
    };
    Err((message, help.into()))
}
