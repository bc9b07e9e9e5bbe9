//! The settings that Spark knows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use parking_lot::Mutex;

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// Anything.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// `4g`.
    Size,
    /// `60s`.
    Time,
}

/// A setting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// What it holds.
    pub(crate) of: Type,
    /// The only major version that knows it.
    pub(crate) only: Option<u32>,
}

/// The newest version of Spark whose settings are known.
pub(crate) const NEWEST: (u32, u32) = (4, 3);

/// Every setting of the lines 3.5, 4.1 and 4.3, by name.
pub(crate) static KEYS: LazyLock<BTreeMap<&str, Key>> = LazyLock::new(|| {
    let lines = include_str!("../../spark-keys/keys.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split(' ');
            let key = words.next()?;
            let of = match words.next()? {
                "bool" => Type::Bool,
                "int" => Type::Int,
                "number" => Type::Number,
                "size" => Type::Size,
                "time" => Type::Time,
                _ => Type::Text,
            };
            Some((key, Key { of, only: words.next().and_then(|only| only.parse().ok()) }))
        })
        .collect()
});

/// Where people and other programs put names of their own.
const OPEN: [&str; 26] = [
    "spark.hadoop.",
    "spark.hive.",
    "spark.executorEnv.",
    "spark.yarn.",
    "spark.mesos.",
    "spark.kubernetes.driverEnv.",
    "spark.kubernetes.driver.label.",
    "spark.kubernetes.driver.annotation.",
    "spark.kubernetes.driver.service.",
    "spark.kubernetes.driver.secrets.",
    "spark.kubernetes.driver.secretKeyRef.",
    "spark.kubernetes.driver.volumes.",
    "spark.kubernetes.driver.node.selector.",
    "spark.kubernetes.executor.label.",
    "spark.kubernetes.executor.annotation.",
    "spark.kubernetes.executor.service.",
    "spark.kubernetes.executor.secrets.",
    "spark.kubernetes.executor.secretKeyRef.",
    "spark.kubernetes.executor.volumes.",
    "spark.kubernetes.executor.node.selector.",
    "spark.kubernetes.node.selector.",
    "spark.kubernetes.scheduler.",
    "spark.kubernetes.authenticate.",
    "spark.sql.catalog.",
    "spark.metrics.conf.",
    "spark.executor.resource.",
];

/// First words after `spark.` below which every setting is Spark's own.
const CLOSED: [&str; 20] = [
    "app",
    "blockManager",
    "broadcast",
    "cleaner",
    "connect",
    "decommission",
    "driver",
    "dynamicAllocation",
    "eventLog",
    "executor",
    "history",
    "io",
    "kubernetes",
    "memory",
    "network",
    "rpc",
    "scheduler",
    "speculation",
    "task",
    "ui",
];

/// What is known about a key.
pub(crate) enum Known {
    /// Spark's own.
    Yes,
    /// Perhaps of somebody else.
    Perhaps,
    /// Nobody reads it; the one that may be meant.
    No(Option<&'static str>),
}

/// Looks a key up.
pub(crate) fn look_up(key: &str) -> Known {
    if KEYS.contains_key(key) {
        return Known::Yes;
    }
    if OPEN.iter().any(|prefix| key.starts_with(prefix)) || key.contains(".resource.") || key.contains('$') {
        return Known::Perhaps;
    }
    // Names that Spark puts together when it runs: spark.shuffle.io.maxRetries.
    if matches!(key.split('.').nth(2), Some("io" | "netty" | "encryption")) {
        return Known::Perhaps;
    }
    // A name with a suffix of somebody's choice: pools, rules, filters.
    if KEYS.keys().any(|known| key.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')))
        && key.split('.').count() > 4
    {
        return Known::Perhaps;
    }
    let first = key.split('.').nth(1).unwrap_or_default();
    match near(key) {
        Some(near) => Known::No(Some(near)),
        None if CLOSED.contains(&first) => Known::No(without_kubernetes(key)),
        None => Known::Perhaps,
    }
}

/// The setting that may be meant: the nearest of those with the same number of words, more or less. Programs have the same
/// unknown settings again and again, and looking for their likes is slow.
fn near(key: &str) -> Option<&'static str> {
    static FOUND: Mutex<BTreeMap<String, Option<&'static str>>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock();
    if let Some(known) = found.get(key) {
        return *known;
    }
    let words = key.split('.').count();
    let near = KEYS.keys().copied().filter(|known| known.split('.').count().abs_diff(words) <= 1);
    let near = sparkyard_yaml::nearest(key, near).filter(|near| typed(key, near));
    found.insert(key.to_owned(), near);
    near
}

/// Memory and the number of executors are set in the same way on Kubernetes as elsewhere.
fn without_kubernetes(key: &str) -> Option<&'static str> {
    let plain = key.replace(".kubernetes.", ".").replace(".request.", ".").replace(".limit.", ".");
    KEYS.keys().copied().find(|known| *known == plain)
}

