//! The command line: types only, no behaviour.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use sparkyard_model::Shape;

use crate::env;

/// Builds Helm charts for Apache Spark on Kubernetes and OpenShift.
///
/// Charts are composed of bricks (Spark Connect, History Server, Hive Metastore, S3, ...). A preset
/// names the bricks and values of a scenario; the charts work with plain `helm install`, without
/// this program.
#[derive(Debug, Parser)]
#[command(name = "sparkyard", bin_name = "sparkyard", version, propagate_version = true, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Start here:
  sparkyard list presets                  what scenarios there are
  sparkyard build --preset quickstart     the charts of one, in ./charts
  sparkyard build                         every chart of the catalogue, in ./generated-charts")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Build(BuildArgs),
    Plan(PlanArgs),
    Explain(ExplainArgs),
    List(ListArgs),
    Show(ShowArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

impl Command {
    /// Whether a script reads the output.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Command::Build(args) => args.output == Format::Json,
            Command::Plan(args) => args.output == PlanFormat::Json,
            Command::Explain(args) => args.output == Format::Json,
            Command::List(args) => args.output == Format::Json,
            Command::Show(args) => args.output == Format::Json,
            Command::Completions(_) | Command::Man(_) => false,
        }
    }
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For scripts
    Json,
}

/// Form of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Table,
    /// For scripts
    Json,
    /// For people who read values files
    Yaml,
}

/// What to make charts of.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Selection")]
pub(crate) struct Selection {
    /// Scenario: an id of `sparkyard list presets`, or a preset file of your own
    #[arg(short, long, value_name = "ID|FILE")]
    pub(crate) preset: Option<String>,
    /// Bricks in place of a preset: `--bricks seaweedfs,spark-connect`
    #[arg(short, long, value_name = "ID,...", value_delimiter = ',', conflicts_with = "preset")]
    pub(crate) bricks: Vec<String>,
    /// Spark line (`4.1`) or version (`4.1.4`) [default: the newest]
    #[arg(short, long, value_name = "LINE")]
    pub(crate) spark: Option<String>,
    /// One chart per brick, or one chart with all [default: the line's own]
    #[arg(long, value_name = "SHAPE", value_parser = ["modular", "umbrella"])]
    shape: Option<String>,
    /// Kind of cluster that the charts' defaults are made for [default: kubernetes]
    #[arg(long, value_name = "ID")]
    pub(crate) platform: Option<String>,
    /// File of values laid over all others: `global` and one key per brick; later files win
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub(crate) values: Vec<PathBuf>,
}

impl Selection {
    /// Whether nothing was selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.preset.is_none()
            && self.bricks.is_empty()
            && self.spark.is_none()
            && self.shape.is_none()
            && self.platform.is_none()
            && self.values.is_empty()
    }

    /// The shape; clap has made sure that the word is one.
    pub(crate) fn shape(&self) -> Option<Shape> {
        self.shape.as_ref().and_then(|word| word.parse().ok())
    }
}

/// Write charts: one preset's, or the whole catalogue's.
///
/// Without a selection, every chart of the catalogue is written to `generated-charts` and packaged
/// into `dist`. With one, only its charts are written, to `charts/<preset>-<line>`; other charts
/// and files that are there stay.
///
/// Only files whose bytes differ are written, each whole or not at all.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard build --preset quickstart
  sparkyard build --preset quickstart --spark 3.5 --platform openshift --package
  sparkyard build --bricks seaweedfs,hive-metastore,postgresql -f mine.yaml --out charts/lake
  sparkyard build --check            # in CI: exit 1 when generated-charts is stale")]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Folder for the charts
    #[arg(long, value_name = "DIR", env = env::OUT, hide_env_values = true)]
    pub(crate) out: Option<PathBuf>,
    /// Package the charts too, into DIR [default: dist, or dist/<preset>-<line>]
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub(crate) package: Option<Option<PathBuf>>,
    /// Do not package the catalogue
    #[arg(long, conflicts_with = "package")]
    pub(crate) no_package: bool,
    /// Write nothing; exit 1 if something would change
    #[arg(long)]
    pub(crate) check: bool,
    /// Replace files that sparkyard did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Show every value of a selection and who decided it; nothing is written.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard plan --preset quickstart
  sparkyard plan --preset quickstart -f mine.yaml -o json | jq '.wires'")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: PlanFormat,
}

/// Explain one value: what it means, its default, who set it and which templates read it.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard explain spark-connect.executor.memory
  sparkyard explain global.stack
  sparkyard explain spark-connect                 # the values below it")]
pub(crate) struct ExplainArgs {
    /// Brick, or `global`, and the path below it
    #[arg(value_name = "VALUE.PATH")]
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// List bricks, presets, lines or platforms.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  sparkyard list presets")]
pub(crate) struct ListArgs {
    /// What to list
    #[arg(value_name = "WHAT")]
    pub(crate) what: What,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Components
    Bricks,
    /// Scenarios
    Presets,
    /// Spark versions
    Lines,
    /// Kinds of clusters
    Platforms,
}

/// Show all about one brick, preset, line or platform.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard show spark-connect
  sparkyard show 4.1 -o json")]
pub(crate) struct ShowArgs {
    /// Id of a brick, preset, line or platform
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Print a completion script for a shell.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:
  sparkyard completions bash > ~/.local/share/bash-completion/completions/sparkyard")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Print the manual page, or write all pages into a folder.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard man | man -l -
  sparkyard man ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Folder for the pages of all commands; without it the main page is printed
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
