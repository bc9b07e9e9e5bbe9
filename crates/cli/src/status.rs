//! `sparkyard status`, and the table with which `sparkyard up` ends.

use serde::Serialize;
use serde_json::Value;
use sparkyard_diagnose::{Cause, Component, Observed, components, diagnose};
use sparkyard_model::{Catalogue, Finding};

use crate::access::{self, Access};
use crate::args::{Format, StatusArgs};
use crate::cluster::{Cluster, Installed, installed, stacks};
use crate::console::Console;
use crate::{FAILED, OK, Outcome, table};

/// How a stack fares.
#[derive(Debug, Serialize)]
pub(crate) struct Stack {
    /// Its name.
    pub(crate) stack: String,
    /// Its namespace.
    pub(crate) namespace: String,
    /// Names of its releases, and their states.
    pub(crate) releases: Vec<(String, String)>,
    /// How far each component is.
    pub(crate) components: Vec<Component>,
    /// How each is reached.
    pub(crate) access: Vec<Access>,
    /// Why it does not run.
    pub(crate) causes: Vec<Cause>,
}

impl Stack {
    /// Looks at a stack.
    pub(crate) fn of(
        name: &str,
        releases: &[Installed],
        catalogue: &Catalogue,
        cluster: &Cluster,
    ) -> Result<(Self, Observed), Finding> {
        let observed = cluster.observe(name)?;
        let mut objects: Vec<Value> = releases.iter().flat_map(|release| release.objects.clone()).collect();
        if objects.iter().any(|object| object["kind"] == "Route") {
            objects.retain(|object| object["kind"] != "Route");
            objects.extend(cluster.list("routes.route.openshift.io"));
        }
        let stack = Self {
            stack: name.to_owned(),
            namespace: cluster.namespace.clone(),
            releases: releases.iter().map(|release| (release.name.clone(), release.status.clone())).collect(),
            components: components(&observed),
            access: access::of(&objects, catalogue, cluster),
            causes: diagnose(&observed),
        };
        Ok((stack, observed))
    }

    /// Whether all of it runs.
    pub(crate) fn is_healthy(&self) -> bool {
        self.components.iter().all(|component| component.state.is_good())
            && self.releases.iter().all(|(_, status)| status == "deployed")
    }

    /// The table, the causes, and how to read a password.
    pub(crate) fn text(&self, cluster: &Cluster) -> String {
        let mut rows = Vec::new();
        // The one Secret of nearly every stack is named once, below the table.
        let mut secrets: Vec<&str> =
            self.access.iter().filter_map(|way| way.password.as_ref()).map(|(secret, _)| secret.as_str()).collect();
        secrets.sort_unstable();
        secrets.dedup();
        let bare = |text: &str| match secrets.as_slice() {
            [only] => text.strip_prefix(&format!("{only}: ")).map(|key| format!("key {key}")),
            _ => None,
        };
        let key = |text: Option<String>| text.map_or_else(|| "-".to_owned(), |text| bare(&text).unwrap_or(text));
        for component in &self.components {
            let mut ways = self.access.iter().filter(|access| access.component == component.name).peekable();
            let state = format!("{}: {}", component.state, component.detail);
            if ways.peek().is_none() {
                rows.push([
                    component.name.clone(),
                    state.clone(),
                    "-".to_owned(),
                    "-".to_owned(),
                    "-".to_owned(),
                    "-".to_owned(),
                ]);
            }
            for (at, way) in ways.enumerate() {
                let what =
                    if at == 0 { component.name.clone() } else { format!("{} {}", component.name, way.port_name) };
                let password = way.password.as_ref().map(|(secret, key)| format!("{secret}: {key}"));
                let (address, forward) = match &way.url {
                    Some(url) => (url.clone(), "-".to_owned()),
                    None => (format!("{}localhost:{}", way.scheme, way.port), way.forward()),
                };
                rows.push([what, state.clone(), address, forward, key(way.user.clone()), key(password)]);
            }
        }
        let mut text = format!("Stack {} in the namespace {}\n\n", self.stack, self.namespace);
        text.push_str(&table::rows(["WHAT", "STATE", "ADDRESS", "FORWARD", "USER", "PASSWORD"], rows));
        for (release, status) in self.releases.iter().filter(|(_, status)| status != "deployed") {
            text.push_str(&format!("\nThe release {release} is {status}: run `sparkyard up` again.\n"));
        }
        text.push_str(&causes(&self.causes));
        let kubectl = cluster.kubectl_words();
        if self.access.iter().any(|way| way.url.is_none()) {
            text.push_str(&format!("\nAn address at localhost needs: {kubectl} port-forward FORWARD\n"));
        }
        if let Some(first) = secrets.first() {
            let secret = if secrets.len() == 1 { first } else { "SECRET" };
            text.push_str(&format!(
                "A key's content: {kubectl} get secret {secret} -o jsonpath='{{.data.KEY}}' | base64 -d\n"
            ));
        }
        text
    }
}

/// Causes for a person.
pub(crate) fn causes(causes: &[Cause]) -> String {
    let mut text = String::new();
    for cause in causes {
        let who = if cause.component.is_empty() { &cause.object } else { &cause.component };
        text.push_str(&format!("\n{who}: {} [{}]\n", cause.message, cause.rule));
        text.push_str(&format!("  seen at  {}\n", cause.object));
        for (at, line) in cause.evidence.lines().enumerate() {
            text.push_str(&format!("  {}  {line}\n", if at == 0 { "it says" } else { "       " }));
        }
        text.push_str(&format!("  cure     {}\n  more     {}\n", cause.cure, cause.page));
    }
    text
}

pub(crate) fn run(args: &StatusArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let stacks = stacks(installed(&cluster)?);
    let mut seen = Vec::new();
    for (name, releases) in &stacks {
        seen.push(Stack::of(name, releases, catalogue, &cluster)?.0);
    }
    if args.output == Format::Json {
        console.json(&serde_json::json!({ "stacks": seen }))?;
    } else if seen.is_empty() {
        console.print(&format!("Nothing of sparkyard is installed in the namespace {}.\n", cluster.namespace))?;
    } else {
        let texts: Vec<String> = seen.iter().map(|stack| stack.text(&cluster)).collect();
        console.print(&texts.join("\n"))?;
    }
    Ok(if seen.iter().all(Stack::is_healthy) { OK } else { FAILED })
}
