//! `push`, `pull`, `verify` and `login` with a real registry and a real helm.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use sparkyard_tests::registry::{Answer, PASSWORD, Person, Registry, Request, Scripted, Setup, USER, free_port, text};
use sparkyard_tests::report::counted;
use sparkyard_tests::{catalogue, program};

/// The catalogue's packages, as `sparkyard build` writes them.
static PACKAGES: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let folder = catalogue::folder("registry-packages");
    let packages = sparkyard_pack::package_all(&catalogue::tree().charts, sparkyard_pack::EPOCH).expect("packed");
    let mode = sparkyard_pack::Mode { kind: sparkyard_pack::Kind::Catalogue, force: false };
    sparkyard_pack::write_dist(&packages, &folder, sparkyard_pack::EPOCH, mode).expect("written");
    packages.iter().map(|package| folder.join(&package.file)).collect()
});

fn word(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// A chart with everything in its Chart.yaml that helm's manifest could hang on, packaged by helm.
fn odd(person: &Person, version: &str, value: &str) -> PathBuf {
    let chart = person.home.path().join("odd");
    fs::create_dir_all(chart.join("templates")).expect("made");
    let metadata = format!(
        "version: {version}\nname: odd\napiVersion: v2\nappVersion: 1.10\ndescription: >\n  Two lines\n\n  of \"a\" < b & c \
         — ü \u{2028}\nhome: https://example.org/?a=1&b=2\nicon: https://example.org/i.svg\nkubeVersion: '>=1.25.0-0'\n\
         sources: [https://example.org/s, https://example.org/t]\nkeywords: [one, 2, true]\nunknown: kept out\ndeprecated: true\n\
         maintainers:\n- {{name: Ann, email: ann@example.org, url: https://a}}\n- {{name: Bob}}\n\
         annotations:\n  z: <z>\n  a: '1'\n  org.opencontainers.image.title: not this\n\
         \x20 org.opencontainers.image.url: https://other\n  org.opencontainers.image.licenses: Apache-2.0\n"
    );
    fs::write(chart.join("Chart.yaml"), metadata).expect("written");
    fs::write(chart.join("values.yaml"), format!("value: {value}\n")).expect("written");
    person.helm(&["package", word(&chart)]);
    person.home.path().join(format!("odd-{version}.tgz"))
}

/// What `helm push` calls the digest.
fn helms_digest(person: &Person, package: &Path, place: &str) -> String {
    let said = person.helm(&["push", word(package), place, "--plain-http"]);
    let line = said.lines().find_map(|line| line.strip_prefix("Digest: ")).unwrap_or_else(|| panic!("{said}"));
    line.to_owned()
}

fn digests(document: &serde_json::Value) -> BTreeMap<String, String> {
    let charts = document["charts"].as_array().expect("charts");
    let pair = |chart: &serde_json::Value| {
        let field = |key: &str| chart[key].as_str().unwrap_or_else(|| panic!("{chart}")).to_owned();
        (field("chart"), field("digest"))
    };
    charts.iter().map(pair).collect()
}

fn all_are(document: &serde_json::Value, key: &str, wanted: &str) {
    for chart in document["charts"].as_array().expect("charts") {
        assert_eq!(chart[key], wanted, "{chart}");
    }
}

#[test]
fn digests_are_helms() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    // The catalogue, as files and straight from memory.
    let files: Vec<&str> = PACKAGES.iter().map(|path| word(path)).collect();
    let of_files = person.json(&[&["push", &registry.place("files"), "--plain-http"], &files[..]].concat());
    let of_memory = person.json(&["push", &registry.place("memory"), "--plain-http"]);
    assert_eq!(digests(&of_files), digests(&of_memory));
    let mut helms = BTreeMap::new();
    for (package, chart) in PACKAGES.iter().zip(&catalogue::tree().charts) {
        helms.insert(chart.name.clone(), helms_digest(&person, package, &registry.place("helm")));
    }
    assert_eq!(digests(&of_files), helms);
    all_are(&of_files, "done", "pushed");
    // The same bytes are present, whoever pushed them.
    for path in ["files", "memory", "helm"] {
        all_are(&person.json(&["push", &registry.place(path), "--plain-http"]), "done", "present");
        all_are(&person.json(&["verify", &registry.place(path), "--plain-http"]), "is", "equal");
    }
    counted(&format!("{} digests equal to those of helm push", helms.len()));
}

