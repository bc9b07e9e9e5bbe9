//! `generated-charts/` is what the catalogue composes, no more and no less.

use sparkyard_tests::{catalogue, trees};

#[test]
fn generated_charts_are_up_to_date() {
    let folder = catalogue::written("golden");
    let mut there = trees::read(&xtask::place::root().join("generated-charts"));
    assert!(there.remove(sparkyard_pack::MANIFEST).is_some(), "generated-charts is empty; run: cargo xtask golden");
    let differences = trees::differences(&trees::read(&folder), &there);
    assert!(differences.is_empty(), "generated-charts is stale; run: cargo xtask golden\n{}", differences.join("\n"));
}

#[test]
fn composing_twice_gives_the_same_bytes() {
    let again = sparkyard_compose::catalogue_tree(catalogue::catalogue()).expect("composed");
    assert!(again == *catalogue::tree(), "two runs differ");
}
