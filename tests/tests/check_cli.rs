//! `sparkyard check`, `template`, and rules in `explain` and `list`, as people and scripts use them.

use std::fs;

use serde_json::Value;
use sparkyard_tests::catalogue::{self, umbrella};
use sparkyard_tests::cli::{chart, command, json, sparkyard, stderr, stdout};
use sparkyard_tests::helm;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  containers:\n    - name: a\n      image: {{ .Values.image }}\n      securityContext:\n        privileged: {{ .Values.privileged }}\n";

#[test]
fn the_catalogue_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = stdout(&sparkyard(folder.path(), &["check"]).success());
    assert!(said.starts_with("Nothing found in ") && said.ends_with(" objects\n"), "{said}");
    let document = json(&sparkyard(folder.path(), &["check", "-o", "json"]).success());
    assert!(document["objects"].as_u64().is_some_and(|objects| objects > 100), "{document}");
    // Not one pod of ours is so weak that the older rules of OpenShift refuse it.
    for policy in ["pss:baseline@1.25", "pss:restricted"] {
        sparkyard(folder.path(), &["check", "--policy", policy, "--kube-version", "1.30"]).success();
    }
}

#[test]
fn findings_point_into_the_users_own_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "spark-connect:\n  driver:\n    memory: 8g\n";
    fs::write(folder.path().join("mine.yaml"), text).expect("a file");
    for line in &catalogue::catalogue().lines {
        let args = ["check", "--preset", "quickstart", "--spark", &line.id, "-f", "mine.yaml"];
        let assert = sparkyard(folder.path(), &args).code(1);
        let said = stdout(&assert);
        assert!(said.contains("error[spark-memory-limit]"), "{said}");
        assert!(said.contains("--> mine.yaml:3:"), "{said}");
        assert!(said.contains("More about a rule: sparkyard explain "), "{said}");
    }
}

#[test]
fn findings_inside_a_range_point_at_the_item() {
    let pod = r#"apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
  {{- range $index, $container := .Values.containers }}
    - name: c{{ $index }}
      image: {{ .image }}
      securityContext:
        privileged: {{ .privileged }}
        capabilities:
          add:
          {{- range .caps }}
            - {{ . }}
          {{- end }}
      env:
        {{- range $name, $value := $container.env }}
        - name: {{ $name }}
          value: {{ $value }}
        {{- end }}
      args:
        {{- include "c.args" .args | nindent 8 }}
  {{- end }}
"#;
    let args = "{{- define \"c.args\" }}\n{{- range . }}\n- {{ . }}\n{{- end }}\n{{- end }}\n";
    let folder = chart(&[("templates/pod.yaml", pod), ("templates/_args.tpl", args)]);
    let mine = "containers:\n  - image: a:1\n    privileged: false\n    args: [x]\n  - image: b:1\n    privileged: true\n    caps:\n      - CHOWN\n      - SYS_ADMIN\n    env:\n      A: x\n      B.C: 5\n    args: [x, 177]\n";
    fs::write(folder.path().join("my.yaml"), mine).expect("a file");
    let document = json(&sparkyard(folder.path(), &["check", "c", "-f", "my.yaml", "-o", "json"]).code(1));
    let found = |rule: &str, words: &str| -> Vec<String> {
        let all = document["findings"].as_array().expect("findings").iter();
        all.filter(|f| f["rule"] == rule && f["message"].as_str().is_some_and(|said| said.contains(words)))
            .map(|f| format!("{}:{}", f["at"]["file"].as_str().unwrap_or_default(), f["at"]["line"]))
            .collect()
    };
    assert!(found("pod-admission", "privileged").contains(&"my.yaml:6".to_owned()), "{document:#}");
    assert!(found("pod-admission", "SYS_ADMIN").contains(&"my.yaml:9".to_owned()), "{document:#}");
    assert_eq!(found("wrong-type", "the number 5"), ["my.yaml:12"], "{document:#}");
    assert_eq!(found("wrong-type", "the number 177"), ["my.yaml:13"], "{document:#}");
    let shown = sparkyard(folder.path(), &["template", "x", "c", "-f", "my.yaml", "--origin"]).success();
    assert!(stdout(&shown).contains("#   containers.1.caps.1 = \"SYS_ADMIN\", my.yaml:9:9\n"), "{}", stdout(&shown));
}

