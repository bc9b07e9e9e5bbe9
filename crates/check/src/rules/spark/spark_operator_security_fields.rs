//! Security of an operator's pods that only its webhook applies.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::Object;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-operator-security-fields",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "The security of a SparkApplication's pods stands in their templates",
    why: "The fields `securityContext` and `podSecurityContext` of kubeflow's SparkApplication reach a pod only by the \
          operator's webhook. Where that is switched off, or does not watch the namespace, the pods are made without them: \
          Pod Security `restricted` refuses them, and elsewhere they run with more rights than were written down.",
    fix: "Write it into `template`: `spec.securityContext`, and `securityContext` of the container \
          `spark-kubernetes-driver` or `spark-kubernetes-executor`. Spark itself reads templates.",
    covers: &[],
    bad: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          driver:
            securityContext:  # wrong
              allowPrivilegeEscalation: false
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          name: a
        spec:
          driver:
            template:
              metadata: {labels: {app: a}}
              spec:
                containers:
                - name: spark-kubernetes-driver
                  securityContext:
                    allowPrivilegeEscalation: false
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        let spec = match object.kind() {
            "SparkApplication" => Path::of("spec"),
            "ScheduledSparkApplication" => Path::of("spec.template"),
            _ => continue,
        };
        for role in ["driver", "executor"] {
            for field in ["securityContext", "podSecurityContext"] {
                let path = spec.key(role).key(field);
                if is_set(object, &path) && !is_set(object, &spec.key(role).key("template")) {
                    report.object(index, path, format!("only the operator's webhook gives {role} pods this {field}"));
                }
            }
        }
    }
}

fn is_set(object: &Object, path: &Path) -> bool {
    !object.at(&path.to_string()).is_null()
}
