//! Where boxes, wires and words of a drawing stand: rows, what needs above what it needs, with few crossings and no wire
//! behind a box.
//!
//! A wire that passes a row has a place of its own in it (Sugiyama's method). Order within the rows: each near the middle of
//! what it is wired to, then swaps of neighbours, as long as fewer wires cross.

use super::Graph;

/// Width of a box.
pub(super) const WIDTH: usize = 210;
/// Height of a line of small words.
pub(super) const LINE: usize = 16;
/// Room at the edges.
const EDGE: usize = 20;
/// Between two boxes, and between a box and a wire that passes.
const GAP_X: f64 = 30.0;
/// Width that a wire that passes takes.
const PASSAGE: f64 = 10.0;
/// In which wires turn to where they go.
const TURN: usize = 44;
/// Height of a line of labels.
const LEVEL: usize = 15;
/// Width of a letter of a label, on average; a little too wide.
const LETTER: usize = 6;
const ROUNDS: usize = 24;

/// Where a box stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) height: usize,
}

/// A wire: straight pieces, with turns between them.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    /// From top to bottom: x, and from where to where it goes down.
    pub(super) pieces: Vec<(usize, usize, usize)>,
    /// What it carries.
    pub(super) label: String,
    /// Middle of the label, and its base line.
    pub(super) at: (usize, usize),
}

impl Wire {
    /// Left and right end of the label.
    pub(super) fn label_span(&self) -> (usize, usize) {
        span(self.at.0, &self.label)
    }
}

fn span(middle: usize, label: &str) -> (usize, usize) {
    let half = label.chars().count() * LETTER / 2 + 3;
    (middle.saturating_sub(half), middle + half)
}

/// A drawing.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Place>,
    pub(super) wires: Vec<Wire>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// A node, or a wire that passes a row.
struct Item {
    row: usize,
    width: f64,
    middle: f64,
}

/// Rows of items, and what is wired to what.
struct Plan {
    items: Vec<Item>,
    /// Of each edge the items from top to bottom.
    chains: Vec<Vec<usize>>,
    /// The items of each row from left to right, the top row first.
    rows: Vec<Vec<usize>>,
}

/// The row of every node, from below: 0 needs nothing. Needs have no circles; a plan with one would still end here.
fn depths(graph: &Graph, ends: &[(usize, usize)]) -> Vec<usize> {
    let mut depths = vec![0; graph.nodes.len()];
    for _ in 0..graph.nodes.len() {
        for &(from, to) in ends {
            depths[from] = depths[from].max(depths[to] + 1).min(graph.nodes.len());
        }
    }
    depths
}

impl Plan {
    fn of(graph: &Graph, ends: &[(usize, usize)]) -> Self {
        let depths = depths(graph, ends);
        let deepest = depths.iter().copied().max().unwrap_or_default();
        let item = |row, width| Item { row, width, middle: 0.0 };
        let mut items: Vec<Item> = depths.iter().map(|depth| item(deepest - depth, WIDTH as f64)).collect();
        let mut chains = Vec::new();
        for &(from, to) in ends {
            let mut chain = vec![from];
            for row in items[from].row + 1..items[to].row {
                chain.push(items.len());
                items.push(item(row, PASSAGE));
            }
            chain.push(to);
            chains.push(chain);
        }
        let rows = (0..=deepest).map(|row| (0..items.len()).filter(|&item| items[item].row == row).collect()).collect();
        Self { items, chains, rows }
    }

    /// Pairs of items in neighbouring rows.
    fn links(&self) -> impl Iterator<Item = (usize, usize)> {
        self.chains.iter().flat_map(|chain| chain.windows(2).map(|pair| (pair[0], pair[1])))
    }

    /// Place in its row, of every item.
    fn positions(&self, rows: &[Vec<usize>]) -> Vec<usize> {
        let mut positions = vec![0; self.items.len()];
        for row in rows {
            row.iter().enumerate().for_each(|(at, &item)| positions[item] = at);
        }
        positions
    }

    /// How many wires cross.
    fn crossings(&self, rows: &[Vec<usize>]) -> usize {
        let at = self.positions(rows);
        let links: Vec<_> = self.links().collect();
        let cross = |(a, b): (usize, usize), (c, d): (usize, usize)| {
            self.items[a].row == self.items[c].row && (at[a] < at[c] && at[b] > at[d] || at[a] > at[c] && at[b] < at[d])
        };
        let pairs = links
            .iter()
            .enumerate()
            .map(|(index, one)| links[..index].iter().filter(|other| cross(*one, **other)).count());
        pairs.sum()
    }