#[test]
fn waivers_need_a_reason_and_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["check", "--preset", "quickstart", "-f", "mine.yaml"];
    let write = |comment: &str| {
        let text = format!("# sparkyard: waive {comment}\nspark-connect:\n  driver:\n    memory: 8g\n");
        fs::write(folder.path().join("mine.yaml"), text).expect("a file");
    };
    write("spark-memory-limit: a test");
    assert!(stdout(&sparkyard(folder.path(), &args).success()).contains("; 1 waived"));
    write("spark-memory-limit until 2020-01-31: a test");
    assert!(stdout(&sparkyard(folder.path(), &args).code(1)).contains("has ended on 2020-01-31"));
    write("spark-memory-limit");
    assert!(stdout(&sparkyard(folder.path(), &args).code(1)).contains("the waiver has no reason"));
    write("spark-memory-limti: a test");
    assert!(stdout(&sparkyard(folder.path(), &args).code(1)).contains("did you mean `spark-memory-limit`?"));
    let waived = [&args[..], &["--waive", "spark-memory-limit=a test"]].concat();
    fs::write(folder.path().join("mine.yaml"), "spark-connect:\n  driver:\n    memory: 8g\n").expect("a file");
    sparkyard(folder.path(), &waived).success();
}

#[test]
fn any_chart_is_checked_from_a_folder_and_from_a_package() {
    let folder = chart(&[("values.yaml", "image: a:1\nprivileged: false\nunused: 1\n"), ("templates/pod.yaml", POD)]);
    fs::write(folder.path().join("my.yaml"), "privileged: true\n").expect("a file");
    helm::stdout(folder.path(), ["package", "c"]).expect("packaged");
    for chart in ["c", "c-0.1.0.tgz"] {
        let document = json(&sparkyard(folder.path(), &["check", chart, "-f", "my.yaml", "-o", "json"]).code(1));
        let findings = document["findings"].as_array().expect("findings");
        let of = |rule: &str| findings.iter().filter(|finding| finding["rule"] == rule).collect::<Vec<_>>();
        assert_eq!(of("dead-value")[0]["at"]["file"], format!("{chart}/values.yaml"));
        let privileged = of("pod-admission").into_iter().find(|f| f["at"]["file"] == "my.yaml").expect("in my file");
        assert_eq!((privileged["at"]["line"].as_u64(), privileged["at"]["column"].as_u64()), (Some(1), Some(13)));
    }
    // OpenShift refuses other things.
    let args = ["check", "c", "-f", "my.yaml", "--policy", "scc:restricted-v2@4.16", "-o", "json"];
    let text = stdout(&sparkyard(folder.path(), &args).code(1));
    assert!(text.contains("restricted-v2"), "{text}");
}

#[test]
fn the_values_say_for_which_cluster() {
    let ids = POD.replace("privileged: {{ .Values.privileged }}", "runAsUser: 185");
    let folder = chart(&[("values.yaml", "image: a:1\n"), ("templates/pod.yaml", &ids)]);
    fs::write(folder.path().join("openshift.yaml"), "global: {platform: openshift}\n").expect("a file");
    fs::write(folder.path().join("strange.yaml"), "global: {platform: moon}\n").expect("a file");
    let policy = |more: &[&str]| {
        let document = json(&sparkyard(folder.path(), &[&["check", "c", "-o", "json"], more].concat()).code(1));
        let findings = document["findings"].as_array().expect("findings").clone();
        let admission = findings.iter().find(|finding| finding["rule"] == "pod-admission").expect("refused");
        let words: Vec<&str> = admission["message"].as_str().expect("words").split_whitespace().collect();
        words[1].trim_end_matches(':').to_owned()
    };
    assert_eq!(policy(&[]), "pss:restricted");
    assert_eq!(policy(&["-f", "strange.yaml"]), "pss:restricted");
    assert_eq!(policy(&["-f", "openshift.yaml"]), "scc:restricted-v2");
    assert_eq!(policy(&["--set", "global.platform=openshift"]), "scc:restricted-v2");
    assert_eq!(policy(&["-f", "openshift.yaml", "--platform", "kubernetes"]), "pss:restricted");
    assert_eq!(policy(&["-f", "openshift.yaml", "--policy", "pss:restricted@1.30"]), "pss:restricted@1.30");
    // Our own overlay, on our own chart.
    let charts = catalogue::written("platform");
    let overlay = format!("{}/values-openshift.yaml", umbrella());
    let said = sparkyard(&charts, &["check", umbrella(), "-f", &overlay, "--complete"]);
    assert!(stdout(&said.success()).starts_with("Nothing found in 1 chart"));
}

#[test]
fn notes_alone_do_not_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("mine.yaml"), "# sparkyard: waive low-port: a test\n").expect("a file");
    let args = ["check", "--preset", "quickstart", "-f", "mine.yaml", "--min-severity", "note"];
    let said = stdout(&sparkyard(folder.path(), &args).success());
    assert!(said.contains("note[unused-waiver]") && said.contains("1 note in 1 chart"), "{said}");
}

