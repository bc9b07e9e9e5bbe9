//! Replaces the part of a page between two markers.

use anyhow::{Context as _, Result};

/// `page` with `body` between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
///
/// # Errors
/// When the page lacks one of the two.
pub fn replace(page: &str, name: &str, body: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let start = page.find(&begin).with_context(|| format!("the page has no {begin}"))? + begin.len();
    let stop = page[start..].find(&end).with_context(|| format!("the page has no {end}"))? + start;
    Ok(format!("{}\n{}\n{}", &page[..start], body.trim_end(), &page[stop..]))
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn only_the_part_between_changes() {
        let page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n";
        assert_eq!(replace(page, "x", "new\n").expect("replaced"), "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb\n");
        assert!(replace("nothing", "x", "new").is_err());
    }
}
