//! What kubectl and helm say when they fail, read for a person.

use sparkyard_model::Finding;

/// Words that tell a failure, its id, what it is and what to do. The first that fits counts.
const KNOWN: &[(&[&str], &str, &str, &str)] = &[
    (
        &["context was not found", "does not exist: context", "no context exists", "context \""],
        "no-context",
        "the kubeconfig has no such context",
        "`kubectl config get-contexts` lists them; $KUBECONFIG says which file is read",
    ),
    (
        &[
            "localhost:8080",
            "current-context is not set",
            "no configuration has been provided",
            "kubernetes cluster unreachable: Get \"http://localhost:8080",
        ],
        "no-cluster",
        "no kubeconfig names a cluster",
        "set KUBECONFIG, or log in with your cluster's own tool; on a laptop `sparkyard local up minikube` (or `kind`) makes one",
    ),
    (
        &["x509", "certificate signed by unknown", "certificate has expired"],
        "no-trust",
        "the cluster's certificate is not trusted",
        "is this the right kubeconfig, and is it up to date? Get a new one from whoever runs the cluster",
    ),
    (
        &["Unauthorized", "must be logged in", "provide credentials", "getting credentials"],
        "not-logged-in",
        "the cluster does not know you",
        "log in again with your cluster's own tool (`oc login`, `aws eks update-kubeconfig`, ...)",
    ),
    (
        &[
            "connection refused",
            "no such host",
            "i/o timeout",
            "no route to host",
            "network is unreachable",
            "TLS handshake timeout",
            "deadline exceeded",
            "EOF",
            "was refused",
            "server misbehaving",
        ],
        "no-cluster",
        "the cluster does not answer",
        "is it running, and does this machine reach it (VPN, proxy)? `kubectl cluster-info` asks it; `--context` takes another",
    ),
    (
        &["exceeded quota"],
        "quota",
        "a quota of the namespace is used up",
        "`sparkyard doctor PRESET` says what is needed and what is left; docs/fix.md#quota",
    ),
    (
        &["port is already allocated"],
        "port-taken",
        "a NodePort that the charts ask for belongs to another Service",
        "let the cluster choose the number, or leave `service.type` as it is; docs/fix.md#port-taken",
    ),
    (
        &["invalid ownership metadata", "cannot be imported into the current release"],
        "name-clash",
        "an object of this name is there already and belongs to somebody else",
        "install into another namespace, or give the stack another name in `global.stack`",
    ),
    (
        &["no matches for kind", "ensure CRDs are installed first"],
        "no-crd",
        "the cluster does not serve a kind that the charts make",
        "install the operator that serves it first: docs/operator.md",
    ),
    (
        &["is forbidden", "Forbidden", "forbidden:"],
        "no-right",
        "you may not do this in the cluster",
        "ask whoever runs the cluster for the right that the message names; `sparkyard doctor PRESET` lists all that are needed",
    ),
    (
        &["being terminated"],
        "namespace-ends",
        "the namespace is being removed",
        "wait until it is gone, or take another with -n",
    ),
];

/// What a failure means.
pub(crate) fn read_error(program: &str, stderr: &str) -> Finding {
    // client-go logs each attempt before the one line that counts.
    let is_log = |line: &&str| {
        let first = line.split_whitespace().next().unwrap_or_default();
        let klog = first.len() == 5
            && first.starts_with(['E', 'W', 'I'])
            && first[1..].bytes().all(|byte| byte.is_ascii_digit());
        klog || line.split_whitespace().take(2).any(|word| word.starts_with("level="))
    };
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.trim().is_empty() && !is_log(line)).collect();
    let said = lines.join("\n");
    let said = said.trim_start_matches("Error: ").trim_start_matches("error: ").trim();
    // kubectl asks for a name and a password when the kubeconfig holds none, and nobody answers.
    let said = if said == "EOF" { "Unauthorized: the kubeconfig holds no credentials" } else { said };
    let known = KNOWN.iter().find(|(words, ..)| words.iter().any(|word| said.contains(word)));
    match known {
        Some((_, id, what, help)) => Finding::error(id, format!("{what}; {program} says: {said}")).help(*help),
        None => Finding::error("cluster-refuses", format!("{program} says: {said}")),
    }
}

#[cfg(test)]
mod tests {
    use super::read_error;

    #[test]
    fn failures_are_told_apart() {
        // Each as kubectl 1.34 or helm 4.3 print it.
        for (said, id) in [
            ("error: context \"x\" does not exist", "no-context"),
            ("Error: kubernetes cluster unreachable: context \"x\" does not exist", "no-context"),
            (
                "E1128 10:00:00.000 1 memcache.go:265] x\nThe connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
                "no-cluster",
            ),
            ("Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host", "no-cluster"),
            ("error: EOF", "not-logged-in"),
            ("error: You must be logged in to the server (Unauthorized)", "not-logged-in"),
            ("Error from server (Forbidden): pods is forbidden: User \"u\" cannot list resource \"pods\"", "no-right"),
            (
                "Error: 1 error occurred: Service \"x\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
                "port-taken",
            ),
            ("Error: something new", "cluster-refuses"),
        ] {
            assert_eq!(read_error("kubectl", said).rule, id, "{said}");
        }
    }

    #[test]
    fn logs_of_the_client_are_left_out() {
        let said = read_error(
            "kubectl",
            "E1128 10:00:00.1 1 memcache.go:265] \"Unhandled Error\"\nerror: You must be logged in\n",
        )
        .message;
        assert!(!said.contains("memcache"), "{said}");
    }
}
