//! Columns that follow from others of their row, or of a row it refers to, as their names and meanings give away: what is left
//! of a balance, the end of a stay of so many nights, the letter for a score.
//!
//! Which do is data (`formulary`).

use std::sync::Arc;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::formulary::{Formula, Overruled, Part, Share, formulary};
use crate::engine::plan::{ColumnPlan, Layer, Pick, PickPlan, Source};
use crate::engine::value::Value;

/// How far above a row operands are looked for.
const MOST_HOPS: usize = 2;

/// Lets columns of a table follow from others.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let (mut done, mut raised): (Vec<ColumnId>, Vec<ColumnId>) = Default::default();
    for formula in &formulary().formulas {
        for column in builder.named.columns(table, formula.of) {
            let open = columns[column].is_open() || overrules(formula, &columns[column]);
            if done.contains(&column) || !open || context.is_unique(column) {
                continue;
            }
            let Some(expression) = context.written(formula, column, &columns[column]) else { continue };
            let lacks_rows =
                formula.of_rows && !own_columns(&expression).iter().all(|read| raised.contains(read) || counts(&columns[*read]));
            if lacks_rows || reads(&expression, column, columns) || !permits(&columns[column], &expression) {
                continue;
            }
            done.push(column);
            if formula.of_rows {
                raised.push(column);
            }
            follow(&mut columns[column], expression, formula);
        }
    }
}

/// Leaves columns empty in the rows that have nothing to say in them.
pub(super) fn leave_empty(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let mut done: Vec<ColumnId> = Vec::new();
    for presence in &formulary().presences {
        for column in builder.named.columns(table, presence.of) {
            let nullable = !context.catalog().tables[table].columns[column].not_null && !columns[column].domain.not_null;
            if done.contains(&column) || !nullable || context.is_unique(column) || !may_be_absent(&columns[column]) {
                continue;
            }
            let Some(expression) =
                context.written(presence, column, &columns[column]).filter(|expression| !reads(expression, column, columns))
            else {
                continue;
            };
            done.push(column);
            let planned = &mut columns[column];
            let inner = std::mem::replace(&mut planned.source, Source::Cases(Vec::new()));
            planned.source = Source::Cases(vec![(Some(Arc::new(expression)), inner)]);
            planned.null_fraction = 0.0;
            planned.detail = format!("{}; empty where the row says so", planned.detail);
        }
    }
}

/// Whether a source's values may be left out: neither a key nor what follows the row's life already.
fn may_be_absent(planned: &ColumnPlan) -> bool {
    let fixed = matches!(
        planned.source,
        Source::Database
            | Source::Serial { .. }
            | Source::Key { .. }
            | Source::Birth
            | Source::Entered(_)
            | Source::SinceEntered(..)
            | Source::StateLabel
            | Source::StageLabel(_)
            | Source::Cases(_)
            | Source::Nothing(_)
    );
    !fixed && planned.decided_by <= Layer::Inference
}

/// Whether rows below make the column's numbers.
fn counts(planned: &ColumnPlan) -> bool {
    matches!(planned.source, Source::ChildCount(_) | Source::ChildSum { .. })
}

fn overrules(formula: &Formula, planned: &ColumnPlan) -> bool {
    let overruled = match formula.over {
        Some(Overruled::Sum) => matches!(planned.source, Source::ChildSum { .. }),
        Some(Overruled::Total) => matches!(planned.source, Source::ChildSum { .. } | Source::Balance { .. } | Source::Product(..)),
        Some(Overruled::Lower) | None => false,
    };
    overruled && planned.decided_by <= Layer::Inference
}

fn follow(planned: &mut ColumnPlan, expression: Expression, formula: &Formula) {
    let expression = Arc::new(expression);
    let guess = std::mem::replace(&mut planned.source, Source::Database);
    planned.source = match formula {
        Formula { share: Some(Share { low, high, step }), .. } => {
            // What nothing can be a share of is guessed, where it must be there.
            planned.fallback = planned.fallback.take().map(|_| Box::new(guess));
            Source::Scaled { of: expression, low: *low, high: *high, step: *step }
        }
        Formula { over: Some(Overruled::Lower), .. } => Source::AtLeast { inner: Box::new(guess), least: expression },
        _ => {
            planned.null_fraction = 0.0;
            Source::Computed(expression)
        }
    };
    planned.detail = "follows from other columns of the row".into();
}

/// Whether an expression reads the column it is for, or one that follows from it.
fn reads(expression: &Expression, column: ColumnId, columns: &[ColumnPlan]) -> bool {
    let mut waiting: Vec<ColumnId> = own_columns(expression);
    let mut seen: Vec<ColumnId> = Vec::new();
    while let Some(read) = waiting.pop() {
        if read == column {
            return true;
        }
        if seen.contains(&read) {
            continue;
        }
        seen.push(read);
        match &columns[read].source {
            Source::Computed(of) | Source::Scaled { of, .. } => waiting.extend(own_columns(of)),
            Source::AtLeast { least, .. } => waiting.extend(own_columns(least)),
            Source::Product(left, right) => waiting.extend([*left, *right]),
            Source::Balance { plus, minus } => waiting.extend(plus.iter().chain(minus)),
            Source::Share { of, less, .. } => waiting.extend(std::iter::once(*of).chain(*less)),
            Source::Cases(cases) => waiting.extend(cases.iter().flat_map(|(when, _)| when).flat_map(|when| own_columns(when))),
            _ => {}
        }
    }
    false
}

fn own_columns(expression: &Expression) -> Vec<ColumnId> {
    expression.columns().into_iter().filter(|path| path.hops.is_empty()).map(|path| path.column).collect()
}

