//! A constraint with the ids of a namespace put in.

use super::constraint::{Groups, Scc, Strategy, UserStrategy};
use super::namespace::{IdRange, Namespace};
use crate::pod::SeLinux;

/// What a constraint demands in one namespace.
pub(super) struct Rules<'a> {
    pub(super) scc: &'a Scc,
    pub(super) users: Users,
    /// None where any options do.
    pub(super) se_linux: Option<SeLinux<'a>>,
    pub(super) fs_group: GroupRule,
    pub(super) supplemental: GroupRule,
    /// Sysctls that every pod may set.
    pub(super) safe_sysctls: &'a [String],
}

/// Who a container may run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Users {
    Any,
    NonRoot,
    Range { first: i64, last: i64, of_namespace: bool },
}

/// Which groups a pod may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GroupRule {
    Any,
    Ranges { ranges: Vec<(i64, i64)>, of_namespace: bool },
}

impl<'a> Rules<'a> {
    pub(super) fn new(scc: &'a Scc, namespace: &'a Namespace, safe_sysctls: &'a [String]) -> Self {
        // fsGroup is held to the first id alone, not to the range (openshift-and-chart-quality, fact 3).
        let first: Vec<IdRange> =
            namespace.groups.first().map(|range| IdRange { last: range.first, ..*range }).into_iter().collect();
        Rules {
            scc,
            users: users(scc, namespace),
            se_linux: se_linux(scc, namespace),
            fs_group: groups(&scc.fs_group, &first),
            supplemental: groups(&scc.supplemental_groups, &namespace.groups),
            safe_sysctls,
        }
    }
}

fn users(scc: &Scc, namespace: &Namespace) -> Users {
    let user = &scc.run_as_user;
    match (user.strategy, user.uid, user.uid_range_min.zip(user.uid_range_max)) {
        (UserStrategy::RunAsAny, ..) => Users::Any,
        (UserStrategy::MustRunAsNonRoot, ..) => Users::NonRoot,
        (UserStrategy::MustRunAs, Some(uid), _) => Users::Range { first: uid, last: uid, of_namespace: false },
        (UserStrategy::MustRunAsRange, _, Some((first, last))) => Users::Range { first, last, of_namespace: false },
        // `Scc::check` lets through nothing else than a range without ends.
        _ => {
            Users::Range { first: namespace.users.first.into(), last: namespace.users.last.into(), of_namespace: true }
        }
    }
}

fn se_linux<'a>(scc: &'a Scc, namespace: &'a Namespace) -> Option<SeLinux<'a>> {
    let context = &scc.se_linux_context;
    let options = &context.se_linux_options;
    let level = if options.level.is_empty() { &namespace.level } else { &options.level };
    let wanted = SeLinux { user: &options.user, role: &options.role, kind: &options.kind, level };
    (context.strategy == Strategy::MustRunAs).then_some(wanted)
}

fn groups(rule: &Groups, of_namespace: &[IdRange]) -> GroupRule {
    match (rule.strategy, rule.ranges.as_slice()) {
        (Strategy::RunAsAny, _) => GroupRule::Any,
        (Strategy::MustRunAs, []) => GroupRule::Ranges {
            ranges: of_namespace.iter().map(|range| (range.first.into(), range.last.into())).collect(),
            of_namespace: true,
        },
        (Strategy::MustRunAs, ranges) => GroupRule::Ranges {
            ranges: ranges.iter().map(|range| (range.min, range.max)).collect(),
            of_namespace: false,
        },
    }
}
