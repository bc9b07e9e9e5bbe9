//! What the cluster runs in: Docker or Podman, or a driver that only minikube knows.

use serde_json::Value;
use sparkyard_model::Finding;

use super::step::Step;
use super::tool::{Tool, named};
use crate::env;

/// The two that are asked about themselves.
const CONTAINERS: [&str; 2] = ["docker", "podman"];

/// A driver.
#[derive(Debug, Clone)]
pub(super) struct Driver {
    /// Its name.
    pub(super) name: String,
    /// CPUs and MiB that it has; nothing of a driver that only minikube knows.
    pub(super) has: Option<(u64, u64)>,
}

impl Driver {
    /// The driver of this name, or the first that answers.
    pub(super) fn find(asked: Option<&str>, tool: Tool) -> Result<Self, Finding> {
        // kind's own variable.
        let own = env::kind_provider().filter(|_| tool == Tool::Kind);
        if let Some(name) = asked.or(own.as_deref()) {
            if CONTAINERS.contains(&name) {
                return info(name);
            }
            return match tool {
                Tool::Minikube => Ok(Self { name: name.to_owned(), has: None }),
                Tool::Kind => Err(Finding::error("no-driver", format!("kind is not run in `{name}` by this program"))
                    .help("take docker or podman")),
            };
        }
        // The first one's reason is said: most people have Docker.
        info(CONTAINERS[0]).or_else(|why| info(CONTAINERS[1]).map_err(|_| why))
    }

    /// Whether images of this machine can be loaded from it. Both tools read them from Docker only.
    pub(super) fn keeps_images(&self) -> bool {
        self.name == "docker"
    }

    /// Those of the images that are on this machine.
    pub(super) fn present(&self, images: &[String]) -> Result<Vec<String>, Finding> {
        if !self.keeps_images() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        // A digest does not survive the way through an archive: the cluster would pull such an image all the same.
        for image in images.iter().filter(|image| !image.contains('@')) {
            let look = Step::new(&["docker", "image", "inspect", "--format", "{{.Id}}", image]);
            if look.answer()?.is_some() {
                found.push(image.clone());
            }
        }
        Ok(found)
    }
}

/// Asks Docker or Podman what it has.
fn info(name: &str) -> Result<Driver, Finding> {
    let format = if name == "docker" { "{{json .}}" } else { "json" };
    let output = Step::new(&[name, "info", "--format", format]).ask()?;
    let value: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let (cpus, bytes) = match name {
        "docker" => (&value["NCPU"], &value["MemTotal"]),
        _ => (&value["host"]["cpus"], &value["host"]["memTotal"]),
    };
    // Without its daemon Docker says 0 of everything.
    match (cpus.as_u64(), bytes.as_u64()) {
        (Some(cpus), Some(bytes)) if cpus > 0 && output.status.success() => {
            Ok(Driver { name: name.to_owned(), has: Some((cpus, bytes >> 20)) })
        }
        _ => Err(silent(name, String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// It is installed and does not answer.
fn silent(name: &str, said: &str) -> Finding {
    let help = if said.contains("permission denied") {
        "sudo usermod -aG docker $USER, and log in again"
    } else if cfg!(target_os = "linux") && name == "docker" {
        "sudo systemctl start docker"
    } else if name == "docker" {
        "start Docker Desktop"
    } else {
        "podman machine start"
    };
    let said = said.lines().last().unwrap_or_default();
    let shown = named(name);
    Finding::error("no-driver", format!("{shown} does not answer{}{said}", if said.is_empty() { "" } else { ": " }))
        .help(help)
}
