//! The language model from inside a backend: settings, rights, what is kept, what is told, how it is stopped.

use std::time::{Duration, Instant};

use postgres::Client;

use crate::model_server::ModelServer;
use crate::stall::{set, until};
use crate::support::{Cluster, Database, kill};

/// A database whose sessions ask a model that behaves so.
pub(crate) fn with_model(name: &str, server: &ModelServer, behaviour: &str) -> Database<'static> {
    with_model_in(Cluster::shared(), name, server, behaviour)
}

pub(crate) fn with_model_in<'c>(cluster: &'c Cluster, name: &str, server: &ModelServer, behaviour: &str) -> Database<'c> {
    let database = cluster.fresh_database(name);
    set(&database, name, "llm_base_url", &server.base_url(behaviour));
    set(&database, name, "llm_models", "small, large");
    set(&database, name, "llm_timeout", "2s");
    database
}

pub(crate) fn converse(client: &mut Client, mode: &str, questions: i32, prefix: &str) -> Vec<String> {
    let rows = client.query(&format!("select synthgen.probe_converse('{mode}', {questions}, '{prefix}')"), &[]).expect("it converses");
    rows.iter().map(|row| row.get(0)).collect()
}

fn count(lines: &[String], word: &str) -> usize {
    lines.iter().filter(|line| line.split(' ').nth(1) == Some(word)).count()
}

#[test]
fn a_check_tells_what_there_is() {
    let server = ModelServer::start();
    let database = with_model("model_check", &server, "");

    let told = database.psql("select item || ': ' || value from synthgen.llm_check()");

    for line in ["model: small", "key: none", "structured output: json_schema, strict", "reply: as asked for", "prices: 0 USD"] {
        assert!(told.contains(line), "{line} in\n{told}");
    }
    assert!(told.contains("(chat completions)") && told.contains("latency: "), "{told}");
    assert_eq!(server.asked().len(), 1);
    assert_eq!(database.psql("select run_id is null, purpose, outcome from synthgen.llm_call"), "t|check|ok");
}

#[test]
fn a_check_tells_the_exact_failure() {
    let server = ModelServer::start();
    for (behaviour, failure) in [
        ("status:404", "failure: the server answered 404: told to"),
        ("quota", "failure: the server answered 429: You exceeded your current quota, please check your plan and billing details."),
        ("schema_ignored", "reply: not as asked for: The first row could be a lamp"),
    ] {
        let database = with_model("model_check_failure", &server, behaviour);
        let told = database.psql("select item || ': ' || value from synthgen.llm_check()");
        assert!(told.contains(failure), "{behaviour}:\n{told}");
    }
    let unset = Cluster::shared().fresh_database("model_check_unset");
    let told = unset.psql("select item || ': ' || value from synthgen.llm_check()");
    assert_eq!(told, "failure: synthgen.llm_base_url is not set in this session");
}

#[test]
fn what_was_answered_is_recorded_and_replayed() {
    let server = ModelServer::start();
    let database = with_model("model_record", &server, "");
    let mut client = database.connect();

    let first = converse(&mut client, "auto", 20, "record");
    assert_eq!(count(&first, "answered"), 20, "{first:?}");
    assert_eq!(converse(&mut client, "look", 21, "record").iter().filter(|line| line.contains("NotStored")).count(), 1);
    let again = converse(&mut database.connect(), "replay", 20, "record");
    assert_eq!(count(&again, "replayed"), 20, "{again:?}");

    assert_eq!(server.asked().len(), 20);
    let recorded = database.psql(
        "select run_id, count(*), count(*) filter (where replayed), min(call), max(call), sum(requests), bool_and(prompt like 'Batch % of record: exactly 2 rows.'),
                bool_and(reply like '{\"rows\":%'), bool_and(outcome = 'ok'), bool_and(extracted is not null), min(table_name)
         from synthgen.llm_call group by run_id order by run_id",
    );
    assert_eq!(recorded, "1|20|0|1|20|20|t|t|t|t|s.t\n2|20|20|1|20|0|t|t|t|t|s.t");
    assert_eq!(database.psql("select synthgen.probe_stored(array['record 1', 'record 21'])"), "{t,f}");
}