#[test]
fn odd_charts_and_provenance_have_helms_digest_too() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    let package = odd(&person, "1.2.3-rc.1+build.5", "1");
    let ours = |place: &str| digests(&person.json(&["push", word(&package), place, "--plain-http"]))["odd"].clone();
    let bare = ours(&registry.place("ours"));
    assert_eq!(bare, helms_digest(&person, &package, &registry.place("helm")));
    assert_eq!(registry.tags("ours"), ["odd:1.2.3-rc.1_build.5"]);
    fs::write(person.home.path().join("odd-1.2.3-rc.1+build.5.tgz.prov"), "signed\n").expect("written");
    let signed = ours(&registry.place("signed"));
    assert_ne!(signed, bare);
    assert_eq!(signed, helms_digest(&person, &package, &registry.place("helm-signed")));
}

#[test]
fn what_one_pushes_the_other_pulls() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    person.json(&["push", &registry.place("ours"), "--plain-http"]);
    fs::create_dir(person.home.path().join("by-helm")).expect("made");
    for (package, chart) in PACKAGES.iter().zip(&catalogue::tree().charts) {
        let chart_place = registry.place(&format!("ours/{}", chart.name));
        person.helm(&["pull", &chart_place, "--version", &chart.version.to_string(), "--plain-http", "-d", "by-helm"]);
        let file = package.file_name().expect("a name");
        assert_eq!(
            fs::read(person.home.path().join("by-helm").join(file)).expect("pulled"),
            fs::read(package).expect("there")
        );
    }
    let rendered = person.helm(&["show", "chart", &registry.place("ours/spark-4-3"), "--plain-http"]);
    assert!(rendered.contains("name: spark-4-3"), "{rendered}");

    let package = odd(&person, "0.9.0", "1");
    fs::write(person.home.path().join("odd-0.9.0.tgz.prov"), "signed\n").expect("written");
    let digest = helms_digest(&person, &package, &registry.place("helm"));
    helms_digest(&person, &odd(&person, "1.0.0-rc.1", "1"), &registry.place("helm"));
    let chart = registry.place("helm/odd");
    for (args, version) in [
        (vec![chart.clone()], "0.9.0"),
        (vec![format!("{chart}:1.0.0-rc.1")], "1.0.0-rc.1"),
        (vec![chart.clone(), "--version".into(), ">=0.1.0-0".into()], "1.0.0-rc.1"),
        (vec![format!("{chart}@{digest}")], "0.9.0"),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let pulled = person.json(&[&["pull", "--plain-http", "-d", "pulled"], &args[..]].concat());
        let file = person.home.path().join(pulled["file"].as_str().expect("a file"));
        assert!(word(&file).ends_with(&format!("odd-{version}.tgz")), "{args:?}: {}", file.display());
        assert_eq!(
            fs::read(&file).expect("pulled"),
            fs::read(person.home.path().join(file.file_name().expect("a name"))).expect("there")
        );
    }
    // Through the air gap: what was pulled has the same digest where it is pushed next.
    let carried = person.json(&["push", "pulled/odd-0.9.0.tgz", &registry.place("inside"), "--plain-http"]);
    assert_eq!(digests(&carried)["odd"], digest);
}

#[test]
fn other_bytes_under_the_same_version() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    let place = registry.place("charts");
    person.json(&["push", word(&odd(&person, "1.0.0", "1")), &place, "--plain-http"]);
    let other = odd(&person, "1.0.0", "2");
    let new = PACKAGES[0].clone();
    // Nothing is pushed, not even what is new.
    let args = ["push", word(&other), word(&new), &place, "--plain-http"];
    person.refused(&args, &["other-bytes", "charts/odd:1.0.0 is there with other bytes", "--force"]);
    assert_eq!(registry.tags("charts"), ["odd:1.0.0"]);
    let verify = person.sparkyard(&["verify", word(&other), word(&new), &place, "--plain-http", "-o", "json"]);
    assert_eq!(verify.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&verify.stdout).expect("json");
    let found: Vec<&str> =
        document["findings"].as_array().expect("findings").iter().filter_map(|f| f["rule"].as_str()).collect();
    assert_eq!(found.len(), 2, "{document}");
    assert!(found.contains(&"other-bytes") && found.contains(&"registry-missing"), "{document}");
    let dry = person.json(&["push", word(&other), &place, "--plain-http", "--force", "--dry-run"]);
    assert_eq!(dry["charts"][0]["would"], "replace");
    person.refused(&["verify", word(&other), &place, "--plain-http"], &[]);
    let forced = person.json(&["push", word(&other), &place, "--plain-http", "--force"]);
    assert_eq!(forced["charts"][0]["done"], "replaced");
    all_are(&person.json(&["verify", word(&other), &place, "--plain-http"]), "is", "equal");
}

