//! Containers that run Spark.

use std::rc::Rc;

use crate::context::Stack;
use crate::object::{Container, Pod, items};
use crate::report::{Last, Report};
use crate::spark::command::{self, Program, Token};
use crate::spark::mount::{maps_of, mounted, mounts};
use crate::spark::{ConfFile, Property, image, resource};

/// A container that runs a program of Spark, or one that belongs to it.
#[derive(Debug)]
pub(crate) struct Process<'s> {
    /// Its pod.
    pub(crate) pod: Pod<'s>,
    /// Its container.
    pub(crate) container: Container<'s>,
    /// What it runs.
    pub(crate) program: Program,
    /// Everything that its command line and scripts say, for a search.
    pub(crate) text: String,
    words: Rc<Words<'s>>,
    /// Its settings, the stronger ones last.
    pub(crate) properties: Vec<Property>,
    /// Whether settings may come from where nobody sees them: an image, a Secret, an object that is not known.
    pub(crate) is_open: bool,
}

impl Process<'_> {
    /// The setting that holds.
    pub(crate) fn get(&self, key: &str) -> Option<&Property> {
        self.properties.iter().rev().find(|property| property.key == key)
    }

    /// Its value.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(|property| property.value.as_str())
    }

    /// Whether it is switched on.
    pub(crate) fn is_on(&self, key: &str) -> bool {
        self.get(key).is_some_and(Property::is_true)
    }

    /// Something is wrong with its container, at a path from the container.
    pub(crate) fn wrong<'r>(&self, report: &'r mut Report, at: &str, message: impl Into<String>) -> Last<'r> {
        report.pod(&self.pod, self.container.path.keys(at), message)
    }

    /// Something is wrong with what its command line says: where a word stands in it.
    pub(crate) fn wrong_word<'r>(&self, report: &'r mut Report, word: &str, message: impl Into<String>) -> Last<'r> {
        self.words.wrong(report, word, message)
    }

    /// Whether its driver runs here and its executors are pods. Of a driver that Spark makes a pod for, Spark tells name,
    /// address and ports itself.
    pub(crate) fn is_client_on_kubernetes(&self) -> bool {
        let drives = matches!(self.program, Program::Connect | Program::Thrift | Program::Submit);
        let on_kubernetes = self.value("spark.master").is_some_and(|master| master.starts_with("k8s://"));
        let made_by_spark = self.pod.embedded.is_some();
        drives && on_kubernetes && !made_by_spark && self.value("spark.submit.deployMode") != Some("cluster")
    }

    /// Whether its image is one of Spark's own, of which it is known what is inside.
    pub(crate) fn has_official_image(&self) -> bool {
        self.container.value["image"].as_str().is_some_and(image::is_official)
    }

    /// Version of Spark, if the image tells.
    pub(crate) fn version(&self) -> Option<(u32, u32)> {
        image::spark_version(self.container.value["image"].as_str()?)
    }

    /// A variable of its environment that is written out.
    pub(crate) fn env(&self, key: &str) -> Option<&str> {
        self.container.env(key)
    }

    /// Whether its environment has a variable, however it is set.
    pub(crate) fn has_env(&self, key: &str) -> bool {
        items(&self.container.value["env"]).any(|entry| entry["name"] == key) || self.text.contains(&format!("{key}="))
    }
}

/// What the command line and the scripts of a container say.
#[derive(Debug)]
pub(crate) struct Words<'s> {
    /// All of it.
    pub(crate) text: String,
    tokens: Vec<Token>,
    /// Its pod.
    pub(crate) pod: Pod<'s>,
    /// The container.
    pub(crate) container: Container<'s>,
}

impl<'s> Words<'s> {
    /// Reads a container.
    pub(crate) fn of(stack: &'s Stack, pod: &Pod<'s>, container: Container<'s>) -> Self {
        let tokens = command::tokens(pod, &container, &mounted(stack, pod, &container));
        let text = tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        Self { text, tokens, pod: pod.clone(), container }
    }

    /// Something is wrong where a word stands.
    pub(crate) fn wrong<'r>(&self, report: &'r mut Report, word: &str, message: impl Into<String>) -> Last<'r> {
        match self.tokens.iter().find(|token| token.text.contains(word)) {
            Some(token) => {
                Property { key: String::new(), value: token.text.clone(), at: token.at.clone() }.wrong(report, message)
            }
            None => report.pod(&self.pod, self.container.path.key("command"), message),
        }
    }
}

/// What a container runs, if it is of Spark.
pub(crate) fn process<'s>(stack: &'s Stack, files: &[ConfFile], words: &Rc<Words<'s>>) -> Option<Process<'s>> {
    let (pod, container) = (&words.pod, &words.container);
    let mut text = words.text.clone();
    let program = command::program(container, &text).or_else(|| resource::program(pod, container))?;
    // The start scripts read these by themselves.
    for file in mounted(stack, pod, container).iter().filter(|file| file.key.ends_with("-env.sh")) {
        text.push(' ');
        text.push_str(file.text);
    }
    let mut of_files = files.iter().filter(|file| sees(stack, pod, file)).peekable();
    // An image of somebody's own may hold settings, unless a ConfigMap lies over them.
    let image = container.value["image"].as_str().unwrap_or_default();
    let is_baked = program != Program::Metastore && of_files.peek().is_none() && !image::is_official(image);
    let is_open = is_baked
        || items(&container.value["envFrom"]).next().is_some()
        || items(&pod.spec["volumes"]).flat_map(maps_of).any(|(name, _)| stack.find("ConfigMap", name).is_none())
        || files.iter().any(|file| file.is_template && sees(stack, pod, file))
        || has_secret_conf(pod, container);
    let mut properties: Vec<Property> = of_files.flat_map(ConfFile::properties).collect();
    // The operator makes options of the JVM of them.
    if pod.object.kind() == "SparkCluster" {
        properties.extend(resource::of_resource(pod.index, pod.object));
    }
    properties.extend(command::properties(&words.tokens));
    Some(Process {
        pod: pod.clone(),
        container: container.clone(),
        program,
        text,
        words: Rc::clone(words),
        properties,
        is_open,
    })
}

/// Whether a Secret is mounted where settings lie.
fn has_secret_conf(pod: &Pod<'_>, container: &Container<'_>) -> bool {
    items(&container.value["volumeMounts"])
        .filter(|mount| mount["mountPath"].as_str().is_some_and(|path| path.contains("conf")))
        .filter_map(|mount| items(&pod.spec["volumes"]).find(|volume| volume["name"] == mount["name"]))
        .any(|volume| {
            !volume["secret"].is_null()
                || items(&volume["projected"]["sources"]).any(|source| !source["secret"].is_null())
        })
}

/// Whether some container of a pod mounts a file: init containers copy them for the others.
fn sees(stack: &Stack, pod: &Pod<'_>, file: &ConfFile) -> bool {
    stack.objects.get(file.index).is_some_and(|map| mounts(pod, map.name()))
}
