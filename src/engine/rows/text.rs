//! Text from parts: literals, cells, facts, draws of lists.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::{ColumnPlan, Fact, FactTarget, RowIndex, Source, TextPlan, TuplePlan, Within};
use crate::engine::rows::random::{Draws, mix, permute};
use crate::engine::rows::remember::STRIDE;
use crate::engine::rows::row::Rows;
use crate::engine::rules::filter::{Filter, apply_all};
use crate::engine::rules::template::{Part, Source as PartSource, Template};
use crate::engine::value::{MICROS_PER_DAY, Value, civil_from_days};
use crate::engine::vocabulary::{Cell, Fitting, KeyValue, KeyValues, LineRef, Symbol, Vocabulary, Words};

/// Lines of a list that are tried for one that speaks only of what the row has: the first of them by their weights, the
/// others any, for one that lacks something may outweigh all that do not.
const WHOLE_LINES: u32 = 24;
const WEIGHED_LINES: u32 = 8;

/// What a list calls a fact that the row has not: the end of what does not end.
const NEVER: &str = "never";

/// Draws for each line that siblings do not share.
const DRAWS_APART: u64 = 24;

/// Templates within templates; deeper ones are left as they stand.
const MOST_NESTED: u32 = 4;

/// Letters a text begins with room for.
const ROOM: usize = 64;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const CAPITALS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Whose text is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) table: TableId,
    pub(super) index: RowIndex,
}

/// What a fact was found to be.
enum Found {
    /// A cell of a list.
    Words(&'static Cell),
    /// A cell of a row.
    Value(Value),
}

impl Rows<'_> {
    /// A text; `None` where every fact it is made of is missing.
    pub(super) fn text(&mut self, table: TableId, index: RowIndex, plan: &TextPlan, draws: &mut Draws) -> Option<String> {
        let mut text = String::with_capacity(ROOM);
        let made = self.compose(Row { table, index }, &plan.template, draws, 0, &mut text);
        made.then(|| self.spelled(text))
    }

    /// A composed text in letters that the database can store.
    pub(super) fn spelled(&self, text: String) -> String {
        match self.repertoire.spell(&text) {
            Cow::Owned(spelled) => spelled,
            Cow::Borrowed(_) => text,
        }
    }

    /// Appends a template's text; nothing, and false, where every fact it is made of is missing.
    fn compose(&mut self, row: Row, template: &Template, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        let start = text.len();
        let (mut wanted, mut missing) = (0, 0);
        for part in &template.parts {
            if let PartSource::Literal(words) = &part.source {
                text.push_str(words);
                continue;
            }
            wanted += 1;
            missing += u32::from(!self.part(row, part, draws, depth, text));
        }
        self.lacking = self.lacking.wrapping_add(missing);
        if wanted > 0 && missing == wanted {
            text.truncate(start);
            return false;
        }
        if missing > 0 {
            let tidied = tidy(&text[start..]);
            text.truncate(start);
            text.push_str(&tidied);
        }
        true
    }

    /// Appends a part's text, filtered; nothing, and false, where its fact is missing.
    fn part(&mut self, row: Row, part: &Part, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        let start = text.len();
        if !self.unfiltered(row, part, draws, depth, text) {
            text.truncate(start);
            return false;
        }
        if !part.filters.is_empty() {
            let state = self.state(row.table, row.index);
            let chance = mix(state.identity.wrapping_add(u64::from(state.attempt) << 32));
            let filtered = apply_all(&part.filters, &text[start..], chance);
            text.truncate(start);
            text.push_str(&filtered);
        }
        true
    }

    fn unfiltered(&mut self, row: Row, part: &Part, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        match &part.source {
            // A name that ends with a period ends a sentence, too.
            PartSource::Literal(words) if text.ends_with('.') && words.starts_with('.') && !words.starts_with("..") => {
                text.push_str(&words[1..]);
            }
            PartSource::Literal(words) => text.push_str(words),
            PartSource::Column(name) => {
                let columns = &self.plan.catalog.tables[row.table].columns;
                let Some(column) = columns.iter().position(|column| column.name == *name) else { return false };
                return append(self.known(row.table, row.index, column), text);
            }
            PartSource::Fact(id) => return self.fact_text(row, *id, picks(&part.filters), draws, depth, text),
            PartSource::Vocabulary(name) => {
                let Some(list) = self.lists.get(*name) else { return false };
                return self.listed(row, list, draws, depth, text);
            }
            PartSource::Digits(count) => letters(b"0123456789", *count, draws, text),
            PartSource::Letters(count) => letters(CAPITALS, *count, draws, text),
            PartSource::Alnum(count) => letters(ALPHANUMERIC, *count, draws, text),
            PartSource::Hex(count) => letters(b"0123456789abcdef", *count, draws, text),
            PartSource::Base32(count) => letters(CROCKFORD, *count, draws, text),
            PartSource::Choice(words) => match words.get(draws.below(words.len() as u64) as usize) {
                Some(word) => text.push_str(word),
                None => return false,
            },
            PartSource::OneOf(templates) => match templates.get(draws.below(templates.len() as u64) as usize) {
                Some(template) => return self.compose(row, template, draws, depth, text),
                None => return false,
            },
            PartSource::Int(least, most) => {
                let number = least + draws.below((most - least + 1) as u64) as i64;
                write!(text, "{number}").expect("a String takes every text");
            }
            PartSource::Serial(digits) => text.push_str(&self.serial(row.table, row.index, *digits)),
            PartSource::Rising(digits) => text.push_str(&self.rising(row.table, row.index, *digits)),
        }
        true
    }

