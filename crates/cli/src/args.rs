//! The command line: types only, no behaviour.

mod local;
mod registry;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use sparkyard_admission::Policy;
use sparkyard_check::Waiver;
use sparkyard_model::Shape;

use crate::{env, syntax};

pub(crate) use local::{LocalArgs, LocalCommand, LocalDownArgs, LocalUpArgs, Tool};
pub(crate) use registry::{IndexArgs, LoginArgs, PullArgs, PushArgs, RegistryArgs, VerifyArgs};

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
  sparkyard up quickstart                 install one on the cluster of your kubeconfig
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
    Compare(CompareArgs),
    Check(Box<CheckArgs>),
    Template(TemplateArgs),
    Up(UpArgs),
    Status(StatusArgs),
    Open(OpenArgs),
    Down(DownArgs),
    Doctor(DoctorArgs),
    Local(LocalArgs),
    Graph(GraphArgs),
    Images(ImagesArgs),
    Push(PushArgs),
    Pull(PullArgs),
    Verify(VerifyArgs),
    Index(IndexArgs),
    Login(LoginArgs),
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
            Command::Compare(args) => args.output == Format::Json,
            Command::Check(args) => args.output == CheckFormat::Json,
            Command::Status(args) => args.output == Format::Json,
            Command::Doctor(args) => args.output == Format::Json,
            Command::Up(args) => args.install.output == Format::Json,
            Command::Local(args) => match &args.command {
                LocalCommand::Up(args) => args.install.output == Format::Json,
                LocalCommand::Down(_) => false,
            },
            Command::Graph(args) => args.output == GraphFormat::Json,
            Command::Images(args) => args.output == ListFormat::Json,
            Command::Push(args) => args.output == Format::Json,
            Command::Pull(args) => args.output == Format::Json,
            Command::Index(args) => args.output == Format::Json,
            Command::Verify(args) => args.output == Format::Json,
            Command::Template(_) | Command::Open(_) | Command::Down(_) | Command::Login(_) => false,
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
    /// Replace files that sparkyard did not write, or that were changed since
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

/// Explain one value (what it means, its default, who set it, which templates read it) or one rule of `check`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard explain pod-admission                 # a rule
  sparkyard explain spark-connect.executor.memory
  sparkyard explain global.stack
  sparkyard explain spark-connect                 # the values below it")]
pub(crate) struct ExplainArgs {
    /// Brick, or `global`, and the path below it; or the id of a rule
    #[arg(value_name = "VALUE.PATH|RULE")]
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Compare ways to do the same thing: back ends, shapes, Spark lines.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard compare backends
  sparkyard compare lines -o json")]
pub(crate) struct CompareArgs {
    /// What to compare: `backends`, `shapes` or `lines`
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Draw a selection: its bricks, what they plug into, and where they listen.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard graph quickstart                    # Mermaid, for a Markdown page
  sparkyard graph production -o svg > production.svg
  sparkyard graph connect-k8s -o dot | dot -Tpng > connect-k8s.png")]
pub(crate) struct GraphArgs {
    /// Scenario: an id of `sparkyard list presets`, or a preset file of your own
    #[arg(value_name = "PRESET|FILE", conflicts_with_all = ["preset", "bricks"])]
    pub(crate) scenario: Option<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "mermaid")]
    pub(crate) output: GraphFormat,
}

/// Form of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// For Markdown that is rendered: GitHub, GitLab
    Mermaid,
    /// A picture, light or dark as its reader
    Svg,
    /// For Graphviz
    Dot,
    /// For scripts
    Json,
}

