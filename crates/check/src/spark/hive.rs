//! Settings of Hive and Hadoop: hive-site.xml and its kind, in ConfigMaps.

use crate::context::Stack;

/// A file of settings.
pub(crate) struct Site<'s> {
    /// Its key in the ConfigMap.
    pub(crate) name: &'s str,
    /// What it sets.
    pub(crate) properties: Vec<SiteProperty>,
}

/// A setting.
pub(crate) struct SiteProperty {
    /// Its name.
    pub(crate) key: String,
    /// Its value.
    pub(crate) value: String,
    /// Line of the value, from 0.
    pub(crate) line: usize,
}

/// The files of all ConfigMaps, with the index of each.
pub(crate) fn sites(stack: &Stack) -> Vec<(usize, Site<'_>)> {
    let mut found = Vec::new();
    for (index, map) in stack.of_kind("ConfigMap") {
        for (name, text) in map.value["data"].as_object().into_iter().flatten() {
            if let Some(text) = text.as_str().filter(|_| name.ends_with("-site.xml")) {
                found.push((index, Site { name, properties: properties(text) }));
            }
        }
    }
    found
}

/// The settings of a text, whatever surrounds them. No more of XML is needed.
fn properties(text: &str) -> Vec<SiteProperty> {
    let text = &without_comments(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((key, after_key)) = between(text, from, "<name>", "</name>") {
        let Some((value, after)) = between(text, after_key, "<value>", "</value>") else { break };
        let value_at = after - "</value>".len() - value.len();
        let line = text.get(..value_at).unwrap_or_default().matches('\n').count();
        found.push(SiteProperty { key: key.trim().to_owned(), value: value.trim().to_owned(), line });
        from = after;
    }
    found
}

/// The text without what is commented out; lines stay where they are.
fn without_comments(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("<!--") {
        let (comment, after) = after.split_once("-->").unwrap_or((after, ""));
        kept.push_str(before);
        kept.extend(comment.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    kept + rest
}

/// The text between two marks, and the byte after the second.
fn between<'t>(text: &'t str, from: usize, open: &str, close: &str) -> Option<(&'t str, usize)> {
    let start = from + text.get(from..)?.find(open)? + open.len();
    let end = start + text.get(start..)?.find(close)?;
    Some((text.get(start..end)?, end + close.len()))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::*;

    #[test]
    fn settings_are_found_with_their_lines() {
        let text = indoc! {"
            <!-- <name>x</name><value>
            </value> --><property><name>a</name><value>1</value></property>
            <property>
            <name>b</name>
            <value> 2 </value>
            </property>
            <property><name>c</name>"};
        let read: Vec<_> = properties(text).into_iter().map(|p| (p.key, p.value, p.line)).collect();
        assert_eq!(read, [("a".to_owned(), "1".to_owned(), 1), ("b".to_owned(), "2".to_owned(), 4)]);
    }
}
