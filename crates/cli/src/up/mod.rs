//! `sparkyard up`.

mod commands;
mod secret;
mod watch;

use std::path::Path;

use sparkyard_check::fails;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_pack::{Kind, Mode, package_all, write_dist};

pub(crate) use self::commands::quoted;
pub(crate) use self::secret::missing as missing_configs;
use crate::args::{Format, MinSeverity, UpArgs};
use crate::cluster::{Cluster, installed};
use crate::console::{Console, Stop};
use crate::stack::{For, Wanted};
use crate::status::Stack;
use crate::{FAILED, OK, Outcome, ask, check, env};

pub(crate) fn run(args: &UpArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let target = match For::ask(&cluster) {
        Ok(target) => target,
        Err(why) if args.install.dry_run => {
            let platform = if args.stack.platform == "detected" { ", for plain Kubernetes" } else { "" };
            console.say(&format!("# no cluster was asked ({}); the commands are as for one{platform}", why.rule))?;
            For::unasked(&cluster.namespace)
        }
        Err(why) => return Err(why.into()),
    };
    let wanted = checked(args, catalogue, &target, console)?;
    if args.install.dry_run {
        console.print(&commands::all(args, &wanted, catalogue, &cluster))?;
        return Ok(OK);
    }
    ask::context(&cluster, args.yes, console)?;
    namespace(&cluster, &wanted, console)?;
    secret::ready(&wanted, catalogue, &cluster, console)?;
    install(&wanted, &cluster, console)?;
    let seen = watch::until_it_runs(&wanted.name, args.install.timeout, &cluster, console)?;
    if let Some(why) = seen.reason() {
        console.say(&why)?;
    }
    let releases: Vec<_> = installed(&cluster)?.into_iter().filter(|release| release.stack == wanted.name).collect();
    let (stack, _) = Stack::of(&wanted.name, &releases, catalogue, &cluster)?;
    match args.install.output {
        Format::Json => console.json(&stack)?,
        Format::Table => console.print(&stack.text(&cluster))?,
    }
    Ok(if stack.is_healthy() { OK } else { FAILED })
}

/// What is to be installed; refused when the checks find that it would not run.
pub(crate) fn checked(
    args: &UpArgs,
    catalogue: &Catalogue,
    target: &For<'_>,
    console: &mut Console<'_>,
) -> Result<Wanted, Stop> {
    let mut wanted = Wanted::of(&args.preset, &args.stack, catalogue, target)?;
    console.notes(&wanted.made.unused)?;
    let waivers: Vec<_> = wanted.waivers.iter().chain(&args.install.waive).cloned().collect();
    let waived = check::waive(&mut wanted.made.checked, &waivers, MinSeverity::Warning);
    if !fails(&wanted.made.checked.findings) {
        return Ok(wanted);
    }
    // With JSON asked for, the findings are the document.
    if args.install.output == Format::Table {
        console.say(&anstream::adapter::strip_str(&check::human(&wanted.made.checked, waived)).to_string())?;
    }
    let mut all = std::mem::take(&mut wanted.made.checked.findings);
    if args.install.output == Format::Table {
        all = vec![
            Finding::error(
                "refused",
                "the checks have found what the cluster would refuse or what would not run: nothing was done",
            )
            .help("mend it, or break a rule knowingly with --waive RULE=REASON"),
        ];
    } else {
        all.iter_mut().for_each(|finding| finding.severity = sparkyard_model::Severity::Error);
    }
    Err(Stop::Findings(all))
}

fn namespace(cluster: &Cluster, wanted: &Wanted, console: &mut Console<'_>) -> Result<(), Stop> {
    let name = &cluster.namespace;
    match cluster.find("namespace", name) {
        Ok(Some(found)) if !found["metadata"]["deletionTimestamp"].is_null() => {
            let message = format!("the namespace {name} is being removed");
            Err(Finding::error("namespace-ends", message).help("wait until it is gone, or take another with -n").into())
        }
        Ok(Some(_)) => Ok(()),
        // Who owns one namespace may often not look at namespaces.
        Err(why) if why.rule == "no-right" => Ok(()),
        Err(why) => Err(why.into()),
        Ok(None) => {
            cluster.kubectl(&["create", "namespace", name]).map_err(|why| {
                let help = if wanted.platform == "openshift" {
                    format!("`oc new-project {name}`, or ask for one")
                } else {
                    "ask whoever runs the cluster for a namespace".to_owned()
                };
                if why.rule == "no-right" { why.help(help) } else { why }
            })?;
            console.say(&format!("namespace {name} made"))
        }
    }
}

/// Installs chart after chart; a chart that needs another waits for it inside of the cluster.
fn install(wanted: &Wanted, cluster: &Cluster, console: &mut Console<'_>) -> Result<(), Stop> {
    let cannot =
        |what: &dyn std::fmt::Display| Finding::error("cannot-write", format!("cannot write the charts: {what}"));
    let epoch = env::epoch()?;
    let packages = package_all(&wanted.made.tree.charts, epoch).map_err(|error| cannot(&error))?;
    let folder = tempfile::tempdir().map_err(|error| cannot(&error))?;
    write_dist(&packages, folder.path(), epoch, Mode { kind: Kind::Selection, force: true })
        .map_err(|error| cannot(&error))?;
    mend(cluster, wanted, console)?;
    for ((chart, release), package) in wanted.releases().iter().zip(&packages) {
        let file = folder.path().join(&package.file);
        let file = Path::new(&file).display().to_string();
        let mut args = vec!["upgrade", "--install", release.as_str(), &file];
        for set in &wanted.set {
            args.extend(["--set", set]);
        }
        cluster.helm(&args)?;
        console.say(&format!("{release}: {} {} is handed to the cluster", chart.name, chart.version))?;
    }
    Ok(())
}

/// A helm that was cut off leaves its release `pending`, and helm then refuses to touch it.
fn mend(cluster: &Cluster, wanted: &Wanted, console: &mut Console<'_>) -> Result<(), Stop> {
    let ours: Vec<String> = wanted.releases().into_iter().map(|(_, name)| name).collect();
    for release in installed(cluster)?.into_iter().filter(|release| ours.contains(&release.name)) {
        match release.status.as_str() {
            "pending-install" => cluster.helm(&["uninstall", &release.name, "--no-hooks", "--wait"])?,
            "pending-upgrade" | "pending-rollback" => cluster.helm(&["rollback", &release.name])?,
            _ => continue,
        };
        console.say(&format!("{}: an earlier helm was cut off; mended", release.name))?;
    }
    Ok(())
}
