//! How Kubernetes wants names, labels, quantities and the like to be written.

use serde_json::Value;

/// What is wrong with a DNS label: the names of Services, containers, volumes.
pub(crate) fn dns_label(name: &str) -> Option<String> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if name.len() > 63 {
        Some(format!("it has {} characters; 63 are allowed", name.len()))
    } else if name.is_empty() || !name.bytes().all(fits) || !ends(name, |c| c != b'-') {
        Some("it may hold lower-case letters, digits and `-`, and no `-` at its ends".to_owned())
    } else {
        None
    }
}

/// What is wrong with a DNS subdomain: the names of most objects.
pub(crate) fn dns_subdomain(name: &str) -> Option<String> {
    let part = |part: &str| {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !part.is_empty() && part.bytes().all(fits) && ends(part, |c| c != b'-')
    };
    if name.len() > 253 {
        Some(format!("it has {} characters; 253 are allowed", name.len()))
    } else if !name.split('.').all(part) {
        Some(
            "it may hold lower-case letters, digits, `-` and `.`, and must start and end with a letter or digit"
                .to_owned(),
        )
    } else {
        None
    }
}

/// What is wrong with the name of a Service: a DNS label that starts with a letter.
pub(crate) fn service_name(name: &str) -> Option<String> {
    dns_label(name).or_else(|| {
        let digit = name.bytes().next().is_some_and(|c| c.is_ascii_digit());
        digit.then(|| "it must start with a letter".to_owned())
    })
}

/// What is wrong with the value of a label.
pub(crate) fn label_value(value: &str) -> Option<String> {
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    if value.len() > 63 {
        Some(format!("it has {} characters; 63 are allowed", value.len()))
    } else if !value.is_empty() && (!value.bytes().all(fits) || !ends(value, |c| c.is_ascii_alphanumeric())) {
        Some("it may hold letters, digits, `-`, `_` and `.`, and must start and end with a letter or digit".to_owned())
    } else {
        None
    }
}

/// What is wrong with the key of a label or annotation: `prefix/name`.
pub(crate) fn qualified_name(key: &str) -> Option<String> {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    if let Some(wrong) = prefix.and_then(dns_subdomain) {
        return Some(format!("its prefix: {wrong}"));
    }
    if name.is_empty() { Some("its name is empty".to_owned()) } else { label_value(name) }
}

/// What is wrong with the name of a port.
pub(crate) fn port_name(name: &str) -> Option<String> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if name.len() > 15 {
        Some(format!("it has {} characters; 15 are allowed", name.len()))
    } else if !name.bytes().all(fits) || !ends(name, |c| c != b'-') || name.contains("--") {
        Some("it may hold lower-case letters, digits and single `-`, none at its ends".to_owned())
    } else if !name.bytes().any(|c| c.is_ascii_lowercase()) {
        Some("it needs a letter".to_owned())
    } else {
        None
    }
}

/// Whether a text can be a key of a ConfigMap or Secret: a file name.
pub(crate) fn config_key(key: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    !key.is_empty() && key.len() <= 253 && key.bytes().all(fits) && key != "." && !key.starts_with("..")
}

fn ends(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    text.bytes().next().is_some_and(&fits) && text.bytes().next_back().is_some_and(&fits)
}

/// A quantity of Kubernetes: `100m`, `1.5Gi`, `2e3`, `4`. `None` when Kubernetes cannot read it.
pub fn quantity(value: &Value) -> Option<f64> {
    let text = match value {
        Value::Number(number) => return number.as_f64(),
        Value::String(text) => text.as_str(),
        _ => return None,
    };
    let sign = usize::from(text.starts_with(['+', '-']));
    let digits = text.get(sign..)?.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
    let number = text.get(..sign + digits)?;
    let body = number.get(sign..)?;
    if !body.bytes().any(|c| c.is_ascii_digit()) || body.matches('.').count() > 1 {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let suffix = text.get(sign + digits..)?;
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        _ => 10f64.powi(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    Some(number * factor)
}

/// Whether a text is base64 as the API server reads it; line breaks are passed over.
pub(crate) fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|c| !matches!(c, b'\r' | b'\n')).collect();
    let padding = text.iter().rev().take_while(|c| **c == b'=').count();
    let body = text.get(..text.len() - padding).unwrap_or_default();
    text.len().is_multiple_of(4)
        && padding <= 2
        && body.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'))
}

/// Whether a text is a time as RFC 3339 writes it.
pub(crate) fn is_time(text: &str) -> bool {
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { c == s })
    };
    let Some((date, rest)) = text.split_at_checked(19) else { return false };
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    shape(date, "0000-00-00T00:00:00") && (rest == "Z" || shape(rest, "+00:00") || shape(rest, "-00:00"))
}

/// Whether a text is a range of addresses: `10.0.0.0/8`.
pub(crate) fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let bits: Option<u8> = bits.parse().ok();
    let most = match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => 32,
        Ok(std::net::IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.is_some_and(|bits| bits <= most)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_does() {
        for (text, number) in
            [("100m", 0.1), ("1.5Gi", 1_610_612_736.0), ("2e3", 2000.0), ("1E", 1e18), ("+4", 4.0), (".5", 0.5)]
        {
            assert_eq!(quantity(&json!(text)), Some(number), "{text}");
        }
        for text in ["", "1GB", "1 Gi", "2gi", "1K", "m", "1.2.3", "1e", "einszwei"] {
            assert_eq!(quantity(&json!(text)), None, "{text}");
        }
    }

    #[test]
    fn names_are_judged() {
        assert!(dns_label("a-1").is_none() && dns_label("a.b").is_some() && dns_label("-a").is_some());
        assert!(dns_subdomain("a.b-c").is_none() && dns_subdomain("A").is_some() && dns_subdomain("a..b").is_some());
        assert!(service_name("1a").is_some() && label_value("").is_none() && label_value("a b").is_some());
        assert!(qualified_name("app.kubernetes.io/name").is_none() && qualified_name("a/b/c").is_some());
        assert!(port_name("http-ui").is_none() && port_name("thrift-metastore").is_some() && port_name("80").is_some());
        assert!(is_base64("YWI=") && is_base64("") && !is_base64("ab") && !is_base64("a b="));
        assert!(is_time("2024-01-02T03:04:05Z") && is_time("2024-01-02T03:04:05.1+01:00") && !is_time("2024-01-02"));
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0") && !is_cidr("10.0.0.0") && !is_cidr("10.0.0.0/33"));
        assert!(config_key("a.conf") && !config_key("a/b") && !config_key("..a"));
    }
}
