//! Touch one place: a brick, a preset, a line or a platform is pushed once, and is composed, listed
//! and rendered.

use std::ffi::OsString;

use sparkyard_model::{Catalogue, ChartTree, OverrideFile, Request, Shape, Socket, SourceText};
use sparkyard_tests::case::{Case, write};
use sparkyard_tests::extension::{push_brick, push_line, push_platform, push_preset};
use sparkyard_tests::render::Render;
use sparkyard_tests::{catalogue, helm};

/// The built-in catalogue after some pushes.
fn extended(pushes: &[fn(&mut Catalogue)]) -> Catalogue {
    let mut catalogue = catalogue::catalogue().clone();
    for push in pushes {
        push(&mut catalogue);
    }
    catalogue
}

fn compose(catalogue: &Catalogue, request: Request) -> ChartTree {
    let plan = sparkyard_compose::resolve(catalogue, &request).unwrap_or_else(|findings| panic!("{findings:#?}"));
    sparkyard_compose::compose(catalogue, &plan).unwrap_or_else(|error| panic!("{error}"))
}

/// What the program prints with this catalogue.
fn sparkyard(catalogue: &Catalogue, args: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["sparkyard"].iter().chain(args).map(OsString::from);
    let code = sparkyard_cli::run(args, || Ok(catalogue.clone()), &mut out, &mut err);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
    String::from_utf8(out).expect("text")
}

/// The only ConfigMap of the brick `echo` in a tree's only chart.
fn echo(name: &str, tree: &ChartTree, values: &str) -> serde_json::Value {
    let folder = catalogue::folder(name);
    write(tree, &folder);
    let case = Case::plain(&folder.join(&tree.charts[0].name), name);
    let more: Vec<&str> = if values.is_empty() { Vec::new() } else { vec!["--values", values] };
    let render = Render::with(&case, "demo", &more).unwrap_or_else(|error| panic!("{error}"));
    let found = render.objects().into_iter().find(|object| object.name().ends_with("-echo"));
    found.expect("the brick's object").value
}

#[test]
fn a_brick_is_listed_composed_and_rendered_in_both_shapes() {
    let catalogue = extended(&[push_brick]);
    assert!(sparkyard(&catalogue, &["list", "bricks"]).contains("Echo: says a word"));
    assert!(sparkyard(&catalogue, &["show", "echo"]).contains("docker.io/example/echo:1.2.3"));
    assert!(
        sparkyard(&catalogue, &["explain", "echo.greeting"]).contains("chart-blocks/echo/templates/configmap.yaml")
    );
    for shape in Shape::ALL {
        let request = Request { bricks: vec!["echo".to_owned()], shape: Some(shape), ..Request::default() };
        let tree = compose(&catalogue, request);
        let object = echo(&format!("brick-{shape}"), &tree, "");
        assert_eq!(object["data"]["greeting"], "hello");
        assert_eq!(object["data"]["image"], "docker.io/example/echo:1.2.3");
        let line = &catalogue.lines.last().expect("a line").id;
        assert_eq!(object["data"]["composed"], format!("{line} {shape}"));
        assert_eq!(tree.charts[0].images, ["docker.io/example/echo:1.2.3"]);
    }
}

#[test]
fn a_preset_is_listed_and_becomes_a_values_file() {
    let catalogue = extended(&[push_brick, push_preset]);
    assert!(sparkyard(&catalogue, &["list", "presets"]).contains("shout"));
    let tree = sparkyard_compose::catalogue_tree(&catalogue).expect("composed");
    let with_preset = tree.charts.iter().filter(|chart| chart.files.contains_key("values-shout.yaml")).count();
    assert_eq!(with_preset, catalogue.lines.len(), "one chart of each line");
    let preset = catalogue.preset("shout").cloned();
    let tree = compose(&catalogue, Request { preset, ..Request::default() });
    assert_eq!(echo("preset", &tree, "")["data"]["greeting"], "from the preset");
}

#[test]
fn a_line_is_listed_and_gets_charts() {
    let catalogue = extended(&[push_line]);
    assert!(sparkyard(&catalogue, &["list", "lines"]).contains("9.9.1"));
    let tree = sparkyard_compose::catalogue_tree(&catalogue).expect("composed");
    let chart = tree.charts.iter().find(|chart| chart.name.starts_with("spark-9-9")).expect("a chart of the line");
    let folder = catalogue::folder("line");
    write(&tree, &folder);
    let text = helm::stdout(&folder, ["template", "demo", &chart.name]).unwrap_or_else(|error| panic!("{error}"));
    assert!(text.contains("app.kubernetes.io/version: \"9.9.1\""));
}

#[test]
fn a_platform_is_listed_and_becomes_a_values_file() {
    let catalogue = extended(&[push_brick, push_platform]);
    assert!(sparkyard(&catalogue, &["list", "platforms"]).contains("A small cluster"));
    let request = || Request { bricks: vec!["echo".to_owned()], ..Request::default() };
    let tree = compose(&catalogue, Request { platform: Some("edge".to_owned()), ..request() });
    assert_eq!(echo("platform", &tree, "")["data"]["greeting"], "from the platform");
    // Without choosing it, its values lie beside the chart for `helm install -f`.
    let tree = compose(&catalogue, request());
    let object = echo("platform-file", &tree, "values-edge.yaml");
    assert_eq!(object["data"]["greeting"], "from the platform");
}

