//! The names of images.

/// The name of an image, taken apart: `registry.example.com/apache/spark:4.1.4@sha256:...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageName<'n> {
    /// The registry, if it is named: a first part with a point or a port, or `localhost`.
    pub registry: Option<&'n str>,
    /// The repository below the registry: `apache/spark`.
    pub repository: &'n str,
    /// The tag.
    pub tag: Option<&'n str>,
    /// The digest: `sha256:...`.
    pub digest: Option<&'n str>,
}

impl<'n> ImageName<'n> {
    /// Takes a name apart as container runtimes do. Whether the parts are words of a name is not looked at.
    pub fn of(text: &'n str) -> Self {
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (name, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), rest),
            _ => (None, name),
        };
        Self { registry, repository, tag, digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (text, registry, repository, tag, digest) in [
            ("apache/spark:4.1.4", None, "apache/spark", Some("4.1.4"), None),
            ("docker.io/apache/spark@sha256:00", Some("docker.io"), "apache/spark", None, Some("sha256:00")),
            ("r:5000/apache/spark:4@sha256:0", Some("r:5000"), "apache/spark", Some("4"), Some("sha256:0")),
            ("localhost:5000/x", Some("localhost:5000"), "x", None, None),
            ("localhost/x:1", Some("localhost"), "x", Some("1"), None),
            ("postgres", None, "postgres", None, None),
            ("", None, "", None, None),
        ] {
            assert_eq!(ImageName::of(text), ImageName { registry, repository, tag, digest }, "{text}");
        }
    }
}
