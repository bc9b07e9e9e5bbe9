//! Tables that are shared and change while values are merged.
//!
//! Helm merges Go maps in place, and maps are references: what a subchart's defaults add deep inside `global` is seen by
//! its parent and its siblings too. To come to the same values this merge works on references as well.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::value::{Map, Value};

/// A table by reference.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table(Rc<RefCell<State>>);

/// Most of what is merged is never touched: it stays the map that it came from.
#[derive(Debug, Clone, Default)]
struct State {
    untouched: Option<Rc<Map>>,
    entries: BTreeMap<Rc<str>, Item>,
}

impl State {
    /// Its entries, each table among them with a life of its own.
    fn open(&mut self) -> &mut BTreeMap<Rc<str>, Item> {
        if let Some(map) = self.untouched.take() {
            self.entries = map.iter().map(|(key, value)| (Rc::clone(key), Item::of(value))).collect();
        }
        &mut self.entries
    }
}

/// An entry of a table.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// A table.
    Table(Table),
    /// Anything else.
    Leaf(Value),
}

impl Item {
    fn of(value: &Value) -> Self {
        match value {
            Value::Map(map) => Item::Table(Table::of(map)),
            other => Item::Leaf(other.clone()),
        }
    }

    fn is_nil(&self) -> bool {
        matches!(self, Item::Leaf(Value::Nil))
    }

    fn table(&self) -> Option<&Table> {
        match self {
            Item::Table(table) => Some(table),
            Item::Leaf(_) => None,
        }
    }
}

impl Table {
    /// A table with a life of its own.
    pub(crate) fn of(map: &Rc<Map>) -> Self {
        Self::with(State { untouched: Some(Rc::clone(map)), entries: BTreeMap::new() })
    }

    fn with(state: State) -> Self {
        Self(Rc::new(RefCell::new(state)))
    }

