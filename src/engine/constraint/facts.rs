//! All of a table's constraints on its own values, together.

use crate::engine::catalog::{Catalog, Check, Column, Table, TableId, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::constraint::atom::absorb;
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::value::Value;

/// What becomes of a CHECK.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The columns' domains say all of it.
    Proved,
    /// What is left of it can be tested on a candidate row.
    Testable(Expression),
    /// Only the database can judge it.
    Opaque(String),
    /// No row can pass it.
    Contradiction(String),
}

/// A CHECK of the table or of a column's domain.
#[derive(Debug, Clone)]
pub struct CheckFact {
    /// Name of the constraint.
    pub name: String,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// What constraints say of a table's rows.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// One per column, same index.
    pub columns: Vec<ColumnDomain>,
    /// One per CHECK, those of domains after the table's own.
    pub checks: Vec<CheckFact>,
}

/// Reads all CHECKs of a table and of its columns' domains.
pub fn facts(table: &Table, catalog: &Catalog, table_id: TableId) -> TableFacts {
    let mut facts = TableFacts { columns: table.columns.iter().map(of_type).collect(), checks: Vec::new() };
    for check in &table.checks {
        add(&mut facts, check, &Binding::check(catalog, table_id));
    }
    for (column, definition) in table.columns.iter().enumerate() {
        for check in definition.data_type.domains.iter().flat_map(|domain| &domain.checks) {
            add(&mut facts, check, &Binding::domain(catalog, table_id, column));
        }
    }
    let empty = facts.columns.iter().position(ColumnDomain::is_empty);
    if let Some(column) = empty.filter(|&column| table.columns[column].not_null) {
        let reason = format!("no value of \"{}\" passes all checks", table.columns[column].name);
        facts.checks.iter_mut().for_each(|check| check.verdict = Verdict::Contradiction(reason.clone()));
    }
    facts
}

fn of_type(column: &Column) -> ColumnDomain {
    match &column.data_type.kind {
        TypeKind::Enum { labels } => {
            ColumnDomain { allowed: Some(labels.iter().map(|label| Value::text(label.as_str())).collect()), ..ColumnDomain::default() }
        }
        TypeKind::Varchar { length } => ColumnDomain { max_length: length.map(u64::from), ..ColumnDomain::default() },
        TypeKind::Char { length } => ColumnDomain { max_length: Some(u64::from(*length)), ..ColumnDomain::default() },
        _ => ColumnDomain::default(),
    }
}

fn add(facts: &mut TableFacts, check: &Check, binding: &Binding) {
    let bound = parse(&check.expression)
        .map_err(|reason| reason.0)
        .and_then(|parsed| binding.condition(&parsed).map_err(|error| error.to_string()));
    let verdict = match bound {
        Err(reason) => Verdict::Opaque(reason),
        Ok(expression) => {
            let parts = match expression {
                Expression::All(parts) => parts,
                other => vec![other],
            };
            let rest: Vec<Expression> = parts.into_iter().filter(|part| !absorb(part, &mut facts.columns)).collect();
            if rest.is_empty() { Verdict::Proved } else { Verdict::Testable(Expression::all(rest)) }
        }
    };
    facts.checks.push(CheckFact { name: check.name.clone(), verdict });
}
