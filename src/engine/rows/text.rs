//! Text from parts: literals, cells, facts, draws of lists.

use std::borrow::Cow;
use std::sync::Arc;

use crate::engine::catalog::TableId;
use crate::engine::plan::{Fact, FactTarget, RowIndex, Source, TextPlan};
use crate::engine::rows::random::{Draws, mix, permute};
use crate::engine::rows::row::Rows;
use crate::engine::rules::filter::{Filter, apply_all};
use crate::engine::rules::template::{Part, Source as PartSource, Template};
use crate::engine::value::Value;
use crate::engine::vocabulary::{LineRef, Vocabulary, vocabulary};

/// Templates within templates; deeper ones are left as they stand.
const MOST_NESTED: u32 = 4;

/// Room for most texts.
const USUAL_LENGTH: usize = 40;

/// Combinations of facts whose fitting lines are kept, by list.
const MOST_FITTINGS: usize = 1_000;

/// Between a fact's id and its words, and behind them: characters that no text holds.
const FACT_BEGINS: char = '\u{1}';
const FACT_ENDS: char = '\u{2}';

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Rows<'_> {
    /// A text; `None` where every fact it is made of is missing.
    pub(super) fn text(&mut self, table: TableId, index: RowIndex, plan: &TextPlan, draws: &mut Draws) -> Option<String> {
        let mut text = String::with_capacity(USUAL_LENGTH);
        self.compose(table, index, &plan.template, draws, 0, &mut text).then_some(text)
    }

    /// Appends a text; false, and nothing appended, where every fact it is made of is missing.
    fn compose(&mut self, table: TableId, index: RowIndex, template: &Template, draws: &mut Draws, depth: u32, out: &mut String) -> bool {
        let begin = out.len();
        let (mut wanted, mut missing) = (0, 0);
        for part in &template.parts {
            if let PartSource::Literal(text) = &part.source {
                out.push_str(text);
                continue;
            }
            wanted += 1;
            missing += usize::from(!self.part(table, index, part, draws, depth, out));
        }
        if missing == 0 {
            return true;
        }
        let whole = if missing == wanted { String::new() } else { tidy(&out[begin..]) };
        out.truncate(begin);
        out.push_str(&whole);
        missing < wanted
    }

    /// Appends a part that is no literal, filtered; false, and nothing appended, where it is missing.
    fn part(&mut self, table: TableId, index: RowIndex, part: &Part, draws: &mut Draws, depth: u32, out: &mut String) -> bool {
        let begin = out.len();
        if !self.unfiltered(table, index, part, draws, depth, out) {
            out.truncate(begin);
            return false;
        }
        if !part.filters.is_empty() {
            let chance = mix(self.state(table, index).identity);
            let filtered = apply_all(&part.filters, &out[begin..], chance);
            out.truncate(begin);
            out.push_str(&filtered);
        }
        true
    }

    fn unfiltered(&mut self, table: TableId, index: RowIndex, part: &Part, draws: &mut Draws, depth: u32, out: &mut String) -> bool {
        let mut drawn = |letters: &[u8], count: u32| {
            out.extend((0..count).map(|_| char::from(letters[draws.below(letters.len() as u64) as usize])));
            true
        };
        match &part.source {
            PartSource::Literal(text) => out.push_str(text),
            PartSource::Digits(count) => return drawn(&ALPHANUMERIC[52..], *count),
            PartSource::Letters(count) => return drawn(&ALPHANUMERIC[..26], *count),
            PartSource::Alnum(count) => return drawn(ALPHANUMERIC, *count),
            PartSource::Hex(count) => return drawn(b"0123456789abcdef", *count),
            PartSource::Base32(count) => return drawn(CROCKFORD, *count),
            PartSource::Column(name) => {
                let columns = &self.plan.catalog.tables[table].columns;
                let Some(column) = columns.iter().position(|column| column.name == *name) else { return false };
                return append(self.known(table, index, column), out);
            }
            PartSource::Fact(id) => return self.fact_text(table, index, id, picks(&part.filters), draws, depth, out),
            PartSource::Vocabulary(name) => return self.listed(table, index, name, draws, depth, out),
            PartSource::Choice(words) => match words.get(draws.below(words.len() as u64) as usize) {
                Some(word) => out.push_str(word),
                None => return false,
            },
            PartSource::Int(least, most) => {
                append(&Value::Int(least + draws.below((most - least + 1) as u64) as i64), out);
            }
            PartSource::Serial(digits) => out.push_str(&self.serial(table, index, *digits)),
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

    /// The row's number: a root's row number, a child's position, both counted over all calls.
    pub(super) fn own_number(&mut self, table: TableId, index: RowIndex) -> u64 {
        let base = self.plan.tables[table].row_base;
        if self.plan.tables[table].owner.is_none() {
            return self.state(table, index).identity;
        }
        base + self.layouts[table].position(index).unwrap_or(0)
    }

    /// Appends a draw of a list: its first value column.
    fn listed(&mut self, table: TableId, index: RowIndex, list: &str, draws: &mut Draws, depth: u32, out: &mut String) -> bool {
        let Some(list) = vocabulary(list) else { return false };
        let line = self.drawn_line(table, index, list, None, draws);
        let Some(words) = line.and_then(|line| line.first()) else { return false };
        self.expanded(table, index, words, draws, depth, out)
    }

    /// Appends a word of a list, which may itself be a template.
    fn expanded(&mut self, table: TableId, index: RowIndex, words: &'static str, draws: &mut Draws, depth: u32, out: &mut String) -> bool {
        if !words.contains('{') || depth >= MOST_NESTED {
            out.push_str(words);
            return true;
        }
        // Lists live as long as the program: their words are known by where they stand.
        let place = (words.as_ptr().addr(), words.len());
        let template = self.templates.entry(place).or_insert_with(|| Template::parse(words).ok().map(Arc::new)).clone();
        template.is_some_and(|template| self.compose(table, index, &template, draws, depth + 1, out))
    }

    /// A line of a list that fits the row's facts.
    fn drawn_line(
        &mut self,
        table: TableId,
        index: RowIndex,
        list: &'static Vocabulary,
        without_tuple: Option<usize>,
        draws: &mut Draws,
    ) -> Option<LineRef<'static>> {
        let mut words = self.words.pop().unwrap_or_default();
        words.clear();
        self.append_key_facts(table, index, list, without_tuple, &mut words);
        let of_list = self.fittings.entry(std::ptr::from_ref(list).addr()).or_default();
        let line = match of_list.get(&words) {
            Some(fitting) => fitting.draw(draws.bits()),
            None => {
                if of_list.len() >= MOST_FITTINGS {
                    of_list.clear();
                }
                let fitting = list.fitting(&|id| fact_in(&words, id));
                of_list.entry(words.clone()).or_insert(fitting).draw(draws.bits())
            }
        };
        self.words.push(words);
        line
    }

    /// Appends the facts by which a list's lines are filtered: each one's id and words, with marks between.
    fn append_key_facts(
        &mut self,
        table: TableId,
        index: RowIndex,
        list: &'static Vocabulary,
        without_tuple: Option<usize>,
        out: &mut String,
    ) {
        let planned = &self.plan.tables[table];
        for id in list.key_sources().flatten() {
            let Some(fact) = planned.facts.get(id) else { continue };
            if matches!(&fact.target, FactTarget::Tuple(tuple, _) if fact.hops.is_empty() && Some(*tuple) == without_tuple) {
                continue;
            }
            let own = fact.hops.is_empty()
                && matches!(&fact.target, FactTarget::Column(column)
                if matches!(&planned.columns[*column].source, Source::Tuple(tuple, _) if Some(*tuple) == without_tuple));
            if own {
                continue;
            }
            let begin = out.len();
            out.push_str(id);
            out.push(FACT_BEGINS);
            if self.append_fact(table, index, fact, out) {
                out.push(FACT_ENDS);
            } else {
                out.truncate(begin);
            }
        }
    }

    /// Appends a fact's words as they stand; false where there is none.
    fn append_fact(&mut self, table: TableId, index: RowIndex, fact: &Fact, out: &mut String) -> bool {
        let Some((table, index)) = self.follow(table, index, &fact.hops) else { return false };
        match &fact.target {
            FactTarget::Column(column) => append(self.known(table, index, *column), out),
            FactTarget::Home(list, column) => {
                let Some(row) = self.home(table, index, *list) else { return false };
                append(self.known(*list, row, *column), out)
            }
            FactTarget::Tuple(tuple, id) => {
                let words = self.line(table, index, *tuple).and_then(|line| line.cell(id));
                out.push_str(words.unwrap_or_default());
                words.is_some()
            }
        }
    }

    /// The line of a joint tuple that a row draws.
    pub(super) fn line(&mut self, table: TableId, index: RowIndex, tuple: usize) -> Option<LineRef<'static>> {
        if !self.is_made(table, index) {
            return None;
        }
        let row = self.state(table, index);
        if let Some(known) = row.lines[tuple] {
            return known;
        }
        // Lists filter each other (places by country, countries by place), so which is drawn first decides: whoever asks,
        // all are drawn in the plan's order.
        if !std::mem::replace(&mut row.lines_begun, true) {
            for other in 0..self.plan.tables[table].tuples.len() {
                self.draw_line(table, index, other);
            }
        }
        self.draw_line(table, index, tuple)
    }

    /// Draws a line, unless it was; while it is being drawn it filters nothing.
    fn draw_line(&mut self, table: TableId, index: RowIndex, tuple: usize) -> Option<LineRef<'static>> {
        let row = self.state(table, index);
        if let Some(known) = row.lines[tuple] {
            return known;
        }
        row.lines[tuple] = Some(None);
        let planned = &self.plan.tables[table].tuples[tuple];
        let mut draws = self.draws(table, index, planned.key, true);
        let line = self.drawn_line(table, index, planned.vocabulary, Some(tuple), &mut draws);
        self.state(table, index).lines[tuple] = Some(line);
        line
    }

    /// The value of a fact, as it stands (a template in a list is not expanded).
    pub(super) fn fact(&mut self, table: TableId, index: RowIndex, fact: &Fact) -> Value {
        let Some((table, index)) = self.follow(table, index, &fact.hops) else { return Value::Null };
        match &fact.target {
            FactTarget::Column(column) => self.cell(table, index, *column),
            FactTarget::Home(list, column) => self.home(table, index, *list).map_or(Value::Null, |row| self.cell(*list, row, *column)),
            FactTarget::Tuple(tuple, id) => self.line(table, index, *tuple).and_then(|line| line.cell(id)).map_or(Value::Null, Value::text),
        }
    }

    /// Appends a fact's words; of a list's alternatives one, unless a filter picks among them.
    #[expect(clippy::too_many_arguments, reason = "a row, what is asked of it, and where it goes")]
    fn fact_text(
        &mut self,
        table: TableId,
        index: RowIndex,
        id: &str,
        filtered: bool,
        draws: &mut Draws,
        depth: u32,
        out: &mut String,
    ) -> bool {
        let Some(fact) = self.plan.tables[table].facts.get(id) else { return false };
        let FactTarget::Tuple(tuple, id) = &fact.target else { return self.append_fact(table, index, fact, out) };
        let Some((owner, row)) = self.follow(table, index, &fact.hops) else { return false };
        let Some(words) = self.line(owner, row, *tuple).and_then(|line| line.cell(id)) else { return false };
        if filtered {
            out.push_str(words);
            return true;
        }
        let words = one_of(words, draws);
        self.expanded(table, index, words, draws, depth, out)
    }

    /// The words of a tuple's cell for a column of that meaning.
    pub(super) fn tuple_text(&mut self, table: TableId, index: RowIndex, tuple: usize, id: &str, draws: &mut Draws) -> Option<String> {
        let words = one_of(self.line(table, index, tuple)?.cell(id)?, draws);
        let mut text = String::with_capacity(words.len());
        self.expanded(table, index, words, draws, 0, &mut text).then_some(text)
    }
}

/// Whether the filters choose among alternatives themselves.
fn picks(filters: &[Filter]) -> bool {
    filters.iter().any(|filter| matches!(filter, Filter::Pick(_)))
}

/// One of `a|b|c`; a template is one text, whatever its filters.
fn one_of<'w>(words: &'w str, draws: &mut Draws) -> &'w str {
    if words.contains('{') {
        return words;
    }
    let count = words.split('|').count();
    words.split('|').nth(draws.below(count as u64) as usize).unwrap_or(words)
}

/// A fact among those that `append_key_facts` wrote.
fn fact_in<'f>(facts: &'f str, wanted: &str) -> Option<Cow<'f, str>> {
    let mut found = facts.split(FACT_ENDS).filter_map(|fact| fact.split_once(FACT_BEGINS));
    found.find(|(id, _)| *id == wanted).map(|(_, words)| Cow::Borrowed(words))
}

/// Appends a value's text; false for NULL.
fn append(value: &Value, out: &mut String) -> bool {
    value.write_text(out);
    !value.is_null()
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
