//! Asks the database which candidate keys a table holds already.

use crate::engine::catalog::Table;
use crate::engine::error::Error;
use crate::engine::plan::Remembered;
use crate::engine::port::{Path, World};
use crate::engine::run::gather::quoted;
use crate::engine::value::Value;

/// One answer per candidate.
pub(super) fn taken(world: &mut dyn World, table: &Table, key: &Remembered, candidates: &[Vec<Value>]) -> Result<Vec<bool>, Error> {
    let mut taken = vec![false; candidates.len()];
    let arrays: Vec<String> = (0..key.columns.len()).map(|column| array(candidates.iter().map(|values| &values[column]))).collect();
    let parameters: Vec<Option<&str>> = arrays.iter().map(|array| Some(array.as_str())).collect();
    let sql = statement(table, key);
    world.rows(Path::Caller, &sql, &parameters, &mut |fields| {
        if let Some(place) = fields[0].and_then(|place| place.parse::<usize>().ok())
            && let Some(answer) = taken.get_mut(place.wrapping_sub(1))
        {
            *answer = true;
        }
        Ok(())
    })?;
    Ok(taken)
}

fn statement(table: &Table, key: &Remembered) -> String {
    let arrays: Vec<String> = (1..=key.columns.len()).map(|number| format!("${number}::text::text[]")).collect();
    let names: Vec<String> = (1..=key.columns.len()).map(|number| format!("k{number}")).collect();
    let fold = |text: String| if key.folded { format!("pg_catalog.lower({text}::text)") } else { text };
    let equal = key.columns.iter().enumerate().map(|(number, &column)| {
        let definition = &table.columns[column];
        format!(
            "{} = {}",
            fold(format!("t.{}", quoted(&definition.name))),
            fold(format!("c.k{}::{}", number + 1, definition.data_type.name))
        )
    });
    format!(
        "select c.place::text from unnest({}) with ordinality as c({}, place) where exists (select from {} t where {})",
        arrays.join(", "),
        names.join(", "),
        table.qualified,
        equal.collect::<Vec<_>>().join(" and ")
    )
}

/// PostgreSQL's text form of an array of texts.
pub(super) fn array<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    let elements = values.map(|value| {
        if value.is_null() {
            return "NULL".to_owned();
        }
        let mut text = String::new();
        value.write_text(&mut text);
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    });
    format!("{{{}}}", elements.collect::<Vec<_>>().join(","))
}
