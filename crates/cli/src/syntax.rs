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

/// A time: `90s`, `10m`, `1h`, or seconds.
///
/// # Errors
/// When it is none.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((end, 's')) => (&text[..end], 1),
        Some((end, 'm')) => (&text[..end], 60),
        Some((end, 'h')) => (&text[..end], 3600),
        _ => (text, 1),
    };
    let number: Option<u64> = number.parse().ok().and_then(|number: u64| number.checked_mul(unit));
    number
        .filter(|seconds| (1..=86_400).contains(seconds))
        .ok_or_else(|| "write it as `90s`, `10m` or `1h`, a day at most".to_owned())
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times() {
        assert_eq!([seconds("90s"), seconds("10m"), seconds("7")], [Ok(90), Ok(600), Ok(7)]);
        for wrong in ["", "s", "0s", "1d", "-1s", "ä", "99999999999999999999h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
