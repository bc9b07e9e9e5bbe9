//! A key that a map has twice.

use std::collections::HashSet;

use indoc::indoc;
use smallvec::SmallVec;
use sparkyard_model::Severity;
use sparkyard_yaml::node::{Kind, Node};

use crate::context::Stack;
use crate::path::{Here, Path};
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "duplicate-key",
    group: Group::Objects,
    severity: Severity::Error,
    title: "No map has a key twice",
    why: "The last one wins and the first is gone without a word: labels that vanish, a security context that is replaced. \
          Argo CD and `kubectl` refuse such a file.",
    fix: "Merge both into one. It happens where a template prints a fixed key and then `toYaml` of a value that has it too.",
    covers: &["Q55", "Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          labels:
            team: data
          labels:  # wrong
            part: b
    "}),
    good: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          labels:
            team: data
            part: b
    "}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, object) in stack.objects.iter().enumerate() {
        walk(&object.node, &Here::Start(&Path::root()), &mut |path, key| {
            report.object(index, path, format!("the key `{key}` is there twice"));
        });
    }
}

fn walk(node: &Node, here: &Here<'_>, visit: &mut dyn FnMut(Path, &str)) {
    match &node.kind {
        Kind::Map(entries) => {
            // What a merge key (`<<`) brought lies elsewhere in the text, and may be set again.
            let own = |span: &std::ops::Range<usize>| node.span.start <= span.start && span.end <= node.span.end;
            let mut seen = Keys::default();
            for entry in entries.iter().filter(|entry| own(&entry.span)) {
                let below = Here::Key(here, &entry.key);
                if !seen.insert(&entry.key) {
                    visit(below.path(), &entry.key);
                }
                walk(&entry.value, &below, visit);
            }
        }
        Kind::Seq(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &Here::Index(here, index), visit);
            }
        }
        _ => {}
    }
}

/// The keys of a map so far. Nearly all maps are so small that looking at each is the quickest.
#[derive(Default)]
struct Keys<'n> {
    few: SmallVec<[&'n str; 16]>,
    many: HashSet<&'n str>,
}

impl<'n> Keys<'n> {
    /// Whether the key is new.
    fn insert(&mut self, key: &'n str) -> bool {
        if self.few.contains(&key) || self.many.contains(key) {
            return false;
        }
        if self.few.len() < self.few.inline_size() {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        true
    }
}
