//! Manifests of anybody.

use std::io::Read as _;
use std::path::Path;
use std::rc::Rc;

use sparkyard_check::{Checked, Object, Stack, Target, check_stack};
use sparkyard_model::{Catalogue, Finding, SourceText};

use super::{cluster, compare};
use crate::args::CheckArgs;
use crate::console::Stop;
use crate::select;

pub(super) fn check(file: &Path, args: &CheckArgs, catalogue: &Catalogue) -> Result<Checked, Stop> {
    let platform = cluster::platform(args, catalogue, None)?;
    let target = Target { complete: args.complete, ..cluster::target(args, platform)? };
    let earlier = match args.upgrade_from.as_slice() {
        [] => None,
        [earlier] if earlier == file && is_input(file) => {
            return Err(Stop::usage("only one of --manifests and --upgrade-from can be read from the standard input"));
        }
        [earlier] => Some(read(earlier, target.clone())?),
        _ => {
            return Err(Stop::usage(
                "--upgrade-from is given more than once: one file of manifests has one earlier one",
            ));
        }
    };
    let stack = read(file, target)?;
    let mut checked =
        Checked { installs: 1, objects: stack.objects().len(), findings: check_stack(&stack), ..Checked::default() };
    if let Some(earlier) = earlier {
        compare(&earlier, &stack, &mut checked)?;
    }
    Ok(checked)
}

fn is_input(file: &Path) -> bool {
    file == Path::new("-")
}

fn read(file: &Path, target: Target) -> Result<Stack, Stop> {
    let source = if is_input(file) {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| {
            Finding::error("cannot-read", format!("cannot read the standard input: {}", sparkyard_pack::cause(&error)))
        })?;
        SourceText { name: "stdin".into(), text }
    } else {
        select::read(file)?
    };
    let mut stack = Stack::new(target);
    objects(&Rc::new(source))?.into_iter().for_each(|object| stack.add_object(object));
    Ok(stack)
}

/// The objects of a text. A `List` is what it holds.
pub(super) fn objects(file: &Rc<SourceText>) -> Result<Vec<Object>, Vec<Finding>> {
    let (objects, findings) = Object::all_of(file);
    if findings.is_empty() { Ok(objects) } else { Err(findings) }
}
