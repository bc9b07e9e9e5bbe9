//! What stands in a page of the docs: headings, links, code.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page, read.
#[derive(Debug, Default)]
pub struct Page {
    /// Anchors of its headings, as GitHub and mdBook make them.
    pub anchors: BTreeSet<String>,
    /// Targets of its links and pictures.
    pub links: Vec<String>,
    /// What stands between backticks.
    pub words: Vec<String>,
    /// Blocks of code: language and text.
    pub blocks: Vec<(String, String)>,
}

impl Page {
    /// Reads a page.
    pub fn of(text: &str) -> Self {
        let mut page = Self::default();
        let (mut heading, mut block) = (None::<String>, None::<(String, String)>);
        let mut seen = BTreeMap::<String, usize>::new();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let slug = slug(&heading.take().unwrap_or_default());
                    let before = seen.entry(slug.clone()).or_default();
                    page.anchors.insert(if *before == 0 { slug } else { format!("{slug}-{before}") });
                    *before += 1;
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string())
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.into_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some((language, String::new()));
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Code(word) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&word);
                    }
                    page.words.push(word.into_string());
                }
                Event::Text(text) => match (&mut heading, &mut block) {
                    (Some(heading), _) => heading.push_str(&text),
                    (_, Some((_, block))) => block.push_str(&text),
                    _ => {}
                },
                _ => {}
            }
        }
        page
    }
}

fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read() {
        let page = Page::of("# A `b`: c\n\n[x](y.md#z) and `k.v`\n\n## A b c\n\n```yaml\na: 1\n```\n");
        assert_eq!(page.anchors, BTreeSet::from(["a-b-c".to_owned(), "a-b-c-1".to_owned()]));
        assert_eq!((page.links.as_slice(), page.words.len()), (&["y.md#z".to_owned()][..], 2));
        assert_eq!(page.blocks, [("yaml".to_owned(), "a: 1\n".to_owned())]);
    }
}
