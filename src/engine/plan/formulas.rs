//! Columns that follow from others of their row, or of a row it refers to, as their names give away: what is left of a
//! balance, the end of a stay of so many nights, the letter for a score.
//!
//! The formulas are data: `data/formulas.csv` (of, formula, low, high, step) over the operands of `data/operands.csv` (operand,
//! kind, names). A formula is SQL with operands in braces: `{net}` in the row itself, `{^net}` in a row it refers to,
//! `{!birth}` the row's own time, `{list>key>value:operand}` what a list of words says beside the operand's word. With `low` and `high` the column takes such a share of what the formula gives, a multiple of `step` where there is one. The
//! first formula whose operands are all there holds. `over` names what it overrules beyond guesses: `sum`, the sum of rows below.
//!
//! `data/presence.csv` (of, when) says in which rows a column that may be empty is not: a company's name where the customer
//! is one, a date of closing where the account is closed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::{AfterKind, ColumnPlan, Layer, Pick, PickPlan, Source};
use crate::engine::value::Value;
use crate::engine::vocabulary::{NameFit, NameIndex};

/// How far above a row operands are looked for.
const MOST_HOPS: usize = 2;

/// What an operand's column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Number,
    Whole,
    Day,
    Clock,
    Text,
    Flag,
    Any,
}

impl Kind {
    fn holds(self, kind: &TypeKind) -> bool {
        match self {
            Self::Number => matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. }),
            Self::Whole => matches!(kind, TypeKind::Integer { .. }),
            Self::Day => matches!(kind, TypeKind::Date | TypeKind::Timestamp { .. }),
            Self::Clock => matches!(kind, TypeKind::Time { zoned: false, .. }),
            Self::Text => matches!(kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Enum { .. }),
            Self::Flag => matches!(kind, TypeKind::Boolean),
            Self::Any => true,
        }
    }
}

#[derive(Debug, Deserialize)]
struct OperandLine {
    operand: String,
    kind: Kind,
    names: String,
}

#[derive(Debug, Deserialize)]
struct FormulaLine {
    of: String,
    formula: String,
    low: Option<f64>,
    high: Option<f64>,
    step: Option<f64>,
    over: Option<Overruled>,
}

/// What a formula is more certain than, beyond guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Overruled {
    /// The sum of rows below.
    Sum,
}

#[derive(Debug, Deserialize)]
struct PresenceLine {
    of: String,
    when: String,
}

/// A piece of a formula.
#[derive(Debug)]
enum Part {
    Sql(String),
    Own(usize),
    Above(usize),
    Birth,
    Looked { list: String, key: String, value: String, operand: usize },
}

#[derive(Debug)]
struct Formula {
    of: usize,
    parts: Vec<Part>,
    share: Option<Share>,
    over: Option<Overruled>,
}

/// Between which shares of what a formula gives a column lies, and on which grid (0: none).
#[derive(Debug, Clone, Copy)]
struct Share {
    low: f64,
    high: f64,
    step: f64,
}

struct Registry {
    kinds: Vec<Kind>,
    names: NameIndex,
    formulas: Vec<Formula>,
    presences: Vec<Formula>,
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut names = NameIndex::default();
        let (mut operands, mut kinds) = (Vec::new(), Vec::new());
        let mut reader = csv::Reader::from_reader(include_str!("data/operands.csv").as_bytes());
        for line in reader.deserialize::<OperandLine>() {
            let line = line.expect("the tests read every line of this file");
            names.add(&line.names, operands.len());
            operands.push(line.operand);
            kinds.push(line.kind);
        }
        let mut reader = csv::Reader::from_reader(include_str!("data/formulas.csv").as_bytes());
        let formulas = reader.deserialize::<FormulaLine>().map(|line| {
            let line = line.expect("the tests read every line of this file");
            let of = operands.iter().position(|operand| *operand == line.of).expect("a formula is of a known operand");
            Formula {
                of,
                parts: parts(&line.formula, &operands),
                share: line.low.zip(line.high).map(|(low, high)| Share { low, high, step: line.step.unwrap_or(0.0) }),
                over: line.over,
            }
        });
        let formulas = formulas.collect();
        let mut reader = csv::Reader::from_reader(include_str!("data/presence.csv").as_bytes());
        let presences = reader.deserialize::<PresenceLine>().map(|line| {
            let line = line.expect("the tests read every line of this file");
            let of = operands.iter().position(|operand| *operand == line.of).expect("what is there is a known operand");
            Formula { of, parts: parts(&line.when, &operands), share: None, over: None }
        });
        let presences = presences.collect();
        Registry { kinds, names, formulas, presences }
    })
}