/// List the images, jars and Python packages of a selection, to copy them to where a cluster can reach them.
///
/// Taken from all objects that an install makes, hooks and tests included: exactly what is pulled and downloaded with
/// these values. A line each: what it is, when it is needed (run, hook, test), then of an image its name, with
/// --registry its name there, and with --resolve its digest and the bytes that a node pulls; of a jar its path in a
/// Maven repository, SHA-256 and size; of a Python package what pip reads in a file of requirements.
///
/// The options below Registry are for --resolve.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard images quickstart
  sparkyard images production -f mine.yaml -o json
  sparkyard images quickstart --resolve                         # with digests and sizes
  sparkyard images quickstart --registry registry.example.com |
    awk '$1 == \"image\" {print $3, $4}' |
    while read -r from to; do skopeo copy --all \"docker://$from\" \"docker://$to\"; done")]
pub(crate) struct ImagesArgs {
    /// Scenario: an id of `sparkyard list presets`, or a preset file of your own
    #[arg(value_name = "PRESET|FILE", conflicts_with_all = ["preset", "bricks"])]
    pub(crate) scenario: Option<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Show the names in this registry beside those of today: what `global.imageRegistry` makes of them
    #[arg(long, value_name = "HOST", value_parser = syntax::registry)]
    pub(crate) registry: Option<String>,
    /// Ask the registries for the digest and the size of each image; with --registry, that one
    #[arg(long)]
    pub(crate) resolve: bool,
    /// Processor of the nodes, for --resolve: an image has another size for each
    #[arg(long, value_name = "NAME", default_value = "amd64", requires = "resolve")]
    pub(crate) processor: String,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: ListFormat,
    #[command(flatten)]
    pub(crate) access: RegistryArgs,
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// Lines of words, for people and shells
    Text,
    /// For scripts: with who needs it
    Json,
}

/// List bricks, presets, lines, platforms or rules.
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
    /// What `check` looks for
    Rules,
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

/// Values on the command line, as helm takes them.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Values, as helm takes them")]
pub(crate) struct SetArgs {
    /// Set a value: `--set executor.instances=3`
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Set a value to a text, whatever it looks like
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Set a value to JSON
    #[arg(long, value_name = "PATH=JSON")]
    pub(crate) set_json: Vec<String>,
    /// Set a value to the text of a file
    #[arg(long, value_name = "PATH=FILE")]
    pub(crate) set_file: Vec<String>,
    /// Set a value to a text in which nothing has a meaning of its own
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set_literal: Vec<String>,
}

/// Render a chart as `helm template` does, in process.
///
/// Prints the very bytes that helm prints. A chart that uses more of Go's templates than sparkyard
/// reads is given to the helm on PATH, and that is said.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard template demo generated-charts/spark-4-1
  sparkyard template demo generated-charts/spark-4-1 -f generated-charts/spark-4-1/values-quickstart.yaml --origin
  sparkyard template demo ./chart.tgz --set replicas=2 -s templates/deployment.yaml")]
pub(crate) struct TemplateArgs {
    /// Name of the release [default: release-name], and the chart: a folder or a package
    #[arg(value_name = "NAME] [CHART", num_args = 1..=2, required = true)]
    pub(crate) name_and_chart: Vec<String>,
    /// File of values; later files win
    #[arg(short = 'f', long = "values", value_name = "FILE", value_delimiter = ',')]
    pub(crate) values: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) set: SetArgs,
    /// Namespace of the release
    #[arg(short, long, value_name = "NAME", default_value = "default")]
    pub(crate) namespace: String,
    /// API versions that the cluster serves beyond Kubernetes' own
    #[arg(short, long, value_name = "GROUP/VERSION,...", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Version of Kubernetes: `1.33`
    #[arg(long, value_name = "VERSION", value_parser = syntax::kube_version)]
    pub(crate) kube_version: Option<String>,
    /// Only the objects of these templates: `templates/service.yaml`
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Print the custom resource definitions too
    #[arg(long)]
    pub(crate) include_crds: bool,
    /// Render as for an upgrade
    #[arg(long)]
    pub(crate) is_upgrade: bool,
    /// Leave out hooks
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// Leave out tests
    #[arg(long)]
    pub(crate) skip_tests: bool,
    /// Do not hold the values against the chart's schema
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// Say of each object which template made it and which values shaped it
    #[arg(long)]
    pub(crate) origin: bool,
}

