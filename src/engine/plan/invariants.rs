//! What the plan derives beyond the catalog's constraints, as SQL that counts the breaches.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::turns;
use crate::engine::plan::{Fact, FactTarget, FanOut, Fill, Invariant, Lifecycle, OwnerKind, Pick, RAW, Source, StatePlace, Tie};

/// The invariants of all tables that are filled.
pub(super) fn invariants(builder: &Builder) -> Vec<Invariant> {
    let mut found = Vec::new();
    for &table in &builder.order.tables {
        if builder.tables[table].fill != Fill::Make {
            continue;
        }
        for column in 0..builder.tables[table].columns.len() {
            found.extend(of_column(builder, table, column));
        }
        for key in 0..builder.tables[table].picks.len() {
            found.extend(of_pick(builder, table, key));
            found.extend(of_parts(builder, table, key));
            found.extend(of_times(builder, table, key));
        }
        found.extend(of_turns(builder, table));
    }
    found
}

fn of_column(builder: &Builder, table: TableId, column: ColumnId) -> Option<Invariant> {
    let own = quoted(builder, table, column);
    let name = &builder.inputs.catalog.tables[table].qualified;
    let breach = match &builder.tables[table].columns[column].source {
        Source::Product(left, right) => {
            let product = format!("t.{} * t.{}", quoted(builder, table, *left), quoted(builder, table, *right));
            match builder.inputs.catalog.tables[table].columns[column].data_type.kind {
                TypeKind::Numeric { scale: Some(scale), .. } => format!("t.{own} is distinct from round(({product})::numeric, {scale})"),
                _ => format!("t.{own} is distinct from {product}"),
            }
        }
        Source::Balance { plus, minus } => {
            let term = |sign: &str, column: &ColumnId| format!("{sign} coalesce(t.{}, 0)", quoted(builder, table, *column));
            let terms: Vec<String> =
                plus.iter().map(|column| term("+", column)).chain(minus.iter().map(|column| term("-", column))).collect();
            format!("t.{own} is distinct from 0 {}", terms.join(" "))
        }
        Source::ChildSum { table: child, column: summed, less } => child_sum(builder, table, &own, (*child, *summed, *less))?,
        Source::ChildTotal { table: child, sql, .. } => {
            format!("t.{own} is distinct from ({})", over_children(builder, table, *child, &format!("coalesce(sum({sql}), 0)"))?)
        }
        Source::Running { sql, .. } => running(builder, table, &own, sql)?,
        Source::Part { received: true, of } => return paid(builder, table, column, of),
        Source::NamedCount { table: other, key } => {
            format!("t.{own} is distinct from ({})", over_named(builder, (table, *other), *key, "count(*)"))
        }
        Source::NamedMean { table: other, key, column: of } => {
            let mean = over_named(builder, (table, *other), *key, &format!("avg(c.{})", quoted(builder, *other, *of)));
            let digits = match builder.inputs.catalog.tables[table].columns[column].data_type.kind {
                TypeKind::Integer { .. } => 0,
                TypeKind::Numeric { scale, .. } => scale.unwrap_or(2).max(0),
                _ => 3,
            };
            format!("abs(t.{own}::numeric - coalesce(({mean}), 0)::numeric) > 0.500001 * power(10.0, -{digits})")
        }
        Source::NamedLeft { of, table: other, key, empty } => {
            let out = format!("count(*) filter (where c.{} is null)", quoted(builder, *other, *empty));
            let out = over_named(builder, (table, *other), *key, &out);
            format!("t.{own} is distinct from greatest(t.{} - ({out}), 0)", quoted(builder, table, *of))
        }
        Source::ChildCount(child) => child_count(builder, table, &own, *child)?,
        Source::Copied(fact) => copied(builder, (table, column), &own, fact)?,
        Source::Entered(states) => entered(builder, table, &own, states)?,
        source if source.follows() => builder.tables[table].columns[column].breach.clone()?,
        _ => return None,
    };
    let object = format!("{name}.{own}");
    Some(Invariant {
        id: format!("derived: {object}"),
        object,
        statement: format!("select count(*), count(*) filter (where {breach}) from {name} t"),
        table_oid: builder.inputs.catalog.tables[table].oid,
    })
}

