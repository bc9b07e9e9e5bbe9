//! What a plan becomes.

mod fixture;

use std::collections::BTreeMap;

use fixture::{catalogue, chart, source, text, told, with};
use serde_json::{Value, json};
use sparkyard_compose::{catalogue_tree, compose, install_commands, resolve};
use sparkyard_model::{Chart, ChartTree, Request, Shape};

fn tree() -> ChartTree {
    catalogue_tree(&catalogue()).unwrap_or_else(|findings| panic!("{:#?}", told(&findings)))
}

fn yaml(chart: &Chart, path: &str) -> Value {
    Value::Object(sparkyard_yaml::values(&source(path, text(chart, path))).expect("values"))
}

#[test]
fn the_catalogue_has_every_line_in_its_own_shape() {
    let tree = tree();
    let names: Vec<&str> = tree.charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["spark-3-5-store", "spark-3-5-meta", "spark-3-5-connect", "spark-4-1"]);
    assert_eq!(tree, self::tree(), "the same bytes again");
    let readme = String::from_utf8_lossy(&tree.files["README.md"]);
    assert!(readme.contains("helm install small ./spark-4-1 --namespace spark --create-namespace\n"), "{readme}");
    assert!(
        readme.contains(
            "helm install big ./spark-4-1 --namespace spark --create-namespace -f spark-4-1/values-big.yaml\n"
        )
    );
    assert!(readme.contains("helm install small-meta ./spark-3-5-meta --namespace spark --create-namespace\n"));
}

#[test]
fn a_modular_chart_is_complete() {
    let tree = tree();
    let connect = chart(&tree, "spark-3-5-connect");
    let paths: Vec<&str> = connect.files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            ".helmignore",
            "CHANGELOG.md",
            "Chart.yaml",
            "LICENSE",
            "README.md",
            "files/jars-identity.txt",
            "files/jars.txt",
            "files/plain.txt",
            "files/prepare.py",
            "files/requirements.txt",
            "files/site.xml",
            "templates/NOTES.txt",
            "templates/_notes.tpl",
            "templates/_sy.tpl",
            "templates/conf.tpl",
            "values-openshift.yaml",
            "values-small.yaml",
            "values.schema.json",
            "values.yaml",
        ]
    );
    assert_eq!(text(connect, "files/jars.txt"), "00  org/x/aws/1.0/aws-1.0.jar\n00  org/x/sdk/1.0/sdk-1.0.jar\n");
    assert_eq!(text(connect, "files/jars-identity.txt"), "00  org/x/sts/1.0/sts-1.0.jar\n");
    assert_eq!(text(connect, "files/site.xml"), "<v>3.5.7&'</v>\n");
    assert_eq!(text(connect, "files/plain.txt"), "<@ not a template @>\n");
    assert_eq!(text(connect, "templates/conf.tpl"), "spark.line=3.5\n{{ .Values.mode }} spark-3-5-connect modular\n");
    assert!(text(connect, "templates/NOTES.txt").starts_with("{{ include \"spark-connect.notes\" . }}\n"));
    assert_eq!(
        (connect.app_version.as_str(), connect.images.as_slice()),
        ("3.5.7", &["docker.io/apache/spark:3.5.7".to_owned()][..])
    );
    let values = yaml(connect, "values.yaml");
    assert_eq!(
        values["global"],
        json!({"stack": "small", "platform": "auto", "s3": {"endpoint": "", "existingSecret": ""}, "metastore": {"uri": ""}})
    );
    assert_eq!((&values["replicas"], values.get("enabled")), (&json!(2), None));
    assert_eq!(yaml(connect, "values-small.yaml")["global"], json!({"stack": "small"}));
    let store = chart(&tree, "spark-3-5-store");
    assert_eq!(store.app_version, "7.1");
    assert_eq!(text(store, "templates/credentials.yaml"), "# apache/spark\n");
    assert_eq!(store.images, ["docker.io/acme/store:7.1", "docker.io/apache/spark:3.5.7"]);
    assert_eq!(yaml(store, "values-openshift.yaml"), json!({}));
}