/// The name of today of a setting that had another one; empty if nothing took its place.
pub(crate) fn renamed(key: &str) -> Option<String> {
    if let Some(rest) = key.strip_prefix("spark.blacklist.") {
        let rest = rest.replace("killBlacklistedExecutors", "killExcludedExecutors");
        return Some(format!("spark.excludeOnFailure.{rest}"));
    }
    let now = match key {
        "spark.yarn.executor.memoryOverhead" => "spark.executor.memoryOverhead",
        "spark.yarn.driver.memoryOverhead" => "spark.driver.memoryOverhead",
        "spark.akka.frameSize" => "spark.rpc.message.maxSize",
        "spark.kryoserializer.buffer.mb" => "spark.kryoserializer.buffer",
        "spark.deploy.spreadOut" => "spark.deploy.spreadOutApps",
        "spark.yarn.access.namenodes" | "spark.yarn.access.hadoopFileSystems" => {
            "spark.kerberos.access.hadoopFileSystems"
        }
        "spark.kubernetes.pyspark.pythonVersion" => "spark.pyspark.python",
        "spark.storage.memoryFraction" | "spark.shuffle.memoryFraction" | "spark.storage.unrollFraction" => {
            "spark.memory.fraction"
        }
        "spark.memory.useLegacyMode" | "spark.shuffle.consolidateFiles" | "spark.shuffle.safetyValve" => "",
        _ => return None,
    };
    Some(now.to_owned())
}

/// Whether one is a typing error for the other: a letter or two, or capitals.
fn typed(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (x, y) = (a.len(), b.len());
    if x.abs_diff(y) > 2 {
        return false;
    }
    let same_start = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    same_start + same_end + 2 >= x.min(y)
}

/// Why a value does not fit a type.
pub(crate) fn misfit(of: Type, value: &str) -> Option<String> {
    // Spark puts other settings and the environment in.
    if value.contains('$') || value.contains("{{") {
        return None;
    }
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let digits = lower.trim_start_matches('-').bytes().take_while(u8::is_ascii_digit).count();
    let unit = lower.trim_start_matches('-').get(digits..).unwrap_or_default();
    let has_unit = |units: &[&str]| digits > 0 && (unit.is_empty() || units.contains(&unit));
    match of {
        Type::Text => None,
        Type::Bool if matches!(lower.as_str(), "true" | "false") => None,
        Type::Bool => Some(format!("`{value}` is neither true nor false")),
        Type::Int if value.parse::<i64>().is_ok() => None,
        Type::Int => Some(format!("`{value}` is not a whole number")),
        Type::Number if value.parse::<f64>().is_ok() => None,
        Type::Number => Some(format!("`{value}` is not a number")),
        Type::Size if has_unit(&["b", "k", "kb", "m", "mb", "g", "gb", "t", "tb", "p", "pb"]) => None,
        Type::Size => Some(format!("`{value}` is not a size as Spark writes it, such as 512m or 4g")),
        Type::Time if has_unit(&["us", "ms", "s", "m", "min", "h", "d"]) => None,
        Type::Time => Some(format!("`{value}` is not a time as Spark writes it, such as 500ms, 60s or 2h")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(key: &str) -> Option<Option<&'static str>> {
        match look_up(key) {
            Known::No(near) => Some(near),
            _ => None,
        }
    }

    #[test]
    fn keys_are_known() {
        assert!(KEYS.len() > 1500);
        for known in [
            "spark.executor.memory",
            "spark.hadoop.fs.s3a.endpoint",
            "spark.celeborn.master.endpoints",
            "spark.driver.host",
        ] {
            assert_eq!(meant(known), None, "{known}");
        }
        assert_eq!(meant("spark.executor.memry"), Some(Some("spark.executor.memory")));
        assert_eq!(meant("spark.sql.shuffle.partitons"), Some(Some("spark.sql.shuffle.partitions")));
        assert_eq!(meant("spark.kubernetes.executor.request.memory"), Some(Some("spark.executor.memory")));
    }

    #[test]
    fn values_fit_their_types() {
        for (of, value, fits) in [
            (Type::Size, "4g", true),
            (Type::Size, "4Gi", false),
            (Type::Size, "1.5g", false),
            (Type::Size, "4096", true),
            (Type::Time, "60s", true),
            (Type::Time, "60 seconds", false),
            (Type::Bool, "\"true\"", false),
            (Type::Int, "2g", false),
            (Type::Int, "${spark.other}", true),
        ] {
            assert_eq!(misfit(of, value).is_none(), fits, "{value}");
        }
    }
}
