//! Words of the command line that must have a form. A wrong one is wrong usage: it is said before any work is done.

use sparkyard_admission::{Level, Policy, PssVersion};
use sparkyard_check::{Waiver, no_rule};
use sparkyard_render::Capabilities;

/// A version of Kubernetes, as helm reads it.
///
/// # Errors
/// When it is none.
pub(crate) fn kube_version(text: &str) -> Result<String, String> {
    Capabilities::of(Some(text), &[]).map(|_| text.to_owned()).map_err(|_| "write it as `1.33` or `v1.33.4`".to_owned())
}

/// A version of Kubernetes whose rules `check` knows.
///
/// # Errors
/// When it is none, or one that is too old.
pub(crate) fn known_kube_version(text: &str) -> Result<String, String> {
    let text = kube_version(text)?;
    let [oldest, newest] = [PssVersion::OLDEST_MINOR, PssVersion::NEWEST_MINOR];
    let any = Policy::Pss { level: Level::Restricted, version: PssVersion::LATEST };
    any.on_kubernetes(&text).map(|_| text).map_err(|_| format!("the rules know Kubernetes 1.{oldest} to 1.{newest}"))
}

/// A rule that is broken knowingly: `RULE=REASON`.
///
/// # Errors
/// When the reason is missing, or there is no such rule.
pub(crate) fn waiver(text: &str) -> Result<Waiver, String> {
    let waiver = Waiver::of_argument(text)?;
    match no_rule(&waiver.rule) {
        Some(help) => Err(format!("there is no rule `{}`: {help}", waiver.rule)),
        None => Ok(waiver),
    }
}
