//! Spark in the objects of an install: its settings, wherever they are written, and the programs that read them.
//!
//! Settings lie in files of ConfigMaps, in arguments (`--conf k=v`), in JVM options (`-Dspark.k=v`), and in the custom
//! resources of operators. Each is kept with the place where it is written.

mod command;
pub(crate) mod file;
pub(crate) mod hive;
pub(crate) mod image;
pub(crate) mod keys;
pub(crate) mod memory;
mod mount;
mod process;
pub(crate) mod proxy;
mod resource;
pub(crate) mod rights;

use std::cell::OnceCell;
use std::rc::Rc;

use crate::context::Stack;
use crate::object::{Object, Pod, Role};
use crate::path::Path;
use crate::report::{Last, Report, Target};

pub(crate) use command::Program;
pub(crate) use mount::{Mounted, mounted, mounts};
pub(crate) use process::{Process, Words};
pub(crate) use resource::version_of;

/// Where something is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At {
    /// Index of the object.
    pub(crate) index: usize,
    /// Document of a ConfigMap in which the path lies.
    pub(crate) embedded: Option<String>,
    /// Where in the object or document.
    pub(crate) path: Path,
    /// Line of the text that lies there, from 0.
    pub(crate) line: Option<usize>,
}

/// A setting of Spark.
#[derive(Debug, Clone)]
pub(crate) struct Property {
    /// `spark.executor.memory`.
    pub(crate) key: String,
    /// What it is set to.
    pub(crate) value: String,
    /// Where.
    pub(crate) at: At,
}

/// A file of a ConfigMap with settings of Spark.
#[derive(Debug)]
pub(crate) struct ConfFile {
    /// Index of the ConfigMap.
    pub(crate) index: usize,
    /// Its key.
    pub(crate) name: String,
    /// Its lines.
    pub(crate) lines: Vec<file::Line>,
    /// Whether something fills in variables before Spark reads it, or rewrites it: what it says is not all.
    pub(crate) is_template: bool,
}

/// All of it.
#[derive(Debug)]
pub struct Spark<'s> {
    /// Files of settings.
    pub(crate) files: Vec<ConfFile>,
    /// What the containers of all pods say, init containers not among them.
    words: Vec<Rc<Words<'s>>>,
    /// Those of them that run Spark.
    pub(crate) processes: Vec<Process<'s>>,
    /// Custom resources.
    resources: Vec<Resource>,
    properties: OnceCell<Vec<Property>>,
}

/// A custom resource that makes an application.
#[derive(Debug)]
struct Resource {
    properties: Vec<Property>,
    version: Option<(u32, u32)>,
}

impl At {
    /// A path of an object.
    pub(crate) fn object(index: usize, path: Path) -> Self {
        Self { index, embedded: None, path, line: None }
    }

    /// A path of a pod.
    pub(crate) fn pod(pod: &Pod<'_>, path: Path) -> Self {
        Self { index: pod.index, embedded: pod.embedded.map(|document| document.key.clone()), path, line: None }
    }
}

impl Property {
    /// Its value is wrong.
    pub(crate) fn wrong<'r>(&self, report: &'r mut Report, message: impl Into<String>) -> Last<'r> {
        self.report(report, &self.value, message)
    }

    /// Its key is wrong.
    pub(crate) fn wrong_key<'r>(&self, report: &'r mut Report, message: impl Into<String>) -> Last<'r> {
        self.report(report, &self.key, message)
    }

    /// Where its value lies, for what can be mended here too.
    pub(crate) fn target(&self) -> Target {
        let At { index, embedded, path, line } = self.at.clone();
        match line {
            Some(line) => {
                let (word, key, value) = (self.value.clone(), self.key.clone(), self.value.clone());
                Target::Line { index, path, line, word, key, value }
            }
            None => Target::Object { index, embedded, path },
        }
    }

    fn report<'r>(&self, report: &'r mut Report, word: &str, message: impl Into<String>) -> Last<'r> {
        let At { index, path, line, .. } = &self.at;
        match line {
            Some(line) => report.line(*index, (path.clone(), *line), word, (&self.key, &self.value), message),
            None => report.part(*index, self.at.embedded.clone(), path.clone(), message),
        }
    }

    /// Whether it is switched on.
    pub(crate) fn is_true(&self) -> bool {
        self.value.eq_ignore_ascii_case("true")
    }
}

