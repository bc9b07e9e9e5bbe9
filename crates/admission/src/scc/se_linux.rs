//! `seLinuxOptions`.

use super::reasons::Reasons;
use super::rules::Rules;
use crate::pod::{Place, SeLinux};

pub(super) fn check(rules: &Rules<'_>, place: Place<'_>, options: Option<SeLinux<'_>>, reasons: &mut Reasons<'_>) {
    // Options that are absent were filled in.
    let (Some(wanted), Some(options)) = (rules.se_linux, options) else { return };
    let fields = [
        ("level", wanted.level, options.level, is_same_level(wanted.level, options.level)),
        ("role", wanted.role, options.role, wanted.role == options.role),
        ("type", wanted.kind, options.kind, wanted.kind == options.kind),
        ("user", wanted.user, options.user, wanted.user == options.user),
    ];
    for (field, wanted, is, _) in fields.into_iter().filter(|(.., fits)| !fits) {
        let said = |text: &str| if text.is_empty() { "absent".to_owned() } else { format!("`{text}`") };
        let message = format!("the SELinux {field} is {}, it must be {}", said(is), said(wanted));
        let help = "remove `seLinuxOptions` as a whole, an empty map too: OpenShift fills it in";
        reasons.secured("seLinuxOptions", place, &format!("seLinuxOptions.{field}"), message, help);
    }
}

/// Whether two levels are the same but for the order of their categories: `s0:c1,c0` and `s0:c0,c1`.
fn is_same_level(a: &str, b: &str) -> bool {
    let sorted = |categories: &str| {
        let mut categories: Vec<String> = categories.split(',').map(str::to_owned).collect();
        categories.sort_unstable();
        categories
    };
    a == b
        || match (a.split_once(':'), b.split_once(':')) {
            (Some((a, of_a)), Some((b, of_b))) => a == b && sorted(of_a) == sorted(of_b),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::is_same_level;

    #[test]
    fn the_order_of_categories_does_not_matter() {
        assert!(is_same_level("s0:c26,c15", "s0:c15,c26"));
        assert!(is_same_level("s0", "s0"));
        for (a, b) in [("s0:c26,c15", "s1:c26,c15"), ("s0:c26,c15", "s0:c26"), ("s0:c26", ""), ("s0", "s1")] {
            assert!(!is_same_level(a, b), "{a} {b}");
        }
    }
}