#[test]
fn credentials_of_all_kinds() {
    let registry = Registry::start(Setup { password: true, tls: false });
    let place = registry.place("charts");
    let package = PACKAGES[0].clone();
    let push = ["push", word(&package), &place, "--plain-http"];
    let program = program::sparkyard();

    let nobody = Person::default();
    nobody.refused(&push, &["registry-denied", "there are no credentials for it", "sparkyard login 127.0.0.1:"]);
    assert_eq!(registry.tags("charts"), [""; 0]);
    let login = ["login", &registry.host, "-u", USER, "--password-stdin", "--plain-http"];
    let wrong = nobody.with_input(&program, &login, "wrong\n");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("does not accept the credentials for `ann`"), "{}", text(&wrong.stderr));
    assert!(!nobody.home.path().join(".config/helm/registry/config.json").exists(), "a wrong password was kept");

    // Our login is helm's, and helm's is ours.
    let ours = Person::default();
    let done = ours.with_input(&program, &login, &format!("{PASSWORD}\n"));
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(!text(&[done.stdout, done.stderr].concat()).contains(PASSWORD));
    ours.helm(&["push", word(&package), &place, "--plain-http"]);
    all_are(&ours.json(&push), "done", "present");
    let helms = Person::default();
    let args = ["registry", "login", &registry.host, "-u", USER, "--password-stdin", "--plain-http"];
    let done = helms.with_input(sparkyard_tests::helm::helm(), &args, PASSWORD);
    assert!(done.status.success(), "{}", text(&done.stderr));
    all_are(&helms.json(&push), "done", "present");

    // Docker's file, with the password in it and with a helper.
    use base64::Engine as _;
    let docker = Person::default();
    let folder = docker.home.path().join(".docker");
    fs::create_dir(&folder).expect("made");
    let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let write = |text: String| fs::write(folder.join("config.json"), text).expect("written");
    write(format!("{{\"auths\": {{\"{}\": {{\"auth\": \"{auth}\"}}}}}}", registry.host));
    all_are(&docker.json(&push), "done", "present");
    write("{".to_owned());
    docker.refused(&push, &["registry-config", ".docker/config.json", "it is not JSON"]);
    #[cfg(unix)]
    for key in ["\"credsStore\": \"test\"".to_owned(), format!("\"credHelpers\": {{\"{}\": \"test\"}}", registry.host)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        write(format!("{{{key}}}"));
        let helper = docker.home.path().join("docker-credential-test");
        let person = Person {
            env: vec![
                ("DOCKER_CONFIG", folder.display().to_string()),
                ("PATH", format!("{}:{}", docker.home.path().display(), std::env::var("PATH").unwrap_or_default())),
            ],
            ..Person::default()
        };
        let script = |body: &str| {
            fs::write(&helper, format!("#!/bin/sh\n{body}\n")).expect("written");
            fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).expect("set");
        };
        script(&format!(
            "read host; [ \"$host\" = {} ] && echo '{{\"Username\": \"{USER}\", \"Secret\": \"{PASSWORD}\"}}'",
            registry.host
        ));
        all_are(&person.json(&push), "done", "present");
        // A helper reads the host before it answers.
        script("read host; echo 'credentials not found in native keychain'; exit 1");
        person.refused(&push, &["registry-denied", "there are no credentials for it"]);
        script("read host; echo broken >&2; exit 1");
        person.refused(&push, &["registry-config", "broken"]);
    }
}

