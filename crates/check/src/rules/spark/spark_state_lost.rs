//! State that goes with the pod.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::{Pod, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};
use crate::spark::{Program, Spark, hive, mounts};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "spark-state-lost",
    group: Group::Spark,
    severity: Severity::Warning,
    title: "What has to outlive a pod does not lie in the pod",
    why: "A metastore with Derby keeps its tables in a file of the container: at the first restart every table is \
          gone, and the data stay behind without a name.",
    fix: "Use PostgreSQL or MySQL. For a demo, put Derby on a PersistentVolumeClaim.",
    covers: &["L19", "S10"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:derby:;databaseName=/tmp/metastore;create=true</value></property>  <!-- wrong -->
            </configuration>
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
              image: apache/hive:4.0.0
              env:
                - name: SERVICE_NAME
                  value: metastore
              volumeMounts:
                - {name: conf, mountPath: /opt/hive/conf}
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: conf
        data:
          hive-site.xml: |
            <configuration>
              <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db:5432/metastore</value></property>
            </configuration>
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
              image: apache/hive:4.0.0
              env:
                - name: SERVICE_NAME
                  value: metastore
              volumeMounts:
                - {name: conf, mountPath: /opt/hive/conf}
    "}),
    check: Check::Spark(check),
};

fn check<'s>(spark: &Spark<'s>, stack: &'s Stack, report: &mut Report) {
    for (index, site) in hive::sites(stack) {
        let Some(url) = site.properties.iter().find(|property| property.key == "javax.jdo.option.ConnectionURL") else {
            continue;
        };
        if !url.value.starts_with("jdbc:derby:") {
            continue;
        }
        let map = stack.objects.get(index).map_or("", |object| object.name());
        // A pod with a claim may keep it there.
        let keeps = |pod: &Pod<'_>| {
            pod.object.at("spec.volumeClaimTemplates").is_array()
                || items(&pod.spec["volumes"]).any(|volume| !volume["persistentVolumeClaim"].is_null())
        };
        if spark.running(Program::Metastore).any(|process| mounts(&process.pod, map) && !keeps(&process.pod)) {
            let at = (Path::of("data").key(site.name), url.line);
            report.line(index, at, &url.value, (&url.key, &url.value), "the tables are gone when the pod is");
        }
    }
}
