//! Probes and the ports that they and Services name.

use serde_json::Value;

use crate::object::{Pod, items, name, selects};
use crate::render::Render;

const PROBES: [&str; 3] = ["startupProbe", "readinessProbe", "livenessProbe"];

/// Programs that take long to start because a JVM does.
const JVM: [&str; 3] = ["spark", "hive", "celeborn"];

/// Q22.
pub(super) fn are_there(render: &Render) -> Vec<String> {
    let mut found = Vec::new();
    for pod in render.pods().iter().filter(|pod| matches!(pod.kind.as_str(), "Deployment" | "StatefulSet")) {
        for container in pod.main_containers().filter(|c| items(&c["ports"]).next().is_some()) {
            let mut say = |what: &str| found.push(format!("{}: container {} {what}", pod.owner, name(container)));
            if container["readinessProbe"].is_null() {
                say("serves and has no readinessProbe");
            }
            if !container["livenessProbe"].is_null() {
                if container["livenessProbe"] == container["readinessProbe"] {
                    say("has a livenessProbe equal to its readinessProbe");
                }
                if is_jvm(container) && container["startupProbe"].is_null() {
                    say("is a JVM with a livenessProbe and has no startupProbe");
                }
            }
        }
    }
    found
}

fn is_jvm(container: &Value) -> bool {
    container["image"].as_str().is_some_and(|image| JVM.iter().any(|word| image.contains(&format!("/{word}:"))))
}

/// Q23.
pub(super) fn ports_exist(render: &Render) -> Vec<String> {
    let pods = render.pods();
    let mut found = Vec::new();
    for pod in &pods {
        for container in pod.containers() {
            for port in items(&container["ports"]).map(name).filter(|port| port.len() > 15) {
                found.push(format!("{}: port name {port} is longer than 15", pod.owner));
            }
            for probe in PROBES {
                for action in ["httpGet", "tcpSocket", "grpc"] {
                    let port = &container[probe][action]["port"];
                    if !port.is_null() && !declares(container, port) {
                        found.push(format!(
                            "{}: {probe} of {} uses undeclared port {port}",
                            pod.owner,
                            name(container)
                        ));
                    }
                }
            }
        }
    }
    for service in render.objects.iter().filter(|object| object.kind() == "Service") {
        let spec = &service.value["spec"];
        let behind: Vec<&Pod> = pods.iter().filter(|pod| selects(&spec["selector"], pod.labels())).collect();
        for port in items(&spec["ports"]) {
            let Some(target) = port["targetPort"].as_str() else {
                found.push(format!("{}: port {} has no targetPort by name", service.id(), port["port"]));
                continue;
            };
            let known = behind.iter().any(|pod| pod.containers().any(|c| declares(c, &Value::from(target))));
            if !behind.is_empty() && !known {
                found.push(format!("{}: no pod behind it has a port {target}", service.id()));
            }
        }
    }
    found
}

fn declares(container: &Value, wanted: &Value) -> bool {
    items(&container["ports"]).any(|port| port["name"] == *wanted || port["containerPort"] == *wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    fn after(change: fn(&mut Value)) -> Render {
        let mut deployment = sample::good_deployment();
        change(&mut deployment["spec"]["template"]["spec"]["containers"][0]);
        sample::render(false, [deployment, sample::good_service()])
    }

    #[test]
    fn missing_probes_are_found() {
        let changes: [fn(&mut Value); 3] = [
            |c| c["readinessProbe"] = Value::Null,
            |c| c["startupProbe"] = Value::Null,
            |c| c["livenessProbe"] = c["readinessProbe"].clone(),
        ];
        for change in changes {
            assert_eq!(are_there(&after(change)).len(), 1);
        }
    }

    #[test]
    fn ports_that_nobody_declares_are_found() {
        let changes: [fn(&mut Value); 4] = [
            |c| c["readinessProbe"] = json!({"tcpSocket": {"port": 1}}),
            |c| c["readinessProbe"] = json!({"httpGet": {"port": "gone"}}),
            |c| c["ports"] = json!([{"name": "a-name-that-is-too-long", "containerPort": 1}, c["ports"][0]]),
            |c| c["ports"][0] = json!({"name": "other", "containerPort": 4040}),
        ];
        for change in changes {
            assert!(!ports_exist(&after(change)).is_empty());
        }
    }

    #[test]
    fn services_name_their_target_ports() {
        let mut service = sample::good_service();
        service["spec"]["ports"][0]["targetPort"] = json!(4040);
        assert_eq!(ports_exist(&sample::render(false, [sample::good_deployment(), service])).len(), 1);
    }
}
