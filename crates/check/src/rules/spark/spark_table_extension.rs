//! Catalogs of table formats that are half set up.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::Spark;

/// Start of the class of a catalog, the class that must stand in `spark.sql.extensions`, and what fails without it.
const FORMATS: [(&str, &str, &str); 2] = [
    (
        "org.apache.iceberg.spark.",
        "IcebergSparkSessionExtensions",
        "`CALL`, and `ALTER TABLE` of partitions and branches",
    ),
    ("org.apache.spark.sql.delta.catalog.", "DeltaSparkSessionExtension", "every command on a Delta table"),
];

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-table-extension",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A catalog of Iceberg or Delta has its extension",
    why: "Tables are made and read by the catalog alone, but the grammar of a format's commands comes from its \
          extension. Without it they fail as syntax errors, on the day when somebody tidies up. An application \
          that sets `spark.sql.extensions` for itself takes away what was there: the value is one list.",
    fix: "Add the extension to `spark.sql.extensions`, after a comma if others are there.",
    covers: &["L80"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.sql.catalog.wrong=org.apache.iceberg.spark.SparkCatalog
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
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          spark-defaults.conf: |
            spark.master=local[1]
            spark.sql.catalog.spark_catalog=org.apache.iceberg.spark.SparkSessionCatalog
            spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions
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
    "}),
    check: Check::Spark(check),
};

fn check(spark: &Spark<'_>, _: &Stack, report: &mut Report) {
    for set in spark.sets() {
        let extensions = set.get("spark.sql.extensions").map(|property| property.value.as_str()).unwrap_or_default();
        for catalog in set.properties.iter().filter(|property| is_catalog(&property.key)) {
            for (class, extension, fails) in FORMATS {
                if catalog.value.starts_with(class) && !extensions.contains(extension) && !extensions.contains('$') {
                    catalog.wrong(
                        report,
                        format!(
                            "`{}` is set and {extension} is not in `spark.sql.extensions`: {fails} fail",
                            catalog.key
                        ),
                    );
                }
            }
        }
    }
}

/// `spark.sql.catalog.<name>`, which holds a class; what lies deeper are the options of that catalog.
fn is_catalog(key: &str) -> bool {
    key.strip_prefix("spark.sql.catalog.").is_some_and(|name| !name.contains('.'))
}