#[test]
fn certificates() {
    let registry = Registry::start(Setup { password: false, tls: true });
    let person = Person::default();
    let place = registry.place("charts");
    let (package, ca) = (PACKAGES[0].clone(), registry.ca());
    let push = ["push", word(&package), &place];
    person.refused(&push, &["registry-tls", "a CA that this machine does not know", "--ca-file"]);
    person
        .refused(&[&push[..], &["--plain-http"]].concat(), &["registry-tls", "speaks HTTPS", "leave out --plain-http"]);
    person.refused(&[&push[..], &["--ca-file", word(&package)]].concat(), &["registry-config", "holds no certificate"]);
    person.refused(&[&push[..], &["--ca-file", "gone.pem"]].concat(), &["registry-config", "gone.pem"]);
    all_are(&person.json(&[&push[..], &["--ca-file", word(&ca)]].concat()), "done", "pushed");
    all_are(&person.json(&[&push[..], &["--insecure-skip-tls-verify"]].concat()), "done", "present");
    let system = Person { env: vec![("SSL_CERT_FILE", word(&ca).to_owned())], ..Person::default() };
    all_are(&system.json(&push), "done", "present");
    let plain = Registry::start(Setup::default());
    person.refused(
        &["push", word(&package), &plain.place("charts")],
        &["registry-tls", "does not speak HTTPS", "--plain-http"],
    );
    for path in ["pull", "verify"] {
        let target = if path == "pull" { format!("{place}/x") } else { place.clone() };
        person.refused(&[path, &target], &["registry-tls"]);
    }
}

#[test]
fn nobody_answers() {
    let person = Person::default();
    let package = PACKAGES[0].clone();
    let down = format!("oci://127.0.0.1:{}/charts", free_port());
    person.refused(
        &["push", word(&package), &down, "--plain-http", "--retries", "1"],
        &["registry-unreachable", "connection refused"],
    );
    person.refused(&["pull", &format!("{down}/x"), "--plain-http", "--retries", "0"], &["registry-unreachable"]);
    let said = person.sparkyard(&["push", &down, "--plain-http", "--retries", "0"]);
    assert_eq!(text(&said.stderr).matches("connection refused").count(), 1, "said once: {}", text(&said.stderr));
    person.refused(&["verify", "oci://registry.invalid/charts", "--retries", "0"], &["no such host"]);
    let usage = |args: &[&str], part: &str| {
        let output = person.sparkyard(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(part), "{args:?}: {}", text(&output.stderr));
    };
    usage(&["push"], "no registry is named");
    usage(&["push", "oci://a/b", "oci://c/d"], "one registry at a time");
    usage(&["push", "x.tgz", "oci://a/b", "--preset", "quickstart"], "not both");
    usage(&["push", "https://a/b"], "does not begin with oci://");
    usage(&["pull", "oci://a"], "names no chart");
    usage(&["pull", "oci://a/b@sha256:1"], "is no digest");
    usage(&["login", "a/b", "-u", "x"], "has a path");
    person.refused(&["push", "gone.tgz", "oci://a/b"], &["cannot read gone.tgz"]);
    person.refused(&["push", ".", "oci://a/b"], &["is a folder"]);
    fs::write(person.home.path().join("text.tgz"), "no").expect("written");
    person.refused(&["push", "text.tgz", "oci://a/b"], &["text.tgz", "it is no .tgz"]);
}

#[test]
fn a_missing_chart_is_said() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    person.refused(
        &["pull", &registry.place("charts/gone"), "--plain-http"],
        &["registry-missing", "has no charts/gone"],
    );
    person.json(&["push", word(&odd(&person, "1.0.0", "1")), &registry.place("charts"), "--plain-http"]);
    let chart = registry.place("charts/odd");
    person.refused(&["pull", &chart, "--version", "2.0.0", "--plain-http"], &["has no charts/odd:2.0.0"]);
    person.refused(&["pull", &chart, "--version", "^3", "--plain-http"], &["no version fits `^3`; there are 1.0.0"]);
}

