//! `sparkyard doctor`: what stands in the way of a preset on this cluster, and why an installed one does not run.

pub(crate) mod demand;
mod nodes;
mod objects;
mod placement;
mod probe;
mod ranges;
mod rights;
mod room;

use serde::Serialize;
use serde_json::Value;
use sparkyard_check::fails;
use sparkyard_diagnose::diagnose;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_render::{Chart, Constraint, Version};

use crate::args::{DoctorArgs, Format, MinSeverity};
use crate::cluster::{Cluster, installed};
use crate::console::Console;
use crate::stack::{For, Wanted};
use crate::{FAILED, OK, Outcome, check, table, up};

/// What an examination says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Nothing stands in the way.
    Pass,
    /// It could not be examined, or may hurt.
    Warn,
    /// It stands in the way.
    Fail,
}

/// One thing that was examined.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Seen {
    /// What: `storage`.
    pub(crate) what: &'static str,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// What was seen.
    pub(crate) said: String,
    /// What to do.
    pub(crate) fix: Option<String>,
}

/// All that was seen, in order.
#[derive(Default)]
pub(crate) struct Report(Vec<Seen>);

impl Report {
    pub(crate) fn pass(&mut self, what: &'static str, said: impl Into<String>) {
        self.0.push(Seen { what, verdict: Verdict::Pass, said: said.into(), fix: None });
    }
    pub(crate) fn warn(&mut self, what: &'static str, said: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Seen { what, verdict: Verdict::Warn, said: said.into(), fix: Some(fix.into()) });
    }
    pub(crate) fn fail(&mut self, what: &'static str, said: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Seen { what, verdict: Verdict::Fail, said: said.into(), fix: Some(fix.into()) });
    }
    fn fails(&mut self, what: &'static str, why: Finding) {
        self.fail(what, why.message, why.help.unwrap_or_default());
    }
}

pub(crate) fn run(args: &DoctorArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let cluster = Cluster::of(&args.cluster);
    let mut report = Report::default();
    examine(args, catalogue, &cluster, &mut report)?;
    let worst = report.0.iter().map(|seen| seen.verdict).max().unwrap_or(Verdict::Pass);
    match args.output {
        Format::Json => console.json(&serde_json::json!({ "verdict": worst, "seen": report.0 }))?,
        Format::Table => console.print(&text(&report))?,
    }
    Ok(if worst == Verdict::Fail { FAILED } else { OK })
}

fn text(report: &Report) -> String {
    let word = |verdict| match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
    };
    let rows =
        report.0.iter().map(|seen| [word(seen.verdict).to_owned(), seen.what.to_owned(), seen.said.replace('\n', " ")]);
    let mut text = table::rows(["", "WHAT", "SEEN"], rows);
    for seen in report.0.iter().filter(|seen| seen.verdict != Verdict::Pass) {
        if let Some(fix) = seen.fix.as_ref().filter(|fix| !fix.is_empty()) {
            text.push_str(&format!("\n{}: {fix}\n", seen.what));
        }
    }
    text
}

fn examine(
    args: &DoctorArgs,
    catalogue: &Catalogue,
    cluster: &Cluster,
    report: &mut Report,
) -> Result<(), crate::console::Stop> {
    match cluster.helm(&["version", "--short"]) {
        Ok(version) => report.pass("helm", version.trim()),
        Err(why) => report.fails("helm", why),
    }
    let target = match For::ask(cluster) {
        Ok(target) => target,
        // Nothing else can be asked.
        Err(why) => {
            report.fails("cluster", why);
            return Ok(());
        }
    };
    let first = catalogue.presets.first().map(|preset| preset.id.as_str()).unwrap_or_default();
    let preset = args.preset.as_deref().unwrap_or(first);
    let mut wanted = Wanted::of(preset, &args.stack, catalogue, &target)?;
    kubernetes(target.version.as_deref().unwrap_or_default(), &wanted, report);
    // Who owns one namespace may often not look at namespaces.
    let namespace = cluster.find("namespace", &cluster.namespace);
    admission(cluster, &namespace, &wanted, report);
    let waivers = wanted.waivers.clone();
    check::waive(&mut wanted.made.checked, &waivers, MinSeverity::Warning);
    match fails(&wanted.made.checked.findings) {
        true => {
            let first = wanted.made.checked.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            report.fail(
                "charts",
                format!("the checks find {}: {first}", table::count(wanted.made.checked.findings.len(), "fault")),
                "`sparkyard check --preset` shows each with its line",
            );
        }
        false => report.pass("charts", format!("{} objects pass the checks", wanted.made.checked.objects)),
    }
    rights::examine(cluster, matches!(namespace, Ok(None)), &wanted, report);
    objects::examine(cluster, &target.api_versions, &wanted, report);
    room::examine(cluster, &wanted, report);
    match up::missing_configs(&wanted, cluster) {
        Ok(missing) if missing.is_empty() => {
            report.pass("config", "the Secrets and ConfigMaps that the pods read are there, or `up` makes them")
        }
        Ok(missing) => missing.into_iter().for_each(|why| report.fails("config", why)),
        Err(why) => report.warn("config", why.message, why.help.unwrap_or_default()),
    }
    dns(cluster, report);
    if args.probe {
        probe::examine(cluster, &wanted, report);
    }
    running(cluster, report);
    Ok(())
}

