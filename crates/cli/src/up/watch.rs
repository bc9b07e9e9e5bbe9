//! Waits until a stack runs, or until it is known that it will not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use sparkyard_diagnose::{Cause, Component, State, components, diagnose};

use crate::cluster::Cluster;
use crate::console::{Console, Stop};

/// Time between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// How often in a row the cluster may fail to answer: one of several API servers may be away for a moment.
const SILENCES: u32 = 5;

/// How waiting ended.
pub(super) enum End {
    /// All runs.
    Runs,
    /// What is wrong does not mend itself.
    Hopeless,
    /// Time is up.
    Late(u64),
}

impl End {
    /// What to say before the table.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            End::Runs => None,
            End::Hopeless => Some("waiting longer will not help:".to_owned()),
            End::Late(seconds) => Some(format!(
                "not all runs after {seconds} s (--timeout); the cluster goes on, `sparkyard status` looks again"
            )),
        }
    }
}

/// Shows how far each component is: lines that move on a terminal, a line for each change elsewhere.
struct Progress {
    bars: Option<(MultiProgress, BTreeMap<String, ProgressBar>)>,
    said: BTreeMap<String, String>,
}

impl Progress {
    fn new() -> Self {
        let bars = std::io::stderr().is_terminal().then(|| (MultiProgress::new(), BTreeMap::new()));
        Self { bars, said: BTreeMap::new() }
    }

    fn show(&mut self, all: &[Component], started: Instant, console: &mut Console<'_>) -> Result<(), Stop> {
        for component in all {
            let text = format!("{}: {}", component.state, component.detail);
            let is_new = self.said.insert(component.name.clone(), text.clone()).as_ref() != Some(&text);
            match &mut self.bars {
                Some((group, bars)) => {
                    let bar = bars.entry(component.name.clone()).or_insert_with(|| {
                        let bar = group.add(ProgressBar::new_spinner());
                        bar.set_style(
                            ProgressStyle::with_template("{spinner} {prefix:16} {elapsed:>4} {msg}")
                                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
                        );
                        bar.set_prefix(component.name.clone());
                        bar.enable_steady_tick(Duration::from_millis(120));
                        bar
                    });
                    bar.set_message(text);
                    if component.state.is_good() && !bar.is_finished() {
                        bar.finish();
                    }
                }
                None if is_new => {
                    console.say(&format!("{:>4} s  {}: {text}", started.elapsed().as_secs(), component.name))?
                }
                None => {}
            }
        }
        Ok(())
    }

    /// A line above what moves.
    fn say(&self, line: &str, console: &mut Console<'_>) -> Result<(), Stop> {
        match &self.bars {
            Some((group, _)) => {
                let _ = group.println(line);
                Ok(())
            }
            None => console.say(line),
        }
    }
}

/// Looks again and again.
pub(super) fn until_it_runs(
    stack: &str,
    timeout: u64,
    cluster: &Cluster,
    console: &mut Console<'_>,
) -> Result<End, Stop> {
    let started = Instant::now();
    let mut progress = Progress::new();
    let mut since: BTreeMap<(&'static str, String), Instant> = BTreeMap::new();
    let mut good_for = 0;
    let mut silences = 0;
    let end = loop {
        let observed = match cluster.observe(stack) {
            Ok(observed) => observed,
            Err(why) if why.rule == "no-right" || silences == SILENCES || started.elapsed().as_secs() >= timeout => {
                return Err(why.into());
            }
            Err(why) => {
                silences += 1;
                progress.say(&format!("{}; asked again", why.message), console)?;
                std::thread::sleep(PAUSE);
                continue;
            }
        };
        silences = 0;
        let all = components(&observed);
        progress.show(&all, started, console)?;
        // What is wrong with a component that is well is history: a nightly job that failed once.
        let is_well = |cause: &Cause| all.iter().any(|one| one.name == cause.component && one.state.is_good());
        let mut causes = if all.iter().all(|one| one.state.is_good()) { Vec::new() } else { diagnose(&observed) };
        causes.retain(|cause| !is_well(cause));
        let now: BTreeSet<(&'static str, String)> = causes.iter().map(key).collect();
        since.retain(|key, _| now.contains(key));
        for cause in &causes {
            since.entry(key(cause)).or_insert_with(Instant::now);
        }
        let over = causes.iter().find(|cause| since[&key(cause)].elapsed().as_secs() >= cause.patience.max(3));
        if let Some(cause) = over {
            progress.say(&format!("{}: {}", cause.component, cause.message), console)?;
            break End::Hopeless;
        }
        let starts = all.iter().any(|one| matches!(one.state, State::Starting | State::Failed | State::Stopped));
        // Twice: between two charts' objects there may be a moment with nothing left to wait for.
        good_for = if starts || all.is_empty() { 0 } else { good_for + 1 };
        if good_for >= 2 {
            break End::Runs;
        }
        if started.elapsed().as_secs() >= timeout {
            break End::Late(timeout);
        }
        std::thread::sleep(PAUSE);
    };
    Ok(end)
}

fn key(cause: &Cause) -> (&'static str, String) {
    (cause.rule, cause.object.clone())
}
