//! Columns that follow from others of their row, or of a row it refers to, as their names and meanings give away: what is left
//! of a balance, the end of a stay of so many nights, the letter for a score.
//!
//! Which do is data (`formulary`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, Column, ColumnId, TableId, TypeKind};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::formulary::{Formula, Overruled, Part, Share, formulary};
use crate::engine::plan::generators;
use crate::engine::plan::searches;
use crate::engine::plan::{ColumnPlan, Layer, Pick, PickPlan, Source};
use crate::engine::value::Value;

/// The meaning of the number under which a carrier knows a parcel.
const PARCEL_NUMBER: &str = "code.tracking_number";

/// How far above a row operands are looked for.
const MOST_HOPS: usize = 2;

/// How far those are that may be far away: the price of the title of the copy that was lent and paid for.
const FARTHEST: usize = 3;

/// Lets columns of a table follow from others.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let (mut done, mut raised): (Vec<ColumnId>, Vec<ColumnId>) = Default::default();
    for formula in &formulary().formulas {
        for column in builder.named.columns(table, formula.of) {
            // What follows from rows above is raised to what rows below are of it.
            let raised_to = formula.over == Some(Overruled::Lower) && matches!(columns[column].source, Source::Scaled { .. });
            let open = columns[column].is_open() || overrules(formula, column, columns);
            if !raised_to && (done.contains(&column) || !open) || context.is_unique(column) {
                continue;
            }
            let Some(written) = context.written(formula, column, &columns[column]) else { continue };
            let lacks_rows = formula.of_rows && !written.own_columns().iter().all(|read| raised.contains(read) || counts(&columns[*read]));
            if lacks_rows || reads(written.own_columns(), column, columns) || !permits(&columns[column], &written.expression) {
                continue;
            }
            done.push(column);
            if formula.of_rows {
                raised.push(column);
            }
            follow(&mut columns[column], written, formula);
        }
    }
}

/// Sources by the rows that they are for.
type Cases = Vec<(Option<Arc<Expression>>, Source)>;

/// Draws columns from something of its own in rows of which another column says so: the mark of who failed.
pub(super) fn draw(builder: &Builder, table: TableId, columns: &mut [ColumnPlan], picks: &[PickPlan]) {
    let context = Context { builder, table, picks };
    let mut found: BTreeMap<ColumnId, Cases> = BTreeMap::new();
    for drawn in &formulary().draws {
        for column in builder.named.columns(table, drawn.when.of) {
            let planned = &columns[column];
            if !planned.is_open() || context.is_unique(column) {
                continue;
            }
            let written = context.written(&drawn.when, column, planned);
            let Some(written) = written.filter(|written| !reads(written.own_columns(), column, columns)) else { continue };
            let source = generators::of_meaning(&drawn.generator).and_then(|generator| generators::source(&planned.kind, &generator));
            if let Some(source) = source.and_then(|source| permitted(source, planned)) {
                found.entry(column).or_default().push((Some(Arc::new(written.expression)), source));
            }
        }
    }
    for (column, mut cases) in found {
        let planned = &mut columns[column];
        cases.push((None, std::mem::replace(&mut planned.source, Source::Database)));
        planned.source = Source::Cases(cases);
        planned.detail = format!("{}; drawn as other columns of the row say", planned.detail);
    }
}

/// A source without the choices that its column may not hold; none where nothing is left of it.
fn permitted(source: Source, planned: &ColumnPlan) -> Option<Source> {
    let Source::Choice { values, sums } = source else { return Some(source) };
    let weights = sums.iter().scan(0.0, |before, sum| Some(sum - std::mem::replace(before, *sum)));
    let labels = match &planned.kind {
        TypeKind::Enum { labels } => Some(labels),
        _ => None,
    };
    let known = |value: &Value| match value {
        Value::Text(word) => labels.is_none_or(|labels| labels.iter().any(|label| **label == **word)),
        _ => true,
    };
    let left: Vec<(Value, f64)> =
        values.iter().cloned().zip(weights).filter(|(value, _)| planned.domain.permits(value) && known(value)).collect();
    (!left.is_empty()).then(|| generators::choice(left.into_iter()))
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
            let written = context.written(presence, column, &columns[column]);
            let Some(written) = written.filter(|written| !reads(written.own_columns(), column, columns)) else { continue };
            done.push(column);
            let planned = &mut columns[column];
            let inner = std::mem::replace(&mut planned.source, Source::Cases(Vec::new()));
            planned.source = Source::Cases(vec![(Some(Arc::new(written.expression)), inner)]);
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
            | Source::Nothing(_)
    );
    // The number of a parcel is there once it is sent; besides, not all that is handed over is.
    let parcel = planned.meaning == Some(PARCEL_NUMBER);
    (!fixed || parcel) && planned.decided_by <= Layer::Inference
}

