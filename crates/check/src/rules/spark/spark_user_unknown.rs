//! Spark under a user that has no name.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-user-unknown",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark runs under a user that its image knows, or gives itself a name",
    why: "Hadoop asks for the name of the user and finds none: `invalid null input: name`, and the daemon stops. \
          Images of Spark name the user themselves for `driver` and `executor` only. OpenShift adds a name, other \
          clusters do not.",
    fix: "Run as 185, or set up libnss_wrapper in the start command. HADOOP_USER_NAME does not help.",
    covers: &["S9"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              securityContext:
                runAsUser: 1000  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              securityContext:
                runAsUser: 185
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    if stack.target.openshift {
        return;
    }
    for process in &spark.processes {
        if process.program == Program::Metastore || !process.has_official_image() {
            continue;
        }
        let (own, of_pod) = (
            &process.container.value["securityContext"]["runAsUser"],
            &process.pod.spec["securityContext"]["runAsUser"],
        );
        let (user, path) = match own.as_u64() {
            Some(user) => (Some(user), process.container.path.keys("securityContext.runAsUser")),
            None => (of_pod.as_u64(), process.pod.spec_path().keys("securityContext.runAsUser")),
        };
        let passwd = |mount: &serde_json::Value| mount["mountPath"].as_str().is_some_and(|path| path == "/etc/passwd");
        let is_named = process.text.contains("nss_wrapper")
            || process.text.contains("/etc/passwd")
            || process.container.value["env"].to_string().contains("nss_wrapper")
            || items(&process.container.value["volumeMounts"]).any(passwd)
            || process.text.contains("entrypoint.sh driver");
        if let Some(user) = user.filter(|user| !matches!(user, 0 | 185) && !is_named) {
            report.pod(
                &process.pod,
                path,
                format!("the image has no user {user}, and Spark needs the name of its user"),
            );
        }
    }
}
