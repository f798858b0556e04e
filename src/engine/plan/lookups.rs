//! Tables that hold a short list which others choose from (reasons, segments, terms of payment): what the list is of, by
//! the table's name, and which of its columns hold the words.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{Catalog, Column, ColumnId, Table, TableId, TypeKind};
use crate::engine::plan::Layer;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::volumes::Volume;
use crate::engine::vocabulary::{LineRef, Match, Symbol, meaning, vocabulary, words_of_phrase};

/// What a list is of where its table's name says nothing we know.
const OTHER: &str = "other";

/// The meanings of a list's columns.
const NAME: &str = "lookup.name";
const CODE: &str = "lookup.code";
const DESCRIPTION: &str = "lookup.description";

/// Most columns of a table that is a list, and of one whose name says nothing.
const MOST_COLUMNS: usize = 12;
const MOST_COLUMNS_OF_OTHERS: usize = 6;

/// Letters that a word of a list needs.
const ROOM_FOR_NAME: u32 = 12;

/// Fewest rows that a list is cut down to.
const FEWEST: u64 = 2;

/// What a table lists: its longest run of last words that a list is known for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// The whole name: it says so better than any column.
    Clear,
    /// The name's last words.
    Likely,
    /// Nothing that is known.
    Other,
}

/// What the rows of a table are lines of, as lists are keyed by it (`schema.list`).
pub(super) fn list_of(table: &Table, pack: Option<&str>) -> String {
    known(table, pack).map_or_else(|| OTHER.to_owned(), |(list, _)| list)
}

/// Whether a list's lines stand beside one another, as genres do (`data/naming.csv`: `flat`).
pub(super) fn is_flat(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    entries(catalog, meanings, table).is_some() || stem(&catalog.tables[table].name).last().is_some_and(|noun| is_word_of(noun, "flat"))
}

/// The known list that a table's name ends with, and whether that is all of its name; what a domain lists under that name
/// comes first (`property charge type`).
fn known(table: &Table, pack: Option<&str>) -> Option<(String, Subject)> {
    let words = words_of_phrase(&stem(&table.name).join(" "));
    (0..words.len()).find_map(|start| {
        let list = words[start..].join(" ");
        let subject = if start == 0 { Subject::Clear } else { Subject::Likely };
        let of_pack = pack.map(|pack| format!("{pack} {list}"));
        of_pack.into_iter().chain([list]).find(|list| lists().contains(list)).map(|list| (list, subject))
    })
}

/// Every list that `vocabulary/data/lookup_names.csv` knows by name.
fn lists() -> &'static HashSet<String> {
    static LISTS: OnceLock<HashSet<String>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("../vocabulary/data/lookup_names.csv").as_bytes());
        let lines = reader.records().map(|line| line.expect("the tests read every line of this file"));
        lines.flat_map(|line| line[1].split('|').map(|name| words_of_phrase(name).join(" ")).collect::<Vec<_>>()).collect()
    })
}

/// Gives the columns of a list their meanings, where the table is one.
pub(super) fn name_columns(catalog: &Catalog, table: TableId, pack: Option<&str>, found: &mut [Option<Match>]) {
    let definition = &catalog.tables[table];
    let subject = known(definition, pack).map_or(Subject::Other, |(_, subject)| subject);
    if !is_list(catalog, table, subject, found) {
        return;
    }
    let nouns = stem(&definition.name);
    let texts = || (0..definition.columns.len()).filter(|&column| found[column].is_some());
    let label = texts().find(|&column| is_label(&definition.columns[column], &nouns));
    let described = || {
        texts().find(|&column| is_called(&definition.columns[column], "explained") && room(&definition.columns[column]) >= ROOM_FOR_NAME)
    };
    let Some(label) = label.or_else(described) else { return };
    let free = |column: usize| {
        found[column].as_ref().is_some_and(|found| !found.by_table && (subject == Subject::Clear || found.meaning.priority < 0))
    };
    if !free(label) {
        return;
    }
    let mut name = |column: usize, id: &str| {
        if let Some(meaning) = meaning(id) {
            found[column] = Some(Match { meaning, confidence: 0.8, reason: "a list that others choose from".into(), by_table: true });
        }
    };
    name(label, NAME);
    for (column, definition) in definition.columns.iter().enumerate().filter(|(column, _)| *column != label) {
        if !matches!(definition.data_type.kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. }) {
            continue;
        }
        if is_called(definition, "explained") {
            name(column, DESCRIPTION);
        } else if is_code(definition) && longest_code(&list_of(&catalog.tables[table], pack)) <= room(definition) {
            name(column, CODE);
        }
    }
}

/// Whether a table is a list that others choose from: nothing above it, few columns, nobody's address among them.
fn is_list(catalog: &Catalog, table: TableId, subject: Subject, found: &[Option<Match>]) -> bool {
    let definition = &catalog.tables[table];
    let above = definition.foreign_keys.iter().any(|key| key.referenced_table != table);
    let named = || {
        catalog
            .tables
            .iter()
            .enumerate()
            .any(|(other, tables)| other != table && tables.foreign_keys.iter().any(|key| key.referenced_table == table))
    };
    let most = if subject == Subject::Other { MOST_COLUMNS_OF_OTHERS } else { MOST_COLUMNS };
    let own = |found: &Match| is_word_of(found.meaning.id.split('.').next().unwrap_or_default(), "somebody's");
    definition.columns.len() <= most
        && (!above || subject == Subject::Clear && stem(&definition.name).len() > 1)
        // A table of which nothing is known holds things, not choices, unless it is called one of types, levels, reasons.
        && (subject != Subject::Other || named() && stem(&definition.name).last().is_some_and(|noun| is_word_of(noun, "lookup")))
        && !found.iter().flatten().any(own)
}