    /// A number that no other row of the table has, in this call or a later one.
    ///
    /// The numbers of `digits` digits are permuted; where they run out, a block number is put before them.
    pub(super) fn serial(&mut self, table: TableId, index: RowIndex, digits: u32) -> String {
        let number = self.own_number(table, index);
        let key = self.keys[table].serial;
        let least = 10_u64.pow(digits.clamp(1, 15) - 1);
        let space = least * 9;
        let permuted = least + permute(number % space, space, key);
        match number / space {
            0 => permuted.to_string(),
            block => format!("{block}{permuted}"),
        }
    }

    /// The row's place among all rows that calls made, as a number of so many digits: it rises with the keys, which
    /// follow time.
    fn rising(&mut self, table: TableId, index: RowIndex, digits: u32) -> String {
        let planned = &self.plan.tables[table];
        let mut number = planned.row_base + self.layouts[table].position(index).unwrap_or(0);
        if planned.existing > 0 {
            number += u64::from(self.state(table, index).attempt / 1_000) * STRIDE;
        }
        (10_u64.pow(digits.clamp(1, 15) - 1) + number + 1).to_string()
    }

    /// The row's number: a root's row number, a child's position, both counted over all calls.
    pub(super) fn number(&mut self, table: TableId, index: RowIndex) -> u64 {
        let planned = &self.plan.tables[table];
        if planned.owner.is_none() {
            return self.state(table, index).identity;
        }
        planned.row_base + self.layouts[table].position(index).unwrap_or(0)
    }

    /// The row's number; redrawn where rows that are there have taken what comes of it.
    pub(super) fn own_number(&mut self, table: TableId, index: RowIndex) -> u64 {
        let number = self.number(table, index);
        if self.plan.tables[table].existing == 0 {
            return number;
        }
        number + u64::from(self.state(table, index).attempt / 1_000) * STRIDE
    }

    /// A draw of a list: its first value column. A line that speaks of what the row has not (its brand) gives way to another.
    fn listed(&mut self, row: Row, list: &'static Vocabulary, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        let values = self.keys_of_list(row, list, &[]);
        let fitting = list.fitting(&values);
        let start = text.len();
        for left in (0..WHOLE_LINES).rev() {
            let line = if left >= WHOLE_LINES - WEIGHED_LINES {
                fitting.draw(draws.bits())
            } else {
                fitting.nth(draws.below(fitting.len() as u64) as usize)
            };
            let Some(cell) = line.and_then(|line| line.first()) else { return false };
            let lacked = self.lacking;
            let said = self.say(row, cell, draws, depth, text);
            if self.lacking == lacked || left == 0 {
                return said;
            }
            text.truncate(start);
        }
        false
    }

    /// Appends what a cell of a list says: one of its alternatives, or its template for this row.
    fn say(&mut self, row: Row, cell: &Cell, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        match cell.words() {
            Words::Composed(template) if depth < MOST_NESTED => return self.compose(row, template, draws, depth + 1, text),
            Words::OneOf(parts) => text.push_str(cell.part(parts[draws.below(parts.len() as u64) as usize])),
            Words::Plain | Words::Composed(_) => text.push_str(cell.text()),
        }
        true
    }

