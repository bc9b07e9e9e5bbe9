//! A command of another program: what is run is what `--dry-run` prints.

use std::process::{Command, Output, Stdio};

use sparkyard_model::Finding;

use super::tool::missing;
use crate::up::quoted;

/// A command.
#[derive(Debug, Clone)]
pub(super) struct Step {
    env: Option<(&'static str, String)>,
    words: Vec<String>,
}

impl Step {
    /// A command of these words, the program first.
    pub(super) fn new(words: &[&str]) -> Self {
        Self { env: None, words: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    /// The same with a variable.
    pub(super) fn with_env(mut self, env: Option<(&'static str, String)>) -> Self {
        self.env = env;
        self
    }

    /// As a person types it.
    pub(super) fn text(&self) -> String {
        let env = self.env.as_ref().map(|(name, value)| format!("{name}={} ", quoted(value)));
        let words: Vec<String> = self.words.iter().map(|word| quoted(word)).collect();
        env.unwrap_or_default() + &words.join(" ")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs it to its end; what it prints is seen, but is no result of ours.
    pub(super) fn run(&self) -> Result<(), Finding> {
        let mut command = self.command();
        command.stdout(Stdio::from(std::io::stderr()));
        let status = command.status().map_err(|error| missing(&self.words[0], &error))?;
        if status.success() {
            return Ok(());
        }
        let message = format!("`{}` ended with {status}; what it said stands above", self.text());
        let help = "mend what it names and run the same again: it goes on where it was";
        Err(Finding::error("local-failed", message).help(help))
    }

    /// What it prints, whether it succeeds or not.
    pub(super) fn ask(&self) -> Result<Output, Finding> {
        self.command().output().map_err(|error| missing(&self.words[0], &error))
    }

    /// What it prints; that it fails is an error.
    pub(super) fn must_answer(&self) -> Result<String, Finding> {
        let output = self.ask()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(if output.stderr.is_empty() { &output.stdout } else { &output.stderr });
        Err(Finding::error("local-failed", format!("`{}` failed: {}", self.text(), said.trim())))
    }

    /// What it prints; `None` when it fails.
    pub(super) fn answer(&self) -> Result<Option<String>, Finding> {
        let output = self.ask()?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}
