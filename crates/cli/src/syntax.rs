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

/// A registry, and perhaps a path in it: what `global.imageRegistry` takes.
///
/// # Errors
/// When it is none.
pub(crate) fn registry(text: &str) -> Result<String, String> {
    let registry = text.strip_suffix('/').unwrap_or(text);
    if registry.contains("://") {
        return Err("write it without `://`, as images do: `registry.example.com:5000`".to_owned());
    }
    let (host, path) = registry.split_once('/').map_or((registry, None), |(host, path)| (host, Some(path)));
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let plain = |word: &str, more: &[u8]| {
        word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || more.contains(&b))
            && word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let is_path = |path: &str| path.split('/').all(|word| plain(word, b"._") && word == word.to_lowercase());
    // What has neither a dot nor a port is no host to those who pull: it would be a repository of Docker Hub.
    let is_host = (name.contains('.') || port.is_some() || name == "localhost") && plain(name, b".");
    if is_host && port.is_none_or(|port| port.parse::<u16>().is_ok()) && path.is_none_or(is_path) {
        Ok(registry.to_owned())
    } else {
        Err("write the host as images do: `registry.example.com`, `registry.example.com:5000/mirror`".to_owned())
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
    use super::{registry, seconds};

    #[test]
    fn times() {
        assert_eq!([seconds("90s"), seconds("10m"), seconds("7")], [Ok(90), Ok(600), Ok(7)]);
        for wrong in ["", "s", "0s", "1d", "-1s", "ä", "99999999999999999999h"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
    #[test]
    fn registries() {
        for right in ["registry.example.com", "localhost", "mirror:5000", "registry.example.com:5000/a/b_c"] {
            assert_eq!(registry(right).as_deref(), Ok(right));
        }
        assert_eq!(registry("registry.example.com/").as_deref(), Ok("registry.example.com"));
        for wrong in
            ["", "/", "https://x.io", "mirror", "x.io:port", "x.io/Upper", "x.io//a", "x.io/a b", "ä.io", "-x.io"]
        {
            assert!(registry(wrong).is_err(), "{wrong}");
        }
    }
}
