//! Rows that keep to the time of others: bookings come before the class that they are for and end with it, who checks in comes
//! when it begins, and the leases of one flat follow each other.
//!
//! Which words of tables say so is data (`data/naming.csv`: `ahead`, `in turn`).

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::deeds::is_somebody;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::generators;
use crate::engine::plan::lines;
use crate::engine::plan::role::Role;
use crate::engine::plan::sessions::{before_begin, session};
use crate::engine::plan::volumes::{Parent, Volume};
use crate::engine::plan::{
    AfterKind, Before, ChildShape, ColumnPlan, Derived, FanOut, Fill, InUse, Layer, Lifecycle, Owner, OwnerKind, Pick, Source, StatePlace,
    stamps,
};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::StatusClass;

/// Finds a table's place in the time of others, before its picks are limited by time.
pub(super) fn find(builder: &mut Builder, table: TableId) {
    builder.tables[table].ahead = comes_ahead(builder, table);
    builder.tables[table].heralds = heralds(builder, table);
    builder.tables[table].in_turn = in_turn(builder, table);
    builder.tables[table].outcome = is_outcome(builder, table);
    if builder.tables[table].in_turn.is_some() {
        builder.tables[table].without_gaps = is_called(&builder.inputs.catalog, table, "history");
        begin_with_the_first(builder, table);
    }
    // Of those that follow each other the last is the one that counts.
    if builder.tables[table].in_turn.is_some() {
        let chief = |planned: &&mut ColumnPlan| matches!(planned.source, Source::FirstFlag) && planned.meaning == Some("flag.primary");
        builder.tables[table].columns.iter_mut().filter(chief).for_each(|planned| planned.source = Source::LastFlag);
    }
}

/// A firm has one subscription, where no more of them were asked for than there are firms.
pub(super) fn one_at_a_time(builder: &Builder, table: TableId, parent: Option<Parent>, volume: &mut Volume) {
    let lasts = builder.lifecycles[table].as_ref().is_some_and(|lifecycle| lifecycle.lasts);
    let Some(parent) = parent.filter(|_| lasts && is_called(&builder.inputs.catalog, table, "one at a time")) else { return };
    match &mut volume.fan_out {
        Some(FanOut::Shared { max, .. }) if volume.count <= parent.rows => *max = 1,
        Some(FanOut::PerParent(children)) if volume.by == Layer::Inference => {
            children.shape = ChildShape::Choice(vec![(1, 88.0), (0, 12.0)]);
            children.max = 1;
            children.min = children.min.min(1);
            volume.count = (parent.rows as f64 * 0.88) as u64;
        }
        _ => {}
    }
}

/// The first of those that follow each other is what its label says: somebody is hired before being promoted.
fn begin_with_the_first(builder: &mut Builder, table: TableId) {
    let is_first = |label: &Value| matches!(label, Value::Text(text) if is_word_of(&normalise(text).concat(), "comes first"));
    for planned in builder.tables[table].columns.iter_mut().filter(|planned| planned.is_open()) {
        let Source::Choice { values, sums } = &planned.source else { continue };
        let Some(first) = values.iter().find(|label| is_first(label)).filter(|_| values.len() > 1).cloned() else { continue };
        let others = values.iter().cloned().zip(generators::weights(sums)).filter(|(label, _)| *label != first);
        planned.source = Source::FirstOf { inner: Box::new(generators::choice(others)), first };
        planned.null_fraction = 0.0;
    }
}

/// Whether the noun of a table's name is of a part: a class booking is a booking, a booking's feedback is none.
fn is_called(catalog: &Catalog, table: TableId, part: &str) -> bool {
    normalise(&catalog.tables[table].name).last().is_some_and(|last| is_word_of(&singular(last), part))
}

