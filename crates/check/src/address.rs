//! The hosts that texts name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::context::Stack;
use crate::related::find;

/// A host that some text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `http`, `jdbc:postgresql`; nothing for `host:port`.
    pub(crate) scheme: Option<String>,
    /// The host, in lower case.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: Option<u16>,
}

/// What a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// The Service of this index.
    Service(usize),
    /// A Service of this name in a namespace of the install; there is none.
    Missing(String),
    /// `name.svc`: nothing resolves it, because the namespace is left out.
    NoNamespace,
    /// A single word that is no Service; it may be one by mistake.
    Word,
    /// Outside of what can be judged.
    Elsewhere,
}

/// Schemes whose "host" is a bucket, a cluster or an image.
const NO_HOSTS: [&str; 14] =
    ["s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "hdfs", "viewfs", "file", "local", "oci", "docker"];

impl Address {
    /// Whether its scheme says that its host is a machine.
    pub(crate) fn is_machine(&self) -> bool {
        self.scheme.as_deref().is_none_or(|scheme| !NO_HOSTS.contains(&scheme))
    }

    fn of(token: &str) -> Option<Self> {
        if !may_name_a_host(token) {
            return None;
        }
        let (scheme, rest) = match token.rsplit_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, token),
        };
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?)),
            None => (authority, None),
        };
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let is_name = is_host(&host) && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let is_whole = scheme.is_some() || port.is_some() || is_in_cluster(&host);
        (is_name && is_whole).then_some(Self { scheme, host, port })
    }
}

fn is_host(host: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    host.split('.').all(|label| {
        let bytes = label.as_bytes();
        edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
    })
}

/// Whether a bare word is a host of the cluster: `a.b.svc`, `a.b.svc.cluster.local`.
fn is_in_cluster(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc");
    svc.is_some_and(|at| at >= 2 && labels.get(at + 1).is_none_or(|next| *next == "cluster"))
}

/// The hosts that a text names. What is put together from variables is no host yet. Scripts are the same in install after
/// install: what a long text names is remembered.
pub(crate) fn addresses(text: &str) -> Rc<[Address]> {
    thread_local!(static KNOWN: RefCell<HashMap<Box<str>, Rc<[Address]>>> = RefCell::default());
    if !LONG.contains(&text.len()) {
        return read(text);
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(text).map(Rc::clone)) {
        return known;
    }
    let found = read(text);
    KNOWN.with_borrow_mut(|known| {
        if known.len() < KEPT {
            known.insert(text.into(), Rc::clone(&found));
        }
    });
    found
}

/// Bytes of a text that is remembered: shorter ones are read as quickly, longer ones are nobody's scripts.
const LONG: std::ops::Range<usize> = 1024..64 * 1024;
/// How many are remembered.
const KEPT: usize = 256;

fn read(text: &str) -> Rc<[Address]> {
    let lines = text.lines().filter(|line| may_name_a_host(line) && !is_comment(line.trim_start()));
    lines.flat_map(tokens).filter_map(Address::of).collect()
}

/// The words of a line that may name hosts. Scripts have many lines with a colon and few with a host, so a line is searched
/// for what makes a host, and its ends are sought from there.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let hit = mark_of_a_host(rest)?;
        let start = rest[..hit].rfind(between).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let end = rest[hit..].find(between).map_or(rest.len(), |at| hit + at);
        let token = &rest[start..end];
        rest = &rest[end..];
        Some(token)
    })
}

/// What stands between words.
fn between(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | ',' | ';' | '<' | '>' | '|' | '=' | '(' | ')' | '[' | ']' | '!') || c.is_whitespace()
}

/// Most texts do not, and are not looked at further.
pub(crate) fn may_name_a_host(text: &str) -> bool {
    mark_of_a_host(text).is_some()
}

/// Byte of the first thing that makes a word a host.
fn mark_of_a_host(text: &str) -> Option<usize> {
    let colon = memchr::memchr(b':', text.as_bytes());
    let before = &text[..colon.unwrap_or(text.len())];
    SVC.find(before.as_bytes()).or(colon)
}

/// What every host of the cluster has in its name; the search is prepared once.
pub(crate) static SVC: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b".svc"));

/// Whether a text may name a Service with its namespace.
pub(crate) fn names_services(text: &str) -> bool {
    SVC.find(text.as_bytes()).is_some()
}

fn is_comment(line: &str) -> bool {
    ["#", "//", "-- ", ";", "<!--", "* "].iter().any(|mark| line.starts_with(mark))
}

/// What a host is, seen from a namespace.
pub(crate) fn resolve(stack: &Stack, from: &str, host: &str) -> Host {
    let labels: Vec<&str> = host.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc");
    let service = |name: &str, namespace: &str| find(stack, "Service", name, namespace).map(|(index, _)| index);
    match (labels.as_slice(), svc) {
        ([name], _) => service(name, from).map_or(Host::Word, Host::Service),
        ([name, namespace], None) => service(name, namespace).map_or(Host::Elsewhere, Host::Service),
        ([_, "svc", rest @ ..], Some(1)) if rest.is_empty() || rest == ["cluster", "local"] => Host::NoNamespace,
        // `name.namespace.svc`, or a pod of a headless Service before it.
        ([name, namespace, ..], Some(2)) | ([_, name, namespace, ..], Some(3)) => match service(name, namespace) {
            Some(index) => Host::Service(index),
            None if *namespace == from => Host::Missing((*name).to_owned()),
            None => Host::Elsewhere,
        },
        _ => Host::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        let show = |a: Address| a.port.map_or(a.host.clone(), |port| format!("{}:{port}", a.host));
        addresses(text).iter().cloned().map(show).collect()
    }

    #[test]
    fn hosts_are_found_in_text() {
        assert_eq!(hosts("http://demo-s3:8333/x"), ["demo-s3:8333"]);
        assert_eq!(hosts("jdbc:postgresql://db.spark.svc:5432/m?user=a"), ["db.spark.svc:5432"]);
        assert_eq!(hosts("--master=spark://m1:7077,m2:7077"), ["m1:7077", "m2:7077"]);
        assert_eq!(hosts("<value>http://a.b.svc.cluster.local</value>"), ["a.b.svc.cluster.local"]);
        assert_eq!(hosts("spark.driver.host a-driver.spark.svc"), ["a-driver.spark.svc"]);
        assert_eq!(hosts("k8s://https://kubernetes.default.svc:443"), ["kubernetes.default.svc:443"]);
        assert_eq!(hosts("postgres://u:p@db:5432/x"), ["db:5432"]);
    }

    #[test]
    fn what_is_no_host_yet_is_left() {
        for text in [
            "http://$(HOST):80",
            "$(NAME)-s3.spark.svc:80",
            "http://${S3}.spark.svc",
            "f\"{host}:{port}\"",
            "10.0.0.1:80",
            "# http://demo-s3:8333",
            "http://%s:%d",
            "a b.c d:e",
            "http://",
            "://:",
            "é://ü:1",
        ] {
            assert!(hosts(text).is_empty(), "{text}: {:?}", hosts(text));
        }
    }
}