    /// Puts the items of each row into an order with few crossings.
    fn order(&mut self) {
        let mut rows = self.rows.clone();
        let mut least = self.crossings(&rows);
        for round in 0..ROUNDS {
            let down = round % 2 == 0;
            let numbers: Vec<usize> =
                if down { (1..rows.len()).collect() } else { (0..rows.len().saturating_sub(1)).rev().collect() };
            for row in numbers {
                let at = self.positions(&rows);
                let key = |item: usize| {
                    let near = self.links().filter_map(|(a, b)| match down {
                        true if b == item => Some(at[a]),
                        false if a == item => Some(at[b]),
                        _ => None,
                    });
                    let near: Vec<usize> = near.collect();
                    if near.is_empty() { at[item] * 1000 } else { near.iter().sum::<usize>() * 1000 / near.len() }
                };
                rows[row].sort_by_cached_key(|&item| key(item));
            }
            self.swap(&mut rows);
            let now = self.crossings(&rows);
            if now < least {
                least = now;
                self.rows.clone_from(&rows);
            }
        }
    }

    /// Swaps neighbours as long as that helps.
    fn swap(&self, rows: &mut [Vec<usize>]) {
        let mut least = self.crossings(rows);
        let mut better = true;
        while better {
            better = false;
            for row in 0..rows.len() {
                for at in 1..rows[row].len() {
                    rows[row].swap(at - 1, at);
                    let now = self.crossings(rows);
                    if now < least {
                        (least, better) = (now, true);
                    } else {
                        rows[row].swap(at - 1, at);
                    }
                }
            }
        }
    }

    /// Gives every item its middle: near the middle of what it is wired to, apart from its neighbours.
    fn spread(&mut self) {
        for row in &self.rows {
            let mut x = 0.0;
            for &item in row {
                self.items[item].middle = x + self.items[item].width / 2.0;
                x += self.items[item].width + GAP_X;
            }
        }
        let links: Vec<_> = self.links().collect();
        for round in 0..ROUNDS {
            for number in 0..self.rows.len() {
                let row = &self.rows[if round % 2 == 0 { number } else { self.rows.len() - 1 - number }];
                let wanted: Vec<f64> = row.iter().map(|&item| self.wanted(item, &links)).collect();
                let widths: Vec<f64> = row.iter().map(|&item| self.items[item].width).collect();
                for (&item, middle) in row.iter().zip(apart(&wanted, &widths)) {
                    self.items[item].middle = middle;
                }
            }
        }
        let left = |item: &Item| item.middle - item.width / 2.0;
        let start = self.items.iter().map(left).fold(f64::INFINITY, f64::min);
        for item in &mut self.items {
            item.middle += EDGE as f64 - start;
        }
    }

    /// The middle of what an item is wired to. Wires that pass are pulled straight.
    fn wanted(&self, item: usize, links: &[(usize, usize)]) -> f64 {
        let passes = |item: usize| self.items[item].width < WIDTH as f64;
        let (mut sum, mut weights) = (0.0, 0.0);
        for &(a, b) in links.iter().filter(|(a, b)| *a == item || *b == item) {
            let weight = if passes(a) && passes(b) { 4.0 } else { 1.0 };
            sum += weight * self.items[if a == item { b } else { a }].middle;
            weights += weight;
        }
        if weights == 0.0 { self.items[item].middle } else { sum / weights }
    }
}

/// The middles nearest to those that are wanted (least squares) for which neighbours keep apart: pool adjacent violators.
fn apart(wanted: &[f64], widths: &[f64]) -> Vec<f64> {
    let mut offsets = vec![0.0; wanted.len()];
    for at in 1..wanted.len() {
        offsets[at] = offsets[at - 1] + (widths[at - 1] + widths[at]) / 2.0 + GAP_X;
    }
    // Pools: sum of their wishes, and how many.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wanted.iter().zip(&offsets) {
        pools.push((wish - offset, 1));
        while let [.., (a, n), (b, m)] = pools[..]
            && a / n as f64 > b / m as f64
        {
            pools.truncate(pools.len() - 2);
            pools.push((a + b, n + m));
        }
    }
    let middles = pools.iter().flat_map(|&(sum, number)| std::iter::repeat_n(sum / number as f64, number));
    middles.zip(&offsets).map(|(middle, offset)| middle + offset).collect()
}

