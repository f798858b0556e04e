//! A made-up schema of many tables: each has a key, a code that is unique, a few columns of usual kinds, a CHECK and up
//! to three references to tables before it.

use serde_json::{Value as Json, json};

const FIRST_TABLE: u32 = 20_000;
const FIRST_SEQUENCE: u32 = 40_000;

/// The document that `sql/catalog/catalog.sql` would return.
pub(crate) fn catalog(tables: u32) -> Json {
    json!({
        "server_version": 150_000,
        "encoding": "UTF8",
        "collation": "C.UTF-8",
        "types": types(),
        "tables": (0..tables).map(table).collect::<Vec<_>>(),
    })
}

fn types() -> Vec<Json> {
    let kinds = [
        (20, "bigint", "int8"),
        (23, "integer", "int4"),
        (16, "boolean", "bool"),
        (1043, "character varying", "varchar"),
        (1184, "timestamp with time zone", "timestamptz"),
        (1700, "numeric", "numeric"),
    ];
    let described = kinds.iter().map(|(oid, name, bare)| {
        json!({
            "oid": oid, "name": name, "bare_name": bare, "typtype": "b", "base": 0, "modifier": -1, "element": 0,
            "not_null": false, "default": null, "labels": null, "checks": null
        })
    });
    described.collect()
}

fn table(number: u32) -> Json {
    let name = format!("entity_{number:03}");
    let parents = parents(number);
    let mut columns = vec![
        column("entity_id", 20, "bigint", true),
        column("code", 1043, "character varying(20)", true),
        column("name", 1043, "character varying(80)", true),
        column("quantity", 23, "integer", true),
        column("amount", 1700, "numeric(10,2)", false),
        column("is_active", 16, "boolean", true),
        column("state", 1043, "character varying(10)", true),
        column("created_at", 1184, "timestamp with time zone", true),
    ];
    columns[0]["identity"] = json!("always");
    columns[0]["sequence"] = sequence(number, &name);
    columns.extend(parents.iter().map(|parent| column(&format!("entity_{parent:03}_id"), 20, "bigint", parent % 3 > 0)));
    for (at, column) in columns.iter_mut().enumerate() {
        column["number"] = json!(at + 1);
    }
    json!({
        "oid": FIRST_TABLE + number, "schema": "wide", "name": name, "qualified": format!("wide.{name}"), "kind": "r",
        "comment": null, "in_target": true, "extension": null, "persistence": "p", "row_security": false,
        "may_insert": true, "may_select": true, "is_owner": true, "columns": columns,
        "keys": [key(&format!("{name}_pkey"), true, 1), key(&format!("{name}_code_key"), false, 2)],
        "foreign_keys": references(&name, &parents),
        "checks": checks(&name), "exclusions": [], "triggers": [], "partitioning": null
    })
}

/// One to three earlier tables, near and far.
fn parents(number: u32) -> Vec<u32> {
    let mut parents: Vec<u32> =
        [number / 2, number.saturating_sub(7), number * 3 / 4].into_iter().filter(|&parent| parent < number).collect();
    parents.dedup();
    parents.truncate(number as usize % 4);
    parents
}

fn column(name: &str, type_oid: u32, type_name: &str, not_null: bool) -> Json {
    let modifier = match type_name {
        "numeric(10,2)" => (10 << 16 | 2) + 4,
        "character varying(10)" => 14,
        "character varying(20)" => 24,
        "character varying(80)" => 84,
        _ => -1,
    };
    json!({
        "number": 0, "name": name, "type_oid": type_oid, "type_name": type_name, "modifier": modifier, "not_null": not_null,
        "default": null, "identity": null, "sequence": null, "generated": false, "collation": null, "comment": null
    })
}

fn sequence(number: u32, table: &str) -> Json {
    json!({
        "name": format!("wide.{table}_entity_id_seq"), "oid": FIRST_SEQUENCE + number, "increment": 1, "minimum": 1,
        "maximum": i64::MAX, "start": 1
    })
}

fn key(name: &str, primary: bool, number: i16) -> Json {
    json!({
        "name": name, "primary": primary, "numbers": [number], "expressions": null, "predicate": null,
        "nulls_not_distinct": false, "deferrable": false
    })
}

fn references(table: &str, parents: &[u32]) -> Vec<Json> {
    let reference = |(place, parent): (usize, &u32)| {
        json!({
            "name": format!("{table}_entity_{parent:03}_id_fkey"), "numbers": [9 + place], "referenced": FIRST_TABLE + parent,
            "referenced_numbers": [1], "match_full": false, "deferrable": false
        })
    };
    parents.iter().enumerate().map(reference).collect()
}

fn checks(table: &str) -> Json {
    json!([
        {"name": format!("{table}_quantity_check"), "expression": "(quantity > 0)", "numbers": [4]},
        {"name": format!("{table}_state_check"), "numbers": [7], "expression":
            "((state)::text = ANY ((ARRAY['open'::character varying, 'done'::character varying, 'void'::character varying])::text[]))"}
    ])
}
