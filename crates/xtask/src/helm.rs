//! A helm to test with: the one of `PATH`, or a pinned one below Cargo's target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest as _, Sha256};

use crate::place;

/// The helm that is fetched when there is none.
pub const PINNED: &str = "v4.3.1";

/// A helm that can be used.
#[derive(Debug, Clone)]
pub struct Helm {
    /// The program.
    pub path: PathBuf,
    /// What it calls itself: `v4.3.1`.
    pub version: String,
}

/// The helm of `PATH` if it is new enough, else the pinned one if it is there.
pub fn find() -> Option<Helm> {
    place::program("helm").into_iter().chain([pinned_path()]).find_map(|path| {
        let version = version(&path).filter(|version| is_new_enough(version))?;
        Some(Helm { path, version })
    })
}

/// A helm, fetched if there is none.
///
/// # Errors
/// How to get one by hand, when it cannot be fetched.
pub fn ensure() -> Result<Helm> {
    if let Some(helm) = find() {
        return Ok(helm);
    }
    let folder = place::target().join("tools");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let built = match place::program("go") {
        Some(go) => build(&go, &folder).context("go cannot build helm"),
        None => download(&folder).context("helm cannot be downloaded"),
    };
    built.with_context(|| format!("no helm v3.14+ or v4 on PATH; install one: {}", by_hand()))?;
    find().with_context(|| format!("the helm in {} does not run", folder.display()))
}

fn by_hand() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install helm"
    } else {
        "curl -fsSL https://raw.githubusercontent.com/helm/helm/main/scripts/get-helm-4 | bash"
    }
}

fn pinned_path() -> PathBuf {
    place::target().join("tools").join(format!("helm{}", std::env::consts::EXE_SUFFIX))
}

fn version(path: &Path) -> Option<String> {
    let output = Command::new(path).args(["version", "--template", "{{.Version}}"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Helm 3.14 is the first whose messages about schemas name the value.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split(['.', '-', '+']).map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(3), Some(minor)) => minor >= 14,
        (Some(major), _) => major >= 4,
        _ => false,
    }
}

fn build(go: &Path, folder: &Path) -> Result<()> {
    let version = format!("-X helm.sh/helm/v4/internal/version.version={PINNED}");
    let status = Command::new(go)
        .args(["install", "-trimpath", "-ldflags", &version, &format!("helm.sh/helm/v4/cmd/helm@{PINNED}")])
        // Away from any go.mod, which would change what `install` means.
        .current_dir(folder)
        .env("GOBIN", folder)
        .env("GOFLAGS", "-mod=mod")
        .env("CGO_ENABLED", "0")
        .status()?;
    ensure!(status.success(), "`go install` ended with {status}");
    Ok(())
}

fn download(folder: &Path) -> Result<()> {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let name = format!("helm-{PINNED}-{os}-{arch}.tar.gz");
    let url = format!("https://get.helm.sh/{name}");
    let wanted = curl(&format!("{url}.sha256sum"))?;
    let wanted = String::from_utf8(wanted).context("the published checksum is not text")?;
    let archive = curl(&url)?;
    let sum: String = Sha256::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    let wanted = wanted.split_whitespace().next().unwrap_or_default();
    if sum != wanted {
        bail!("{url} has the checksum {sum}, published is {wanted}");
    }
    let file = folder.join(&name);
    fs::write(&file, archive)?;
    let status = Command::new("tar").args(["-xzf", &name, "--strip-components=1"]).current_dir(folder).status()?;
    ensure!(status.success(), "`tar` cannot unpack {}", file.display());
    Ok(fs::remove_file(file)?)
}

fn curl(url: &str) -> Result<Vec<u8>> {
    let output = Command::new("curl").args(["--fail", "--silent", "--show-error", "--location", url]).output()?;
    ensure!(output.status.success(), "{url}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn versions_are_understood() {
        for (version, wanted) in [
            ("v4.3.1", true),
            ("v3.14.0", true),
            ("v3.13.3", false),
            ("v3.20.0+gabc", true),
            ("v2.17.0", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), wanted, "{version}");
        }
    }
}
