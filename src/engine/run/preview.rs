//! `preview`: the very rows a call would insert, with the parents they name; writes nothing, moves no sequence.

use serde_json::{Map, Value as Json};

use crate::engine::arguments::Arguments;
use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{Fill, Plan};
use crate::engine::port::World;
use crate::engine::rows::Rows;
use crate::engine::run::judge;
use crate::engine::run::load;
use crate::engine::run::model::{self, Chosen};
use crate::engine::value::Value;

/// The first `count` rows of a table.
pub fn preview(world: &mut dyn World, arguments: &Arguments, table_name: &str, count: u64) -> Result<Vec<Json>, Error> {
    model::with_model(world, arguments, |world, plan, rows, chosen| {
        let table = plan.catalog.table_named(table_name)?;
        if let Fill::Skip(reason) | Fill::Refuse(reason) = &plan.tables[table].fill {
            return Err(Error::new(
                sqlstate::NOT_IN_PREREQUISITE_STATE,
                format!("table {} gets no rows", plan.catalog.tables[table].qualified),
            )
            .detail(format!("Reason: {reason}.")));
        }
        if let Chosen::Model(model) = chosen {
            model.replay(world, rows)?;
        }
        // What a judge would learn of the tables above changes their rows too.
        for &above in &plan.order {
            judge::judge(world, plan, rows, above)?;
            if above == table {
                break;
            }
        }
        let (first, end) = shown_rows(plan, rows, table, count);
        (first..end).map(|index| Ok(row(plan, rows, table, index))).collect()
    })
}

/// Made rows, else the reference rows that the call would insert.
fn shown_rows(plan: &Plan, rows: &Rows, table: TableId, count: u64) -> (u64, u64) {
    let layout = &rows.layouts[table];
    let first = if layout.made > 0 { layout.stored } else { layout.stored - plan.tables[table].stored.inserted as u64 };
    (first, layout.rows().min(first + count))
}

fn row(plan: &Plan, rows: &mut Rows, table: TableId, index: u64) -> Json {
    let mut object = cells(plan, rows, table, index);
    let mut parents = Map::new();
    for key in 0..plan.catalog.tables[table].foreign_keys.len() {
        if let Some(parent) = rows.reference(table, index, key) {
            let target = plan.catalog.tables[table].foreign_keys[key].referenced_table;
            parents.insert(plan.catalog.tables[table].foreign_keys[key].name.clone(), Json::Object(cells(plan, rows, target, parent)));
        }
    }
    object.insert("_parents".to_owned(), Json::Object(parents));
    Json::Object(object)
}

fn cells(plan: &Plan, rows: &mut Rows, table: TableId, index: u64) -> Map<String, Json> {
    let columns =
        if rows.is_made(table, index) { load::supplied(plan, table) } else { (0..plan.catalog.tables[table].columns.len()).collect() };
    columns
        .into_iter()
        .map(|column| (plan.catalog.tables[table].columns[column].name.clone(), json(rows.cell(table, index, column))))
        .collect()
}

fn json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(on) => Json::Bool(on),
        Value::Int(number) => Json::from(number),
        Value::Float(number) => Json::from(number),
        other => {
            let mut text = String::new();
            other.write_text(&mut text);
            Json::String(text)
        }
    }
}
