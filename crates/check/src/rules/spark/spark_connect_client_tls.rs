//! Clients and servers that do not speak alike.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::address::{Host, resolve};
use crate::context::Stack;
use crate::object::items;
use crate::related::{namespace, pods_behind};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark, proxy};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-client-tls",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Clients of Spark Connect speak TLS where the server does, and nowhere else",
    why: "Spark Connect itself speaks no TLS; a proxy does. A client that says `use_ssl=true`, or has a token, to the server \
          itself fails with `WRONG_VERSION_NUMBER`, and one that does not say it, to a proxy, with `Socket closed`. A token \
          that stands in the address is read by whoever may read the pod.",
    fix: "Write `sc://host:port/;use_ssl=true` where a proxy ends TLS, and leave it out elsewhere. Take the token from a \
          Secret, as `SPARK_CONNECT_AUTHENTICATE_TOKEN` (Spark 4) or as a variable that the address names.",
    covers: &["S5"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: connect}
        spec: {selector: {app: a}, ports: [{port: 15002}]}
        ---
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
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: notebook}
        spec:
          containers:
            - name: notebook
              image: quay.io/jupyter/minimal-notebook:python-3.12
              env:
                - name: SPARK_REMOTE
                  value: sc://connect:15002/;use_ssl=true  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Service
        metadata: {name: connect}
        spec: {selector: {app: a}, ports: [{port: 15002}]}
        ---
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
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: notebook}
        spec:
          containers:
            - name: notebook
              image: quay.io/jupyter/minimal-notebook:python-3.12
              env:
                - name: SPARK_REMOTE
                  value: sc://connect:15002
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            for (index, entry) in items(&container.value["env"]).enumerate() {
                let Some(address) = entry["value"].as_str().filter(|_| entry["name"] == "SPARK_REMOTE") else {
                    continue;
                };
                let at = container.path.key("env").index(index).key("value");
                if token(address).is_some_and(|token| !token.is_empty() && !token.contains("$(")) {
                    report.pod(&pod, at, "the token stands in the address, for whoever may read this pod");
                    continue;
                }
                let Some(behind_proxy) = server(spark, stack, namespace(stack, pod.object), address) else { continue };
                let by_tls = address.contains("use_ssl=true") || token(address).is_some();
                if by_tls && !behind_proxy {
                    report.pod(&pod, at, "the server speaks no TLS, and no proxy in its pod does");
                } else if !by_tls && behind_proxy {
                    report.pod(&pod, at, "a proxy in the server's pod wants TLS: `use_ssl=true` is missing");
                }
            }
        }
    }
}

/// The token in an address.
fn token(address: &str) -> Option<&str> {
    address.split(';').find_map(|parameter| parameter.strip_prefix("token="))
}

/// Whether the server of an address is behind a proxy; nothing if it is not of this install.
fn server(spark: &Spark<'_>, stack: &Stack, from: &str, address: &str) -> Option<bool> {
    let host = address.strip_prefix("sc://")?.split([':', '/']).next()?;
    let Host::Service(index) = resolve(stack, from, host) else { return None };
    let pods: Vec<String> = pods_behind(stack, stack.objects.get(index)?).iter().map(crate::object::Pod::id).collect();
    let mut servers = spark.running(Program::Connect).filter(|process| pods.contains(&process.pod.id()));
    // Of a pod with other containers, a proxy may be one whose files are not seen.
    let server = servers.next()?;
    let behind = proxy::is_behind_one(stack, server);
    (behind || server.pod.main_containers().len() == 1).then_some(behind)
}
