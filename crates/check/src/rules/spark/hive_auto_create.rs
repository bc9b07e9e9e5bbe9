//! Schemas that are made on the way.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::hive;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hive-auto-create",
    group: Group::Spark,
    severity: Severity::Error,
    title: "A metastore on PostgreSQL has its schema before it starts",
    why: "With `datanucleus.schema.autoCreateAll` tables are made one by one, and on PostgreSQL the first CREATE \
          TABLE waits for a lock that its own connection holds: it hangs for ever.",
    fix: "Run `schematool -initSchema` in an init container or a Job and set `datanucleus.schema.autoCreateAll` to \
          false.",
    covers: &["S10"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db/metastore</value></property>
              <property><name>datanucleus.schema.autoCreateAll</name><value>true</value></property>  <!-- wrong -->
            </configuration>
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db/metastore</value></property>
              <property><name>datanucleus.schema.autoCreateAll</name><value>false</value></property>
            </configuration>
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, site) in hive::sites(stack) {
        let on_postgres = site.properties.iter().any(|property| property.value.starts_with("jdbc:postgresql:"));
        for property in site.properties.iter().filter(|property| property.key == "datanucleus.schema.autoCreateAll") {
            if on_postgres && property.value == "true" {
                let at = (Path::of("data").key(site.name), property.line);
                report.line(
                    index,
                    at,
                    &property.key,
                    (&property.key, &property.value),
                    "PostgreSQL hangs when the schema is made this way",
                );
            }
        }
    }
}
