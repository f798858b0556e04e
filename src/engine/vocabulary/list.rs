//! A vocabulary: the lines of one CSV, drawn as joint tuples among those that fit a row's facts.
//!
//! The header names meanings. `key:` columns filter, `weight` weighs, everything else is a value.

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::VocabularyError;
use super::key::Key;

/// Most keys a vocabulary may have: the index holds a table for each subset of them.
const MOST_KEYS: usize = 4;

/// Parts of a whole that weights are counted in, so that 0.5 is a weight too.
const WEIGHT_PARTS: f64 = 1000.0;

/// Separates the values of several keys in the index; no folded word holds it.
const SEPARATOR: char = '\u{1f}';

/// Lines of words that belong together.
#[derive(Debug)]
pub struct Vocabulary {
    name: String,
    header: Vec<String>,
    lines: Vec<Vec<Box<str>>>,
    keys: Vec<Key>,
    /// For every subset of the keys (bit n: key n is used) the lines by their keys' values.
    index: Vec<HashMap<String, Group>>,
    /// The first column that is neither key nor weight.
    first: Option<usize>,
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

/// The lines that fit a row's facts, ready to be drawn from or counted through.
#[derive(Debug)]
pub struct Fitting<'v> {
    vocabulary: &'v Vocabulary,
    groups: Vec<&'v Group>,
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
                    header.push(key.sources[0].clone());
                    keys.push(key);
                }
                None => header.push(title.clone()),
            }
        }
        check_shape(name, &header, &keys, weight)?;
        let mut vocabulary = Self { name: name.to_owned(), header, lines: Vec::new(), keys, index: Vec::new(), first: None };
        vocabulary.first = (0..vocabulary.header.len()).find(|&column| vocabulary.header[column] != "weight" && !vocabulary.is_key(column));
        vocabulary.index.resize_with(1 << vocabulary.keys.len(), HashMap::new);
        for (at, record) in reader.records().enumerate() {
            let record = record.map_err(unreadable)?;
            let parts = weight_parts(name, at + 2, weight.map(|column| &record[column]))?;
            vocabulary.add(record.iter().map(|cell| cell.trim().into()).collect(), parts);
        }
        Ok(vocabulary)
    }

    /// The name under which rules and templates draw from it.
    pub fn name(&self) -> &str {
        &self.name
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
    pub fn value_columns(&self) -> impl Iterator<Item = &str> {
        self.header
            .iter()
            .enumerate()
            .filter(|(column, title)| *title != "weight" && !self.is_key(*column))
            .map(|(_, title)| title.as_str())
    }

    /// The facts that decide which lines fit, each with the meanings asked in its stead.
    pub fn key_sources(&self) -> impl Iterator<Item = &[String]> {
        self.keys.iter().map(|key| key.sources.as_slice())
    }

    /// Whether a line gives a value for a meaning, as a value or as a key.
    pub fn knows(&self, meaning: &str) -> bool {
        meaning != "weight" && self.header.iter().any(|title| title == meaning)
    }

    /// All lines, in the file's order.
    pub fn lines(&self) -> impl Iterator<Item = LineRef<'_>> {
        let kept_keys = 0;
        (0..self.lines.len()).map(move |line| LineRef { vocabulary: self, line, kept_keys })
    }

    /// Draws a line that fits the facts; `draw` is uniform over all of `u64`.
    pub fn choose<'f>(&self, facts: &dyn Fn(&str) -> Option<Cow<'f, str>>, draw: u64) -> Option<LineRef<'_>> {
        self.fitting(facts).draw(draw)
    }

    /// The lines that fit the facts: all keys at first; where nothing fits, the last is dropped.
    ///
    /// A key without a fact, or with one that no line names, constrains nothing.
    pub fn fitting<'f>(&self, facts: &dyn Fn(&str) -> Option<Cow<'f, str>>) -> Fitting<'_> {
        let values: Vec<Option<String>> = self.keys.iter().map(|key| key.value_of(facts)).collect();
        let mut used: Vec<usize> = (0..values.len()).filter(|&key| values[key].is_some()).collect();
        loop {
            let groups = self.groups(&values, &used);
            if !groups.is_empty() || used.is_empty() {
                return Fitting { vocabulary: self, groups, kept_keys: used.len() };
            }
            used.pop();
        }
    }

    /// The groups whose values, or whose empty keys, agree with the facts on the used keys.
    fn groups(&self, values: &[Option<String>], used: &[usize]) -> Vec<&Group> {
        let table = &self.index[used.iter().fold(0, |subset, key| subset | 1 << key)];
        (0_usize..1 << used.len())
            .filter_map(|blank| {
                let parts =
                    used.iter().enumerate().map(|(at, &key)| if blank >> at & 1 == 1 { "" } else { values[key].as_deref().unwrap_or("") });
                table.get(&join(parts))
            })
            .collect()
    }

    fn is_key(&self, column: usize) -> bool {
        self.keys.iter().any(|key| key.column == column)
    }

    /// Adds a line under every combination of its keys' values, once per group.
    fn add(&mut self, cells: Vec<Box<str>>, parts: u64) {
        let line = self.lines.len() as u32;
        let mut values: Vec<Vec<String>> = Vec::with_capacity(self.keys.len());
        for key in &mut self.keys {
            let found = key.learn(&cells[key.column]);
            values.push(if found.is_empty() { vec![String::new()] } else { found });
        }
        self.lines.push(cells);
        for (subset, table) in self.index.iter_mut().enumerate() {
            let used = (0..values.len()).filter(|key| subset >> key & 1 == 1);
            for group in combinations(used.map(|key| values[key].as_slice())) {
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
    /// How many lines fit.
    pub fn len(&self) -> usize {
        self.groups.iter().map(|group| group.lines.len()).sum()
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
        for group in &self.groups {
            if let Some(&line) = group.lines.get(place) {
                return Some(self.line(line));
            }
            place -= group.lines.len();
        }
        None
    }

    /// A weighted draw; `draw` is uniform over all of `u64`.
    pub fn draw(&self, draw: u64) -> Option<LineRef<'v>> {
        let total: u64 = self.groups.iter().map(|group| group.total()).sum();
        if total == 0 {
            return self.nth(scale(draw, self.len() as u64) as usize);
        }
        let mut target = scale(draw, total);
        for group in &self.groups {
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
    /// The cell of a meaning; none where the column is missing or the cell empty.
    ///
    /// A key's cell gives its first value. The text may be a template.
    pub fn cell(&self, meaning: &str) -> Option<&'v str> {
        let column = self.vocabulary.header.iter().position(|title| title == meaning)?;
        let cell: &'v str = &self.vocabulary.lines[self.line][column];
        let cell = if self.vocabulary.is_key(column) { cell.split('|').next().unwrap_or(cell) } else { cell };
        (!cell.is_empty()).then_some(cell)
    }

    /// The first value of the line: what `{vocabulary:name}` writes.
    pub fn first(&self) -> Option<&'v str> {
        let cell: &'v str = &self.vocabulary.lines[self.line][self.vocabulary.first?];
        (!cell.is_empty()).then_some(cell)
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

/// The alternatives of a cell: its parts between bars, those within braces excepted.
pub fn alternatives(cell: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, letter) in cell.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                found.push(&cell[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&cell[start..]);
    found
}

/// Maps a draw over all of `u64` to `0..space` (Lemire's multiplication).
fn scale(draw: u64, space: u64) -> u64 {
    ((u128::from(draw) * u128::from(space)) >> 64) as u64
}

fn join<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for (at, part) in parts.enumerate() {
        if at > 0 {
            joined.push(SEPARATOR);
        }
        joined.push_str(part);
    }
    joined
}

/// Every way to take one value from each list, joined as the index spells it.
fn combinations<'a>(lists: impl Iterator<Item = &'a [String]>) -> Vec<String> {
    let mut found: Option<Vec<String>> = None;
    for list in lists {
        found = Some(match found {
            None => list.to_vec(),
            Some(begun) => begun.iter().flat_map(|start| list.iter().map(move |value| format!("{start}{SEPARATOR}{value}"))).collect(),
        });
    }
    found.unwrap_or_else(|| vec![String::new()])
}

fn check_shape(name: &str, header: &[String], keys: &[Key], weight: Option<usize>) -> Result<(), VocabularyError> {
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
