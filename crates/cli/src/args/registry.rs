//! Commands about registries, and about repositories that are plain files.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{Format, Selection};
use crate::env;

/// How to talk to a registry; the words are helm's.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Registry")]
pub(crate) struct RegistryArgs {
    /// HTTP in place of HTTPS
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// CA that signed the registry's certificate, as PEM [default: those of the system]
    #[arg(long, value_name = "FILE", conflicts_with = "plain_http")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Trust any certificate; whoever sits between can read the password and change the charts
    #[arg(long, conflicts_with_all = ["plain_http", "ca_file"])]
    pub(crate) insecure_skip_tls_verify: bool,
    /// File of credentials [default: helm's, then Docker's and Podman's]
    #[arg(long, value_name = "FILE", env = env::REGISTRY_CONFIG, hide_env_values = true)]
    pub(crate) registry_config: Option<PathBuf>,
    /// How often something is tried again when the registry is busy or the line breaks
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=10))]
    pub(crate) retries: u32,
    /// How many charts or images are handled at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) jobs: u8,
}

/// Push charts into an OCI registry, as `helm push` does.
///
/// Without a package and a selection, every chart of the catalogue is pushed; with a selection, the charts that `build` would
/// make of it. A `.prov` beside a package goes with it. The digests are those of `TZ=UTC helm push`.
///
/// What is there with the same bytes is left alone. Other bytes under the same version are refused, before anything is
/// pushed. A chart's tag is written last: a push that is stopped leaves none, and the next one goes on.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard push oci://ghcr.io/acme/charts                      # the whole catalogue
  sparkyard push oci://ghcr.io/acme/charts --preset quickstart
  sparkyard push dist/*.tgz oci://localhost:5000/charts --plain-http -o json")]
pub(crate) struct PushArgs {
    /// Packages, and the place below which each chart gets a repository of its name
    #[arg(value_name = "CHART.tgz]... [oci://HOST/PATH")]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Replace other charts under the same version
    #[arg(long)]
    pub(crate) force: bool,
    /// Look at what is there, push nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Verify that a registry has exactly these charts: those of the catalogue, of a selection, or of packages.
///
/// Exit code: 0 all are there with the same bytes; 1 one is missing or other.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard verify oci://ghcr.io/acme/charts
  sparkyard verify dist/spark-4-3-0.1.0.tgz oci://ghcr.io/acme/charts -o json")]
pub(crate) struct VerifyArgs {
    /// Packages, and the place below which each chart has a repository of its name
    #[arg(value_name = "CHART.tgz]... [oci://HOST/PATH")]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Pull a chart out of an OCI registry, as `helm pull` does.
///
/// Every byte is checked against its digest. The file gets the time at which the chart was made, so that pushing it elsewhere
/// gives the same digest.
#[derive(Debug, ClapArgs)]
// helm's word for the chart's version is the one that clap takes for the program's.
#[command(disable_version_flag = true)]
#[command(after_help = "Examples:
  sparkyard pull oci://ghcr.io/acme/charts/spark-4-3
  sparkyard pull oci://ghcr.io/acme/charts/spark-4-3 --version 0.1.0 -d charts
  sparkyard pull oci://ghcr.io/acme/charts/spark-4-3@sha256:92bf93bf397588db07defdd08d3694708ff5a8f593ff2968b089719e98125b67")]
pub(crate) struct PullArgs {
    /// The chart
    #[arg(value_name = "oci://HOST/PATH/NAME[:VERSION|@DIGEST]")]
    pub(crate) chart: String,
    /// Version, or a range of them: `^0.1` [default: the newest that is no pre-release]
    #[arg(long, value_name = "RANGE")]
    pub(crate) version: Option<String>,
    /// Folder for the package
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub(crate) destination: PathBuf,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Write the index.yaml of a folder of packages, as `helm repo index` does: a web server is then a chart repository.
///
/// The bytes are helm's, but for the times `created` and `generated`, which are SOURCE_DATE_EPOCH: the same packages give the
/// same index. Packages lie in the folder, or in the folders in it. What an older index has beside them is kept with --merge;
/// for a version that both have the package counts.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard index dist --url https://charts.example.com
  sparkyard index dist --url https://charts.example.com --merge published/index.yaml -o json")]
pub(crate) struct IndexArgs {
    /// Folder of the packages, where index.yaml is written
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Address of the folder [default: packages lie beside the index]
    #[arg(long, value_name = "URL", default_value = "", hide_default_value = true)]
    pub(crate) url: String,
    /// Older index whose other versions stay; need not be there
    #[arg(long, value_name = "FILE")]
    pub(crate) merge: Option<PathBuf>,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Log in to a registry, as `helm registry login` does.
///
/// The password is checked with the registry and kept in helm's file of credentials, or by the helper that it names:
/// `helm` and `sparkyard` find it both, and `helm registry logout` removes it.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard login ghcr.io -u ann
  printf %s \"$TOKEN\" | sparkyard login ghcr.io -u ann --password-stdin")]
pub(crate) struct LoginArgs {
    /// The registry, without a path
    #[arg(value_name = "HOST")]
    pub(crate) host: String,
    /// User
    #[arg(short, long, value_name = "NAME")]
    pub(crate) username: String,
    /// Read the password from the standard input; without it the terminal is asked
    #[arg(long)]
    pub(crate) password_stdin: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}
