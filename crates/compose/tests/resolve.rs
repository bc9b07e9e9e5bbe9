//! What a request becomes.

mod fixture;

use fixture::{STORE, catalogue, told, with};
use serde_json::{Value, json};
use sparkyard_compose::{resolve, unused};
use sparkyard_model::{Brick, Catalogue, Origin, Provider, Request, Shape, Socket};

#[test]
fn defaults_are_the_newest_line_and_the_first_preset() {
    let plan = resolve(&catalogue(), &Request::default()).expect("plan");
    assert_eq!((plan.line.id.as_str(), plan.platform.as_str(), plan.shape), ("4.1", "kubernetes", Shape::Umbrella));
    assert_eq!((plan.preset.as_deref(), plan.stack.as_str()), (Some("small"), ""));
    let ids: Vec<(&str, &str)> = plan.bricks.iter().map(|b| (b.id.as_str(), b.chart.as_str())).collect();
    assert_eq!(ids, [("store", "spark-4-1"), ("meta", "spark-4-1"), ("spark-connect", "spark-4-1")]);
    assert_eq!(plan.bricks[2].values["enabled"], json!(true));
}

#[test]
fn a_modular_stack_has_a_name() {
    let request = Request { line: Some("3.5.7".into()), ..Request::default() };
    let plan = resolve(&catalogue(), &request).expect("plan");
    assert_eq!((plan.stack.as_str(), &plan.global["stack"]), ("small", &json!("small")));
    assert_eq!(plan.bricks[2].chart, "spark-3-5-connect");
    let request = Request { bricks: vec!["store".into()], ..request };
    let plan = resolve(&catalogue(), &request).expect("plan");
    assert_eq!((plan.stack.as_str(), plan.preset), ("spark", None));
}

#[test]
fn every_leaf_has_an_origin() {
    let request = Request { platform: Some("openshift".into()), ..with("spark-connect:\n  hosts:\n    - x\n") };
    let plan = resolve(&catalogue(), &request).expect("plan");
    let connect = &plan.bricks[2];
    let origin = |path: &str| connect.origins.get(path).cloned();
    assert_eq!(origin("executor.memory"), Some(Origin::Brick { brick: "spark-connect".into() }));
    assert_eq!(origin("image.tag"), Some(Origin::Line { line: "4.1".into() }));
    assert_eq!(origin("replicas"), Some(Origin::Preset { file: "presets/small.yaml".into(), line: 12 }));
    assert_eq!(origin("conf.a"), Some(Origin::Preset { file: "presets/small.yaml".into(), line: 14 }));
    assert_eq!(origin("hosts"), Some(Origin::Override { file: "my.yaml".into(), line: 2 }));
    assert_eq!(origin("runAsUser"), None, "null deletes");
    assert_eq!(connect.values.get("runAsUser"), None);
    assert_eq!(connect.values["image"]["repository"], json!("apache/spark"));
    assert!(matches!(plan.global_origins["platform"], Origin::Platform { line: 6, .. }));
    for brick in &plan.bricks {
        let mut leaves = Vec::new();
        collect(&Value::Object(brick.values.clone()), String::new(), &mut leaves);
        leaves.sort();
        assert_eq!(leaves, brick.origins.keys().cloned().collect::<Vec<_>>());
    }
}

fn collect(value: &Value, path: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(value, below, leaves);
            }
        }
        _ => leaves.push(path),
    }
}

#[test]
fn needs_are_met_by_bricks_or_by_services_of_the_users_own() {
    let plan = resolve(&catalogue(), &Request::default()).expect("plan");
    let wire = plan.wires.iter().find(|w| w.from == "spark-connect" && w.socket == Socket::S3).expect("wire");
    assert_eq!(wire.to, Provider::Brick { brick: "store".into() });

    let only = |text: &str| Request { bricks: vec!["spark-connect".into()], ..with(text) };
    let text = "global:\n  s3: {endpoint: 'https://s3', existingSecret: s3}\n  metastore: {uri: 'thrift://x:1'}\n";
    let plan = resolve(&catalogue(), &only(text)).expect("plan");
    let external = Provider::External { value: "global.s3.endpoint".into(), address: "https://s3".into() };
    assert_eq!(plan.wires[0].to, external);

    let findings = resolve(&catalogue(), &only("global:\n  s3: {endpoint: 'https://s3', existingSecret: s3}\n"))
        .expect_err("unmet");
    assert_eq!(
        told(&findings),
        [
            "unmet-need `spark-connect` needs a Hive Metastore, and nothing in this stack provides it (add the brick `meta`, \
          or set `global.metastore.uri` to the address of your own)"
        ]
    );
}