    /// What the row's facts say about a list's keys, but for some.
    fn keys_of_list(&mut self, row: Row, list: &'static Vocabulary, deaf_to: &[Symbol]) -> KeyValues {
        let plan = self.plan;
        let mut values = KeyValues::default();
        for (key, sources) in list.key_sources().enumerate() {
            let mut other = false;
            for &id in sources {
                if deaf_to.contains(&id) {
                    continue;
                }
                let Some(fact) = plan.tables[row.table].facts.get(id) else { continue };
                let Some(found) = self.found(row, fact) else { continue };
                let value = match &found {
                    Found::Words(cell) => self.lists.key_value(list, key, cell.text()),
                    Found::Value(Value::Text(text)) => self.lists.key_value(list, key, text),
                    Found::Value(Value::Date(days)) => self.lists.key_value(list, key, &month(*days)),
                    Found::Value(Value::Stamp(micros)) => self.lists.key_value(list, key, &month(micros.div_euclid(MICROS_PER_DAY) as i32)),
                    Found::Value(Value::Null) => self.lists.key_value(list, key, NEVER),
                    Found::Value(value) => shown(value).map_or(KeyValue::Absent, |text| self.lists.key_value(list, key, &text)),
                };
                if value != KeyValue::Absent {
                    values[key] = value;
                    break;
                }
                other |= !matches!(found, Found::Value(Value::Null));
            }
            if values[key] == KeyValue::Absent {
                values[key] = self.lists.at_home(list, key, sources);
            }
            if values[key] == KeyValue::Absent && other && list.takes_others(key) {
                values[key] = KeyValue::Other;
            }
        }
        values
    }