/// Whether rows below make the column's numbers.
fn counts(planned: &ColumnPlan) -> bool {
    matches!(planned.source, Source::ChildCount(_) | Source::NamedCount { .. } | Source::ChildSum { .. })
}

fn overrules(formula: &Formula, column: ColumnId, columns: &[ColumnPlan]) -> bool {
    let planned = &columns[column];
    let overruled = match formula.over {
        Some(Overruled::Sum) => matches!(planned.source, Source::ChildSum { .. }),
        Some(Overruled::Total) => matches!(planned.source, Source::ChildSum { .. } | Source::Balance { .. } | Source::Product(..)),
        Some(Overruled::Row) => {
            matches!(&planned.source, Source::Balance { plus, .. } if !plus.iter().any(|part| counts(&columns[*part]) || matches!(columns[*part].source, Source::ChildTotal { .. })))
        }
        Some(Overruled::Copy) => matches!(planned.source, Source::Copied(_)),
        Some(Overruled::Lower) | None => false,
    };
    overruled && planned.decided_by <= Layer::Inference
}

fn follow(planned: &mut ColumnPlan, written: Written, formula: &Formula) {
    let expression = Arc::new(written.expression);
    planned.breach = written.breach;
    let guess = std::mem::replace(&mut planned.source, Source::Database);
    planned.source = match formula {
        Formula { share: Some(Share { low, high, step }), .. } => {
            // What nothing can be a share of is guessed, where it must be there.
            planned.fallback = planned.fallback.take().map(|_| Box::new(guess));
            Source::Scaled { of: expression, base: written.base.map(Arc::new), low: *low, high: *high, step: *step }
        }
        Formula { over: Some(Overruled::Lower), .. } => Source::AtLeast { inner: Box::new(guess), least: expression },
        _ => {
            planned.null_fraction = 0.0;
            Source::Computed(expression)
        }
    };
    planned.detail = "follows from other columns of the row".into();
}

