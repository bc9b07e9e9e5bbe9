//! Users that the kubelet cannot tell from root.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::image::{User, user};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "numeric-user",
    group: Group::Security,
    severity: Severity::Error,
    title: "A pod that must not run as root has a user with a number",
    why: "The kubelet reads the user of the image and cannot tell whether a name is root: `container has runAsNonRoot and image \
          has non-numeric user (spark)`. The container is never started.",
    fix: "Set runAsUser to the number of the image's user: 185 for Spark, 1000 for Hive, 999 for PostgreSQL. Not on OpenShift.",
    covers: &["Q04", "L63"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext: {runAsNonRoot: true}
          containers:
            - name: a
              image: docker.io/apache/spark:4.1.4
              securityContext:  # wrong
                allowPrivilegeEscalation: false
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          securityContext: {runAsNonRoot: true, runAsUser: 185}
          containers:
            - name: a
              image: docker.io/apache/spark:4.1.4
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    if stack.target.openshift {
        return;
    }
    for pod in stack.pods() {
        let of_pod = &pod.spec["securityContext"];
        for container in pod.containers() {
            let own = &container.value["securityContext"];
            let set = |key: &str| own.get(key).filter(|value| !value.is_null()).or(of_pod.get(key));
            let non_root = set("runAsNonRoot").is_some_and(|value| value == true);
            let has_number = set("runAsUser").is_some_and(|value| !value.is_null());
            let Some(image) = container.value["image"].as_str() else { continue };
            let what = match user(image) {
                Some(User::Named(name)) if non_root && !has_number => {
                    format!("its user is `{name}`, which is no number")
                }
                Some(User::Root) if non_root && !has_number => "its user is root".to_owned(),
                _ => continue,
            };
            let message =
                format!("container {} must not run as root and {image} does not start: {what}", container.name());
            report.pod(&pod, container.path.keys("securityContext.runAsUser"), message);
        }
    }
}
