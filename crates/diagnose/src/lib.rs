//! Why a stack does not run: a pure function from what a cluster says of its objects, events and logs to causes.
//!
//! One cause, one file of `rules/`, with the words of its section in docs/fix.md. Nothing here talks to a cluster:
//! [`wanted_logs`] says which logs to fetch, [`diagnose`] reads them.

mod cause;
mod observed;
mod page;
mod rule;
mod rules;
mod state;
mod words;

pub use cause::{Cause, diagnose};
pub use observed::{Log, Observed, Wanted, is_default_class, wanted_logs};
pub use page::page;
pub use rule::{Found, Rule};
pub use rules::RULES;
pub use state::{Component, State, components};
