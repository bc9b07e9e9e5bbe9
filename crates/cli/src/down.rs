//! `sparkyard down`.

use std::collections::BTreeMap;

use sparkyard_model::{Catalogue, Finding};
use sparkyard_yaml::did_you_mean;

use crate::args::DownArgs;
use crate::ask;
use crate::cluster::{Cluster, installed, stacks};
use crate::console::{Console, Stop};
use crate::{OK, Outcome};

pub(crate) fn run(args: &DownArgs, _: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let mut stacks = stacks(installed(&cluster)?);
    if let Some(name) = &args.stack {
        let names: Vec<String> = stacks.keys().cloned().collect();
        stacks.retain(|stack, _| stack == name);
        // What an uninstall has left may be removed later.
        let has_left = || leftovers(&cluster).contains_key(name);
        if stacks.is_empty() && !(args.delete_data && has_left()) {
            let help = if names.is_empty() {
                "nothing of sparkyard is".to_owned()
            } else {
                did_you_mean(name, names.iter().map(String::as_str))
            };
            return Err(Finding::error(
                "unknown-stack",
                format!("no stack `{name}` is installed in the namespace {}", cluster.namespace),
            )
            .help(help)
            .into());
        }
        stacks.entry(name.clone()).or_default();
    }
    if stacks.is_empty() {
        console.print(&format!("Nothing of sparkyard is installed in the namespace {}.", cluster.namespace))?;
        for (stack, left) in leftovers(&cluster) {
            told_kept(&stack, &left, &cluster, console)?;
        }
        return Ok(OK);
    }
    if stacks.len() > 1 {
        let names: Vec<&str> = stacks.keys().map(String::as_str).collect();
        return Err(Finding::error("which-stack", format!("there are several stacks: {}", names.join(", ")))
            .help("name one: `sparkyard down STACK`")
            .into());
    }
    ask::context(&cluster, args.yes, console)?;
    for (stack, releases) in &stacks {
        let selector = format!("app.kubernetes.io/part-of={stack}");
        if args.delete_data {
            let kept = kept(&cluster, &selector)?;
            let question = format!("Remove the data and passwords of {stack} for ever ({})?", kept.join(", "));
            ask::sure(&question, args.yes, "data that is removed does not come back", console)?;
        }
        for release in releases.iter().rev() {
            cluster.helm(&["uninstall", &release.name, "--wait"])?;
            console.print(&format!("{} is uninstalled", release.name))?;
        }
        let mut removed = Ok(String::new());
        if args.delete_data {
            removed = cluster.kubectl_patiently(&["delete", "pvc,secret", "-l", &selector, "--timeout=120s"]);
            if let Ok(said) = &removed {
                console.print(said.trim_end())?;
            }
        }
        let left = kept(&cluster, &selector)?;
        if !left.is_empty() {
            told_kept(stack, &left, &cluster, console)?;
        }
        removed?;
        console.print(&format!("The namespace {} stays.", cluster.namespace))?;
    }
    Ok(OK)
}

fn told_kept(stack: &str, left: &[String], cluster: &Cluster, console: &mut Console<'_>) -> Result<(), Stop> {
    console.print(&format!("Kept of {stack}, with all data: {}", left.join(", ")))?;
    console.print(&format!("To remove them: sparkyard down {stack} -n {} --delete-data", cluster.namespace))
}

/// What stacks that are uninstalled have left, by stack.
fn leftovers(cluster: &Cluster) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for kind in ["pvc", "secret"] {
        for object in cluster.list(kind) {
            let (labels, name) = (&object["metadata"]["labels"], object["metadata"]["name"].as_str());
            let ours = labels["app.kubernetes.io/component"].is_string();
            if let (Some(stack), Some(name), true) = (labels["app.kubernetes.io/part-of"].as_str(), name, ours) {
                found.entry(stack.to_owned()).or_default().push(format!("{kind}/{name}"));
            }
        }
    }
    found
}

/// What outlives an uninstall.
fn kept(cluster: &Cluster, selector: &str) -> Result<Vec<String>, Finding> {
    let names = cluster.kubectl(&["get", "pvc,secret", "-l", selector, "-o", "name"])?;
    Ok(names.lines().map(str::to_owned).collect())
}
