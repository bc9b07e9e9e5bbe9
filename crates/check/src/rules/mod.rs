//! The rules, one file each. A new one is its file and one word here.

use crate::rule::Rule;

/// Declares each rule's module and the slice that lists them.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule, in the order of the book.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    // Values and templates
    undefined_value,
    dead_value,
    uncalled_define,
    unknown_include,
    // Names and labels
    labels_complete,
    // References
    dangling_service_account,
    // Security
    pod_admission,
    read_only_root,
    // Resources and availability
    resources_set,
}

/// What the walk through the templates found of one kind.
fn walked(
    source: &crate::context::ChartSource<'_>,
    report: &mut crate::report::Report,
    mistake: sparkyard_template::walk::Mistake,
) {
    for wrong in source.walk().wrong.iter().filter(|wrong| wrong.mistake == mistake) {
        let last = report.place(Some(wrong.source.place(wrong.span)), wrong.message.clone());
        if let Some(help) = &wrong.help {
            last.help(help.clone());
        }
    }
}