/// The version of the cluster against what the charts say that they need.
fn kubernetes(version: &str, wanted: &Wanted, report: &mut Report) {
    for made in &wanted.made.tree.charts {
        let Ok(chart) = Chart::load(&made.files, &made.name) else { continue };
        let needs = &chart.metadata.kube_version;
        if needs.is_empty() {
            continue;
        }
        let fits = match (Constraint::parse(needs), Version::parse(&format!("{version}.0"))) {
            (Ok(needs), Some(version)) => needs.check(&version),
            _ => false,
        };
        if !fits {
            return report.fail(
                "kubernetes",
                format!("the cluster is {version}, {} needs {needs}", made.name),
                "take a newer cluster",
            );
        }
    }
    report.pass("kubernetes", format!("{version}, platform {}", wanted.platform));
}

/// Who admits pods into the namespace.
fn admission(cluster: &Cluster, namespace: &Result<Option<Value>, Finding>, wanted: &Wanted, report: &mut Report) {
    let name = &cluster.namespace;
    if wanted.made.stack.target.openshift {
        match cluster.find("securitycontextconstraints.security.openshift.io", "restricted-v2") {
            Ok(Some(_)) => report.pass("admission", "OpenShift with the SCC restricted-v2, which the charts pass"),
            Ok(None) => {
                report.fail("admission", "there is no SCC restricted-v2", "the charts need OpenShift 4.12 or newer")
            }
            Err(_) => report.warn(
                "admission",
                "OpenShift; its SCCs may not be looked at",
                "nothing to do if `up` starts its pods",
            ),
        }
        return;
    }
    let said = match namespace {
        Err(why) => {
            let fix = "nothing to do if the namespace is there: the charts pass Pod Security `restricted`";
            return report.warn(
                "admission",
                format!("the namespace {name} may not be looked at: {}", why.message),
                fix,
            );
        }
        Ok(None) => format!("the namespace {name} is not there; `up` makes it"),
        Ok(Some(found)) => match found["metadata"]["labels"]["pod-security.kubernetes.io/enforce"].as_str() {
            Some(level) => format!("Pod Security `{level}` in the namespace {name}; the charts pass `restricted`"),
            None => format!("no Pod Security level is enforced in the namespace {name}"),
        },
    };
    report.pass("admission", said);
}

/// Whether the cluster's DNS runs.
fn dns(cluster: &Cluster, report: &mut Report) {
    let fix = "see `kubectl -n kube-system get pods`: no pod finds another by its name while the DNS is down";
    let slices = |namespace: &str, service: &str| {
        let place = cluster.namespace(namespace);
        place.json(&["get", "endpointslices", "-l", &format!("kubernetes.io/service-name={service}")])
    };
    for (namespace, service) in [("kube-system", "kube-dns"), ("openshift-dns", "dns-default")] {
        match slices(namespace, service) {
            Ok(found) => {
                let all = sparkyard_check::items(&found["items"])
                    .flat_map(|slice| sparkyard_check::items(&slice["endpoints"]));
                let ready = all.filter(|one| one["conditions"]["ready"] != false).count();
                if ready > 0 {
                    return report.pass("dns", format!("{service} answers from {}", table::count(ready, "pod")));
                }
                if found["items"].as_array().is_some_and(|items| !items.is_empty()) {
                    return report.fail("dns", format!("{namespace}/{service} has no pod that is ready"), fix);
                }
            }
            Err(_) => {
                return report.warn(
                    "dns",
                    "the cluster's DNS may not be looked at",
                    "`--probe` looks from inside of the cluster",
                );
            }
        }
    }
    report.warn("dns", "no DNS service was found under its usual names", "`--probe` looks from inside of the cluster");
}

/// What is installed already, and why it does not run.
fn running(cluster: &Cluster, report: &mut Report) {
    let releases = match installed(cluster) {
        Ok(releases) => releases,
        Err(why) => return report.warn("installed", why.message, why.help.unwrap_or_default()),
    };
    for (stack, _) in crate::cluster::stacks(releases) {
        match cluster.observe(&stack).map(|observed| diagnose(&observed)) {
            Ok(causes) if causes.is_empty() => report.pass("installed", format!("{stack}: nothing wrong is seen")),
            Ok(causes) => {
                for cause in causes {
                    report.fail(
                        "installed",
                        format!("{stack}, {}: {} [{}]", cause.component, cause.message, cause.rule),
                        format!("{}; {}", cause.cure, cause.page),
                    );
                }
            }
            Err(why) => report.warn("installed", why.message, why.help.unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use sparkyard_check::Object;
    use sparkyard_model::SourceText;

    /// The objects of these manifests.
    pub(super) fn objects(text: &str) -> Vec<Object> {
        let (objects, findings) = Object::all_of(&Rc::new(SourceText { name: "test".into(), text: text.into() }));
        assert!(findings.is_empty(), "{findings:?}");
        objects
    }
}