#[test]
fn a_killed_push_leaves_whole_charts_and_the_next_one_goes_on() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    let all = catalogue::tree().charts.len();
    let mut cut = 0;
    for wanted in [0, 1, all / 2] {
        let path = format!("killed{wanted}");
        let place = registry.place(&path);
        let args = ["push", &place, "--plain-http", "--jobs", "1"];
        let mut child = person
            .command(&program::sparkyard())
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sparkyard runs");
        let until = Instant::now() + Duration::from_secs(60);
        while registry.tags(&path).len() < wanted
            && child.try_wait().expect("waited").is_none()
            && Instant::now() < until
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("killed");
        child.wait().expect("waited");
        let tags = registry.tags(&path).len();
        assert!(tags >= wanted, "only {tags} of {wanted}");
        cut += u32::from(tags < all);
        // A tag that is there is a whole chart; what is not there is missing, not broken.
        let verify = person.sparkyard(&["verify", &place, "--plain-http", "-o", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&verify.stdout).expect("json");
        let is = |word: &str| {
            document["charts"].as_array().expect("charts").iter().filter(|chart| chart["is"] == word).count()
        };
        assert_eq!((is("equal"), is("missing")), (tags, all - tags), "{document}");
        for tag in registry.tags(&path) {
            let (name, _) = tag.split_once(':').expect("a tag");
            person.json(&["pull", &format!("{place}/{name}"), "--plain-http", "-d", "whole"]);
        }
        person.json(&["push", &place, "--plain-http"]);
        all_are(&person.json(&["verify", &place, "--plain-http"]), "is", "equal");
    }
    assert!(cut > 0, "no push was cut");
    counted(&format!("{cut} of 3 pushes killed between two charts"));
}

fn header(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// A registry in memory that takes one chart.
fn registry(request: &Request) -> Answer {
    let answer = match request.line.split_once(' ').expect("a line") {
        ("GET", path) if path.contains("/manifests/") => (404, Vec::new()),
        ("HEAD", _) => (404, Vec::new()),
        ("POST", path) => (202, vec![header("Location", format!("{path}1?state=x"))]),
        ("PUT", _) => (201, Vec::new()),
        _ => (400, Vec::new()),
    };
    (answer.0, answer.1, Vec::new())
}

#[test]
fn the_tag_comes_last_and_a_busy_registry_is_asked_again() {
    let busy = Scripted::start(|request, before| match before % 5 {
        0 => (503, Vec::new(), Vec::new()),
        _ => registry(request),
    });
    let person = Person::default();
    let place = format!("oci://{}/charts", busy.host);
    all_are(&person.json(&["push", word(&PACKAGES[0]), &place, "--plain-http"]), "done", "pushed");
    let asked = busy.asked();
    let last = &asked.last().expect("a request").line;
    assert!(last.starts_with("PUT ") && last.contains("/manifests/"), "{last}");
    let tagged =
        asked.iter().filter(|request| request.line.contains("PUT") && request.line.contains("/manifests/")).count();
    let blobs: Vec<_> = asked
        .iter()
        .filter(|request| request.line.starts_with("PUT") && request.line.contains("digest=sha256:"))
        .collect();
    assert!(blobs.len() >= 2 && tagged <= 2, "{asked:?}");
    // A registry that stays broken is given up, without a tag.
    let broken = Scripted::start(|request, _| match request.line.starts_with("PUT") {
        true => (500, Vec::new(), Vec::new()),
        false => registry(request),
    });
    let place = format!("oci://{}/charts", broken.host);
    person.refused(
        &["push", word(&PACKAGES[0]), &place, "--plain-http", "--retries", "1"],
        &["HTTP 500", "push-unfinished", "0 of 1 charts"],
    );
    assert!(
        broken
            .asked()
            .iter()
            .all(|request| !request.line.contains("PUT /v2/charts/") || !request.line.contains("/manifests/"))
    );
}

/// A manifest of one package.
fn manifest(package: &[u8]) -> Vec<u8> {
    let blob = |kind: &str, bytes: &[u8]| {
        serde_json::json!({
            "mediaType": format!("application/vnd.cncf.helm.{kind}"),
            "digest": sparkyard_oci::Digest::of(bytes),
            "size": bytes.len(),
        })
    };
    let layers = [blob("chart.content.v1.tar+gzip", package)];
    serde_json::json!({ "schemaVersion": 2, "config": blob("config.v1+json", b"{}"), "layers": layers })
        .to_string()
        .into()
}

/// What `docker login` leaves.
fn docker_login(person: &Person, host: &str, auth: &str) {
    fs::create_dir(person.home.path().join(".docker")).expect("made");
    let config = format!("{{\"auths\": {{\"{host}\": {{\"auth\": \"{auth}\"}}}}}}");
    fs::write(person.home.path().join(".docker/config.json"), config).expect("written");
}

#[test]
fn a_host_that_takes_the_uploads_of_another_is_not_told_who_asks() {
    use base64::Engine as _;
    let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let storage = Scripted::start(|_, _| (201, Vec::new(), Vec::new()));
    let elsewhere = storage.host.clone();
    let server = Scripted::start(move |request, _| match request.line.starts_with("POST ") {
        _ if request.authorization.is_empty() => {
            (401, vec![header("WWW-Authenticate", "Basic realm=\"registry\"")], Vec::new())
        }
        true => (202, vec![header("Location", format!("http://{elsewhere}/upload"))], Vec::new()),
        false => registry(request),
    });
    let person = Person::default();
    docker_login(&person, &server.host, &auth);
    let place = format!("oci://{}/charts", server.host);
    all_are(&person.json(&["push", word(&PACKAGES[0]), &place, "--plain-http"]), "done", "pushed");
    let uploads = storage.asked();
    assert_eq!(uploads.len(), 2, "a config and a package");
    assert!(uploads.iter().all(|request| request.authorization.is_empty()), "{uploads:?}");
}

#[test]
fn tokens_are_fetched_and_given_to_nobody_else() {
    use base64::Engine as _;
    let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let package = fs::read(&PACKAGES[0]).expect("there");
    // Registries in clouds send on to a store of theirs, which must not see who asks.
    let served = package.clone();
    let storage = Scripted::start(move |_, _| (200, Vec::new(), served.clone()));
    let (elsewhere, basic) = (storage.host.clone(), format!("Basic {auth}"));
    let server = Scripted::start(move |request, _| {
        if request.line.contains("/token?") {
            let good = request.authorization == basic && request.line.contains("scope=repository%3Acharts%2Fx%3Apull");
            return (if good { 200 } else { 401 }, Vec::new(), b"{\"access_token\": \"t0k3n\"}".to_vec());
        }
        if request.authorization != "Bearer t0k3n" {
            let challenge = format!("Bearer realm=\"http://{}/token\",service=\"s\"", request.host);
            return (401, vec![header("WWW-Authenticate", challenge)], Vec::new());
        }
        match request.line.contains("/blobs/") {
            true => (307, vec![header("Location", format!("http://{elsewhere}/blob"))], Vec::new()),
            false => (200, Vec::new(), manifest(&package)),
        }
    });
    let place = format!("oci://{}/charts/x", server.host);
    let args = ["pull", &place, "--version", "1.0.0", "--plain-http"];
    let nobody = Person::default();
    nobody.refused(&args, &["registry-denied", "there are no credentials for it"]);

    let person = Person::default();
    docker_login(&person, &server.host, &auth);
    person.json(&args);
    assert_eq!(
        fs::read(person.home.path().join("x-1.0.0.tgz")).expect("pulled"),
        fs::read(&PACKAGES[0]).expect("there")
    );
    let asked = storage.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].authorization, "", "the store saw the token");
    let tokens = server
        .asked()
        .iter()
        .filter(|request| request.line.contains("/token?") && !request.authorization.is_empty())
        .count();
    assert_eq!(tokens, 1, "one token is enough");
}

