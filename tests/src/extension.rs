//! A brick, a preset, a line and a platform of our own, each pushed into the catalogue at one place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sparkyard_model::{
    Brick, Catalogue, ImageRef, ImageSlot, Line, Platform, Port, Preset, SourceText, Values, Version,
};

/// Values of the brick.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EchoValues {
    /// The image.
    pub image: Image,
    /// What it says.
    pub greeting: String,
}

/// An image.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Image {
    /// Host of the registry.
    pub registry: String,
    /// Path in the registry.
    pub repository: String,
    /// Full tag.
    pub tag: String,
}

impl Default for EchoValues {
    fn default() -> Self {
        Self { image: Image::default(), greeting: "hello".to_owned() }
    }
}

/// The brick.
pub const BRICK: Brick = Brick {
    id: "echo",
    component: "echo",
    title: "Echo: says a word",
    why: "It shows that a brick needs one place.",
    provides: &[],
    needs: &[],
    needs_when: &[],
    ports: &[Port { name: "http", port: 8080, what: "HTTP" }],
    images: &[ImageSlot { key: "image", role: "echo" }],
    version: Version::Image("echo"),
    apis: &[],
    globals: &["stack", "imageRegistry"],
    jars: &[],
    python: None,
    shared_files: &[],
    shared_templates: &[],
    credentials: &[],
    keywords: &["echo"],
    sources: &["https://example.com/echo"],
    values: Values::of::<EchoValues>(),
};

/// Its files.
pub const FILES: [(&str, &str); 2] = [
    ("echo/templates/_notes.tpl", "{{- define \"echo.notes\" -}}\nEcho says {{ .Values.greeting }}.\n{{- end }}\n"),
    (
        "echo/templates/configmap.yaml",
        "{{- $id := dict \"root\" . \"name\" \"echo\" \"component\" \"echo\" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include \"sy.name\" $id }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include \"sy.labels\" $id | nindent 4 }}
data:
  greeting: {{ .Values.greeting | quote }}
  image: {{ include \"sy.image\" (dict \"root\" . \"image\" .Values.image) | quote }}
  composed: \"<@ line.id @> <@ shape @>\"
",
    ),
];

/// Adds the brick and its image on every line.
pub fn push_brick(catalogue: &mut Catalogue) {
    catalogue.bricks.push(BRICK);
    catalogue.files.extend(FILES.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    for line in &mut catalogue.lines {
        line.images.insert("echo".to_owned(), echo_image());
    }
}

/// Adds a preset of the brick alone.
pub fn push_preset(catalogue: &mut Catalogue) {
    let serde_json::Value::Object(values) = json!({"echo": {"greeting": "from the preset"}}) else { return };
    catalogue.presets.push(Preset {
        id: "shout".to_owned(),
        title: "Says a word".to_owned(),
        for_whom: "tests".to_owned(),
        why: "It shows that a preset needs one place.".to_owned(),
        lines: semver::VersionReq::STAR,
        bricks: vec!["echo".to_owned()],
        cost: "nothing".to_owned(),
        lacks: Vec::new(),
        next: "nothing".to_owned(),
        values,
        must_set: std::collections::BTreeMap::new(),
        must_make: Vec::new(),
        source: SourceText {
            name: "presets/shout.yaml".to_owned(),
            text: "values:\n  echo:\n    greeting: from the preset\n".to_owned(),
        },
    });
}

/// Adds a line: the newest one under another number.
pub fn push_line(catalogue: &mut Catalogue) {
    let Some(newest) = catalogue.lines.last().cloned() else { return };
    catalogue.lines.push(Line { id: "9.9".to_owned(), spark: semver::Version::new(9, 9, 1), ..newest });
}

/// Adds a platform that changes the brick's word.
pub fn push_platform(catalogue: &mut Catalogue) {
    let serde_json::Value::Object(values) = json!({"echo": {"greeting": "from the platform"}}) else { return };
    catalogue.platforms.push(Platform {
        id: "edge".to_owned(),
        title: "A small cluster".to_owned(),
        why: "It shows that a platform needs one place.".to_owned(),
        policy: "pss:restricted".to_owned(),
        values,
        api_versions: Vec::new(),
        source: SourceText {
            name: "presets/platforms/edge.yaml".to_owned(),
            text: "values:\n  echo:\n    greeting: from the platform\n".to_owned(),
        },
    });
}

fn echo_image() -> ImageRef {
    ImageRef {
        registry: "docker.io".to_owned(),
        repository: "example/echo".to_owned(),
        tag: "1.2.3".to_owned(),
        version: "1.2.3".to_owned(),
    }
}
