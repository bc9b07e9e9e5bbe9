//! Addresses, ports and paths of network policies, Ingresses and Services.

use indoc::indoc;
use serde_json::Value;
use sparkyard_model::Severity;

use crate::api;
use crate::context::Stack;
use crate::grammar;
use crate::object::{Object, items};
use crate::path::Path;
use crate::report::Report;
use crate::rule::{Check, Example, Group, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "network-valid",
    group: Group::Objects,
    severity: Severity::Error,
    title: "Addresses, ports, hosts and paths of network objects can be read",
    why: "The API server refuses the object, and with a NetworkPolicy that is missing everybody may connect, or nobody.",
    fix: "Write ranges as 10.0.0.0/8, ports of policies as numbers, hosts without scheme or port, and paths with a leading `/`.",
    covers: &["Q54"],
    bad: Example::Manifests(indoc! {"
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: a
        spec:
          podSelector: {}
          egress:
            - to:
                - ipBlock:
                    cidr: 10.0.0.1  # wrong
              ports:
                - port: 7078
                  endPort: 7000  # wrong
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
        spec:
          rules:
            - host: https://spark.example.com  # wrong
              http:
                paths:
                  - path: history  # wrong
                    pathType: Prefix
    "}),
    good: Example::Manifests(indoc! {r#"
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: a
        spec:
          podSelector: {}
          egress:
            - to:
                - ipBlock:
                    cidr: 10.0.0.1/32
              ports:
                - port: 7078
                  endPort: 7090
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
        spec:
          rules:
            - host: "*.spark.example.com"
              http:
                paths:
                  - path: /history
                    pathType: Prefix
    "#}),
    check: Check::Stack(check),
};

fn check(stack: &Stack, report: &mut Report) {
    for (index, policy) in api::of(stack, "networking.k8s.io", "NetworkPolicy") {
        policy_of(index, policy, report);
    }
    for (index, ingress) in api::of(stack, "networking.k8s.io", "Ingress") {
        ingress_of(index, ingress, report);
    }
    for (index, service) in api::of(stack, "", "Service") {
        for (at, range) in items(service.at("spec.loadBalancerSourceRanges")).enumerate() {
            if let Some(range) = range.as_str().filter(|range| !grammar::is_cidr(range.trim())) {
                report.object(index, Path::of("spec.loadBalancerSourceRanges").index(at), no_range(range));
            }
        }
        let address = service.at("spec.clusterIP").as_str().filter(|address| !matches!(*address, "" | "None"));
        if let Some(address) = address.filter(|address| address.parse::<std::net::IpAddr>().is_err()) {
            report.object(
                index,
                Path::of("spec.clusterIP"),
                format!("`{address}` is no address; None makes it headless"),
            );
        }
    }
}

fn no_range(text: &str) -> String {
    format!("`{text}` is no range of addresses like 10.0.0.0/8")
}

fn policy_of(index: usize, policy: &Object, report: &mut Report) {
    for (list, side) in [("ingress", "from"), ("egress", "to")] {
        for (at, rule) in items(&policy.value["spec"][list]).enumerate() {
            let path = Path::of("spec").key(list).index(at);
            for (number, peer) in items(&rule[side]).enumerate() {
                let block = &peer["ipBlock"];
                let here = path.key(side).index(number).key("ipBlock");
                if let Some(range) =
                    block["cidr"].as_str().filter(|range| !range.is_empty() && !grammar::is_cidr(range))
                {
                    report.object(index, here.key("cidr"), no_range(range));
                }
                for (except, range) in items(&block["except"]).enumerate() {
                    if let Some(range) = range.as_str().filter(|range| !grammar::is_cidr(range)) {
                        report.object(index, here.key("except").index(except), no_range(range));
                    }
                }
            }
            for (number, port) in items(&rule["ports"]).enumerate() {
                let here = path.key("ports").index(number);
                if let Some(message) = wrong_port(&port["port"]) {
                    report.object(index, here.key("port"), message);
                }
                let Some(end) = port["endPort"].as_i64() else { continue };
                match port["port"].as_i64() {
                    None => report.object(index, here.key("endPort"), "endPort needs a number in `port`"),
                    Some(first) if end < first || end > 65535 => {
                        report.object(index, here.key("endPort"), format!("endPort is {end}, port is {first}"))
                    }
                    Some(_) => continue,
                };
            }
        }
    }
}

fn wrong_port(port: &Value) -> Option<String> {
    match port {
        Value::String(name) => grammar::port_name(name).map(|wrong| format!("`{name}` is no name of a port: {wrong}")),
        Value::Number(_) => {
            let number = port.as_i64()?;
            (!(1..=65535).contains(&number)).then(|| format!("{number} is no port; they go from 1 to 65535"))
        }
        _ => None,
    }
}

fn ingress_of(index: usize, ingress: &Object, report: &mut Report) {
    for (at, rule) in items(ingress.at("spec.rules")).enumerate() {
        let path = Path::of("spec.rules").index(at);
        if let Some(host) = rule["host"].as_str().filter(|host| !host.is_empty()) {
            let wrong = grammar::dns_subdomain(host.strip_prefix("*.").unwrap_or(host));
            let address = host.parse::<std::net::IpAddr>().is_ok().then(|| "it is an address".to_owned());
            if let Some(wrong) = wrong.or(address) {
                report.object(index, path.key("host"), format!("`{host}` is no host: {wrong}"));
            }
        }
        for (number, entry) in items(&rule["http"]["paths"]).enumerate() {
            let here = path.keys("http.paths").index(number).key("path");
            let text = entry["path"].as_str().unwrap_or_default();
            let exact = matches!(entry["pathType"].as_str(), Some("Exact" | "Prefix"));
            // `ImplementationSpecific` may go without a path.
            if !text.starts_with('/') && (exact || !text.is_empty()) {
                report.object(index, here, "the path must start with `/`");
            } else if exact && ["//", "/./", "/../"].iter().any(|part| text.contains(part)) {
                report.object(index, here, "the path must be normal: no `//`, `/./` or `/../`");
            }
        }
    }
}
