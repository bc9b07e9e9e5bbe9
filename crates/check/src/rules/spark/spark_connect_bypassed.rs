//! Ways past the proxy that asks for a token.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::policies::{Way, policies_of};
use crate::related::pods_behind;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Process, Program, Spark, proxy};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-connect-bypassed",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Spark Connect behind a proxy is reached through it alone",
    why: "A proxy in the pod ends TLS and asks for a token, and the server beside it does neither. While the server \
          listens to every address of the pod, whoever finds its port goes past the proxy and runs what they like with \
          the server's rights.",
    fix: "Set `spark.connect.grpc.binding.address` to `127.0.0.1` (Spark 4), and list the proxy's port alone in Services. \
          Spark 3.5 cannot be bound: close its port by a NetworkPolicy.",
    covers: &["S5"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.connect.grpc.binding.address=0.0.0.0_wrong
            spark.connect.grpc.binding.port=15003
          envoy.yaml: |
            endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 15003}}}
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
            - name: proxy
              image: envoyproxy/envoy:distroless-v1.40.0
              volumeMounts:
                - {name: conf, mountPath: /etc/envoy}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.connect.grpc.binding.address=127.0.0.1
            spark.connect.grpc.binding.port=15003
          envoy.yaml: |
            endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 15003}}}
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
            - name: proxy
              image: envoyproxy/envoy:distroless-v1.40.0
              volumeMounts:
                - {name: conf, mountPath: /etc/envoy}
    "}),
    check: Check::Spark(check),
};

const ADDRESS: &str = "spark.connect.grpc.binding.address";
const PORT: &str = "spark.connect.grpc.binding.port";

fn check(spark: &Spark<'_>, stack: &Stack, report: &mut Report) {
    for process in spark.running(Program::Connect).filter(|process| proxy::is_behind_one(stack, process)) {
        if process.version().is_some_and(|(major, _)| major < 4) {
            unbound(process, stack, report);
        } else {
            bound(process, report);
        }
        listed(process, stack, report);
    }
}

/// Spark 4 is told where to listen.
fn bound(process: &Process<'_>, report: &mut Report) {
    let is_loopback = |address: &str| address.starts_with("127.") || address == "localhost" || address == "::1";
    match process.get(ADDRESS) {
        Some(address) if is_loopback(&address.value) => {}
        Some(address) => {
            let message =
                format!("the server listens to `{}`, so that its port is open beside the proxy's", address.value);
            address.wrong(report, message);
        }
        None if process.is_open => {}
        None => {
            let message =
                format!("the server listens to every address of the pod, beside its proxy: `{ADDRESS}` is not set");
            match process.get(PORT) {
                Some(port) => port.wrong(report, message),
                None => process.wrong(report, "name", message),
            };
        }
    }
}

/// Spark 3.5 listens to every address.
fn unbound(process: &Process<'_>, stack: &Stack, report: &mut Report) {
    if policies_of(stack, &process.pod, Way::In).is_empty() && stack.target.complete {
        let message =
            "Spark 3.5 listens to every address of the pod, beside its proxy, and no NetworkPolicy closes its port";
        match process.get(PORT) {
            Some(port) => port.wrong(report, message),
            None => process.wrong(report, "name", message),
        };
    }
}

/// A Service that lists the server's own port.
fn listed(process: &Process<'_>, stack: &Stack, report: &mut Report) {
    let own = proxy::own_port(process);
    for (index, service) in stack.of_kind("Service") {
        if !pods_behind(stack, service).iter().any(|pod| pod.id() == process.pod.id()) {
            continue;
        }
        for (at, port) in items(service.at("spec.ports")).enumerate() {
            let target = if port["targetPort"].is_null() { &port["port"] } else { &port["targetPort"] };
            let named = |name: &str| {
                items(&process.container.value["ports"]).any(|it| it["name"] == name && it["containerPort"] == own)
            };
            if target.as_u64() == Some(own) || target.as_str().is_some_and(named) {
                let place = Path::of("spec.ports").index(at);
                report.object(index, place, format!("leads to the port {own} of the server, past its proxy"));
            }
        }
    }
}
