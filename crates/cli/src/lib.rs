//! The command line of sparkyard.
//!
//! The binary is three lines; [`run`] is the program. It takes its catalogue and its output streams
//! as arguments, so that a test can run any command over a catalogue of its own.

mod access;
mod args;
mod ask;
mod build;
mod check;
mod cluster;
mod compare;
mod completions;
mod composed;
mod console;
mod doctor;
mod down;
mod env;
mod explain;
mod graph;
mod helm;
mod images;
mod index;
mod list;
mod load;
mod local;
mod login;
mod man;
mod open;
mod plan;
mod pull;
mod push;
mod readers;
mod remote;
mod report;
mod select;
mod show;
mod stack;
mod status;
mod syntax;
mod table;
mod template;
mod up;
mod values;
mod verify;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use sparkyard_model::{Catalogue, Finding};

use crate::args::{Args, Command};
use crate::console::{Console, Stop};

pub use crate::env::VARIABLES;

/// What every command gives back: its exit code, or the reason to stop.
type Outcome = Result<u8, Stop>;

/// All went well.
const OK: u8 = 0;
/// Something is wrong with what was asked for, or with the disk.
const FAILED: u8 = 1;
/// The command line was not understood.
const USAGE: u8 = 2;

/// Runs the program with the built-in catalogue, the process's arguments and streams.
pub fn main() -> ExitCode {
    // Results go out as they are: only what has colours of ours loses them where nobody sees them.
    let code = run(std::env::args_os(), sparkyard_blocks::catalogue, &mut std::io::stdout(), &mut anstream::stderr());
    ExitCode::from(code)
}

/// The commands and their arguments, for whoever writes about them.
pub fn command() -> clap::Command {
    Args::command()
}

/// Runs the program and returns its exit code: 0 done, 1 findings or failure, 2 usage.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    catalogue: impl FnOnce() -> Result<Catalogue, Finding>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let mut console = Console::new(out, err);
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return console.usage(&error),
    };
    let outcome = dispatch(&args.command, catalogue, &mut console);
    match outcome {
        Ok(code) => console.finish(code),
        Err(stop) => console.stop(stop, args.command.wants_json()),
    }
}

fn dispatch(
    command: &Command,
    catalogue: impl FnOnce() -> Result<Catalogue, Finding>,
    console: &mut Console<'_>,
) -> Outcome {
    // What needs no catalogue works even with a broken one.
    match command {
        Command::Completions(args) => return completions::run(args, console),
        Command::Man(args) => return man::run(args, console),
        Command::Template(args) => return template::run(args, console),
        Command::Index(args) => return index::run(args, console),
        Command::Pull(args) => return pull::run(args, console),
        Command::Login(args) => return login::run(args, console),
        _ => {}
    }
    let catalogue = catalogue()?;
    match command {
        Command::Build(args) => build::run(args, &catalogue, console),
        Command::Plan(args) => plan::run(args, &catalogue, console),
        Command::Explain(args) => explain::run(args, &catalogue, console),
        Command::List(args) => list::run(args, &catalogue, console),
        Command::Show(args) => show::run(args, &catalogue, console),
        Command::Compare(args) => compare::run(args, &catalogue, console),
        Command::Check(args) => check::run(args, &catalogue, console),
        Command::Up(args) => up::run(args, &catalogue, console),
        Command::Status(args) => status::run(args, &catalogue, console),
        Command::Open(args) => open::run(args, &catalogue, console),
        Command::Down(args) => down::run(args, &catalogue, console),
        Command::Doctor(args) => doctor::run(args, &catalogue, console),
        Command::Local(args) => local::run(args, &catalogue, console),
        Command::Graph(args) => graph::run(args, &catalogue, console),
        Command::Images(args) => images::run(args, &catalogue, console),
        Command::Push(args) => push::run(args, &catalogue, console),
        Command::Verify(args) => verify::run(args, &catalogue, console),
        Command::Completions(_) | Command::Man(_) | Command::Template(_) => Ok(OK),
        Command::Pull(_) | Command::Login(_) | Command::Index(_) => Ok(OK),
    }
}
