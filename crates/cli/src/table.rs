//! Tables for people.

use comfy_table::presets::{ASCII_HORIZONTAL_ONLY, NOTHING};
use comfy_table::{ContentArrangement, Table};

/// Columns of a page of `show` and `explain`.
const PAGE: u16 = 100;

/// A table with a headline and one row per thing; wide cells are left wide, for `grep`.
pub(crate) fn rows<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header).add_rows(rows);
    finished(&mut table)
}

/// A table whose cells are sentences, wrapped, with a line between rows.
pub(crate) fn side_by_side(header: &[&str], rows: &[Vec<&str>]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(PAGE);
    table.set_header(header).add_rows(rows);
    finished(&mut table)
}

/// A page of facts: names on the left, wrapped text on the right.
pub(crate) fn page(facts: impl IntoIterator<Item = (String, String)>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(PAGE);
    for (name, text) in facts.into_iter().filter(|(_, text)| !text.is_empty()) {
        table.add_row([name, text]);
    }
    finished(&mut table)
}

fn finished(table: &mut Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

/// Bytes in a form that people read.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_no_trailing_blanks() {
        let text = rows(["ID", "TITLE"], [["a".to_owned(), "one".to_owned()], ["bcd".to_owned(), "two".to_owned()]]);
        assert_eq!(text, "ID   TITLE\na    one\nbcd  two\n");
    }

    #[test]
    fn pages_wrap() {
        let text = page([("why".to_owned(), "word ".repeat(40)), ("empty".to_owned(), String::new())]);
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.len() <= 100), "{text}");
        assert!(!text.contains("empty"));
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([size(17), size(1536), size(3 << 20)], ["17 B", "1.5 KiB", "3.0 MiB"]);
        assert_eq!([count(1, "file"), count(0, "file")], ["1 file", "0 files"]);
    }
}
