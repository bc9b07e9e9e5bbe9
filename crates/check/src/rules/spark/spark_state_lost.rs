//! State that goes with the pod.

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
    bad: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         hive-site.xml: |\n    \
         <configuration>\n      \
         <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:derby:;databaseName=/tmp/metastore;create=true</value></property>  <!-- wrong -->\n    \
         </configuration>\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/hive:4.0.0\n      \
         env:\n        \
         - name: SERVICE_NAME\n          \
         value: metastore\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/hive/conf}\n",
    ),
    good: Example::Manifests(
        "\
         apiVersion: v1\n\
         kind: ConfigMap\n\
         metadata:\n  \
         name: conf\n\
         data:\n  \
         hive-site.xml: |\n    \
         <configuration>\n      \
         <property><name>javax.jdo.option.ConnectionURL</name><value>jdbc:postgresql://db:5432/metastore</value></property>\n    \
         </configuration>\n\
         ---\n\
         apiVersion: v1\n\
         kind: Pod\n\
         metadata:\n  \
         name: a\n  \
         labels: {app: a}\n\
         spec:\n  \
         volumes:\n    \
         - name: conf\n      \
         configMap: {name: conf}\n  \
         containers:\n    \
         - name: a\n      \
         image: apache/hive:4.0.0\n      \
         env:\n        \
         - name: SERVICE_NAME\n          \
         value: metastore\n      \
         volumeMounts:\n        \
         - {name: conf, mountPath: /opt/hive/conf}\n",
    ),
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
