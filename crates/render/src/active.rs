//! Which subcharts are switched on, and the values that every chart sees.

use std::rc::Rc;

use sparkyard_model::Finding;

use crate::chart::Chart;
use crate::error::RenderError;
use crate::metadata::Metadata;
use crate::tables::{Item, Table, coalesce_globals, coalesce_values};
use crate::value::{Map, Value};

/// A chart with the subcharts that are switched on.
#[derive(Debug, Clone)]
pub(crate) struct Active<'c> {
    pub(crate) chart: &'c Chart,
    /// With the alias as its name, and without what is switched off.
    pub(crate) metadata: Rc<Metadata>,
    values: Rc<Map>,
    pub(crate) subcharts: Vec<Active<'c>>,
}

impl<'c> Active<'c> {
    /// Switches subcharts on and off as the user's values say, and lays their defaults under the chart's own.
    pub(crate) fn of(chart: &'c Chart, user: &Rc<Map>) -> Result<Self, RenderError> {
        let mut active = Self::all(chart);
        active.check_dependencies()?;
        active.switch(user, "")?;
        active.import()?;
        Ok(active)
    }

    fn all(chart: &'c Chart) -> Self {
        Self {
            chart,
            metadata: Rc::clone(&chart.metadata),
            values: Rc::clone(&chart.values),
            subcharts: chart.subcharts.iter().map(Active::all).collect(),
        }
    }

    /// Whether every chart that Chart.yaml names lies in `charts/`.
    fn check_dependencies(&self) -> Result<(), RenderError> {
        let there = |name: &str| self.subcharts.iter().any(|chart| chart.metadata.name == name);
        let missing: Vec<&str> =
            self.metadata.dependencies.iter().map(|d| d.name.as_str()).filter(|name| !there(name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("found in Chart.yaml, but missing in charts/ directory: {}", missing.join(", "));
        Err(RenderError::Refused(vec![
            Finding::error("missing-dependency", message).help("run `helm dependency build`"),
        ]))
    }

    fn subchart_names(&self) -> Vec<&str> {
        self.subcharts.iter().map(|chart| chart.metadata.name.as_str()).collect()
    }

    /// Helm's `processDependencyEnabled`.
    fn switch(&mut self, user: &Rc<Map>, path: &str) -> Result<(), RenderError> {
        if self.metadata.dependencies.is_empty() {
            return Ok(());
        }
        let named = |chart: &Active<'_>, dependency: &crate::metadata::Dependency| {
            chart.metadata.name == dependency.name && dependency.fits(&chart.metadata.version)
        };
        let mut charts: Vec<Active<'c>> = self
            .subcharts
            .iter()
            .filter(|chart| !self.metadata.dependencies.iter().any(|dependency| named(chart, dependency)))
            .cloned()
            .collect();
        for dependency in &self.metadata.dependencies {
            if let Some(chart) = self.subcharts.iter().find(|chart| named(chart, dependency)) {
                let mut chart = chart.clone();
                if chart.metadata.name != dependency.key() {
                    Rc::make_mut(&mut chart.metadata).name = dependency.key().to_owned();
                }
                charts.push(chart);
            }
        }
        self.subcharts = charts;
        let values = self.coalesced(user)?;
        let off: Vec<String> = self
            .metadata
            .dependencies
            .iter()
            .filter(|dependency| !is_on(dependency, &values, path))
            .map(|dependency| dependency.key().to_owned())
            .collect();
        self.subcharts.retain(|chart| !off.contains(&chart.metadata.name));
        if !off.is_empty() {
            let dependencies = &mut Rc::make_mut(&mut self.metadata).dependencies;
            dependencies.retain(|dependency| !off.iter().any(|off| off == dependency.key()));
        }
        for chart in &mut self.subcharts {
            let below = format!("{path}{}.", chart.metadata.name);
            chart.switch(&values, &below)?;
        }
        Ok(())
    }

    /// Helm's `processDependencyImportValues`, which lays the subcharts' defaults into the chart's own even where
    /// nothing is imported.
    fn import(&mut self) -> Result<(), RenderError> {
        for chart in &mut self.subcharts {
            chart.import()?;
        }
        if !self.metadata.dependencies.is_empty() {
            let table = Table::default();
            self.coalesce(&table, true)?;
            self.values = table.freeze();
        }
        Ok(())
    }

    /// What the chart sees: the user's values over its own and its subcharts'.
    pub(crate) fn coalesced(&self, user: &Rc<Map>) -> Result<Rc<Map>, RenderError> {
        let table = Table::of(user);
        self.coalesce(&table, false)?;
        Ok(table.freeze())
    }

    fn coalesce(&self, target: &Table, merge: bool) -> Result<(), RenderError> {
        coalesce_values(&self.values, &self.subchart_names(), target, merge);
        for chart in &self.subcharts {
            let name = chart.metadata.name.as_str();
            let below = match target.get(name) {
                None => {
                    let table = Table::default();
                    target.set(&name.into(), Item::Table(table.clone()));
                    table
                }
                Some(Item::Table(table)) => table,
                Some(Item::Leaf(value)) => {
                    return Err(RenderError::Refused(vec![
                        Finding::error("wrong-type", format!("`{name}` must be a map, it is a {}", value.type_name()))
                            .help(format!("`{name}` is a chart: write its values below it")),
                    ]));
                }
            };
            coalesce_globals(&below, target);
            chart.coalesce(&below, merge)?;
        }
        Ok(())
    }
}

/// Tags first, then the first condition that has a value.
fn is_on(dependency: &crate::metadata::Dependency, values: &Map, path: &str) -> bool {
    let mut on = true;
    if let Some(Value::Map(tags)) = values.get("tags") {
        let set = |wanted: bool| dependency.tags.iter().any(|tag| tags.get(tag.as_str()) == Some(&Value::Bool(wanted)));
        on = set(true) || !set(false);
    }
    for condition in dependency.condition.trim().split(',').filter(|condition| !condition.is_empty()) {
        if let Some(Value::Bool(value)) = at(values, &format!("{path}{condition}")) {
            return *value;
        }
    }
    on
}

fn at<'m>(map: &'m Map, path: &str) -> Option<&'m Value> {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    match (map.get(first)?, rest) {
        (Value::Map(inner), Some(rest)) => at(inner, rest),
        (value, None) => Some(value),
        _ => None,
    }
}