impl<'s> Spark<'s> {
    /// Reads a stack.
    pub(crate) fn of(stack: &'s Stack) -> Self {
        let files = conf_files(stack);
        let mut words = Vec::new();
        for pod in stack.pods() {
            let live = pod.containers().into_iter().filter(|c| matches!(c.role, Role::Main | Role::Sidecar));
            words.extend(live.map(|container| Rc::new(Words::of(stack, &pod, container))));
        }
        let processes = words.iter().filter_map(|words| process::process(stack, &files, words)).collect();
        let resources = stack.objects.iter().enumerate().filter_map(|(index, object)| {
            let properties = resource::of_resource(index, object);
            (!properties.is_empty()).then(|| Resource { properties, version: resource::version_of(object) })
        });
        Self { files, words, processes, resources: resources.collect(), properties: OnceCell::new() }
    }

    /// Every setting that is written anywhere, each once.
    pub(crate) fn properties(&self) -> &[Property] {
        self.properties.get_or_init(|| self.all_properties())
    }

    fn all_properties(&self) -> Vec<Property> {
        let of_files = self.files.iter().flat_map(ConfFile::properties);
        let of_processes = self.processes.iter().flat_map(|process| process.properties.iter().cloned());
        let of_resources = self.resources.iter().flat_map(|resource| resource.properties.iter().cloned());
        let mut all: Vec<Property> = Vec::new();
        for property in of_files.chain(of_processes).chain(of_resources) {
            if !all.iter().any(|known| known.at == property.at && known.key == property.key) {
                all.push(property);
            }
        }
        all
    }

    /// Sets of settings that hold together: of each program and each resource.
    pub(crate) fn sets(&self) -> Vec<Set<'_, 's>> {
        let of_processes = self.processes.iter().map(|process| Set {
            properties: &process.properties,
            process: Some(process),
            version: process.version(),
        });
        let of_resources = self.resources.iter().map(|resource| Set {
            properties: &resource.properties,
            process: None,
            version: resource.version,
        });
        of_processes.chain(of_resources).collect()
    }

    /// The newest version of Spark among the images.
    pub(crate) fn newest(&self) -> Option<(u32, u32)> {
        let of_resources = self.resources.iter().filter_map(|resource| resource.version);
        self.processes.iter().filter_map(Process::version).chain(of_resources).max()
    }

    /// What the containers say that live as long as their pods.
    pub(crate) fn main_words(&self) -> impl Iterator<Item = &Words<'s>> {
        self.words.iter().map(Rc::as_ref).filter(|words| words.container.role == Role::Main)
    }

    /// Programs of a kind.
    pub(crate) fn running(&self, program: Program) -> impl Iterator<Item = &Process<'s>> {
        self.processes.iter().filter(move |process| process.program == program)
    }
}

/// Settings that hold together.
pub(crate) struct Set<'p, 's> {
    /// The stronger ones last.
    pub(crate) properties: &'p [Property],
    /// Of which program.
    pub(crate) process: Option<&'p Process<'s>>,
    /// Version of Spark, if the image tells.
    pub(crate) version: Option<(u32, u32)>,
}

impl Set<'_, '_> {
    /// The setting that holds.
    pub(crate) fn get(&self, key: &str) -> Option<&Property> {
        self.properties.iter().rev().find(|property| property.key == key)
    }

    /// Whether it is switched on.
    pub(crate) fn is_on(&self, key: &str) -> bool {
        self.get(key).is_some_and(Property::is_true)
    }
}

impl ConfFile {
    /// The settings in it.
    pub(crate) fn properties(&self) -> impl Iterator<Item = Property> + '_ {
        self.lines.iter().filter(|line| line.key.starts_with("spark.")).map(|line| Property {
            key: line.key.clone(),
            value: line.value.clone(),
            at: self.at(line.number),
        })
    }

    /// Where a line of it lies.
    pub(crate) fn at(&self, line: usize) -> At {
        let path = Path::of("data").key(&self.name);
        At { index: self.index, embedded: None, path, line: Some(line) }
    }
}

/// The Service of the stack that a driver's address names, with its index.
pub(crate) fn driver_service<'s>(stack: &'s Stack, host: &Property) -> Option<(usize, &'s Object)> {
    let name = host.value.split('.').next()?;
    stack.of_kind("Service").find(|(_, service)| service.name() == name)
}

/// Files of ConfigMaps that hold settings of Spark.
fn conf_files(stack: &Stack) -> Vec<ConfFile> {
    let mut files = Vec::new();
    for (index, object) in stack.of_kind("ConfigMap") {
        for (name, text) in object.value["data"].as_object().into_iter().flatten() {
            let Some(text) = text.as_str().filter(|text| file::is_spark(name, text)) else { continue };
            let is_template = file::is_template(name) || is_filled_in(stack, object);
            files.push(ConfFile { index, name: name.clone(), lines: file::lines(text), is_template });
        }
    }
    files
}