    /// The line of a joint tuple that a row draws.
    pub(super) fn line(&mut self, table: TableId, index: RowIndex, tuple: usize) -> Option<LineRef<'static>> {
        let plan = self.plan;
        if !self.is_made(table, index) {
            return None;
        }
        if let Some(known) = self.state(table, index).lines[tuple] {
            return known;
        }
        let planned = &plan.tables[table].tuples[tuple];
        let values = self.keys_of_list(Row { table, index }, planned.vocabulary, &planned.deaf_to);
        let shared = self.siblings_draws(table, index, planned.key, planned.alike);
        let draw = shared.unwrap_or_else(|| self.draws(table, index, planned.key, true)).bits();
        let fitting = planned.vocabulary.fitting(&values);
        let drawn = if !planned.told.is_empty() {
            self.line_as_told(Row { table, index }, tuple, &fitting, draw)
        } else if planned.apart {
            self.line_apart(Row { table, index }, tuple, &fitting)
        } else if planned.in_order {
            self.next_line(Row { table, index }, &fitting)
        } else {
            None
        };
        let drawn = drawn.or_else(|| fitting.draw(draw));
        let line = match &planned.within {
            Some(within) => self.of_price(Row { table, index }, *within, &fitting, draw).or(drawn),
            None => drawn,
        };
        self.state(table, index).lines[tuple] = Some(line);
        line
    }

    /// A weighted draw without replacement: the line that comes at the row's own place among its siblings, when lines are drawn
    /// until so many different ones were. None where there are more siblings than lines, or the row is drawn anew.
    fn line_apart(&mut self, row: Row, tuple: usize, fitting: &Fitting<'static>) -> Option<LineRef<'static>> {
        let planned = &self.plan.tables[row.table];
        let key = planned.tuples[tuple].key;
        let (lines, state) = (fitting.len() as u64, self.state(row.table, row.index));
        let (attempt, ordinal) = (state.attempt, state.ordinal);
        let (place, seed) = match self.owner_identity(row.table, row.index) {
            Some(owner) if planned.owner.is_some() => (ordinal, key.bits(owner)),
            _ => (self.number(row.table, row.index), key.bits(0)),
        };
        let in_a_key = |column: &ColumnPlan| column.redrawn && matches!(column.source, Source::Tuple(own, _) if own == tuple);
        if place >= lines || attempt > 0 && planned.columns.iter().any(in_a_key) {
            return None;
        }
        let mut seen: Vec<usize> = Vec::new();
        for step in 0..DRAWS_APART * (place + 1) {
            let line = fitting.draw(mix(seed ^ mix(step)))?;
            if seen.contains(&line.line()) {
                continue;
            }
            if seen.len() as u64 == place {
                return Some(line);
            }
            seen.push(line.line());
        }
        None
    }

    /// The line at the row's own place among its siblings; none beyond the list's end, or where the row is drawn anew.
    fn next_line(&mut self, row: Row, fitting: &Fitting<'static>) -> Option<LineRef<'static>> {
        let state = self.state(row.table, row.index);
        let (attempt, ordinal) = (state.attempt, state.ordinal);
        let under_another = self.plan.tables[row.table].owner.is_some();
        let place = if under_another { ordinal } else { self.number(row.table, row.index) };
        if attempt == 0 && place < fitting.len() as u64 { fitting.nth(place as usize) } else { None }
    }

    /// The first line, from a drawn place on, in whose band the row's price lies.
    fn of_price(&mut self, row: Row, within: Within, fitting: &Fitting<'static>, draw: u64) -> Option<LineRef<'static>> {
        let price = self.cell(row.table, row.index, within.column).as_f64()?;
        let all = fitting.len();
        let start = (draw % all.max(1) as u64) as usize;
        (0..all).filter_map(|step| fitting.nth((start + step) % all)).find(|line| {
            let end = |column: usize| line.words(column).and_then(|cell| cell.text().parse::<f64>().ok());
            end(within.low).is_none_or(|low| low <= price) && end(within.high).is_none_or(|high| price <= high)
        })
    }

    /// The bands of the lines that fit a row, of the list that is drawn by its price.
    pub(super) fn bands(&mut self, table: TableId, index: RowIndex, column: ColumnId) -> Vec<(f64, f64)> {
        let plan = self.plan;
        let priced = |planned: &&TuplePlan| planned.within.is_some_and(|within| within.column == column);
        let Some(tuple) = plan.tables[table].tuples.iter().position(|planned| priced(&planned)) else { return Vec::new() };
        let planned = &plan.tables[table].tuples[tuple];
        let Some(within) = planned.within else { return Vec::new() };
        let values = self.keys_of_list(Row { table, index }, planned.vocabulary, &planned.deaf_to);
        let fitting = planned.vocabulary.fitting(&values);
        let end = |line: &LineRef, column: usize| line.words(column).and_then(|cell| cell.text().parse::<f64>().ok());
        let lines = (0..fitting.len()).filter_map(|at| fitting.nth(at));
        lines.filter_map(|line| Some((end(&line, within.low)?, end(&line, within.high)?))).collect()
    }

    /// What stands where a fact points.
    fn found(&mut self, row: Row, fact: &Fact) -> Option<Found> {
        let (table, index) = self.follow(row.table, row.index, &fact.hops)?;
        Some(match &fact.target {
            FactTarget::Column(column) => Found::Value(self.cell(table, index, *column)),
            FactTarget::Home(list, column) => Found::Value(self.home(table, index, *list).map(|row| self.cell(*list, row, *column))?),
            FactTarget::Constant(value) => Found::Value(value.clone()),
            FactTarget::Phase => Found::Value(Value::text(self.phase(table, index)?)),
            FactTarget::Tuple(tuple, column) => Found::Words(self.line(table, index, *tuple)?.words(*column)?),
        })
    }

    /// The value of a fact, as it stands (a template in a list is not expanded).
    pub fn fact(&mut self, table: TableId, index: RowIndex, fact: &Fact) -> Value {
        match self.found(Row { table, index }, fact) {
            Some(Found::Words(cell)) => Value::text(cell.text()),
            Some(Found::Value(value)) => value,
            None => Value::Null,
        }
    }

    /// Appends a fact's words; of a list's alternatives one, unless a filter picks among them.
    fn fact_text(&mut self, row: Row, id: Symbol, filtered: bool, draws: &mut Draws, depth: u32, text: &mut String) -> bool {
        let plan = self.plan;
        match plan.tables[row.table].facts.get(id).and_then(|fact| self.found(row, fact)) {
            Some(Found::Words(cell)) if filtered => {
                text.push_str(cell.text());
                true
            }
            Some(Found::Words(cell)) => self.say(row, cell, draws, depth, text),
            Some(Found::Value(value)) => append(&value, text),
            None => false,
        }
    }

    /// The words of a column of a tuple.
    pub(super) fn tuple_text(&mut self, table: TableId, index: RowIndex, tuple: usize, column: usize, draws: &mut Draws) -> Option<String> {
        let cell = self.line(table, index, tuple)?.words(column)?;
        let mut text = String::with_capacity(ROOM);
        let made = self.say(Row { table, index }, cell, draws, 0, &mut text);
        made.then(|| self.spelled(text))
    }
}

/// Whether the filters choose among alternatives themselves.
fn picks(filters: &[Filter]) -> bool {
    filters.iter().any(|filter| matches!(filter, Filter::Pick(_)))
}

/// What a list that goes by the time of year is keyed by: the number of the month.
fn month(days: i32) -> String {
    civil_from_days(days).month.to_string()
}

/// Appends so many letters of an alphabet.
fn letters(alphabet: &[u8], count: u32, draws: &mut Draws, text: &mut String) {
    text.extend((0..count).map(|_| char::from(alphabet[draws.below(alphabet.len() as u64) as usize])));
}

/// Appends a value's text; nothing, and false, for NULL.
fn append(value: &Value, text: &mut String) -> bool {
    match value {
        Value::Text(words) => text.push_str(words),
        Value::Null => return false,
        other => other.write_text(text),
    }
    true
}

/// A value's text, `None` for NULL.
pub(super) fn shown(value: &Value) -> Option<String> {
    if let Value::Text(text) = value {
        return Some(text.to_string());
    }
    if value.is_null() {
        return None;
    }
    let mut text = String::new();
    value.write_text(&mut text);
    Some(text)
}

/// Mends what a missing part left: doubled blanks, blanks before commas.
fn tidy(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.replace(" ,", ",").replace(" .", ".").trim_matches([' ', ',', '-']).to_owned()
}
