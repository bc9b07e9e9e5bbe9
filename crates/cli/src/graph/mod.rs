//! `sparkyard graph`: bricks, what they plug into, and where they listen.

mod layout;
mod svg;

use std::collections::BTreeMap;

use serde::Serialize;
use sparkyard_compose::resolve;
use sparkyard_model::{Catalogue, Plan, Provider, Request};

use crate::args::{GraphArgs, GraphFormat};
use crate::console::Console;
use crate::{OK, Outcome, select};

/// A brick, or a service of somebody else's.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Node {
    id: String,
    title: String,
    /// Chart that holds it; `None` for a service outside.
    chart: Option<String>,
    ports: Vec<Port>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Port {
    name: String,
    port: u16,
    what: String,
}

/// Everything that one node takes from another.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Edge {
    from: String,
    to: String,
    sockets: Vec<String>,
}

/// What is drawn.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

pub(crate) fn run(args: &GraphArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let mut selection = args.selection.clone();
    selection.preset = args.scenario.clone().or(selection.preset);
    // A scenario can be drawn before its user knows the addresses that it wants.
    let request = Request { examples: true, ..select::request(&selection, catalogue)? };
    let plan = resolve(catalogue, &request)?;
    let graph = Graph::of(&plan, catalogue);
    match args.output {
        GraphFormat::Mermaid => console.print(&graph.mermaid())?,
        GraphFormat::Dot => console.print(&graph.dot())?,
        GraphFormat::Svg => console.print(&svg::draw(&graph))?,
        GraphFormat::Json => console.json(&graph)?,
    }
    Ok(OK)
}

impl Graph {
    fn of(plan: &Plan, catalogue: &Catalogue) -> Self {
        let facts = |id: &str| catalogue.bricks.iter().find(|brick| brick.id == id);
        let brick = |planned: &sparkyard_model::PlannedBrick| {
            let ports = facts(&planned.id).map(|brick| brick.ports).unwrap_or_default().iter();
            Node {
                id: planned.id.clone(),
                title: facts(&planned.id).map(|brick| brick.title.to_owned()).unwrap_or_default(),
                chart: Some(planned.chart.clone()),
                ports: ports
                    .map(|port| Port { name: port.name.into(), port: port.port, what: port.what.into() })
                    .collect(),
            }
        };
        let mut nodes: Vec<Node> = plan.bricks.iter().map(brick).collect();
        let mut edges: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        for wire in &plan.wires {
            let to = match &wire.to {
                Provider::Brick { brick } => brick.clone(),
                Provider::External { value, address } => {
                    if !nodes.iter().any(|node| node.id == *value) {
                        let title = address.clone();
                        nodes.push(Node { id: value.clone(), title, chart: None, ports: Vec::new() });
                    }
                    value.clone()
                }
            };
            let from = nodes.iter().position(|node| node.id == wire.from).unwrap_or_default();
            edges.entry((from, to)).or_default().push(format!("{:?}", wire.socket));
        }
        let edges = edges.into_iter().map(|((from, to), sockets)| Edge { from: nodes[from].id.clone(), to, sockets });
        Self { edges: edges.collect(), nodes }
    }

    fn mermaid(&self) -> String {
        let name = |id: &str| id.replace(['-', '.'], "_");
        let safe = |text: &str| text.replace('"', "#quot;");
        let mut text = String::from("flowchart TD\n");
        for node in &self.nodes {
            let (open, close) = if node.chart.is_some() { ("[", "]") } else { ("([", "])") };
            let below = node.below();
            let label = if below.is_empty() { node.id.clone() } else { format!("{}<br/>{below}", node.id) };
            text.push_str(&format!("  {}{open}\"{}\"{close}\n", name(&node.id), safe(&label)));
        }
        for edge in &self.edges {
            let sockets = edge.sockets.join(", ");
            text.push_str(&format!("  {} -->|{sockets}| {}\n", name(&edge.from), name(&edge.to)));
        }
        text
    }

    fn dot(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut text = String::from("digraph stack {\n  node [shape=box fontname=\"sans-serif\"]\n");
        for node in &self.nodes {
            let shape = if node.chart.is_some() { "" } else { " style=rounded" };
            let label = format!("{}\n{}", node.id, node.below());
            let label = quoted(label.trim_end()).replace('\n', "\\n");
            text.push_str(&format!("  {} [label={label}{shape}]\n", quoted(&node.id)));
        }
        for edge in &self.edges {
            let label = quoted(&edge.sockets.join(", "));
            text.push_str(&format!("  {} -> {} [label={label}]\n", quoted(&edge.from), quoted(&edge.to)));
        }
        text.push_str("}\n");
        text
    }
}