#[test]
fn other_bytes_than_named_are_not_kept() {
    let server = Scripted::start(|request, _| match request.line.contains("/blobs/") {
        true => (200, Vec::new(), b"changed".to_vec()),
        false => (200, Vec::new(), manifest(b"as it was")),
    });
    let person = Person::default();
    let place = format!("oci://{}/charts/x", server.host);
    person.refused(&["pull", &place, "--version", "1.0.0", "--plain-http"], &["registry-answer", "gave other bytes"]);
    assert!(!person.home.path().join("x-1.0.0.tgz").exists());
    let digest = format!("{place}@sha256:{}", "0".repeat(64));
    person.refused(&["pull", &digest, "--plain-http"], &["registry-answer", "gave another manifest"]);
}

/// Images have digests and sizes, of a list of platforms those of the processor; what a registry has not is an error, and
/// the rest is printed all the same.
#[test]
fn images_are_asked_for_in_their_registry() {
    let (registry, person) = (Registry::start(Setup::default()), Person::default());
    // To a registry a chart is an image too: a manifest with a config and a layer.
    let pushed = person.json(&["push", word(&PACKAGES[0]), &registry.place("it"), "--plain-http"]);
    let chart = &pushed["charts"][0];
    let (name, version) = (chart["chart"].as_str().expect("a name"), chart["version"].as_str().expect("a version"));
    let digest = chart["digest"].as_str().expect("a digest");
    let repository = format!("it/{name}");
    let single: serde_json::Value = serde_json::from_slice(&registry.manifest(&repository, version)).expect("json");
    let size = single["config"]["size"].as_u64().expect("a size") + single["layers"][0]["size"].as_u64().expect("one");
    let list = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest,
            "size": registry.manifest(&repository, version).len(), "platform": {"os": "linux", "architecture": "amd64"},
        }],
    });
    registry.put_manifest(&repository, "both", "application/vnd.oci.image.index.v1+json", &list.to_string());

    let images = |tag: &str, more: &[&str]| {
        let one = format!("{{registry: {}, repository: {repository}, tag: \"{tag}\"}}", registry.host);
        let values = format!(
            "global: {{credentials: {{image: \"{}/{repository}:{version}\"}}}}\nseaweedfs: {{image: {one}}}\n",
            registry.host
        );
        fs::write(person.home.path().join("values.yaml"), values).expect("written");
        let args = ["images", "--bricks", "seaweedfs", "-f", "values.yaml", "--resolve", "--plain-http", "-o", "json"];
        let output = person.sparkyard(&[&args, more].concat());
        let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!("{}{}", text(&output.stdout), text(&output.stderr));
        });
        (output.status.code(), list, text(&output.stderr))
    };
    let of = |list: &serde_json::Value, tag: &str| {
        let end = format!(":{tag}");
        let found = list["images"].as_array().expect("images").iter();
        found.clone().find(|image| image["image"].as_str().is_some_and(|name| name.ends_with(&end))).expect(tag).clone()
    };
    let (code, list_, said) = images("both", &[]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!((&of(&list_, version)["digest"], &of(&list_, version)["size"]), (&chart["digest"], &size.into()));
    let pinned = of(&list_, "both");
    assert_ne!(pinned["digest"], chart["digest"], "a list is pinned by its own digest");
    assert_eq!(pinned["size"], size, "a node pulls what is for its processor");
    assert_eq!(list_["imageBytes"], 2 * size);

    let (code, list_, said) = images("both", &["--processor", "arm64"]);
    assert!(code == Some(1) && said.contains("has nothing for linux/arm64"), "{said}");
    assert_eq!(of(&list_, version)["size"], size, "what is known is printed");
    let (code, list_, said) = images("none", &[]);
    assert!(code == Some(1) && said.contains(&format!("{repository}: none is not there")), "{said}");
    assert!(of(&list_, "none")["digest"].is_null() && of(&list_, version)["size"] == size);
}

