//! Charts of anybody, from disk.

use std::collections::BTreeMap;
use std::path::Path;

use sparkyard_model::{Finding, Severity};
use sparkyard_pack::PackError;

/// The files of a chart.
pub(crate) fn files(chart: &Path) -> Result<BTreeMap<String, Vec<u8>>, Finding> {
    sparkyard_pack::load(chart).map_err(|error| {
        let help = match &error {
            PackError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                Some("a chart is a folder with a Chart.yaml, or a package of one; `helm pull` fetches one")
            }
            error => error.help(),
        };
        let finding = Finding::error("cannot-read", error.to_string());
        match help {
            Some(help) => finding.help(help),
            None => finding,
        }
    })
}

/// What stands before a file's path in messages.
pub(crate) fn prefix(chart: &Path) -> String {
    chart.display().to_string().trim_end_matches('/').to_owned()
}

/// Says that helm has to render a chart, and why.
pub(crate) fn outside(chart: &Path, findings: &[Finding]) -> Finding {
    let message = format!("{} is outside of the dialect: helm renders it", chart.display());
    let mut finding = Finding { severity: Severity::Note, ..Finding::error("outside-dialect", message) };
    if let Some(first) = findings.first() {
        finding.at.clone_from(&first.at);
        let more = findings.len() - 1;
        let others = if more > 0 { format!(", and {more} more") } else { String::new() };
        finding.help = Some(format!(
            "{}{others}; values that nothing reads, or that nobody defines, are not looked for",
            first.message
        ));
    }
    finding
}
