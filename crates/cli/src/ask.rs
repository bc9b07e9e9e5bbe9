//! Questions before something is done to a cluster.

use std::collections::BTreeSet;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use sparkyard_model::Finding;
use sparkyard_pack::{cause, write_file};

use crate::cluster::Cluster;
use crate::console::{Console, Stop};
use crate::env;

/// Asks before the first use of a context. Which have been used is remembered in the user's state directory, by name and
/// address: the same name in another kubeconfig may be another cluster.
pub(crate) fn context(cluster: &Cluster, yes: bool, console: &mut Console<'_>) -> Result<(), Stop> {
    let (name, server) = cluster.place()?;
    let (line, mut known) = (format!("{name} {server}"), used());
    if known.contains(&line) {
        return Ok(());
    }
    let question =
        format!("The context `{name}` ({server}) has not been used yet. Change its namespace `{}`?", cluster.namespace);
    sure(&question, yes, &format!("the context `{name}` ({server}) has not been used yet"), console)?;
    known.insert(line);
    if let Some(file) = state_file() {
        // Not to remember is no reason not to go on: it is asked again.
        let text = serde_json::to_vec_pretty(&known).unwrap_or_default();
        let written = fs::create_dir_all(file.parent().unwrap_or(&file))
            .map_err(|error| cause(&error))
            .and_then(|()| write_file(&file, &text, None).map_err(|error| error.to_string()));
        if let Err(why) = written {
            console.say(&format!("cannot remember the context in {}: {why}", file.display()))?;
        }
    }
    Ok(())
}

/// Asks; without a terminal only `--yes` answers.
pub(crate) fn sure(question: &str, yes: bool, why: &str, console: &mut Console<'_>) -> Result<(), Stop> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        let message = format!("{why}, and nobody is there to ask");
        return Err(Finding::error("not-confirmed", message).help("say --yes").into());
    }
    let mut err = std::io::stderr();
    let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => {
            console.say("nothing was done")?;
            Err(Finding::error("not-confirmed", "not confirmed").into())
        }
    }
}

/// Whether something has been done to a context before.
pub(crate) fn has_been_used(cluster: &Cluster) -> bool {
    cluster.place().is_ok_and(|(name, server)| used().contains(&format!("{name} {server}")))
}

/// The contexts that have been used: name and address.
fn used() -> BTreeSet<String> {
    state_file().and_then(|file| serde_json::from_slice(&fs::read(file).ok()?).ok()).unwrap_or_default()
}

fn state_file() -> Option<PathBuf> {
    let folder = std::env::var_os(env::XDG_STATE_HOME).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = || std::env::home_dir().map(|home| home.join(".local/state"));
    Some(folder.or_else(home)?.join("sparkyard/contexts.json"))
}
