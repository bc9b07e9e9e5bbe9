//! The helm on PATH, for charts that use more of Go's templates than we read.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use sparkyard_model::Finding;
use sparkyard_render::Options;

use crate::args::SetArgs;

/// What helm is told.
pub(crate) struct Helm<'a> {
    pub(crate) chart: &'a Path,
    pub(crate) values: &'a [std::path::PathBuf],
    pub(crate) set: &'a SetArgs,
    pub(crate) options: &'a Options,
    pub(crate) more: &'a [&'a str],
}

/// What `helm template` prints.
///
/// # Errors
/// When there is no helm, or it refuses the chart.
pub(crate) fn template(helm: &Helm<'_>) -> Result<String, Finding> {
    let mut args: Vec<OsString> = vec!["template".into(), (&helm.options.release).into(), helm.chart.into()];
    let mut flag = |name: &str, value: OsString| args.extend([format!("--{name}").into(), value]);
    flag("namespace", (&helm.options.namespace).into());
    for file in helm.values {
        flag("values", file.into());
    }
    let set = helm.set;
    for (name, texts) in [
        ("set", &set.set),
        ("set-string", &set.set_string),
        ("set-json", &set.set_json),
        ("set-file", &set.set_file),
        ("set-literal", &set.set_literal),
        ("api-versions", &helm.options.api_versions),
    ] {
        texts.iter().for_each(|text| flag(name, text.into()));
    }
    if let Some(version) = &helm.options.kube_version {
        flag("kube-version", version.into());
    }
    let said = [("--is-upgrade", helm.options.is_upgrade), ("--skip-schema-validation", helm.options.skip_schema)];
    args.extend(said.into_iter().filter(|(_, given)| *given).map(|(name, _)| name.into()));
    args.extend(helm.more.iter().map(OsString::from));
    let output = Command::new("helm").args(&args).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Finding::error(
            "no-helm",
            "this chart is outside of the dialect, and there is no `helm` on PATH to render it",
        )
        .help("install Helm 4, or see what is outside: `sparkyard check` with `--min-severity note`"),
        _ => Finding::error("no-helm", format!("cannot run helm: {}", sparkyard_pack::cause(&error))),
    })?;
    if !output.status.success() {
        let said = reason(&String::from_utf8_lossy(&output.stderr));
        return Err(Finding::error("helm-refuses", format!("helm refuses the chart: {said}")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Why helm refuses a chart: without the warnings that it logs on the way, and without what to do with helm.
fn reason(said: &str) -> String {
    let is_log = |line: &&str| line.split_whitespace().take(2).any(|word| word.starts_with("level="));
    let lines: Vec<&str> = said.lines().filter(|line| !is_log(line)).collect();
    let text = lines.join("\n");
    let text = text.trim().trim_end_matches("Use --debug flag to render out invalid YAML").trim();
    text.trim_start_matches("Error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn only_the_reason_is_said() {
        let said = "level=WARN msg=\"unable to find exact version\"\ntime=12:00 level=INFO msg=x\nError: a: b\n  level of c\n\nUse --debug flag to render out invalid YAML\n";
        assert_eq!(reason(said), "a: b\n  level of c");
    }
}
