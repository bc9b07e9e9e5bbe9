//! What `up` does, as commands that a person may paste.

use sparkyard_model::Catalogue;

use crate::args::UpArgs;
use crate::cluster::Cluster;
use crate::stack::Wanted;

/// The commands, in order.
pub(super) fn all(args: &UpArgs, wanted: &Wanted, catalogue: &Catalogue, cluster: &Cluster) -> String {
    let plan = &wanted.made.plan;
    let selection = args.stack.selection(&args.preset, &wanted.platform);
    let folder = format!("{}-{}", wanted.name, plan.line.slug());
    let mut lines = Vec::new();
    let mut files: Vec<String> = selection.values.iter().map(|file| quoted(&file.display().to_string())).collect();
    if let Some(text) = &wanted.set_file {
        lines.push(format!("mkdir -p charts\ncat >charts/set.yaml <<'YAML'\n{}\nYAML", text.trim_end()));
        files.push("charts/set.yaml".to_owned());
    }
    let files: String = files.iter().map(|file| format!(" -f {file}")).collect();
    lines.push(format!(
        "sparkyard build --preset {} --spark {} --shape {} --platform {}{files} --out charts/{folder} --package=dist/{folder}",
        quoted(&args.preset), plan.line.id, plan.shape, wanted.platform
    ));
    let kubectl = cluster.kubectl_words();
    lines.push(format!("{kubectl} get namespace {0} || {kubectl} create namespace {0}", cluster.namespace));
    if let Some(secret) = &wanted.own_secret {
        let literals = wanted
            .keys(catalogue)
            .into_iter()
            .map(|key| format!(" \\\n  --from-literal={key}=\"$(openssl rand -hex 20)\""));
        let literals: String = literals.collect();
        lines.push(format!("{kubectl} get secret {secret} || {kubectl} create secret generic {secret}{literals}"));
        lines.push(format!(
            "{kubectl} label --overwrite secret {secret} app.kubernetes.io/part-of={} app.kubernetes.io/component=credentials app.kubernetes.io/managed-by=sparkyard",
            wanted.name
        ));
    }
    let set: String = wanted.set.iter().map(|set| format!(" --set {set}")).collect();
    for (chart, release) in wanted.releases() {
        let file = format!("dist/{folder}/{}-{}.tgz", chart.name, chart.version);
        lines.push(format!("helm upgrade --install {release} {file} {}{set}", cluster.helm_words()));
    }
    lines.push(cluster.words("sparkyard status"));
    lines.join("\n") + "\n"
}

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_the_word_back() {
        assert_eq!(quoted("a/b.yaml"), "a/b.yaml");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
        assert_eq!(quoted("$(x)"), "'$(x)'");
    }
}
