//! Scripts that go into the background.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-daemonizes",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Daemons of Spark and Celeborn run in the foreground",
    why: "The `start-*.sh` scripts start a process in the background and return. The container has nothing left to \
          do and ends with code 0, Kubernetes starts it again, and the log says that all is well.",
    fix: "Set `SPARK_NO_DAEMONIZE` (Celeborn: `CELEBORN_NO_DAEMONIZE`) to 1, or start the class with `spark-class` \
          or `spark-submit`.",
    covers: &["L6"],
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
              command: [/opt/spark/sbin/start-history-server.sh]  # wrong
    "}),
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
              command: [/opt/spark/sbin/start-history-server.sh]
              env:
                - name: SPARK_NO_DAEMONIZE
                  value: "1"
    "#}),
    check: Check::Spark(check),
};

const SCRIPTS: [&str; 8] = [
    "start-history-server.sh",
    "start-connect-server.sh",
    "start-thriftserver.sh",
    "start-master.sh",
    "start-worker.sh",
    "start-slave.sh",
    "start-all.sh",
    "spark-daemon.sh",
];

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for all in spark.main_words() {
        let container = &all.container;
        // Something else keeps the container alive.
        let stays = ["NO_DAEMONIZE", "--wait", "tail ", "sleep ", "wait"].iter().any(|word| all.text.contains(word))
            || items(&container.value["env"])
                .any(|entry| entry["name"].as_str().is_some_and(|name| name.ends_with("_NO_DAEMONIZE")))
            || items(&container.value["envFrom"]).next().is_some();
        // An absolute path: scripts of the same name that are not Spark's stay in the foreground.
        let script = SCRIPTS.iter().find(|script| all.text.contains(&format!("sbin/{script}")));
        if let Some(script) = script.filter(|_| !stays) {
            all.wrong(report, script, format!("`{script}` returns at once and the container ends"));
        }
    }
}
