//! Uniqueness by injection: each key of a table is kept by a scheme, or by remembering, or the table says why not.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ColumnId, ForeignKey, ForeignKeyId, Key, Table, TableId, TypeKind};
use crate::engine::error::{Error, sqlstate};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::lookups;
use crate::engine::plan::mentions;
use crate::engine::plan::volumes::Volume;
use crate::engine::plan::{
    ColumnPlan, ConstraintPlan, Distinct, FanOut, Layer, Pick, PickPlan, Remembered, Source, generators, periods, picks,
};
use crate::engine::rules::template::Source as PartSource;
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::{Symbol, Words};

/// Where a unique whole number without a meaning lies.
const NUMBERS: u64 = 9_000_000;

/// Fewer words are too few for a table of their own.
const FEWEST_WORDS: u64 = 4;

/// Letters that the longest texts with a serial number have room in.
const ROOM_FOR_SERIAL: u64 = 16;

/// A table whose constraints are being kept.
pub(super) struct Draft {
    pub(super) columns: Vec<ColumnPlan>,
    pub(super) picks: Vec<PickPlan>,
    pub(super) volume: Volume,
    pub(super) remembered: Vec<Remembered>,
    pub(super) verdicts: Vec<ConstraintPlan>,
    /// CHECKs that the order of times keeps.
    pub(super) ordered: Vec<String>,
}

impl Draft {
    fn proved(&mut self, name: &str, detail: impl Into<String>) {
        self.verdicts.push(ConstraintPlan { name: name.into(), verdict: "proved", detail: detail.into() });
    }

    fn sampled(&mut self, name: &str, detail: impl Into<String>) {
        self.verdicts.push(ConstraintPlan { name: name.into(), verdict: "sampled", detail: detail.into() });
    }
}

/// Most children of one parent that the table's unique keys allow.
pub(super) fn cap(builder: &Builder, table: TableId, owner: ForeignKeyId, picks: &[PickPlan]) -> u64 {
    let definition = &builder.inputs.catalog.tables[table];
    let own = &definition.foreign_keys[owner].columns;
    let full = |key: &&Key| key.expressions.is_empty() && key.predicate.is_none() && own.iter().all(|column| key.columns.contains(column));
    let keys = definition.primary_key.iter().chain(&definition.unique_keys).filter(full);
    keys.map(|key| capacity(builder, table, &key.columns, Some(owner), picks)).min().unwrap_or(u64::MAX)
}

/// How many different values the columns of a key can take, those of `without` left out.
fn capacity(builder: &Builder, table: TableId, columns: &[ColumnId], without: Option<ForeignKeyId>, picks: &[PickPlan]) -> u64 {
    let definition = &builder.inputs.catalog.tables[table];
    let skipped = without.map_or(&[][..], |key| &definition.foreign_keys[key].columns);
    let mut capacity = 1u64;
    let mut keys_done: Vec<ForeignKeyId> = Vec::new();
    for column in columns.iter().filter(|column| !skipped.contains(column)) {
        let of_column = match definition.foreign_keys.iter().position(|key| key.columns.contains(column)) {
            Some(key) if keys_done.contains(&key) => 1,
            Some(key) => {
                keys_done.push(key);
                partners(builder, table, key, without, picks)
            }
            None if definition.columns[*column].sequence.is_some() => u64::MAX,
            None => builder.facts[table].columns[*column]
                .capacity(&definition.columns[*column].data_type.kind)
                .map_or(u64::MAX, |capacity| u64::try_from(capacity).unwrap_or(u64::MAX))
                // NULL is one more value where NULLs are equal; elsewhere nobody asks.
                .saturating_add(u64::from(!definition.columns[*column].not_null)),
        };
        capacity = capacity.saturating_mul(of_column);
    }
    capacity
}

fn partners(builder: &Builder, table: TableId, key: ForeignKeyId, owner: Option<ForeignKeyId>, picks: &[PickPlan]) -> u64 {
    let keys = &builder.inputs.catalog.tables[table].foreign_keys;
    let target = keys[key].referenced_table;
    let itself = owner.is_some_and(|owner| keys[owner].referenced_table == target);
    let rows = builder.rows_of(target);
    match &picks[key].pick {
        Pick::Within { .. } | Pick::Along(_) | Pick::Ring => u64::MAX,
        // How many rows agree on the columns that keys share is known once they are laid out.
        _ if !picks[key].shared.is_empty() => u64::MAX,
        _ => rows.saturating_sub(u64::from(itself)),
    }
}

