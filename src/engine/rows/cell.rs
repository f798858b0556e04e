//! One cell: from its source to the value as stored.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::constraint::CellShape;
use crate::engine::expression::Expression;
use crate::engine::plan::{ColumnPlan, Fact, FactTarget, RowIndex, Source, is_prose};
use crate::engine::rows::condition::RowView;
use crate::engine::rows::extend::{EXTENDED, draws_from_lists, is_beyond};
use crate::engine::rows::lifecycle::Shown;
use crate::engine::rows::money::number;
use crate::engine::rows::random::{Draws, permute, scale};
use crate::engine::rows::remember::{BARE, LAST_RESORT};
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::shown;
use crate::engine::value::Value;

/// So many rows are the oldest of a table.
const OLDEST: u64 = 2;

/// Cells that may wait for one another.
const DEEPEST: u32 = 300;

/// Draws before a number outside its bounds is clamped.
const TRIES: u32 = 16;

/// Share of another values that the column's own source makes.
const FROM_SOURCE: f64 = 0.7;

impl Rows<'_> {
    /// The value of a cell as the database will store it.
    pub fn cell(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Value {
        self.known(table, index, column).clone()
    }

    /// The same, where it is kept.
    pub(super) fn known(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> &Value {
        static NULL: Value = Value::Null;
        if !self.is_made(table, index) {
            return &self.plan.tables[table].stored.rows[index as usize][column];
        }
        let place = self.place(table, index);
        let row = self.state_at(table, place);
        if row.cells[column].is_none() {
            let (identity, attempt) = (row.identity, row.attempt);
            // The plan's order of cells forbids circles; should one escape it, a NULL is better than a lost backend.
            if self.depth > DEEPEST {
                return &NULL;
            }
            self.depth += 1;
            let value = self.compute(table, index, column, identity, attempt);
            self.depth -= 1;
            // Its row may have been put away for others meanwhile.
            return self.state(table, index).cells[column].insert(value);
        }
        self.state_at(table, place).cells[column].as_ref().unwrap_or(&NULL)
    }

    fn compute(&mut self, table: TableId, index: RowIndex, column: ColumnId, identity: u64, attempt: u32) -> Value {
        let plan = self.plan;
        let planned = &plan.tables[table].columns[column];
        if !self.layouts[table].learned.is_empty()
            && let Some(value) = self.learned(table, index, column)
        {
            return value;
        }
        let mut draws = planned.key.draws(identity, if planned.redrawn { attempt } else { 0 });
        let shape = if plan.tables[table].shapes.is_empty() { None } else { self.shape_of(table, index, column) };
        match shape {
            Some(CellShape::Null) => return Value::Null,
            Some(CellShape::Is(value)) => return value.clone(),
            _ => {}
        }
        if let Some(value) = &planned.of_oldest
            && shape.is_none()
            && self.layouts[table].position(index).is_some_and(|position| position < OLDEST)
        {
            return value.clone();
        }
        let absent = shape.is_none() && planned.null_fraction > 0.0 && draws.unit() < planned.null_fraction;
        if absent && !self.was_seen(table, index, &planned.source) && !self.is_followed(table, index, column) {
            return Value::Null;
        }
        if self.written.plans(table, column)
            && let Some(value) = self.written_cell(table, index, column)
        {
            return value;
        }
        if planned.redrawn && planned.null_fraction > 0.0 && attempt / 1_000 >= BARE && !self.is_followed(table, index, column) {
            return Value::Null;
        }
        let listed = planned.redrawn
            && matches!(
                planned.source,
                Source::Tuple(..) | Source::Text(_) | Source::Phrases(_) | Source::Choice { .. } | Source::Mostly { .. }
            );
        let source = match &planned.fallback {
            Some(fallback) if listed && attempt / 1_000 >= LAST_RESORT => fallback,
            _ => &planned.source,
        };
        let mut value = self.produce(table, index, column, source, &mut draws);
        let own_list = || planned.redrawn || self.serves_a_key(table, column) && !planned.meaning.is_some_and(is_prose);
        if attempt >= EXTENDED && is_beyond(attempt / 1_000) && own_list() && draws_from_lists(source) {
            value = self.extended(table, column, value, attempt / 1_000, &mut draws);
        }
        let wanted = shape.is_some() || plan.catalog.tables[table].columns[column].not_null;
        let fallback = planned.fallback.as_ref().filter(|_| wanted && !matches!(planned.source, Source::Key { .. }));
        if let (true, Some(fallback)) = (value.is_null(), fallback) {
            value = self.produce(table, index, column, fallback, &mut draws);
        }
        if let Some(CellShape::Other(constants)) = shape {
            for _ in 0..TRIES {
                if !constants.contains(&value) {
                    break;
                }
                value = fitted(planned, self.produce(table, index, column, source, &mut draws), &mut draws);
            }
        }
        let value = fitted(planned, value, &mut draws);
        self.in_a_leaf(table, index, column, value)
    }

    /// Whether a column is redrawn for a key, or its line is, with another of the line's columns.
    fn serves_a_key(&self, table: TableId, column: ColumnId) -> bool {
        let columns = &self.plan.tables[table].columns;
        let line = |planned: &ColumnPlan| match planned.source {
            Source::Tuple(tuple, _) => Some(tuple),
            _ => None,
        };
        let own = line(&columns[column]);
        columns[column].redrawn || own.is_some() && columns.iter().any(|other| other.redrawn && line(other) == own)
    }

    pub(super) fn produce(&mut self, table: TableId, index: RowIndex, column: ColumnId, source: &Source, draws: &mut Draws) -> Value {
        let plan = self.plan;
        let kind = &plan.tables[table].columns[column].kind;
        match source {
            Source::Database | Source::Nothing(_) => Value::Null,
            Source::Serial { first, increment } => Value::Int(first + increment * self.place_in_sequence(table, index, column)),
            Source::Key { foreign_key, referenced } => self.key(table, index, *foreign_key, *referenced),
            Source::Constant(value) => value.clone(),
            Source::Choice { values, sums } => choose(values, sums, draws.unit()),
            Source::Uniform { min, max, step } => uniform(kind, *min, *max, *step, draws),
            Source::Normal { mean, sd, min, max } => distributed(kind, (*min, *max), || sd.mul_add(draws.normal(), *mean)),
            Source::Lognormal { median, sigma, min, max } => distributed(kind, (*min, *max), || median * libm::exp(sigma * draws.normal())),
            Source::Priced { median, sigma, min, max } => self.priced(table, index, column, (*median, *sigma, *min, *max), draws),
            Source::Band { low, high, step } => self.band(table, index, (low, high), *step, draws),
            Source::AnyBand => self.in_any_band(table, index, column, draws),
            Source::StampRange { min, max } => Value::Stamp(min + scale(draws.bits(), (max - min).max(1) as u64) as i64),
            Source::Text(text) => self.text(table, index, text, draws).map_or(Value::Null, |text| typed(kind, &text)),
            Source::Phrases(phrases) => {
                let phrase = &phrases[draws.below(phrases.len() as u64) as usize];
                self.text(table, index, phrase, draws).map_or(Value::Null, |text| typed(kind, &text))
            }
            Source::Tuple(tuple, column) => {
                self.tuple_text(table, index, *tuple, *column, draws).map_or(Value::Null, |text| typed(kind, &text))
            }
            Source::Mostly { share, key, copied, begins, whole, otherwise } => {
                let alike = self.draws(table, index, *key, false).unit() < *share;
                let told = alike && *whole && self.follow(table, index, &copied.hops).is_some();
                let copied = if alike { self.copied_if_it_begins(table, index, copied, begins.as_ref()) } else { Value::Null };
                if copied.is_null() && !told { self.produce(table, index, column, otherwise, draws) } else { copied }
            }
            Source::Elements { element, min, max } => self.elements((table, index), kind, element, (*min, *max), draws),
            Source::Age { mean, sd, min, max } => self.aged(kind, bounded(*min, *max, || sd.mul_add(draws.normal(), *mean))),
            Source::Pattern(fact) => self.pattern(table, index, fact, draws),
            Source::Near { fact, times, spread, relative } => self.near(table, index, kind, fact, (*times, *spread, *relative), draws),
            Source::OnSale(sale) => self.on_sale(table, index, kind, sale, draws),
            Source::Ean13(prefix) => super::codes::ean13(prefix, draws),
            Source::Iban(country) => self.iban(table, index, country.as_ref(), draws),
            Source::Object(fields) => self.object(table, index, fields, draws),
            Source::Disjoint { part, per_owner } => self.disjoint(table, index, column, *part, *per_owner),
            Source::Typed(kind) => self.shaped(table, index, kind, draws).map_or(Value::Null, Value::text),
            Source::SomeOf { facts, min, max } => self.words_of(table, index, facts, (*min, *max), draws),
            Source::Cases(cases) => self.cases(table, index, column, cases, draws),
            Source::Uuid => Value::Uuid(uuid(draws)),
            Source::Flag(share) => flag(kind, draws.unit() < *share),
            Source::FirstFlag => flag(kind, self.ordinal(table, index, false) == 0 && self.rows_beside(table, index).is_empty()),
            Source::LastFlag => {
                let last = self.ordinal(table, index, false) + 1 >= self.siblings(table, index);
                flag(kind, last && self.rows_beside(table, index).is_empty())
            }
            Source::FirstFlagPer(other) => self.first_flag_per(table, index, kind, *other),
            Source::Ordinal(first) => number(kind, self.number_among_siblings(table, index, column, *first) as f64),
            Source::Permuted(values) => self.permuted_value(table, index, column, values),
            Source::SiblingChoice { values, first } => self.sibling_choice(table, index, column, (values, *first)),
            Source::PermutedNumber { min, size } => {
                self.permuted(table, index, column, *size).map_or(Value::Null, |place| Value::Int(min + place as i64))
            }
            Source::Period(part) => self.of_period(table, index, *part),
            Source::KindOfPeriod(kinds) => self.kind_of_period(table, index, column, kinds),
            Source::Birth => self.birth(table, index).map_or(Value::Null, Value::Stamp),
            Source::After(kind) => self.after(table, index, column, *kind),
            Source::Entered(states) => self.entered(table, index, states).map_or(Value::Null, Value::Stamp),
            Source::SinceEntered(states, inner) => match self.entered(table, index, states) {
                Some(_) => self.produce(table, index, column, inner, draws),
                None => Value::Null,
            },
            Source::StateLabel => self.lifecycle_label(table, index),
            Source::StageLabel(_) => self.stage_label(table, index),
            Source::Computed(expression) => self.computed(table, index, expression),
            Source::Rounded { inner, step } => {
                let exact = self.produce(table, index, column, inner, draws).as_f64();
                exact.map_or(Value::Null, |exact| number(kind, on_grid(exact, *step)))
            }
            Source::ChildCount(child) => number(kind, self.child_count(table, index, *child) as f64),
            Source::Product(left, right) => self.product(table, index, *left, *right),
            Source::Derived(derived) => self.derived(table, index, kind, derived),
            // Words of another row's line are said as that row would say them.
            Source::Copied(Fact { hops, target: FactTarget::Tuple(tuple, column) }) => match self.follow(table, index, hops) {
                Some((at, row)) => self.tuple_text(at, row, *tuple, *column, draws).map_or(Value::Null, |text| typed(kind, &text)),
                None => Value::Null,
            },
            Source::Copied(fact) => self.fact(table, index, fact),
            Source::ChildSum { table: child, column: summed, less } => self.child_sum(table, index, *child, *summed, *less),
            Source::Balance { plus, minus } => self.balance(table, index, plus, minus),
            Source::Share { of, less, percent, rates } => {
                let rate = percent.as_ref().and_then(|fact| self.percentage(table, index, fact));
                let rate = rate.unwrap_or_else(|| rates[draws.below(rates.len() as u64) as usize]);
                self.share(table, index, *of, *less, rate)
            }
            Source::Part { of, .. } => self.instalment(table, index, kind, of),
            Source::Delivery { rate, free } => self.delivery(table, index, rate, free.as_ref()),
            Source::WhenFlag { flag, on, inner } => {
                if self.has_flag(table, index, *flag, *on) {
                    self.produce(table, index, column, inner, draws)
                } else {
                    Value::Null
                }
            }
            other => self.sum(table, index, column, other, draws),
        }
    }

    /// A number that is a share of others, comes of rows below or beside, or is raised.
    fn sum(&mut self, table: TableId, index: RowIndex, column: ColumnId, source: &Source, draws: &mut Draws) -> Value {
        let kind = &self.plan.tables[table].columns[column].kind;
        match source {
            Source::Discount { of, kind, value } => self.discount(table, index, of, kind.as_ref(), value.as_ref(), draws),
            Source::Scaled { of, base, low, high, step } => {
                let whole = self.computed(table, index, of).as_f64();
                let base = base.as_ref().map_or(Some(0.0), |base| self.computed(table, index, base).as_f64());
                let share = low + (high - low) * draws.unit();
                whole.zip(base).map_or(Value::Null, |(whole, base)| number(kind, on_grid(base + whole * share, *step)))
            }
            Source::AtLeast { inner, least } => {
                let value = self.produce(table, index, column, inner, draws);
                match (value.as_f64(), self.computed(table, index, least).as_f64()) {
                    (Some(drawn), Some(least)) if drawn < least => number(kind, least),
                    _ => value,
                }
            }
            Source::Told { label, by, otherwise } => self.told(table, index, column, (label, by, otherwise), draws),
            Source::Steady { hops, inner, spread, relative } => self.steady(table, index, column, (hops, inner, *spread, *relative), draws),
            Source::Carried { of, first } => self.carried(table, index, column, (*of, first), draws),
            Source::ChildTotal { table: child, of, .. } => self.child_total(table, index, *child, of),
            Source::NamedCount { table: other, key } => number(kind, self.group(*other, *key, index).len() as f64),
            Source::NamedMean { table: other, key, column } => self.mean_of_named(index, kind, (*other, *key, *column)),
            Source::NamedLeft { of, table: other, key, empty } => {
                let whole = self.known(table, index, *of).as_f64().unwrap_or(0.0);
                number(kind, (whole - self.still_empty(index, (*other, *key, *empty)) as f64).max(0.0))
            }
            Source::Running { of, .. } => self.running(table, index, of),
            Source::Signed { inner, kind: told, out, either } => {
                let own = self.produce(table, index, column, inner, draws);
                let told = self.known(table, index, *told);
                let leaves = out.contains(told) || either.contains(told) && draws.unit() < 0.5;
                match own.as_f64() {
                    Some(amount) if leaves => number(kind, -amount),
                    _ => own,
                }
            }
            Source::Covering { inner, of } => {
                let own = self.produce(table, index, column, inner, draws);
                if self.ordinal(table, index, false) == 0 { self.covering(table, index, &own, of) } else { own }
            }
            Source::FirstOf { first, inner } => {
                if self.ordinal(table, index, false) == 0 {
                    first.clone()
                } else {
                    self.produce(table, index, column, inner, draws)
                }
            }
            _ => Value::Null,
        }
    }

    /// What a fact says, where it begins with another: a telephone with the code of the row's own country.
    fn copied_if_it_begins(&mut self, table: TableId, index: RowIndex, copied: &Fact, begins: Option<&Fact>) -> Value {
        let copied = self.fact(table, index, copied);
        let code = begins.map_or(Value::Null, |fact| self.fact(table, index, fact));
        match (shown(&copied), shown(&code)) {
            (Some(text), Some(code)) if !text.starts_with(&code) => Value::Null,
            _ => copied,
        }
    }

    fn place_in_sequence(&self, table: TableId, index: RowIndex, column: ColumnId) -> i64 {
        let layout = &self.layouts[table];
        (layout.keys_before(column) + layout.position(index).unwrap_or(0)) as i64
    }

    fn permuted_value(&mut self, table: TableId, index: RowIndex, column: ColumnId, values: &[Value]) -> Value {
        let place = self.permuted(table, index, column, values.len() as u64);
        place.and_then(|place| values.get(place as usize)).cloned().unwrap_or(Value::Null)
    }

    fn has_flag(&mut self, table: TableId, index: RowIndex, flag: ColumnId, on: bool) -> bool {
        match self.cell(table, index, flag) {
            Value::Bool(stands) => stands == on,
            Value::Int(stands) => (stands != 0) == on,
            _ => false,
        }
    }

    /// Another value of a column: from its source or what stands in for it, else any of its type.
    pub(super) fn another(&mut self, table: TableId, index: RowIndex, column: ColumnId, draws: &mut Draws) -> Value {
        let plan = self.plan;
        let planned = &plan.tables[table].columns[column];
        let mut value = Value::Null;
        if draws.unit() < FROM_SOURCE {
            let source = planned.fallback.as_deref().unwrap_or(&planned.source);
            value = self.produce(table, index, column, source, draws);
        }
        if value.is_null() {
            value = self.shaped(table, index, &planned.kind, draws).map_or(Value::Null, |text| typed(&planned.kind, &text));
        }
        fitted(planned, value, draws)
    }

    fn key(&mut self, table: TableId, index: RowIndex, foreign_key: ForeignKeyId, referenced: ColumnId) -> Value {
        let target = self.links[table][foreign_key].target;
        self.reference(table, index, foreign_key).map_or(Value::Null, |row| self.cell(target, row, referenced))
    }

    /// A row's place in a permutation of so many values; `None` where they have run out and the column may be NULL.
    fn permuted(&mut self, table: TableId, index: RowIndex, column: ColumnId, size: u64) -> Option<u64> {
        let plan = self.plan;
        let number = self.own_number(table, index);
        let has_run_out = self.number(table, index) >= size && !plan.catalog.tables[table].columns[column].not_null;
        (!has_run_out).then(|| permute(number % size, size, plan.tables[table].columns[column].key.bits(0)))
    }

    fn sibling_choice(&mut self, table: TableId, index: RowIndex, column: ColumnId, (values, first): (&[Value], usize)) -> Value {
        let owner = self.owner_identity(table, index).unwrap_or(0);
        let ordinal = self.ordinal(table, index, self.plan.tables[table].columns[column].redrawn);
        let there: Vec<Value> = self.rows_beside(table, index).into_iter().map(|row| self.cell(table, row, column)).collect();
        let free: Vec<&Value> = values.iter().filter(|value| !there.contains(value)).collect();
        let first = values[..first].iter().filter(|value| free.is_empty() || !there.contains(value)).count();
        let values: Vec<&Value> = if free.is_empty() { values.iter().collect() } else { free };
        let key = self.plan.tables[table].columns[column].key.bits(owner);
        let (before, rest) = values.split_at(values.len().min(first));
        let place = ordinal % (values.len() as u64).max(1);
        let (of, place) = if place < before.len() as u64 { (before, place) } else { (rest, place - before.len() as u64) };
        of.get(permute(place, (of.len() as u64).max(1), key) as usize).map_or(Value::Null, |value| Value::clone(value))
    }

    fn stage_label(&mut self, table: TableId, index: RowIndex) -> Value {
        let plan = self.plan;
        let Some(stage) = self.stage_of(table, index) else { return Value::Null };
        let lifecycle = plan.tables[table].owner.as_ref().and_then(|owner| plan.tables[owner.table].lifecycle.as_ref());
        match stage.shown {
            Shown::Label(place) => self.own_stage_label(table, place),
            Shown::State(state) => lifecycle.map_or(Value::Null, |lifecycle| lifecycle.states[state].label.clone()),
        }
    }

    /// True for the first sibling with its value of another column.
    fn first_flag_per(&mut self, table: TableId, index: RowIndex, kind: &TypeKind, other: ColumnId) -> Value {
        let (slot, ordinal) = {
            let row = self.state(table, index);
            (row.slot, row.ordinal)
        };
        let own = self.cell(table, index, other);
        let earlier: Vec<RowIndex> = (slot - ordinal..slot).map(|slot| self.layouts[table].index_of_slot(slot)).collect();
        let siblings = self.rows_beside(table, index).into_iter().chain(earlier);
        let first = siblings.into_iter().all(|sibling| self.cell(table, sibling, other) != own);
        flag(kind, first)
    }

    pub(super) fn computed(&mut self, table: TableId, index: RowIndex, expression: &Expression) -> Value {
        expression.evaluate(&mut RowView { rows: self, table, index }).unwrap_or(Value::Null)
    }

    /// Stored rows under the stored row that a made row hangs under.
    pub(super) fn rows_beside(&mut self, table: TableId, index: RowIndex) -> Vec<RowIndex> {
        if self.layouts[table].beside.is_empty() {
            return Vec::new();
        }
        let Some(owner) = self.state(table, index).owner else { return Vec::new() };
        self.layouts[table].beside.get(&owner).map_or_else(Vec::new, |rows| rows.iter().map(|&row| u64::from(row)).collect())
    }
}

/// The value as stored, inside the column's domain wherever a nearest value exists.
fn fitted(planned: &ColumnPlan, value: Value, draws: &mut Draws) -> Value {
    let value = whole_sentences(planned, value).fit(&planned.kind);
    if planned.domain.is_free() || value.is_null() {
        return value;
    }
    if planned.domain.keeps(&value) {
        return value;
    }
    if let (false, Some(number)) = (planned.domain.permits(&value), value.as_f64()) {
        let (min, max) = planned.domain.number_bounds(&planned.kind);
        // What lies outside is spread between the bounds; moved to one it would stand there again and again.
        if let (Some(min), Some(max)) = (min, max)
            && (number < min || number > max)
            && max > min
        {
            // What is too small is small all the same, where no key wants it to differ.
            let near = if min > 0.0 { min * 10.0 } else { min + 10.0 * (min - number + 1.0) };
            let max = if number < min && !planned.redrawn { near.min(max) } else { max };
            let inside = uniform(&planned.kind, min, max, 0.0, draws);
            return planned.domain.nearest(inside.fit(&planned.kind), draws.bits()).fit(&planned.kind);
        }
    }
    planned.domain.nearest(value, draws.bits()).fit(&planned.kind)
}

/// A text that is too long for its column, without the sentences that have no room; as it is where less than a third of the
/// room would be filled.
fn whole_sentences(planned: &ColumnPlan, value: Value) -> Value {
    let (Value::Text(text), Some(most)) = (&value, planned.domain.max_length) else { return value };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if text.len() <= most {
        return value;
    }
    let Some((end, _)) = text.char_indices().nth(most) else { return value };
    let sentence = |(at, mark): (usize, &str)| (at + 1, text[at + mark.len()..].starts_with([' ', '\n']));
    let ends = text[..end].rmatch_indices(['.', '!', '?']).map(sentence).find(|(_, parted)| *parted).map(|(at, _)| at);
    match ends.filter(|at| at * 3 >= end) {
        Some(at) => Value::text(&text[..at]),
        None => value,
    }
}

/// A number on a grid, at its first line at least; as it is where there is none.
fn on_grid(number: f64, step: f64) -> f64 {
    if step > 0.0 { (libm::round(number / step) * step).max(if number > 0.0 { step } else { f64::MIN }) } else { number }
}

fn choose(values: &[Value], sums: &[f64], unit: f64) -> Value {
    let Some(total) = sums.last() else { return Value::Null };
    let target = unit * total;
    values[sums.partition_point(|sum| *sum <= target).min(values.len() - 1)].clone()
}

fn uniform(kind: &TypeKind, min: f64, max: f64, step: f64, draws: &mut Draws) -> Value {
    if step > 0.0 {
        let steps = libm::floor((max - min) / step + 1e-9) as u64 + 1;
        return number(kind, min + step * draws.below(steps) as f64);
    }
    if matches!(kind, TypeKind::Integer { .. }) {
        return Value::Int(min as i64 + draws.below((max - min).max(0.0) as u64 + 1) as i64);
    }
    number(kind, min + (max - min) * draws.unit())
}

/// A number of a type, drawn from a distribution between bounds.
fn distributed(kind: &TypeKind, (min, max): (f64, f64), draw: impl FnMut() -> f64) -> Value {
    let (min, max) = within(kind, min, max);
    number(kind, bounded(min, max, draw))
}

/// Bounds that a type's precision makes narrower.
fn within(kind: &TypeKind, min: f64, max: f64) -> (f64, f64) {
    let TypeKind::Numeric { precision: Some(precision), scale } = kind else { return (min, max) };
    let most = 10f64.powi(i32::from(*precision) - i32::from(scale.unwrap_or(0))) - 10f64.powi(-i32::from(scale.unwrap_or(0)));
    (min.max(-most), max.min(most))
}

/// A draw between bounds; where a distribution hardly reaches them, any value between them rather than always the nearer one.
pub(super) fn bounded(min: f64, max: f64, mut draw: impl FnMut() -> f64) -> f64 {
    for _ in 0..TRIES {
        let value = draw();
        if value >= min && value <= max {
            return value;
        }
    }
    let (last, span) = (draw(), max - min);
    if span.is_finite() && span > 0.0 { min + (last - min).rem_euclid(span) } else { last.clamp(min, max) }
}

pub(super) fn uuid(draws: &mut Draws) -> u128 {
    let bits = (u128::from(draws.bits()) << 64) | u128::from(draws.bits());
    (bits & !(0xF000 << 64) & !(0xC000 << 48)) | (0x4000 << 64) | (0x8000 << 48)
}

fn flag(kind: &TypeKind, on: bool) -> Value {
    match kind {
        TypeKind::Boolean => Value::Bool(on),
        TypeKind::Integer { .. } => Value::Int(i64::from(on)),
        _ => Value::text(if on { "true" } else { "false" }),
    }
}

/// A text as the column's type reads it.
fn typed(kind: &TypeKind, text: &str) -> Value {
    Value::parse(kind, text)
}

/// PostgreSQL's text form of a one-dimensional array.
pub(super) fn array_text(words: &[String]) -> String {
    let mut different: Vec<&String> = Vec::new();
    for word in words {
        if !different.contains(&word) {
            different.push(word);
        }
    }
    let quoted: Vec<String> = different.iter().map(|word| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    format!("{{{}}}", quoted.join(","))
}
