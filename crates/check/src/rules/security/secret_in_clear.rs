//! Passwords and keys that stand where everybody reads them.

use indoc::indoc;
use sparkyard_model::Severity;

use crate::context::Stack;
use crate::object::items;
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "secret-in-clear",
    group: Group::Security,
    severity: Severity::Error,
    title: "Passwords, keys and tokens are in Secrets only",
    why: "ConfigMaps and pods are read by everybody who may look at the namespace, copied into bug reports and kept in Git. \
          The same password is then changed in a hurry, everywhere.",
    fix: "Keep it in a Secret, and take it by `secretKeyRef`; let the person name a Secret that exists. Spark and Hadoop read \
          `AWS_ACCESS_KEY_ID`, and Hive `${env.NAME}`.",
    covers: &["Q40", "L51"],
    bad: Example::Manifests(indoc! {"
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          spark-defaults.conf: |  # wrong
            spark.hadoop.fs.s3a.secret.key minio123
          site.xml: |  # wrong
            <property><name>javax.jdo.option.ConnectionPassword</name><value>hive</value></property>
          url: postgresql://hive:hive123@db:5432/m  # wrong
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              env:
                - {name: POSTGRES_PASSWORD, value: hive}  # wrong
              args:
                - --conf
                - spark.hadoop.fs.s3a.access.key=minio  # wrong
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          site.xml: |
            <property><name>javax.jdo.option.ConnectionPassword</name><value>${env.PASSWORD}</value></property>
          spark-defaults.conf: |
            spark.authenticate.secret.file /etc/secret/key
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - name: a
              env:
                - {name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: a, key: password, optional: true}}}
                - {name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password}
                - {name: SECRET_NAME, value: a}
                - {name: ALLOW_EMPTY_PASSWORD, value: "no"}
                - {name: URL, value: "postgresql://hive:$(PASSWORD)@db/m"}
    "#}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for pod in stack.pods() {
        for container in pod.containers() {
            for (at, entry) in items(&container.value["env"]).enumerate() {
                let (Some(name), Some(value)) = (entry["name"].as_str(), entry["value"].as_str()) else { continue };
                if is_secret(name, value) || has_login(value) {
                    let path = container.path.key("env").index(at).key("value");
                    report.pod(&pod, path, format!("the variable {name} holds a secret in clear"));
                }
            }
            for list in ["command", "args"] {
                for (at, word) in items(&container.value[list]).enumerate() {
                    // Longer texts are scripts, whose words mean many things.
                    let Some(word) = word.as_str().filter(|word| !word.contains('\n')) else { continue };
                    let named =
                        word.split_once('=').filter(|(key, value)| is_secret(key.trim_start_matches('-'), value));
                    if named.is_some() || has_login(word) {
                        let path = container.path.key(list).index(at);
                        report.pod(
                            &pod,
                            path,
                            format!("an argument of container {} holds a secret in clear", container.name()),
                        );
                    }
                }
            }
        }
    }
    for (index, map) in stack.of_kind("ConfigMap") {
        for (key, text) in map.value["data"].as_object().into_iter().flatten() {
            let Some(text) = text.as_str() else { continue };
            if let Some(name) = in_file(key, text) {
                report.object(index, Path::of("data").key(key), format!("`{name}` holds a secret in clear"));
            }
        }
    }
}

/// Endings of names that hold a secret, in small letters without punctuation.
const SECRETS: [&str; 14] = [
    "password",
    "passwd",
    "secretkey",
    "secretaccesskey",
    "accesskey",
    "accesskeyid",
    "apikey",
    "fernetkey",
    "token",
    // Not `secret` alone: it is what settings call that hold the name of a Secret.
    "clientsecret",
    "sharedsecret",
    "jwtsecret",
    "sessionsecret",
    "authenticatesecret",
];

/// Whether a name says that its value is a secret, and the value is one.
fn is_secret(name: &str, value: &str) -> bool {
    let letters = || name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).rev();
    let ends_with = |ending: &&str| {
        let mut letters = letters();
        ending.bytes().rev().all(|letter| letters.next() == Some(letter))
    };
    SECRETS.iter().any(ends_with) && is_written_out(value)
}

/// Whether a value is written out: neither taken from elsewhere, nor a path, nor a switch.
fn is_written_out(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let elsewhere =
        ["$", "{{", "<", "/", "*", "%", "file:", "env:", "vault:"].iter().any(|mark| value.starts_with(mark));
    let switch =
        ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&value.to_ascii_lowercase().as_str());
    !value.is_empty() && !elsewhere && !switch && !value.contains("://") && !value.contains(char::is_whitespace)
}

/// Whether a text holds `scheme://user:password@host`.
fn has_login(text: &str) -> bool {
    // Every login has one, and few texts do.
    if memchr::memchr(b'@', text.as_bytes()).is_none() {
        return false;
    }
    text.split(|c: char| c.is_whitespace() || "\"'<>,".contains(c)).any(|word| {
        let authority = word.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
        let login =
            authority.and_then(|authority| authority.rsplit_once('@')).and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, password)| is_written_out(password) && !password.contains(['$', '{', '%']))
    })
}

/// The name of the first secret in a file of settings, or that the whole entry is.
fn in_file(key: &str, text: &str) -> Option<String> {
    let is_settings =
        [".conf", ".properties", ".xml", ".env", ".ini", ".cfg", ".toml"].iter().any(|end| key.ends_with(end));
    if !key.contains('.') && !text.contains('\n') {
        return (is_secret(key, text) || has_login(text)).then(|| key.to_owned());
    }
    let mut lines = text.lines().map(str::trim).filter(|line| is_settings && !line.starts_with(['#', ';', '!']));
    lines.find_map(|line| {
        let (name, value) = setting(line)?;
        (is_secret(name, value) || has_login(value)).then(|| name.to_owned())
    })
}

/// The name and value of a line: `name value`, `name = value`, or a property in XML.
fn setting(line: &str) -> Option<(&str, &str)> {
    if let Some((_, rest)) = line.split_once("<name>") {
        let (name, rest) = rest.split_once("</name>")?;
        let (_, rest) = rest.split_once("<value>")?;
        return Some((name, rest.split("</value>").next()?));
    }
    let (name, value) = line.split_once(['=', ' ', '\t', ':'])?;
    Some((name.trim(), value.trim_start_matches(['=', ':', ' ', '\t']).trim()))
}
