//! Submitters that may not do what Spark 4.2 does.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;
use crate::spark::rights::{allows, roles_of};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-submit-role",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A ServiceAccount that submits Spark 4.2 jobs may make NetworkPolicies",
    why: "Since 4.2 `spark-submit` in cluster mode makes a NetworkPolicy for each job. Without the right to do so \
          it ends with 403 and the job never starts.",
    fix: "Give its Role create and patch on networkpolicies of networking.k8s.io, or take the step out with \
          `spark.kubernetes.driver.pod.excludedFeatureSteps`.",
    covers: &["S7"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          serviceAccountName: spark
          containers:
            - name: a
              image: apache/spark:4.2.1-scala2.13-java21-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --master, "k8s://https://kubernetes.default.svc", --deploy-mode, cluster, job.py]
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
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          labels: {app: a}
        spec:
          serviceAccountName: spark
          containers:
            - name: a
              image: apache/spark:4.2.1-scala2.13-java21-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --master, "k8s://https://kubernetes.default.svc", --deploy-mode, cluster, job.py]
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
          - apiGroups: [networking.k8s.io]
            resources: [networkpolicies]
            verbs: [create, patch]
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

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for process in &spark.processes {
        let is_cluster = process.value("spark.submit.deployMode") == Some("cluster")
            && process.value("spark.master").is_some_and(|master| master.starts_with("k8s://"));
        let excluded = process.value("spark.kubernetes.driver.pod.excludedFeatureSteps").is_some();
        if !is_cluster || excluded || process.version() < Some((4, 2)) {
            continue;
        }
        let roles = roles_of(stack, process.pod.spec["serviceAccountName"].as_str().unwrap_or("default"));
        let may =
            |verb: &str| roles.iter().any(|(_, role)| allows(role, ("networking.k8s.io", "networkpolicies"), verb));
        if let Some((index, _)) = roles.first().filter(|_| !may("create") || !may("patch")) {
            report.object(
                *index,
                Path::of("rules"),
                format!("{} submits jobs of Spark 4.2 and may not make NetworkPolicies", process.pod.id()),
            );
        }
    }
}
