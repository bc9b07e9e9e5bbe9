//! Tokens that clients refuse to send.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-token",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "Spark Connect with a token has TLS in front of it",
    why: "Python clients send a token by TLS only, and the server speaks none: every client but one on localhost \
          fails with `WRONG_VERSION_NUMBER`.",
    fix: "Put a proxy that ends TLS into the pod or in front of the Service, or protect the port by a \
          NetworkPolicy and leave the token out.",
    covers: &["S5"],
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              env:
                - name: SPARK_CONNECT_AUTHENTICATE_TOKEN  # wrong
                  value: a
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
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.running(Program::Connect) {
        const TOKEN: &str = "SPARK_CONNECT_AUTHENTICATE_TOKEN";
        // Another container of the pod, or a gateway, may be the proxy.
        let gateways = ["GRPCRoute", "TLSRoute", "Gateway", "VirtualService", "Ingress", "Route"];
        let has_proxy = process.pod.main_containers().len() > 1
            || stack.objects.iter().any(|object| gateways.contains(&object.kind()))
            || !stack.target.complete;
        if has_proxy {
            continue;
        }
        let message = "clients send a token by TLS only, and nothing here speaks TLS";
        if let Some(index) = items(&process.container.value["env"]).position(|entry| entry["name"] == TOKEN) {
            report.pod(&process.pod, process.container.path.key("env").index(index).key("name"), message);
        } else if let Some(token) = process.get("spark.connect.authenticate.token") {
            token.wrong_key(report, message);
        }
    }
}