#[test]
fn what_a_line_lacks_is_refused_with_the_reason() {
    let catalogue = extended(&[push_line, |catalogue| {
        let line = catalogue.lines.last_mut().expect("a line");
        line.jars.retain(|jar| jar.only.as_deref() != Some("iceberg"));
        line.lacks.insert("iceberg".to_owned(), "Iceberg has no runtime for Spark 9.9 yet".to_owned());
    }]);
    let source = SourceText {
        name: "mine.yaml".to_owned(),
        text: "spark-connect:\n  tables:\n    iceberg: {enabled: true}\n".to_owned(),
    };
    let request = Request { line: Some("9.9".to_owned()), ..Request::default() };
    let wants = Request { overrides: vec![OverrideFile { source }], ..request.clone() };
    let found = sparkyard_compose::resolve(&catalogue, &wants);
    let findings = found.expect_err("what cannot run must not be built");
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(finding.rule, "line-lacks");
    assert!(finding.message.contains("Iceberg has no runtime for Spark 9.9 yet"), "{finding:?}");
    assert!(finding.help.as_deref().is_some_and(|help| help.contains("4.1")), "{finding:?}");
    let place = finding.at.as_ref().expect("the place in the file");
    assert_eq!((place.file.as_str(), place.line), ("mine.yaml", 3));

    // The chart as it is made without it, and the value switched on at install.
    let tree = compose(&catalogue, request);
    let folder = catalogue::folder("line-lacks");
    write(&tree, &folder);
    let case = Case::plain(&folder.join(&tree.charts[0].name), "line-lacks");
    let refused = Render::with(&case, "demo", &["--set", "spark-connect.tables.iceberg.enabled=true"]).err();
    assert!(refused.as_deref().is_some_and(|error| error.contains("no runtime for Spark 9.9 yet")), "{refused:?}");
}

#[test]
fn every_line_has_what_may_be_switched_on_or_says_why_not() {
    for line in &catalogue::catalogue().lines {
        for name in ["iceberg", "celeborn"] {
            let has = line.jars.iter().any(|jar| jar.only.as_deref() == Some(name));
            assert_ne!(has, line.lacks.contains_key(name), "line {}, {name}: a jar, or why there is none", line.id);
        }
    }
}

#[test]
fn a_shuffle_service_is_refused_where_no_client_is() {
    let catalogue = catalogue::catalogue();
    let refused = |bricks: &[&str], text: &str| {
        let bricks = bricks.iter().map(|id| (*id).to_owned()).collect();
        let source = SourceText { name: "mine.yaml".to_owned(), text: text.to_owned() };
        let overrides = vec![OverrideFile { source }];
        let request = Request { line: Some("4.3".to_owned()), bricks, overrides, ..Request::default() };
        sparkyard_compose::resolve(catalogue, &request).expect_err("what cannot run must not be built")
    };
    let switch = "spark-connect:\n  shuffle:\n    celeborn: {enabled: true}\n";
    for findings in [refused(&["celeborn"], "{}"), refused(&[], &format!("celeborn: {{enabled: true}}\n{switch}"))] {
        let lacking: Vec<_> = findings.iter().filter(|finding| finding.rule == "line-lacks").collect();
        assert!(!lacking.is_empty(), "{findings:#?}");
        assert!(lacking.iter().all(|finding| finding.message.contains("no client for Spark 4.3")), "{findings:#?}");
    }

    // At install, and before it is asked for a service that could not be used.
    let folder = catalogue::written("no-client");
    let case = Case::plain(&folder.join(catalogue::umbrella()), "no-client");
    let error = Render::with(&case, "demo", &["--set", "spark-connect.shuffle.celeborn.enabled=true"]).err();
    assert!(error.as_deref().is_some_and(|error| error.contains("no client for Spark 4.3")), "{error:?}");
}

#[test]
fn a_need_that_a_nested_value_switches_on_is_met_or_refused() {
    let catalogue = catalogue::catalogue();
    let resolved = |text: &str| {
        let source = SourceText { name: "mine.yaml".to_owned(), text: text.to_owned() };
        let overrides = vec![OverrideFile { source }];
        sparkyard_compose::resolve(
            catalogue,
            &Request { line: Some("3.5".to_owned()), overrides, ..Request::default() },
        )
    };
    let switch = "spark-connect:\n  shuffle:\n    celeborn: {enabled: true}\n";
    let findings = resolved(switch).expect_err("nothing provides it");
    assert!(findings.iter().any(|finding| finding.message.contains("needs a remote shuffle service")), "{findings:#?}");
    for meets in ["celeborn: {enabled: true}\n", "global: {shuffle: {endpoints: \"celeborn.example.com:9097\"}}\n"] {
        let plan = resolved(&format!("{meets}{switch}")).unwrap_or_else(|findings| panic!("{findings:#?}"));
        assert!(plan.wires.iter().any(|wire| wire.from == "spark-connect" && wire.socket == Socket::Shuffle));
    }
}
