//! `sparkyard check`.

mod format;

use std::io::Read as _;
use std::path::Path;
use std::rc::Rc;

use sparkyard_admission::{Namespace, Policy};
use sparkyard_check::{
    ChartSource, Checked, Object, Release, Stack, Target, Waiver, Written, apply_waivers, check_catalogue,
    check_source, check_stack, policies, rule,
};
use sparkyard_compose::{catalogue_tree, compose, resolve};
use sparkyard_model::{Catalogue, Finding, Severity, SourceText};
use sparkyard_render::{Chart, Options, RenderError, UserValues};
use sparkyard_yaml::did_you_mean;

pub(crate) use self::format::{described, rules};
use crate::args::{CheckArgs, CheckFormat, MinSeverity};
use crate::console::{Console, Stop};
use crate::helm::{self, Helm};
use crate::{FAILED, OK, Outcome, load, select, values};

pub(crate) fn run(args: &CheckArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let mut waivers = Vec::new();
    let mut wrong = Vec::new();
    for text in &args.waive {
        match Waiver::of_argument(text) {
            Ok(waiver) => waivers.push(waiver),
            Err(why) => wrong.push(Finding::error("bad-waiver", why)),
        }
    }
    let target = target(args, catalogue).map_err(|finding| vec![finding])?;
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let mut checked = if let Some(file) = &args.manifests {
        manifests(file, target)?
    } else if !args.charts.is_empty() {
        charts(args, catalogue, target, &mut waivers, console)?
    } else if args.selection.is_empty() {
        whole(catalogue, target, args)?
    } else {
        selection(args, catalogue, target, &mut waivers)?
    };
    let known = |id: &str| {
        let ids = sparkyard_check::RULES.iter().map(|rule| rule.id);
        rule(id).is_none().then(|| did_you_mean(id, ids))
    };
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let all = std::mem::take(&mut checked.findings);
    let found = all.len();
    let kept = apply_waivers(all, &waivers, &today, &known);
    let waived = found.saturating_sub(kept.iter().filter(|finding| rule(&finding.rule).is_some()).count());
    let least = match args.min_severity {
        MinSeverity::Note => Severity::Note,
        MinSeverity::Warning => Severity::Warning,
        MinSeverity::Error => Severity::Error,
    };
    checked.findings = kept.into_iter().filter(|finding| finding.severity >= least).collect();
    match args.output {
        CheckFormat::Human => console.print_exactly(&format::human(&checked, waived))?,
        CheckFormat::Json => console.json(&format::json(&checked, waived))?,
        CheckFormat::Sarif => console.json(&format::sarif(&checked.findings))?,
        CheckFormat::Github => console.print_exactly(&format::github(&checked.findings))?,
    }
    Ok(if checked.findings.is_empty() { OK } else { FAILED })
}

/// What the objects are made for: the platform, and who admits pods there.
fn target(args: &CheckArgs, catalogue: &Catalogue) -> Result<Target, Finding> {
    let mut policies = Vec::new();
    for text in &args.policy {
        let policy: Policy =
            text.parse().map_err(|error| Finding::error("bad-policy", format!("--policy {text}: {error}")))?;
        policies.push(policy);
    }
    let platform = args.selection.platform.as_deref();
    if let Some(id) = platform
        && catalogue.platform(id).is_none()
    {
        let ids = catalogue.platforms.iter().map(|platform| platform.id.as_str());
        return Err(Finding::error("unknown-platform", format!("no platform `{id}`")).help(did_you_mean(id, ids)));
    }
    let scc = |policy: &Policy| matches!(policy, Policy::Scc { .. });
    let openshift = platform == Some("openshift") || (platform.is_none() && policies.iter().any(scc));
    if policies.is_empty() {
        policies = self::policies(openshift);
    }
    if let Some(version) = &args.kube_version {
        policies = policies
            .into_iter()
            .map(|policy| policy.on_kubernetes(version))
            .collect::<Result<_, _>>()
            .map_err(|error| Finding::error("bad-version", format!("--kube-version {version}: {error}")))?;
    }
    Ok(Target {
        openshift,
        namespace: args.namespace.clone(),
        kube_version: args.kube_version.clone(),
        policies,
        ranges: Namespace::default(),
        complete: args.complete,
    })
}

/// Every chart, preset and platform.
fn whole(catalogue: &Catalogue, target: Target, args: &CheckArgs) -> Result<Checked, Stop> {
    let tree = catalogue_tree(catalogue)?;
    let given = !args.policy.is_empty() || args.kube_version.is_some();
    Ok(check_catalogue(catalogue, &tree, given.then_some(&target)).map_err(RenderError::into_findings)?)
}