/// The places of all.
pub(super) fn layout(graph: &Graph) -> Layout {
    let index = |id: &str| graph.nodes.iter().position(|node| node.id == id);
    let edges: Vec<_> =
        graph.edges.iter().filter_map(|edge| Some((edge, (index(&edge.from)?, index(&edge.to)?)))).collect();
    let ends: Vec<(usize, usize)> = edges.iter().map(|(_, ends)| *ends).collect();
    let mut plan = Plan::of(graph, &ends);
    plan.order();
    plan.spread();
    let heights: Vec<usize> = graph.nodes.iter().map(|node| 32 + LINE * node.lines().len()).collect();
    let (starts, stops) = (slots(&plan, true), slots(&plan, false));

    // Labels stand below the box that a wire leaves, each in the first line where there is room.
    let mut levels: Vec<Vec<Vec<(usize, usize)>>> = vec![Vec::new(); plan.rows.len()];
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by_key(|&edge| starts[edge]);
    let mut level_of = vec![0; edges.len()];
    let labels: Vec<String> = edges.iter().map(|(edge, _)| edge.sockets.join(", ")).collect();
    for edge in order {
        let (left, right) = span(starts[edge], &labels[edge]);
        let lines = &mut levels[plan.items[ends[edge].0].row];
        let free = lines.iter().position(|line| line.iter().all(|&(from, to)| right < from || to < left));
        let at = free.unwrap_or(lines.len());
        if at == lines.len() {
            lines.push(Vec::new());
        }
        lines[at].push((left, right));
        level_of[edge] = at;
    }

    // Top of each row, its bottom, and where the turns below it begin.
    let (mut bounds, mut y) = (Vec::new(), EDGE);
    for (number, row) in plan.rows.iter().enumerate() {
        let height = row.iter().filter_map(|&item| heights.get(item)).max().copied().unwrap_or_default();
        let turns = y + height + LEVEL * levels[number].len() + 6;
        bounds.push((y, y + height, turns));
        y = turns + TURN;
    }
    let boxes: Vec<Place> = heights
        .iter()
        .enumerate()
        .map(|(node, &height)| {
            let item = &plan.items[node];
            Place { x: (item.middle - item.width / 2.0).round() as usize, y: bounds[item.row].0, height }
        })
        .collect();
    let wires = plan.chains.iter().enumerate().map(|(edge, chain)| {
        let (from, to) = ends[edge];
        let row = plan.items[from].row;
        let mut pieces = vec![(starts[edge], boxes[from].y + boxes[from].height, bounds[row].2)];
        for &item in &chain[1..chain.len() - 1] {
            let (top, _, turns) = bounds[plan.items[item].row];
            pieces.push((plan.items[item].middle.round() as usize, top, turns));
        }
        pieces.push((stops[edge], boxes[to].y, boxes[to].y));
        let at = (starts[edge], bounds[row].1 + LEVEL * (level_of[edge] + 1));
        Wire { pieces, label: labels[edge].clone(), at }
    });
    let wires: Vec<Wire> = wires.collect();
    let right = boxes.iter().map(|place| place.x + WIDTH);
    let right = right.chain(wires.iter().map(|wire| wire.label_span().1)).max().unwrap_or_default();
    let height = boxes.iter().map(|place| place.y + place.height).max().unwrap_or_default() + EDGE;
    Layout { boxes, wires, width: right + EDGE, height }
}

/// Where each wire leaves its box, or arrives: beside each other, in the order of where they come from or go.
fn slots(plan: &Plan, leaving: bool) -> Vec<usize> {
    let end = |chain: &[usize]| if leaving { chain[0] } else { chain[chain.len() - 1] };
    let next = |chain: &[usize]| if leaving { chain[1] } else { chain[chain.len() - 2] };
    let slot = |(edge, chain): (usize, &Vec<usize>)| {
        let mut same: Vec<usize> =
            (0..plan.chains.len()).filter(|&other| end(&plan.chains[other]) == end(chain)).collect();
        same.sort_by(|&a, &b| {
            let middle = |edge: usize| plan.items[next(&plan.chains[edge])].middle;
            middle(a).total_cmp(&middle(b)).then(a.cmp(&b))
        });
        let at = same.iter().position(|&other| other == edge).unwrap_or_default();
        let left = plan.items[end(chain)].middle - WIDTH as f64 / 2.0;
        left.round() as usize + WIDTH * (at + 1) / (same.len() + 1)
    };
    plan.chains.iter().enumerate().map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn neighbours_keep_apart_and_near_to_their_wishes() {
        assert_eq!(apart(&[0.0, 500.0], &[10.0, 10.0]), [0.0, 500.0]);
        assert_eq!(apart(&[100.0, 100.0], &[10.0, 10.0]), [80.0, 120.0]);
        assert_eq!(apart(&[0.0, 300.0, 200.0], &[10.0, 10.0, 10.0]), [0.0, 230.0, 270.0]);
    }
}
