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
        conversion_failed,
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
        image_floats,
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
    spark {
        spark_key_unknown,
        spark_key_renamed,
        spark_key_of_other_version,
        spark_value_type,
        spark_conf_syntax,
        spark_conf_not_expanded,
        spark_key_twice,
        spark_property_ignored,
        spark_driver_host,
        spark_driver_ports,
        spark_driver_service,
        spark_driver_pod_name,
        spark_executor_name_fixed,
        spark_executor_template,
        spark_file_missing,
        spark_one_driver,
        spark_daemonizes,
        spark_connect_through_class,
        spark_grpc_probe,
        spark_probe_path,
        spark_metrics_html,
        spark_metrics_slash,
        spark_image_floats,
        image_withdrawn,
        spark_user_unknown,
        spark_event_log_place,
        spark_event_log_default,
        spark_event_log_rolling,
        spark_event_log_file_size,
        spark_event_log_made,
        spark_memory_limit,
        spark_heap_in_options,
        spark_pyspark_memory,
        spark_driver_role,
        spark_driver_token,
        spark_on_demand_claim,
        spark_encryption,
        spark_shuffle_tracking,
        spark_shuffle_service,
        spark_celeborn,
        spark_celeborn_jar,
        spark_celeborn_dynamic,
        spark_celeborn_reader,
        spark_s3_provider,
        spark_jar_versions,
        spark_connect_catalog,
        spark_table_extension,
        spark_connect_jar,
        spark_class_missing,
        spark_s3_client,
        spark_connect_bypassed,
        spark_connect_client_tls,
        spark_connect_token,
        spark_ivy_dir,
        spark_master_rest,
        spark_worker_dir,
        hive_schema_again,
        hive_auto_create,
        hive_site_quotes,
        hive_version,
        hive_client_version,
        s3a_web_identity,
        mlflow_allowed_hosts,
        celeborn_ports,
        spark_magic_committer,
        spark_driver_host_short,
        spark_submit_role,
        spark_executor_fits_worker,
        spark_state_lost,
        spark_operator_security_fields,
        spark_client_newer,
        spark_jar_of_image,
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
        job_runs_again,
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
        let mut last = report.place(Some(wrong.source.place(wrong.span)), wrong.message.clone());
        if let Some(help) = &wrong.help {
            last = last.help(help.clone());
        }
        if wrong.guarded {
            last.severity(sparkyard_model::Severity::Warning);
        }
    }
}
