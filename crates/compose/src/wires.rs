//! Needs, and what meets them.

use serde_json::Value;
use sparkyard_model::{Brick, Catalogue, Finding, Place, Provider, Socket, Tree, Wire};

use crate::{GLOBAL, path};

/// Connects every need of `bricks`, each with its values. An external service wins over a brick of the stack, as in the templates.
/// `place` says where a brick is asked for, `off` where one was switched off.
pub(crate) fn connect(
    catalogue: &Catalogue,
    bricks: &[(&Brick, &Tree)],
    global: &Tree,
    place: &dyn Fn(&str) -> Option<Place>,
    off: &dyn Fn(&str) -> Option<Place>,
    findings: &mut Vec<Finding>,
) -> Vec<Wire> {
    let mut wires = Vec::new();
    let mut missed: Vec<Missed<'_>> = Vec::new();
    let neighbours: Vec<&Brick> = bricks.iter().map(|(brick, _)| *brick).collect();
    for (brick, values) in bricks {
        for socket in brick.needs_with(values) {
            match external(socket, global).or_else(|| within(socket, brick, &neighbours)) {
                Some(to) => wires.push(Wire { socket, from: brick.id.to_owned(), to }),
                None => {
                    let providers = || catalogue.bricks.iter().filter(|provider| provider.provides.contains(&socket));
                    let Some((provider, at)) = providers().find_map(|one| Some((one.id, off(one.id)?))) else {
                        findings.push(unmet(catalogue, brick, socket).at(place(brick.id)));
                        continue;
                    };
                    match missed.iter_mut().find(|missed| missed.provider == provider) {
                        Some(missed) if missed.by.contains(&brick.id) => {}
                        Some(missed) => missed.by.push(brick.id),
                        None => missed.push(Missed { provider, at, socket, by: vec![brick.id] }),
                    }
                }
            }
        }
    }
    findings.extend(missed.into_iter().map(|missed| missed.told(catalogue)));
    wires
}

/// A brick that was switched off, and those that need what it provides.
struct Missed<'c> {
    provider: &'c str,
    at: Place,
    socket: Socket,
    by: Vec<&'c str>,
}

impl Missed<'_> {
    fn told(self, catalogue: &Catalogue) -> Finding {
        let by: Vec<String> = self.by.iter().map(|id| format!("`{id}`")).collect();
        let need = if by.len() == 1 { "needs" } else { "need" };
        let what = words(self.socket);
        let message = format!("`{}` is switched off, and {} {need} {what}", self.provider, by.join(", "));
        let other = |brick: &&Brick| brick.id != self.provider && brick.provides.contains(&self.socket);
        let others = catalogue.bricks.iter().filter(other).map(|brick| format!("add the brick `{}`", brick.id));
        let set = self.socket.external().map(|value| format!("set `{value}` to the address of your own"));
        let ways: Vec<String> = std::iter::once("leave it on".to_owned()).chain(others).chain(set).collect();
        Finding::error("unmet-need", message).at(Some(self.at)).help(ways.join(", or "))
    }
}

fn external(socket: Socket, global: &Tree) -> Option<Provider> {
    let value = socket.external()?;
    let address = text(global, value).filter(|address| !address.is_empty())?;
    Some(Provider::External { value: value.to_owned(), address: address.to_owned() })
}

/// The text at a path that starts with `global.`.
fn text<'a>(global: &'a Tree, value: &str) -> Option<&'a str> {
    let below = value.strip_prefix(GLOBAL)?.strip_prefix('.')?;
    path::get_dotted(global, below).and_then(Value::as_str)
}

/// Secret of the whole stack.
const SECRET: &str = "global.credentials.existingSecret";

/// External services whose credentials no Secret holds: passwords that are made here are no good there.
pub(crate) fn without_credentials(
    wires: &[Wire],
    global: &Tree,
    place: &dyn Fn(&str) -> Option<Place>,
) -> Vec<Finding> {
    let mut told: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for wire in wires {
        let (Provider::External { value, .. }, Some(secret)) = (&wire.to, wire.socket.external_secret()) else {
            continue;
        };
        // A store that takes the pod's own identity needs none.
        let identity = secret.rsplit_once('.').and_then(|(above, _)| text(global, &format!("{above}.auth")));
        let named = [secret, SECRET].iter().any(|secret| text(global, secret).is_some_and(|name| !name.is_empty()));
        if told.contains(&value.as_str()) || named || identity.is_some_and(|auth| auth != "keys") {
            continue;
        }
        told.push(value);
        let message =
            format!("`{value}` names {} of your own, and no Secret with its credentials is named", words(wire.socket));
        let help = format!("name one in `{secret}`, or the stack's in `{SECRET}`");
        findings.push(Finding::error("no-credentials", message).at(place(value)).help(help));
    }
    findings
}

/// A neighbour is preferred, but a brick may meet its own need.
fn within(socket: Socket, from: &Brick, bricks: &[&Brick]) -> Option<Provider> {
    let mut providers = bricks.iter().filter(|brick| brick.provides.contains(&socket));
    let neighbour = providers.clone().find(|brick| brick.id != from.id);
    let brick = neighbour.or_else(|| providers.next())?;
    Some(Provider::Brick { brick: brick.id.to_owned() })
}

fn unmet(catalogue: &Catalogue, brick: &Brick, socket: Socket) -> Finding {
    let what = words(socket);
    let providers: Vec<String> =
        catalogue.bricks.iter().filter(|b| b.provides.contains(&socket)).map(|b| format!("`{}`", b.id)).collect();
    let add = (!providers.is_empty()).then(|| format!("add the brick {}", providers.join(" or ")));
    let set = socket.external().map(|value| format!("set `{value}` to the address of your own"));
    let help = match (add, set) {
        (Some(add), Some(set)) => format!("{add}, or {set}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "no brick of the catalogue provides it".to_owned(),
    };
    Finding::error("unmet-need", format!("`{}` needs {what}, and nothing in this stack provides it", brick.id))
        .help(help)
}

/// A socket in words that stand behind "needs".
pub(crate) fn words(socket: Socket) -> &'static str {
    match socket {
        Socket::S3 => "an S3 store",
        Socket::EventLog => "a place on S3 for event logs",
        Socket::Metastore => "a Hive Metastore",
        Socket::Database => "a database",
        Socket::SparkConnect => "a Spark Connect server",
        Socket::SparkMaster => "a standalone Spark master",
        Socket::SparkOperator => "an operator for Spark resources",
        Socket::Shuffle => "a remote shuffle service",
        Socket::Tracking => "an experiment tracking server",
        Socket::Metrics => "a metrics stack",
    }
}
