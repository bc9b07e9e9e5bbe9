//! Checks of the user that a pod runs as.

use super::found::Found;
use crate::pod::{Place, Pod};

/// From 1.35 on root inside a user namespace is nobody outside (KEP-127).
pub(super) fn is_relaxed(pod: &Pod<'_>, minor: u16) -> bool {
    minor >= 35 && pod.host_users == Some(false)
}

/// `runAsNonRoot`.
pub(super) fn run_as_non_root(pod: &Pod<'_>, minor: u16, found: &mut Found<'_>) {
    if is_relaxed(pod, minor) {
        return;
    }
    // A pod that says false is told so; its containers need not be told too.
    let whole = pod.context.run_as_non_root.is_some();
    for (place, context) in pod.contexts() {
        match (context.run_as_non_root, place) {
            (Some(false), _) => {
                let message = "runAsNonRoot is false, it must be true".to_owned();
                found.secured(place, "runAsNonRoot", message, "write `runAsNonRoot: true`");
            }
            (None, Place::Container { .. }) if !whole => {
                let message = "runAsNonRoot is set neither here nor for the pod".to_owned();
                let help = "write `runAsNonRoot: true` into the security context of the pod or of this container";
                found.secured(place, "runAsNonRoot", message, help);
            }
            _ => {}
        }
    }
}

/// `runAsUser`.
pub(super) fn run_as_user(pod: &Pod<'_>, minor: u16, found: &mut Found<'_>) {
    if is_relaxed(pod, minor) {
        return;
    }
    for (place, _) in pod.contexts().filter(|(_, context)| context.run_as_user == Some(0)) {
        let message = "runAsUser is 0, which is root; it must be another user or absent".to_owned();
        found.secured(place, "runAsUser", message, "write the number of the image's user, or remove `runAsUser`");
    }
}