#[test]
fn a_rollback_loses_no_reply() {
    let server = ModelServer::start();
    let database = with_model("model_rollback", &server, "");
    let mut client = database.connect();

    client.batch_execute("begin").expect("a transaction begins");
    converse(&mut client, "auto", 7, "rollback");
    client.batch_execute("rollback").expect("it is rolled back");

    assert_eq!(database.psql("select count(*) from synthgen.llm_reply"), "0");
    assert_eq!(database.psql("select synthgen.probe_stored(array['rollback 7'])"), "{t}");
    assert_eq!(count(&converse(&mut client, "auto", 9, "rollback"), "replayed"), 7);
    assert_eq!(server.asked().len(), 9);
    assert_eq!(database.psql("select count(*) from synthgen.llm_reply"), "9");
}

#[test]
fn an_error_and_a_savepoint_lose_no_reply() {
    let server = ModelServer::start();
    let database = with_model("model_savepoint", &server, "");
    let mut client = database.connect();

    client
        .batch_execute(
            "do $$ begin
                 begin perform synthgen.probe_converse('auto', 3, 'savepoint'); raise 'no'; exception when others then null; end;
                 perform synthgen.probe_converse('auto', 4, 'savepoint');
             end $$",
        )
        .expect("the block runs");
    client
        .batch_execute("do $$ begin perform synthgen.probe_converse('auto', 5, 'savepoint'); raise 'no'; end $$")
        .expect_err("the statement fails");

    assert_eq!(count(&converse(&mut client, "auto", 5, "savepoint"), "replayed"), 5);
    assert_eq!(server.asked().len(), 5);
}

#[test]
fn the_journal_is_emptied_once_its_replies_are_stored() {
    let server = ModelServer::start();
    let database = with_model("model_journal", &server, "");
    let bytes = || {
        database.psql(
            "select size from pg_stat_file('synthgen/' || (select oid from pg_database where datname = current_database()) || '.replies')",
        )
    };
    let mut client = database.connect();

    converse(&mut client, "auto", 3, "journal");
    let full: u64 = bytes().parse().expect("a size");
    converse(&mut client, "auto", 3, "journal");
    let empty: u64 = bytes().parse().expect("a size");

    assert!(full > 300 && empty < 100, "{full} bytes, then {empty}");
    assert_eq!(server.asked().len(), 3);
    assert_eq!(database.psql("select count(*) from synthgen.llm_reply"), "3");
}

