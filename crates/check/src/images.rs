//! Every image that objects name, wherever they name it.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde::Serialize;
use serde_json::Value;

use crate::object::{Object, walk};
use crate::path::{Here, Path};

/// When something is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// As long as the release is there.
    Run,
    /// Around an install, upgrade or removal.
    Hook,
    /// By `helm test`.
    Test,
}

impl When {
    /// When an object's pods are.
    pub fn of(object: &Object) -> Self {
        if object.is_test() {
            When::Test
        } else if object.hook.is_empty() {
            When::Run
        } else {
            When::Hook
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            When::Run => "run",
            When::Hook => "hook",
            When::Test => "test",
        }
    }
}

/// A place that names an image.
#[derive(Debug, Clone)]
pub struct NamedImage<'o> {
    /// As it is written: `docker.io/apache/spark:4.1.4`.
    pub image: String,
    /// The object.
    pub object: &'o Object,
    /// Where in it: `spec.template.spec.containers[0].image`; for a document of a ConfigMap its key in brackets first.
    pub place: String,
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let part = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
    regex(&format!(
        "^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/)?{part}(?:/{part})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?(?:@[a-z0-9]+:[0-9a-fA-F]{{32,}})?$"
    ))
});

/// `spark.kubernetes.container.image` and its kin, but not what goes on: `.pullPolicy`.
static SPARK_KEY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^spark\.kubernetes\.(?:(?:driver|executor)\.)?container\.image$"));

/// Texts that hold files, arguments or scripts: settings of Spark in any notation, keys of YAML and JSON, `--image`.
static IN_TEXT: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let value = r#"["']?([^\s"',}\]]+)"#;
    [
        regex(&format!(
            r#"spark\.kubernetes\.(?:(?:driver|executor)\.)?container\.image["']?[ \t]*[=:, \t][ \t]*{value}"#
        )),
        regex(&format!(r#"(?m)(?:^|[\s{{,-])["']?[A-Za-z]*[iI]mage["']?:[ \t]+{value}"#)),
        regex(&format!(r"--image[= \t]{value}")),
    ]
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}

/// Every place of these objects that names an image, in their order: containers of pods and of pod templates in
/// custom resources and ConfigMaps, fields of custom resources, Spark's settings, arguments, scripts, and variables
/// whose name ends in `IMAGE`.
pub fn images<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Vec<NamedImage<'o>> {
    let mut found = Vec::new();
    for object in objects {
        let documents = object.embedded.iter().map(|document| (format!("[{}]", document.key), &document.value));
        for (prefix, value) in std::iter::once((String::new(), &object.value)).chain(documents) {
            walk(value, &Path::root(), &mut |here, value| {
                for image in named(here, value) {
                    found.push(NamedImage { image, object, place: format!("{prefix}{}", here.path()) });
                }
            });
        }
    }
    found
}

/// The images that one value names; of a map, the one that its variable holds.
fn named(here: &Here<'_>, value: &Value) -> Vec<String> {
    let is_image = |text: &&str| REFERENCE.is_match(text);
    match value {
        Value::String(text) => {
            let key = here.key().unwrap_or_default();
            if key == "image" || key.ends_with("Image") || SPARK_KEY.is_match(key) {
                return Some(text.as_str()).filter(is_image).map(str::to_owned).into_iter().collect();
            }
            in_text(text)
        }
        Value::Object(map) => {
            let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
            let value = map.get("value").and_then(Value::as_str).filter(|_| name.ends_with("IMAGE"));
            // A volume that is an image.
            let volume = map.get("image").and_then(|image| image.get("reference")).and_then(Value::as_str);
            value.into_iter().chain(volume).filter(is_image).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, pattern) in IN_TEXT.iter().enumerate() {
        for captures in pattern.captures_iter(text) {
            let Some(value) = captures.get(1).map(|value| value.as_str()) else { continue };
            // In prose a word may follow `image:`; what is to be pulled has a tag, a digest or a repository.
            let is_plain_word = index > 0 && !value.contains(['/', ':', '@']);
            if REFERENCE.is_match(value) && !is_plain_word {
                found.push(value.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use sparkyard_yaml::node;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let object =
            Object::of(node::document(text).expect("yaml").expect("a document"), text.to_owned(), "test".to_owned());
        images([&object]).into_iter().map(|named| named.image).collect()
    }

    #[test]
    fn images_are_found_wherever_they_are_named() {
        for (text, wanted) in [
            ("kind: Pod\nspec: {containers: [{image: 'a/b:1'}], initContainers: [{image: c}]}\n", &["a/b:1", "c"][..]),
            ("kind: Unknown\nspec: {deep: [{driver: {image: h.io/x/y:2}}], initImage: z:3}\n", &["h.io/x/y:2", "z:3"]),
            ("kind: Unknown\nspec: {sparkConf: {spark.kubernetes.executor.container.image: s:1}}\n", &["s:1"]),
            ("kind: Pod\nspec: {containers: [{env: [{name: WORKER_IMAGE, value: w:1}]}]}\n", &["w:1"]),
            ("kind: Pod\nspec: {volumes: [{name: m, image: {reference: h.io/m:1}}]}\n", &["h.io/m:1"]),
            (
                "kind: Pod\nspec: {containers: [{args: [--conf, spark.kubernetes.container.image=x/s:1, '-Dspark.kubernetes.driver.container.image=x/d:1']}]}\n",
                &["x/s:1", "x/d:1"],
            ),
            (
                indoc! {"
                    kind: ConfigMap
                    data:
                      spark-defaults.conf: |
                        spark.kubernetes.container.image  h.io:5000/s:1
                        spark.kubernetes.container.image.pullPolicy Always
                "},
                &["h.io:5000/s:1"],
            ),
            (
                "kind: ConfigMap\ndata:\n  a.py: 'conf.set(\"spark.kubernetes.container.image\", \"p/s:1\")'\n",
                &["p/s:1"],
            ),
            ("kind: ConfigMap\ndata:\n  a.json: '{\"image\": \"j/s:1\", \"image/png\": \"AAA\"}'\n", &["j/s:1"]),
            ("kind: ConfigMap\ndata:\n  a.sh: kubectl run x --image=k/s:1 --rm\n", &["k/s:1"]),
            // Once as text, once as the document that it is.
            (
                indoc! {"
                    kind: ConfigMap
                    data:
                      e.yaml: |
                        kind: Pod
                        spec: {containers: [{image: e/s:1}]}
                "},
                &["e/s:1"; 2],
            ),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_image_is_left_alone() {
        for text in [
            indoc! {"
                kind: ConfigMap
                data:
                  a.md: 'the image: a picture'
                  b.sh: 'image: $IMAGE'
            "},
            "kind: Pod\nspec: {containers: [{imagePullPolicy: Always, image: ''}]}\n",
            "kind: Unknown\nspec: {image: {repository: a, tag: b}}\n",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
