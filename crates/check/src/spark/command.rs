//! Command lines and scripts that start Spark.

use crate::object::{Container, Pod, items};
use crate::path::Path;
use crate::spark::{At, Mounted, Property};

/// A program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// Spark Connect server: a driver.
    Connect,
    /// Thrift server: a driver.
    Thrift,
    /// `spark-submit` and what calls it.
    Submit,
    /// History Server.
    History,
    /// Master of a standalone cluster.
    Master,
    /// Worker of a standalone cluster.
    Worker,
    /// Hive Metastore.
    Metastore,
}

/// A word of a command line or script.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The word, without quotes.
    pub(crate) text: String,
    /// Where it is written.
    pub(crate) at: At,
}

/// All words of a container's command, arguments, options in its environment, and of the scripts that it starts.
pub(crate) fn tokens(pod: &Pod<'_>, container: &Container<'_>, mounted: &[Mounted<'_>]) -> Vec<Token> {
    let mut found = Vec::new();
    for (at, entry) in items(&container.value["env"]).enumerate() {
        let name = entry["name"].as_str().unwrap_or_default();
        // Options for the JVM or for spark-submit.
        if let Some(value) = entry["value"].as_str().filter(|_| name.ends_with("_OPTS") || name.ends_with("_ARGS")) {
            split(value, &At::pod(pod, container.path.key("env").index(at).key("value")), &mut found);
        }
    }
    for list in ["command", "args"] {
        let mut before = "";
        for (index, word) in items(&container.value[list]).enumerate() {
            let Some(word) = word.as_str() else { continue };
            let at = At::pod(pod, container.path.key(list).index(index));
            // A word of the list is one word, unless a shell reads it.
            let is_script =
                word.contains('\n') || (matches!(before, "-c" | "-ec" | "-lc" | "-exc" | "-euc") && word.contains(' '));
            if is_script {
                split(word, &At { line: Some(0), ..at }, &mut found);
            } else {
                found.push(Token { text: word.to_owned(), at });
            }
            before = word;
        }
    }
    // Scripts that are called by their path; one calls the next.
    let mut read: Vec<&str> = Vec::new();
    let mut next = 0;
    while let Some(token) = found.get(next).map(|token| token.text.clone()) {
        next += 1;
        let Some(file) = mounted.iter().find(|file| file.path == token && !read.contains(&file.path.as_str())) else {
            continue;
        };
        if crate::spark::file::is_spark(file.key, file.text) || !is_shell(file) {
            continue;
        }
        read.push(&file.path);
        let path = Path::of("data").key(file.key);
        split(file.text, &At { index: file.index, embedded: None, path, line: Some(0) }, &mut found);
    }
    found
}

fn is_shell(file: &Mounted<'_>) -> bool {
    file.key.ends_with(".sh")
        || file.text.starts_with("#!") && file.text.lines().next().is_some_and(|line| line.ends_with("sh"))
}

/// Splits a text as a shell does, roughly.
fn split(text: &str, at: &At, into: &mut Vec<Token>) {
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        let at = At { line: at.line.map(|first| first + number), ..at.clone() };
        let (mut word, mut quote) = (String::new(), None);
        for letter in line.chars().chain([' ']) {
            match quote {
                Some(open) if letter == open => quote = None,
                None if letter == '"' || letter == '\'' => quote = Some(letter),
                None if letter.is_whitespace() => {
                    if !word.is_empty() && word != "\\" {
                        into.push(Token { text: std::mem::take(&mut word), at: at.clone() });
                    }
                    word.clear();
                }
                _ => word.push(letter),
            }
        }
        if !word.is_empty() {
            into.push(Token { text: word, at });
        }
    }
}

/// Options of spark-submit that are settings.
const OPTIONS: [(&str, &str); 10] = [
    ("--master", "spark.master"),
    ("--deploy-mode", "spark.submit.deployMode"),
    ("--name", "spark.app.name"),
    ("--driver-memory", "spark.driver.memory"),
    ("--driver-class-path", "spark.driver.extraClassPath"),
    ("--executor-memory", "spark.executor.memory"),
    ("--executor-cores", "spark.executor.cores"),
    ("--num-executors", "spark.executor.instances"),
    ("--packages", "spark.jars.packages"),
    ("--jars", "spark.jars"),
];

/// The settings among words.
pub(crate) fn properties(tokens: &[Token]) -> Vec<Property> {
    let mut found = Vec::new();
    let mut add = |key: &str, value: &str, token: &Token| {
        found.push(Property { key: key.to_owned(), value: value.to_owned(), at: token.at.clone() });
    };
    for (index, token) in tokens.iter().enumerate() {
        let text = token.text.as_str();
        let next = tokens.get(index + 1);
        if let Some((key, value)) = text.strip_prefix("-D").and_then(|rest| rest.split_once('=')) {
            if key.starts_with("spark.") {
                add(key, value, token);
            }
        } else if text == "--conf" || text == "-c" {
            if let Some((next, (key, value))) = next.and_then(|next| Some((next, next.text.split_once('=')?)))
                && key.starts_with("spark.")
            {
                add(key, value, next);
            }
        } else if let Some((key, value)) = text.strip_prefix("--conf=").and_then(|rest| rest.split_once('=')) {
            add(key, value, token);
        } else if let Some((_, key)) = OPTIONS.iter().find(|(option, _)| *option == text)
            && let Some(next) = next.filter(|next| !next.text.starts_with("--"))
        {
            add(key, &next.text, next);
        }
    }
    // Options without `spark-submit` are those of some other program.
    let submits = tokens.iter().any(|token| token.text.contains("spark") || token.text.contains("--conf"));
    if submits { found } else { Vec::new() }
}

/// What a container runs.
pub(crate) fn program(container: &Container<'_>, text: &str) -> Option<Program> {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let mode = container.env("SPARK_MODE");
    let image = container.value["image"].as_str().unwrap_or_default();
    if says(&["deploy.history.HistoryServer", "start-history-server.sh"]) {
        Some(Program::History)
    } else if says(&["SparkConnectServer", "start-connect-server.sh"]) {
        Some(Program::Connect)
    } else if says(&["HiveThriftServer2", "start-thriftserver.sh"]) {
        Some(Program::Thrift)
    } else if says(&["spark.deploy.master.Master"])
        || says(&["sbin/start-master.sh"]) && !says(&["celeborn"])
        || mode == Some("master")
    {
        Some(Program::Master)
    } else if says(&["spark.deploy.worker.Worker"])
        || says(&["sbin/start-worker.sh", "sbin/start-slave.sh"]) && !says(&["celeborn"])
        || mode == Some("worker")
    {
        Some(Program::Worker)
    } else if says(&["--service metastore", "metastore.HiveMetaStore", "start-metastore"])
        || container.env("SERVICE_NAME") == Some("metastore") && image.contains("hive")
    {
        Some(Program::Metastore)
    } else if says(&["spark-submit", "bin/pyspark", "bin/spark-shell", "bin/spark-sql"]) {
        Some(Program::Submit)
    } else {
        None
    }
}
