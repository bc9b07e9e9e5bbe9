//! Checks of the security profiles: AppArmor, SELinux, seccomp.

use super::found::Found;
use crate::pod::{Place, Pod, Profile};

/// The old way to name a profile for a container.
const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

const SE_LINUX_TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

fn is_allowed(kind: &str) -> bool {
    matches!(kind, "RuntimeDefault" | "Localhost")
}

/// `appArmorProfile`.
pub(super) fn app_armor(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (place, context) in pod.contexts() {
        let Some(kind) = context.app_armor.filter(|kind| !is_allowed(kind)) else { continue };
        let message = format!("the AppArmor profile is `{kind}`, it must be RuntimeDefault, Localhost or absent");
        found.secured(place, "appArmorProfile.type", message, "remove `appArmorProfile`");
    }
    for (key, value) in &pod.annotations {
        let allowed = value.is_empty() || *value == "runtime/default" || value.starts_with("localhost/");
        if key.starts_with(APP_ARMOR_ANNOTATION) && !allowed {
            let message = format!("the AppArmor profile is `{value}`, it must be runtime/default or localhost/...");
            found.add(format!("metadata.annotations[{key}]"), None, message, "remove the annotation");
        }
    }
}

/// `seLinuxOptions`. From 1.31 on the type `container_engine_t` is allowed.
pub(super) fn se_linux(pod: &Pod<'_>, minor: u16, found: &mut Found<'_>) {
    let types = if minor >= 31 { &SE_LINUX_TYPES[..] } else { &SE_LINUX_TYPES[..4] };
    for (place, context) in pod.contexts() {
        let Some(options) = context.se_linux else { continue };
        if !types.contains(&options.kind) {
            let message =
                format!("the SELinux type is `{}`, it must be absent or {}", options.kind, types[1..].join(", "));
            found.secured(place, "seLinuxOptions.type", message, "remove `type`");
        }
        for (field, value) in [("user", options.user), ("role", options.role)] {
            if !value.is_empty() {
                let message = format!("the SELinux {field} is `{value}`, it must be absent");
                found.secured(place, &format!("seLinuxOptions.{field}"), message, format!("remove `{field}`"));
            }
        }
    }
}

/// `seccompProfile_baseline`: the field; the annotations of old are nothing since 1.19.
pub(super) fn seccomp_baseline(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    for (place, context) in pod.contexts() {
        forbidden_seccomp(place, context.seccomp, found);
    }
}

/// `seccompProfile_restricted`. Windows knows no such thing (from 1.25 on).
pub(super) fn seccomp_restricted(pod: &Pod<'_>, _: u16, found: &mut Found<'_>) {
    if pod.is_windows() {
        return;
    }
    // A pod with a wrong profile is told so; its containers need not be told too.
    let whole = pod.context.seccomp.is_some();
    for (place, context) in pod.contexts() {
        forbidden_seccomp(place, context.seccomp, found);
        if context.seccomp.is_none() && !whole && matches!(place, Place::Container { .. }) {
            let message = "no seccomp profile is set, neither here nor for the pod".to_owned();
            let help = "write `seccompProfile: {type: RuntimeDefault}` into the security context of the pod";
            found.secured(place, "seccompProfile.type", message, help);
        }
    }
}

fn forbidden_seccomp(place: Place<'_>, profile: Option<Profile<'_>>, found: &mut Found<'_>) {
    if let Some(profile) = profile.filter(|profile| !is_allowed(profile.kind)) {
        let message = format!("the seccomp profile is `{}`, it must be RuntimeDefault or Localhost", profile.kind);
        found.secured(place, "seccompProfile.type", message, "write `type: RuntimeDefault`");
    }
}
