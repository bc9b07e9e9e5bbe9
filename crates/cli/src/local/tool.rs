//! minikube and kind: how each is asked and told.

use std::io::ErrorKind;

use serde_json::Value;
use sparkyard_check::items;
use sparkyard_model::Finding;

pub(super) use crate::args::Tool;

use super::driver::Driver;
use super::size::Size;
use super::step::Step;
use crate::env;

/// Name of the cluster.
pub(super) const NAME: &str = "sparkyard";

/// How a cluster is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// There is none.
    Missing,
    /// It is there and does not run.
    Stopped,
    /// Its creation was cut off: it never ran.
    Half,
    /// It runs.
    Runs,
}

/// A cluster as its tool sees it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// How it is.
    pub(super) state: State,
    /// CPUs and MiB that it was given; 0 is no bound.
    pub(super) has: Option<(u64, u64)>,
    /// What it runs in, where the tool says so.
    pub(super) driver: Option<String>,
    /// The containers that are its nodes, where they are started without the tool.
    nodes: Vec<String>,
}

impl Found {
    /// None.
    pub(super) fn nothing() -> Self {
        Self { state: State::Missing, has: None, driver: None, nodes: Vec::new() }
    }
}

impl Tool {
    /// Its program.
    pub(super) fn program(self) -> &'static str {
        match self {
            Tool::Minikube => "minikube",
            Tool::Kind => "kind",
        }
    }

    /// The context that it writes into the kubeconfig.
    pub(super) fn context(self) -> String {
        match self {
            Tool::Minikube => NAME.to_owned(),
            Tool::Kind => format!("kind-{NAME}"),
        }
    }

    /// A command of it.
    fn step(self, words: &[&str], driver: &str) -> Step {
        // kind is told only what it would not take by itself.
        let own = env::kind_provider();
        let is_other = self == Tool::Kind && driver != own.as_deref().unwrap_or("docker");
        let provider = is_other.then(|| (env::KIND_PROVIDER, driver.to_owned()));
        Step::new(&[&[self.program()], words].concat()).with_env(provider)
    }

    /// Looks for the cluster; nothing is changed.
    pub(super) fn find(self, driver: &str) -> Result<Found, Finding> {
        match self {
            Tool::Minikube => self.profile(),
            Tool::Kind => self.nodes(driver),
        }
    }

    fn profile(self) -> Result<Found, Finding> {
        let text = self.step(&["profile", "list", "--output", "json"], "").must_answer()?;
        let list: Value = serde_json::from_str(&text).map_err(|_| {
            Finding::error("local-failed", format!("`minikube profile list` printed no JSON: {}", text.trim()))
        })?;
        let ours = |kind: &str| items(&list[kind]).find(|profile| profile["Name"] == NAME).cloned();
        if ours("invalid").is_some() {
            return Ok(Found { state: State::Half, ..Found::nothing() });
        }
        let Some(profile) = ours("valid") else { return Ok(Found::nothing()) };
        // Its exit code tells the same in bits.
        let text = self.step(&["status", "--profile", NAME, "--output", "json"], "").ask()?.stdout;
        let status: Value = serde_json::from_slice(&text).unwrap_or_default();
        let runs = ["Host", "Kubelet", "APIServer"].iter().all(|part| status[part] == "Running");
        let number = |key: &str| profile["Config"][key].as_u64().unwrap_or_default();
        Ok(Found {
            state: if runs && status["Kubeconfig"] == "Configured" { State::Runs } else { State::Stopped },
            has: Some((number("CPUs"), number("Memory"))),
            driver: profile["Config"]["Driver"].as_str().map(str::to_owned),
            nodes: Vec::new(),
        })
    }

    fn nodes(self, driver: &str) -> Result<Found, Finding> {
        let list = self.step(&["get", "clusters"], driver).must_answer()?;
        if !list.lines().any(|name| name.trim() == NAME) {
            return Ok(Found::nothing());
        }
        let nodes = self.step(&["get", "nodes", "--name", NAME], driver).must_answer()?;
        let nodes: Vec<String> = nodes.lines().map(|line| line.trim().to_owned()).collect();
        let mut stopped = false;
        for node in &nodes {
            let look = Step::new(&[driver, "inspect", "--format", "{{.State.Running}}", node]).answer()?;
            stopped |= look.is_none_or(|text| text.trim() != "true");
        }
        // What this reads kubeadm writes; without it the cluster was never whole.
        let kubeconfig = self.step(&["get", "kubeconfig", "--name", NAME], driver);
        let state = match stopped {
            true => State::Stopped,
            false if kubeconfig.answer()?.is_some() => State::Runs,
            false => State::Half,
        };
        Ok(Found { state, has: None, driver: None, nodes })
    }

    /// Makes the cluster, or wakes it.
    pub(super) fn start(self, found: &Found, driver: &Driver, size: Size) -> Vec<Step> {
        let name = driver.name.as_str();
        match (self, &found.state) {
            (Tool::Minikube, State::Runs) => Vec::new(),
            // What it was given once stays: other words would be refused.
            (Tool::Minikube, State::Stopped) => {
                vec![self.step(&["start", "--profile", NAME, "--interactive=false"], name)]
            }
            (Tool::Minikube, _) => {
                let (cpus, memory) = driver.has.unwrap_or((size.cpus, size.most));
                let cpus = format!("--cpus={}", size.cpus.min(cpus));
                let memory = format!("--memory={}mb", size.most.min(memory));
                let driver = format!("--driver={name}");
                vec![self.step(&["start", "--profile", NAME, "--interactive=false", &driver, &cpus, &memory], name)]
            }
            (Tool::Kind, State::Runs | State::Stopped) => {
                let nodes: Vec<&str> = found.nodes.iter().map(String::as_str).collect();
                let wake = Step::new(&[&[name, "start"], &nodes[..]].concat());
                let know = self.step(&["export", "kubeconfig", "--name", NAME], name);
                let wait = Step::new(&[
                    "kubectl",
                    "--context",
                    &self.context(),
                    "wait",
                    "--for=condition=Ready",
                    "nodes",
                    "--all",
                    "--timeout=120s",
                ]);
                let wake = Some(wake).filter(|_| found.state == State::Stopped);
                wake.into_iter().chain([know, wait]).collect()
            }
            (Tool::Kind, _) => vec![self.step(&["create", "cluster", "--name", NAME, "--wait=5m"], name)],
        }
    }

    /// Loads an image of this machine; what the cluster has already is left.
    pub(super) fn load(self, image: &str, driver: &str) -> Step {
        match self {
            Tool::Minikube => self.step(&["image", "load", image, "--profile", NAME], driver),
            Tool::Kind => self.step(&["load", "docker-image", image, "--name", NAME], driver),
        }
    }

    /// Makes a default StorageClass, as the tool itself does when it makes a cluster.
    pub(super) fn storage(self, driver: &str) -> Vec<Step> {
        match self {
            Tool::Minikube => ["storage-provisioner", "default-storageclass"]
                .map(|addon| self.step(&["addons", "enable", addon, "--profile", NAME], driver))
                .to_vec(),
            Tool::Kind => {
                let (node, file) = (format!("{NAME}-control-plane"), "/kind/manifests/default-storage.yaml");
                let conf = "--kubeconfig=/etc/kubernetes/admin.conf";
                vec![Step::new(&[driver, "exec", &node, "kubectl", conf, "apply", "-f", file])]
            }
        }
    }

    /// Removes the cluster.
    pub(super) fn remove(self, driver: &str) -> Step {
        match self {
            Tool::Minikube => self.step(&["delete", "--profile", NAME], driver),
            Tool::Kind => self.step(&["delete", "cluster", "--name", NAME], driver),
        }
    }
}