    /// What it has become.
    pub(crate) fn freeze(&self) -> Rc<Map> {
        let state = self.0.borrow();
        if let Some(map) = &state.untouched {
            return Rc::clone(map);
        }
        let frozen = |item: &Item| match item {
            Item::Table(table) => Value::Map(table.freeze()),
            Item::Leaf(value) => value.clone(),
        };
        Rc::new(state.entries.iter().map(|(key, item)| (Rc::clone(key), frozen(item))).collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<Item> {
        self.0.borrow_mut().open().get(key).cloned()
    }

    pub(crate) fn set(&self, key: &Rc<str>, item: Item) {
        self.0.borrow_mut().open().insert(Rc::clone(key), item);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.0.borrow_mut().open().remove(key);
    }

    pub(crate) fn entries(&self) -> Vec<(Rc<str>, Item)> {
        self.0.borrow_mut().open().iter().map(|(key, item)| (Rc::clone(key), item.clone())).collect()
    }

    /// Whether both are the same map, untouched.
    fn is_same(&self, other: &Table) -> bool {
        match (&self.0.borrow().untouched, &other.0.borrow().untouched) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// A copy whose tables are shared with this one.
    fn shallow(&self) -> Self {
        let entries = self.0.borrow_mut().open().clone();
        Self::with(State { untouched: None, entries })
    }

    /// Takes out what is nil, however deep.
    fn clean(&self) {
        if self.0.borrow().untouched.as_ref().is_some_and(|map| !has_nil(map)) {
            return;
        }
        for (key, item) in self.entries() {
            match item {
                Item::Table(table) => table.clean(),
                item if item.is_nil() => self.remove(&key),
                Item::Leaf(_) => {}
            }
        }
    }
}

fn has_nil(map: &Map) -> bool {
    map.values().any(|value| match value {
        Value::Nil => true,
        Value::Map(inner) => has_nil(inner),
        _ => false,
    })
}

/// Lays `source` under `target`: what the target says wins. Unless `merge` is set, a nil in the target takes out what the
/// source has.
pub(crate) fn coalesce_tables(target: &Table, source: &Table, merge: bool) {
    // A map under itself adds nothing: a chart's own values have those of its subcharts in them.
    if target.is_same(source) {
        return;
    }
    let set_before: Vec<Rc<str>> =
        source.entries().into_iter().filter(|(_, item)| !item.is_nil()).map(|(key, _)| key).collect();
    for (key, item) in target.entries() {
        if item.is_nil() {
            source.set(&key, Item::Leaf(Value::Nil));
        }
    }
    for (key, item) in source.entries() {
        match target.get(&key) {
            None => target.set(&key, item),
            Some(there) if !merge && there.is_nil() && set_before.contains(&key) => target.remove(&key),
            Some(there) => {
                if let (Some(there), Some(item)) = (there.table(), item.table()) {
                    coalesce_tables(there, item, merge);
                }
            }
        }
    }
}

/// Helm's `coalesceGlobals`: what a chart says globally, on top of what its subchart's values say.
pub(crate) fn coalesce_globals(target: &Table, source: &Table) {
    let global: Rc<str> = "global".into();
    let below = match target.get(&global) {
        None => Table::default(),
        Some(Item::Table(table)) => table,
        Some(Item::Leaf(_)) => return,
    };
    let above = match source.get(&global) {
        None => Table::default(),
        Some(Item::Table(table)) => table,
        Some(Item::Leaf(_)) => return,
    };
    for (key, item) in above.entries() {
        match (item, below.get(&key)) {
            (Item::Table(table), None) => below.set(&key, Item::Table(table.shallow())),
            (Item::Table(table), Some(Item::Table(there))) => {
                let copy = table.shallow();
                coalesce_tables(&copy, &there, true);
                below.set(&key, Item::Table(copy));
            }
            (Item::Table(_), Some(Item::Leaf(_))) | (Item::Leaf(_), Some(Item::Table(_))) => {}
            (Item::Leaf(value), _) => below.set(&key, Item::Leaf(value)),
        }
    }
    target.set(&global, Item::Table(below));
}

/// Lays the defaults of a chart under `target`. `subcharts` are the names of its subcharts, whose tables keep nils until
/// their own turn.
pub(crate) fn coalesce_values(defaults: &Map, subcharts: &[&str], target: &Table, merge: bool) {
    for (key, value) in defaults {
        let item = Item::of(value);
        match target.get(key) {
            Some(there) if there.is_nil() && !merge => target.remove(key),
            Some(Item::Table(there)) => {
                if let Item::Table(item) = item {
                    let merge = merge || subcharts.contains(&&**key);
                    if !merge {
                        item.clean();
                    }
                    coalesce_tables(&there, &item, merge);
                }
            }
            Some(Item::Leaf(_)) => {}
            None => {
                if !merge {
                    if item.is_nil() {
                        continue;
                    }
                    if let Item::Table(table) = &item {
                        table.clean();
                    }
                }
                target.set(key, item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn map(json: Json) -> Rc<Map> {
        match Value::of_json(&json) {
            Value::Map(map) => map,
            _ => Rc::default(),
        }
    }

    fn json_of(table: &Table) -> Json {
        Value::Map(table.freeze()).to_json()
    }

    #[test]
    fn what_the_user_says_wins_and_nil_takes_out() {
        let user = Table::of(&map(json!({"a": {"x": 1, "gone": null}, "b": null, "new": null})));
        coalesce_values(
            &map(json!({"a": {"x": 0, "y": 2, "gone": 3}, "b": 4, "c": {"d": null, "e": 5}})),
            &[],
            &user,
            false,
        );
        assert_eq!(json_of(&user), json!({"a": {"x": 1, "y": 2}, "new": null, "c": {"e": 5}}));
    }

    #[test]
    fn merging_keeps_nils() {
        let user = Table::of(&map(json!({"a": {"x": null}, "b": null})));
        coalesce_values(&map(json!({"a": {"x": 1, "y": 2}, "b": 3})), &[], &user, true);
        assert_eq!(json_of(&user), json!({"a": {"x": null, "y": 2}, "b": null}));
    }

    #[test]
    fn deep_globals_of_a_subchart_reach_its_parent() {
        let parent = Table::of(&map(json!({"global": {"a": {"b": {"x": 1}}, "s": 1}})));
        let child = Table::of(&map(json!({"global": {"a": {"b": {"y": 2}, "own": 3}, "s": 0}})));
        coalesce_globals(&child, &parent);
        assert_eq!(json_of(&child), json!({"global": {"a": {"b": {"x": 1, "y": 2}, "own": 3}, "s": 1}}));
        assert_eq!(json_of(&parent), json!({"global": {"a": {"b": {"x": 1, "y": 2}}, "s": 1}}));
    }
}
