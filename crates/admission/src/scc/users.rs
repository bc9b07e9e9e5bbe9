//! `runAsUser` and `runAsNonRoot`.

use super::attempt::Inside;
use super::reasons::{Help, Reasons};
use super::rules::{Rules, Users};
use crate::pod::{Context, Place};

/// Fills in the user and the promise not to be root. What the pod says holds for the container too.
pub(super) fn fill(rules: &Rules<'_>, inside: &Inside<'_, '_>, context: &mut Context<'_>) {
    let whole = &inside.whole.context;
    if let (None, Users::Range { first, .. }) = (context.run_as_user.or(whole.run_as_user), rules.users) {
        context.run_as_user = Some(first);
    }
    if context.run_as_non_root.or(whole.run_as_non_root).is_none() {
        let promised = match context.run_as_user.or(whole.run_as_user) {
            None => rules.users == Users::NonRoot,
            Some(user) => user > 0,
        };
        context.run_as_non_root = promised.then_some(true);
    }
}

pub(super) fn check(rules: &Rules<'_>, inside: &Inside<'_, '_>, context: &Context<'_>, reasons: &mut Reasons<'_>) {
    let whole = &inside.whole.context;
    let user = context.run_as_user.or(whole.run_as_user);
    let place = inside.container.place;
    // Where the value is written.
    let from = |own: bool| if own { place } else { Place::Pod };
    match rules.users {
        Users::Any => {}
        Users::NonRoot => {
            if context.run_as_non_root.or(whole.run_as_non_root) == Some(false) {
                let from = from(context.run_as_non_root.is_some());
                let message = "runAsNonRoot is false, it must be true or absent".to_owned();
                reasons.secured("runAsNonRoot", from, "runAsNonRoot", message, "remove `runAsNonRoot: false`");
            } else if user == Some(0) {
                let message = "runAsUser is 0, which is root".to_owned();
                let help = "write the number of the image's user, or remove `runAsUser`";
                reasons.secured("runAsUser", from(context.run_as_user.is_some()), "runAsUser", message, help);
            }
        }
        Users::Range { first, last, of_namespace } => {
            let Some(user) = user.filter(|user| !(first..=last).contains(user)) else { return };
            let whose = if of_namespace { " (the namespace's range)" } else { "" };
            let message = format!("runAsUser is {user}, it must be in {first}-{last}{whose}");
            let help: Help = if of_namespace {
                "remove `runAsUser`: OpenShift fills it in; for a fixed user the service account needs nonroot-v2"
                    .into()
            } else {
                format!("write a user from {first} to {last}, or remove `runAsUser`").into()
            };
            reasons.secured("runAsUser", from(context.run_as_user.is_some()), "runAsUser", message, help);
        }
    }
}