fn child_sum(builder: &Builder, table: TableId, own: &str, (child, summed, less): (TableId, ColumnId, Option<ColumnId>)) -> Option<String> {
    let less = less.map_or_else(String::new, |less| format!(" - coalesce(c.{}, 0)", quoted(builder, child, less)));
    let sum = format!("coalesce(sum(c.{}{less}), 0)", quoted(builder, child, summed));
    Some(format!("t.{own} is distinct from ({})", over_children(builder, table, child, &sum)?))
}

fn child_count(builder: &Builder, table: TableId, own: &str, child: TableId) -> Option<String> {
    Some(format!("t.{own} is distinct from ({})", over_children(builder, table, child, "count(*)")?))
}

/// What is held after a booking; of rows of one moment nobody knows which came first.
fn running(builder: &Builder, table: TableId, own: &str, sql: &str) -> Option<String> {
    let catalog = &builder.inputs.catalog;
    let birth = drawn_time(builder, table)?;
    if !matches!(catalog.tables[table].columns[birth].data_type.kind, TypeKind::Timestamp { .. }) {
        return None;
    }
    let birth = quoted(builder, table, birth);
    let key = &catalog.tables[table].foreign_keys[builder.owners[table]?];
    let same: Vec<String> =
        key.columns.iter().map(|&column| quoted(builder, table, column)).map(|name| format!("c.{name} = t.{name}")).collect();
    let from = format!("{} c where {}", catalog.tables[table].qualified, same.join(" and "));
    Some(format!(
        "t.{own} is distinct from (select sum({sql}) from {from} and c.{birth} <= t.{birth}) and (select count(*) from {from} and c.{birth} = t.{birth}) = 1"
    ))
}

/// What was received of a row is the sum of what pays it, where something does.
fn paid(builder: &Builder, table: TableId, column: ColumnId, of: &Fact) -> Option<Invariant> {
    let ([hop], FactTarget::Column(received)) = (of.hops.as_slice(), &of.target) else { return None };
    let owner = builder.inputs.catalog.tables[table].foreign_keys[*hop].referenced_table;
    if builder.tables[owner].fill != Fill::Make {
        return None;
    }
    let own = quoted(builder, owner, *received);
    let sum = over_children(builder, owner, table, &format!("sum(c.{})", quoted(builder, table, column)))?;
    let definition = &builder.inputs.catalog.tables[owner];
    let object = format!("{}.{own} by {}", definition.qualified, builder.inputs.catalog.tables[table].qualified);
    let statement = format!("select count(*), count(*) filter (where t.{own} <> ({sum})) from {} t", definition.qualified);
    Some(Invariant { id: format!("paid: {object}"), object, statement, table_oid: definition.oid })
}

/// An aggregate over the rows of a child table that hang under a row.
fn over_children(builder: &Builder, table: TableId, child: TableId, aggregate: &str) -> Option<String> {
    Some(over_named(builder, (table, child), builder.owners[child]?, aggregate))
}

/// An aggregate over the rows of a table that name a row by a key.
fn over_named(builder: &Builder, (table, other): (TableId, TableId), key: ForeignKeyId, aggregate: &str) -> String {
    let catalog = &builder.inputs.catalog;
    let key = &catalog.tables[other].foreign_keys[key];
    let join = key
        .columns
        .iter()
        .zip(&key.referenced_columns)
        .map(|(&from, &to)| format!("c.{} = t.{}", quoted(builder, other, from), quoted(builder, table, to)));
    let join = join.collect::<Vec<_>>().join(" and ");
    format!("select {aggregate} from {} c where {join}", catalog.tables[other].qualified)
}

