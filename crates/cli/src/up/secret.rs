//! The Secrets of a stack: the own one is made, those of the user are asked for.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sparkyard_model::{Catalogue, Finding};

use crate::cluster::Cluster;
use crate::console::{Console, Stop};
use crate::stack::{Config, Wanted};

/// Makes the own Secret if it is not there, and refuses when another that the pods read is missing.
pub(super) fn ready(
    wanted: &Wanted,
    catalogue: &Catalogue,
    cluster: &Cluster,
    console: &mut Console<'_>,
) -> Result<(), Stop> {
    if let Some(name) = &wanted.own_secret
        && cluster.find("secret", name)?.is_none()
    {
        locked_out(name, wanted, cluster)?;
        let document = fresh(name, wanted, &wanted.keys(catalogue))?;
        // By the standard input: arguments can be seen by everybody on this machine.
        match cluster.kubectl_with(&["create", "-f", "-"], &document) {
            Err(why) if why.message.contains("AlreadyExists") => {}
            made => {
                made?;
                console.say(&format!("Secret {name} made, with random passwords"))?;
            }
        }
    }
    let missing = missing(wanted, cluster)?;
    if missing.is_empty() { Ok(()) } else { Err(missing.into()) }
}

/// A database on a volume that an earlier install has left keeps the password that it was made with: one that is made anew
/// would not open it.
fn locked_out(secret: &str, wanted: &Wanted, cluster: &Cluster) -> Result<(), Finding> {
    let is_database = |claim: &&Value| {
        let labels = &claim["metadata"]["labels"];
        labels["app.kubernetes.io/part-of"] == wanted.name && labels["app.kubernetes.io/component"] == "postgresql"
    };
    let claims = cluster.list("persistentvolumeclaims");
    let Some(claim) = claims.iter().find(is_database).and_then(|claim| claim["metadata"]["name"].as_str()) else {
        return Ok(());
    };
    let message =
        format!("the Secret {secret} is gone, and the database that {claim} keeps wants the password that was in it");
    let help = format!(
        "bring the Secret back from your backup; or, to begin without the tables that were there, {} delete persistentvolumeclaim \
         {claim}; docs/credentials.md",
        cluster.kubectl_words()
    );
    Err(Finding::error("secret-gone", message).help(help))
}

/// Secrets and ConfigMaps that pods read and that are not there, and keys that are not in them.
pub(crate) fn missing(wanted: &Wanted, cluster: &Cluster) -> Result<Vec<Finding>, Finding> {
    let mut findings = Vec::new();
    let kubectl = cluster.kubectl_words();
    for (Config { kind, name }, keys) in wanted.configs() {
        let is_secret = kind == "Secret";
        let page = if is_secret { "; docs/credentials.md" } else { "" };
        let Some(found) = cluster.find(&kind.to_lowercase(), &name)? else {
            if !is_secret || wanted.own_secret.as_ref() != Some(&name) {
                let literals: String = keys.iter().map(|key| format!(" --from-literal={key}=...")).collect();
                let make = if is_secret { "secret generic" } else { "configmap" };
                findings.push(
                    Finding::error("config-missing", format!("the {kind} {name}, which the pods read, does not exist"))
                        .help(format!("make it: {kubectl} create {make} {name}{literals}{page}")),
                );
            }
            continue;
        };
        let lists = ["data", "binaryData"].map(|list| found[list].as_object());
        let there: BTreeSet<&String> = lists.into_iter().flatten().flat_map(Map::keys).collect();
        let data = if is_secret { "stringData" } else { "data" };
        for key in keys.iter().filter(|key| !there.contains(key)) {
            findings.push(Finding::error("config-missing", format!("the {kind} {name} has no key `{key}`")).help(
                format!(
                    "add it: {kubectl} patch {} {name} -p '{{\"{data}\":{{\"{key}\":\"...\"}}}}'{page}",
                    kind.to_lowercase()
                ),
            ));
        }
    }
    Ok(findings)
}

/// The Secret as the charts' own Job makes it.
fn fresh(name: &str, wanted: &Wanted, keys: &BTreeSet<String>) -> Result<Value, Finding> {
    let mut contents = Map::new();
    for key in keys {
        contents.insert(key.clone(), Value::from(random()?));
    }
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": name, "labels": {
            "app.kubernetes.io/part-of": wanted.name,
            "app.kubernetes.io/component": "credentials",
            "app.kubernetes.io/managed-by": "sparkyard",
        }},
        "stringData": contents,
    }))
}

/// 160 bits in hexadecimal: S3 stores, databases and URLs take it as it is.
fn random() -> Result<String, Finding> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes)
        .map_err(|error| Finding::error("no-random", format!("this machine gives no random numbers: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