/// The table under whose made rows a table's rows hang, each by draws of its own.
fn parent(builder: &Builder, table: TableId) -> Option<TableId> {
    let owner = builder.tables[table].owner.as_ref()?;
    let drawn = matches!(owner.fan_out, FanOut::PerParent(_) | FanOut::Shared { .. });
    let made = builder.tables[owner.table].fill == Fill::Make && builder.inputs.states[owner.table].stored.rows.is_empty();
    (matches!(owner.kind, OwnerKind::ForeignKey(_)) && drawn && made).then_some(owner.table)
}

fn born(builder: &Builder, table: TableId) -> bool {
    let planned = &builder.tables[table];
    planned.birth.is_some_and(|birth| matches!(planned.columns[birth].source, Source::Birth))
}

/// Whoever books a class does so before it begins.
fn comes_ahead(builder: &Builder, table: TableId) -> bool {
    let catalog = &builder.inputs.catalog;
    let Some(parent) = parent(builder, table) else { return false };
    let planned = stamps::is_planned(catalog, &builder.meanings, parent, builder.tables[parent].birth);
    let ahead = is_called(catalog, table, "ahead") || is_called(catalog, table, "on sale") && !is_on_sale(builder, table, parent);
    planned && !is_called(catalog, parent, "ahead") && born(builder, table) && ahead
}

/// The kinds of tickets are there when the event is entered: whoever books it takes one of them.
fn is_on_sale(builder: &Builder, table: TableId, parent: TableId) -> bool {
    let catalog = &builder.inputs.catalog;
    is_called(catalog, table, "on sale")
        && stamps::entered_ahead(catalog, &builder.meanings, parent, builder.tables[parent].birth).is_some()
}

/// Part of what comes ahead, by its name, comes with it.
fn heralds(builder: &Builder, table: TableId) -> bool {
    let catalog = &builder.inputs.catalog;
    let Some(parent) = parent(builder, table).filter(|_| !builder.tables[table].ahead && born(builder, table)) else { return false };
    let with = is_ahead(builder, parent);
    let singular_words = |table: TableId| normalise(&catalog.tables[table].name).iter().map(|word| singular(word)).collect::<Vec<_>>();
    let (own, above) = (singular_words(table), singular_words(parent));
    let part = own.len() > above.len() && own.starts_with(&above);
    let is_wait = session(&catalog.tables[table].name).is_some();
    let piece = || builder.owners[table].is_some_and(|key| lines::are_pieces(catalog, &builder.meanings, table, key));
    with && !is_wait && (part || is_called(catalog, table, "ahead") || piece()) || is_on_sale(builder, table, parent)
}

/// What comes ahead of a beginning tells what is done on the way there: when the sale of a kind of ticket ends.
pub(super) fn keep_before_begin(builder: &mut Builder, table: TableId) {
    if !builder.tables[table].ahead && !builder.tables[table].heralds {
        return;
    }
    for column in 0..builder.tables[table].columns.len() {
        let definition = &builder.inputs.catalog.tables[table].columns[column];
        let planned = &mut builder.tables[table].columns[column];
        let told = matches!(planned.source, Source::After(_)) && planned.decided_by <= Layer::Inference;
        let stamp = matches!(definition.data_type.kind, TypeKind::Timestamp { .. });
        let way = before_begin(&definition.name).filter(|way| matches!(way, Before::Way(least, _) if *least > 0.0));
        if let Some(way) = way.filter(|_| told && stamp) {
            planned.source = Source::After(AfterKind::Before(way));
        }
    }
}

/// Whether rows are about what is over: what is paid out for an event.
pub(super) fn comes_afterwards(catalog: &Catalog, table: TableId) -> bool {
    is_called(catalog, table, "afterwards")
}