/// Check charts: what was written, what it makes, and whether a cluster will take it.
///
/// Without a chart, every chart of the catalogue is checked with every preset on every platform.
/// With a selection, exactly what it would install. With a chart, any chart: a folder or a package;
/// several are taken as installed side by side.
///
/// Exit code: 0 nothing found, or only notes; 1 errors or warnings found; 2 wrong usage.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard check
  sparkyard check --preset quickstart -f mine.yaml --platform openshift
  sparkyard check ./my-chart -f values-prod.yaml --policy scc:restricted-v2@4.16
  sparkyard check ./my-chart --upgrade-from my-chart-1.2.0.tgz
  kubectl get deploy,sts -o yaml | sparkyard check --manifests - --policy pss:baseline
  sparkyard check ./my-chart -o sarif > findings.sarif")]
pub(crate) struct CheckArgs {
    /// Charts of anybody: folders or packages
    #[arg(value_name = "CHART", conflicts_with_all = ["manifests", "preset", "bricks", "spark", "shape"])]
    pub(crate) charts: Vec<PathBuf>,
    /// A file of manifests in place of charts, `-` for the standard input
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["preset", "bricks", "spark", "shape", "values"])]
    pub(crate) manifests: Option<PathBuf>,
    /// The earlier version: what `helm upgrade` to this one would break is found too. A chart for a chart, a folder of
    /// charts or packages for a selection, manifests for --manifests
    #[arg(long, value_name = "CHART|DIR|FILE")]
    pub(crate) upgrade_from: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) set: SetArgs,
    /// Who admits pods [default: pss:restricted, on OpenShift scc:restricted-v2]
    #[arg(long, value_name = "pss:LEVEL|scc:NAME[@VERSION]")]
    pub(crate) policy: Vec<Policy>,
    /// Namespace of the install
    #[arg(short, long, value_name = "NAME", default_value = "spark")]
    pub(crate) namespace: String,
    /// Version of Kubernetes: `1.33`
    #[arg(long, value_name = "VERSION", value_parser = syntax::known_kube_version)]
    pub(crate) kube_version: Option<String>,
    /// API versions that the cluster serves beyond Kubernetes' own
    #[arg(short, long, value_name = "GROUP/VERSION,...", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Whatever the charts refer to is made by them: what is not there is missing
    #[arg(long)]
    pub(crate) complete: bool,
    /// Services that are in the namespace already, which settings may name
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) services: Vec<String>,
    /// Say nothing about what is less bad
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(crate) min_severity: MinSeverity,
    /// Break a rule knowingly. In a values file: `# sparkyard: waive RULE until 2027-12-31: reason`
    #[arg(long, value_name = "RULE=REASON", value_parser = syntax::waiver)]
    pub(crate) waive: Vec<Waiver>,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: CheckFormat,
}

/// Form of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: the line that is wrong, with a caret
    Human,
    /// For scripts
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// The least severity that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MinSeverity {
    /// Everything
    Note,
    /// What is probably wrong
    Warning,
    /// What is wrong
    Error,
}

/// The cluster that is worked on.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterArgs {
    /// Namespace of the stack
    #[arg(short, long, value_name = "NAME", default_value = "spark")]
    pub(crate) namespace: String,
    /// Context of the kubeconfig [default: the current one]
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