/// Whether a pod that mounts a ConfigMap rewrites files before it reads them.
fn is_filled_in(stack: &Stack, map: &Object) -> bool {
    stack.pods().iter().filter(|pod| mounts(pod, map.name())).any(|pod| {
        let mut words = pod.containers().into_iter().flat_map(|c| c.words().map(str::to_owned).collect::<Vec<_>>());
        words.any(|word| ["envsubst", "sed ", "gomplate", "confd"].iter().any(|tool| word.contains(tool)))
    })
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use sparkyard_yaml::node;

    use super::*;
    use crate::context::Target;

    fn stack(text: &str) -> Stack {
        let mut stack = Stack::new(Target::under(Vec::new()));
        for (_, document) in sparkyard_render::documents(text) {
            if let Ok(Some(node)) = node::document(document) {
                stack.add_object(Object::of(node, document.to_owned(), "test".to_owned()));
            }
        }
        stack
    }

    const SERVER: &str = r#"
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  spark-defaults.conf: |
    # The driver.
    spark.master=k8s://https://kubernetes.default.svc
    spark.driver.memory=2g
    spark.app.name=file
  start.sh: |
    # --conf spark.app.name=comment
    exec spark-submit \
      --conf "spark.app.name=$NAME" --driver-memory 3g \
      --class org.apache.spark.sql.connect.service.SparkConnectServer
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  volumes:
    - name: conf
      projected: {sources: [{configMap: {name: conf}}]}
  containers:
    - name: a
      image: apache/spark:4.1.4
      command: [bash, /etc/spark/start.sh]
      env: [{name: SPARK_SUBMIT_OPTS, value: -Dspark.ui.port=4041}]
      volumeMounts: [{name: conf, mountPath: /etc/spark/}]
"#;

    #[test]
    fn settings_are_found_wherever_they_are() {
        let stack = stack(SERVER);
        let spark = Spark::of(&stack);
        let [server] = spark.processes.as_slice() else { panic!("{:?}", spark.processes) };
        assert_eq!((server.program, server.version()), (Program::Connect, Some((4, 1))));
        assert!(server.is_client_on_kubernetes() && !server.is_open);
        // Arguments are stronger than files.
        assert_eq!(server.value("spark.app.name"), Some("$NAME"));
        assert_eq!(server.value("spark.driver.memory"), Some("3g"));
        assert_eq!(server.value("spark.ui.port"), Some("4041"));
        let name = server.get("spark.app.name").map(|name| name.at.clone());
        assert_eq!(name, Some(At { index: 0, embedded: None, path: Path::of("data").key("start.sh"), line: Some(2) }));
    }

    #[test]
    fn a_line_of_a_file_is_shown() {
        let stack = stack(SERVER);
        let place = stack.blame_line(0, &Path::of("data").key("spark-defaults.conf"), 2, "2g", ("", "")).place;
        let place = place.expect("a place");
        assert_eq!((place.line, place.column, place.width), (8, 25, 2), "{}", place.text);
    }

    #[test]
    fn a_value_of_the_user_is_shown() {
        let template = indoc! {"
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf}
            data:
              spark-defaults.conf: |
                {{- with .Values.sparkConf }}
                {{- range $key, $value := . }}
                {{ $key }}={{ $value }}
                {{- end }}
                {{- end }}
        "};
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        let files = [
            file("Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n"),
            file("values.yaml", "sparkConf: {}\n"),
            file("templates/a.yaml", template),
        ];
        let chart = sparkyard_render::Chart::load(&files.into(), "").expect("a chart");
        let mine = "sparkConf:\n  spark.ui.port: \"4040\"\n  spark.executor.memory: 4Gi\n".to_owned();
        let mine = sparkyard_model::SourceText { name: "mine.yaml".into(), text: mine };
        let user = sparkyard_render::UserValues::of_files([mine]);
        let release = crate::Release { chart: &chart, name: "demo".into(), user, written: None };
        let stack = crate::install(&[release], stack("").target, &[], crate::Stage::Install).expect("objects");
        let findings = crate::check_stack(&stack);
        let places: Vec<_> =
            findings.iter().filter(|f| f.rule == "spark-value-type").map(|f| format!("{:?}", f.at)).collect();
        assert_eq!(places, ["Some(mine.yaml:3:26)"]);
    }

    #[test]
    fn other_programs_are_left_alone() {
        let pod = |command: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: a, command: {command}}}]}}\n"
            )
        };
        for command in
            ["[nginx]", "[sh, -c, \"exec app --conf a=b --master x\"]", "[app, --name, x]", "{a: b}", "null", "[1, 2]"]
        {
            assert!(Spark::of(&stack(&pod(command))).processes.is_empty(), "{command}");
        }
    }
}
