//! Hints in comments: `COMMENT ON COLUMN t.c IS 'Shown on the label. synthgen: {"choice": {"a": 1, "b": 2}}'`.
//!
//! A hint is a rule of its column without `id` and `on`; stored rules and the call's overlay decide over it.
//! `{"meaning": "person.last_name"}` says what the column is instead.

use serde_json::{Value as Json, json};

use crate::engine::catalog::{Catalog, Column, Table};
use crate::engine::error::{Error, sqlstate};
use crate::engine::rules::document::VERSION;
use crate::engine::vocabulary;

/// What stands before the JSON.
const MARK: &str = "synthgen:";

/// Ids of rules from comments begin with this.
pub const ID: &str = "comment on ";

/// The meaning that a column's comment names.
pub fn meaning(column: &Column) -> Option<&'static vocabulary::Meaning> {
    let hint = hint(column)?.ok()?;
    vocabulary::meaning(hint.get("meaning")?.as_str()?)
}

/// A rule document of all the hints in a catalog's comments; none where there are none.
pub fn hints(catalog: &Catalog) -> Result<Option<Json>, Error> {
    let mut rules = Vec::new();
    for table in catalog.tables.iter().filter(|table| table.in_target) {
        for column in &table.columns {
            let Some(hint) = hint(column) else { continue };
            let hint = hint.map_err(|reason| refused(table, column, &reason))?;
            rules.extend(rule(table, column, hint)?);
        }
    }
    Ok((!rules.is_empty()).then(|| json!({"synthgen": VERSION, "rules": rules})))
}

/// The JSON behind the mark in a column's comment.
fn hint(column: &Column) -> Option<Result<serde_json::Map<String, Json>, String>> {
    let (_, behind) = column.comment.as_deref()?.split_once(MARK)?;
    let mut values = serde_json::Deserializer::from_str(behind).into_iter::<Json>();
    Some(match values.next() {
        Some(Ok(Json::Object(hint))) => Ok(hint),
        Some(Ok(other)) => Err(format!("{other} is no object")),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("nothing stands behind the mark".to_owned()),
    })
}

fn rule(table: &Table, column: &Column, mut hint: serde_json::Map<String, Json>) -> Result<Option<Json>, Error> {
    if let Some(named) = hint.remove("meaning") {
        let id = named.as_str().unwrap_or_default();
        if vocabulary::meaning(id).is_none() {
            return Err(refused(table, column, &format!("{named} is no meaning")));
        }
    }
    if hint.is_empty() {
        return Ok(None);
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    hint.insert("id".into(), json!(format!("{ID}{}.{}", table.qualified, column.name)));
    hint.insert("on".into(), json!([&table.schema, &table.name, &column.name].map(|name| quoted(name)).join(".")));
    Ok(Some(Json::Object(hint)))
}

fn refused(table: &Table, column: &Column, reason: &str) -> Error {
    Error::new(sqlstate::INVALID_PARAMETER, format!("the comment on column {}.{} holds no rule", table.qualified, column.name))
        .detail(format!("Behind \"{MARK}\": {reason}."))
        .hint("Write for example: synthgen: {\"choice\": {\"a\": 3, \"b\": 1}}, or synthgen: {\"meaning\": \"person.last_name\"}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    fn commented(comment: &str) -> Catalog {
        let mut catalog = fixture::catalog("create table s.t (a text, b text)");
        catalog.tables[0].columns[1].comment = Some(comment.to_owned());
        catalog
    }

    #[test]
    fn a_comment_is_a_rule_of_its_column() {
        let document = hints(&commented("Shown. synthgen: {\"null\": 0.5} and more")).expect("a hint").expect("a rule");
        assert_eq!(document["rules"], json!([{"id": "comment on s.t.b", "on": "\"s\".\"t\".\"b\"", "null": 0.5}]));
        assert_eq!(hints(&commented("no hint here")).expect("fine"), None);
    }

    #[test]
    fn a_comment_may_say_what_a_column_means() {
        let catalog = commented("synthgen: {\"meaning\": \"person.last_name\"}");
        assert_eq!(hints(&catalog).expect("fine"), None);
        assert_eq!(meaning(&catalog.tables[0].columns[1]).map(|meaning| meaning.id.as_str()), Some("person.last_name"));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_names_the_column() {
        for wrong in ["synthgen: {", "synthgen:", "synthgen: 7", "synthgen: {\"meaning\": \"no.such\"}"] {
            let Err(Error::Report(report)) = hints(&commented(wrong)) else { panic!("{wrong} was read") };
            assert_eq!(report.message, "the comment on column s.t.b holds no rule");
        }
    }
}
