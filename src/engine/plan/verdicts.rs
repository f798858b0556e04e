//! CHECKs: kept by the columns' domains, or tested on every candidate row, or left to the database.

use std::sync::Arc;

use crate::engine::catalog::names::{normalise, quoted, singular};
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::constraint::{self, CellShape, Shape, ShapeColumn, Verdict};
use crate::engine::expression::{Binding, Expression, Function, Operator, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::exclusions;
use crate::engine::plan::generators;
use crate::engine::plan::mentions;
use crate::engine::plan::unique::Draft;
use crate::engine::plan::{AfterKind, ConstraintPlan, Layer, Pick, Source, Test};
use crate::engine::value::Value;

impl Builder {
    /// Gives each CHECK its verdict; columns that a test reads are redrawn.
    pub(super) fn keep_checks(&mut self, table: TableId, draft: &mut Draft) {
        let facts = &self.facts[table];
        for (_, expression) in facts.testable() {
            compute(expression, draft);
        }
        for check in &facts.checks {
            let ordered = matches!(&check.verdict, Verdict::Testable(expression) if in_order(expression, draft));
            let (verdict, detail) = match &check.verdict {
                Verdict::Testable(_) if ordered => ("proved", "times follow each other by construction".to_owned()),
                Verdict::Proved => ("proved", "within the columns' domains".to_owned()),
                Verdict::Testable(expression) if has_pattern(expression) => {
                    ("sampled", "made from its pattern, judged by the database as rows are loaded".to_owned())
                }
                Verdict::Testable(expression) if expression.reads_clock() => {
                    ("sampled", "tested by the time of the run; the server's own clock has the last word".to_owned())
                }
                Verdict::Testable(_) => ("proved", "tested on each row before it is accepted".to_owned()),
                Verdict::Opaque(reason) => ("sampled", format!("judged by the database: {reason}")),
                Verdict::Contradiction(reason) => ("refused", reason.clone()),
            };
            draft.ordered.extend(ordered.then(|| check.name.clone()));
            draft.verdicts.push(ConstraintPlan { name: check.name.clone(), verdict, detail });
            if ordered {
                continue;
            }
            match &check.verdict {
                Verdict::Testable(expression) => {
                    let own: Vec<_> =
                        expression.columns().into_iter().filter(|path| path.hops.is_empty()).map(|path| path.column).collect();
                    mentions::redraw(&mut draft.columns, &own);
                }
                Verdict::Opaque(_) => mentions::redraw(&mut draft.columns, &check.columns),
                Verdict::Proved | Verdict::Contradiction(_) => {}
            }
        }
        let definition = &self.inputs.catalog.tables[table];
        for exclusion in &definition.exclusions {
            let owner = self.owners[table].filter(|&owner| matches!(draft.picks[owner].pick, Pick::Owner));
            if let Some(detail) = exclusions::keep(definition, exclusion, &mut draft.columns, owner) {
                // By rows that are there and rows of earlier calls, only the database can tell.
                let verdict = if self.inputs.states[table].existing == 0 { "proved" } else { "sampled" };
                draft.verdicts.push(ConstraintPlan { name: exclusion.name.clone(), verdict, detail });
                continue;
            }
            mentions::redraw(&mut draft.columns, &mentions::columns_in(definition, &exclusion.definition));
            draft.verdicts.push(ConstraintPlan {
                name: exclusion.name.clone(),
                verdict: "sampled",
                detail: "judged by the database as rows are loaded".into(),
            });
        }
        for key in definition.foreign_keys.iter().filter(|key| key.declared) {
            draft.verdicts.push(ConstraintPlan { name: key.name.clone(), verdict: "proved", detail: "names rows that exist".into() });
        }
        // Why a trigger or a policy refuses a row it does not say: all but keys may be drawn anew.
        if !definition.triggers.is_empty() || definition.row_security {
            let others: Vec<_> =
                (0..draft.columns.len()).filter(|&column| !matches!(draft.columns[column].source, Source::Key { .. })).collect();
            mentions::redraw(&mut draft.columns, &others);
        }
        if let Some(partitioning) = &definition.partitioning {
            mentions::redraw(&mut draft.columns, &mentions::columns_in(definition, &partitioning.key));
        }
    }

    /// The row shapes of a table: what of NULLs and constants its CHECKs allow together.
    pub(super) fn keep_shapes(&mut self, table: TableId) {
        let told = self.kinds_of_keys(table);
        let checks: Vec<&Expression> = self.facts[table].tested().map(|(_, expression)| expression).chain(&told).collect();
        let definition = &self.inputs.catalog.tables[table];
        let columns: Vec<ShapeColumn> = constraint::shape_columns(&checks)
            .into_iter()
            .map(|column| {
                let planned = &self.tables[table].columns[column];
                let own = &definition.columns[column];
                let boolean = own.data_type.kind == TypeKind::Boolean;
                let both = || boolean.then(|| vec![Value::Bool(false), Value::Bool(true)]);
                let allowed = planned.domain.allowed.clone().or_else(both);
                let keyed = matches!(planned.source, Source::Key { .. } | Source::Serial { .. } | Source::Birth);
                ShapeColumn {
                    column,
                    nullable: !own.not_null && !planned.domain.not_null,
                    allowed,
                    domain: planned.domain.clone(),
                    keyed,
                    fixed: is_fixed(&planned.source),
                }
            })
            .collect();
        let shapes = constraint::shapes(&checks, &columns);
        for (column, _) in shapes.iter().flatten() {
            // A value that a shape wants and the column's own source has not.
            if self.tables[table].columns[*column].fallback.is_none() {
                let plain = self.plain(table, *column);
                self.tables[table].columns[*column].fallback = Some(Box::new(plain));
            }
        }
        let mut sum = 0.0;
        let weigh = |shape: &Shape| {
            sum += shape.iter().map(|(column, state)| share(&self.tables[table].columns[*column].source, state)).product::<f64>();
            sum
        };
        let sums = shapes.iter().map(weigh).collect();
        self.tables[table].shape_sums = sums;
        self.tables[table].shapes = shapes;
    }

    /// What a column of kinds says of keys that may be empty, where a kind is called as a key is: only what an API key did names
    /// one.
    fn kinds_of_keys(&self, table: TableId) -> Vec<Expression> {
        let definition = &self.inputs.catalog.tables[table];
        let words = |name: &str| normalise(name).iter().map(|word| singular(word)).collect::<Vec<_>>();
        let called = |label: &str| {
            let said = words(label);
            let names = |column: &ColumnId| {
                let name = words(&definition.columns[*column].name);
                !said.is_empty() && name.windows(said.len()).any(|part| part == said.as_slice())
            };
            let keys = definition.foreign_keys.iter().filter(|key| !key.mandatory && key.columns.len() == 1);
            keys.map(|key| key.columns[0]).find(|column| !definition.columns[*column].not_null && names(column))
        };
        let mut found = Vec::new();
        for (column, planned) in self.tables[table].columns.iter().enumerate() {
            let Some(allowed) = planned.domain.allowed.as_ref().filter(|allowed| planned.is_open() && allowed.len() > 1) else { continue };
            let labels = allowed.iter().filter_map(|label| if let Value::Text(text) = label { Some(&**text) } else { None });
            let keys: Vec<(&str, ColumnId)> = labels.filter_map(|label| Some((label, called(label)?))).collect();
            let apart = keys.iter().enumerate().all(|(at, (_, key))| keys[..at].iter().all(|(_, other)| other != key));
            for (label, key) in keys.into_iter().filter(|_| apart) {
                let name = |column: ColumnId| quoted(&definition.columns[column].name);
                let sql = format!("({} = '{}') = ({} IS NOT NULL)", name(column), label.replace('\'', "''"), name(key));
                let bound = parse(&sql).ok().and_then(|parsed| Binding::check(&self.inputs.catalog, table).condition(&parsed).ok());
                found.extend(bound);
            }
        }
        found
    }

    /// The tests of a table, once its columns stand.
    pub(super) fn keep_tests(&mut self, table: TableId, ordered: &[String]) {
        let tests = self.facts[table].tested().filter(|(check, _)| !ordered.contains(&check.name));
        let tests = tests.map(|(check, expression)| Test { name: check.name.clone(), expression: Arc::new(expression.clone()) });
        self.tables[table].tests = tests.collect();
    }
}

/// The least share of a state that a shape wants, as every branch occurs.
const LEAST_SHARE: f64 = 0.03;

/// How often what makes a column comes to a state of it, as far as it says: a hundredth of a staff is not half of it.
fn share(source: &Source, state: &CellShape) -> f64 {
    let of = |wanted: &Value| match source {
        Source::Choice { values, sums } => {
            let (_, weight) = values.iter().zip(generators::weights(sums)).find(|(value, _)| *value == wanted)?;
            Some(weight / sums.last()?)
        }
        Source::Flag(on) => Some(if *wanted == Value::Bool(true) { *on } else { 1.0 - on }),
        _ => None,
    };
    let share = match state {
        CellShape::Is(value) => of(value),
        CellShape::Other(values) => values.iter().map(of).sum::<Option<f64>>().map(|taken| 1.0 - taken),
        CellShape::Null => None,
    };
    share.map_or(1.0, |share| share.max(LEAST_SHARE))
}

/// Lets a column be what a CHECK says it equals: `total = price * quantity`, also among other conditions.
fn compute(expression: &Expression, draft: &mut Draft) {
    match expression {
        Expression::All(parts) => parts.iter().for_each(|part| compute(part, draft)),
        Expression::Compare { operator: Operator::Equal, left, right } => {
            let _ = equals(left, right, draft) || equals(right, left, draft);
        }
        _ => {}
    }
}

fn equals(cell: &Expression, other: &Expression, draft: &mut Draft) -> bool {
    let Expression::Cell(path) = cell else { return false };
    let reads = other.columns();
    let own = |column: usize| reads.iter().all(|read| read.hops.is_empty() && read.column != column);
    let plain = matches!(
        other,
        Expression::Arithmetic { .. }
            | Expression::Cell(_)
            | Expression::Extreme { .. }
            | Expression::DayShift { .. }
            | Expression::StampShift { .. }
            | Expression::Elapsed(..)
    );
    let planned = &mut draft.columns[path.column];
    let kept = matches!(
        planned.source,
        Source::Key { .. }
            | Source::Serial { .. }
            | Source::Database
            | Source::Birth
            | Source::ChildSum { .. }
            | Source::ChildCount(_)
            | Source::ChildTotal { .. }
    );
    if !path.hops.is_empty() || reads.is_empty() || !own(path.column) || !plain || kept || planned.decided_by >= Layer::Rule {
        return false;
    }
    planned.source = Source::Computed(Arc::new(other.clone()));
    planned.null_fraction = 0.0;
    planned.fallback = None;
    planned.detail = "as its CHECK says".into();
    true
}

/// Sources that follow the row's life or its children, not a shape.
fn is_fixed(source: &Source) -> bool {
    matches!(
        source,
        Source::Database
            | Source::StateLabel
            | Source::StageLabel(_)
            | Source::Entered(_)
            | Source::SinceEntered(..)
            | Source::ChildSum { .. }
            | Source::ChildCount(_)
            | Source::ChildTotal { .. }
    )
}

/// Whether a regular expression takes part, whose dialect the database knows best.
fn has_pattern(expression: &Expression) -> bool {
    let mut found = false;
    expression.visit(&mut |part| found |= matches!(part, Expression::Call(Function::Matches(_), _)));
    found
}

/// Whether an expression only asks for an order of times that the row's sources keep anyway: nothing that
/// follows a birth is before it.
fn in_order(expression: &Expression, draft: &Draft) -> bool {
    let source = |side: &Expression| match side {
        Expression::Cell(path) if path.hops.is_empty() => Some(&draft.columns[path.column].source),
        _ => None,
    };
    let follows = |first: &Expression, second: &Expression| {
        let later = matches!(source(second), Some(Source::After(AfterKind::Updated | AfterKind::LastSeen) | Source::Entered(_)));
        matches!(source(first), Some(Source::Birth)) && later
    };
    match expression {
        Expression::All(parts) => parts.iter().all(|part| in_order(part, draft)),
        Expression::Any(parts) => parts.iter().any(|part| in_order(part, draft)),
        Expression::Compare { operator: Operator::LessEqual, left, right } => follows(left, right),
        Expression::Compare { operator: Operator::GreaterEqual, left, right } => follows(right, left),
        _ => false,
    }
}