/// A program as people write it.
pub(super) fn named(program: &str) -> &str {
    match program {
        "docker" => "Docker",
        "podman" => "Podman",
        other => other,
    }
}

/// There is no such program: the line that installs it.
pub(super) fn missing(program: &str, error: &std::io::Error) -> Finding {
    let mac = cfg!(target_os = "macos");
    let help = match program {
        _ if error.kind() != ErrorKind::NotFound => return crate::cluster::missing(program, error),
        "minikube" if mac => "brew install minikube",
        "minikube" => {
            "curl -LO https://github.com/kubernetes/minikube/releases/latest/download/minikube-linux-amd64 && \
             sudo install minikube-linux-amd64 /usr/local/bin/minikube"
        }
        "kind" if mac => "brew install kind",
        "kind" => {
            "go install sigs.k8s.io/kind@latest, or see https://kind.sigs.k8s.io/docs/user/quick-start/#installation"
        }
        "docker" if mac => "brew install --cask docker, or Podman: brew install podman",
        "docker" => "curl -fsSL https://get.docker.com | sh, or Podman: https://podman.io/docs/installation",
        "podman" => "https://podman.io/docs/installation",
        _ => return crate::cluster::missing(program, error),
    };
    Finding::error(&format!("no-{program}"), format!("there is no `{program}` on PATH")).help(help)
}