#[test]
fn an_umbrella_vendors_its_bricks() {
    let tree = tree();
    let umbrella = chart(&tree, "spark-4-1");
    assert_eq!(umbrella.bricks, ["store", "meta", "spark-connect", "notebook"]);
    let metadata = yaml(umbrella, "Chart.yaml");
    assert_eq!(
        metadata["dependencies"][2],
        json!({"condition": "spark-connect.enabled", "name": "spark-connect", "version": "0.1.0"})
    );
    assert_eq!(
        yaml(umbrella, "values.yaml"),
        json!({
            "global": {"stack": "", "platform": "auto", "s3": {"endpoint": "", "existingSecret": ""}, "metastore": {"uri": ""}},
            "store": {"enabled": true},
            "meta": {"enabled": true},
            "spark-connect": {"enabled": true, "replicas": 2, "conf": {"a": "1"}},
            "notebook": {"enabled": false},
        })
    );
    assert_eq!(yaml(umbrella, "charts/spark-connect/values.yaml")["replicas"], json!(2));
    assert_eq!(yaml(umbrella, "charts/notebook/Chart.yaml")["name"], json!("notebook"));
    assert_eq!(text(umbrella, "charts/meta/templates/_sy.tpl"), text(umbrella, "templates/_sy.tpl"));
    assert!(umbrella.files.contains_key("templates/credentials.yaml"));
    assert!(!umbrella.files.contains_key("charts/store/templates/credentials.yaml"));
    let notes = text(umbrella, "templates/NOTES.txt");
    assert!(notes.contains("{{- with index .Subcharts \"store\" }}\n\n{{ include \"store.notes\" . }}\n{{- end }}"));
    assert_eq!(
        yaml(umbrella, "values-openshift.yaml"),
        json!({"global": {"platform": "openshift"}, "notebook": {"hosts": ["a.b"]}})
    );
}

/// Helm's merge, for maps: null deletes.
fn merge(base: &mut Value, over: &Value) {
    let (Value::Object(base), Value::Object(over)) = (base, over) else { return };
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (_, Value::Null) => drop(base.shift_remove(key)),
            (Some(below), Value::Object(_)) if below.is_object() => merge(below, value),
            _ => drop(base.insert(key.clone(), value.clone())),
        }
    }
}

#[test]
fn a_preset_gives_the_same_values_laid_over_a_chart_as_built_in() {
    let catalogue = catalogue();
    let tree = tree();
    let umbrella = chart(&tree, "spark-4-1");
    let mut root = yaml(umbrella, "values.yaml");
    merge(&mut root, &yaml(umbrella, "values-big.yaml"));
    let request = Request { preset: Some(catalogue.presets[1].clone()), ..Request::default() };
    let plan = resolve(&catalogue, &request).expect("plan");
    for brick in &plan.bricks {
        let mut laid = yaml(umbrella, &format!("charts/{}/values.yaml", brick.id));
        merge(&mut laid, &root[&brick.id]);
        // Deletions of the preset file reach the brick's own defaults too.
        merge(&mut laid, &yaml(umbrella, "values-big.yaml")[&brick.id]);
        let mut built: BTreeMap<String, Value> = brick.values.clone().into_iter().collect();
        let laid: BTreeMap<String, Value> =
            laid.as_object().expect("map").clone().into_iter().filter(|(key, _)| key != "global").collect();
        built.insert("enabled".into(), json!(true));
        assert_eq!(laid, built, "{}", brick.id);
    }
}

/// `build --preset small -f my.yaml`, and then `helm install -f values-small.yaml`.
#[test]
fn a_presets_file_beside_its_own_chart_does_not_take_back_what_the_user_has_said() {
    let catalogue = catalogue();
    let mine = "global: {stack: mine}\nspark-connect: {replicas: 5}\nnotebook: {enabled: true}\n";
    for (shape, name, below) in
        [(Shape::Modular, "spark-4-1-connect", ""), (Shape::Umbrella, "spark-4-1", "/spark-connect")]
    {
        let request = Request {
            preset: Some(catalogue.presets[0].clone()),
            line: Some("4.1".into()),
            shape: Some(shape),
            ..with(mine)
        };
        let plan = resolve(&catalogue, &request).unwrap_or_else(|findings| panic!("{:#?}", told(&findings)));
        let tree = compose(&catalogue, &plan).expect("tree");
        let mut values = yaml(chart(&tree, name), "values.yaml");
        merge(&mut values, &yaml(chart(&tree, name), "values-small.yaml"));
        assert_eq!(values.pointer(&format!("{below}/replicas")), Some(&json!(5)), "{shape:?}");
        assert_eq!(values.pointer("/global/stack"), Some(&json!("mine")), "{shape:?}");
        if shape == Shape::Umbrella {
            assert_eq!(values.pointer("/notebook/enabled"), Some(&json!(true)));
        }
    }
}