/// The pieces of a formula; an operand that is not known is a mistake in the file, which the tests would meet.
fn parts(formula: &str, operands: &[String]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = formula;
    while let Some((sql, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').expect("a brace is closed");
        parts.push(Part::Sql(sql.to_owned()));
        let place = |name: &str| operands.iter().position(|operand| operand == name).expect("operands of formulas are known");
        parts.push(match name.strip_prefix('^') {
            _ if name == "!birth" => Part::Birth,
            _ if name.contains('>') => looked(name, &place),
            Some(above) => Part::Above(place(above)),
            None => Part::Own(place(name)),
        });
        rest = after;
    }
    parts.push(Part::Sql(rest.to_owned()));
    parts
}

/// `list>key>value:operand`
fn looked(text: &str, place: &dyn Fn(&str) -> usize) -> Part {
    let (way, operand) = text.split_once(':').expect("a look into a list names an operand");
    let mut steps = way.split('>').map(str::to_owned);
    let mut step = || steps.next().expect("a list, what is looked for, and what is read");
    Part::Looked { list: step(), key: step(), value: step(), operand: place(operand) }
}

/// Which operands the columns of each table may be, by table and operand: columns, best first.
#[derive(Debug, Default)]
pub(super) struct Named(Vec<BTreeMap<usize, Vec<(NameFit, ColumnId)>>>);

impl Named {
    pub(super) fn find(catalog: &Catalog) -> Self {
        let registry = registry();
        let of_table = |table: &crate::engine::catalog::Table| {
            let mut found: BTreeMap<usize, Vec<(NameFit, ColumnId)>> = BTreeMap::new();
            for (at, column) in table.columns.iter().enumerate() {
                for (operand, fit) in registry.names.find(&table.name, &column.name) {
                    if registry.kinds[operand].holds(&column.data_type.kind) {
                        found.entry(operand).or_default().push((fit, at));
                    }
                }
            }
            for columns in found.values_mut() {
                columns.sort_unstable();
            }
            found
        };
        Self(catalog.tables.iter().map(of_table).collect())
    }

    fn columns(&self, table: TableId, operand: usize) -> impl Iterator<Item = ColumnId> {
        self.0[table].get(&operand).into_iter().flatten().map(|(_, column)| *column)
    }
}

/// Lets columns of a table follow from others.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let mut done: Vec<ColumnId> = Vec::new();
    for formula in &registry().formulas {
        for column in builder.named.columns(table, formula.of) {
            let open = is_open(&columns[column]) || overrules(formula, &columns[column]);
            if done.contains(&column) || !open || context.is_unique(column) {
                continue;
            }
            let Some(expression) = context.written(formula, column) else { continue };
            if reads(&expression, column, columns) || !permits(&columns[column], &expression) {
                continue;
            }
            done.push(column);
            follow(&mut columns[column], expression, formula.share);
        }
    }
}

/// Leaves columns empty in the rows that have nothing to say in them.
pub(super) fn leave_empty(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let mut done: Vec<ColumnId> = Vec::new();
    for presence in &registry().presences {
        for column in builder.named.columns(table, presence.of) {
            let nullable = !context.catalog().tables[table].columns[column].not_null && !columns[column].domain.not_null;
            if done.contains(&column) || !nullable || context.is_unique(column) || !may_be_absent(&columns[column]) {
                continue;
            }
            let Some(expression) = context.written(presence, column).filter(|expression| !reads(expression, column, columns)) else {
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

fn overrules(formula: &Formula, planned: &ColumnPlan) -> bool {
    formula.over == Some(Overruled::Sum) && planned.decided_by <= Layer::Inference && matches!(planned.source, Source::ChildSum { .. })
}

fn follow(planned: &mut ColumnPlan, expression: Expression, share: Option<Share>) {
    let expression = Arc::new(expression);
    planned.source = if let Some(Share { low, high, step }) = share {
        Source::Scaled { of: expression, low, high, step }
    } else {
        planned.null_fraction = 0.0;
        Source::Computed(expression)
    };
    planned.detail = "follows from other columns of the row".into();
}

/// Whether nothing more certain than a guess makes the column's values.
fn is_open(planned: &ColumnPlan) -> bool {
    let guessed = match &planned.source {
        Source::Choice { .. }
        | Source::Uniform { .. }
        | Source::Normal { .. }
        | Source::Lognormal { .. }
        | Source::Rounded { .. }
        | Source::Priced { .. }
        | Source::Band { .. }
        | Source::Text(_)
        | Source::Phrases(_)
        | Source::Tuple(..)
        | Source::Near { .. }
        | Source::Flag(_)
        | Source::Share { .. }
        | Source::WhenFlag { .. } => true,
        Source::After(kind) => matches!(kind, AfterKind::Lag(_) | AfterKind::Later | AfterKind::Closing(_)),
        _ => false,
    };
    guessed && planned.decided_by <= Layer::Inference
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
    fn written(&self, formula: &Formula, column: ColumnId) -> Option<Expression> {
        let mut sql = String::new();
        for part in &formula.parts {
            match part {
                Part::Sql(text) => sql.push_str(text),
                Part::Own(operand) => sql.push_str(&self.own(*operand, column)?),
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
        let found = self.builder.named.columns(self.table, operand).find(|&own| own != column)?;
        Some(quoted(&self.catalog().tables[self.table].columns[found].name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_formula_is_read_and_every_operand_is_used() {
        let registry = registry();
        assert!(registry.formulas.len() > 40, "{}", registry.formulas.len());
        assert!(registry.presences.len() > 8);
        for formula in registry.formulas.iter().chain(&registry.presences) {
            let sql: String = formula
                .parts
                .iter()
                .map(|part| match part {
                    Part::Sql(text) => text.as_str(),
                    _ => "x",
                })
                .collect();
            assert!(parse(&sql).is_ok(), "{sql}");
            assert!(formula.share.is_none_or(|share| share.low <= share.high));
        }
        let used = |operand: usize| {
            registry.formulas.iter().chain(&registry.presences).any(|formula| {
                formula.of == operand
                    || formula.parts.iter().any(|part| match part {
                        Part::Own(own) | Part::Above(own) | Part::Looked { operand: own, .. } => *own == operand,
                        Part::Sql(_) | Part::Birth => false,
                    })
            })
        };
        assert!(
            (0..registry.kinds.len()).all(used),
            "{:?}",
            (0..registry.kinds.len()).filter(|&operand| !used(operand)).collect::<Vec<_>>()
        );
    }
}