/// The workflow on the page is YAML of the form that GitHub reads, and its steps are commands that there are.
#[test]
fn the_workflow_of_the_page_is_one() {
    let page = fs::read_to_string(xtask::place::root().join("docs/publishing.md")).expect("the page");
    let (_, rest) = page.split_once("```yaml\n# .github/workflows/").expect("a workflow");
    let (text, _) = rest.split_once("```").expect("its end");
    let node = sparkyard_yaml::node::document(&format!("# {text}")).expect("yaml").expect("a document");
    let workflow = sparkyard_yaml::json(&node);
    // Our reader is YAML 1.1 as helm's, where the key `on` is a switch; GitHub reads it as a word.
    assert!(workflow["true"].is_object() && workflow["permissions"]["packages"] == "write", "{workflow}");
    let mut commands = 0;
    for job in workflow["jobs"].as_object().expect("jobs").values() {
        assert!(job["runs-on"].is_string());
        for step in job["steps"].as_array().expect("steps") {
            assert!(step["uses"].is_string() != step["run"].is_string(), "{step}");
            let lines = step["run"].as_str().unwrap_or_default().lines();
            for line in lines.filter_map(|line| line.split_once("sparkyard ").map(|(_, rest)| rest)) {
                // With `--help` added, clap refuses a command that there is not.
                let words: Vec<&str> = line.split_whitespace().take(1).chain(["--help"]).collect();
                let help = Person::default().sparkyard(&words);
                assert!(help.status.success(), "{line}");
                let help = sparkyard_tests::registry::text(&help.stdout);
                for flag in line.split_whitespace().filter(|word| word.starts_with("--")) {
                    assert!(help.contains(flag), "{line}: no {flag}");
                }
                commands += 1;
            }
        }
    }
    assert!(commands >= 3, "the workflow runs {commands} commands of sparkyard");
}
