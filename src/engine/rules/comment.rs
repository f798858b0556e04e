//! Hints in comments: `COMMENT ON COLUMN t.c IS 'Shown on the label. synthgen: {"choice": {"a": 1, "b": 2}}'`.
//!
//! A hint is a rule of its column without `id` and `on`; stored rules and the call's overlay decide over it.
//! `{"meaning": "person.last_name"}` says what the column is instead.

use serde_json::{Map, Value as Json, json};

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
fn hint(column: &Column) -> Option<Result<Map<String, Json>, String>> {
    let (_, behind) = column.comment.as_deref()?.split_once(MARK)?;
    // Other words behind it are meant for people.
    if !behind.trim_start().starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(behind).into_iter::<Json>();
    Some(match values.next()? {
        Ok(Json::Object(hint)) => Ok(hint),
        Ok(other) => Err(format!("{other} is no object")),
        Err(error) => Err(error.to_string()),
    })
}

/// The rules of a hint: none where it only names a meaning, two where a share of NULL stands beside a generator.
fn rule(table: &Table, column: &Column, mut hint: Map<String, Json>) -> Result<Vec<Json>, Error> {
    if let Some(named) = hint.remove("meaning") {
        let id = named.as_str().unwrap_or_default();
        if vocabulary::meaning(id).is_none() {
            return Err(refused(table, column, &format!("{named} is no meaning")));
        }
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let on = [&table.schema, &table.name, &column.name].map(|name| quoted(name)).join(".");
    let id = format!("{ID}{}.{}", table.qualified, column.name);
    let mut rules = Vec::new();
    if hint.len() > 1
        && let Some(share) = hint.remove("null")
    {
        rules.push(json!({"id": format!("{id}, null"), "on": on, "null": share}));
    }
    if !hint.is_empty() {
        hint.insert("id".into(), json!(id));
        hint.insert("on".into(), json!(on));
        rules.push(Json::Object(hint));
    }
    Ok(rules)
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
        assert_eq!(hints(&commented("made by synthgen: not by hand")).expect("words for people"), None);
    }

    #[test]
    fn a_share_of_null_may_stand_beside_a_generator() {
        let document = hints(&commented("synthgen: {\"choice\": [\"x\"], \"null\": 0.5}")).expect("a hint").expect("rules");
        assert_eq!((document["rules"][0]["null"].clone(), document["rules"][1]["choice"].clone()), (json!(0.5), json!(["x"])));
    }

    #[test]
    fn a_comment_may_say_what_a_column_means() {
        let catalog = commented("synthgen: {\"meaning\": \"person.last_name\"}");
        assert_eq!(hints(&catalog).expect("fine"), None);
        assert_eq!(meaning(&catalog.tables[0].columns[1]).map(|meaning| meaning.id.as_str()), Some("person.last_name"));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_names_the_column() {
        for wrong in ["synthgen: {", "synthgen: {7}", "synthgen: {\"meaning\": \"no.such\"}"] {
            let Err(Error::Report(report)) = hints(&commented(wrong)) else { panic!("{wrong} was read") };
            assert_eq!(report.message, "the comment on column s.t.b holds no rule");
        }
    }
}
