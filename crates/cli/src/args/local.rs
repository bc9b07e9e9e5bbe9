//! Clusters on a laptop.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{InstallArgs, StackArgs};

/// Start a cluster on this machine with minikube or kind and install a preset there, or remove it again.
///
/// minikube and kind do the work; what is run can be seen with --dry-run. The cluster is named `sparkyard`: no other is
/// touched.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard local up minikube
  sparkyard local up kind --preset quickstart --dry-run    # the commands, to paste
  sparkyard local down kind")]
pub(crate) struct LocalArgs {
    #[command(subcommand)]
    pub(crate) command: LocalCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LocalCommand {
    // Boxed: it has many more options than its neighbour.
    Up(Box<LocalUpArgs>),
    Down(LocalDownArgs),
}

/// The program that makes the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// A cluster of a size of its own, in a container or a virtual machine
    Minikube,
    /// A cluster in a container that takes what Docker has
    Kind,
}

/// Which cluster.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ToolArgs {
    /// The program that makes the cluster
    #[arg(value_name = "TOOL")]
    pub(crate) tool: Tool,
    /// What the cluster runs in: `docker`, `podman`, or another driver of minikube [default: the first of the two that
    /// answers; of a cluster that is there, its own]
    #[arg(long, value_name = "NAME")]
    pub(crate) driver: Option<String>,
}

/// Start the cluster `sparkyard`, or use it if it runs, and install a preset there.
///
/// Looks first whether minikube or kind, Docker or Podman, kubectl and helm are there, and whether the machine has the CPUs
/// and the memory that the preset asks for. Images that Docker has are loaded into the cluster, the others are pulled by it.
/// Then it is `sparkyard up`. Running it again goes on where it was, after Ctrl-C too.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard local up minikube
  sparkyard local up kind --preset quickstart --spark 4.1
  sparkyard local up minikube --dry-run    # the commands, to paste")]
pub(crate) struct LocalUpArgs {
    #[command(flatten)]
    pub(crate) tool: ToolArgs,
    /// Scenario: an id of `sparkyard list presets`, or a preset file of your own
    #[arg(short, long, value_name = "ID|FILE", default_value = "minikube")]
    pub(crate) preset: String,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Namespace of the stack
    #[arg(short, long, value_name = "NAME", default_value = "spark")]
    pub(crate) namespace: String,
    #[command(flatten)]
    pub(crate) install: InstallArgs,
    /// Do not ask before a cluster whose creation was cut off is made anew
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// Remove the cluster `sparkyard` with all that is in it.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard local down minikube
  sparkyard local down kind --dry-run")]
pub(crate) struct LocalDownArgs {
    #[command(flatten)]
    pub(crate) tool: ToolArgs,
    /// Change nothing; print the command that would be run
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}
