//! `sparkyard compare WHAT`.

use serde_json::json;
use sparkyard_model::{Catalogue, Finding};
use sparkyard_yaml::did_you_mean;

use crate::args::{CompareArgs, Format};
use crate::console::Console;
use crate::{OK, Outcome, table};

pub(crate) fn run(args: &CompareArgs, catalogue: &Catalogue, console: &mut Console<'_>) -> Outcome {
    let compared = catalogue.compared();
    let Some(comparison) = compared.iter().find(|comparison| comparison.id == args.what) else {
        let finding = Finding::error("unknown-id", format!("no comparison `{}`", args.what));
        let ids = compared.iter().map(|comparison| comparison.id.as_str());
        return Err(finding.help(did_you_mean(&args.what, ids)).into());
    };
    match args.output {
        Format::Json => console.json(&json!(comparison))?,
        Format::Table => {
            let text = table::side_by_side(&comparison.header(), &comparison.table());
            console.print(&format!("{}\n\n{text}", comparison.title))?;
        }
    }
    Ok(OK)
}
