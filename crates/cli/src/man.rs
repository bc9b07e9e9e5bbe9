//! `sparkyard man [DIR]`.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man;
use sparkyard_model::Finding;
use sparkyard_pack::cause;

use crate::args::{Args, ManArgs};
use crate::console::Console;
use crate::env::VARIABLES;
use crate::{OK, Outcome, table};

pub(crate) fn run(args: &ManArgs, console: &mut Console<'_>) -> Outcome {
    let pages = pages().map_err(|error| Finding::error("internal", format!("cannot make the manual: {error}")))?;
    match &args.dir {
        None => console.print(pages.first().map(|(_, text)| text.as_str()).unwrap_or_default())?,
        Some(dir) => {
            write(dir, &pages).map_err(|error| {
                let message = format!("cannot write manual pages to {}: {}", dir.display(), cause(&error));
                Finding::error("cannot-write", message)
            })?;
            console.print(&format!("{} in {}", table::count(pages.len(), "manual page"), dir.display()))?;
        }
    }
    Ok(OK)
}

/// The main page first, then one per command: file name and text.
fn pages() -> io::Result<Vec<(String, String)>> {
    let mut command = Args::command();
    command.build();
    let mut pages = vec![("sparkyard.1".to_owned(), page(command.clone(), true)?)];
    below("sparkyard", &command, &mut pages)?;
    Ok(pages)
}

/// The pages of the commands below one, each followed by those below it.
fn below(parent: &str, command: &clap::Command, pages: &mut Vec<(String, String)>) -> io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = format!("{parent}-{}", sub.get_name());
        pages.push((format!("{name}.1"), page(sub.clone().display_name(&name), false)?));
        below(&name, sub, pages)?;
    }
    Ok(())
}

fn page(command: clap::Command, main: bool) -> io::Result<String> {
    let mut roff = Vec::new();
    Man::new(command).render(&mut roff)?;
    let mut text = String::from_utf8_lossy(&roff).into_owned();
    if main {
        text.push_str(".SH ENVIRONMENT\n");
        for (name, meaning) in VARIABLES {
            text.push_str(&format!(".TP\n\\fB{name}\\fR\n{}\n", meaning.replace('-', "\\-")));
        }
        text.push_str(".SH EXIT STATUS\n0 done, 1 something is wrong with the request or the disk, 2 the command line was not understood\n");
    }
    Ok(text)
}

fn write(dir: &Path, pages: &[(String, String)]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    pages.iter().try_for_each(|(name, text)| fs::write(dir.join(name), text))
}
