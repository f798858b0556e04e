//! A vocabulary: the lines of one CSV, drawn as joint tuples among those that fit a row's facts.
//!
//! The header names meanings. `key:` columns filter, `weight` weighs, everything else is a value.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt};

use super::cell::Cell;
use super::error::VocabularyError;
use super::key::Key;
use super::symbol::Symbol;

/// Most keys a vocabulary may have: the index holds a table for each subset of them.
const MOST_KEYS: usize = 4;

/// Most values of a key: the index packs the numbers of four into 64 bits.
const MOST_VALUES: usize = 65_534;

/// Parts of a whole that weights are counted in, so that 0.5 is a weight too.
const WEIGHT_PARTS: f64 = 1000.0;

/// Lines of words that belong together.
#[derive(Debug)]
pub struct Vocabulary {
    name: Symbol,
    header: Vec<Symbol>,
    lines: Vec<Box<[Cell]>>,
    keys: Vec<Key>,
    /// For every subset of the keys (bit n: key n is used) the lines by the packed numbers of their keys' values.
    index: Vec<HashMap<u64, Group>>,
    /// Column of the first value: what `{vocabulary:name}` writes.
    first: usize,
    weight: Symbol,
}

/// Lines with the same keys, and the sums of their weights up to and with each.
#[derive(Debug, Default)]
struct Group {
    lines: Vec<u32>,
    sums: Vec<u64>,
}

/// One drawn line of a vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct LineRef<'v> {
    vocabulary: &'v Vocabulary,
    line: usize,
    kept_keys: usize,
}

/// What a row's facts say about a key of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyValue {
    /// No fact says anything: the key constrains nothing.
    #[default]
    Absent,
    /// A fact that no line names: only lines without a value fit.
    Other,
    /// The number of a value that some line names, from 1.
    Known(u16),
}

/// The values of all keys of a vocabulary; those it does not have are absent.
pub type KeyValues = [KeyValue; MOST_KEYS];

/// The lines that fit a row's facts, ready to be drawn from or counted through.
#[derive(Debug)]
pub struct Fitting<'v> {
    vocabulary: &'v Vocabulary,
    groups: [Option<&'v Group>; 1 << MOST_KEYS],
    found: usize,
    kept_keys: usize,
}