fn copied(builder: &Builder, (table, own_column): (TableId, ColumnId), own: &str, fact: &Fact) -> Option<String> {
    let ([hop], FactTarget::Column(column)) = (fact.hops.as_slice(), &fact.target) else { return None };
    let catalog = &builder.inputs.catalog;
    let key = &catalog.tables[table].foreign_keys[*hop];
    let join = key
        .columns
        .iter()
        .zip(&key.referenced_columns)
        .map(|(&from, &to)| format!("p.{} = t.{}", quoted(builder, key.referenced_table, to), quoted(builder, table, from)));
    let join = join.collect::<Vec<_>>().join(" and ");
    let value = format!(
        "(select p.{} from {} p where {join})",
        quoted(builder, key.referenced_table, *column),
        catalog.tables[key.referenced_table].qualified
    );
    // What must have a value has one of its own where there is none to copy.
    let value = if catalog.tables[table].columns[own_column].not_null { format!("coalesce({value}, t.{own})") } else { value };
    Some(format!("t.{own} is distinct from {value}"))
}

/// The stamp is there in the states that it tells of, and not in those that are reached without any of them.
fn entered(builder: &Builder, table: TableId, own: &str, told: &[bool]) -> Option<String> {
    let lifecycle = builder.tables[table].lifecycle.as_ref()?;
    let reached = |state: usize| lifecycle.way_to(Some(state)).iter().any(|&passed| told[passed]);
    let there = state_in(builder, table, lifecycle, &|state| told[state]);
    let missing = there.map(|there| format!("t.{own} is null and {there}"));
    // What mirrors another life need not pass all of its own states.
    let none = state_in(builder, table, lifecycle, &|state| !reached(state)).filter(|_| lifecycle.tie != Tie::Mirrors);
    let excess = none.map(|none| format!("t.{own} is not null and {none}"));
    let breaches: Vec<String> = [missing, excess].into_iter().flatten().collect();
    (!breaches.is_empty()).then(|| breaches.join(" or "))
}

fn state_in(builder: &Builder, table: TableId, lifecycle: &Lifecycle, chosen: &dyn Fn(usize) -> bool) -> Option<String> {
    let states = lifecycle.states.iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, state)| state);
    match lifecycle.place {
        StatePlace::Column(column) => {
            let labels: Vec<String> = states.map(|state| literal(&state.label)).collect();
            (!labels.is_empty()).then(|| format!("t.{}::text in ({})", quoted(builder, table, column), labels.join(", ")))
        }
        StatePlace::ForeignKey(key) => {
            let foreign_key = &builder.inputs.catalog.tables[table].foreign_keys[key];
            let rows = &builder.inputs.states[foreign_key.referenced_table].stored.rows;
            let keys: Vec<String> = states.map(|state| literal(&rows[state.row as usize][foreign_key.referenced_columns[0]])).collect();
            (!keys.is_empty()).then(|| format!("t.{}::text in ({})", quoted(builder, table, foreign_key.columns[0]), keys.join(", ")))
        }
    }
}

