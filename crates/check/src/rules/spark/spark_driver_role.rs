//! Drivers that may not do what drivers do.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::rights::{allows, is_bound, roles_of};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-driver-role",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The ServiceAccount of a driver may manage pods, ConfigMaps and Services",
    why: "The driver makes its executors and removes them by `deletecollection`. Without that verb everything \
          works until the first executor is to go: `pods is forbidden`, executors stay, and the driver ends with \
          an error.",
    fix: "Give its Role get, list, watch, create, patch, update, delete and deletecollection on pods, configmaps, \
          services and persistentvolumeclaims.",
    covers: &["S7", "L9", "L10"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=k8s://https://kubernetes.default.svc:443
            spark.driver.host=demo-driver.spark.svc
            spark.driver.port=7078
            spark.driver.blockManager.port=7079
            spark.kubernetes.driver.pod.name=${env:POD_NAME}
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml
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
          serviceAccountName: spark
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: spark
        rules:  # wrong
          - apiGroups: [""]
            resources: [pods, services, configmaps, persistentvolumeclaims]
            verbs: [get, list, watch, create, delete]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: spark
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: spark}
        subjects:
          - {kind: ServiceAccount, name: spark}
    "#}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=k8s://https://kubernetes.default.svc:443
            spark.driver.host=demo-driver.spark.svc
            spark.driver.port=7078
            spark.driver.blockManager.port=7079
            spark.kubernetes.driver.pod.name=${env:POD_NAME}
            spark.kubernetes.executor.podTemplateFile=/opt/spark/conf/executor.yaml
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
          serviceAccountName: spark
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: spark
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: spark
        rules:
          - apiGroups: [""]
            resources: [pods, services, configmaps, persistentvolumeclaims]
            verbs: [get, list, watch, create, update, patch, delete, deletecollection]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: spark
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: spark}
        subjects:
          - {kind: ServiceAccount, name: spark}
    "#}),
    check: Check::Spark(check),
};

/// What a driver calls, as seen on the wire.
const CALLS: [(&str, &[&str]); 3] = [
    ("pods", &["get", "list", "watch", "create", "deletecollection"]),
    ("configmaps", &["create", "deletecollection"]),
    ("services", &["deletecollection"]),
];

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in spark.processes.iter().filter(|process| process.is_client_on_kubernetes()) {
        let account = process.pod.spec["serviceAccountName"].as_str().unwrap_or("default");
        // An account that is not of the stack has its rights from somebody else.
        if stack.find("ServiceAccount", account).is_none() {
            continue;
        }
        let roles = roles_of(stack, account);
        if roles.is_empty() {
            if stack.target.complete && !is_bound(stack, account) {
                let path = process.pod.spec_path().key("serviceAccountName");
                report.pod(
                    &process.pod,
                    path,
                    format!("the driver runs as {account}, which no RoleBinding gives any right"),
                );
            }
            continue;
        }
        let mut missing = Vec::new();
        for (resource, verbs) in CALLS {
            let lacking: Vec<&str> = verbs
                .iter()
                .copied()
                .filter(|verb| !roles.iter().any(|(_, role)| allows(role, ("", resource), verb)))
                .collect();
            if !lacking.is_empty() {
                missing.push(format!("{} {resource}", lacking.join(", ")));
            }
        }
        // Claims on demand are made by the driver too.
        let on_demand = process
            .properties
            .iter()
            .any(|property| property.key.ends_with("options.claimName") && property.value == "OnDemand");
        if on_demand
            && !["list", "create", "deletecollection"]
                .iter()
                .all(|verb| roles.iter().any(|(_, role)| allows(role, ("", "persistentvolumeclaims"), verb)))
        {
            missing.push("list, create, deletecollection persistentvolumeclaims".to_owned());
        }
        if let Some((index, _)) = roles.first().filter(|_| !missing.is_empty()) {
            report.object(
                *index,
                Path::of("rules"),
                format!("the driver {} may not: {}", process.pod.id(), missing.join("; ")),
            );
        }
    }
}
