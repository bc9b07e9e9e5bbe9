//! What a person reads who made a mistake.

mod fixture;

use fixture::{SMALL, catalogue, preset, told, with};
use sparkyard_compose::resolve;
use sparkyard_model::Request;

fn findings(request: &Request) -> Vec<String> {
    told(&resolve(&catalogue(), request).expect_err("refused"))
}

#[test]
fn every_mistake_of_a_file_is_told_at_its_place() {
    let text = "\
spark-conect:
  replicas: 1
spark-connect:
  replica: 2
  memory: 2g
  mode: standlone
  executor:
    memory: 2 GB
    cores: '4'
  hosts: [1]
  enabled: 'no'
meta:
  replicas: 12
  runAsUser: null
  unknown: null
store: 5
global:
  stack: UP
  platform: k8s
";
    assert_eq!(
        findings(&with(text)),
        [
            "unknown-key my.yaml:1:1 `spark-conect` is neither `global` nor a brick (did you mean `spark-connect`? a values \
             file has: global, spark-connect, meta, store, notebook)",
            "wrong-type my.yaml:11:12 `spark-connect.enabled` must be a boolean, not \"no\" (true or false, without quotes)",
            "unknown-key my.yaml:4:3 unknown key `replica` in `spark-connect` (did you mean `replicas`? `spark-connect` has: \
             image, replicas, mode, executor, conf, runAsUser, hosts)",
            "unknown-key my.yaml:5:3 unknown key `memory` in `spark-connect` (did you mean `spark-connect.executor.memory`? \
             `spark-connect` has: image, replicas, mode, executor, conf, runAsUser, hosts)",
            "unknown-key my.yaml:15:3 unknown key `unknown` in `meta` (`meta` has: image, replicas, mode, executor, conf, \
             runAsUser, hosts)",
            "wrong-type my.yaml:16:8 `store` must be a map (write its values below it, or `store: {}`)",
            "bad-pattern my.yaml:18:10 `global.stack` is \"UP\", which does not match ^[a-z]*$ (Name of the stack.)",
            "bad-value my.yaml:19:13 `global.platform` cannot be \"k8s\" (one of: auto, openshift)",
            "out-of-range my.yaml:13:13 `meta.replicas` is 12, it must be 9 or less (How many.)",
            "bad-value my.yaml:6:9 `spark-connect.mode` cannot be \"standlone\" (did you mean `standalone`? one of: kubernetes, \
             standalone)",
            "bad-pattern my.yaml:8:13 `spark-connect.executor.memory` is \"2 GB\", which does not match ^[1-9][0-9]*[mg]$ (Heap.)",
            "wrong-type my.yaml:9:12 `spark-connect.executor.cores` must be an integer, not a string (remove the quotes: 4)",
            "wrong-type my.yaml:10:11 `spark-connect.hosts.0` must be a string, not a number (put it in quotes: \"1\")",
        ]
    );
}

#[test]
fn a_mistake_is_told_once_and_put_down_to_the_file_that_made_it() {
    let wrong = preset(&SMALL.replace("replicas: 2", "replicas: 0"));
    let request = Request { preset: Some(wrong), ..with("spark-connect:\n  executor: {cores: 2}\n") };
    assert_eq!(
        findings(&request),
        ["out-of-range presets/small.yaml:12:15 `spark-connect.replicas` is 0, it must be 1 or more (How many.)"]
    );
}

#[test]
fn a_file_that_is_not_yaml_is_told() {
    assert_eq!(
        findings(&with("meta:\n  replicas: 1\n  replicas: 2\n")),
        [
            "duplicate-key my.yaml:3:3 the key `replicas` is written twice (keep one; Helm would take the last one and say nothing)"
        ]
    );
}

#[test]
fn what_does_not_exist_is_told_with_what_does() {
    let request = Request {
        line: Some("4.0".into()),
        platform: Some("openshft".into()),
        bricks: vec!["conect".into(), "store".into()],
        ..Request::default()
    };
    assert_eq!(
        findings(&request),
        [
            "unknown-line there is no Spark line `4.0` (there is: 3.5 (Spark 3.5.7), 4.1 (Spark 4.1.4))",
            "unknown-platform there is no platform `openshft` (did you mean `openshift`? there is: kubernetes, openshift)",
            "unknown-brick there is no brick `conect` (there is: spark-connect, meta, store, notebook)",
        ]
    );
    let wrong = preset(&SMALL.replace("[store, meta", "[store, mta"));
    let told = findings(&Request { preset: Some(wrong), ..Request::default() });
    assert!(told[0].starts_with("unknown-brick presets/small.yaml:6:17 there is no brick `mta`"), "{told:?}");
}

#[test]
fn a_preset_for_another_line_is_refused() {
    let big = catalogue().presets[1].clone();
    let request = Request { preset: Some(big), line: Some("3.5".into()), ..Request::default() };
    assert_eq!(
        findings(&request),
        [
            "preset-line presets/big.yaml:5:8 the preset `big` is for Spark >=4, and line 3.5 is Spark 3.5.7 (it fits: 4.1)"
        ]
    );
}

#[test]
fn a_line_without_an_image_is_told() {
    let mut catalogue = catalogue();
    catalogue.lines[1].images.shift_remove("store");
    let told = told(&resolve(&catalogue, &Request::default()).expect_err("refused"));
    assert!(told[0].starts_with("missing-image line 4.1 has no image `store`, which `store` needs"), "{told:?}");
}
