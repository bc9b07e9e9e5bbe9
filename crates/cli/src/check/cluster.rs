//! The cluster that objects are made for.

use sparkyard_admission::Policy;
use sparkyard_check::Target;
use sparkyard_model::{Catalogue, Finding, Platform};
use sparkyard_yaml::did_you_mean;

use crate::args::CheckArgs;
use crate::console::Stop;

/// The platform that the command line names, itself or by a policy; or else the one that the values name; or else the one
/// that defaults are made for.
pub(super) fn platform<'c>(
    args: &CheckArgs,
    catalogue: &'c Catalogue,
    in_values: Option<&str>,
) -> Result<&'c Platform, Stop> {
    if let Some(id) = &args.selection.platform {
        let ids = catalogue.platforms.iter().map(|platform| platform.id.as_str());
        return catalogue
            .platform(id)
            .ok_or_else(|| Stop::usage(format!("--platform {id}: there is none; {}", did_you_mean(id, ids))));
    }
    let is_openshift = |platform: &&Platform| Target::of(platform).is_ok_and(|target| target.openshift);
    let found = if args.policy.iter().any(Policy::is_openshift) {
        catalogue.platforms.iter().find(is_openshift)
    } else {
        in_values.filter(|_| args.policy.is_empty()).and_then(|id| catalogue.platform(id))
    };
    let missing = || Finding::error("bad-catalogue", "the catalogue has no platform");
    Ok(found.or(catalogue.platforms.first()).ok_or_else(missing)?)
}

/// What a platform's objects are made for, where the command line does not say otherwise.
pub(super) fn target(args: &CheckArgs, platform: &Platform) -> Result<Target, Finding> {
    let (namespace, services) = (args.namespace.clone(), args.services.clone());
    let mut target = Target { namespace, services, ..Target::of(platform)? };
    if !args.policy.is_empty() {
        target.policies.clone_from(&args.policy);
    }
    if let Some(version) = &args.kube_version {
        target.kube_version = Some(version.clone());
        target.policies = target
            .policies
            .into_iter()
            .map(|policy| policy.on_kubernetes(version))
            .collect::<Result<_, _>>()
            .map_err(|error| Finding::error("bad-version", format!("--kube-version {version}: {error}")))?;
    }
    Ok(target)
}

/// What the cluster serves beyond Kubernetes' own API.
pub(super) fn api_versions(args: &CheckArgs, catalogue: &Catalogue, platform: &Platform) -> Vec<String> {
    platform.api_versions.iter().chain(&args.api_versions).cloned().chain(catalogue.apis()).collect()
}
