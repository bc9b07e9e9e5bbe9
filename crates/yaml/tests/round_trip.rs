//! Whatever is written reads back the same, and every key of it is found.

use proptest::prelude::*;
use serde_json::{Value, json};
use sparkyard_model::SourceText;
use sparkyard_yaml::{Part, Places, canonical, to_string};

/// Strings that YAML readers are known to misread.
fn nasty() -> impl Strategy<Value = String> {
    let known = [
        "",
        "y",
        "n",
        "yes",
        "No",
        "on",
        "OFF",
        "true",
        "~",
        "null",
        "NULL",
        "0644",
        "012",
        "08",
        "1_000",
        "0x1F",
        "0X1f",
        "0b101",
        "0o7",
        "1e3",
        ".5",
        "1.",
        "+1",
        "-",
        "--- ",
        "---",
        "...",
        "<<",
        "=",
        "1:30",
        "2020-01-01",
        ".inf",
        ".NaN",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "a:",
        ":a",
        "[a",
        "{a",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'",
        "\"",
        "a\n",
        "\na",
        " a",
        "a ",
        "\ta",
        "a\tb",
        "a\nb",
        "a\nb\n",
        "a\n b\n",
        "a\n\tb\n",
        "\ta\nb",
        "a\n\nb\n\n",
        "a \nb",
        "\u{85}",
        "\u{2028}x\ny",
        "\u{feff}a\nb",
        "a\rb",
        "a\r\nb",
        "\0",
        "\u{7f}\nx",
        "ä\nö",
        "😀",
        "{{ .Values.x }}",
        "null\nnull",
        "infinity",
        "nan.nan",
        "e12345",
        "falsey",
    ];
    prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), any::<String>(), "[ -~\n\t]{0,40}"]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        nasty().prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((nasty(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect()))
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]
    #[test]
    fn what_is_written_reads_back_the_same(value in tree()) {
        let text = to_string(&json!({"wrapped-value": value}));
        let options = serde_saphyr::options! { legacy_octal_numbers: true };
        let back: Value = serde_saphyr::from_str_with_options(&text, options).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(&back["wrapped-value"], &value, "{}", text);
        let text = canonical(&json!({"wrapped-value": value}));
        let options = serde_saphyr::options! { legacy_octal_numbers: true };
        let back: Value = serde_saphyr::from_str_with_options(&text, options)
            .map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(&back["wrapped-value"], &value, "{}", text);
    }

    #[test]
    fn lines_know_every_leaf(value in tree()) {
        let tree = json!({"wrapped-value": value});
        let source = SourceText { name: "x".into(), text: to_string(&tree) };
        let places = Places::of(&source);
        let place = places.find(&["wrapped-value"], Part::Key);
        prop_assert_eq!(place.map(|p| (p.line, p.column)), Some((1, 1)));
        if let Value::Object(map) = &tree["wrapped-value"] {
            for key in map.keys() {
                prop_assert!(places.find(&["wrapped-value", key], Part::Key).is_some(), "{:?} in\n{}", key, source.text);
            }
        }
    }
}
