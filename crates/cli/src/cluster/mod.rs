//! The user's cluster, over the user's own `kubectl` and `helm`.
//!
//! Not the kube crate: helm is needed anyway and kubectl is on every machine that has it. Both know every way to log in
//! (plug-ins, proxies, cloud tokens), this program then needs no TLS and no client of its own, and what it does can be
//! shown as commands that a person may paste.

mod read_error;
mod releases;

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use serde_json::Value;
use sparkyard_diagnose::{Log, Observed, wanted_logs};
use sparkyard_model::Finding;
use sparkyard_pack::cause;

pub(crate) use self::read_error::read_error;
pub(crate) use self::releases::{Installed, installed, stacks};
use crate::args::ClusterArgs;
use crate::up::quoted;

/// Seconds that the API server may take for an answer.
const PATIENCE: &str = "--request-timeout=20s";
/// Kinds that tell how a stack fares.
const KINDS: &str = "pods,events,persistentvolumeclaims,deployments,statefulsets,replicasets,jobs,cronjobs";
/// Lines of a log that are read.
const TAIL: &str = "--tail=200";

/// A namespace of a cluster.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    /// The context that the user named.
    asked: Option<String>,
    /// The context of every call: the one that was named, else the one that was current at first. Another terminal may make
    /// another one current meanwhile, and helm's own environment may name one that kubectl does not know of.
    context: Option<String>,
    /// The namespace.
    pub(crate) namespace: String,
}

impl Cluster {
    pub(crate) fn of(args: &ClusterArgs) -> Self {
        let asked = args.context.clone();
        Self { context: asked.clone().or_else(current), asked, namespace: args.namespace.clone() }
    }

    /// The namespace of a context that is known.
    pub(crate) fn in_context(context: &str, namespace: &str) -> Self {
        let context = Some(context.to_owned());
        Self { asked: context.clone(), context, namespace: namespace.to_owned() }
    }

    /// Another namespace of the same cluster.
    pub(crate) fn namespace(&self, name: &str) -> Self {
        Self { namespace: name.to_owned(), ..self.clone() }
    }

    /// The words that a person types before those of a kubectl command.
    pub(crate) fn kubectl_words(&self) -> String {
        self.words("kubectl")
    }

    /// A program, and where it is to act as kubectl and `sparkyard` are told.
    pub(crate) fn words(&self, program: &str) -> String {
        let context = self.asked.as_ref().map(|name| format!(" --context {}", quoted(name))).unwrap_or_default();
        format!("{program}{context} -n {}", self.namespace)
    }

    /// The same for what follows a helm command.
    pub(crate) fn helm_words(&self) -> String {
        let context = self.asked.as_ref().map(|name| format!(" --kube-context {}", quoted(name))).unwrap_or_default();
        format!("-n {}{context}", self.namespace)
    }