/// A diamond: the row named belongs to the row that our other key names.
fn of_pick(builder: &Builder, table: TableId, key: usize) -> Option<Invariant> {
    let Pick::Within { base, inner } = &builder.tables[table].picks[key].pick else { return None };
    let catalog = &builder.inputs.catalog;
    let definition = &catalog.tables[table];
    // Rows of a ring name whichever row of it they can: some have no row of theirs.
    let target = definition.foreign_keys[key].referenced_table;
    if builder.order.rings.iter().any(|ring| ring.contains(&target)) {
        return None;
    }
    let (own, shared) = (&definition.foreign_keys[key], &definition.foreign_keys[*base]);
    let inner = &catalog.tables[own.referenced_table].foreign_keys[*inner];
    let join = own
        .columns
        .iter()
        .zip(&own.referenced_columns)
        .map(|(&from, &to)| format!("g.{} = t.{}", quoted(builder, own.referenced_table, to), quoted(builder, table, from)));
    let same = shared.columns.iter().zip(&inner.columns).map(|(&ours, &theirs)| {
        format!("g.{} is distinct from t.{}", quoted(builder, own.referenced_table, theirs), quoted(builder, table, ours))
    });
    let set = shared.columns.iter().map(|&ours| format!("t.{} is not null", quoted(builder, table, ours)));
    // A parent that has no such row, or none old enough, lets any be named; with those that each parent has, the oldest
    // is old enough.
    let needed = builder.owners[target]
        .is_some_and(|owner| catalog.tables[target].foreign_keys[owner].name == inner.name && builder.is_needed(target, owner));
    if !needed && builder.tables[table].picks[key].not_after {
        return None;
    }
    let theirs = inner
        .columns
        .iter()
        .zip(&shared.columns)
        .map(|(&theirs, &ours)| format!("o.{} = t.{}", quoted(builder, target, theirs), quoted(builder, table, ours)));
    let has_one = format!("exists (select from {} o where {})", catalog.tables[target].qualified, theirs.collect::<Vec<_>>().join(" and "));
    let set = set.chain([has_one]);
    let statement = format!(
        "select count(*), count(*) filter (where {} and ({})) from {} t join {} g on {}",
        set.collect::<Vec<_>>().join(" and "),
        same.collect::<Vec<_>>().join(" or "),
        definition.qualified,
        catalog.tables[own.referenced_table].qualified,
        join.collect::<Vec<_>>().join(" and ")
    );
    let object = format!(
        "{}.{}",
        definition.qualified,
        own.columns.iter().map(|&column| quoted(builder, table, column)).collect::<Vec<_>>().join(", ")
    );
    Some(Invariant { id: format!("same parent: {object}"), object, statement, table_oid: definition.oid })
}

/// Nothing goes into what goes into it, and nothing into what is raw.
fn of_parts(builder: &Builder, table: TableId, key: ForeignKeyId) -> Option<Invariant> {
    let catalog = &builder.inputs.catalog;
    let definition = &catalog.tables[table];
    let below = builder.tables[table].picks[key].below.as_ref()?;
    let OwnerKind::ForeignKey(own) = builder.tables[table].owner.as_ref()?.kind else { return None };
    let (whole, part) = (&definition.foreign_keys[own], &definition.foreign_keys[key]);
    let back = whole.columns.iter().zip(&part.columns).map(|(&whole, &part)| {
        let (whole, part) = (quoted(builder, table, whole), quoted(builder, table, part));
        format!("o.{whole} = t.{part} and o.{part} = t.{whole}")
    });
    let mut breach = format!("exists (select from {} o where {})", definition.qualified, back.collect::<Vec<_>>().join(" and "));
    let join = whole.columns.iter().zip(&whole.referenced_columns);
    let join = join.map(|(&from, &to)| format!("g.{} = t.{}", quoted(builder, whole.referenced_table, to), quoted(builder, table, from)));
    if let Some((column, ranks)) = &below.kinds {
        let raw: Vec<String> = ranks.iter().filter(|(_, rank)| *rank == RAW).map(|(label, _)| literal(label)).collect();
        if !raw.is_empty() {
            breach = format!("{breach} or g.{}::text in ({})", quoted(builder, whole.referenced_table, *column), raw.join(", "));
        }
    }
    let statement = format!(
        "select count(*), count(*) filter (where {breach}) from {} t join {} g on {}",
        definition.qualified,
        catalog.tables[whole.referenced_table].qualified,
        join.collect::<Vec<_>>().join(" and ")
    );
    let columns: Vec<String> = part.columns.iter().map(|&column| quoted(builder, table, column)).collect();
    let object = format!("{}.{}", definition.qualified, columns.join(", "));
    Some(Invariant { id: format!("made of: {object}"), object, statement, table_oid: definition.oid })
}

