//! Ways to do the same thing, side by side.

use indexmap::IndexSet;
use serde::{Deserialize, Serialize};

use crate::{Line, Preset};

/// Ways to do the same thing, side by side: a block of `chart-blocks/comparisons.toml`, or made of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Name: `backends`.
    pub id: String,
    /// What is compared, as a heading.
    pub title: String,
    /// The ways.
    #[serde(rename(deserialize = "option"))]
    pub options: Vec<Choice>,
    /// What is said of them.
    #[serde(rename(deserialize = "row"))]
    pub rows: Vec<Aspect>,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in values and flags: `standalone`.
    pub id: String,
    /// Who should take it.
    pub for_whom: String,
}

/// Something that is said of each way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// What it is about.
    pub what: String,
    /// A cell for each way, in the order of [`Comparison::options`].
    pub is: Vec<String>,
}

impl Comparison {
    /// Table with a headline: what, and the ways.
    pub fn header(&self) -> Vec<&str> {
        [""].into_iter().chain(self.options.iter().map(|option| option.id.as_str())).collect()
    }

    /// The rows below it; the last one says for whom each is.
    pub fn table(&self) -> Vec<Vec<&str>> {
        let said = self.rows.iter().map(|row| [&row.what].into_iter().chain(&row.is).map(String::as_str).collect());
        let for_whom = self.options.iter().map(|option| option.for_whom.as_str());
        said.chain([["for whom"].into_iter().chain(for_whom).collect()]).collect()
    }

    /// Lines, given oldest first, as a comparison with the newest first.
    pub fn of_lines(lines: &[Line], presets: &[Preset]) -> Self {
        let lines: Vec<&Line> = lines.iter().rev().collect();
        let mut rows = Vec::new();
        let mut row = |what: &str, is: &dyn Fn(&Line) -> String| {
            rows.push(Aspect { what: what.to_owned(), is: lines.iter().map(|line| is(line)).collect() });
        };
        row("Spark", &|line| line.spark.to_string());
        row("shape, unless you ask for the other", &|line| line.shape.to_string());
        row("Scala", &|line| line.scala.clone());
        row("Java in the image", &|line| line.java.clone());
        row("Python in the image", &|line| line.python.clone());
        row("Hadoop client", &|line| line.hadoop.clone());
        row("S3A, which the image lacks", &Line::s3a);
        let known: IndexSet<&String> = lines.iter().flat_map(|line| line.behaviour.keys()).collect();
        for what in known {
            row(what, &|line| line.behaviour.get(what).cloned().unwrap_or_default());
        }
        row("cannot be had", &|line| line.lacks.values().cloned().collect::<Vec<_>>().join("; "));
        row("presets", &|line| {
            let fit = presets.iter().filter(|preset| preset.lines.matches(&line.spark));
            fit.map(|preset| preset.id.as_str()).collect::<Vec<_>>().join(", ")
        });
        let options = lines.iter().map(|line| Choice { id: line.id.clone(), for_whom: line.summary.clone() }).collect();
        Self { id: "lines".to_owned(), title: "Spark lines".to_owned(), options, rows }
    }
}