    /// A kubectl of this context and namespace.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        if let Some(context) = &self.context {
            command.args(["--context", context]);
        }
        command.args(["--namespace", &self.namespace]).args(args);
        command
    }

    /// What kubectl prints.
    pub(crate) fn kubectl(&self, args: &[&str]) -> Result<String, Finding> {
        output(self.command(&[&[PATIENCE], args].concat()), None)
    }

    /// The same of what may take longer than a request.
    pub(crate) fn kubectl_patiently(&self, args: &[&str]) -> Result<String, Finding> {
        output(self.command(args), None)
    }

    /// What kubectl prints when it is given a document.
    pub(crate) fn kubectl_with(&self, args: &[&str], document: &Value) -> Result<String, Finding> {
        output(self.command(&[&[PATIENCE], args].concat()), Some(&document.to_string()))
    }

    /// What kubectl prints with `-o json`.
    pub(crate) fn json(&self, args: &[&str]) -> Result<Value, Finding> {
        let text = self.kubectl(&[args, &["-o", "json"]].concat())?;
        parse(&text)
    }

    /// An object; `None` when it is not there.
    pub(crate) fn find(&self, kind: &str, name: &str) -> Result<Option<Value>, Finding> {
        let text = self.kubectl(&["get", kind, name, "--ignore-not-found", "-o", "json"])?;
        if text.trim().is_empty() { Ok(None) } else { parse(&text).map(Some) }
    }

    /// Objects of kinds, as far as they may be listed.
    pub(crate) fn list(&self, kinds: &str) -> Vec<Value> {
        // kubectl prints what it may list and fails for the rest.
        let made = self.command(&[PATIENCE, "get", kinds, "-o", "json"]).output();
        let list = made.ok().and_then(|made| serde_json::from_slice::<Value>(&made.stdout).ok());
        match list.map(|mut list| list["items"].take()) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        }
    }

    /// What helm prints.
    pub(crate) fn helm(&self, args: &[&str]) -> Result<String, Finding> {
        let mut command = Command::new("helm");
        command.args(args).args(["--namespace", &self.namespace]);
        if let Some(context) = &self.context {
            command.args(["--kube-context", context]);
        }
        output(command, None)
    }

    /// What there is to see of a stack: its objects, and the logs that tell why.
    pub(crate) fn observe(&self, stack: &str) -> Result<Observed, Finding> {
        let mut objects = match self.json(&["get", KINDS])? {
            Value::Object(mut list) => match list.remove("items") {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        objects.extend(self.list("resourcequotas,limitranges"));
        objects.extend(self.list("storageclasses"));
        let mut observed = Observed::of_stack(stack, objects);
        for wanted in wanted_logs(&observed) {
            let mut args = vec!["logs", &wanted.pod, "-c", &wanted.container, TAIL];
            if wanted.previous {
                args.push("--previous");
            }
            // A container that is gone meanwhile has no log.
            if let Ok(text) = self.kubectl(&args) {
                observed.logs.push(Log { pod: wanted.pod.clone(), container: wanted.container.clone(), text });
            }
        }
        Ok(observed)
    }

    /// Address of the API server, and the name of the context.
    pub(crate) fn place(&self) -> Result<(String, String), Finding> {
        let view = self.json(&["config", "view", "--minify"])?;
        let name = self.context.clone().or_else(|| view["current-context"].as_str().map(str::to_owned));
        let server = view["clusters"][0]["cluster"]["server"].as_str().unwrap_or_default().to_owned();
        Ok((name.unwrap_or_default(), server))
    }

    /// Version of Kubernetes: `1.34`.
    pub(crate) fn version(&self) -> Result<String, Finding> {
        let version = self.json(&["version"])?;
        let git = version["serverVersion"]["gitVersion"].as_str().unwrap_or_default();
        let mut parts = git.trim_start_matches('v').split(['.', '-', '+']);
        match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) if !major.is_empty() => Ok(format!("{major}.{minor}")),
            _ => Err(Finding::error("cluster-refuses", format!("the cluster does not say its version: `{git}`"))),
        }
    }

    /// What the cluster serves: `apps/v1`.
    pub(crate) fn api_versions(&self) -> Result<Vec<String>, Finding> {
        Ok(self.kubectl(&["api-versions"])?.lines().map(|line| line.trim().to_owned()).collect())
    }
}

/// The context that is current now; nothing without a kubeconfig, as in a pod.
fn current() -> Option<String> {
    let mut command = Command::new("kubectl");
    command.args(["config", "current-context"]);
    output(command, None).ok().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn parse(text: &str) -> Result<Value, Finding> {
    serde_json::from_str(text).map_err(|error| {
        Finding::error("cluster-refuses", format!("kubectl printed something that is no JSON: {error}"))
    })
}

/// Runs a program to its end.
fn output(mut command: Command, stdin: Option<&str>) -> Result<String, Finding> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| missing(&program, &error))?;
    if let (Some(text), Some(mut pipe)) = (stdin, child.stdin.take()) {
        // A program that ends early says why itself.
        let _ = pipe.write_all(text.as_bytes());
    }
    let done = child.wait_with_output().map_err(|error| missing(&program, &error))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    Err(read_error(&program, &String::from_utf8_lossy(&done.stderr)))
}

/// There is no such program.
pub(crate) fn missing(program: &str, error: &std::io::Error) -> Finding {
    if error.kind() != ErrorKind::NotFound {
        return Finding::error("no-program", format!("cannot run {program}: {}", cause(error)));
    }
    let help = match program {
        "helm" => {
            "install Helm 3.14 or newer (https://helm.sh/docs/intro/install); `--dry-run` needs neither helm nor a cluster"
        }
        _ => {
            "install kubectl (https://kubernetes.io/docs/tasks/tools) or link `oc` to that name; `--dry-run` needs neither kubectl nor a cluster"
        }
    };
    Finding::error(&format!("no-{program}"), format!("there is no `{program}` on PATH")).help(help)
}
