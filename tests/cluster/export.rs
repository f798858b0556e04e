//! CSV files: the same bytes whatever the session's settings, through the server's door and through psql's.

use std::path::Path;

use crate::support::{Cluster, Database, repository_file};

/// Settings that change how values print.
const HOSTILE: &str = "set timezone = 'Asia/Tokyo'; set datestyle = 'German, DMY'; set intervalstyle = 'sql_standard';
    set extra_float_digits = -5; set bytea_output = 'escape'; set xmlbinary = 'hex'; set client_encoding = 'LATIN1'; ";
/// What clients set to get the server's bytes.
const PINNED: &str = "set timezone = 'UTC'; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set extra_float_digits = 1;
    set bytea_output = 'hex'; set xmlbinary = 'base64'; set lc_monetary = 'C';\n";

fn zoo<'c>(cluster: &'c Cluster, name: &str) -> Database<'c> {
    let database = cluster.fresh_database(name);
    database.psql(&repository_file("tests/sql/export_zoo.sql"));
    database
}

/// Names and contents of a directory's files, by name.
fn files(directory: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(directory).expect("the directory is there");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a file is UTF-8"))
        })
        .collect();
    files.sort();
    files
}

fn content<'f>(files: &'f [(String, String)], name: &str) -> &'f str {
    files.iter().find(|(file, _)| file == name).map_or("", |(_, content)| content)
}

#[test]
fn settings_of_the_session_change_no_byte() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_settings");
    let (plain, hostile) = (cluster.fresh_directory("export_plain"), cluster.fresh_directory("export_hostile"));

    database.psql(&format!("select from synthgen.export_csv('zoo', '{}')", plain.display()));
    let after = database.psql(&format!(
        "{HOSTILE} select from synthgen.export_csv('zoo', '{}/'); select current_setting('intervalstyle')",
        hostile.display()
    ));

    assert_eq!(after, "sql_standard");
    let written = files(&plain);
    assert_eq!(written, files(&hostile));
    assert_eq!(content(&written, "keyless.csv"), "a,b\n10,x\n9,z\n9,é\n9,\n,\n");
    assert!(
        content(&written, "typed.csv")
            .contains("2026-03-01 10:00:00+00,2026-03-01,1 year 2 days 03:04:05,0.30000000000000004,\\x00ff,$12.50,")
    );
    assert_eq!(content(&written, "split.csv"), "k\n3\n12\n");
    assert_eq!(
        content(&written, "it's \"odd\": {k} $1.csv"),
        "k,\"a \"\"b\"\"\"\n\"\",\"\"\nB,\"line\nfeed\"\na,\"comma, \"\"quote\"\"\"\nb,x\né,\n"
    );
    assert_eq!(written.len(), 6);
}

#[test]
fn the_result_tells_rows_and_bytes() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_result");
    let directory = cluster.fresh_directory("export_result");

    let told = database.psql(&format!(
        "select table_name, row_count, bytes from synthgen.export_csv('zoo', '{}', header => false, delimiter => ';', null_string => '~')
         where file like '%/keyless.csv'",
        directory.display()
    ));

    assert_eq!(told, "zoo.keyless|5|22");
    assert_eq!(content(&files(&directory), "keyless.csv"), "10;x\n9;z\n9;é\n9;~\n~;~\n");
}

#[test]
fn clients_write_the_same_bytes() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_clients");
    let (server, client) = (cluster.fresh_directory("export_server"), cluster.fresh_directory("export_client's own"));
    database.psql(&format!("select from synthgen.export_csv('zoo', '{}')", server.display()));

    let quoted = client.display().to_string().replace('\'', "''");
    let lines = database.psql(&format!("select synthgen.copy_commands('zoo', '{quoted}')"));
    assert!(lines.lines().all(|line| line.starts_with("\\copy ")), "{lines}");
    database.psql(&format!("{PINNED}{lines}"));

    assert_eq!(files(&server), files(&client));
}

#[test]
fn a_name_of_two_lines_is_told_to_whoever_runs_the_lines() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_two_lines");
    let directory = cluster.fresh_directory("export_two_lines");
    database.psql("create schema z; create table z.\"two\nlines\" (k integer); create table z.one (k integer)");

    let lines = database.psql(&format!("select synthgen.copy_commands('z', '{}')", directory.display()));
    let output = database.psql_output(&lines);

    assert_eq!(files(&directory), [("one.csv".to_owned(), "k\n".to_owned())]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("two lines"), "{output:?}");
}

#[test]
fn two_schemas_stand_in_the_names() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_schemas");
    let directory = cluster.fresh_directory("export_schemas");

    database.psql(&format!("select from synthgen.export_csv('zoo, \"Second zoo\"', '{}')", directory.display()));

    let names: Vec<String> = files(&directory).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"Second zoo.typed.csv".to_owned()) && names.contains(&"zoo.typed.csv".to_owned()), "{names:?}");
}

#[test]
fn a_run_writes_only_its_own_rows() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_run");
    let directory = cluster.fresh_directory("export_run");
    database.psql("drop table zoo.keyless; delete from zoo.counted where k = 4");
    database.psql(&repository_file("tests/sql/export_run.sql"));

    database.psql(&format!("select from synthgen.export_csv('zoo', '{}', run_id => 1)", directory.display()));

    let written = files(&directory);
    assert_eq!(content(&written, "counted.csv"), "k,v\n3,v3\n5,v5\n10,v10\n12,v12\n20,v20\n");
    assert_eq!(content(&written, "coded.csv"), "a,b\nx,2\ny,1\n");
    assert_eq!(content(&written, "split.csv"), "k\n");
}

#[test]
fn files_of_the_server_are_a_privilege() {
    let cluster = Cluster::shared();
    let database = zoo(cluster, "export_rights");
    database.psql("create role export_rights login; grant usage on schema zoo to export_rights; grant select on all tables in schema zoo to export_rights");
    let call = format!("select from synthgen.export_csv('zoo', '{}')", cluster.fresh_directory("export_rights").display());

    let error = database.connect_as("export_rights").execute(&call, &[]).expect_err("is refused");

    assert_eq!(error.code(), Some(&postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}