impl Vocabulary {
    /// Reads a vocabulary from CSV text.
    pub fn parse(name: &str, text: &str) -> Result<Self, VocabularyError> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let unreadable = |source| VocabularyError::Csv { name: name.to_owned(), source };
        let titles: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(|cell| cell.trim().to_owned()).collect();
        let weight = titles.iter().position(|title| title == "weight");
        let mut keys = Vec::new();
        let mut header = Vec::new();
        for (column, title) in titles.iter().enumerate() {
            match title.strip_prefix("key:") {
                Some(sources) => {
                    let key = Key::new(sources, column);
                    header.push(key.sources[0]);
                    keys.push(key);
                }
                None => header.push(Symbol::new(title)),
            }
        }
        check_shape(name, &header, &keys, weight)?;
        let first = (0..header.len()).find(|column| Some(*column) != weight && keys.iter().all(|key| key.column != *column));
        let (index, first) = (Vec::new(), first.unwrap_or(0));
        let mut vocabulary = Self { name: Symbol::new(name), header, lines: Vec::new(), keys, index, first, weight: Symbol::new("weight") };
        vocabulary.index.resize_with(1 << vocabulary.keys.len(), HashMap::new);
        for (at, record) in reader.records().enumerate() {
            let record = record.map_err(unreadable)?;
            let parts = weight_parts(name, at + 2, weight.map(|column| &record[column]))?;
            vocabulary.add(&record, parts);
        }
        match vocabulary.keys.iter().map(Key::values).max() {
            Some(found) if found > MOST_VALUES => Err(VocabularyError::TooManyKeys { name: name.to_owned(), found, limit: MOST_VALUES }),
            _ => Ok(vocabulary),
        }
    }

    /// The name under which rules and templates draw from it.
    pub fn name(&self) -> &'static str {
        self.name.as_str()
    }

    /// The name's symbol.
    pub fn symbol(&self) -> Symbol {
        self.name
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has no line at all.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The meanings that a line gives a value for, keys excepted, in the file's order.
    pub fn value_columns(&self) -> impl Iterator<Item = Symbol> {
        let valued = |(column, title): (usize, &Symbol)| (*title != self.weight && !self.is_key(column)).then_some(*title);
        self.header.iter().enumerate().filter_map(valued)
    }

    /// The facts that decide which lines fit, each with the meanings asked in its stead.
    pub fn key_sources(&self) -> impl Iterator<Item = &[Symbol]> {
        self.keys.iter().map(|key| key.sources.as_slice())
    }

    /// Whether a line gives a value for a meaning, as a value or as a key.
    pub fn knows(&self, meaning: Symbol) -> bool {
        meaning != self.weight && self.header.contains(&meaning)
    }

    /// The column of a meaning, where it has one: that of its values, else that of a key.
    pub fn column(&self, meaning: Symbol) -> Option<usize> {
        let named = |column: &usize| self.header[*column] == meaning;
        (0..self.header.len()).find(|column| named(column) && !self.is_key(*column)).or_else(|| (0..self.header.len()).find(named))
    }

    /// What a fact's text says about a key; `Absent` where no line names it.
    pub fn key_value(&self, key: usize, fact: &str) -> KeyValue {
        self.keys[key].resolve(fact).map_or(KeyValue::Absent, KeyValue::Known)
    }

    /// Whether some line has no value for a key, and so is for whatever the other lines do not name.
    pub fn takes_others(&self, key: usize) -> bool {
        self.keys[key].blank
    }

    /// All lines, in the file's order.
    pub fn lines(&self) -> impl Iterator<Item = LineRef<'_>> {
        let kept_keys = 0;
        (0..self.lines.len()).map(move |line| LineRef { vocabulary: self, line, kept_keys })
    }

    /// Draws a line that fits the facts; `draw` is uniform over all of `u64`.
    pub fn choose<'f>(&self, facts: &dyn Fn(Symbol) -> Option<Cow<'f, str>>, draw: u64) -> Option<LineRef<'_>> {
        self.fitting(&self.key_values(facts)).draw(draw)
    }

    /// What the facts of a row say about the keys.
    ///
    /// A fact with a value that some line names decides; one that no line names is for the lines without a value.
    pub fn key_values<'f>(&self, facts: &dyn Fn(Symbol) -> Option<Cow<'f, str>>) -> KeyValues {
        let mut values = [KeyValue::Absent; MOST_KEYS];
        for (at, key) in self.keys.iter().enumerate() {
            let known = key.sources.iter().find_map(|source| key.resolve(&facts(*source)?));
            let other = || key.blank && key.sources.iter().any(|source| facts(*source).is_some());
            values[at] = match known {
                Some(number) => KeyValue::Known(number),
                None if other() => KeyValue::Other,
                None => KeyValue::Absent,
            };
        }
        values
    }

    /// The lines that fit: all keys at first; where nothing fits, the last is dropped.
    pub fn fitting(&self, values: &KeyValues) -> Fitting<'_> {
        let mut used = (0..self.keys.len()).fold(0_usize, |used, key| if values[key] == KeyValue::Absent { used } else { used | 1 << key });
        loop {
            let fitting = self.groups(values, used);
            if fitting.found > 0 || used == 0 {
                return fitting;
            }
            used &= !(1 << used.ilog2());
        }
    }

    /// The groups whose values, or whose empty keys, agree with the facts on the used keys.
    fn groups(&self, values: &KeyValues, used: usize) -> Fitting<'_> {
        let mut fitting = Fitting { vocabulary: self, groups: [None; 1 << MOST_KEYS], found: 0, kept_keys: used.count_ones() as usize };
        // Every subset of the used keys may be left blank, the empty one first.
        let mut blank = 0_usize;
        loop {
            if let Some(group) = packed(values, used, blank).and_then(|packed| self.index[used].get(&packed)) {
                fitting.groups[fitting.found] = Some(group);
                fitting.found += 1;
            }
            blank = blank.wrapping_sub(used) & used;
            if blank == 0 {
                return fitting;
            }
        }
    }

    fn is_key(&self, column: usize) -> bool {
        self.keys.iter().any(|key| key.column == column)
    }

    /// Adds a line under every combination of its keys' values, once per group.
    fn add(&mut self, record: &csv::StringRecord, parts: u64) {
        let line = self.lines.len() as u32;
        let values: Vec<Vec<u16>> = self.keys.iter_mut().map(|key| key.learn(record[key.column].trim())).collect();
        // Of a key's values the first is the fact that the line itself gives.
        let stands = |(column, cell): (usize, &'_ str)| {
            let cell = cell.trim();
            Cell::new(if self.is_key(column) { cell.split('|').next().unwrap_or(cell).trim() } else { cell })
        };
        let cells = record.iter().enumerate().map(stands).collect();
        self.lines.push(cells);
        for (subset, table) in self.index.iter_mut().enumerate() {
            let used = (0..values.len()).filter(|key| subset >> key & 1 == 1);
            for group in combinations(used.map(|key| (key, values[key].as_slice()))) {
                table.entry(group).or_default().add(line, parts);
            }
        }
    }
}

impl Group {
    fn add(&mut self, line: u32, parts: u64) {
        if self.lines.last() != Some(&line) {
            self.sums.push(self.total() + parts);
            self.lines.push(line);
        }
    }

    fn total(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }
}

impl<'v> Fitting<'v> {
    fn groups(&self) -> impl Iterator<Item = &'v Group> + '_ {
        self.groups[..self.found].iter().filter_map(|group| *group)
    }