/// What happened to those who came: the key to the row that came ahead.
pub(super) fn attend(builder: &mut Builder, table: TableId) {
    let catalog = &builder.inputs.catalog;
    let judged = builder.meanings.with_role(table, Role::Rating).is_some();
    let comes = session(&catalog.tables[table].name).is_some_and(|session| !session.planned);
    let keys = &catalog.tables[table].foreign_keys;
    let found = (0..keys.len()).find(|&key| is_ahead(builder, keys[key].referenced_table)).filter(|_| judged || comes);
    let Some(key) = found.filter(|_| born(builder, table)) else {
        if comes {
            keep_the_appointment(builder, table);
        }
        return;
    };
    builder.tables[table].attends = Some((key, judged));
    let target = keys[key].referenced_table;
    let came = done(builder, target);
    if builder.tables[table].picks[key].prefers.is_none() {
        builder.tables[table].picks[key].prefers = came;
    }
}

/// What comes of something is there once that is done: the results of a test that was ordered.
fn is_outcome(builder: &Builder, table: TableId) -> bool {
    let catalog = &builder.inputs.catalog;
    let planned = &builder.tables[table];
    let Some(owner) = planned.owner.as_ref() else { return false };
    // What is done in an appointment is done in those that were kept, unless so many rows are asked for.
    let appointed = session(&catalog.tables[owner.table].name).is_some_and(|session| session.planned);
    let done_in_it = appointed && is_called(catalog, table, "done in it") && !planned.count_given;
    if !is_called(catalog, table, "outcome") && !done_in_it {
        return false;
    }
    let (parent, drawn) = (owner.table, matches!(owner.fan_out, FanOut::PerParent(_) | FanOut::Shared { .. }));
    if !drawn || !matches!(owner.kind, OwnerKind::ForeignKey(_)) {
        return false;
    }
    let ends = |lifecycle: &Lifecycle| !lifecycle.lasts && lifecycle.states.iter().any(|state| state.class == StatusClass::Done);
    builder.tables[parent].lifecycle.as_ref().is_some_and(ends) && builder.tables[table].lifecycle.is_none()
}

/// The label of what went well, where a column of a table says it.
fn done(builder: &Builder, table: TableId) -> Option<(ColumnId, Value)> {
    let lifecycle = builder.tables[table].lifecycle.as_ref()?;
    let StatePlace::Column(column) = lifecycle.place else { return None };
    let state = lifecycle.states.iter().find(|state| state.class == StatusClass::Done)?;
    Some((column, Value::clone(&state.label)))
}

/// A visit is by an appointment that was kept.
fn keep_the_appointment(builder: &mut Builder, table: TableId) {
    for key in 0..builder.tables[table].picks.len() {
        let target = builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let within = matches!(builder.tables[table].picks[key].pick, Pick::Within { .. });
        if within && builder.tables[target].planned && builder.tables[table].picks[key].prefers.is_none() {
            let kept = done(builder, target);
            let nullable = !builder.inputs.catalog.tables[table].foreign_keys[key].mandatory;
            let pick = &mut builder.tables[table].picks[key];
            pick.surely = nullable && kept.is_some();
            pick.prefers = kept;
        }
    }
}

/// When a thing came back that is lent to one at a time.
fn returned(builder: &Builder, table: TableId) -> Option<ColumnId> {
    let (catalog, planned) = (&builder.inputs.catalog, &builder.tables[table]);
    let lent = is_called(catalog, table, "lent") && !is_somebody(&builder.meanings, parent(builder, table)?);
    let back = |column: &ColumnId| {
        let lags = matches!(planned.columns[*column].source, Source::After(AfterKind::Lag(_)));
        lags && planned.columns[*column].meaning == Some("stamp.returned")
    };
    let free = lent && born(builder, table) && planned.lifecycle.is_none();
    (0..planned.columns.len()).find(back).filter(|_| free)
}

/// Whether a table's rows come ahead of something, or with those that do.
fn is_ahead(builder: &Builder, table: TableId) -> bool {
    // What tells no time of its own comes when what it hangs under does.
    let with = |at: &TableId| builder.tables[*at].heralds || builder.tables[*at].birth.is_none();
    let above = |at: &TableId| builder.tables[*at].owner.as_ref().filter(|_| with(at)).map(|owner| owner.table);
    std::iter::successors(Some(table), above).any(|at| builder.tables[at].ahead)
}

