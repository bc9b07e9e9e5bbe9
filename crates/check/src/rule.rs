//! What a rule is.

use serde::Serialize;
use sparkyard_model::Severity;

use crate::context::{ChartSource, Stack};
use crate::report::Report;
use crate::spark::Spark;
use crate::wires::Network;

/// A rule. One file of `rules/` each.
pub struct Rule {
    /// Id: words of the thing that is wrong or wanted, with hyphens.
    pub id: &'static str,
    /// What it looks at.
    pub group: Group,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What it asks for, in one line without a full stop.
    pub title: &'static str,
    /// Why: what happens to somebody who breaks it.
    pub why: &'static str,
    /// How to mend it.
    pub fix: &'static str,
    /// Numbers of the requirements and lessons that it keeps: `Q06`, `L70`, `S8`.
    pub covers: &'static [&'static str],
    /// An example that breaks it. Lines where it is found hold the word `wrong`.
    pub bad: Example,
    /// An example that does not.
    pub good: Example,
    /// The check.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Values and templates.
    Values,
    /// Names and labels.
    Names,
    /// What objects refer to.
    References,
    /// Security.
    Security,
    /// Spark.
    Spark,
    /// Memory, CPU, disk, probes, availability.
    Resources,
    /// Who talks to whom.
    Network,
    /// What Kubernetes accepts.
    Objects,
    /// From one version of a chart to the next.
    Upgrade,
    /// Chart.yaml, README and what lies in a package.
    Packaging,
}

impl Group {
    /// Every group, in the order of the book.
    pub const ALL: [Group; 10] = [
        Group::Values,
        Group::Names,
        Group::References,
        Group::Security,
        Group::Spark,
        Group::Resources,
        Group::Network,
        Group::Objects,
        Group::Upgrade,
        Group::Packaging,
    ];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Group::Values => "Values and templates",
            Group::Names => "Names and labels",
            Group::References => "References",
            Group::Security => "Security",
            Group::Spark => "Spark",
            Group::Resources => "Resources and availability",
            Group::Network => "Network",
            Group::Objects => "Objects",
            Group::Upgrade => "Upgrades",
            Group::Packaging => "Packaging",
        }
    }
}

/// What a rule is shown with, and tested with.
#[derive(Debug, Clone, Copy)]
pub enum Example {
    /// Manifests on Kubernetes.
    Manifests(&'static str),
    /// Manifests on OpenShift.
    OpenShift(&'static str),
    /// Files of a chart; what is left out is made up: Chart.yaml, values.yaml.
    Chart(&'static [(&'static str, &'static str)]),
    /// Manifests of one version of a chart, and of the next.
    Upgrade(&'static str, &'static str),
}

/// A check.
#[derive(Clone, Copy)]
pub enum Check {
    /// Of a chart as it is written: templates, values, schema, Chart.yaml.
    Chart(fn(&ChartSource<'_>, &mut Report)),
    /// Of all objects of one install.
    Stack(fn(&Stack, &mut Report)),
    /// Of the Spark programs among them, which are read once for all rules.
    Spark(for<'s> fn(&Spark<'s>, &'s Stack, &mut Report)),
    /// Of the hosts that they name, which are read once for all rules.
    Network(for<'s> fn(&Network<'s>, &'s Stack, &mut Report)),
    /// Of the objects of one version and of the next.
    Upgrade(fn(&Stack, &Stack, &mut Report)),
}