/// The column with the words of a list that others choose from, whatever these mean.
pub(super) fn label(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<ColumnId> {
    let mut found: Vec<Option<Match>> =
        (0..catalog.tables[table].columns.len()).map(|column| meanings.of(table, column).cloned()).collect();
    let nouns = stem(&catalog.tables[table].name);
    let is_words = |column: &ColumnId| found[*column].is_some() && is_label(&catalog.tables[table].columns[*column], &nouns);
    let label = (0..found.len()).find(is_words)?;
    // A list of countries is of places, but nobody's address.
    let list = found[label].take().and_then(|found| vocabulary(found.meaning.generator.get("unique")?.as_str()?));
    let of_list = |found: &Match| list.is_some_and(|list| list.column(Symbol::new(&found.meaning.id)).is_some());
    found.iter_mut().filter(|found| found.as_ref().is_some_and(of_list)).for_each(|found| *found = None);
    is_list(catalog, table, Subject::Clear, &found).then_some(label)
}

/// The list whose lines are the rows of a table that others choose from (`unique` in its label's meaning): countries, currencies.
pub(super) fn entries(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<&'static str> {
    let label = label(catalog, meanings, table)?;
    meanings.of(table, label)?.meaning.generator.get("unique")?.as_str()
}

/// Whether a column holds the words of a list of these nouns: `name`, `reason`, `reason_name`.
fn is_label(column: &Column, nouns: &[String]) -> bool {
    if room(column) < ROOM_FOR_NAME {
        return false;
    }
    let words = normalise(&column.name);
    let own = nouns.iter().enumerate().find_map(|(start, _)| words.strip_prefix(&nouns[start..]));
    match own {
        Some([]) => true,
        Some([word]) => is_word_of(word, "label"),
        _ => matches!(words.as_slice(), [word] if is_word_of(word, "label")),
    }
}

fn is_called(column: &Column, part: &str) -> bool {
    matches!(normalise(&column.name).as_slice(), [word] if is_word_of(word, part))
}

/// Whether a column holds the codes of a list: `code`, or one called after a list (`uom_code`).
fn is_code(column: &Column) -> bool {
    let words = normalise(&column.name);
    is_called(column, "abbreviated")
        || matches!(words.as_slice(), [of, word] if lists().contains(of.as_str()) && is_word_of(word, "abbreviated"))
}

/// Letters that a column of text has room for.
fn room(column: &Column) -> u32 {
    match column.data_type.kind {
        TypeKind::Text | TypeKind::Varchar { length: None } => u32::MAX,
        TypeKind::Varchar { length: Some(length) } | TypeKind::Char { length } => length,
        _ => 0,
    }
}

/// Letters of the longest code among the lines of a list.
fn longest_code(list: &str) -> u32 {
    let codes = of_list(list).into_iter().flatten().filter_map(|line| line.cell(CODE));
    codes.map(|code| code.chars().count() as u32).max().unwrap_or(u32::MAX)
}

/// The lines of a list, as they stand.
fn of_list(list: &str) -> Option<Vec<LineRef<'static>>> {
    let names = vocabulary("lookup_names")?;
    let told = |_: Symbol| Some(Cow::Borrowed(list));
    let fitting = names.fitting(&names.key_values(&told));
    (0..fitting.len()).map(|at| fitting.nth(at)).collect()
}

/// A list is as long as there are words for it, where nobody asked for a number of rows.
pub(super) fn keep_short(inputs: &Inputs, table: TableId, pack: Option<&str>, meanings: &[Option<&str>], volume: &mut Volume) {
    let definition = &inputs.catalog.tables[table];
    let names_each = |column: ColumnId| {
        let mut keys = definition.primary_key.iter().chain(&definition.unique_keys);
        keys.any(|key| key.columns == [column] && key.predicate.is_none())
    };
    // Where a key has it that each row is another line: customers have countries too.
    let listed = meanings.iter().enumerate().filter(|(column, _)| names_each(*column)).find_map(|(_, id)| {
        let id = (*id)?;
        let list = vocabulary(meaning(id)?.generator.get("unique")?.as_str()?)?;
        (list.value_columns().next() == Some(Symbol::new(id))).then_some(list.len() as u64)
    });
    if !meanings.contains(&Some(NAME)) && listed.is_none() {
        return;
    }
    let lines = listed.unwrap_or_else(|| of_list(&list_of(&inputs.catalog.tables[table], pack)).map_or(0, |lines| lines.len() as u64));
    let free = volume.fan_out.is_none() && inputs.states[table].existing == 0 && volume.by == Layer::Inference;
    if free && (FEWEST..volume.count).contains(&lines) {
        volume.count = lines;
        volume.detail = "lowered to the words known for its list".into();
    }
}
