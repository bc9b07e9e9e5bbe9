//! Quotes in hive-site.xml.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::hive;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hive-site-quotes",
    group: Group::Spark,
    severity: Severity::Error,
    title: "Values in hive-site.xml and core-site.xml have no quotes",
    why: "Quotes are part of the value here: `\"true\"` is not true, and a URL in quotes is none. The path style \
          of S3 stays off, and the metastore looks for a host named after the bucket.",
    fix: "Write the value as it is, without quotes.",
    covers: &["D8", "L52"],
    bad: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db/metastore</value></property>
              <property><name>fs.s3a.path.style.access</name><value>"true"</value></property>  <!-- wrong -->
            </configuration>
    "#}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db/metastore</value></property>
              <property><name>fs.s3a.path.style.access</name><value>true</value></property>
            </configuration>
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, site) in hive::sites(stack) {
        for property in &site.properties {
            let value = &property.value;
            if value.len() > 1
                && (value.starts_with('"') && value.ends_with('"')
                    || value.starts_with("&quot;") && value.ends_with("&quot;"))
            {
                let at = (Path::of("data").key(site.name), property.line);
                let message = format!("the quotes are part of the value of `{}`", property.key);
                report.line(index, at, value, (&property.key, value), message);
            }
        }
    }
}
