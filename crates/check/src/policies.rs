//! What NetworkPolicies let through.
//!
//! Where the answer depends on what no chart shows (labels of namespaces, address ranges) the connection is taken to pass:
//! a rule that cries wolf is switched off.

use serde_json::Value;

use crate::context::Stack;
use crate::object::{Object, Pod, fits, items};
use crate::related::{namespace, ports};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Into the pod.
    In,
    /// Out of the pod.
    Out,
}

impl Way {
    /// The key of the rules.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Way::In => "ingress",
            Way::Out => "egress",
        }
    }

    fn peers(self) -> &'static str {
        match self {
            Way::In => "from",
            Way::Out => "to",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Way::In => "Ingress",
            Way::Out => "Egress",
        }
    }
}

/// A port as rules are asked for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Port<'p> {
    /// Its number.
    pub(crate) number: u64,
    /// `TCP`, `UDP`.
    pub(crate) protocol: &'p str,
}

/// The policies that a pod is subject to, one way. Without any, everything passes.
pub(crate) fn policies_of<'s>(stack: &'s Stack, pod: &Pod<'_>, way: Way) -> Vec<(usize, &'s Object)> {
    let is_subject = |policy: &Object| {
        policy.group() == "networking.k8s.io"
            && namespace(stack, policy) == namespace(stack, pod.object)
            && fits(policy.at("spec.podSelector"), pod.labels())
            && governs(policy, way)
    };
    stack.of_kind("NetworkPolicy").filter(|(_, policy)| is_subject(policy)).collect()
}

/// Whether a policy says anything about a way. One without types is about what comes in, and about what goes out if it
/// has rules for that.
fn governs(policy: &Object, way: Way) -> bool {
    match policy.at("spec.policyTypes").as_array().filter(|types| !types.is_empty()) {
        Some(types) => types.iter().any(|kind| kind == way.kind()),
        None => way == Way::In || !policy.at("spec.egress").is_null(),
    }
}

/// Whether policies let a connection between a pod and its peer through. `listener` is the pod whose port it is.
pub(crate) fn pass(
    stack: &Stack,
    policies: &[(usize, &Object)],
    way: Way,
    peer: &Pod<'_>,
    listener: &Pod<'_>,
    port: Port<'_>,
) -> bool {
    policies.is_empty()
        || rules(policies, way).any(|(policy, rule)| {
            let peers = &rule[way.peers()];
            let from_all = items(peers).next().is_none();
            let named = |number: &str| ports(listener).into_iter().any(|(name, n)| name == number && n == port.number);
            (from_all || items(peers).any(|wanted| is_peer(stack, policy, wanted, peer))) && opens(rule, port, named)
        })
}

/// Whether policies let a pod out to something outside of its namespace at a port, wherever it is.
pub(crate) fn pass_outside(policies: &[(usize, &Object)], port: Port<'_>) -> bool {
    policies.is_empty()
        || rules(policies, Way::Out).any(|(_, rule)| {
            let mut peers = items(&rule["to"]).peekable();
            let outside = |peer: &Value| !peer["namespaceSelector"].is_null() || !peer["ipBlock"].is_null();
            // A named port is not known of somebody else's pods: it may be the one.
            (peers.peek().is_none() || peers.any(outside)) && opens(rule, port, |_| true)
        })
}

fn rules<'p>(policies: &'p [(usize, &'p Object)], way: Way) -> impl Iterator<Item = (&'p Object, &'p Value)> {
    policies.iter().flat_map(move |(_, policy)| items(&policy.at("spec")[way.key()]).map(move |rule| (*policy, rule)))
}

fn is_peer(stack: &Stack, policy: &Object, wanted: &Value, peer: &Pod<'_>) -> bool {
    if !wanted["ipBlock"].is_null() {
        return true;
    }
    let theirs = namespace(stack, peer.object);
    let in_namespace = match &wanted["namespaceSelector"] {
        Value::Null => theirs == namespace(stack, policy),
        selector => match selector["matchLabels"]["kubernetes.io/metadata.name"].as_str() {
            Some(name) => name == theirs,
            // Other labels of namespaces are not known.
            None => true,
        },
    };
    in_namespace && (wanted["podSelector"].is_null() || fits(&wanted["podSelector"], peer.labels()))
}

fn opens(rule: &Value, port: Port<'_>, is_named: impl Fn(&str) -> bool) -> bool {
    let mut wanted = items(&rule["ports"]).peekable();
    wanted.peek().is_none()
        || wanted.any(|open| {
            let protocol = open["protocol"].as_str().unwrap_or("TCP") == port.protocol;
            let number = match &open["port"] {
                Value::Null => true,
                Value::String(name) => is_named(name),
                first => first
                    .as_u64()
                    .is_some_and(|first| (first..=open["endPort"].as_u64().unwrap_or(first)).contains(&port.number)),
            };
            protocol && number
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ports_are_opened_by_number_range_and_name() {
        let rule =
            json!({"ports": [{"port": 80}, {"port": 7000, "endPort": 7100}, {"port": "http"}, {"protocol": "UDP"}]});
        let open = |number, protocol| opens(&rule, Port { number, protocol }, |name| name == "http" && number == 8080);
        assert!(open(80, "TCP") && open(7050, "TCP") && open(8080, "TCP") && open(53, "UDP"));
        assert!(!open(81, "TCP") && !open(7101, "TCP") && !open(9000, "TCP"));
        assert!(opens(&json!({}), Port { number: 1, protocol: "TCP" }, |_| false));
    }
}
