//! A Spark Connect server behind a proxy in its own pod.

use crate::context::Stack;
use crate::object::{Container, Pod};
use crate::spark::{Process, mounted};

/// The port that a Spark Connect server itself listens to.
pub(crate) fn own_port(process: &Process<'_>) -> u64 {
    process.value("spark.connect.grpc.binding.port").and_then(|port| port.parse().ok()).unwrap_or(15002)
}

/// Whether another container of its pod hands calls on to it: a file that this one mounts names the server's port on loopback.
pub(crate) fn is_behind_one(stack: &Stack, process: &Process<'_>) -> bool {
    let port = own_port(process).to_string();
    let mut others = others(&process.pod, process.container.name());
    others.any(|container| {
        mounted(stack, &process.pod, &container).iter().any(|file| {
            let on_loopback = ["127.0.0.1", "localhost"].iter().any(|host| file.text.contains(host));
            on_loopback && !file.text.contains("spark.") && holds_number(file.text, &port)
        })
    })
}

fn others<'s>(pod: &Pod<'s>, own: &str) -> impl Iterator<Item = Container<'s>> {
    pod.main_containers().into_iter().filter(move |container| container.name() != own)
}

/// Whether a number stands in a text by itself.
fn holds_number(text: &str, number: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|word| word == number)
}
