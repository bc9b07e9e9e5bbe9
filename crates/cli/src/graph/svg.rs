//! The picture: rows of boxes, what needs above what it needs. Its colours follow the reader's, light or dark.

use std::fmt::Write as _;

use super::Graph;
use super::layout::{LINE, Place, WIDTH, Wire, layout};

const STYLE: &str = "svg{background:#fff;font:13px system-ui,sans-serif}\
.box{fill:#f4f6f8;stroke:#5b6b7b}.outside{fill:none;stroke:#5b6b7b;stroke-dasharray:4 3}\
.wire{fill:none;stroke:#0b6bcb;stroke-width:1.4}.tip{fill:#0b6bcb}\
text{fill:#1c2733}.name{font-weight:600}.small{font-size:11px;fill:#4a5a6a}\
.label{font-size:11px;fill:#0b4f99;stroke:#fff;stroke-width:4px;paint-order:stroke}\
@media(prefers-color-scheme:dark){svg{background:#14191f}.box{fill:#222b35;stroke:#8796a5}.outside{stroke:#8796a5}\
.wire{stroke:#6cb6ff}.tip{fill:#6cb6ff}text{fill:#e6edf3}.small{fill:#a9b7c4}\
.label{fill:#a5d1ff;stroke:#14191f}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The picture.
pub(super) fn draw(graph: &Graph) -> String {
    let layout = layout(graph);
    let (width, height) = (layout.width, layout.height);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\"><title>Bricks and what they plug into</title><style>{STYLE}</style>\n<defs><marker id=\"tip\" \
         viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    );
    let mut labels = String::new();
    for wire in &layout.wires {
        let _ = writeln!(text, "<path class=\"wire\" marker-end=\"url(#tip)\" d=\"{}\"/>", path(wire));
        let (x, y) = wire.at;
        let _ = writeln!(
            labels,
            "<text class=\"label\" text-anchor=\"middle\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(&wire.label)
        );
    }
    for (node, place) in graph.nodes.iter().zip(&layout.boxes) {
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
        for (line, words) in node.lines().iter().enumerate() {
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

/// Straight pieces, and between them turns that begin and end straight down.
fn path(wire: &Wire) -> String {
    let mut text = String::new();
    let mut before = None;
    for &(x, from, to) in &wire.pieces {
        match before {
            None => text.push_str(&format!("M{x} {from}")),
            Some((x1, y1)) => {
                let middle = (y1 + from) / 2;
                text.push_str(&format!("C{x1} {middle} {x} {middle} {x} {from}"));
            }
        }
        if to > from {
            text.push_str(&format!("V{to}"));
        }
        before = Some((x, to));
    }
    text
}
