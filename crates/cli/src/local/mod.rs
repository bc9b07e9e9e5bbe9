//! `sparkyard local`: a cluster on this machine, made by minikube or kind, and a preset in it.
//!
//! Every step can be taken again: each tool is asked how far its cluster is, and only what lacks is done. So Ctrl-C at any
//! moment needs no clean-up.

mod driver;
mod size;
mod step;
mod tool;

use std::collections::BTreeSet;

use sparkyard_check::{images, items};
use sparkyard_diagnose::is_default_class;
use sparkyard_model::{Catalogue, Finding};

use self::driver::Driver;
use self::size::Size;
use self::step::Step;
use self::tool::{Found, NAME, State, Tool, named};
use crate::args::{ClusterArgs, LocalArgs, LocalCommand, LocalDownArgs, LocalUpArgs, UpArgs};
use crate::cluster::Cluster;
use crate::console::{Console, Stop};
use crate::stack::For;
use crate::{OK, Outcome, ask, up};

pub(crate) fn run(args: &LocalArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    match &args.command {
        LocalCommand::Up(args) => start(args, catalogue, console),
        LocalCommand::Down(args) => remove(args, console),
    }
}

/// What was found on this machine.
struct Machine {
    driver: Driver,
    found: Found,
}

fn start(args: &LocalUpArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let tool = args.tool.tool;
    let up = up_args(args);
    // What the checks refuse is refused before a cluster is started.
    let target = For::unasked(&args.namespace);
    let wanted = up::checked(&up, catalogue, &target, console)?;
    let size = Size::of(&wanted.made.stack);
    let images: BTreeSet<String> = images(wanted.made.stack.objects()).into_iter().map(|named| named.image).collect();
    let images: Vec<String> = images.into_iter().collect();
    if args.install.dry_run {
        print(&up, tool, &machine(args), size, &images, console)?;
        return up::run(&up, catalogue, console);
    }
    let cluster = Cluster::in_context(&tool.context(), &args.namespace);
    // `up` would say so too, minutes later.
    cluster.helm(&["version", "--short"])?;
    cluster.command(&["version", "--client"]).output().map_err(|error| crate::cluster::missing("kubectl", &error))?;
    let Machine { driver, found } = machine(args)?;
    enough(tool, &driver, &found, size, console)?;
    started(args, &driver, &found, size, &cluster, console)?;
    load(tool, &driver, &images, console)?;
    storage(tool, &driver, &cluster, console)?;
    let code = up::run(&up, catalogue, console)?;
    console.say(&format!(
        "the cluster goes on until `sparkyard local down {}` removes it with all data",
        tool.program()
    ))?;
    Ok(code)
}

/// The same thing as `sparkyard up` on the tool's context.
fn up_args(args: &LocalUpArgs) -> UpArgs {
    UpArgs {
        preset: args.preset.clone(),
        stack: args.stack.clone(),
        cluster: ClusterArgs { namespace: args.namespace.clone(), context: Some(args.tool.tool.context()) },
        install: args.install.clone(),
        // The cluster is ours by its name.
        yes: true,
    }
}

/// Asks the tool and what it runs in.
fn machine(args: &LocalUpArgs) -> Result<Machine, Finding> {
    let (tool, asked) = (args.tool.tool, args.tool.driver.as_deref());
    if tool == Tool::Minikube {
        let found = tool.find("")?;
        let own = found.driver.clone();
        return Ok(Machine { driver: Driver::find(own.as_deref().or(asked), tool)?, found });
    }
    let driver = Driver::find(asked, tool)?;
    Ok(Machine { found: tool.find(&driver.name)?, driver })
}