/// Exactly what `build` would write of a selection, installed.
fn selection(
    args: &CheckArgs,
    catalogue: &Catalogue,
    target: Target,
    waivers: &mut Vec<Waiver>,
) -> Result<Checked, Stop> {
    let request = select::request(&args.selection, catalogue)?;
    let files: Vec<SourceText> = request.overrides.iter().map(|file| file.source.clone()).collect();
    let mut findings = read_waivers(&files, waivers);
    let plan = resolve(catalogue, &request)?;
    let tree = compose(catalogue, &plan).map_err(Finding::from)?;
    let user = values::user(&[], &args.set)?;
    let openshift = plan.platform == "openshift";
    let target = Target {
        openshift: openshift || target.openshift,
        policies: if args.policy.is_empty() { policies(openshift) } else { target.policies.clone() },
        complete: true,
        ..target
    };
    let api_versions: Vec<String> = catalogue
        .platform(&plan.platform)
        .map(|platform| platform.api_versions.clone())
        .unwrap_or_default()
        .into_iter()
        .chain(args.api_versions.iter().cloned())
        .collect();
    let mut charts = Vec::new();
    for made in &tree.charts {
        charts.push((made, Chart::load(&made.files, &made.name).map_err(RenderError::into_findings)?));
    }
    let base = [plan.stack.as_str(), plan.preset.as_deref().unwrap_or_default(), "demo"];
    let base = base.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let mut releases = Vec::new();
    for (made, chart) in &charts {
        findings.extend(check_source(&ChartSource::new(chart, &made.files, &made.name)));
        let section = made.bricks.first().filter(|_| charts.len() > 1);
        let name = section.map_or(base.to_owned(), |brick| format!("{base}-{brick}"));
        // The files of the selection are composed into the defaults; who wrote a value is still asked of them.
        let mut written = UserValues::of_files(files.clone());
        written.set.clone_from(&user.set);
        releases.push(Release {
            chart,
            name,
            user: user.clone(),
            written: Some(Written { files: written, section: section.cloned() }),
        });
    }
    let stack = sparkyard_check::install(&releases, target, &api_versions).map_err(RenderError::into_findings)?;
    findings.extend(check_stack(&stack));
    Ok(Checked { charts: charts.len(), installs: 1, objects: stack.objects.len(), findings })
}

/// Charts of anybody, side by side.
fn charts(
    args: &CheckArgs,
    catalogue: &Catalogue,
    target: Target,
    waivers: &mut Vec<Waiver>,
    console: &mut Console<'_>,
) -> Result<Checked, Stop> {
    let user = values::user(&args.selection.values, &args.set)?;
    let mut findings = read_waivers(&user.files, waivers);
    let mut stack = Stack::new(target.clone());
    let platform = catalogue.platform(if target.openshift { "openshift" } else { "kubernetes" });
    let api_versions: Vec<String> = platform
        .map(|platform| platform.api_versions.clone())
        .unwrap_or_default()
        .into_iter()
        // Every cluster serves it, and helm knows only the versions of its own client.
        .chain(["apiregistration.k8s.io/v1".to_owned()])
        .chain(args.api_versions.iter().cloned())
        .collect();
    for path in &args.charts {
        let files = load::files(path)?;
        let prefix = load::prefix(path);
        let options = |name: &str| Options {
            release: name.to_owned(),
            namespace: target.namespace.clone(),
            kube_version: target.kube_version.clone(),
            api_versions: api_versions.clone(),
            trace: true,
            ..Options::default()
        };
        let outcome = Chart::load(&files, &prefix).and_then(|chart| {
            let rendered = sparkyard_render::render(&chart, &user, &options(&chart.metadata.name));
            rendered.map(|rendered| (chart, rendered))
        });
        match outcome {
            Ok((chart, rendered)) => {
                findings.extend(check_source(&ChartSource::new(&chart, &files, &prefix)));
                stack.add(&chart, &rendered, Written { files: user.clone(), section: None });
            }
            Err(RenderError::Outside(outside)) => {
                console.note(&load::outside(path, &outside))?;
                let helm = Helm {
                    chart: path,
                    values: &args.selection.values,
                    set: &args.set,
                    options: &options("release-name"),
                    more: &[],
                };
                let text = helm::template(&helm)?;
                add(&mut stack, &Rc::new(SourceText { name: format!("{prefix} (rendered)"), text }))?;
            }
            Err(RenderError::Refused(refused)) => return Err(refused.into()),
        }
    }
    findings.extend(check_stack(&stack));
    Ok(Checked { charts: args.charts.len(), installs: 1, objects: stack.objects.len(), findings })
}

/// Manifests of anybody.
fn manifests(file: &Path, target: Target) -> Result<Checked, Stop> {
    let source = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| {
            Finding::error("cannot-read", format!("cannot read the standard input: {}", sparkyard_pack::cause(&error)))
        })?;
        SourceText { name: "stdin".into(), text }
    } else {
        select::read(file)?
    };
    let mut stack = Stack::new(target);
    add(&mut stack, &Rc::new(source))?;
    let findings = check_stack(&stack);
    Ok(Checked { charts: 0, installs: 1, objects: stack.objects.len(), findings })
}

/// Adds the objects of a text. A `List` is what it holds.
fn add(stack: &mut Stack, file: &Rc<SourceText>) -> Result<(), Vec<Finding>> {
    let (objects, findings) = Object::all_of(file);
    objects.into_iter().for_each(|object| stack.add_object(object));
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn read_waivers(files: &[SourceText], waivers: &mut Vec<Waiver>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let (read, wrong) = Waiver::of_file(file);
        waivers.extend(read);
        findings.extend(wrong);
    }
    findings
}