/// A row that comes after what it names: where its time is drawn behind those of the rows that its keys name.
fn of_times(builder: &Builder, table: TableId, key: ForeignKeyId) -> Option<Invariant> {
    let catalog = &builder.inputs.catalog;
    let definition = &catalog.tables[table];
    let own = &definition.foreign_keys[key];
    let target = own.referenced_table;
    let pick = &builder.tables[table].picks[key];
    let is_owner = matches!(pick.pick, Pick::Owner);
    let follows = match &pick.pick {
        Pick::Owner | Pick::Along(_) | Pick::Within { .. } | Pick::Free { .. } => !pick.not_after,
        _ => false,
    };
    // Stages follow their owner's life only.
    let staged = builder.tables[table].owner.as_ref().is_some_and(|owner| owner.fan_out == FanOut::Stages);
    if !follows || staged && !is_owner || target == table || builder.tables[target].fill != Fill::Make {
        return None;
    }
    let ahead = turns::is_for(builder, table, key);
    if builder.tables[table].heralds && builder.tables[target].entered_ahead.is_some() {
        return None;
    }
    let (ours, theirs) = (drawn_time(builder, table)?, drawn_time(builder, target)?);
    let kind = |table: TableId, column: ColumnId| &catalog.tables[table].columns[column].data_type.kind;
    let whole = match (kind(table, ours), kind(target, theirs)) {
        (TypeKind::Date, TypeKind::Date) => "day",
        // What is stored may be rounded to the second.
        (TypeKind::Timestamp { zoned: own, .. }, TypeKind::Timestamp { zoned: other, .. }) if own == other => "second",
        _ => return None,
    };
    let join = own.columns.iter().zip(&own.referenced_columns);
    let join = join.map(|(&from, &to)| format!("g.{} = t.{}", quoted(builder, target, to), quoted(builder, table, from)));
    let (ours, theirs) = (quoted(builder, table, ours), quoted(builder, target, theirs));
    let breach = if ahead { format!("t.{ours} > g.{theirs}") } else { format!("t.{ours} < date_trunc('{whole}', g.{theirs})") };
    let statement = format!(
        "select count(*), count(*) filter (where {breach}) from {} t join {} g on {}",
        definition.qualified,
        catalog.tables[target].qualified,
        join.collect::<Vec<_>>().join(" and ")
    );
    let object = format!("{}.{ours} by {}", definition.qualified, own.name);
    let kind = if ahead { "not after" } else { "not before" };
    Some(Invariant { id: format!("{kind}: {object}"), object, statement, table_oid: definition.oid })
}

/// Periods of one parent's rows follow each other: none begins before the one before it has ended.
fn of_turns(builder: &Builder, table: TableId) -> Option<Invariant> {
    let catalog = &builder.inputs.catalog;
    let definition = &catalog.tables[table];
    let end = builder.tables[table].in_turn?;
    let begin = drawn_time(builder, table)?;
    let OwnerKind::ForeignKey(key) = builder.tables[table].owner.as_ref()?.kind else { return None };
    let parents: Vec<String> =
        definition.foreign_keys[key].columns.iter().map(|&column| format!("o.{0} = t.{0}", quoted(builder, table, column))).collect();
    let (begin, end) = (quoted(builder, table, begin), quoted(builder, table, end));
    let statement = format!(
        "select count(*), count(*) filter (where exists (select from {0} o where {1} and o.ctid <> t.ctid and o.{begin} > t.{begin} \
         and (t.{end} is null or o.{begin}::date < t.{end}::date))) from {0} t",
        definition.qualified,
        parents.join(" and "),
    );
    let object = format!("{}.{end}", definition.qualified);
    Some(Invariant { id: format!("in turn: {object}"), object, statement, table_oid: definition.oid })
}

/// The column in which a table's rows say when they came to be, where the plan draws it freely and no trigger may set it.
fn drawn_time(builder: &Builder, table: TableId) -> Option<ColumnId> {
    let planned = &builder.tables[table];
    let column = planned.birth?;
    let rewritten = builder.inputs.catalog.tables[table].triggers.iter().any(|trigger| trigger.before && trigger.each_row);
    (matches!(planned.columns[column].source, Source::Birth) && planned.leaves.is_empty() && !rewritten).then_some(column)
}

fn quoted(builder: &Builder, table: TableId, column: ColumnId) -> String {
    format!("\"{}\"", builder.inputs.catalog.tables[table].columns[column].name.replace('"', "\"\""))
}

fn literal(value: &crate::engine::value::Value) -> String {
    let mut text = String::new();
    value.write_text(&mut text);
    format!("'{}'", text.replace('\'', "''"))
}
