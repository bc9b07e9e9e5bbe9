//! Metastores that Spark does not understand.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::image::{parts, version};
use crate::spark::{Program, Spark};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hive-version",
    group: Group::Spark,
    severity: Severity::Error,
    title: "The metastore speaks what the version of Spark speaks",
    why: "Hive 4.0.1 and later took calls away that Spark's built-in client makes: `Invalid method name: \
          'get_table'`. Spark 3.5 has no client for Hive 4 at all.",
    fix: "Use Hive 3.1.3. With Spark 4.1, Hive 4.1 works with `spark.sql.hive.metastore.version` and the jars of \
          that Hive.",
    covers: &["S10", "L60"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.hadoop.hive.metastore.uris=thrift://metastore:9083
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
              image: apache/spark:3.5.9-scala2.12-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: metastore
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/hive:4.0.1  # wrong
              env:
                - name: SERVICE_NAME
                  value: metastore
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.hadoop.hive.metastore.uris=thrift://metastore:9083
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
              image: apache/spark:3.5.9-scala2.12-java17-python3-ubuntu
              command: [/opt/spark/bin/spark-submit, --class, org.apache.spark.sql.connect.service.SparkConnectServer]
              volumeMounts:
                - {name: conf, mountPath: /opt/spark/conf}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: metastore
          labels: {app: a}
        spec:
          containers:
            - name: a
              image: apache/hive:3.1.3
              env:
                - name: SERVICE_NAME
                  value: metastore
                - name: IS_RESUME
                  value: "true"
    "#}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for server in spark.running(Program::Metastore) {
        let (path, tag) = parts(server.container.value["image"].as_str().unwrap_or_default());
        let tag = tag.unwrap_or_default();
        let tag = tag.strip_prefix("standalone-metastore-").unwrap_or(tag);
        if path != "apache/hive" || version(tag).is_none_or(|(major, _)| major < 4) {
            continue;
        }
        // One that names its own client knows what it does, where there is one.
        let clients = spark
            .processes
            .iter()
            .filter(|process| process.properties.iter().any(|property| property.key.ends_with("hive.metastore.uris")));
        for client in clients {
            let named =
                client.get("spark.sql.hive.metastore.version").is_some_and(|named| named.value.starts_with('4'));
            let Some((major, minor)) = client.version() else { continue };
            if major < 4 || !named {
                server.wrong(
                    report,
                    "image",
                    format!("{} has Spark {major}.{minor}, which cannot talk to Hive {tag}", client.pod.id()),
                );
            }
        }
    }
}
