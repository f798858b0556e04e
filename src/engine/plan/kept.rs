//! What was agreed on before is what is done: a rental begins when its reservation says, is due back when that says, and tells
//! what that tells.
//!
//! Only where a row hangs alone under the one with which it was agreed. Which words of tables and columns say so is data
//! (`data/naming.csv`: `agreed`, `agreed begin`, `agreed end`, `comes back`).

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::{is_prose, is_word_of};
use crate::engine::plan::role::Role;
use crate::engine::plan::{AfterKind, ColumnPlan, Fact, FactTarget, Fill, Lag, OwnerKind, Source};

/// How long after it was agreed on something begins, and how long it lasts.
const UNTIL_IT_BEGINS: Lag = Lag { median: 9.0, sigma: 1.1, max: 90.0, future: false };
const LASTS: Lag = Lag { median: 3.2, sigma: 0.7, max: 28.0, future: false };

/// Roles of what a row says of itself alone.
const OWN: [Role; 9] = [
    Role::Created,
    Role::Happened,
    Role::Updated,
    Role::LastSeen,
    Role::Completed,
    Role::Cancelled,
    Role::Position,
    Role::Rating,
    Role::State,
];

/// Meanings of what a row has of its own: numbers and codes, states, names of files.
const OWN_MEANINGS: [&str; 6] = ["code.", "state.", "file.", "flag.", "person.", "contact."];

/// Lets what was agreed on last from one of its times to the other, and what hangs alone under something agreed on keep to it.
pub(super) fn apply(builder: &mut Builder, table: TableId) {
    if let Some((begin, end)) = agreed(builder, table) {
        let columns = &mut builder.tables[table].columns;
        columns[begin].source = Source::After(AfterKind::Lag(UNTIL_IT_BEGINS));
        columns[end].source = Source::After(AfterKind::Since { column: begin, lag: LASTS, planned: true });
        return;
    }
    let Some((parent, key)) = alone_under(builder, table) else { return };
    tell_the_same(builder, table, parent, key);
    if let Some((begin, end)) = agreed(builder, parent) {
        keep(builder, table, (begin, end));
    }
}

/// Whether a column's name has a word, or a pair of words, of a part.
fn is_called(builder: &Builder, table: TableId, column: ColumnId, part: &str) -> bool {
    let words = normalise(&builder.inputs.catalog.tables[table].columns[column].name);
    let mut pairs = words.windows(2).map(<[String]>::concat);
    pairs.any(|pair| is_word_of(&pair, part)) || words.iter().any(|word| is_word_of(&singular(word), part))
}

fn is_stamp(planned: &ColumnPlan) -> bool {
    matches!(planned.kind, TypeKind::Timestamp { .. })
}

/// The times from and until which something was agreed on, where another says when that was.
fn agreed(builder: &Builder, table: TableId) -> Option<(ColumnId, ColumnId)> {
    let planned = &builder.tables[table];
    let nouns = normalise(&builder.inputs.catalog.tables[table].name);
    nouns.last().filter(|noun| is_word_of(&singular(noun), "agreed"))?;
    planned.birth?;
    let lags = |column: &ColumnId| {
        let kind = &planned.columns[*column].source;
        is_stamp(&planned.columns[*column]) && matches!(kind, Source::After(AfterKind::Lag(_) | AfterKind::Since { .. }))
    };
    let called = |part: &str| (0..planned.columns.len()).filter(lags).find(|column| is_called(builder, table, *column, part));
    let (begin, end) = (called("agreed begin")?, called("agreed end")?);
    (begin != end).then_some((begin, end))
}

/// The table under each of whose rows one row of a table may hang, and the key.
fn alone_under(builder: &Builder, table: TableId) -> Option<(TableId, usize)> {
    let owner = builder.tables[table].owner.as_ref()?;
    let OwnerKind::ForeignKey(key) = owner.kind else { return None };
    let definition = &builder.inputs.catalog.tables[table];
    let columns = &definition.foreign_keys[key].columns;
    let unique = definition.primary_key.iter().chain(&definition.unique_keys).any(|unique| {
        unique.predicate.is_none() && unique.expressions.is_empty() && unique.columns.iter().all(|column| columns.contains(column))
    });
    let made = builder.tables[owner.table].fill == Fill::Make && owner.table != table;
    (unique && made).then_some((owner.table, key))
}

/// Columns of one name say the same in a row and in the one under which it hangs alone.
fn tell_the_same(builder: &mut Builder, table: TableId, parent: TableId, key: usize) {
    let definition = &builder.inputs.catalog.tables[table];
    let own = |column: ColumnId| builder.meanings.role(table, column).is_some_and(|role| OWN.contains(&role));
    let named = |column: ColumnId| {
        let theirs = &builder.inputs.catalog.tables[parent].columns;
        theirs.iter().position(|their| their.name == definition.columns[column].name)
    };
    let fits = |column: ColumnId, other: ColumnId| {
        let (planned, theirs) = (&builder.tables[table].columns[column], &builder.tables[parent].columns[other]);
        let shown = planned.meaning.is_some_and(|id| !is_prose(id) && !OWN_MEANINGS.iter().any(|own| id.starts_with(own)));
        let labels = planned.domain.allowed.is_none() || planned.domain.allowed == theirs.domain.allowed;
        let surely = theirs.null_fraction == 0.0 || planned.domain.allowed.is_none();
        shown && planned.is_open() && !planned.redrawn && planned.kind == theirs.kind && labels && surely
    };
    let found: Vec<(ColumnId, ColumnId)> = (0..definition.columns.len())
        .filter(|&column| !definition.is_in_key(column) && !own(column))
        .filter_map(|column| Some((column, named(column)?)))
        .filter(|(column, other)| fits(*column, *other))
        .collect();
    for (column, other) in found {
        let planned = &mut builder.tables[table].columns[column];
        planned.source = Source::Copied(Fact { hops: vec![key], target: FactTarget::Column(other) });
        planned.null_fraction = 0.0;
        planned.detail = format!("{}; what the {} says", planned.detail, builder.inputs.catalog.tables[parent].name);
    }
}

/// Lets rows begin when it was agreed that they would, be due when it was agreed, and be over about then.
fn keep(builder: &mut Builder, table: TableId, (begin, end): (ColumnId, ColumnId)) {
    let planned = &builder.tables[table];
    let born = planned.birth.filter(|&birth| is_stamp(&planned.columns[birth]) && matches!(planned.columns[birth].source, Source::Birth));
    if born.is_none() {
        return;
    }
    let later = |column: &ColumnId| {
        let source = &builder.tables[table].columns[*column].source;
        is_stamp(&builder.tables[table].columns[*column])
            && matches!(source, Source::After(AfterKind::Lag(_) | AfterKind::Since { .. } | AfterKind::Closing(_)))
    };
    let all = || (0..builder.tables[table].columns.len()).filter(later);
    let back = all().find(|column| is_called(builder, table, *column, "comes back"));
    let due = all().filter(|column| Some(*column) != back).find(|column| is_called(builder, table, *column, "agreed end"));
    builder.tables[table].keeps = Some(begin);
    if let Some(due) = due {
        builder.tables[table].columns[due].source = Source::After(AfterKind::Agreed { column: end });
    }
    if let Some((back, due)) = back.zip(due) {
        builder.tables[table].columns[back].source = Source::After(AfterKind::About { column: due });
        builder.tables[table].columns[back].null_fraction = 0.0;
    }
}