#[test]
fn without_a_journal_a_rollback_loses_them_as_told() {
    let server = ModelServer::start();
    let database = with_model("model_no_journal", &server, "");
    set(&database, "model_no_journal", "reply_durability", "transaction");
    let mut client = database.connect();

    client.batch_execute("begin; select synthgen.probe_converse('auto', 2, 'none'); rollback").expect("it is rolled back");

    assert_eq!(count(&converse(&mut client, "auto", 2, "none"), "answered"), 2);
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn two_sessions_do_not_wait_for_each_others_replies() {
    let server = ModelServer::start();
    let database = with_model("model_two", &server, "");
    let (mut one, mut two) = (database.connect(), database.connect());
    two.batch_execute("set statement_timeout = '5s'").expect("it is set");

    one.batch_execute("begin").expect("a transaction begins");
    converse(&mut one, "auto", 3, "two");
    let seen = converse(&mut two, "auto", 4, "two");
    one.batch_execute("commit").expect("it commits");

    assert_eq!((count(&seen, "replayed"), count(&seen, "answered")), (3, 1), "{seen:?}");
    assert_eq!(count(&converse(&mut two, "auto", 4, "two"), "replayed"), 4);
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn limits_end_the_asking_and_one_notice_says_so() {
    let server = ModelServer::start();
    let database = with_model("model_limits", &server, "");
    set(&database, "model_limits", "llm_max_calls", "3");
    let (mut client, notices) = database.connect_hearing();

    let heard = converse(&mut client, "auto", 6, "limits");

    assert_eq!((count(&heard, "answered"), count(&heard, "Closed")), (3, 3), "{heard:?}");
    assert_eq!(server.asked().len(), 3);
    let told: Vec<String> = notices.lock().expect("nobody else").iter().map(|(_, text)| text.clone()).collect();
    assert_eq!(told, ["model: no longer asked: the limit of 3 calls is reached (synthgen.llm_max_calls)"]);
}

#[test]
fn every_misbehaviour_is_told_in_the_record() {
    let server = ModelServer::start();
    for (behaviour, told) in [
        ("status:503", "the server answered 503: told to (again after"),
        ("quota", "the server answered 429: You exceeded your current quota"),
        ("hang", "no answer within 2.0 s"),
        ("redirect", "redirects are not followed"),
        ("big", "longer than"),
        ("bomb", "compressed (gzip)"),
        ("cut", "not JSON"),
        ("reset", "the connection to 127.0.0.1"),
    ] {
        let database = with_model("model_misbehaves", &server, behaviour);
        let heard = converse(&mut database.connect(), "auto", 1, "misbehaves");
        assert!(heard[0].starts_with("1 Question") || heard[0].starts_with("1 Closed"), "{behaviour}: {heard:?}");
        let recorded = database.psql("select outcome || ' ' || error from synthgen.llm_call");
        assert!(recorded.starts_with("failed ") && recorded.contains(told), "{behaviour}: {recorded}");
    }
}

#[test]
fn what_cannot_be_stored_does_not_stop_the_record() {
    let server = ModelServer::start();
    for behaviour in ["nul", "utf8", "empty", "injection"] {
        let database = with_model("model_odd", &server, behaviour);
        let heard = converse(&mut database.connect(), "auto", 1, "odd");
        assert_eq!(count(&heard, "answered"), 1, "{behaviour}: {heard:?}");
        assert_eq!(database.psql("select outcome, extracted ->> 'nul' from synthgen.llm_call"), "ok|a\u{fffd}b", "{behaviour}");
    }
}

/// Begins a conversation of eight whose later replies never come, and waits until the first ones are kept.
fn begin_and_hang(database: &Database, server: &ModelServer, kept: usize, prefix: &str) -> (i32, std::thread::JoinHandle<bool>) {
    let mut client = database.connect();
    let process: i32 = client.query_one("select pg_backend_pid()", &[]).expect("it has one").get(0);
    let statement = format!("select synthgen.probe_converse('auto', 8, '{prefix}')");
    let asked = server.asked().len();
    let waiting = std::thread::spawn(move || client.batch_execute(&statement).is_err());
    until("the replies are kept, or the server is back", || server.asked().len() == asked + 8 && stored(database, prefix) == kept);
    (process, waiting)
}

/// How many of eight replies are stored or in the journal.
fn stored(database: &Database, prefix: &str) -> usize {
    let keys: Vec<String> = (1..=8).map(|number| format!("'{prefix} {number}'")).collect();
    database.psql(&format!("select synthgen.probe_stored(array[{}])", keys.join(", "))).matches('t').count()
}

#[test]
fn a_cancelled_or_terminated_call_loses_no_reply() {
    let server = ModelServer::start();
    let database = with_model("model_ended", &server, "");
    for kept in 0..8 {
        let ending = if kept % 2 == 0 { "pg_terminate_backend" } else { "pg_cancel_backend" };
        let prefix = format!("ended {kept}");
        set(&database, "model_ended", "llm_base_url", &server.base_url(&format!("after:{}+hang", server.asked().len() + kept)));

        let (process, waiting) = begin_and_hang(&database, &server, kept, &prefix);
        let begun = Instant::now();
        database.psql(&format!("select {ending}({process})"));
        assert!(waiting.join().expect("the session ended"), "with an error");
        assert!(begun.elapsed() < Duration::from_secs(1), "{ending}: {:?}", begun.elapsed());

        set(&database, "model_ended", "llm_base_url", &server.base_url(""));
        let heard = converse(&mut database.connect(), "auto", 8, &prefix);
        assert_eq!((count(&heard, "replayed"), count(&heard, "answered")), (kept, 8 - kept), "{heard:?}");
    }
}

#[test]
fn a_killed_backend_loses_no_reply() {
    let server = ModelServer::start();
    let cluster = Cluster::start();
    let database = with_model_in(&cluster, "model_killed", &server, "");
    for kept in [1, 4, 7] {
        let prefix = format!("killed {kept}");
        set(&database, "model_killed", "llm_base_url", &server.base_url(&format!("after:{}+hang", server.asked().len() + kept)));

        let (process, waiting) = begin_and_hang(&database, &server, kept, &prefix);
        kill(process);
        assert!(waiting.join().expect("the session ended"));
        until("the replies are kept, or the server is back", || database.psql_output("select 1").status.success());

        set(&database, "model_killed", "llm_base_url", &server.base_url(""));
        let heard = converse(&mut database.connect(), "auto", 8, &prefix);
        assert_eq!((count(&heard, "replayed"), count(&heard, "answered")), (kept, 8 - kept), "{heard:?}");
    }
}

#[test]
fn settings_that_spend_or_leak_are_the_superusers() {
    let server = ModelServer::start();
    let database = with_model("model_settings", &server, "");
    database.psql("drop role if exists model_settings; create role model_settings login");
    let mut client = database.connect_as("model_settings");

    for setting in [
        "llm_base_url = 'http://localhost:1/v1'",
        "llm_models = 'x'",
        "llm_api_key_file = '/etc/passwd'",
        "llm_role = 'model_settings'",
        "llm_timeout = '1h'",
        "llm_concurrency = 64",
        "llm_max_calls = 100000",
        "llm_max_cost = 100000",
        "llm_rows_per_table = 100000",
        "llm_share = 'rows'",
        "llm_plain_http = on",
        "reply_durability = 'transaction'",
    ] {
        for loaded in [false, true] {
            let mut session = database.connect_as("model_settings");
            if loaded {
                session.batch_execute("select synthgen.rules('public')").expect("the library is loaded");
            }
            // Before the library is loaded any name may be set; loading it drops what the caller may not set.
            let _ = session.batch_execute(&format!("set synthgen.{setting}"));
            let _ = session.batch_execute("select synthgen.rules('public')");
            let name = setting.split(' ').next().expect("a name");
            let value = session.query_one(&format!("select current_setting('synthgen.{name}')"), &[]);
            let wanted = setting.split('\'').nth(1).unwrap_or_else(|| setting.split(' ').nth(2).expect("a value")).to_owned();
            // The file's name may not even be read.
            assert!(value.is_ok_and(|row| row.get::<_, String>(0) != wanted) || name == "llm_api_key_file", "{setting}, loaded: {loaded}");
        }
    }
    client.batch_execute("select synthgen.rules('public'); set synthgen.batch_rows = 10").expect("the size of a batch is the caller's");
}

#[test]
fn who_may_spend_is_the_superusers_to_say() {
    let server = ModelServer::start();
    let database = with_model("model_role", &server, "");
    database.psql(
        "drop role if exists model_role, model_group; create role model_group; create role model_role login;
         grant usage on schema synthgen to model_role",
    );
    let refused = |client: &mut Client| converse(client, "auto", 1, "role").pop().expect("one line");

    assert_eq!(
        refused(&mut database.connect_as("model_role")),
        "role model_role is no superuser, and synthgen.llm_role names no other role"
    );
    set(&database, "model_role", "llm_role", "model_group");
    assert_eq!(refused(&mut database.connect_as("model_role")), "role model_role is no member of the role that synthgen.llm_role names");
    database.psql("grant model_group to model_role");
    assert!(refused(&mut database.connect_as("model_role")).starts_with("1 answered"));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn nobody_reads_anothers_prompts_or_forges_a_reply() {
    let server = ModelServer::start();
    let database = with_model("model_private", &server, "");
    database.psql("drop role if exists model_private; create role model_private login");
    converse(&mut database.connect(), "auto", 2, "private");
    let mut client = database.connect_as("model_private");

    for view in ["llm_call", "llm_reply"] {
        let rows: i64 = client.query_one(&format!("select count(*) from synthgen.{view}"), &[]).expect("it may be read").get(0);
        assert_eq!(rows, 0, "{view}");
    }
    for statement in [
        "insert into synthgen.llm_reply values ('k')",
        "delete from synthgen.llm_reply_stored",
        "update synthgen.llm_price_stored set input_usd = 0",
    ] {
        assert!(client.batch_execute(statement).is_err(), "{statement}");
    }
}

#[test]
fn the_key_shows_nowhere() {
    const KEY: &str = "sk-cluster-51c0ffee";
    let server = ModelServer::start();
    let file = Cluster::shared().secret_file("model_key", KEY);
    for behaviour in ["", "echo_key", "echo_key_reply"] {
        let database = with_model("model_key", &server, behaviour);
        set(&database, "model_key", "llm_api_key_file", &file.display().to_string());
        let mut client = database.connect();
        let heard = converse(&mut client, "auto", 1, "key");
        assert!(!heard[0].contains(KEY), "{behaviour}: {heard:?}");
        let shown = database.psql(
            "select synthgen.llm_check(); select to_jsonb(c) from synthgen.llm_call_stored as c; select to_jsonb(r) from synthgen.llm_reply_stored as r;
             select name, setting from pg_settings where name like 'synthgen%'",
        );
        assert!(!shown.contains(KEY), "{behaviour}: {shown}");
    }
    let sent = server.asked().iter().filter(|asked| asked.headers.iter().any(|(_, value)| value.contains(KEY))).count();
    assert!(sent >= 3, "but it was sent");
    let log = std::fs::read(Cluster::shared().log()).expect("the server logs");
    assert!(!String::from_utf8_lossy(&log).contains(KEY));
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = ModelServer::start();
    let database = with_model("model_key_mode", &server, "");
    let file = Cluster::shared().secret_file("model_key_mode", "sk-x");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
    set(&database, "model_key_mode", "llm_api_key_file", &file.display().to_string());
    let told = || database.psql("select value from synthgen.llm_check() where item = 'failure'");

    assert_eq!(told(), "the file of synthgen.llm_api_key_file cannot be used: others may read it (mode 0644); chmod 600");
    set(&database, "model_key_mode", "llm_api_key_file", "/nowhere");
    assert_eq!(told(), "the file of synthgen.llm_api_key_file cannot be used: it cannot be read: entity not found");
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn replies_move_to_another_database_as_lines() {
    let server = ModelServer::start();
    let database = with_model("model_export", &server, "");
    converse(&mut database.connect(), "auto", 3, "export");
    let lines = database.psql("select synthgen.export_replies()");
    let other = with_model("model_import", &server, "");

    assert_eq!(lines.lines().count(), 3);
    let import = format!("select synthgen.import_replies('{}')", lines.replace('\'', "''"));
    assert_eq!((other.psql(&import), other.psql(&import)), ("3".to_owned(), "0".to_owned()));

    assert_eq!(count(&converse(&mut other.connect(), "auto", 3, "export"), "replayed"), 3);
    assert_eq!(server.asked().len(), 3);
    other.psql("drop role if exists model_import; create role model_import login");
    assert!(other.connect_as("model_import").batch_execute(&import).is_err(), "others could forge replies");
}

#[test]
fn what_is_forgotten_is_gone() {
    let server = ModelServer::start();
    let database = with_model("model_forget", &server, "");
    let mut client = database.connect();
    converse(&mut client, "auto", 2, "forget");

    database.psql("drop role if exists model_forget; create role model_forget login");
    assert!(database.connect_as("model_forget").batch_execute("select synthgen.llm_forget()").is_err());
    assert_eq!(database.psql("select synthgen.llm_forget()"), "2");

    assert_eq!(database.psql("select synthgen.probe_stored(array['forget 1']), (select count(*) from synthgen.llm_call)"), "{f}|0");
    assert_eq!(count(&converse(&mut client, "auto", 2, "forget"), "answered"), 2);
}