impl Node {
    /// What stands below the name in a picture, line by line.
    fn lines(&self) -> Vec<String> {
        match self.chart {
            Some(_) => self.ports.iter().map(|port| format!("{} {}", port.port, port.name)).collect(),
            None => vec![self.title.chars().take(32).collect()],
        }
    }

    /// What stands below the name: the ports of a brick, the address of a service outside.
    fn below(&self) -> String {
        match self.chart {
            Some(_) => self.ports.iter().map(|p| format!("{} {}", p.name, p.port)).collect::<Vec<_>>().join(", "),
            None => self.title.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(preset: &str) -> Graph {
        let catalogue = sparkyard_blocks::catalogue().expect("a catalogue");
        let preset = catalogue.preset(preset).cloned();
        assert!(preset.is_some());
        let plan = resolve(&catalogue, &Request { preset, ..Request::default() }).expect("a plan");
        Graph::of(&plan, &catalogue)
    }

    #[test]
    fn wires_between_the_same_two_are_one_edge() {
        let graph = graph("quickstart");
        let edge = graph.edges.iter().find(|edge| edge.from == "spark-connect" && edge.to == "seaweedfs").expect("S3");
        assert_eq!(edge.sockets, ["S3", "EventLog"]);
        let text = graph.mermaid();
        assert!(text.starts_with("flowchart TD\n"), "{text}");
        assert!(text.contains("  spark_connect -->|S3, EventLog| seaweedfs\n"), "{text}");
        assert!(graph.dot().contains("\"spark-connect\" -> \"seaweedfs\" [label=\"S3, EventLog\"]"));
    }

    #[test]
    fn every_preset_is_drawn_with_nothing_over_something_else() {
        let catalogue = sparkyard_blocks::catalogue().expect("a catalogue");
        for preset in &catalogue.presets {
            let line = catalogue.lines.iter().rev().find(|line| preset.lines.matches(&line.spark)).expect("a line");
            let (preset_file, line) = (Some(preset.clone()), Some(line.id.clone()));
            let request = Request { preset: preset_file, line, examples: true, ..Request::default() };
            let graph = Graph::of(&resolve(&catalogue, &request).expect("a plan"), &catalogue);
            let drawn = layout::layout(&graph);
            let boxes = &drawn.boxes;
            assert_eq!((boxes.len(), drawn.wires.len()), (graph.nodes.len(), graph.edges.len()));
            for (index, a) in boxes.iter().enumerate() {
                for b in &boxes[index + 1..] {
                    let apart = a.x + layout::WIDTH <= b.x
                        || b.x + layout::WIDTH <= a.x
                        || a.y + a.height <= b.y
                        || b.y + b.height <= a.y;
                    assert!(apart, "{}: {a:?} lies over {b:?}", preset.id);
                }
            }
            // What needs stands above what it needs.
            for edge in &graph.edges {
                let y = |id: &str| boxes[graph.nodes.iter().position(|node| node.id == id).expect("a node")].y;
                assert!(y(&edge.from) < y(&edge.to), "{}: {edge:?}", preset.id);
            }
            for (index, wire) in drawn.wires.iter().enumerate() {
                // Turns lie between rows; a straight piece passes beside the boxes of its row.
                for &(x, from, to) in &wire.pieces {
                    let behind =
                        |b: &&layout::Place| b.x <= x && x <= b.x + layout::WIDTH && from < b.y + b.height && b.y < to;
                    assert_eq!(boxes.iter().filter(behind).count(), 0, "{}: {wire:?} goes through a box", preset.id);
                }
                let (left, right) = wire.label_span();
                for other in &drawn.wires[index + 1..] {
                    let (from, to) = other.label_span();
                    let apart = right < from || to < left || wire.at.1.abs_diff(other.at.1) >= 15;
                    assert!(apart, "{}: {} lies over {}", preset.id, wire.label, other.label);
                }
                let over = |b: &&layout::Place| {
                    b.x < right && left < b.x + layout::WIDTH && b.y < wire.at.1 && wire.at.1 - 10 < b.y + b.height
                };
                assert_eq!(boxes.iter().filter(over).count(), 0, "{}: {} lies over a box", preset.id, wire.label);
            }
        }
    }
}
