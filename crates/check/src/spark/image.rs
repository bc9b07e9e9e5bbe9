//! What images tell about what is inside.

use sparkyard_model::ImageName;

/// Repository without registry, and tag: `apache/spark`, `4.1.4`.
pub(crate) fn parts(image: &str) -> (&str, Option<&str>) {
    let ImageName { repository, tag, .. } = ImageName::of(image);
    (repository.strip_prefix("library/").unwrap_or(repository), tag)
}

/// Major and minor version of a tag that starts with one.
pub(crate) fn version(tag: &str) -> Option<(u32, u32)> {
    let mut numbers = tag.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next()?.parse().ok()?))
}

/// Whether it is one of Spark's own images, or a mirror of one: `apache/spark`, or `library/spark` of Docker. In another
/// registry than Docker's, `spark` alone is somebody's own.
pub(crate) fn is_official(image: &str) -> bool {
    let ImageName { registry, repository, .. } = ImageName::of(image);
    let is_docker = matches!(registry, None | Some("docker.io" | "index.docker.io"));
    match repository {
        "apache/spark" | "apache/spark-py" | "apache/spark-r" | "library/spark" => true,
        "spark" => is_docker,
        _ => false,
    }
}

/// Major and minor version of Spark in an image; of an image that is not Spark's own, only if its name says `spark`.
pub(crate) fn spark_version(image: &str) -> Option<(u32, u32)> {
    let (path, tag) = parts(image);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_spark = name == "spark" || name.starts_with("spark-py") || name == "spark-r" || name == "spark-connect";
    version(tag?).filter(|(major, minor)| is_spark && (2..=9).contains(major) && *minor < 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart() {
        assert_eq!(parts("registry:5000/apache/spark:4.1.4@sha256:0"), ("apache/spark", Some("4.1.4")));
        assert_eq!(parts("docker.io/library/spark"), ("spark", None));
        assert_eq!(spark_version("apache/spark:3.5.9-java17"), Some((3, 5)));
        assert_eq!(spark_version("kubeflow/spark-operator:2.5.2"), None);
        for (image, official) in [
            ("spark:4.1.4", true),
            ("docker.io/library/spark", true),
            ("mirror.example.com/apache/spark:4.1.4", true),
            ("mirror.example.com/library/spark:4.1.4", true),
            ("registry.example.com/spark:4.1.4", false),
            ("acme/spark:4.1.4", false),
        ] {
            assert_eq!(is_official(image), official, "{image}");
        }
    }
}