/// Whether what reads these columns reads the column it is for, or one that follows from it.
fn reads(mut waiting: Vec<ColumnId>, column: ColumnId, columns: &[ColumnPlan]) -> bool {
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
            Source::Computed(of) => waiting.extend(own_columns(of)),
            Source::Scaled { of, base, .. } => waiting.extend(std::iter::once(of).chain(base).flat_map(|read| own_columns(read))),
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
    fn written(&self, formula: &Formula, column: ColumnId, planned: &ColumnPlan) -> Option<Written> {
        let of = self.spelled(&formula.parts, column, planned)?;
        let base = if formula.base.is_empty() { None } else { Some(self.spelled(&formula.base, column, planned)?) };
        let bound = |sql: &Spelled| Binding::rule(self.catalog(), self.table).scalar(&parse(&sql.bound).ok()?).ok();
        let breach = formula.exact.then(|| self.breach(formula, column, &of, base.as_ref()));
        let base = match &base {
            Some(base) => Some(bound(base)?),
            None => None,
        };
        Some(Written { expression: bound(&of)?, base, breach })
    }

    /// SQL that is true of a row `t` whose column is not what the formula says, as far as the column may hold that.
    fn breach(&self, formula: &Formula, column: ColumnId, of: &Spelled, base: Option<&Spelled>) -> String {
        let definition = &self.catalog().tables[self.table].columns[column];
        let (own, told) = (format!("t.{}", quoted(&definition.name)), &of.told);
        let numeric = match definition.data_type.kind {
            TypeKind::Integer { .. } => Some(0),
            TypeKind::Numeric { scale, .. } => Some(scale.unwrap_or(2).max(0)),
            TypeKind::Float { .. } => Some(6),
            _ => None,
        };
        let Some(scale) = numeric else { return format!("{own} <> ({told})") };
        let rounded = |sql: &str| format!("round(({sql})::numeric, {scale})");
        let (least, most) = match (&formula.share, base) {
            (Some(Share { low, high, step }), base) => {
                let base = base.map_or_else(String::new, |base| format!("({}) + ", base.told));
                let ends = [low, high].map(|end| format!("{base}({told}) * {end}"));
                // What lies on a grid may lie as far beyond as the grid is wide.
                let (low, high) = (format!("least({})", ends.join(", ")), format!("greatest({})", ends.join(", ")));
                (rounded(&format!("{low} - {step}")), rounded(&format!("{high} + {step}")))
            }
            _ => (rounded(told), rounded(told)),
        };
        let (min, max) = self.builder.facts[self.table].columns[column].number_bounds(&definition.data_type.kind);
        let bounds = [min.map(|min| format!(" and {least} >= {min}")), max.map(|max| format!(" and {most} <= {max}"))];
        format!("({own}::numeric < {least} or {own}::numeric > {most}){}", bounds.into_iter().flatten().collect::<String>())
    }

    /// The parts as they are bound, and as the database reads them over a row `t`.
    fn spelled(&self, parts: &[Part], column: ColumnId, planned: &ColumnPlan) -> Option<Spelled> {
        let mut sql = Spelled::default();
        for part in parts {
            match part {
                Part::Sql(text) => sql.push(text),
                Part::Own(operand) => sql.read(&self.own(*operand, column)?),
                Part::Optional(operand) => match self.find(*operand, column) {
                    None => sql.push("0.0"),
                    Some(found) if self.definition(found).not_null => sql.read(&quoted(&self.definition(found).name)),
                    Some(found) => {
                        sql.push("coalesce(");
                        sql.read(&quoted(&self.definition(found).name));
                        sql.push(", 0.0)");
                    }
                },
                Part::Absent(operand) if self.find(*operand, column).is_some() => return None,
                Part::Present(operand) if self.find(*operand, column).is_none() => return None,
                Part::PresentAbove(operand) => {
                    self.above(*operand, true, MOST_HOPS)?;
                }
                Part::Absent(_) | Part::Present(_) => {}
                Part::OneOf { operand, words, optional } => match self.find(*operand, column) {
                    Some(found) if self.holds_one(found, words) => {
                        sql.push("lower(");
                        sql.read(&quoted(&self.definition(found).name));
                        let listed: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                        sql.push(&format!("::text) in ({})", listed.join(", ")));
                    }
                    _ if *optional => sql.push("false"),
                    _ => return None,
                },
                Part::Whole => sql.push(if counts_in_shares(planned) { "1.0" } else { "100.0" }),
                Part::Goods => sql.push(&searches::number_of_goods(self.builder)?.to_string()),
                Part::Above(operand) => sql.extend(&self.above(*operand, false, MOST_HOPS)?),
                Part::FarAbove(operand) => sql.extend(&self.above(*operand, true, FARTHEST)?),
                Part::RowsOf(operand) => {
                    let named = self.find(*operand, column)?;
                    let key = self.catalog().tables[self.table].foreign_keys.iter().find(|key| key.columns == [named])?;
                    sql.push(&self.builder.rows_of(key.referenced_table).to_string());
                }
                Part::OnlyAbove(operand) => sql.extend(&self.above(*operand, true, MOST_HOPS)?),
                Part::Looked { list, key, value, operand } => {
                    let own = self.own(*operand, column)?;
                    let told = self.looked_up(list, (key, value), &format!("t.{own}"))?;
                    sql.extend(&Spelled { bound: self.looked_up(list, (key, value), &own)?, told });
                }
                Part::Birth => {
                    let birth = self.builder.tables[self.table].birth.filter(|&birth| birth != column)?;
                    sql.read(&quoted(&self.definition(birth).name));
                }
            }
        }
        Some(sql)
    }

    /// Whether a column may hold one of these words, as its type or its constraints list them.
    fn holds_one(&self, column: ColumnId, words: &[String]) -> bool {
        let known = |label: &str| words.iter().any(|word| *word == label.to_lowercase());
        if let TypeKind::Enum { labels } = &self.definition(column).data_type.kind {
            return labels.iter().any(|label| known(label));
        }
        let mut allowed = self.builder.facts[self.table].columns[column].allowed.iter().flatten();
        allowed.any(|label| matches!(label, Value::Text(label) if known(label)))
    }

    fn definition(&self, column: ColumnId) -> &Column {
        &self.catalog().tables[self.table].columns[column]
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

    /// The nearest row above that has the operand, the owner's side first; `only`: none where that has several.
    fn above(&self, operand: usize, only: bool, most: usize) -> Option<Spelled> {
        let tables = &self.catalog().tables;
        let mut waiting = std::collections::VecDeque::from([(self.table, Vec::<(TableId, usize)>::new())]);
        while let Some((at, way)) = waiting.pop_front() {
            let mut found = self.builder.named.columns(at, operand);
            if let (false, Some(column)) = (way.is_empty(), found.next()) {
                return (!only || found.next().is_none()).then(|| self.along(&way, &tables[at].columns[column].name));
            }
            if way.len() == most {
                continue;
            }
            let mut keys: Vec<usize> = (0..tables[at].foreign_keys.len()).collect();
            keys.sort_by_key(|&key| (self.builder.owners[at] != Some(key), !tables[at].foreign_keys[key].mandatory, key));
            for key in keys {
                let definition = &tables[at].foreign_keys[key];
                let dead = at == self.table && matches!(self.picks[key].pick, Pick::Nothing(_) | Pick::Later);
                if let ([_], false, true) = (&definition.columns[..], dead, definition.referenced_table != at) {
                    let further = way.iter().copied().chain([(at, key)]).collect();
                    waiting.push_back((definition.referenced_table, further));
                }
            }
        }
        None
    }

    /// A column at the end of a way of keys of one column.
    fn along(&self, way: &[(TableId, usize)], column: &str) -> Spelled {
        let tables = &self.catalog().tables;
        let mut bound: Vec<String> = Vec::new();
        let mut told = String::new();
        for (hop, &(at, key)) in way.iter().enumerate() {
            let definition = &tables[at].foreign_keys[key];
            let own = quoted(&tables[at].columns[definition.columns[0]].name);
            let above = &tables[definition.referenced_table];
            let place = format!("p{hop}");
            let named = quoted(&above.columns[definition.referenced_columns[0]].name);
            let from = if told.is_empty() { format!("t.{own}") } else { told };
            let read = way
                .get(hop + 1)
                .map_or_else(|| quoted(column), |&(at, key)| quoted(&tables[at].columns[tables[at].foreign_keys[key].columns[0]].name));
            told = format!("(select {place}.{read} from {} {place} where {place}.{named} = {from})", above.qualified);
            bound.push(own);
        }
        bound.push(quoted(column));
        Spelled { bound: bound.join("."), told }
    }
}

/// A formula as it is bound, and as the database reads it over a row `t`.
#[derive(Default)]
struct Spelled {
    bound: String,
    told: String,
}

impl Spelled {
    fn push(&mut self, text: &str) {
        self.bound.push_str(text);
        self.told.push_str(text);
    }

    /// A column of the row.
    fn read(&mut self, column: &str) {
        self.bound.push_str(column);
        self.told.push_str("t.");
        self.told.push_str(column);
    }

    fn extend(&mut self, other: &Self) {
        self.bound.push_str(&other.bound);
        self.told.push_str(&other.told);
    }
}

/// A formula over the columns of a table.
struct Written {
    expression: Expression,
    base: Option<Expression>,
    breach: Option<String>,
}

impl Written {
    fn own_columns(&self) -> Vec<ColumnId> {
        std::iter::once(&self.expression).chain(&self.base).flat_map(own_columns).collect()
    }
}