/// Whether a rate is a share of one, for a column that holds no greater number or is a fraction by its type.
fn counts_in_shares(planned: &ColumnPlan) -> bool {
    let most = planned.domain.number_bounds(&planned.kind).1;
    most.map_or(matches!(planned.kind, TypeKind::Float { .. }), |most| most < 10.0)
}

/// Whether the column may hold each word that the formula may give.
fn permits(planned: &ColumnPlan, expression: &Expression) -> bool {
    let labels = match &planned.kind {
        TypeKind::Enum { labels } => Some(labels),
        _ => None,
    };
    results(expression).into_iter().all(|value| match value {
        Value::Text(word) => planned.domain.permits(value) && labels.is_none_or(|labels| labels.iter().any(|label| **label == **word)),
        _ => true,
    })
}

/// The constants that an expression may come to.
fn results(expression: &Expression) -> Vec<&Value> {
    match expression {
        Expression::Literal(value) => vec![value],
        Expression::Case { branches, otherwise } => branches.iter().map(|(_, then)| then).chain([&**otherwise]).flat_map(results).collect(),
        Expression::Coalesce(parts) => parts.iter().flat_map(results).collect(),
        Expression::Cast { operand, .. } => results(operand),
        _ => Vec::new(),
    }
}

struct Context<'a> {
    builder: &'a Builder,
    table: TableId,
    picks: &'a [PickPlan],
}

impl Context<'_> {
    fn catalog(&self) -> &Catalog {
        &self.builder.inputs.catalog
    }

    fn is_unique(&self, column: ColumnId) -> bool {
        let definition = &self.catalog().tables[self.table];
        definition.primary_key.iter().chain(&definition.unique_keys).any(|key| key.columns.contains(&column))
    }

    /// The formula over the table's own columns.
    fn written(&self, formula: &Formula, column: ColumnId, planned: &ColumnPlan) -> Option<Expression> {
        let mut sql = String::new();
        for part in &formula.parts {
            match part {
                Part::Sql(text) => sql.push_str(text),
                Part::Own(operand) => sql.push_str(&self.own(*operand, column)?),
                Part::Optional(operand) => sql.push_str(&self.optional(*operand, column)),
                Part::Absent(operand) if self.find(*operand, column).is_some() => return None,
                Part::Absent(_) => {}
                Part::Whole => sql.push_str(if counts_in_shares(planned) { "1.0" } else { "100.0" }),
                Part::Above(operand) => sql.push_str(&self.above(*operand)?),
                Part::Looked { list, key, value, operand } => {
                    let own = self.own(*operand, column)?;
                    sql.push_str(&self.looked_up(list, (key, value), &own)?);
                }
                Part::Birth => {
                    let birth = self.builder.tables[self.table].birth.filter(|&birth| birth != column)?;
                    sql.push_str(&quoted(&self.catalog().tables[self.table].columns[birth].name));
                }
            }
        }
        Binding::rule(self.catalog(), self.table).scalar(&parse(&sql).ok()?).ok()
    }

    /// What a list's lines say beside a column's word, as a CASE: numbers, else texts.
    fn looked_up(&self, list: &str, (key, value): (&str, &str), column: &str) -> Option<String> {
        let list = self.builder.known.words.get(list)?;
        let literal = |text: &str| if text.parse::<f64>().is_ok() { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) };
        let branches: Vec<String> = list
            .lines()
            .filter_map(|line| Some((line.cell(key)?, line.cell(value).filter(|text| !text.is_empty())?)))
            .map(|(word, text)| format!("when '{}' then {}", word.replace('\'', "''"), literal(text)))
            .collect();
        (!branches.is_empty()).then(|| format!("case {column}::text {} end", branches.join(" ")))
    }

    fn own(&self, operand: usize, column: ColumnId) -> Option<String> {
        self.find(operand, column).map(|found| quoted(&self.catalog().tables[self.table].columns[found].name))
    }

    fn find(&self, operand: usize, column: ColumnId) -> Option<ColumnId> {
        self.builder.named.columns(self.table, operand).find(|&own| own != column)
    }

    /// The operand, or 0 where there is none.
    fn optional(&self, operand: usize, column: ColumnId) -> String {
        let Some(found) = self.find(operand, column) else { return "0.0".to_owned() };
        let definition = &self.catalog().tables[self.table].columns[found];
        let name = quoted(&definition.name);
        if definition.not_null { name } else { format!("coalesce({name}, 0.0)") }
    }

    /// The nearest row above that has the operand, the owner's side first.
    fn above(&self, operand: usize) -> Option<String> {
        let tables = &self.catalog().tables;
        let mut waiting = std::collections::VecDeque::from([(self.table, Vec::<String>::new())]);
        while let Some((at, way)) = waiting.pop_front() {
            if !way.is_empty()
                && let Some(column) = self.builder.named.columns(at, operand).next()
            {
                let names = way.into_iter().chain([quoted(&tables[at].columns[column].name)]);
                return Some(names.collect::<Vec<_>>().join("."));
            }
            if way.len() == MOST_HOPS {
                continue;
            }
            let mut keys: Vec<usize> = (0..tables[at].foreign_keys.len()).collect();
            keys.sort_by_key(|&key| (self.builder.owners[at] != Some(key), !tables[at].foreign_keys[key].mandatory, key));
            for key in keys {
                let definition = &tables[at].foreign_keys[key];
                let dead = at == self.table && matches!(self.picks[key].pick, Pick::Nothing(_) | Pick::Later);
                if let ([column], false, true) = (&definition.columns[..], dead, definition.referenced_table != at) {
                    let mut further = way.clone();
                    further.push(quoted(&tables[at].columns[*column].name));
                    waiting.push_back((definition.referenced_table, further));
                }
            }
        }
        None
    }
}
