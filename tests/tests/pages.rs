//! What the pages of people say of the Spark lines: their facts, and the line that the examples take, the newest.

use std::fs;

use sparkyard_model::{Line, Shape};
use sparkyard_tests::book;
use sparkyard_tests::catalogue::catalogue;
use sparkyard_tests::page::{keep, read};
use xtask::markers;

/// Pages that are made as a whole, or that report what once was.
const OTHERS: [&str; 7] =
    ["benchmarks.md", "bricks.md", "cli.md", "foreign-charts.md", "presets.md", "requirements.md", "rules.md"];

/// The pages that people write, in the root and in docs/.
fn pages() -> Vec<String> {
    let docs = fs::read_dir(xtask::place::root().join("docs")).expect("docs/").flatten();
    let names = docs.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut pages: Vec<String> = names
        .filter(|name| name.ends_with(".md") && !OTHERS.contains(&name.as_str()))
        .map(|name| format!("docs/{name}"))
        .chain(["README.md".to_owned(), "CONTRIBUTING.md".to_owned()])
        .collect();
    pages.sort();
    pages
}

fn newest() -> &'static Line {
    catalogue().lines.last().expect("a line")
}

fn chart(line: &Line) -> String {
    format!("spark-{}", line.slug())
}

/// How commands name a line.
fn names(line: &Line) -> [String; 4] {
    let image = &line.images["spark"];
    [
        chart(line),
        format!("{}:{}", image.repository, image.tag),
        format!("pyspark[connect]=={}.*", line.id),
        format!("--line {}", line.id),
    ]
}

/// A page whose examples take the newest of the lines that are umbrellas, as it is.
fn with_newest(page: &str) -> String {
    let older = catalogue().lines.iter().filter(|line| line.shape == Shape::Umbrella && line.id != newest().id);
    let pairs = older.flat_map(|line| names(line).into_iter().zip(names(newest())));
    pairs.fold(page.to_owned(), |text, (old, new)| text.replace(&old, &new))
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text
}

/// The lines, newest first.
fn lines() -> impl Iterator<Item = &'static Line> {
    catalogue().lines.iter().rev()
}

fn facts() -> String {
    let row = |line: &'static Line| {
        vec![
            line.spark.to_string(),
            format!("{}, {}, {}", line.scala, line.java, line.python),
            format!("Hadoop {}: {}", line.hadoop, line.s3a()),
            line.metastore.clone(),
            line.summary.clone(),
        ]
    };
    table(&["Spark", "Scala, Java, Python of the image", "S3A", "Hive Metastore", "for whom"], lines().map(row))
}

#[test]
fn the_pages_know_the_lines() {
    for name in pages() {
        let mut page = with_newest(&read(&name));
        if name == "docs/choosing.md" {
            page = markers::replace(&page, "lines", &facts()).expect("its markers");
            for (marker, table) in book::choosing(catalogue()) {
                page = markers::replace(&page, &marker, &table).expect("its markers");
            }
        }
        keep(&name, &page);
    }
}

/// A chart of a line that is gone would be an example that fails.
#[test]
fn the_pages_name_charts_that_exist() {
    let slugs: Vec<String> = lines().map(Line::slug).collect();
    let mut named = 0;
    for name in pages() {
        let page = read(&name);
        for slug in page.split("spark-").skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            let minor = slug.splitn(3, |c: char| !c.is_ascii_digit()).take(2).collect::<Vec<_>>().join("-");
            assert!(slugs.contains(&minor), "{name} names spark-{minor}, and there is no such line");
            named += 1;
        }
    }
    assert!(named > 10, "only {named} charts are named: the pages are elsewhere");
}

#[test]
fn an_older_line_is_replaced() {
    let older = catalogue().lines.iter().find(|line| line.shape == Shape::Umbrella).expect("an umbrella");
    assert!(older.id != newest().id, "one umbrella only: nothing is tested");
    assert_eq!(with_newest(&names(older).join(" ")), names(newest()).join(" "));
}