#[test]
fn schemas_are_closed_and_hold_the_values() {
    let tree = tree();
    for chart in &tree.charts {
        for (path, bytes) in chart.files.iter().filter(|(path, _)| path.ends_with("values.schema.json")) {
            let schema: Value = serde_json::from_slice(bytes).expect("json");
            assert_eq!(schema["additionalProperties"], json!(false), "{path}");
            let validator = jsonschema::draft7::new(&schema).expect("schema");
            let values = yaml(chart, &path.replace(".schema.json", ".yaml"));
            let wrong: Vec<String> = validator.iter_errors(&values).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{} {path}: {wrong:?}", chart.name);
            let mut values = values;
            values["nope"] = json!(1);
            assert!(!validator.is_valid(&values), "{path}");
        }
    }
    let schema: Value = serde_json::from_str(text(chart(&tree, "spark-4-1"), "values.schema.json")).expect("json");
    let connect = &schema["properties"]["spark-connect"];
    assert_eq!(connect["additionalProperties"], json!(false));
    assert_eq!(connect["properties"]["enabled"]["default"], json!(true));
    assert_eq!(
        connect["properties"]["replicas"],
        json!({"description": "How many.", "type": "integer", "minimum": 1, "maximum": 9, "default": 2})
    );
    assert_eq!(schema["properties"]["global"]["additionalProperties"], json!(false));
    assert!(schema["properties"].get("tags").is_none());
}

#[test]
fn a_plan_says_how_it_is_installed() {
    let catalogue = catalogue();
    let plan = resolve(&catalogue, &Request { line: Some("3.5".into()), ..Request::default() }).expect("plan");
    let commands = install_commands(&plan);
    assert_eq!(commands.len(), 3);
    assert_eq!(commands[2], "helm install small-connect ./spark-3-5-connect --namespace spark --create-namespace");
    assert_eq!(compose(&catalogue, &plan).expect("tree").charts.len(), 3);
}

#[test]
fn mistakes_in_templates_are_told_with_their_file() {
    let fails = |path: &str, text: &str| {
        let mut catalogue = catalogue();
        catalogue.files.insert(path.into(), text.into());
        let plan = resolve(&catalogue, &Request::default()).expect("plan");
        compose(&catalogue, &plan).expect_err("refused").to_string()
    };
    let told = fails("meta/templates/a.yaml", "<% if lne.spark %>x<% endif %>");
    assert_eq!(
        told,
        "meta/templates/a.yaml uses the variable `lne`, which does not exist; there is: brick, chart, line, shape"
    );
    let told = fails("meta/templates/a.yaml", "a\n<@ line.sparc @>\n");
    assert!(told.contains("meta/templates/a.yaml") && told.contains("sparc"), "{told}");
    let told = fails("meta/templates/a.yaml", "<% if %>");
    assert!(told.contains("meta/templates/a.yaml"), "{told}");

    let mut catalogue = catalogue();
    catalogue.files.remove("_shared/files/prepare.py");
    let plan = resolve(&catalogue, &Request::default()).expect("plan");
    let told = compose(&catalogue, &plan).expect_err("refused").to_string();
    assert_eq!(told, "`spark-connect` asks for `_shared/files/prepare.py`, which is not in the catalogue");
}

#[test]
fn a_readme_answers_a_strangers_questions() {
    let tree = tree();
    let readme = text(chart(&tree, "spark-3-5-connect"), "README.md");
    for words in [
        "# spark-3-5-connect\n\nSpark Connect: the server.\n",
        "- An S3 store: `spark-3-5-store` in the same stack, or your own, named by `global.s3.endpoint`.",
        "| `replicas` | integer | `2` | How many. (1 to 9) |",
        "| `mode` | string | `\"kubernetes\"` | Where executors come from. One of: `kubernetes`, `standalone`. |",
        "| 15002 | `connect` | gRPC |",
        "| `docker.io/apache/spark:3.5.7` |",
        "helm upgrade small-connect ./spark-3-5-connect --namespace spark",
        "helm uninstall small-connect --namespace spark",
    ] {
        assert!(readme.contains(words), "{words} is missing in\n{readme}");
    }
}
