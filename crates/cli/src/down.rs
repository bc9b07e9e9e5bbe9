//! `sparkyard down`.

use sparkyard_model::{Catalogue, Finding};

use crate::args::DownArgs;
use crate::ask;
use crate::cluster::{Cluster, installed, stacks};
use crate::console::Console;
use crate::{OK, Outcome};

pub(crate) fn run(args: &DownArgs, _: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let mut stacks = stacks(installed(&cluster)?);
    if let Some(name) = &args.stack {
        let names: Vec<String> = stacks.keys().cloned().collect();
        stacks.retain(|stack, _| stack == name);
        if stacks.is_empty() && !args.delete_data {
            let help = if names.is_empty() {
                "nothing of sparkyard is".to_owned()
            } else {
                format!("there is {}", names.join(", "))
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
        console.print(&format!("Nothing of sparkyard is installed in the namespace {}.\n", cluster.namespace))?;
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
        let left = kept(&cluster, &selector)?;
        if args.delete_data {
            cluster
                .command(&["delete", "pvc,secret", "-l", &selector, "--timeout=120s"])
                .status()
                .map_err(|error| crate::cluster::missing("kubectl", &error))?;
        } else if !left.is_empty() {
            console.print(&format!("Kept, with all data: {}", left.join(", ")))?;
            console
                .print(&format!("To remove them too: sparkyard down {stack} -n {} --delete-data", cluster.namespace))?;
        }
        console.print(&format!("The namespace {} stays.", cluster.namespace))?;
    }
    Ok(OK)
}

/// What outlives an uninstall.
fn kept(cluster: &Cluster, selector: &str) -> Result<Vec<String>, Finding> {
    let names = cluster.kubectl(&["get", "pvc,secret", "-l", selector, "-o", "name"])?;
    Ok(names.lines().map(str::to_owned).collect())
}
