//! Files of settings: Java's property files, as Spark reads them.

/// A line with a setting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Its number, from 0; of the first one, if it goes on.
    pub(crate) number: usize,
    /// What stands before the separator.
    pub(crate) key: String,
    /// What stands after it, without the spaces around it.
    pub(crate) value: String,
}

/// Whether a file of a ConfigMap holds settings of Spark.
pub(crate) fn is_spark(name: &str, text: &str) -> bool {
    let base = name.trim_end_matches(".tpl").trim_end_matches(".template");
    let other = ["log4j", "metrics", "logback", "fairscheduler"].iter().any(|word| base.contains(word));
    (base.ends_with(".conf") || base.ends_with(".properties"))
        && !other
        && text.lines().any(|line| line.trim_start().starts_with("spark."))
}

/// Whether its name says that something fills it in.
pub(crate) fn is_template(name: &str) -> bool {
    name.ends_with(".tpl") || name.ends_with(".template")
}

/// The settings of a file, in order.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let mut whole = line.trim_start().to_owned();
        if whole.is_empty() || whole.starts_with(['#', '!']) {
            continue;
        }
        // A backslash at the end joins the next line.
        while whole.ends_with('\\') && !whole.ends_with("\\\\") {
            whole.pop();
            let Some((_, next)) = lines.next() else { break };
            whole.push_str(next.trim_start());
        }
        let end = whole.find(|c: char| c == '=' || c == ':' || c.is_whitespace()).unwrap_or(whole.len());
        let (key, rest) = whole.split_at(end);
        let rest = rest.trim_start();
        let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim();
        found.push(Line { number, key: key.to_owned(), value: value.to_owned() });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_java_reads_them() {
        let text = "# no\nspark.a=1\n\nspark.b  two words \nspark.c = x=y\nspark.d: a,\\\n  b\nspark.e\n";
        let read: Vec<(usize, String, String)> =
            lines(text).into_iter().map(|line| (line.number, line.key, line.value)).collect();
        let wanted = [
            (1, "spark.a", "1"),
            (3, "spark.b", "two words"),
            (4, "spark.c", "x=y"),
            (5, "spark.d", "a,b"),
            (7, "spark.e", ""),
        ];
        assert_eq!(read, wanted.map(|(number, key, value)| (number, key.to_owned(), value.to_owned())));
    }

    #[test]
    fn other_files_are_left_alone() {
        assert!(is_spark("spark-defaults.conf", "spark.a 1"));
        assert!(is_spark("spark-defaults.conf.template", "spark.a 1"));
        assert!(!is_spark("metrics.properties", "spark.a 1"));
        assert!(!is_spark("nginx.conf", "server {}"));
    }
}
