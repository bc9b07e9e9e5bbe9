//! What is known of the images that Spark's world runs.

use sparkyard_model::ImageName;

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

/// The user of an image; nothing for one with a number, or that is not known.
pub(crate) fn user(image: &str) -> Option<User> {
    let ImageName { registry, repository, .. } = ImageName::of(image);
    // Somebody's own registry may hold somebody's own image under the same name.
    if registry.is_some_and(|host| !["docker.io", "quay.io", "registry-1.docker.io"].contains(&host)) {
        return None;
    }
    USERS.iter().find(|(name, _)| *name == repository).map(|(_, user)| *user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_known_by_the_repository() {
        assert_eq!(user("docker.io/library/postgres:16"), Some(User::Root));
        assert_eq!(user("postgres:16.10"), Some(User::Root));
        assert_eq!(user("registry.example.com/apache/spark:4"), None);
        assert_eq!(user("localhost/apache/spark:4"), None);
    }
}
