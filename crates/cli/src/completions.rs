//! `sparkyard completions SHELL`.

use clap::CommandFactory as _;

use crate::args::{Args, CompletionsArgs};
use crate::console::Console;
use crate::{OK, Outcome};

pub(crate) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "sparkyard", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(OK)
}