#[test]
fn a_chart_outside_of_the_dialect_is_given_to_helm() {
    let strange = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ lookup \"v1\" \"Secret\" \"\" \"x\" | len }}x\ndata:\n  a: {{ 2 | add 3 }}\n";
    let folder = chart(&[("templates/a.yaml", strange)]);
    let assert = sparkyard(folder.path(), &["check", "c", "-o", "json"]).code(1);
    assert!(stderr(&assert).contains("c is outside of the dialect: helm renders it"), "{}", stderr(&assert));
    let document = json(&assert);
    let findings = document["findings"].as_array().expect("findings");
    let wrong = findings.iter().find(|finding| finding["rule"] == "wrong-type").expect("found");
    assert_eq!((&wrong["at"]["file"], &wrong["at"]["line"]), (&"c/templates/a.yaml".into(), &6.into()), "{wrong}");
    let ours = stdout(&sparkyard(folder.path(), &["template", "x", "c"]).success());
    assert_eq!(ours, helm::stdout(folder.path(), ["template", "x", "c"]).expect("rendered"));
}

#[test]
fn manifests_are_checked_from_the_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec:\n    hostNetwork: true\n    containers: [{name: a, image: a}]\n";
    let assert =
        command(folder.path(), &["check", "--manifests", "-", "--policy", "pss:baseline"]).stdin(list).assert();
    let said = stdout(&assert.code(1));
    assert!(said.contains("--> stdin:8:18"), "{said}");
    let broken = command(folder.path(), &["check", "--manifests", "-"]).stdin("a: [\n").assert();
    assert!(stderr(&broken.code(1)).contains("this is no YAML"));
}

