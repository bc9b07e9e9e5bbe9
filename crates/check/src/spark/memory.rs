//! Amounts of memory: of Spark, of the JVM, of Kubernetes. All in MiB.

use crate::grammar::quantity;

/// MiB of an amount of memory as Spark reads it: `4g`; a bare number is MiB. `None` when Spark cannot read it.
pub fn of_spark(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: f64 = text.get(..digits)?.parse().ok()?;
    Some(match text.get(digits..)? {
        "b" => number / 1_048_576.0,
        "k" | "kb" => number / 1024.0,
        "" | "m" | "mb" => number,
        "g" | "gb" => number * 1024.0,
        "t" | "tb" => number * 1_048_576.0,
        _ => return None,
    })
}

/// As the JVM reads it: `-Xmx4g`; the last one among options holds.
pub(crate) fn heap_of_options(options: &str) -> Option<f64> {
    let text = options.split_whitespace().filter_map(|word| word.strip_prefix("-Xmx")).next_back()?;
    match text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<f64>().ok().map(|bytes| bytes / 1_048_576.0),
        false => of_spark(text),
    }
}

/// As Kubernetes reads it: `4Gi`.
pub(crate) fn of_kubernetes(value: &serde_json::Value) -> Option<f64> {
    quantity(value).map(|bytes| bytes / 1_048_576.0)
}

/// MiB of a pod of Spark: the heap, and what it gives beside it, a share of the heap and never less than 384 MiB.
pub fn with_overhead(heap: f64, overhead: Option<f64>, factor: f64) -> f64 {
    heap + overhead.unwrap_or((heap * factor).max(384.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        assert_eq!(of_spark("4g"), Some(4096.0));
        assert_eq!(of_spark("4Gi"), None);
        assert_eq!(heap_of_options("-Xms1g -Xmx512m"), Some(512.0));
        assert_eq!(of_kubernetes(&"1.5Gi".into()), Some(1536.0));
        assert_eq!(with_overhead(4096.0, None, 0.1).floor(), 4505.0);
        assert_eq!(with_overhead(512.0, None, 0.1), 896.0);
    }
}
