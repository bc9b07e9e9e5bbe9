//! What is known of the images that Spark's world runs.

/// The user that an image starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// A name, which the kubelet does not look up.
    Named(&'static str),
    /// None, or 0.
    Root,
}

/// Repositories whose images start as a user without a number. Others are not known, and nothing is said of them.
const USERS: [(&str, User); 9] = [
    ("apache/spark", User::Named("spark")),
    ("apache/spark-py", User::Named("spark")),
    ("apache/hive", User::Named("hive")),
    ("apache/celeborn", User::Named("celeborn")),
    ("prom/prometheus", User::Named("nobody")),
    ("postgres", User::Root),
    ("library/postgres", User::Root),
    ("minio/minio", User::Root),
    ("minio/mc", User::Root),
];

/// The repository of an image without its registry, tag and digest: `apache/spark`.
pub(crate) fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or_default();
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    match name.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => rest,
        _ => name,
    }
}

/// The user of an image; nothing for one with a number, or that is not known.
pub(crate) fn user(image: &str) -> Option<User> {
    // Somebody's own registry may hold somebody's own image under the same name.
    let registry = image.split('/').next().unwrap_or_default();
    if registry.contains('.') && !["docker.io", "quay.io", "registry-1.docker.io"].contains(&registry) {
        return None;
    }
    USERS.iter().find(|(name, _)| *name == repository(image)).map(|(_, user)| *user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read_from_images() {
        for (image, name) in [
            ("apache/spark:4.1.4", "apache/spark"),
            ("docker.io/apache/spark@sha256:00", "apache/spark"),
            ("localhost:5000/x", "x"),
            ("postgres", "postgres"),
            ("", ""),
        ] {
            assert_eq!(repository(image), name);
        }
        assert_eq!(user("docker.io/library/postgres:16"), Some(User::Root));
        assert_eq!(user("registry.example.com/apache/spark:4"), None);
    }
}
