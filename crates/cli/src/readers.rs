//! Which templates read a value: a plain search, which is enough because templates name every value
//! in full.

use sparkyard_model::Catalogue;

/// Places (`file:line`) of templates that read the value at `path` below `root`, or a map that
/// holds it. An empty path means the root as a whole, which no template reads.
pub(crate) fn of(catalogue: &Catalogue, root: &str, path: &str) -> Vec<String> {
    let (prefix, folders): (&str, Vec<&str>) = match root {
        "global" => (".Values.global.", catalogue.bricks.iter().map(|brick| brick.id).chain(["_shared"]).collect()),
        brick => (".Values.", vec![brick]),
    };
    let mut places = Vec::new();
    for folder in folders {
        for (file, bytes) in catalogue.files_below(folder) {
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            for (index, line) in text.lines().enumerate() {
                if reads(line, prefix, path) {
                    places.push(format!("chart-blocks/{folder}/{file}:{}", index + 1));
                }
            }
        }
    }
    places
}

fn reads(line: &str, prefix: &str, path: &str) -> bool {
    line.match_indices(prefix).any(|(start, _)| {
        let rest = &line[start + prefix.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c)).unwrap_or(rest.len());
        let named = rest[..end].trim_end_matches('.');
        // The value itself, something in it, or a map around it that is passed on as a whole.
        !named.is_empty() && !path.is_empty() && (within(named, path) || within(path, named))
    })
}

fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn finds_the_value_and_the_maps_around_it() {
        let path = "executor.memory";
        assert!(reads("{{ .Values.executor.memory | quote }}", ".Values.", path));
        assert!(reads("{{- with .Values.executor }}", ".Values.", path));
        assert!(reads("(dict \"e\" $.Values.executor)", ".Values.", path));
        assert!(!reads("{{ .Values.executor.memoryOverhead }}", ".Values.", path));
        assert!(!reads("{{ .Values.executors }}", ".Values.", path));
        assert!(!reads("{{ .Values.global.executor.memory }}", ".Values.", path));
    }
}
