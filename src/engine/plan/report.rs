//! A plan for people and programs: `plan`, `explain`, `plan_document`.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::engine::catalog::TableId;
use crate::engine::model::content;
use crate::engine::plan::{FanOut, Fill, OwnerKind, Pick, Plan, Source};

/// A line of `plan`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PlanRow {
    /// table | column | constraint | relation | skipped
    pub kind: &'static str,
    /// Order of loading, from 1.
    pub step: Option<i32>,
    /// Schema-qualified, quoted where needed.
    pub table_name: String,
    /// Rows to make.
    pub row_count: Option<i64>,
    /// The column.
    pub column_name: Option<String>,
    /// Its type.
    pub r#type: Option<String>,
    /// What makes it.
    pub source: Option<String>,
    /// Why, or how.
    pub detail: Option<String>,
    /// catalog | inference | rule | argument
    pub decided_by: Option<&'static str>,
    /// The constraint.
    pub constraint_name: Option<String>,
    /// proved | sampled | refused, or the table's fate.
    pub verdict: Option<String>,
}

/// All lines: tables first, then columns, relations, constraints, what is skipped.
pub fn rows(plan: &Plan) -> Vec<PlanRow> {
    let tables = in_order(plan);
    let mut rows: Vec<PlanRow> = tables.iter().map(|&(step, table)| table_row(plan, step, table)).collect();
    for &(step, table) in &tables {
        rows.extend(column_rows(plan, step, table));
        rows.extend(relation_row(plan, step, table));
        rows.extend(constraint_rows(plan, step, table));
    }
    rows.extend(plan.catalog.skipped.iter().map(|skipped| PlanRow {
        kind: "skipped",
        table_name: skipped.name.clone(),
        detail: Some(skipped.reason.clone()),
        ..PlanRow::default()
    }));
    rows
}

/// Tables of the target with their step; those without rows of ours have none.
fn in_order(plan: &Plan) -> Vec<(Option<i32>, TableId)> {
    let mut tables: Vec<(Option<i32>, TableId)> =
        plan.order.iter().enumerate().map(|(step, &table)| (Some(step as i32 + 1), table)).collect();
    let rest = (0..plan.tables.len()).filter(|table| plan.catalog.tables[*table].in_target && !plan.order.contains(table));
    tables.extend(rest.map(|table| (None, table)));
    tables
}

fn table_row(plan: &Plan, step: Option<i32>, table: TableId) -> PlanRow {
    let planned = &plan.tables[table];
    let (verdict, detail) = match &planned.fill {
        Fill::Make => ("make", planned.count_detail.clone()),
        Fill::Use(reason) => ("use", reason.clone()),
        Fill::Skip(reason) => ("skip", reason.clone()),
        Fill::Refuse(reason) => ("refused", reason.clone()),
    };
    let reference = planned.stored.inserted as i64;
    PlanRow {
        kind: "table",
        step,
        table_name: plan.catalog.tables[table].qualified.clone(),
        row_count: Some(if planned.fill == Fill::Make { planned.count as i64 + reference } else { reference }),
        detail: Some(match (&planned.fill, planned.ballot.pack) {
            (Fill::Make, Some(pack)) => format!("{detail}; words of: {pack} ({})", planned.ballot.words.join(", ")),
            _ => detail,
        }),
        decided_by: Some(planned.count_by.word()),
        verdict: Some(verdict.into()),
        ..PlanRow::default()
    }
}

fn column_rows(plan: &Plan, step: Option<i32>, table: TableId) -> Vec<PlanRow> {
    let definition = &plan.catalog.tables[table];
    let written: Vec<usize> =
        if plan.model.is_some() { content(plan, table).into_iter().map(|content| content.column).collect() } else { Vec::new() };
    let columns = plan.tables[table].columns.iter().zip(&definition.columns).enumerate();
    columns
        .map(|(place, (planned, column))| {
            let model = plan.model.as_ref().filter(|_| written.contains(&place));
            let nulls = if planned.null_fraction > 0.0 { format!("; {:.0}% NULL", planned.null_fraction * 100.0) } else { String::new() };
            PlanRow {
                kind: "column",
                step,
                table_name: definition.qualified.clone(),
                column_name: Some(column.name.clone()),
                r#type: Some(column.data_type.name.clone()),
                source: Some(model.map_or(source_word(&planned.source), |_| "model").into()),
                detail: Some(match model {
                    Some(model) => format!("written by {model}; where it fails: {}{nulls}", planned.detail),
                    None => format!("{}{nulls}", planned.detail),
                }),
                decided_by: Some(planned.decided_by.word()),
                ..PlanRow::default()
            }
        })
        .collect()
}

/// Generator and deciding layer of each column of a table.
pub fn columns(plan: &Plan, table: TableId) -> Json {
    let rows = column_rows(plan, None, table)
        .into_iter()
        .filter_map(|row| Some((row.column_name?, json!({"generator": row.source, "detail": row.detail, "decided_by": row.decided_by}))));
    Json::Object(rows.collect())
}

