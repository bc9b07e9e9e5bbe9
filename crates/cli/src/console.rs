//! The only module that prints.

use std::io::{self, Write};

use serde::Serialize;
use sparkyard_model::{Finding, Severity};
use sparkyard_pack::cause;

use crate::{FAILED, OK, USAGE, report};

/// Why a command stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something is wrong with what was asked for.
    Findings(Vec<Finding>),
    /// The command line was understood, and asks for what there is not.
    Usage(Finding),
    /// Nobody reads our output any more (`sparkyard list bricks | head -1`).
    NobodyReads,
}

impl Stop {
    /// Wrong usage that only shows once the catalogue is known.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Stop::Usage(Finding::error("usage", message))
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Stop::Findings(vec![finding])
    }
}

impl From<Vec<Finding>> for Stop {
    fn from(findings: Vec<Finding>) -> Self {
        Stop::Findings(findings)
    }
}

/// Where the program's words go: results to `out`, everything else to `err`.
pub(crate) struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Console<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err }
    }

    /// Prints a result.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Stop> {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        written(self.out.write_all(text.as_bytes()).and_then(|()| self.out.write_all(end.as_bytes())))
    }

    /// Prints a result that ends as it ends.
    pub(crate) fn print_exactly(&mut self, text: &str) -> Result<(), Stop> {
        written(self.out.write_all(text.as_bytes()))
    }

    /// Prints a result that has colours, without them where nobody sees colours.
    pub(crate) fn print_styled(&mut self, text: &str) -> Result<(), Stop> {
        match anstream::AutoStream::choice(&io::stdout()) {
            anstream::ColorChoice::Never => self.print_exactly(&anstream::adapter::strip_str(text).to_string()),
            _ => self.print_exactly(text),
        }
    }

    /// Says something beside the result.
    pub(crate) fn note(&mut self, finding: &Finding) -> Result<(), Stop> {
        written(self.err.write_all(report::text(std::slice::from_ref(finding)).as_bytes()))
    }

    /// Says several of them.
    pub(crate) fn notes<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) -> Result<(), Stop> {
        findings.into_iter().try_for_each(|finding| self.note(finding))
    }

    /// Says a line beside the result.
    pub(crate) fn say(&mut self, line: &str) -> Result<(), Stop> {
        written(writeln!(self.err, "{line}").and_then(|()| self.err.flush()))
    }

    /// Lets what was printed be seen now.
    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        written(self.out.flush())
    }

    /// Prints a result for a script.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Stop> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Finding::error("internal", format!("cannot write JSON: {error}")))?;
        self.print(&text)
    }

    /// Ends a command that ran to its end. A full disk behind `>` shows only here.
    pub(crate) fn finish(&mut self, code: u8) -> u8 {
        match written(self.out.flush()) {
            Ok(()) => code,
            Err(stop) => self.stop(stop, false),
        }
    }

    /// Reports why a command stopped.
    pub(crate) fn stop(&mut self, stop: Stop, json: bool) -> u8 {
        let (findings, code) = match stop {
            Stop::Findings(findings) => {
                let fails = findings.iter().any(|finding| finding.severity == Severity::Error);
                (findings, if fails { FAILED } else { OK })
            }
            Stop::Usage(finding) => (vec![finding], USAGE),
            Stop::NobodyReads => return OK,
        };
        // What a script asked for goes where it reads; if that fails too, people still see it.
        let document = serde_json::json!({ "findings": findings });
        if !json || self.json(&document).and_then(|()| written(self.out.flush())).is_err() {
            let _ = self.err.write_all(report::text(&findings).as_bytes());
        }
        code
    }

    /// Reports that the command line was not understood, or prints the help that was asked for.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> u8 {
        let text = error.render().ansi().to_string();
        if error.use_stderr() {
            let _ = self.err.write_all(text.as_bytes());
            return USAGE;
        }
        match self.print_styled(&text) {
            Ok(()) => self.finish(OK),
            Err(stop) => self.stop(stop, false),
        }
    }
}

fn written(result: io::Result<()>) -> Result<(), Stop> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Stop::NobodyReads),
        Err(error) => {
            Err(Finding::error("cannot-write", format!("cannot write to the standard output: {}", cause(&error)))
                .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let (mut out, mut err) = (Closed(io::ErrorKind::BrokenPipe), Vec::new());
        let mut console = Console::new(&mut out, &mut err);
        let stop = console.print("x").expect_err("closed");
        assert_eq!(console.stop(stop, false), OK);
        assert!(err.is_empty());
    }

    #[test]
    fn a_full_disk_is_one_even_for_json() {
        let (mut out, mut err) = (Closed(io::ErrorKind::StorageFull), Vec::new());
        let mut console = Console::new(&mut out, &mut err);
        let stop = console.print("x").expect_err("full");
        assert_eq!(console.stop(stop, true), FAILED);
        assert!(String::from_utf8_lossy(&err).contains("cannot write to the standard output"));
    }
}
