//! Keys of ConfigMaps and Secrets.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::grammar;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "config-keys",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Keys of ConfigMaps and Secrets are file names, and all data fits into one MiB",
    why: "The API server refuses the object. Keys become files in a volume, so a `/` or a space cannot be in them; etcd keeps \
          no object above about one MiB.",
    fix: "Use letters, digits, `-`, `_` and `.`; make a folder with `items` and `path` of the volume. Put large files into an \
          image or a bucket.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
        data:
          conf/spark.conf: a  # wrong
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
        data:
          spark.conf: a
    "}),
    check: Check::Stack(check),
};

const MOST: usize = 1024 * 1024;

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in api::of(stack, "", "ConfigMap").chain(api::of(stack, "", "Secret")) {
        let mut size = 0;
        for list in ["data", "binaryData", "stringData"] {
            for (key, value) in object.value[list].as_object().into_iter().flatten() {
                let length = value.as_str().map_or(0, str::len);
                // Base64 is a third longer than what it stands for.
                let encoded = list == "binaryData" || object.kind() == "Secret" && list == "data";
                size += if encoded { length / 4 * 3 } else { length };
                if !grammar::config_key(key) {
                    report.object(index, Path::of(list).key(key), format!("`{key}` cannot be a key"));
                }
                if list == "binaryData" && object.value["data"].get(key).is_some() {
                    report.object(index, Path::of(list).key(key), format!("`{key}` is in `data` too"));
                }
            }
        }
        if size > MOST {
            report.object(index, Path::of("data"), format!("it holds {size} bytes; {MOST} are allowed"));
        }
    }
}