fn relation_row(plan: &Plan, step: Option<i32>, table: TableId) -> Option<PlanRow> {
    let owner = plan.tables[table].owner.as_ref()?;
    let way = match owner.kind {
        OwnerKind::ForeignKey(_) => "hangs under",
        OwnerKind::Reowned => "re-owned under",
    };
    let children = match &owner.fan_out {
        FanOut::PerParent(children) => format!("{} to {} each", children.min, children.max),
        FanOut::Shared { min, .. } => format!("shared out, at least {min} each"),
        FanOut::Stages => "one for each stage of its state".into(),
        FanOut::Selected => "at most one under each that is done".into(),
    };
    Some(PlanRow {
        kind: "relation",
        step,
        table_name: plan.catalog.tables[table].qualified.clone(),
        detail: Some(format!("{way} {}: {children}", plan.catalog.tables[owner.table].qualified)),
        decided_by: Some(plan.tables[table].count_by.word()),
        ..PlanRow::default()
    })
}

fn constraint_rows(plan: &Plan, step: Option<i32>, table: TableId) -> Vec<PlanRow> {
    let name = &plan.catalog.tables[table].qualified;
    let verdicts = plan.tables[table].verdicts.iter();
    verdicts
        .map(|verdict| PlanRow {
            kind: "constraint",
            step,
            table_name: name.clone(),
            constraint_name: Some(verdict.name.clone()),
            detail: Some(verdict.detail.clone()),
            verdict: Some(verdict.verdict.into()),
            ..PlanRow::default()
        })
        .collect()
}

/// A word for what makes a column.
fn source_word(source: &Source) -> &'static str {
    match source {
        Source::Database => "database",
        Source::Serial { .. } => "sequence",
        Source::Key { .. } => "reference",
        Source::Constant(_) => "constant",
        Source::Choice { .. } => "choice",
        Source::Uniform { .. } | Source::StampRange { .. } => "range",
        Source::Normal { .. } | Source::Steady { .. } => "normal",
        Source::Lognormal { .. } | Source::Priced { .. } | Source::Rounded { .. } => "lognormal",
        Source::Text(_) | Source::Phrases(_) | Source::Elements { .. } | Source::Object(_) => "text",
        Source::Tuple(..) | Source::Pattern(_) | Source::Near { .. } => "vocabulary",
        Source::Typed(_) => "type",
        Source::Cases(_) => "cases",
        Source::Told { otherwise, .. } => source_word(otherwise),
        Source::Nothing(_) => "null",
        Source::Birth | Source::Period(_) | Source::After(_) | Source::Entered(_) | Source::WhenFlag { .. } | Source::Age { .. } => "time",
        Source::StateLabel | Source::StageLabel(_) | Source::SinceEntered(..) => "lifecycle",
        Source::Permuted(_)
        | Source::PermutedNumber { .. }
        | Source::SiblingChoice { .. }
        | Source::KindOfPeriod(_)
        | Source::Ordinal(_)
        | Source::Disjoint { .. } => "unique",
        Source::Uuid => "uuid",
        Source::Flag(_) | Source::FirstFlag | Source::LastFlag | Source::FirstFlagPer(_) => "flag",
        _ => "derived",
    }
}

/// The page for people: a line a table, indented only what is not obvious.
pub fn explain(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for (step, table) in in_order(plan) {
        let row = table_row(plan, step, table);
        let number = step.map_or_else(|| "  -".to_owned(), |step| format!("{step:3}"));
        lines.push(format!("{number}  {}  {} rows  ({})", row.table_name, row.row_count.unwrap_or(0), row.detail.unwrap_or_default()));
        lines.extend(relation_row(plan, step, table).and_then(|row| row.detail).map(|detail| format!("       {detail}")));
        lines.extend(not_obvious(plan, table).into_iter().map(|line| format!("       {line}")));
    }
    lines.extend(plan.catalog.skipped.iter().map(|skipped| format!("  -  {}  skipped: {}", skipped.name, skipped.reason)));
    lines
}

/// Columns that rules or other tables decide, keys within a group, constraints that are not proved.
fn not_obvious(plan: &Plan, table: TableId) -> Vec<String> {
    let definition = &plan.catalog.tables[table];
    let mut lines = Vec::new();
    for (planned, column) in plan.tables[table].columns.iter().zip(&definition.columns) {
        let derived = source_word(&planned.source) == "derived" || planned.decided_by >= super::Layer::Rule;
        let grouped = matches!(&planned.source, Source::Key { foreign_key, .. } if matches!(plan.tables[table].picks[*foreign_key].pick, Pick::Within { .. } | Pick::Along(_)));
        if derived || grouped {
            lines.push(format!("{}: {}, {}", column.name, source_word(&planned.source), planned.detail));
        }
    }
    lines.extend(
        plan.tables[table]
            .verdicts
            .iter()
            .filter(|verdict| verdict.verdict != "proved")
            .map(|verdict| format!("{}: {} ({})", verdict.name, verdict.verdict, verdict.detail)),
    );
    lines
}

/// The plan as one JSON document; `asking` tells what the model would be asked.
pub fn document(plan: &Plan, asking: Json) -> Json {
    let mut document = Map::new();
    document.insert("target".to_owned(), json!(plan.arguments.target));
    document.insert("seed".to_owned(), json!(plan.arguments.seed));
    document.insert("tables".to_owned(), json!(rows(plan)));
    document.insert("invariants".to_owned(), json!(plan.invariants));
    if let Json::Object(asking) = asking {
        document.extend(asking);
    }
    Json::Object(document)
}