impl Builder {
    /// Keeps every unique key of a table; lowers a count of ours, refuses one of the caller's.
    pub(super) fn keep_unique(&mut self, table: TableId, draft: &mut Draft) -> Result<(), Error> {
        let definition = &self.inputs.catalog.tables[table];
        let keys: Vec<Key> = definition.primary_key.iter().chain(&definition.unique_keys).cloned().collect();
        for key in &keys {
            self.check_capacity(table, key, draft)?;
        }
        for key in &keys {
            self.keep_key(table, key, draft);
        }
        self.keep_labels_apart(table, &keys, draft);
        Ok(())
    }

    fn check_capacity(&self, table: TableId, key: &Key, draft: &mut Draft) -> Result<(), Error> {
        let nulls = key.columns.iter().any(|&column| nullable(self, table, column)) && !key.nulls_not_distinct;
        if !key.expressions.is_empty() || key.predicate.is_some() || nulls {
            return Ok(());
        }
        let owner = self.owners[table].filter(|&owner| matches!(draft.picks[owner].pick, Pick::Owner));
        let inside = owner.filter(|&owner| {
            self.inputs.catalog.tables[table].foreign_keys[owner].columns.iter().all(|column| key.columns.contains(column))
        });
        let of_each = capacity(self, table, &key.columns, inside, &draft.picks);
        let parents = inside.map_or(1, |owner| self.rows_of(self.inputs.catalog.tables[table].foreign_keys[owner].referenced_table));
        let most = of_each.saturating_mul(parents);
        // Rows that are there refer to rows that are there: where each new one names a row of this call they take nothing.
        let taken = if self.may_meet_others(table, key, draft) { self.inputs.states[table].existing } else { 0 };
        let free = most.saturating_sub(taken);
        if draft.volume.count <= free {
            if let [column] = key.columns.as_slice() {
                self.keep_to_words(table, *column, draft);
            }
            return Ok(());
        }
        let name = &self.inputs.catalog.tables[table].qualified;
        if draft.volume.given {
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("cannot make {} rows for {name}", draft.volume.count))
                .detail(format!("Unique key \"{}\" leaves room for {free}: {most} different values, {taken} of them taken.", key.name))
                .hint(format!("Ask for at most {free}.")));
        }
        draft.volume.count = free;
        draft.volume.detail = format!("lowered to what unique key {} has values for", key.name);
        Ok(())
    }

    /// A list that is closed (`closed` in its meaning: the types of leave) is as long as there are names: where nobody asked for a number of rows, none is made with names that
    /// no list holds.
    fn keep_to_words(&self, table: TableId, column: ColumnId, draft: &mut Draft) {
        let closed = self.meanings.of(table, column).is_some_and(|found| found.meaning.generator.get("closed").is_some());
        if !closed || draft.volume.by != Layer::Inference {
            return;
        }
        let Some(words) = self.words_for(table, &draft.columns[column].source) else { return };
        let mut left = words.saturating_sub(self.inputs.states[table].existing);
        if let Some(fan_out) = &mut draft.volume.fan_out {
            // Of what is chosen under a parent there is no more than goes with each: the departments of a faculty.
            let (FanOut::Shared { max, .. }, Some(owner), Some(most)) =
                (fan_out, self.owners[table], self.words_under_each(table, &draft.columns[column].source))
            else {
                return;
            };
            *max = most.min(*max);
            left = left.min(max.saturating_mul(self.rows_of(self.inputs.catalog.tables[table].foreign_keys[owner].referenced_table)));
        }
        if words >= FEWEST_WORDS && left < draft.volume.count {
            draft.volume.count = left;
            draft.volume.detail = format!("lowered to the words known for {}", self.inputs.catalog.tables[table].columns[column].name);
        }
    }

    /// No list names a thing twice, as long as there are words, though no key says so; none leaves a name out.
    fn keep_labels_apart(&self, table: TableId, keys: &[Key], draft: &mut Draft) {
        let Some(column) = lookups::label(&self.inputs.catalog, &self.meanings, table) else { return };
        if draft.columns[column].decided_by >= Layer::Comment || keys.iter().any(|key| key.columns.contains(&column)) {
            return;
        }
        draft.columns[column].null_fraction = 0.0;
        if draft.volume.fan_out.is_some() {
            return;
        }
        self.keep_to_words(table, column, draft);
        if self.inputs.states[table].existing == 0
            && self.words_for(table, &draft.columns[column].source).is_some_and(|words| words >= draft.volume.count)
        {
            let name = self.inputs.catalog.tables[table].columns[column].name.clone();
            let key =
                Key { name, columns: vec![column], expressions: Vec::new(), predicate: None, nulls_not_distinct: false, deferrable: false };
            Self::probe(&key, draft, false, false);
        }
    }

    /// How many lines of a list go with each value of its first key, at least, where the rows above tell the key.
    pub(super) fn words_under_each(&self, table: TableId, source: &Source) -> Option<u64> {
        let Source::Tuple(tuple, _) = source else { return None };
        let list = self.known.tuples[table][*tuple];
        let key = *list.key_sources().next()?.first()?;
        if self.known.constants[table].iter().any(|(known, _)| *known == key) {
            return None;
        }
        let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
        for value in list.lines().filter_map(|line| line.cell(key.as_str())) {
            *lines.entry(value).or_default() += 1;
        }
        lines.into_values().min()
    }

    /// How many different words a source draws from, where it draws plain words of one list.
    fn words_for(&self, table: TableId, source: &Source) -> Option<u64> {
        let (list, column) = match source {
            Source::Tuple(tuple, column) => (self.known.tuples[table][*tuple], *column),
            Source::Text(text) => match text.template.parts.as_slice() {
                [part] if part.filters.is_empty() => match &part.source {
                    PartSource::Vocabulary(name) => {
                        self.known.words.get(name.as_str()).and_then(|list| Some((list, list.column(list.value_columns().next()?)?)))?
                    }
                    _ => return None,
                },
                _ => return None,
            },
            Source::Choice { values, .. } => return Some(values.len() as u64),
            _ => return None,
        };
        let constant = |id: Symbol| match self.known.constants[table].iter().find(|(known, _)| *known == id) {
            Some((_, Value::Text(text))) => Some(Cow::Owned(text.to_string())),
            _ => None,
        };
        let fitting = list.fitting(&list.key_values(&constant));
        let mut words = BTreeSet::new();
        for at in 0..fitting.len() {
            let cell = fitting.nth(at)?.words(column)?;
            if !matches!(cell.words(), Words::Plain) {
                return None;
            }
            words.insert(cell.text());
        }
        // Where other columns choose among them, not every word comes up.
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        let named = keys.iter().any(|key| key.referenced_table != table);
        let chosen = named && list.key_sources().any(|sources| !sources.iter().all(|id| constant(*id).is_some()));
        Some(if chosen { words.len() as u64 / 2 } else { words.len() as u64 })
    }

    fn keep_key(&mut self, table: TableId, key: &Key, draft: &mut Draft) {
        if key.predicate.is_some() || !key.expressions.is_empty() {
            self.keep_partial(table, key, draft);
            return;
        }
        // No scheme keeps two NULLs apart where they are equal.
        let may_repeat_null = key.nulls_not_distinct && key.columns.iter().any(|&column| nullable(self, table, column));
        if let Some(detail) = self.injection(table, key, draft).filter(|_| !may_repeat_null) {
            let meets_others = self.may_meet_others(table, key, draft);
            if meets_others {
                Self::probe(key, draft, false, true);
            } else if self.inputs.catalog.tables.iter().any(|table| !table.triggers.is_empty()) {
                // A trigger may write rows of its own; then partners are drawn anew.
                self.redraw_partners(table, key, draft);
            }
            draft.proved(&key.name, if meets_others { format!("{detail}; looked up among the rows that are there") } else { detail });
            return;
        }
        Self::remember(key, draft, false);
    }

    fn redraw_partners(&self, table: TableId, key: &Key, draft: &mut Draft) {
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        for (foreign, pick) in keys.iter().zip(&draft.picks) {
            if matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } }) {
                let own = foreign.columns.iter().filter(|column| key.columns.contains(column));
                own.for_each(|&column| draft.columns[column].redrawn = true);
            }
        }
    }

    fn remember(key: &Key, draft: &mut Draft, folded: bool) {
        Self::probe(key, draft, folded, false);
        draft.proved(&key.name, "unique by memory: redrawn against hashes of the rows before");
    }

    fn probe(key: &Key, draft: &mut Draft, folded: bool, injective: bool) {
        Self::probe_where(key, draft, folded, injective, None);
    }

    fn probe_where(key: &Key, draft: &mut Draft, folded: bool, injective: bool, predicate: Option<Arc<Expression>>) {
        for &column in &key.columns {
            draft.columns[column].redrawn = true;
        }
        draft.remembered.push(Remembered {
            name: key.name.clone(),
            columns: key.columns.clone(),
            nulls_equal: key.nulls_not_distinct,
            folded,
            injective,
            predicate,
        });
    }

    /// Whether a made row's key could be one that a row has which is or will be there: not with a key of its own
    /// sequence, nor where it names a row that this call makes.
    fn may_meet_others(&self, table: TableId, key: &Key, draft: &Draft) -> bool {
        let state = &self.inputs.states[table];
        if state.existing == 0 && state.stored.inserted == 0 {
            return false;
        }
        let own = |column: &ColumnId| matches!(draft.columns[*column].source, Source::Serial { .. } | Source::Uuid | Source::Database);
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        let names_a_new_row = keys.iter().zip(&draft.picks).any(|(foreign, pick)| {
            let target = foreign.referenced_table;
            let made = self.volumes.get(&target).is_some_and(|volume| volume.count > 0);
            let only_made = made && self.inputs.states[target].stored.inserted == 0;
            let whole = foreign.columns.iter().all(|column| key.columns.contains(column));
            whole && only_made && matches!(pick.pick, Pick::Owner | Pick::Free { .. })
        });
        !key.columns.iter().any(own) && !names_a_new_row
    }

    /// A scheme by which no two rows can share the key's values.
    fn injection(&mut self, table: TableId, key: &Key, draft: &mut Draft) -> Option<String> {
        let catalog = &self.inputs.catalog;
        let definition = &catalog.tables[table];
        if key.columns.iter().any(|&column| matches!(draft.columns[column].source, Source::Serial { .. } | Source::Uuid | Source::Database))
        {
            return Some("a key of its own in every row".into());
        }
        let owner = self.owners[table].filter(|&owner| matches!(draft.picks[owner].pick, Pick::Owner));
        let within_owner = owner.filter(|&owner| definition.foreign_keys[owner].columns.iter().all(|column| key.columns.contains(column)));
        let owners = owner.map(|owner| definition.foreign_keys[owner].columns.as_slice());
        if let Some(apart) = periods::keeps_apart(self.tables[table].periods.as_ref(), key, &draft.columns, owners) {
            return Some(apart);
        }
        let rest: Vec<ColumnId> = key
            .columns
            .iter()
            .copied()
            .filter(|column| within_owner.is_none_or(|owner| !definition.foreign_keys[owner].columns.contains(column)))
            .collect();
        if within_owner.is_some() && rest.is_empty() {
            return Some("one row at most under each parent".into());
        }
        if let Some(owner) = within_owner {
            self.keep_partners_few(table, owner, &rest, draft);
        }
        let catalog = &self.inputs.catalog;
        let definition = &catalog.tables[table];
        let most = most_children(draft);
        if let Some(partner) = picks::separate(catalog, table, within_owner, &mut draft.picks, &key.columns, most) {
            let target = &catalog.tables[definition.foreign_keys[partner].referenced_table].qualified;
            return Some(format!("no two siblings name the same row of {target}"));
        }
        if within_owner.is_some() {
            return siblings_differ(draft, &rest, most);
        }
        match rest.as_slice() {
            [column] => self.different_values(table, *column, draft),
            _ => None,
        }
    }

    /// What goes with a row of its own kind is little: few enough that partners near it are looked for, where that leaves room.
    fn keep_partners_few(&self, table: TableId, owner: ForeignKeyId, rest: &[ColumnId], draft: &mut Draft) {
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        let above = keys[owner].referenced_table;
        let of_its_kind = |key: &ForeignKey| key.referenced_table == above && key.columns.iter().all(|column| rest.contains(column));
        let few = draft.volume.count <= self.rows_of(above) * picks::MOST_COMPARED / 4;
        if let Some(FanOut::Shared { max, .. }) = &mut draft.volume.fan_out
            && few
            && keys.iter().any(of_its_kind)
        {
            *max = (*max).min(picks::MOST_COMPARED);
        }
    }

    /// A column whose values differ in every row.
    fn different_values(&self, table: TableId, column: ColumnId, draft: &mut Draft) -> Option<String> {
        if let Some(key) = self.inputs.catalog.tables[table].foreign_keys.iter().position(|key| key.columns == [column]) {
            let free = matches!(draft.picks[key].pick, Pick::Free { distinct: Distinct::Globally });
            return free.then(|| "each referenced row is named once".into());
        }
        let planned = &mut draft.columns[column];
        if let (Some(allowed), Source::Choice { .. }) = (&planned.domain.allowed, &planned.source) {
            // Rows beyond the values are NULL; the values themselves all occur.
            if draft.volume.count >= allowed.len() as u64 {
                planned.null_fraction = 0.0;
            }
            planned.source = Source::Permuted(allowed.clone());
            return Some("a permutation of the allowed values".into());
        }
        let serial = generators::templates(&planned.source).iter().any(|template| {
            template
                .parts
                .iter()
                .any(|part| matches!(part.source, PartSource::Serial(_) | PartSource::Rising(_)) && part.filters.is_empty())
        });
        // What is cut, or made anew after a pattern, loses its number.
        let kept = planned.domain.max_length.is_none_or(|most| most >= ROOM_FOR_SERIAL)
            && planned.domain.patterns.is_empty()
            && planned.domain.allowed.is_none();
        if serial && kept && matches!(planned.source, Source::Text(_)) {
            return Some("a serial number in every value".into());
        }
        if planned.kind == TypeKind::Date && planned.decided_by < Layer::Rule {
            // Days enough for redraws to find a free one.
            let days = (draft.volume.count as i64 * 8).max(1_000);
            let as_of = self.inputs.as_of;
            planned.source = Source::StampRange { min: as_of - days * MICROS_PER_DAY, max: as_of };
            return None;
        }
        if matches!(planned.kind, TypeKind::Integer { .. }) && !matches!(planned.source, Source::Choice { .. }) {
            let (min, max) = planned.domain.number_bounds(&planned.kind);
            let min = min.unwrap_or(1.0).max(1.0) as i64;
            if planned.decided_by < Layer::Rule && is_numbered(&self.inputs.catalog.tables[table], column) {
                let first = self.last_number(table, column).map_or(min, |last| min.max(last.saturating_add(1)));
                if max.is_none_or(|max| (first as f64) + draft.volume.count as f64 <= max) {
                    planned.source = Source::Serial { first, increment: 1 };
                    planned.detail = format!("numbered from {first} on");
                    return Some("a number of its own in every row".into());
                }
            }
            let size = max.map_or(NUMBERS, |max| (max as i64 - min + 1).max(1) as u64).min(NUMBERS.max(draft.volume.count * 2));
            planned.source = Source::PermutedNumber { min, size };
            return Some("a permutation of its numbers".into());
        }
        None
    }

    /// The greatest number among the rows that are there.
    fn last_number(&self, table: TableId, column: ColumnId) -> Option<i64> {
        let number = |row: &Vec<Value>| match row.get(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        self.inputs.states[table].stored.rows.iter().filter_map(number).max()
    }

    fn keep_partial(&mut self, table: TableId, key: &Key, draft: &mut Draft) {
        let name = key.name.clone();
        if let Some(flag) = self.flag_of(table, key) {
            draft.columns[flag].source = Source::FirstFlag;
            draft.columns[flag].detail = format!("only the first sibling, for {name}");
            draft.proved(&name, "only the first sibling has the flag");
            return;
        }
        let folded = key.columns.is_empty() && self.folded_column(table, key).is_some();
        if folded && key.predicate.is_none() {
            let column = self.folded_column(table, key).unwrap_or_default();
            let plain = Key { columns: vec![column], ..key.clone() };
            Self::remember(&plain, draft, true);
            return;
        }
        if !key.columns.is_empty() && key.expressions.is_empty() {
            self.remember_some(table, key, draft);
            return;
        }
        let definition = &self.inputs.catalog.tables[table];
        let text = key.expressions.iter().chain(&key.predicate).map(String::as_str).collect::<Vec<_>>().join(" ");
        mentions::redraw(&mut draft.columns, &mentions::columns_in(definition, &text));
        mentions::redraw(&mut draft.columns, &key.columns);
        draft.sampled(&name, "judged by the database as rows are loaded");
    }

    /// A key over some of the rows: those that its predicate holds for are remembered, and may leave it by a redraw. One that
    /// is not understood is taken to hold for all.
    fn remember_some(&self, table: TableId, key: &Key, draft: &mut Draft) {
        let predicate = key.predicate.as_deref().unwrap_or_default();
        let parsed = parse(predicate).ok();
        let bound = parsed.and_then(|parsed| Binding::check(&self.inputs.catalog, table).condition(&parsed).ok()).map(Arc::new);
        if bound.is_some() {
            mentions::redraw(&mut draft.columns, &mentions::columns_in(&self.inputs.catalog.tables[table], predicate));
        }
        Self::probe_where(key, draft, false, false, bound);
        draft.proved(&key.name, "unique by memory: redrawn against hashes of the rows before");
    }

    /// The boolean column that a partial key's predicate is, where the key itself is the owner's.
    fn flag_of(&self, table: TableId, key: &Key) -> Option<ColumnId> {
        let definition = &self.inputs.catalog.tables[table];
        let predicate = key.predicate.as_deref()?.trim_matches(['(', ')']);
        let flag = definition.columns.iter().position(|column| column.name == predicate && column.data_type.kind == TypeKind::Boolean)?;
        let owner = self.owners[table]?;
        (key.columns == definition.foreign_keys[owner].columns).then_some(flag)
    }

    /// The column under a single `lower(column)`.
    fn folded_column(&self, table: TableId, key: &Key) -> Option<ColumnId> {
        let [expression] = key.expressions.as_slice() else { return None };
        let inner = expression.strip_prefix("lower(")?.strip_suffix(')')?;
        let name = inner.trim_start_matches('(').split([')', ':']).next()?.trim_matches('"');
        self.inputs.catalog.tables[table].columns.iter().position(|column| column.name == name)
    }
}

