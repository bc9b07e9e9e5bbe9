//! `sparkyard open WHAT`.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use sparkyard_model::{Catalogue, Finding};
use sparkyard_yaml::did_you_mean;

use crate::access::{self, Access};
use crate::args::OpenArgs;
use crate::cluster::{Cluster, installed, missing};
use crate::console::Console;
use crate::{FAILED, OK, Outcome};

pub(crate) fn run(args: &OpenArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let releases = installed(&cluster)?;
    let mut objects = Vec::new();
    for release in &releases {
        objects.extend(release.objects.iter().cloned());
    }
    objects.retain(|object| object["kind"] != "Route");
    if !objects.is_empty() {
        objects.extend(cluster.list("routes.route.openshift.io"));
    }
    let all = access::of(&objects, catalogue, &cluster);
    let access = choose(&args.what, &all, &cluster)?;
    if let Some((secret, key)) = &access.password {
        let kubectl = cluster.kubectl_words();
        console.say(&format!("password: {kubectl} get secret {secret} -o jsonpath='{{.data.{key}}}' | base64 -d"))?;
    }
    if let Some(url) = &access.url {
        console.print(url)?;
        show(url, args.no_browser);
        return Ok(OK);
    }
    let local = free_port(args.port, access.port)?;
    if local != access.port && args.port.is_none() {
        console.say(&format!("the port {} of this machine is taken, {local} is not", access.port))?;
    }
    let address = format!("{}localhost:{local}", access.scheme);
    console.print(&format!("{address}   (until Ctrl-C)"))?;
    console.flush()?;
    let ports = format!("{local}:{}", access.port);
    let mut forward = cluster.command(&["port-forward", &format!("svc/{}", access.service), &ports]);
    let mut child =
        forward.stdin(Stdio::null()).stdout(Stdio::null()).spawn().map_err(|error| missing("kubectl", &error))?;
    if access.scheme == "http://" {
        // kubectl needs a moment to listen.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        show(&address, args.no_browser);
    }
    let done = child.wait().map_err(|error| missing("kubectl", &error))?;
    Ok(if done.success() { OK } else { FAILED })
}

/// The port that a word means: a component, `component.port`, or the name of a port that only one has.
fn choose<'a>(word: &str, all: &'a [Access], cluster: &Cluster) -> Result<&'a Access, Finding> {
    if all.is_empty() {
        let message = format!("nothing of sparkyard is installed in the namespace {}", cluster.namespace);
        return Err(Finding::error("nothing-installed", message)
            .help("`sparkyard up quickstart` installs; -n names another namespace"));
    }
    let by_both = |one: &&Access| word.split_once('.') == Some((one.component.as_str(), one.port_name.as_str()));
    let mut by_port = all.iter().filter(|one| one.port_name == word);
    let only = by_port.next().filter(|_| by_port.next().is_none());
    all.iter().find(|one| one.component == word).or_else(|| all.iter().find(by_both)).or(only).ok_or_else(|| {
        let mut words: Vec<&str> =
            all.iter().flat_map(|one| [one.component.as_str(), one.port_name.as_str()]).collect();
        words.sort_unstable();
        words.dedup();
        let help = did_you_mean(word, words.iter().copied());
        Finding::error("unknown-component", format!("nothing here is called `{word}`")).help(help)
    })
}

/// A port of this machine that nobody listens on: the one that was asked for, or one near the service's own.
fn free_port(asked: Option<u16>, own: u16) -> Result<u16, Finding> {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    if let Some(port) = asked {
        let help = "leave out --port to take the next free one";
        let taken = || Finding::error("port-taken", format!("the port {port} of this machine is taken")).help(help);
        return if is_free(&port) { Ok(port) } else { Err(taken()) };
    }
    let near = own..own.saturating_add(50);
    near.into_iter().find(is_free).ok_or_else(|| {
        Finding::error("port-taken", format!("the ports from {own} on are taken")).help("name one with --port")
    })
}

/// Tries to open a browser; there may be none.
fn show(url: &str, stay: bool) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if !stay && url.starts_with("http") && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        let _ = Command::new(opener).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_left_alone() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = taken.local_addr().expect("an address").port();
        assert_eq!(free_port(Some(port), 1).expect_err("taken").rule, "port-taken");
        assert!(free_port(None, port.saturating_sub(1).max(1024)).expect("free") != port);
    }
}
