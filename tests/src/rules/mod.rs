//! The rules that every rendered chart obeys. Their numbers are those of the list of rules in the
//! design notes; each is a small function over one render that says which object breaks it.

mod duplicates;
mod identity;
mod images;
mod kinds;
mod labels;
mod names;
mod namespace;
mod pods;
mod probes;
mod resources;
mod selectors;

pub use images::{Images, listed_images};
pub use names::colliding;

use crate::render::{Render, type_errors};

/// One rule.
pub struct Rule {
    /// Number.
    pub id: &'static str,
    /// What it asks for.
    pub asks: &'static str,
    /// What breaks it in a render.
    pub check: fn(&Render) -> Vec<String>,
}

/// Every rule that one render can break.
pub const RULES: [Rule; 24] = [
    Rule { id: "Q01", asks: "pods pass Pod Security `restricted`", check: pods::restricted },
    Rule { id: "Q03", asks: "no ids and no SELinux options on OpenShift", check: identity::none_on_openshift },
    Rule { id: "Q04", asks: "a numeric user above 0 on Kubernetes", check: identity::numeric_on_kubernetes },
    Rule { id: "Q05", asks: "nothing empty in a security context", check: identity::nothing_empty },
    Rule { id: "Q06", asks: "the root file system is read-only", check: pods::read_only_root },
    Rule { id: "Q08", asks: "only namespaced kinds that a project admin may create", check: kinds::allowed },
    Rule { id: "Q09", asks: "whether the token is mounted is written down", check: pods::token_is_explicit },
    Rule { id: "Q16", asks: "images have a full tag or a digest", check: images::pinned },
    Rule { id: "Q19", asks: "requests for CPU and memory and a limit on memory", check: resources::are_set },
    Rule { id: "Q20", asks: "every emptyDir has a size limit", check: resources::empty_dirs_have_limits },
    Rule { id: "Q22", asks: "whoever serves has the probes that it needs", check: probes::are_there },
    Rule { id: "Q23", asks: "ports of probes and Services exist", check: probes::ports_exist },
    Rule { id: "Q30", asks: "selectors hold what never changes", check: selectors::are_stable },
    Rule { id: "Q33", asks: "every selector finds a pod", check: selectors::find_pods },
    Rule { id: "Q34", asks: "all standard labels, all valid", check: labels::are_complete },
    Rule { id: "Q35", asks: "names are valid, short enough and unique", check: names::are_valid },
    Rule { id: "Q37", asks: "no namespace but the release's own", check: namespace::is_the_releases },
    Rule { id: "Q54", asks: "every field is one that Kubernetes knows", check: type_errors },
    Rule { id: "Q55", asks: "no duplicates in lists that are maps", check: duplicates::none },
    Rule { id: "Q56", asks: "Jobs end and are cleaned up", check: kinds::jobs_end },
    Rule { id: "Q10", asks: "every pod has a ServiceAccount of its own", check: pods::own_account },
    Rule { id: "Q11", asks: "roles have no wildcards and no list of Secrets", check: kinds::roles_are_narrow },
    Rule { id: "Q12", asks: "containers listen on ports from 1024", check: pods::high_ports },
    Rule { id: "links", asks: "no environment variables made of Service names", check: pods::no_service_links },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn good_objects_break_no_rule() {
        let objects = [sample::good_deployment(), sample::good_service(), sample::account("demo-connect")];
        let render = sample::render(false, objects);
        for rule in RULES {
            assert_eq!((rule.check)(&render), Vec::<String>::new(), "{}", rule.id);
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
    }
}
