//! The rules, one file each, in a folder for each group. A new one is its file and one word here.

use crate::rule::Rule;

/// Declares each rule's module and the slice that lists them.
macro_rules! rules {
    ($($group:ident { $($module:ident),* $(,)? })*) => {
        $(mod $group { $(pub(super) mod $module;)* })*
        /// Every rule, in the order of the book.
        pub static RULES: &[&Rule] = &[$($(&$group::$module::RULE),*),*];
    };
}

rules! {
    values {
        undefined_value,
        dead_value,
        uncalled_define,
        unknown_include,
        unknown_file,
        not_a_member,
        unreachable_branch,
        type_misuse,
        condition_exists,
        default_password,
        define_prefix,
        schema_closed,
        values_documented,
        yaml_style,
    }
    names {
        labels_complete,
        object_name,
        label_values,
        hardcoded_namespace,
        stable_selectors,
        selector_per_release,
    }
    references {
        dangling_service_account,
        dangling_secret,
        dangling_config_map,
        dangling_key,
        dangling_claim,
        unknown_volume,
        unmounted_volume,
        unknown_service_host,
        unknown_service_port,
        service_selects_nothing,
        dangling_target_port,
        undeclared_target_port,
        policy_selects_nothing,
        monitor_selects_nothing,
        monitor_port,
        dangling_backend,
        dangling_scale_target,
        dangling_role,
        dangling_governing_service,
    }
    security {
        pod_admission,
        read_only_root,
        fixed_ids_on_openshift,
        numeric_user,
        empty_security_context,
        unwritable_path,
        cluster_scoped,
        token_mount_unsaid,
        default_service_account,
        wide_role,
        low_port,
        service_links,
        secret_in_clear,
    }
    network {
        wire_blocked,
        egress_dns,
        egress_dns_tcp,
        egress_api,
        exposed_service,
        exposed_without_tls,
        ignored_ingress,
        old_ingress_class,
        grpc_route,
    }
    resources {
        resources_set,
        empty_dir_size,
        probes_set,
        startup_time,
        pdb_sense,
        hpa_replicas,
        spread_replicas,
        recreate_with_claim,
        grace_period,
        job_limits,
    }
    objects {
        api_served,
        api_deprecated,
        unknown_field,
        missing_field,
        wrong_type,
        bad_choice,
        duplicate_item,
        duplicate_key,
        duplicate_object,
        selector_fits_template,
        one_of,
        ports_valid,
        pod_names,
        numbers_valid,
        resources_sense,
        restart_policy,
        cron_schedule,
        config_keys,
        rbac_valid,
        network_valid,
        downward_fields,
        mounts_valid,
        secret_type,
        scheduling_valid,
    }
    upgrade {
        immutable_selector,
        immutable_statefulset,
        immutable_job,
        immutable_service,
        immutable_claim,
        immutable_role_ref,
        immutable_config,
        immutable_class,
        removed_data,
    }
    packaging {
        chart_metadata,
        chart_documents,
        dependencies_pinned,
    }
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