    /// How many lines fit.
    pub fn len(&self) -> usize {
        self.groups().map(|group| group.lines.len()).sum()
    }

    /// Whether nothing fits, which happens only where the vocabulary itself is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of the keys the lines agree with; fewer than the vocabulary has means a fallback.
    pub fn kept_keys(&self) -> usize {
        self.kept_keys
    }

    /// The line at a place among those that fit, for drawing without replacement.
    pub fn nth(&self, mut place: usize) -> Option<LineRef<'v>> {
        for group in self.groups() {
            if let Some(&line) = group.lines.get(place) {
                return Some(self.line(line));
            }
            place -= group.lines.len();
        }
        None
    }

    /// A weighted draw; `draw` is uniform over all of `u64`.
    pub fn draw(&self, draw: u64) -> Option<LineRef<'v>> {
        let total: u64 = self.groups().map(Group::total).sum();
        if total == 0 {
            return self.nth(scale(draw, self.len() as u64) as usize);
        }
        let mut target = scale(draw, total);
        for group in self.groups() {
            if target < group.total() {
                let at = group.sums.partition_point(|&sum| sum <= target);
                return Some(self.line(group.lines[at]));
            }
            target -= group.total();
        }
        None
    }

    fn line(&self, line: u32) -> LineRef<'v> {
        LineRef { vocabulary: self.vocabulary, line: line as usize, kept_keys: self.kept_keys }
    }
}

impl<'v> LineRef<'v> {
    /// The text of a meaning's cell as it stands; none where the column is missing or the cell empty.
    pub fn cell(&self, meaning: &str) -> Option<&'v str> {
        Some(self.words(self.vocabulary.column(Symbol::new(meaning))?)?.text())
    }

    /// The cell of a column, of a key's its first value; none where it is empty.
    pub fn words(&self, column: usize) -> Option<&'v Cell> {
        let cell: &'v Cell = &self.vocabulary.lines[self.line][column];
        (!cell.text().is_empty()).then_some(cell)
    }

    /// The first value of the line: what `{vocabulary:name}` writes.
    pub fn first(&self) -> Option<&'v Cell> {
        self.words(self.vocabulary.first)
    }

    /// The vocabulary it comes from.
    pub fn vocabulary(&self) -> &'v Vocabulary {
        self.vocabulary
    }

    /// Place of the line in the file, from 0.
    pub fn line(&self) -> usize {
        self.line
    }

    /// How many keys the line agrees with the row's facts in; fewer than all means a fallback.
    pub fn kept_keys(&self) -> usize {
        self.kept_keys
    }
}

/// Maps a draw over all of `u64` to `0..space` (Lemire's multiplication).
fn scale(draw: u64, space: u64) -> u64 {
    ((u128::from(draw) * u128::from(space)) >> 64) as u64
}

/// The numbers of the used keys' values in 16 bits each, those in `blank` as 0; none where a value has no number.
fn packed(values: &KeyValues, used: usize, blank: usize) -> Option<u64> {
    let mut packed = 0;
    for (key, value) in values.iter().enumerate().filter(|(key, _)| used >> key & 1 == 1 && blank >> key & 1 == 0) {
        match value {
            KeyValue::Known(number) => packed |= u64::from(*number) << (16 * key),
            _ => return None,
        }
    }
    Some(packed)
}

/// Every way to take one value from each key's list, packed as the index holds it.
fn combinations<'a>(keys: impl Iterator<Item = (usize, &'a [u16])>) -> Vec<u64> {
    keys.fold(vec![0], |found, (key, numbers)| {
        found.iter().flat_map(|packed| numbers.iter().map(move |number| packed | u64::from(*number) << (16 * key))).collect()
    })
}

fn check_shape(name: &str, header: &[Symbol], keys: &[Key], weight: Option<usize>) -> Result<(), VocabularyError> {
    if keys.len() > MOST_KEYS {
        let (found, limit) = (keys.len(), MOST_KEYS);
        return Err(VocabularyError::TooManyKeys { name: name.to_owned(), found, limit });
    }
    if header.len() == keys.len() + usize::from(weight.is_some()) {
        return Err(VocabularyError::NoValues { name: name.to_owned() });
    }
    Ok(())
}

/// A line's weight in thousandths; 1 where the file or the cell says nothing.
fn weight_parts(name: &str, line: usize, cell: Option<&str>) -> Result<u64, VocabularyError> {
    let cell = cell.map_or("", str::trim);
    if cell.is_empty() {
        return Ok(WEIGHT_PARTS as u64);
    }
    match cell.parse::<f64>() {
        Ok(weight) if weight >= 0.0 => Ok((weight * WEIGHT_PARTS).round() as u64),
        _ => Err(VocabularyError::Weight { name: name.to_owned(), line, found: cell.to_owned() }),
    }
}