/// Whether there is room for the stack: in the cluster that is there, or on the machine.
fn enough(tool: Tool, driver: &Driver, found: &Found, size: Size, console: &mut Console<'_>) -> Result<(), Stop> {
    let smaller = "take a smaller preset (`--preset minikube` is the smallest)";
    let memory = if let Some(has) = found.has {
        let help =
            format!("`sparkyard local down {}` removes it, then a larger one is made; or {smaller}", tool.program());
        size.fits(&format!("the cluster `{NAME}`"), has, &help)?;
        has.1
    } else if let Some(has) = driver.has {
        let more = if cfg!(target_os = "linux") { "take a larger machine" } else { "give it more in its settings" };
        size.fits(named(&driver.name), has, &format!("{more}, or {smaller}"))?;
        has.1
    } else {
        console.say(&format!("the size of {} is left to {}", driver.name, tool.program()))?;
        return Ok(());
    };
    size.warning(memory).map_or(Ok(()), |warning| console.say(&warning))
}

/// Brings the cluster to where pods can run.
fn started(
    args: &LocalUpArgs,
    driver: &Driver,
    found: &Found,
    size: Size,
    cluster: &Cluster,
    console: &mut Console<'_>,
) -> Result<(), Stop> {
    let tool = args.tool.tool;
    if found.state == State::Runs {
        console.say(&format!("the {} cluster `{NAME}` runs", tool.program()))?;
    }
    if found.state != State::Half {
        let done = all(&tool.start(found, driver, size), console);
        // minikube mends its clusters itself. A node of kind whose creation was cut off never gets ready; but one that has
        // held something, or does not say that it has not, is left alone.
        let is_bare = || !ask::has_been_used(cluster) && holds_nothing(cluster);
        if done.is_ok() || tool == Tool::Minikube || found.state == State::Missing || !is_bare() {
            return done;
        }
    }
    let question = format!(
        "The {} cluster `{NAME}` does not come up; its creation was cut off. Remove it and make it anew?",
        tool.program()
    );
    ask::sure(&question, args.yes, &format!("the cluster `{NAME}` must be made anew"), console)?;
    let anew = tool.start(&Found::nothing(), driver, size);
    all(&[&[tool.remove(&driver.name)], &anew[..]].concat(), console)
}

/// Whether the cluster says that nothing but Kubernetes and the tool's own things are in it.
fn holds_nothing(cluster: &Cluster) -> bool {
    let own = |namespace: &serde_json::Value| {
        let name = namespace["metadata"]["name"].as_str().unwrap_or_default();
        name == "default" || name == "local-path-storage" || name.starts_with("kube-")
    };
    let default = cluster.namespace("default");
    match (default.json(&["get", "namespaces"]), default.json(&["get", "pods,persistentvolumeclaims"])) {
        (Ok(namespaces), Ok(things)) => {
            items(&namespaces["items"]).all(own) && items(&things["items"]).next().is_none()
        }
        _ => false,
    }
}

/// Runs commands in their order, each shown before.
fn all(steps: &[Step], console: &mut Console<'_>) -> Result<(), Stop> {
    for step in steps {
        console.say(&format!("$ {}", step.text()))?;
        step.run()?;
    }
    Ok(())
}

/// Loads the images that this machine has; the cluster pulls the others.
fn load(tool: Tool, driver: &Driver, images: &[String], console: &mut Console<'_>) -> Result<(), Stop> {
    for image in driver.present(images)? {
        let step = tool.load(&image, &driver.name);
        console.say(&format!("$ {}", step.text()))?;
        if step.run().is_err() {
            console.say(&format!("{image} is left for the cluster to pull"))?;
        }
    }
    Ok(())
}

fn storage(tool: Tool, driver: &Driver, cluster: &Cluster, console: &mut Console<'_>) -> Result<(), Stop> {
    let classes = cluster.json(&["get", "storageclasses"])?;
    if items(&classes["items"]).any(is_default_class) { Ok(()) } else { all(&tool.storage(&driver.name), console) }
}

