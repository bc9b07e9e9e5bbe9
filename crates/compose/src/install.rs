//! The commands that a person runs next.

use sparkyard_model::{Line, Plan, Shape};

use crate::names;

/// Namespace of the commands that are shown.
pub(crate) const NAMESPACE: &str = "spark";
/// Name of a stack that no preset names.
pub(crate) const STACK: &str = "spark";

/// The `helm install` commands of a plan's charts, in order, for somebody who stands in the folder that holds them.
pub fn install_commands(plan: &Plan) -> Vec<String> {
    let bricks: Vec<&str> = plan.bricks.iter().map(|brick| brick.id.as_str()).collect();
    commands(&plan.line, plan.shape, stack(plan), &bricks, None, false)
}

/// The name of the release in which a plan's brick is installed: by `up`, in the commands that are shown, in the checks.
pub fn release_name(plan: &Plan, brick: &str) -> String {
    release(plan.shape, stack(plan), brick)
}

/// Name of the stack: `global.stack`, else the preset's.
fn stack(plan: &Plan) -> &str {
    let names = [plan.stack.as_str(), plan.preset.as_deref().unwrap_or_default()];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or(STACK)
}

fn release(shape: Shape, stack: &str, brick: &str) -> String {
    match shape {
        Shape::Umbrella => stack.to_owned(),
        Shape::Modular => format!("{stack}-{}", names::short(brick)),
    }
}

/// The commands for a stack: `preset` names the values file to lay over the charts' defaults, and `own` says that one of the
/// user's, `my.yaml`, must follow.
pub(crate) fn commands(
    line: &Line,
    shape: Shape,
    stack: &str,
    bricks: &[&str],
    preset: Option<&str>,
    own: bool,
) -> Vec<String> {
    let one = |release: &str, chart: &str| {
        let mut command = format!("helm install {release} ./{chart} --namespace {NAMESPACE} --create-namespace");
        if let Some(file) = preset {
            command.push_str(&format!(" -f {chart}/values-{file}.yaml"));
        }
        if own {
            command.push_str(" -f my.yaml");
        }
        command
    };
    match shape {
        Shape::Umbrella => vec![one(stack, &names::umbrella(line))],
        Shape::Modular => {
            bricks.iter().map(|brick| one(&release(shape, stack, brick), &names::chart(line, shape, brick))).collect()
        }
    }
}
