//! Text from parts: literals, cells, facts, draws of lists.

use std::borrow::Cow;

use crate::engine::catalog::TableId;
use crate::engine::plan::{Fact, FactTarget, RowIndex, Source, TextPlan};
use crate::engine::rows::random::{Draws, StreamKey, mix, permute};
use crate::engine::rows::row::Rows;
use crate::engine::rules::filter::{Filter, apply_all};
use crate::engine::rules::template::{Part, Source as PartSource, Template};
use crate::engine::value::Value;
use crate::engine::vocabulary::{LineRef, Vocabulary, alternatives, vocabulary};

/// Templates within templates; deeper ones are left as they stand.
const MOST_NESTED: u32 = 4;

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Rows<'_> {
    /// A text; `None` where every fact it is made of is missing.
    pub(super) fn text(&mut self, table: TableId, index: RowIndex, plan: &TextPlan, draws: &mut Draws) -> Option<String> {
        self.compose(table, index, &plan.template, draws, 0)
    }

    fn compose(&mut self, table: TableId, index: RowIndex, template: &Template, draws: &mut Draws, depth: u32) -> Option<String> {
        let mut text = String::new();
        let (mut wanted, mut missing) = (0, 0);
        for part in &template.parts {
            let literal = matches!(part.source, PartSource::Literal(_));
            match self.part(table, index, part, draws, depth) {
                Some(words) => text.push_str(&words),
                None => missing += 1,
            }
            wanted += usize::from(!literal);
        }
        if wanted > 0 && missing == wanted {
            return None;
        }
        Some(if missing > 0 { tidy(&text) } else { text })
    }

    fn part(&mut self, table: TableId, index: RowIndex, part: &Part, draws: &mut Draws, depth: u32) -> Option<String> {
        let words = match &part.source {
            PartSource::Literal(text) => return Some(text.clone()),
            PartSource::Column(name) => {
                let column = self.plan.catalog.tables[table].columns.iter().position(|column| column.name == *name)?;
                shown(&self.cell(table, index, column))
            }
            PartSource::Fact(id) => self.fact_text(table, index, id, picks(&part.filters), draws, depth),
            PartSource::Vocabulary(name) => self.listed(table, index, vocabulary(name)?, draws, depth),
            PartSource::Digits(count) => Some((0..*count).map(|_| char::from(b'0' + draws.below(10) as u8)).collect()),
            PartSource::Letters(count) => Some((0..*count).map(|_| char::from(b'A' + draws.below(26) as u8)).collect()),
            PartSource::Alnum(count) => Some((0..*count).map(|_| char::from(ALPHANUMERIC[draws.below(62) as usize])).collect()),
            PartSource::Choice(words) => words.get(draws.below(words.len() as u64) as usize).cloned(),
            PartSource::Hex(count) => Some((0..*count).map(|_| char::from(b"0123456789abcdef"[draws.below(16) as usize])).collect()),
            PartSource::Base32(count) => Some((0..*count).map(|_| char::from(CROCKFORD[draws.below(32) as usize])).collect()),
            PartSource::Int(least, most) => Some((least + draws.below((most - least + 1) as u64) as i64).to_string()),
            PartSource::Serial(digits) => Some(self.serial(table, index, *digits)),
        }?;
        if part.filters.is_empty() {
            return Some(words);
        }
        let chance = mix(self.state(table, index).identity);
        Some(apply_all(&part.filters, &words, chance))
    }

    /// A number that no other row of the table has, in this call or a later one.
    ///
    /// The numbers of `digits` digits are permuted; where they run out, a block number is put before them.
    pub(super) fn serial(&mut self, table: TableId, index: RowIndex, digits: u32) -> String {
        let number = self.own_number(table, index);
        let key = StreamKey::new(self.plan.arguments.seed, &self.plan.catalog.tables[table].qualified, "\u{1}serial").bits(0);
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

    /// A draw of a list: its first value column.
    fn listed(&mut self, table: TableId, index: RowIndex, list: &'static Vocabulary, draws: &mut Draws, depth: u32) -> Option<String> {
        let facts = self.key_facts(table, index, list, None);
        let line = list.choose(&|id| known(&facts, id), draws.bits())?;
        self.expanded(table, index, line.first()?, draws, depth)
    }

    /// A word of a list, which may itself be a template.
    fn expanded(&mut self, table: TableId, index: RowIndex, words: &str, draws: &mut Draws, depth: u32) -> Option<String> {
        if !words.contains('{') || depth >= MOST_NESTED {
            return Some(words.to_owned());
        }
        let template = Template::parse(words).ok()?;
        self.compose(table, index, &template, draws, depth + 1)
    }

    /// The facts by which a list's lines are filtered.
    fn key_facts(
        &mut self,
        table: TableId,
        index: RowIndex,
        list: &'static Vocabulary,
        without_tuple: Option<usize>,
    ) -> Vec<(String, String)> {
        let plan = self.plan;
        let mut facts = Vec::new();
        for id in list.key_sources().flatten() {
            let Some(fact) = plan.tables[table].facts.get(id) else { continue };
            if matches!(&fact.target, FactTarget::Tuple(tuple, _) if fact.hops.is_empty() && Some(*tuple) == without_tuple) {
                continue;
            }
            let own = fact.hops.is_empty()
                && matches!(&fact.target, FactTarget::Column(column)
                if matches!(&plan.tables[table].columns[*column].source, Source::Tuple(tuple, _) if Some(*tuple) == without_tuple));
            if own {
                continue;
            }
            let value = self.fact(table, index, fact);
            if let Some(text) = shown(&value) {
                facts.push((id.clone(), text));
            }
        }
        facts
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
        // Lists filter each other (places by country, countries by place): the one asked first is drawn first.
        self.state(table, index).lines[tuple] = Some(None);
        let planned = &plan.tables[table].tuples[tuple];
        let facts = self.key_facts(table, index, planned.vocabulary, Some(tuple));
        let draw = self.draws(table, index, planned.key, true).bits();
        let line = planned.vocabulary.choose(&|id| known(&facts, id), draw);
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

    /// A fact's words; of a list's alternatives one, unless a filter picks among them.
    fn fact_text(&mut self, table: TableId, index: RowIndex, id: &str, filtered: bool, draws: &mut Draws, depth: u32) -> Option<String> {
        let plan = self.plan;
        let fact = plan.tables[table].facts.get(id)?;
        let words = shown(&self.fact(table, index, fact))?;
        match fact.target {
            FactTarget::Column(_) | FactTarget::Home(..) => Some(words),
            FactTarget::Tuple(..) if filtered => Some(words),
            FactTarget::Tuple(..) => self.expanded(table, index, one_of(&words, draws), draws, depth),
        }
    }

    /// The words of a tuple's cell for a column of that meaning.
    pub(super) fn tuple_text(&mut self, table: TableId, index: RowIndex, tuple: usize, id: &str, draws: &mut Draws) -> Option<String> {
        let words = one_of(self.line(table, index, tuple)?.cell(id)?, draws);
        self.expanded(table, index, words, draws, 0)
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
    let words_between = alternatives(words);
    words_between.get(draws.below(words_between.len() as u64) as usize).copied().unwrap_or(words)
}

fn known<'f>(facts: &'f [(String, String)], id: &str) -> Option<Cow<'f, str>> {
    facts.iter().find(|(known, _)| known == id).map(|(_, text)| Cow::Borrowed(text.as_str()))
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
