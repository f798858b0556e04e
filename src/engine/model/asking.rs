//! What a table's questions have in common: the columns as they are told, the key, the reply's schema.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use xxhash_rust::xxh3::xxh3_128;

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::generator::Generator;
use crate::engine::model::{ContentColumn, Share};
use crate::engine::plan::Plan;

/// Version of what is told and how; another one asks everything anew.
const VERSION: u32 = 1;

/// A column as a prompt tells it. Nothing in it depends on other columns, but what its own constraints say.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AskedColumn {
    pub(super) name: String,
    pub(super) r#type: String,
    comment: Option<String>,
    shortest: Option<u64>,
    longest: Option<u64>,
    unique: bool,
    options: Vec<String>,
    checks: Vec<String>,
    rules: Vec<String>,
}

/// A table as a prompt tells it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AskedTable {
    pub(super) name: String,
    comment: Option<String>,
    rules: Vec<String>,
}

/// A table as it may be told.
pub(super) fn table(plan: &Plan, table: TableId, share: Share) -> AskedTable {
    let definition = &plan.catalog.tables[table];
    let told = share >= Share::Structure;
    let hints = plan.bound.hints.iter().filter(|hint| told && hint.table == table && hint.column.is_none());
    AskedTable {
        name: format!("{}.{}", definition.schema, definition.name),
        comment: definition.comment.clone().filter(|_| told).map(|text| one_line(&text)),
        rules: hints.map(|hint| one_line(&hint.text)).collect(),
    }
}

/// A column as it may be told.
pub(super) fn column(plan: &Plan, table: TableId, content: &ContentColumn, share: Share) -> AskedColumn {
    let definition = &plan.catalog.tables[table];
    let column = &definition.columns[content.column];
    let domain = &plan.tables[table].columns[content.column].domain;
    let told = share >= Share::Structure;
    let checks = definition.checks.iter().filter(|check| told && check.columns.contains(&content.column));
    AskedColumn {
        name: column.name.clone(),
        r#type: column.data_type.name.clone(),
        comment: column.comment.clone().filter(|_| told).map(|text| one_line(&text)),
        shortest: domain.min_length.filter(|_| told && content.options.is_empty()),
        longest: domain.max_length.filter(|_| content.options.is_empty()),
        unique: content.unique,
        options: content.options.iter().map(ToString::to_string).collect(),
        checks: checks.map(|check| one_line(&check.expression)).collect(),
        rules: if told { rules(plan, table, content.column) } else { Vec::new() },
    }
}

/// What rules say of a column in prose.
fn rules(plan: &Plan, table: TableId, column: ColumnId) -> Vec<String> {
    let hints = plan.bound.hints.iter().filter(|hint| hint.table == table && hint.column == Some(column)).map(|hint| one_line(&hint.text));
    let reasons = plan
        .bound
        .columns
        .iter()
        .filter(|rule| (rule.table, rule.column) == (table, column) && !matches!(rule.generator, Generator::Null(_)))
        .filter_map(|rule| rule.because.as_deref().map(one_line));
    hints.chain(reasons).collect()
}

/// A text of the catalog or of a rule as one line, without what ends the prompt's data.
fn one_line(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "‹").replace('>', "›");
    if let Some((cut, _)) = line.char_indices().nth(600) {
        line.truncate(cut);
    }
    line
}

/// A row's line of facts, without what ends the prompt's data.
pub(super) fn line(row: &Json) -> String {
    row.to_string().replace('<', "\\u003c").replace('>', "\\u003e")
}

/// The names of the asked columns, as a sentence lists them.
pub(super) fn listed(columns: &[&AskedColumn]) -> String {
    columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

/// The schema of a reply with rows; `nullable` tells of each column whether a row may leave it empty.
pub(super) fn schema(columns: &[(&AskedColumn, bool)], count: usize) -> Json {
    let mut properties = Map::new();
    properties.insert("row".to_owned(), json!({"type": "integer", "description": format!("number of the line, 1 to {count}")}));
    for (column, nullable) in columns {
        let word = if column.options.is_empty() { "string" } else { "integer" };
        let kind = if *nullable { json!([word, "null"]) } else { json!(word) };
        properties.insert(column.name.clone(), json!({"type": kind, "description": described(column)}));
    }
    let required: Vec<&String> = properties.keys().collect();
    let row = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let rows = json!({"type": "array", "items": row, "description": format!("exactly {count} rows, in the order asked")});
    json!({"type": "object", "properties": {"rows": rows}, "required": ["rows"], "additionalProperties": false})
}

fn described(column: &AskedColumn) -> String {
    let mut text = column.comment.clone().unwrap_or_else(|| column.name.replace('_', " "));
    if !column.options.is_empty() {
        write!(text, "; the number of an option, 1 to {}", column.options.len()).expect("a String takes every text");
    }
    if let Some(longest) = column.longest {
        write!(text, "; at most {longest} characters").expect("a String takes every text");
    }
    text
}

/// The key of a question: taken over what is asked and told.
pub(super) fn key(parts: &Json) -> String {
    let text = json!({"version": VERSION, "of": parts}).to_string();
    format!("{:032x}", xxh3_128(text.as_bytes()))
}
