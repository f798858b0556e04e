//! A made-up table with a CHECK of more than four thousand characters: 26 kinds, each with NULLs and bounds of its own.

use serde_json::{Value as Json, json};

/// The document that `sql/catalog/catalog.sql` would return.
pub(crate) fn catalog() -> Json {
    let kinds = [(23, "integer", "int4"), (25, "text", "text"), (1082, "date", "date")];
    let types: Vec<Json> = kinds
        .iter()
        .map(|(oid, name, bare)| {
            json!({
                "oid": oid, "name": name, "bare_name": bare, "typtype": "b", "base": 0, "modifier": -1, "element": 0,
                "not_null": false, "default": null, "labels": null, "checks": null
            })
        })
        .collect();
    let columns = [
        ("id", 23, "integer", true),
        ("kind", 25, "text", true),
        ("name", 25, "text", false),
        ("code", 25, "text", false),
        ("amount", 23, "integer", false),
        ("happened_on", 1082, "date", false),
        ("remark", 25, "text", false),
    ];
    let columns: Vec<Json> = columns
        .iter()
        .zip(1..)
        .map(|((name, oid, of_type, not_null), number)| {
            json!({
                "number": number, "name": name, "type_oid": oid, "type_name": of_type, "modifier": -1, "not_null": not_null,
                "default": null, "identity": null, "sequence": null, "generated": false, "collation": null, "comment": null
            })
        })
        .collect();
    json!({
        "server_version": 150_000, "encoding": "UTF8", "collation": "C.UTF-8", "types": types,
        "tables": [{
            "oid": 20_000, "schema": "long", "name": "record", "qualified": "long.record", "kind": "r",
            "comment": null, "in_target": true, "extension": null, "persistence": "p", "row_security": false,
            "may_insert": true, "may_select": true, "is_owner": true, "columns": columns,
            "keys": [{
                "name": "record_pkey", "primary": true, "numbers": [1], "expressions": null, "predicate": null,
                "nulls_not_distinct": false, "deferrable": false
            }],
            "foreign_keys": [],
            "checks": [{"name": "branches", "expression": check(), "numbers": [2, 3, 4, 5, 6, 7]}],
            "exclusions": [], "triggers": [], "partitioning": null
        }]
    })
}

/// The CHECK, as PostgreSQL prints it.
pub(crate) fn check() -> String {
    let branch = |kind: u8| {
        let (letter, set, least, nulls) = (char::from(b'A' + kind), 1 + (kind + 1) % 3, (u32::from(kind) + 1) * 10, (kind + 1) % 2);
        format!(
            "((kind = '{letter}'::text) AND (num_nonnulls(name, amount, happened_on, remark) = {set}) AND ((amount IS NULL) OR (amount > {least})) \
             AND ((remark IS NULL) OR (remark ~~ 'r%'::text)) AND (num_nulls(name, code) = {nulls}))"
        )
    };
    format!("({})", (0..26).map(branch).collect::<Vec<_>>().join(" OR "))
}