#[test]
fn programs_read_sarif_and_annotations() {
    let folder = chart(&[("values.yaml", "# Words.\nunused: 1\n")]);
    let sarif = json(&sparkyard(folder.path(), &["check", "c", "-o", "sarif"]).code(1));
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().expect("rules").iter().map(|r| &r["id"]).collect();
    for result in run["results"].as_array().expect("results") {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
    }
    let dead = run["results"].as_array().expect("results").iter().find(|r| r["ruleId"] == "dead-value").expect("found");
    let place = &dead["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&"c/values.yaml".into(), &2.into())
    );
    let lines = stdout(&sparkyard(folder.path(), &["check", "c", "-o", "github"]).code(1));
    assert!(
        lines.contains("::error file=c/values.yaml,line=2,col=1,endColumn=7,title=dead-value::nothing reads"),
        "{lines}"
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for (args, code, words) in [
        (&["check", "nowhere"][..], 1, "a chart is a folder with a Chart.yaml"),
        (&["check", "."], 1, "it holds no Chart.yaml"),
        // Wrong usage is no finding, and is said before a chart that is not there.
        (&["check", "nowhere", "--policy", "pss:restrictd"], 2, "did you mean `restricted`?"),
        (&["check", "nowhere", "--kube-version", "new"], 2, "write it as `1.33`"),
        (&["check", "nowhere", "--kube-version", "1.20"], 2, "Kubernetes 1.25 to 1.37"),
        (&["template", "nowhere", "--kube-version", "new"], 2, "write it as `1.33`"),
        (&["check", "--platform", "openshit"], 2, "did you mean `openshift`?"),
        (&["check", "nowhere", "--waive", "dead-value"], 2, "write RULE=REASON"),
        (&["check", "nowhere", "--waive", "dead-vlaue=a test"], 2, "did you mean `dead-value`?\n"),
        (&["check", "nowhere", "--waive", "zzz=a test"], 2, "`sparkyard list rules` lists them\n"),
        (&["check", "c", "--preset", "quickstart"], 2, "cannot be used with"),
        (&["check", "--min-severity", "bad"], 2, "possible values"),
        (&["explain", "dead-vlaue"], 1, "did you mean `dead-value`?"),
    ] {
        let said = stderr(&sparkyard(folder.path(), args).code(code));
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = json(&sparkyard(folder.path(), &["list", "rules", "-o", "json"]).success());
    let rules = rules.as_array().expect("rules");
    assert!(rules.len() > 100);
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        let page = stdout(&sparkyard(folder.path(), &["explain", id]).success());
        for part in [&format!("# {id}\n"), "\n## Why\n", "\n## How to mend it\n", "\n## Wrong\n", "\n## Right\n"] {
            assert!(page.contains(part), "{id}: {part}");
        }
    }
}

#[test]
fn template_takes_helms_flags() {
    let folder = catalogue::written("template");
    fs::write(folder.join("mine.yaml"), "global: {networkPolicy: {enabled: true}}\n").expect("a file");
    let cases: [&[&str]; 8] = [
        &["template", "demo", umbrella()],
        &["template", umbrella()],
        &["template", "demo", umbrella(), "-f", "mine.yaml", "--set", "jupyter.enabled=false", "-n", "other"],
        &["template", "demo", umbrella(), "--api-versions", "route.openshift.io/v1,security.openshift.io/v1"],
        &["template", "demo", umbrella(), "--no-hooks"],
        &["template", "demo", umbrella(), "--skip-tests", "--is-upgrade", "--include-crds"],
        &["template", "demo", umbrella(), "-s", "charts/jupyter/templates/*.yaml", "--kube-version", "1.31"],
        &["template", "demo", umbrella(), "--set-json", "jupyter={\"resources\":{\"limits\":{\"memory\":\"2Gi\"}}}"],
    ];
    for args in cases {
        let ours = stdout(&sparkyard(&folder, args).success());
        let theirs = helm::run(&folder, args);
        assert_eq!(ours, String::from_utf8_lossy(&theirs.stdout), "{args:?}");
        assert!(!ours.is_empty(), "{args:?}");
    }
    let refused = stderr(&sparkyard(&folder, &["template", "demo", umbrella(), "--set", "jupyter.typo=1"]).code(1));
    assert!(refused.contains("unknown key `jupyter.typo`") && refused.contains("--set jupyter.typo=1"), "{refused}");
    let missing = stderr(&sparkyard(&folder, &["template", "demo", umbrella(), "-s", "templates/nope.yaml"]).code(1));
    assert!(missing.contains("no template templates/nope.yaml"), "{missing}");
}

#[test]
fn origins_name_the_file_that_set_a_value() {
    let folder = catalogue::written("origin");
    fs::write(folder.join("mine.yaml"), "spark-connect:\n  driver:\n    memory: 3g\n").expect("a file");
    let text = stdout(&sparkyard(&folder, &["template", "demo", umbrella(), "-f", "mine.yaml", "--origin"]).success());
    assert!(text.contains("#   spark-connect.driver.memory = \"3g\", mine.yaml:3:13\n"), "{text}");
    assert!(text.contains("# Values printed:\n") && text.contains(", default\n"));
}

/// What a setting names may be in the namespace already, made by somebody else.
#[test]
fn services_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let values = "global:\n  s3: {endpoint: \"http://minio.spark.svc:9000\", existingSecret: keys}\n\
                  seaweedfs: {enabled: false}\n";
    fs::write(folder.path().join("mine.yaml"), values).expect("a file");
    let check = ["check", "--preset", "quickstart", "-f", "mine.yaml"];
    let said = stdout(&sparkyard(folder.path(), &check).code(1));
    assert!(said.contains("error[unknown-service-host]") && said.contains("no Service `minio` is made"), "{said}");
    let said = stdout(&sparkyard(folder.path(), &[&check[..], &["--services", "db,minio"]].concat()).success());
    assert!(said.starts_with("Nothing found in 1 chart"), "{said}");
}

/// What the user's own values name is theirs to make; what a chart names by itself must be there.
#[test]
fn secrets_and_config_maps_of_the_user() {
    let folder = tempfile::tempdir().expect("a folder");
    let values = "global:\n  imagePullSecrets: [{name: registry-login}]\n  s3: {endpoint: \"https://s3.example.com\", \
                  existingSecret: keys, ca: {configMap: company-ca}}\nseaweedfs: {enabled: false}\nspark-connect:\n  pod:\n    \
                  extraEnvFrom: [{secretRef: {name: mine}}]\n    extraVolumes: [{name: x, configMap: {name: theirs}}]\n    \
                  extraVolumeMounts: [{name: x, mountPath: /x}]\n";
    fs::write(folder.path().join("mine.yaml"), values).expect("a file");
    let check = ["check", "--preset", "quickstart", "-f", "mine.yaml"];
    let said = stdout(&sparkyard(folder.path(), &check).success());
    assert!(said.starts_with("Nothing found in 1 chart"), "{said}");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: a:1\n      envFrom: [{secretRef: {name: {{ .Values.login }}}}]\n";
    let folder = chart(&[("templates/a.yaml", pod), ("values.yaml", "login: theirs\n")]);
    let said = stdout(&sparkyard(folder.path(), &["check", "c", "--complete"]).code(1));
    assert!(said.contains("no Secret `theirs` is made"), "{said}");
    let said = stdout(&sparkyard(folder.path(), &["check", "c", "--complete", "--set", "login=ours"]).code(1));
    assert!(!said.contains("no Secret"), "{said}");
}
