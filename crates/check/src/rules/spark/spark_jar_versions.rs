//! Jars of another version.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-jar-versions",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Jars are of the versions that the version of Spark has inside",
    why: "hadoop-aws works with the Hadoop of its own number only, and jars of Spark end with the version of Scala \
          and of Spark; those of Iceberg and Delta name both. Others fail in the middle of a job: NoSuchMethodError, \
          ClassNotFoundException.",
    fix: "Spark 3.5: hadoop-aws 3.3.4, Scala 2.12. Spark 4.0: hadoop-aws 3.4.1; 4.1: 3.4.2; 4.3: 3.5.0; Scala \
          2.13. Iceberg: iceberg-spark-runtime-<Spark>_<Scala>, for example iceberg-spark-runtime-4.1_2.13.",
    covers: &["S3", "S4", "S14", "L16", "L80"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.jars.packages=org.apache.hadoop:hadoop-aws:3.3.4,a:wrong:1
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.jars.packages=org.apache.hadoop:hadoop-aws:3.4.2,org.apache.spark:spark-avro_2.13:4.1.4
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let Some(version) = set.version else { continue };
        for list in
            ["spark.jars.packages", "spark.jars", "spark.driver.extraClassPath", "spark.executor.extraClassPath"]
        {
            let Some(list) = set.get(list) else { continue };
            for entry in
                list.value.split([',', ':']).scan("", |before, word| Some((std::mem::replace(before, word), word)))
            {
                if let Some(message) = misfit(entry, version) {
                    list.wrong(report, message);
                }
            }
        }
    }
}

/// Why a word of a list does not fit: an artifact and its version, or the name of a jar.
fn misfit((before, word): (&str, &str), (major, minor): (u32, u32)) -> Option<String> {
    let wanted = match (major, minor) {
        (3, 5) => "3.3.4",
        (4, 0) => "3.4.1",
        (4, 1) => "3.4.2",
        (4, 3) => "3.5.0",
        _ => return None,
    };
    let file = word.rsplit('/').next().unwrap_or(word);
    let of_jar = file.strip_prefix("hadoop-aws-").and_then(|rest| rest.strip_suffix(".jar"));
    let of_package = (before == "hadoop-aws").then_some(word);
    if let Some(found) = of_package.or(of_jar).filter(|found| *found != wanted && !found.contains('$')) {
        return Some(format!("hadoop-aws {found} does not fit the Hadoop {wanted} of Spark {major}.{minor}"));
    }
    // The artifact of a table format, up to its own version: its Spark, then its Scala.
    for name in ["iceberg-spark-runtime-", "delta-spark_"] {
        let Some((of, scala)) = file.strip_prefix(name).and_then(|rest| rest.split_once('_')) else { continue };
        if of.chars().all(|c| c.is_ascii_digit() || c == '.') && of != format!("{major}.{minor}") {
            return Some(format!("{file} is for Spark {of}, and this is Spark {major}.{minor}"));
        }
        if major >= 4 && scala.starts_with("2.12") {
            return Some(format!("{file} is for Scala 2.12, and Spark {major} has 2.13"));
        }
    }
    // Spark 3.5 is built for both, its images for 2.12 unless their tag says otherwise.
    if major >= 4 && file.starts_with("spark-") && file.contains("_2.12") {
        return Some(format!("{file} is for Scala 2.12, and Spark {major} has 2.13"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::misfit;

    #[test]
    fn jars_of_table_formats_are_for_one_spark() {
        let wrong = |word, version| misfit(("", word), version);
        for fits in [
            "iceberg-spark-runtime-4.1_2.13",
            "/opt/iceberg-spark-runtime-4.1_2.13-1.12.0.jar",
            "delta-spark_4.1_2.13",
            // Before 4.1, Delta named Scala only.
            "delta-spark_2.13",
        ] {
            assert_eq!(wrong(fits, (4, 1)), None, "{fits}");
        }
        assert_eq!(wrong("iceberg-spark-runtime-3.5_2.12", (3, 5)), None);
        for misfits in [
            "iceberg-spark-runtime-4.0_2.13",
            "iceberg-spark-runtime-3.5_2.12-1.12.0.jar",
            "iceberg-spark-runtime-4.1_2.12",
            "delta-spark_4.0_2.13",
        ] {
            assert!(wrong(misfits, (4, 1)).is_some(), "{misfits}");
        }
    }
}