/// What is installed.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "What is installed")]
pub(crate) struct StackArgs {
    /// Spark line (`4.1`) or version (`4.1.4`) [default: the newest that the preset fits]
    #[arg(short, long, visible_alias = "line", value_name = "LINE")]
    spark: Option<String>,
    /// One chart per brick, or one chart with all [default: the line's own]
    #[arg(long, value_name = "SHAPE", value_parser = ["modular", "umbrella"])]
    shape: Option<String>,
    /// Kind of cluster: `kubernetes`, `openshift`, or `detected`
    #[arg(long, value_name = "ID", default_value = "detected")]
    pub(crate) platform: String,
    /// File of values laid over all others: `global` and one key per brick; later files win
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    values: Vec<PathBuf>,
    /// Set a value by its path in such a file: `--set spark-connect.executor.instances=3`
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

impl StackArgs {
    /// As `build` selects it, for a platform.
    pub(crate) fn selection(&self, preset: &str, platform: &str) -> Selection {
        Selection {
            preset: Some(preset.to_owned()),
            bricks: Vec::new(),
            spark: self.spark.clone(),
            shape: self.shape.clone(),
            platform: Some(platform.to_owned()),
            values: self.values.clone(),
        }
    }
}

/// Install a preset on your cluster, and wait until it answers.
///
/// Composes the charts, checks them, makes the Secret with random passwords if it is not there, and
/// installs with the helm and kubectl on PATH. Says what each component does, and why it does not
/// come up if it does not. Running it again goes on where it was, or changes what differs.
///
/// Exit code: 0 all runs; 1 refused, failed or not in time; 2 wrong usage.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard up quickstart
  sparkyard up quickstart --spark 3.5 -n team-a --set jupyter.persistence.size=20Gi
  sparkyard up production -f mine.yaml --context prod --dry-run    # the commands, to paste")]
pub(crate) struct UpArgs {
    /// Scenario: an id of `sparkyard list presets`, or a preset file of your own
    #[arg(value_name = "PRESET")]
    pub(crate) preset: String,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) install: InstallArgs,
    /// Do not ask before a context is used for the first time
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// How a stack is installed and waited for.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct InstallArgs {
    /// Do nothing; print the commands that would be run
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait until all answers: `90s`, `10m`
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = syntax::seconds)]
    pub(crate) timeout: u64,
    /// Break a rule of `check` knowingly
    #[arg(long, value_name = "RULE=REASON", value_parser = syntax::waiver)]
    pub(crate) waive: Vec<Waiver>,
    /// Form of the table at the end
    #[arg(short, long, value_name = "FORMAT", default_value = "table", conflicts_with = "dry_run")]
    pub(crate) output: Format,
}

/// Show what is installed, how it is reached, and why it does not run if it does not.
///
/// Exit code: 0 all runs, or nothing is installed; 1 something does not run.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard status
  sparkyard status -n team-a -o json | jq '.stacks[].causes'")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Form of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// Make a component reachable from this machine, and open it.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard open jupyter
  sparkyard open ui            # Spark's live web page
  sparkyard open s3 --port 9000")]
pub(crate) struct OpenArgs {
    /// A component of `sparkyard status` (`jupyter`, `history`, `s3`, `connect`), or a port of one (`ui`, `connect.ui`)
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Port of this machine [default: the service's own, or the next that is free]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Only print the address
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// Uninstall a stack; its data and passwords stay.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard down
  sparkyard down quickstart -n team-a --delete-data")]
pub(crate) struct DownArgs {
    /// The stack [default: the only one]
    #[arg(value_name = "STACK")]
    pub(crate) stack: Option<String>,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Remove volumes and Secrets as well, after asking
    #[arg(long)]
    pub(crate) delete_data: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// Examine a cluster: whether a preset can be installed there, or why it does not run.
///
/// Looks at versions, rights, quotas, limit ranges, room on the nodes, Pod Security or SCCs, storage classes, names,
/// ports, Secrets, ConfigMaps, DNS; with --probe a short Job looks from inside of the cluster whether mirrors answer.
///
/// Exit code: 0 nothing stands in the way; 1 something does.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  sparkyard doctor
  sparkyard doctor quickstart -n team-a --probe
  sparkyard doctor production -f mine.yaml -o json")]
pub(crate) struct DoctorArgs {
    /// Scenario that is to be installed [default: the first of `sparkyard list presets`]
    #[arg(value_name = "PRESET")]
    pub(crate) preset: Option<String>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Run a short Job in the namespace: can it pull the image, look up names, reach the mirrors?
    #[arg(long)]
    pub(crate) probe: bool,
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