/// Whether a column is the number by which a table's rows are told apart, by its name (`data/naming.csv`): such numbers rise
/// from row to row though no sequence deals them out.
fn is_numbered(definition: &Table, column: ColumnId) -> bool {
    let is_key = definition.primary_key.as_ref().is_some_and(|key| key.columns == [column]);
    is_key && normalise(&definition.columns[column].name).last().is_some_and(|word| is_word_of(word, "number"))
}

fn nullable(builder: &Builder, table: TableId, column: ColumnId) -> bool {
    !builder.inputs.catalog.tables[table].columns[column].not_null
}

fn most_children(draft: &Draft) -> u64 {
    match &draft.volume.fan_out {
        Some(FanOut::PerParent(children)) => children.max,
        Some(FanOut::Shared { max, .. }) => *max,
        Some(FanOut::Selected) => 1,
        Some(FanOut::Stages) => 10,
        None => draft.volume.count,
    }
}

/// A column of the key beside the owner that differs among at `most` so many siblings: an ordinal, or a finite list permuted.
fn siblings_differ(draft: &mut Draft, rest: &[ColumnId], most: u64) -> Option<String> {
    for &column in rest {
        let planned = &mut draft.columns[column];
        if matches!(planned.source, Source::Ordinal(_) | Source::StageLabel(_) | Source::SiblingChoice { .. }) {
            return Some("different among siblings".into());
        }
        if matches!(planned.source, Source::Key { .. }) {
            continue;
        }
        if let Some(allowed) = &planned.domain.allowed {
            // Beside another column of the key the same value may come again.
            if rest.len() > 1 && most > allowed.len() as u64 {
                continue;
            }
            let values: Vec<Value> = allowed.clone();
            planned.source = Source::SiblingChoice { values, first: 0 };
            planned.detail = "a permutation of the allowed values among siblings".into();
            return Some("different among siblings".into());
        }
        if matches!(planned.kind, TypeKind::Integer { .. }) {
            planned.source = Source::Ordinal(1);
            planned.detail = "its number among its siblings".into();
            return Some("numbered among siblings".into());
        }
    }
    None
}
