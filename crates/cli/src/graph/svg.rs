//! The picture: rows of boxes, what needs above what it needs. Its colours follow the reader's, light or dark.

use std::fmt::Write as _;

use super::Graph;

/// Width of a box.
pub(super) const WIDTH: usize = 210;
const LINE: usize = 16;
const GAP_X: usize = 40;
const GAP_Y: usize = 70;
const EDGE: usize = 20;

const STYLE: &str = "svg{background:#fff;font:13px system-ui,sans-serif}\
.box{fill:#f4f6f8;stroke:#5b6b7b}.outside{fill:none;stroke:#5b6b7b;stroke-dasharray:4 3}\
.wire{fill:none;stroke:#0b6bcb;stroke-width:1.4}.tip{fill:#0b6bcb}\
text{fill:#1c2733}.name{font-weight:600}.small{font-size:11px;fill:#4a5a6a}\
.label{font-size:11px;fill:#0b4f99;stroke:#fff;stroke-width:4px;paint-order:stroke}\
@media(prefers-color-scheme:dark){svg{background:#14191f}.box{fill:#222b35;stroke:#8796a5}.outside{stroke:#8796a5}\
.wire{stroke:#6cb6ff}.tip{fill:#6cb6ff}text{fill:#e6edf3}.small{fill:#a9b7c4}\
.label{fill:#a5d1ff;stroke:#14191f}}";

/// Where a box stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) height: usize,
}

/// The row of every node, from below: 0 needs nothing. Needs have no circles; a plan with one would still end here.
fn rows(graph: &Graph) -> Vec<usize> {
    let index = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let mut rows = vec![0; graph.nodes.len()];
    for _ in 0..graph.nodes.len() {
        for edge in &graph.edges {
            if let (Some(from), Some(to)) = (index(&edge.from), index(&edge.to)) {
                rows[from] = rows[from].max(rows[to] + 1).min(graph.nodes.len());
            }
        }
    }
    rows
}

/// The places of all nodes, in their order.
pub(super) fn places(graph: &Graph) -> Vec<Place> {
    let rows = rows(graph);
    let heights: Vec<usize> = graph.nodes.iter().map(|node| 44 + LINE * node.ports.len()).collect();
    let deepest = rows.iter().copied().max().unwrap_or_default();
    let members = |row: usize| (0..graph.nodes.len()).filter(|&node| rows[node] == row).collect::<Vec<_>>();
    let all: Vec<Vec<usize>> = (0..=deepest).rev().map(members).collect();
    let widest = all.iter().map(Vec::len).max().unwrap_or_default();
    let full = (widest * (WIDTH + GAP_X)).saturating_sub(GAP_X);
    let mut places = vec![Place { x: 0, y: 0, height: 0 }; graph.nodes.len()];
    let mut y = EDGE;
    for row in &all {
        let width = (row.len() * (WIDTH + GAP_X)).saturating_sub(GAP_X);
        let mut x = EDGE + (full - width) / 2;
        for &node in row {
            places[node] = Place { x, y, height: heights[node] };
            x += WIDTH + GAP_X;
        }
        y += row.iter().map(|&node| heights[node]).max().unwrap_or_default() + GAP_Y;
    }
    places
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The picture.
pub(super) fn draw(graph: &Graph) -> String {
    let places = places(graph);
    let width = places.iter().map(|place| place.x + WIDTH).max().unwrap_or_default() + EDGE;
    let height = places.iter().map(|place| place.y + place.height).max().unwrap_or_default() + EDGE;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\"><title>Bricks and what they plug into</title><style>{STYLE}</style>\n<defs><marker id=\"tip\" \
         viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    );
    let mut labels = String::new();
    let index = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    for (number, edge) in graph.edges.iter().enumerate() {
        let (Some(from), Some(to)) = (index(&edge.from), index(&edge.to)) else { continue };
        // Wires of one box leave and arrive beside each other.
        let spread = |edges: Vec<usize>| {
            let at = edges.iter().position(|&other| other == number).unwrap_or_default();
            WIDTH * (at + 1) / (edges.len() + 1)
        };
        let of = |same: &dyn Fn(&super::Edge) -> bool| {
            (0..graph.edges.len()).filter(|&other| same(&graph.edges[other])).collect::<Vec<_>>()
        };
        let (a, b) = (&places[from], &places[to]);
        let x1 = a.x + spread(of(&|other| other.from == edge.from));
        let x2 = b.x + spread(of(&|other| other.to == edge.to));
        let (y1, y2) = (a.y + a.height, b.y);
        let bend = GAP_Y / 2 + y2.abs_diff(y1) / 6;
        let _ = writeln!(
            text,
            "<path class=\"wire\" marker-end=\"url(#tip)\" d=\"M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}\"/>",
            y1 + bend,
            y2.saturating_sub(bend)
        );
        let (x, y) = (x2, y2.saturating_sub(12 + 13 * (number % 3)));
        let _ = writeln!(
            labels,
            "<text class=\"label\" text-anchor=\"middle\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&edge.sockets.join(", "))
        );
    }
    for (node, place) in graph.nodes.iter().zip(&places) {
        let (class, radius) = if node.chart.is_some() { ("box", 6) } else { ("outside", 20) };
        let Place { x, y, height } = place;
        let _ = writeln!(
            text,
            "<g><title>{}</title><rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" \
             rx=\"{radius}\"/><text class=\"name\" x=\"{}\" y=\"{}\">{}</text>",
            escaped(&node.title),
            x + 12,
            y + 20,
            escaped(&node.id)
        );
        let lines: Vec<String> = match node.chart {
            Some(_) => node.ports.iter().map(|port| format!("{} {}", port.port, port.name)).collect(),
            None => vec![node.title.chars().take(32).collect()],
        };
        for (line, words) in lines.iter().enumerate() {
            let _ = writeln!(
                text,
                "<text class=\"small\" x=\"{}\" y=\"{}\">{}</text>",
                x + 12,
                y + 38 + LINE * line,
                escaped(words)
            );
        }
        text.push_str("</g>\n");
    }
    format!("{text}{labels}</svg>\n")
}
