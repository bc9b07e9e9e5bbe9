//! Who asks: helm's file of credentials, then Docker's, then Podman's, with the helper programs that they name.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docker_credential::{CredentialRetrievalError as Unfound, DockerCredential};
use serde_json::{Value, json};

use crate::error::{Cause, OciError};
use crate::reference::Remote;

/// A user, or what stands for one.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// User and password, or a token in place of the password.
    Password {
        /// User.
        user: String,
        /// Password.
        password: String,
    },
    /// A token that gets tokens.
    Identity(String),
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.user().unwrap_or("a token"))
    }
}

impl Credential {
    /// The user, where one is named.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Password { user, .. } => Some(user),
            Self::Identity(_) => None,
        }
    }

    pub(crate) fn basic(&self) -> String {
        let pair = match self {
            Self::Password { user, password } => format!("{user}:{password}"),
            Self::Identity(token) => format!("<token>:{token}"),
        };
        format!("Basic {}", STANDARD.encode(pair))
    }
}

/// Where credentials are looked for.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// In helm's file (this one, or the usual one), then Docker's and Podman's.
    Files(Option<PathBuf>),
    /// These and no other.
    Fixed(Credential),
}

impl Credentials {
    /// The credentials for a host, if there are any.
    pub(crate) fn find(&self, host: &str) -> Result<Option<Credential>, OciError> {
        let helm = match self {
            Self::Fixed(credential) => return Ok(Some(credential.clone())),
            Self::Files(path) => path.clone().or_else(helm_config),
        };
        let key = Remote::credential_key(host);
        for path in [helm, docker_config()].into_iter().flatten() {
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(unreadable(&path, &sparkyard_pack::cause(&error))),
            };
            if let Some(found) = kept(docker_credential::get_credential_from_reader(BufReader::new(file), key), &path)?
            {
                return Ok(Some(found));
            }
        }
        match docker_credential::get_podman_credential(key) {
            Ok(found) => Ok(Some(converted(found))),
            Err(_) => Ok(None),
        }
    }
}

fn kept(result: Result<DockerCredential, Unfound>, path: &Path) -> Result<Option<Credential>, OciError> {
    match result {
        Ok(found) => Ok(Some(converted(found))),
        Err(Unfound::NoCredentialConfigured | Unfound::ConfigNotFound) => Ok(None),
        // What every helper says of a host that it does not know.
        Err(Unfound::HelperFailure { stdout, .. }) if stdout.contains("credentials not found") => Ok(None),
        Err(Unfound::ConfigReadError) => Err(unreadable(path, "it is not JSON")),
        Err(error) => {
            let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            Err(unreadable(path, &text).help("log in again, or repair the helper that the file names"))
        }
    }
}

fn unreadable(path: &Path, why: &str) -> OciError {
    OciError::new(Cause::Config, format!("cannot take credentials from {}: {why}", path.display()))
}

fn converted(found: DockerCredential) -> Credential {
    match found {
        DockerCredential::IdentityToken(token) => Credential::Identity(token),
        DockerCredential::UsernamePassword(user, password) => Credential::Password { user, password },
    }
}

/// Where helm keeps its credentials.
pub fn helm_config() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = set("HELM_REGISTRY_CONFIG") {
        return Some(path.into());
    }
    let home = || set(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let usual = || match env::consts::OS {
        "macos" => home().map(|home| home.join("Library/Preferences/helm")),
        "windows" => set("APPDATA").map(|folder: OsString| PathBuf::from(folder).join("helm")),
        _ => home().map(|home| home.join(".config/helm")),
    };
    let folder = set("HELM_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| set("XDG_CONFIG_HOME").map(|folder| PathBuf::from(folder).join("helm")))
        .or_else(usual)?;
    Some(folder.join("registry/config.json"))
}

fn docker_config() -> Option<PathBuf> {
    let folder = env::var_os("DOCKER_CONFIG").map(PathBuf::from);
    let home =
        || env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(|home| Path::new(&home).join(".docker"));
    Some(folder.or_else(home)?.join("config.json"))
}

/// Keeps a password in a file of credentials, or gives it to the helper that the file names. What else is in the file stays.
pub(crate) fn store(path: &Path, host: &str, user: &str, password: &str) -> Result<(), OciError> {
    let failed = |error: io::Error| {
        OciError::new(Cause::Config, format!("cannot write {}: {}", path.display(), sparkyard_pack::cause(&error)))
    };
    let mut document: Value = match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| unreadable(path, "it is not JSON"))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => json!({}),
        Err(error) => return Err(failed(error)),
    };
    let key = Remote::credential_key(host);
    let helper =
        document.pointer("/credHelpers").and_then(|helpers| helpers.get(key)).or_else(|| document.get("credsStore"));
    if let Some(helper) = helper.and_then(Value::as_str).filter(|helper| !helper.is_empty()) {
        return give(helper, key, user, password);
    }
    let Some(root) = document.as_object_mut() else { return Err(unreadable(path, "it is not a JSON object")) };
    let auths = root.entry("auths").or_insert_with(|| json!({}));
    let Some(auths) = auths.as_object_mut() else { return Err(unreadable(path, "`auths` is not a JSON object")) };
    auths.insert(key.to_owned(), json!({ "auth": STANDARD.encode(format!("{user}:{password}")) }));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    // A temporary file is readable by its owner alone, and so is what it becomes.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}

fn give(helper: &str, key: &str, user: &str, password: &str) -> Result<(), OciError> {
    let program = format!("docker-credential-{helper}");
    let failed = |what: String| OciError::new(Cause::Config, format!("{program} does not keep the password: {what}"));
    let mut child = Command::new(&program)
        .arg("store")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(sparkyard_pack::cause(&error)))?;
    let document = json!({ "ServerURL": key, "Username": user, "Secret": password }).to_string();
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(document.as_bytes()).map_err(|error| failed(sparkyard_pack::cause(&error)))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(sparkyard_pack::cause(&error)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(failed(String::from_utf8_lossy(&said).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_found_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("registry/config.json");
        store(&path, "a:5000", "ann", "p:w").expect("stored");
        store(&path, "b", "bob", "x").expect("stored");
        for (host, user, password) in [("a:5000", "ann", "p:w"), ("b", "bob", "x")] {
            let found = Credentials::Files(Some(path.clone())).find(host).expect("read");
            assert_eq!(found, Some(Credential::Password { user: user.into(), password: password.into() }));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_broken_file_is_said_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.json");
        fs::write(&path, "{").expect("written");
        assert!(store(&path, "a", "b", "c").expect_err("refused").message.contains("not JSON"));
        assert!(Credentials::Files(Some(path.clone())).find("a").expect_err("refused").message.contains("not JSON"));
        assert_eq!(fs::read_to_string(&path).expect("there"), "{");
    }

    #[test]
    fn nobody_sees_a_password() {
        let credential = Credential::Password { user: "ann".into(), password: "secret".into() };
        assert_eq!(format!("{credential:?}"), "ann");
    }
}
