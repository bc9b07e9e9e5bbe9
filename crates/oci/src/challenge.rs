//! `WWW-Authenticate`: how a registry wants to know who asks.

/// What a registry wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// User and password with every request.
    Basic,
    /// A token that another server gives.
    Bearer { realm: String, service: String, scope: String },
}

impl Challenge {
    /// Reads the header. `None` for schemes that are not known.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let value = |key: &str| parameters(rest).into_iter().find(|(name, _)| name == key).map(|(_, value)| value);
        Some(Self::Bearer {
            realm: value("realm")?,
            service: value("service").unwrap_or_default(),
            scope: value("scope").unwrap_or_default(),
        })
    }
}

/// `key="value, with commas",other=word`
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.trim_matches([',', ' ']).to_ascii_lowercase();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        all.push((key, value.trim().to_owned()));
        rest = next;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn headers_are_read() {
        let bearer = Challenge::parse(
            r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
        );
        let wanted = Challenge::Bearer {
            realm: "https://auth.docker.io/token".into(),
            service: "registry.docker.io".into(),
            scope: "repository:a/b:pull,push".into(),
        };
        assert_eq!(bearer, Some(wanted));
        assert_eq!(Challenge::parse(r#"basic realm="x""#), Some(Challenge::Basic));
        assert_eq!(Challenge::parse("Bearer"), None);
        assert_eq!(Challenge::parse("Negotiate"), None);
        let bare = Challenge::Bearer { realm: "r".into(), service: "s".into(), scope: String::new() };
        assert_eq!(Challenge::parse("Bearer realm=r, service=s"), Some(bare));
        assert_eq!(
            Challenge::parse("Bearer realm=\"unclosed"),
            Some(Challenge::Bearer { realm: "unclosed".into(), service: String::new(), scope: String::new() })
        );
    }
}