/// The commands before those of `up`.
fn print(
    up: &UpArgs,
    tool: Tool,
    machine: &Result<Machine, Finding>,
    size: Size,
    images: &[String],
    console: &mut Console<'_>,
) -> Result<(), Stop> {
    let (driver, found) = match machine {
        Ok(machine) => (machine.driver.clone(), machine.found.clone()),
        Err(why) => {
            let message = format!("# {}; the commands are as for a machine that has all", why.message);
            console.say(&message)?;
            (Driver { name: "docker".to_owned(), has: None }, Found::nothing())
        }
    };
    if machine.is_ok()
        && let Err(Stop::Findings(why)) = enough(tool, &driver, &found, size, console)
    {
        why.iter().try_for_each(|why| console.say(&format!("# {}", why.message)))?;
    }
    let mut lines: Vec<String> = Vec::new();
    if found.state == State::Half {
        lines.push(tool.remove(&driver.name).text());
    }
    let state = if found.state == State::Half { Found::nothing() } else { found };
    lines.extend(tool.start(&state, &driver, size).iter().map(Step::text));
    let present = match machine {
        Ok(_) => driver.present(images)?,
        Err(_) => Vec::new(),
    };
    lines.extend(present.iter().map(|image| tool.load(image, &driver.name).text()));
    if !lines.is_empty() {
        console.print(&lines.join("\n"))?;
    }
    let context = up.cluster.context.clone().unwrap_or_default();
    let steps: Vec<String> = tool.storage(&driver.name).iter().map(Step::text).collect();
    console.print(&format!(
        "kubectl --context {context} get storageclasses | grep -q '(default)' || {{ {}; }}",
        steps.join("; ")
    ))
}

fn remove(args: &LocalDownArgs, console: &mut Console<'_>) -> Outcome {
    let tool = args.tool.tool;
    // minikube knows itself what its cluster runs in.
    let driver = if tool == Tool::Minikube { Ok(String::new()) } else { kinds_driver(args.tool.driver.as_deref()) };
    if args.dry_run {
        console.print(&tool.remove(driver.as_deref().unwrap_or("docker")).text())?;
        return Ok(OK);
    }
    let driver = driver?;
    let found = tool.find(&driver)?;
    if found.state == State::Missing {
        console.print(&format!("There is no {} cluster `{NAME}`.", tool.program()))?;
        return Ok(OK);
    }
    let volumes = if found.state == State::Runs { volumes(tool) } else { Vec::new() };
    let holds = if volumes.is_empty() { String::new() } else { format!(", with the volumes {}", volumes.join(", ")) };
    let question = format!("Remove the {} cluster `{NAME}` and all that is in it{holds}?", tool.program());
    ask::sure(&question, args.yes, &format!("the cluster `{NAME}` is removed with all data{holds}"), console)?;
    all(&[tool.remove(&driver)], console)?;
    console.print(&format!(
        "The {} cluster `{NAME}` is removed{holds}, and the context {} with it. Images of this machine stay.",
        tool.program(),
        tool.context()
    ))?;
    Ok(OK)
}

/// What kind's cluster runs in: what was asked for, else the first that answers, as `local up` takes it.
fn kinds_driver(asked: Option<&str>) -> Result<String, Finding> {
    match asked.map(str::to_owned).or_else(crate::env::kind_provider) {
        Some(name) => Ok(name),
        None => Driver::find(None, Tool::Kind).map(|driver| driver.name),
    }
}

/// Volumes in the cluster; nothing when it does not say.
fn volumes(tool: Tool) -> Vec<String> {
    let cluster = Cluster::in_context(&tool.context(), "default");
    let list = cluster.json(&["get", "persistentvolumeclaims", "--all-namespaces"]).unwrap_or_default();
    let name = |one: &serde_json::Value| {
        let word = |key: &str| one["metadata"][key].as_str().unwrap_or_default().to_owned();
        format!("{}/{}", word("namespace"), word("name"))
    };
    items(&list["items"]).map(name).collect()
}
