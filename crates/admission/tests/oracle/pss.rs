//! Pods under Pod Security.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sparkyard_admission::pss::ids;
use sparkyard_admission::{Level, Namespace, PodRef, Policy, PssVersion};

use crate::dice::Dice;
use crate::pods::Pods;
use crate::{Case, process};

pub(crate) struct PssCase {
    level: Level,
    /// As Kubernetes writes it: `v1.30`, `latest`; also of the future.
    version: String,
    pod: Value,
}

impl PssCase {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let level = *dice.pick(&[Level::Baseline, Level::Restricted]);
        let known = usize::from(PssVersion::NEWEST_MINOR - PssVersion::OLDEST_MINOR) + 1;
        let version = match dice.below(known + 2) {
            0 => "latest".to_owned(),
            1 => "v1.99".to_owned(),
            minor => format!("v1.{}", minor - 2 + usize::from(PssVersion::OLDEST_MINOR)),
        };
        PssCase { level, version, pod: Pods::new(&mut dice).pod() }
    }
}

impl Case for PssCase {
    fn title(&self) -> String {
        format!("{}@{}", self.level, self.version)
    }

    fn ours(&self) -> Value {
        let policy = Policy::Pss { level: self.level, version: self.version.parse().expect("a version") };
        let pod = PodRef { metadata: &self.pod["metadata"], spec: &self.pod["spec"] };
        match policy.judge(pod, &Namespace::default()) {
            Ok(_) => json!("admitted"),
            Err(violations) if violations.iter().any(|violation| violation.check == "decode") => json!("undecodable"),
            Err(violations) => failed(violations.iter().map(|violation| violation.check.as_str())),
        }
    }

    fn shown(&self) -> Value {
        self.pod.clone()
    }

    fn line(answer: &Value) -> String {
        answer.as_str().unwrap_or_default().to_owned()
    }

    fn verdicts(answer: &Value) -> Vec<String> {
        let line = Self::line(answer);
        line.strip_prefix("refused ").unwrap_or(&line).split(',').map(str::to_owned).collect()
    }

    fn expected() -> Vec<String> {
        let checks =
            [Level::Baseline, Level::Restricted].map(|level| ids(level, PssVersion::LATEST)).into_iter().flatten();
        checks.chain(["admitted", "undecodable"]).map(str::to_owned).collect()
    }
}

fn failed<'a>(checks: impl Iterator<Item = &'a str>) -> Value {
    let checks: BTreeSet<&str> = checks.collect();
    json!(format!("refused {}", checks.into_iter().collect::<Vec<_>>().join(",")))
}

/// What Kubernetes' own library says.
pub(crate) fn ask(cases: &[PssCase]) -> Vec<Value> {
    let binary = process::build("pss", "go.mod");
    let question = |case: &PssCase| json!({"level": case.level.name(), "version": case.version, "pod": case.pod});
    let answers = process::ask(&binary, cases.iter().map(question).collect());
    let read = |answer: Value| match (&answer["undecodable"], &answer["allowed"]) {
        (Value::String(_), _) => json!("undecodable"),
        (_, Value::Bool(true)) => json!("admitted"),
        _ => failed(answer["failed"].as_array().into_iter().flatten().filter_map(Value::as_str)),
    };
    answers.into_iter().map(read).collect()
}