#[test]
fn a_brick_that_is_switched_off_meets_no_need() {
    let findings = resolve(&catalogue(), &with("store: {enabled: false}\n")).expect_err("unmet");
    let told = told(&findings);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("`store` is switched off, and `meta`, `spark-connect` need an S3 store"), "{told:?}");
    let at = findings[0].at.as_ref().expect("a place");
    assert_eq!((at.line, at.column), (1, 18), "the user's own file: {at:?}");

    let text = "store: {enabled: false}\nglobal: {s3: {endpoint: 'https://s3', existingSecret: s3}}\n";
    let plan = resolve(&catalogue(), &Request { shape: Some(Shape::Modular), ..with(text) }).expect("plan");
    assert_eq!(plan.bricks.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["meta", "spark-connect"]);
}

#[test]
fn values_of_a_brick_that_is_off_are_told() {
    let catalogue = two_stores();
    let told_of = |text: &str, shape: Shape| {
        let request = Request { shape: Some(shape), ..with(text) };
        told(&unused(&catalogue, &request, &resolve(&catalogue, &request).expect("plan")))
    };
    for shape in [Shape::Modular, Shape::Umbrella] {
        assert_eq!(
            told_of("store: {replicas: 2}\nother:\n  replicas: 2\n", shape),
            [
                "brick-off my.yaml:2:1 `other` is not in this stack, and its values here do nothing (to have it: `other: {enabled: true}`)"
            ]
        );
        let meant = "other: {enabled: false, replicas: 2}\nmeta: {}\n";
        let instead = "store: {enabled: false}\nother: {enabled: true, replicas: 2}\n";
        for text in [meant, instead, "other: {}\n"] {
            assert_eq!(told_of(text, shape), [""; 0], "{text}");
        }
    }
}

/// The catalogue with a second brick that can be the store of a stack.
fn two_stores() -> Catalogue {
    let mut catalogue = catalogue();
    catalogue.bricks.push(Brick { id: "other", ..STORE });
    catalogue
}

#[test]
fn an_override_puts_a_brick_in_the_place_of_another() {
    let request = with("store: {enabled: false}\nother: {enabled: true}\n");
    let request = Request { shape: Some(Shape::Modular), ..request };
    let plan = resolve(&two_stores(), &request).expect("plan");
    assert_eq!(plan.bricks.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["other", "meta", "spark-connect"]);
    let wire = plan.wires.iter().find(|w| w.from == "meta").expect("wire");
    assert_eq!(wire.to, Provider::Brick { brick: "other".into() });
}

#[test]
fn two_bricks_in_one_place_are_refused_with_both_places() {
    let findings = resolve(&two_stores(), &with("other: {enabled: true}\n")).expect_err("refused");
    assert_eq!(
        told(&findings),
        [
            "brick-clash my.yaml:1:18 `store` and `other` are both on, and each is the `s3` of the stack (keep one: `store: \
          {enabled: false}` (which presets/small.yaml:6:10 switches on), or `other: {enabled: false}`)"
        ]
    );
    let bricks = ["other", "store", "meta", "spark-connect"].map(String::from).to_vec();
    let findings = resolve(&two_stores(), &Request { bricks, ..Request::default() }).expect_err("refused");
    assert_eq!(findings.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), ["brick-clash"]);
}

#[test]
fn a_service_of_the_users_own_needs_credentials_of_the_users_own() {
    let text = "store: {enabled: false}\nglobal:\n  s3:\n    endpoint: https://s3\n";
    let findings = resolve(&catalogue(), &with(text)).expect_err("refused");
    assert_eq!(
        told(&findings),
        [
            "no-credentials my.yaml:4:15 `global.s3.endpoint` names an S3 store of your own, and no Secret with its credentials \
          is named (name one in `global.s3.existingSecret`, or the stack's in `global.credentials.existingSecret`)"
        ]
    );
}
