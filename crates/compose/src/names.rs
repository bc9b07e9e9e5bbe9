//! Names of charts.

use sparkyard_model::{Line, Shape};

/// Name of the chart that holds a brick: one chart for all in an umbrella, else one of its own.
pub(crate) fn chart(line: &Line, shape: Shape, brick: &str) -> String {
    match shape {
        Shape::Umbrella => umbrella(line),
        Shape::Modular => format!("{}-{}", umbrella(line), short(brick)),
    }
}

/// Name of a line's umbrella chart: `spark-4-1`.
pub(crate) fn umbrella(line: &Line) -> String {
    format!("spark-{}", line.slug())
}

/// A brick's id without the word that every chart's name starts with.
pub(crate) fn short(brick: &str) -> &str {
    brick.strip_prefix("spark-").unwrap_or(brick)
}