/// The column with the end of periods of which a thing has one at a time.
fn in_turn(builder: &Builder, table: TableId) -> Option<ColumnId> {
    let catalog = &builder.inputs.catalog;
    parent(builder, table)?;
    let planned = &builder.tables[table];
    if let Some(returned) = returned(builder, table) {
        return Some(returned);
    }
    let covers = is_called(catalog, table, "cover") && parent(builder, table).is_some_and(|parent| is_called(catalog, parent, "covered"));
    if !is_called(catalog, table, "in turn") && !covers
        || !born(builder, table)
        || builder.meanings.with_role(table, Role::PeriodStart).is_none()
    {
        return None;
    }
    let is_end = |column: &ColumnId| {
        let kind = &catalog.tables[table].columns[*column].data_type.kind;
        let lags = matches!(planned.columns[*column].source, Source::After(AfterKind::Lag(lag) | AfterKind::Closing(lag)) if lag.future);
        lags && matches!(kind, TypeKind::Date | TypeKind::Timestamp { .. })
    };
    let expires = planned.lifecycle.as_ref().and_then(|lifecycle| lifecycle.expires).map(|(column, _)| column);
    let ends = || builder.meanings.all_with_role(table, Role::PeriodEnd).into_iter().find(|column| is_end(column));
    expires.filter(is_end).or_else(|| ends().filter(|_| planned.lifecycle.is_none()))
}

/// Lets the state of a thing say whether somebody has it, where the rows below that hold for a time say so.
pub(super) fn occupy(builder: &mut Builder, table: TableId) {
    let (Some(_), Some(parent)) = (builder.tables[table].in_turn, parent(builder, table)) else { return };
    let Some(lifecycle) = &builder.tables[table].lifecycle else { return };
    let Some(Owner { kind: OwnerKind::ForeignKey(key), .. }) = builder.tables[table].owner else { return };
    let states: Vec<bool> = lifecycle.states.iter().map(|state| state.rests && !state.aside && state.class == StatusClass::Open).collect();
    if !lifecycle.lasts || !states.contains(&true) {
        return;
    }
    let says = |label: &Value, part: &str| matches!(label, Value::Text(text) if is_word_of(&normalise(text).concat(), part));
    let seed = builder.inputs.arguments.seed;
    let stream = StreamKey::new(seed, &builder.inputs.catalog.tables[parent].qualified, "\u{1}in use");
    for planned in builder.tables[parent].columns.iter_mut().filter(|planned| planned.is_open()) {
        let Source::Choice { values, sums } = &planned.source else { continue };
        let Some(taken) = values.iter().position(|label| says(label, "taken")).filter(|_| values.iter().any(|label| says(label, "free")))
        else {
            continue;
        };
        let (mut sum, mut others) = (0.0, Vec::new());
        for (label, weight) in values.iter().zip(generators::weights(sums)).filter(|(label, _)| **label != values[taken]) {
            sum += weight;
            others.push((label.clone(), sum));
        }
        let found = InUse { by: (table, key), states: states.clone(), taken: values[taken].clone(), others, key: stream };
        let guess = std::mem::replace(&mut planned.source, Source::Derived(Derived::InUse(found)));
        planned.fallback = Some(Box::new(guess));
        planned.null_fraction = 0.0;
        planned.detail = format!("as {} say", builder.inputs.catalog.tables[table].qualified);
    }
}

/// The key by which rows that come ahead hang under what they are for.
pub(super) fn is_for(builder: &Builder, table: TableId, key: ForeignKeyId) -> bool {
    let planned = &builder.tables[table];
    planned.ahead && planned.owner.as_ref().is_some_and(|owner| owner.kind == OwnerKind::ForeignKey(key))
}
