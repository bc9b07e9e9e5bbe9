//! Workload identities that no ServiceAccount has.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Pod, items};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Spark, mounts};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "s3a-web-identity",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Who goes to S3 by a workload identity has a ServiceAccount with a role",
    why: "AWS gives a pod the token and the name of its role only if its ServiceAccount is annotated. Executors have a \
          ServiceAccount of their own, and are forgotten: the driver lists the bucket, and every task that reads fails with \
          `Unable to load credentials`.",
    fix: "Annotate each ServiceAccount, that of the executors too: `eks.amazonaws.com/role-arn: arn:aws:iam::...`.",
    covers: &[],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: a
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.hadoop.fs.s3a.aws.credentials.provider=software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          serviceAccountName: a  # wrong
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: a
          annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/spark"}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.hadoop.fs.s3a.aws.credentials.provider=software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
        spec:
          serviceAccountName: a
          volumes:
            - name: conf
              configMap: {name: conf}
          containers:
            - name: a
              image: apache/spark:4.1.4-scala2.13-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-class, org.apache.spark.deploy.history.HistoryServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
    "#}),
    check: Check::Spark(check),
};

/// The setting, and what all classes for this are called like.
const PROVIDER: &str = "spark.hadoop.fs.s3a.aws.credentials.provider";
const CLASS: &str = "WebIdentityToken";
/// The annotation, and the variable that stands for it when somebody mounts the token by hand.
const ROLE: (&str, &str) = ("eks.amazonaws.com/role-arn", "AWS_ROLE_ARN");

fn check(spark: &Spark<'_>, stack: &Stack, report: &mut Report) {
    let pods = stack.pods();
    for process in spark.processes.iter().filter(|process| process.value(PROVIDER).is_some_and(|v| v.contains(CLASS))) {
        without_role(&process.pod, stack, report);
        let executors = |pod: &&Pod<'_>| pod.embedded.is_some() && mounts(&process.pod, pod.object.name());
        for executor in pods.iter().filter(executors) {
            without_role(executor, stack, report);
        }
    }
}

fn without_role(pod: &Pod<'_>, stack: &Stack, report: &mut Report) {
    let name = pod.spec["serviceAccountName"].as_str().unwrap_or("default");
    let by_hand = pod.containers().iter().any(|one| items(&one.value["env"]).any(|entry| entry["name"] == ROLE.1));
    // An account that somebody else makes may have the role.
    let Some(account) = stack.find("ServiceAccount", name).filter(|_| !by_hand) else { return };
    if account.annotation(ROLE.0).is_none_or(str::is_empty) {
        let message = format!("the ServiceAccount `{name}` has no role, and S3 is asked with the identity of this pod");
        report.pod(pod, pod.spec_path().key("serviceAccountName"), message);
    }
}
