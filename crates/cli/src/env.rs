//! Every environment variable that the program reads, in one place.

use sparkyard_model::Finding;

/// Default of `--out`.
pub(crate) const OUT: &str = "SPARKYARD_OUT";
/// Where charts are pushed to and verified.
pub(crate) const REGISTRY: &str = "SPARKYARD_REGISTRY";
/// Default of `--registry-config`, which is helm's own.
pub(crate) const REGISTRY_CONFIG: &str = "HELM_REGISTRY_CONFIG";
/// What kind makes its clusters in, when it is not Docker.
pub(crate) const KIND_PROVIDER: &str = "KIND_EXPERIMENTAL_PROVIDER";
/// Time of files inside packages.
pub(crate) const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";
/// Folder of the contexts that have been used.
pub(crate) const XDG_STATE_HOME: &str = "XDG_STATE_HOME";

/// Name and meaning of every variable; the reference in the docs is made from it.
pub const VARIABLES: &[(&str, &str)] = &[
    (OUT, "Default of --out of `sparkyard build`"),
    (
        SOURCE_DATE_EPOCH,
        "Time of the files inside packages and of index.yaml, in seconds since 1970; a constant by default",
    ),
    (
        XDG_STATE_HOME,
        "Where `sparkyard/contexts.json` remembers which contexts have been used; ~/.local/state by default",
    ),
    ("KUBECONFIG", "Read by kubectl and helm, which `up`, `status`, `open`, `down`, `doctor` and `local` run"),
    (KIND_PROVIDER, "Set to podman: `sparkyard local` takes Podman for kind, as kind itself does"),
    (REGISTRY, "Where `sparkyard push` and `verify` find the registry: oci://HOST/PATH"),
    (REGISTRY_CONFIG, "File of credentials for registries, as for helm"),
    ("NO_COLOR", "Set to anything: no colours"),
    ("CLICOLOR_FORCE", "Set to 1: colours even when the output is not a terminal"),
];

/// What kind is told by its own variable to run in.
pub(crate) fn kind_provider() -> Option<String> {
    std::env::var(KIND_PROVIDER).ok().filter(|name| !name.is_empty())
}

/// What the header of a tar file can say, in the year 2242.
const LATEST: u64 = 0o77_777_777_777;

/// The time of files inside packages.
pub(crate) fn epoch() -> Result<u64, Finding> {
    match std::env::var(SOURCE_DATE_EPOCH) {
        Err(_) => Ok(sparkyard_pack::EPOCH),
        Ok(text) => text.trim().parse().ok().filter(|seconds| *seconds <= LATEST).ok_or_else(|| {
            Finding::error(
                "bad-environment",
                format!("{SOURCE_DATE_EPOCH} is `{text}`, which is not a number of seconds up to {LATEST}"),
            )
            .help("unset it, or set it to seconds since 1970, for example `$(git log -1 --format=%ct)`")
        }),
    }
}
