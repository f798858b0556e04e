//! Queries from inside the backend: what is printed does not depend on the caller's settings, and they stay as they were.

use crate::support::Cluster;

const FOREIGN: &str = "set datestyle = german; set timezone = 'Asia/Tokyo'; set intervalstyle = iso_8601; set extra_float_digits = 0; set bytea_output = escape; ";

const VALUES: &str =
    "select date ''2020-02-03'', timestamptz ''2020-02-03 04:05Z'', interval ''1 day 2 hours'', 1.1::float8 / 3, ''\\x00ff''::bytea";

#[test]
fn values_are_printed_alike_under_all_settings() {
    let database = Cluster::shared().fresh_database("session_values");

    for pinned in ["true", "false"] {
        let rows = database.psql(&format!("{FOREIGN} select * from synthgen.probe_rows('{VALUES}', {pinned}, '{{}}')"));

        let printed = r#"["2020-02-03","2020-02-03 04:05:00+00","1 day 02:00:00","0.3666666666666667","\\x00ff"]"#;
        assert_eq!(rows.lines().last(), Some(printed), "pinned: {pinned}");
    }
}

#[test]
fn users_code_runs_under_the_callers_settings() {
    let database = Cluster::shared().fresh_database("session_callers");
    let query = "select current_setting(''search_path''), current_setting(''datestyle'')";

    let caller = database.psql(&format!("set search_path = a, b; {FOREIGN} select * from synthgen.probe_rows('{query}', false, '{{}}')"));
    let pinned = database.psql(&format!("set search_path = a, b; {FOREIGN} select * from synthgen.probe_rows('{query}', true, '{{}}')"));

    assert_eq!(caller.lines().last(), Some(r#"["a, b","German, DMY"]"#));
    assert_eq!(pinned.lines().last(), Some(r#"["pg_catalog, pg_temp","ISO, YMD"]"#));
}

#[test]
fn settings_are_put_back_after_success_and_after_an_error() {
    let database = Cluster::shared().fresh_database("session_back");
    let after = "select current_setting('search_path') || ' ' || current_setting('datestyle') || ' ' || current_user";
    let failing = "do $$ begin perform synthgen.probe_rows('select 1/0', true, '{}'); exception when division_by_zero then null; end $$";

    let succeeded = database.psql(&format!("set search_path = a; {FOREIGN} select synthgen.probe_rows('select 1', true, '{{}}'); {after}"));
    let failed = database.psql(&format!("set search_path = a; {FOREIGN} {failing}; {after}"));

    assert_eq!(succeeded.lines().last(), Some("a German, DMY postgres"));
    assert_eq!(failed.lines().last(), Some("a German, DMY postgres"));
}

#[test]
fn long_results_come_whole() {
    let database = Cluster::shared().fresh_database("session_long");

    let sum =
        database.psql("select sum((r::jsonb ->> 0)::int) from synthgen.probe_rows('select generate_series(1, 2500)', true, '{}') as r");

    assert_eq!(sum, "3126250");
}

#[test]
fn notices_obey_progress() {
    let database = Cluster::shared().fresh_database("session_progress");
    let (mut client, heard) = database.connect_hearing();

    for setting in ["notice", "info", "off"] {
        client.batch_execute(&format!("set synthgen.progress = {setting}; select synthgen.probe_notice('{setting}')")).expect("runs");
    }

    let heard = heard.lock().expect("nobody else holds it").clone();
    assert_eq!(heard, [("NOTICE".to_owned(), "notice".to_owned()), ("INFO".to_owned(), "info".to_owned())]);
}

#[test]
fn limits_and_the_switch_are_the_superusers() {
    let database = Cluster::shared().fresh_database("session_settings");
    database.psql("drop role if exists session_settings; create role session_settings login; load 'synthgen'");
    let mut client = database.connect_as("session_settings");
    client.batch_execute("select synthgen.check_rules('nowhere', '{}')").expect_err("but the library is loaded");

    for (setting, allowed) in [
        ("synthgen.progress = off", true),
        ("synthgen.contacts = as_written", true),
        ("synthgen.stored_rows = 10", true),
        ("synthgen.ranked_rows = 10", true),
        ("synthgen.max_rows = 10", false),
        ("synthgen.allow = on", false),
        ("synthgen.unheard_of = on", false),
    ] {
        assert_eq!(client.batch_execute(&format!("set {setting}")).is_ok(), allowed, "{setting}");
    }
}

#[test]
fn a_fault_of_ours_is_an_error_like_others() {
    let database = Cluster::shared().fresh_database("session_fault");
    let mut client = database.connect();

    let error = client.batch_execute("select synthgen.probe_fault()").expect_err("it fails");

    let error = error.as_db_error().expect("the server answered");
    assert_eq!((error.code().code(), error.message(), error.detail()), ("XX000", "internal error: told to", None));
    assert!(error.hint().is_some_and(|hint| hint.contains("src/extension/probe.rs:")), "{error:?}");
    client.batch_execute("select 1").expect("the session goes on");
}
