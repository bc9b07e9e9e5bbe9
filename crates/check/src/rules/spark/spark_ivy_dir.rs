//! Places for jars that cannot be written.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-ivy-dir",
    group: Group::Spark,
    severity: Severity::Error,
    title: "spark-submit in an official image has a folder for Ivy",
    why: "The user of the image has no home. As soon as packages are wanted, or the user has another number, \
          spark-submit stops with `basedir must be absolute: ?/.ivy2/local` or with FileNotFoundException under \
          /nonexistent.",
    fix: "Set `spark.jars.ivy=/tmp/.ivy2`, on a volume that can be written.",
    covers: &["Q14", "S9"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --packages, "a:b:1", job.py]  # wrong
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --packages, "a:b:1", --conf, spark.jars.ivy=/tmp/.ivy2, job.py]
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for process in &spark.processes {
        let submits = matches!(process.program, Program::Connect | Program::Thrift | Program::Submit);
        let set = process.get("spark.jars.ivy").is_some()
            || process.text.contains("-Duser.home=")
            || process.properties.iter().any(|property| property.value.contains("-Duser.home="));
        if let Some(packages) = process
            .get("spark.jars.packages")
            .filter(|_| submits && process.has_official_image() && !set && !process.is_open)
        {
            packages.wrong(report, "packages are wanted, and `spark.jars.ivy` is not set");
        }
    }
}
