//! What can be decided only when all tables are planned: time limits on picks, ranks, refusals below refusals.

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::assemblies;
use crate::engine::plan::build::Builder;
use crate::engine::plan::carried;
use crate::engine::plan::deeds;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::kept;
use crate::engine::plan::kin;
use crate::engine::plan::labelled;
use crate::engine::plan::natives;
use crate::engine::plan::offers;
use crate::engine::plan::periods;
use crate::engine::plan::role::Role;
use crate::engine::plan::sessions;
use crate::engine::plan::stamps;
use crate::engine::plan::steady;
use crate::engine::plan::suits;
use crate::engine::plan::turns;
use crate::engine::plan::{
    AfterKind, Distinct, FactTarget, FanOut, Fill, Layer, OwnerKind, PeriodOf, Periods, Pick, PickPlan, Source, Validity,
};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;

/// Share of a table's rows that are surely there before the window in which its children begin.
const EARLY_SHARE: f64 = 0.7;

/// Limits picks by time, marks what must be there early, and decides which tables are ranked.
pub(super) fn times(builder: &mut Builder) {
    for table in builder.order.tables.clone() {
        if builder.tables[table].fill != Fill::Make {
            continue;
        }
        steady::apply(builder, table);
        labelled::apply(builder, table);
        carried::apply(builder, table);
        kept::apply(builder, table);
        builder.tables[table].lasts = sessions::lasts(&builder.inputs.catalog.tables[table].name, &builder.tables[table].columns);
        turns::find(builder, table);
        builder.tables[table].long_standing =
            stamps::is_long_standing(&builder.inputs.catalog, &builder.meanings, table, &builder.tables[table]);
        builder.tables[table].seen_until = stamps::seen_until(&builder.meanings, table, &builder.tables[table]);
        let words = normalise(&builder.inputs.catalog.tables[table].name);
        builder.tables[table].on_workdays = words.iter().any(|word| is_word_of(&singular(word), "on workdays"));
        builder.tables[table].during = periods::during(builder, table);
        limit_picks(builder, table);
        builder.tables[table].ranked = is_ranked(builder, table);
        builder.tables[table].in_place = are_in_place(builder, table);
    }
    for table in builder.order.tables.clone() {
        come_with_parent(builder, table);
        prefer_kinds(builder, table);
        turns::attend(builder, table);
        turns::keep_before_begin(builder, table);
        turns::occupy(builder, table);
        builder.tables[table].soon = comes_soon(builder, table);
        builder.tables[table].planned = !builder.tables[table].ahead
            && stamps::is_planned(&builder.inputs.catalog, &builder.meanings, table, builder.tables[table].birth);
        builder.tables[table].entered_ahead = builder.tables[table]
            .planned
            .then(|| stamps::entered_ahead(&builder.inputs.catalog, &builder.meanings, table, builder.tables[table].birth))
            .flatten()
            .map(|days| {
                (days, StreamKey::new(builder.inputs.arguments.seed, &builder.inputs.catalog.tables[table].qualified, "\u{1}entry"))
            });
        builder.tables[table].unhurried = !is_asked_for_early(builder, table);
        respect_validity(builder, table);
        offers::stand(builder, table);
        offers::allow(builder, table);
        stay_at_home(builder, table);
        kin::brands_by_category(builder, table);
        kin::titles_by_department(builder, table);
        natives::currencies_by_country(builder, table);
        for key in 0..builder.tables[table].picks.len() {
            builder.tables[table].picks[key].near = suits::near(builder, table, key);
            builder.tables[table].picks[key].below = assemblies::below(builder, table, key);
        }
        let pace = suits::pace(builder, table);
        let ends = |column: ColumnId| match &builder.tables[table].columns[column].source {
            Source::After(AfterKind::Lag(_) | AfterKind::Closing(_) | AfterKind::Since { .. }) => true,
            // A class of so many minutes is over after them.
            Source::Computed(end) => builder.tables[table].planned && is_of_times(builder, table, end),
            _ => false,
        };
        let expires = builder.tables[table].lifecycle.as_ref().and_then(|lifecycle| lifecycle.expires).filter(|(column, _)| ends(*column));
        if let Some(lifecycle) = &mut builder.tables[table].lifecycle {
            lifecycle.pace = pace;
            lifecycle.expires = expires;
        }
        builder.tables[table].details = details(builder, table);
    }
}

/// Whether an expression reads no more of its row than when it came to be, and what others say.
fn is_of_times(builder: &Builder, table: TableId, expression: &crate::engine::expression::Expression) -> bool {
    let told = |path: crate::engine::expression::CellPath| {
        !path.hops.is_empty()
            || matches!(builder.tables[table].columns[path.column].source, Source::Birth | Source::Choice { .. } | Source::Uniform { .. })
    };
    expression.columns().into_iter().all(told)
}

/// What hangs under something that is over comes within days, and so does what others say to what somebody wrote.
fn comes_soon(builder: &Builder, table: TableId) -> bool {
    let Some(owner) = builder.tables[table].owner.as_ref().map(|owner| owner.table) else { return false };
    let named = |key: &crate::engine::catalog::ForeignKey| deeds::is_person(&builder.meanings, key.referenced_table);
    let by_somebody = builder.inputs.catalog.tables[table].foreign_keys.iter().any(named);
    deeds::is_over(&builder.meanings, owner) || by_somebody && deeds::is_written(&builder.inputs.catalog, &builder.meanings, owner)
}

/// A free key to the list in which the owner has its home mostly names that home.
fn stay_at_home(builder: &mut Builder, table: TableId) {
    let Some(owner) = builder.tables[table].owner.as_ref().map(|owner| owner.table) else { return };
    for key in 0..builder.tables[table].picks.len() {
        let list = builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let home = builder.tables[owner]
            .facts
            .iter()
            .any(|fact| fact.hops.is_empty() && matches!(fact.target, FactTarget::Home(at, _) if at == list));
        builder.tables[table].picks[key].at_home =
            home && matches!(builder.tables[table].picks[key].pick, Pick::Free { distinct: Distinct::No });
    }
}

/// Children named after their parent, with a time of their own.
fn details(builder: &Builder, table: TableId) -> Vec<TableId> {
    let names = &builder.inputs.catalog.tables;
    let parent = normalise(&names[table].name);
    let is_detail = |child: &TableId| {
        let planned = &builder.tables[*child];
        let hangs_here = planned
            .owner
            .as_ref()
            .is_some_and(|owner| owner.table == table && owner.fan_out != FanOut::Stages && matches!(owner.kind, OwnerKind::ForeignKey(_)));
        let child_name = normalise(&names[*child].name);
        hangs_here
            && planned.birth.is_some()
            && child_name.len() > parent.len()
            && child_name.starts_with(&parent)
            && builder.meanings.role(*child, planned.birth.unwrap_or_default()) == Some(Role::Happened)
    };
    builder.order.tables.iter().copied().filter(is_detail).collect()
}

/// A key named after one of the referenced rows' kinds (shipping, billing; student, instructor) prefers that kind; rows picked
/// under a shared parent then cover all kinds among siblings.
fn prefer_kinds(builder: &mut Builder, table: TableId) {
    for key in 0..builder.tables[table].picks.len() {
        let definition = &builder.inputs.catalog.tables[table];
        let target = definition.foreign_keys[key].referenced_table;
        let within = matches!(builder.tables[table].picks[key].pick, Pick::Within { .. });
        if !within
            && !matches!(
                builder.tables[table].picks[key].pick,
                Pick::Owner | Pick::Free { distinct: Distinct::No | Distinct::PerOwner { .. } }
            )
        {
            continue;
        }
        let words: Vec<String> =
            definition.foreign_keys[key].columns.iter().flat_map(|&column| normalise(&definition.columns[column].name)).collect();
        let named = builder.facts[target].columns.iter().enumerate().find_map(|(column, domain)| {
            let allowed = domain.allowed.as_ref().filter(|allowed| (2..=6).contains(&allowed.len()))?;
            let label = allowed.iter().find(|label| matches!(label, Value::Text(text) if words.contains(&text.to_lowercase())))?;
            Some((column, label.clone(), allowed.clone()))
        });
        let Some((column, label, allowed)) = named else { continue };
        builder.tables[table].picks[key].prefers = Some((column, label));
        if builder.tables[target].fill != Fill::Make || !within {
            continue;
        }
        let planned = &mut builder.tables[target].columns[column];
        if planned.decided_by < Layer::Rule {
            planned.source = Source::SiblingChoice { values: allowed, first: 0 };
            planned.detail = "all kinds among siblings, for keys that want one of them".into();
        }
    }
}

/// Meanings of the time until when a row is valid; others tell when it should be done.
const VALID_UNTIL: [&str; 5] = ["stamp.left", "stamp.ended", "stamp.term_ends", "stamp.expires", "stamp.card_expires"];

/// Rows that are valid for a period are named within it.
fn respect_validity(builder: &mut Builder, table: TableId) {
    let judged = builder.meanings.with_role(table, Role::Rating).is_some() || turns::comes_afterwards(&builder.inputs.catalog, table);
    for key in 0..builder.tables[table].picks.len() {
        let target = builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        let from = builder.meanings.with_role(target, Role::PeriodStart);
        builder.tables[table].picks[key].valid = ends(builder, target).map(|until| Validity { from, until, over: judged });
    }
}

/// The column that tells until when a table's rows are valid.
fn ends(builder: &Builder, table: TableId) -> Option<ColumnId> {
    builder.meanings.ids_of(table).position(|id| id.is_some_and(|id| VALID_UNTIL.contains(&id)))
}

/// A row whose time is fixed before its picks (a detail, a stage, what must come within the time of another row) may only name
/// rows that are old enough.
fn limit_picks(builder: &mut Builder, table: TableId) {
    let target = |builder: &Builder, key: usize| builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
    let fixed_time = builder.tables[table].birth.is_none()
        || builder.tables[table].ahead
        || builder.tables[table].keeps.is_some()
        || builder.tables[table].in_turn.is_some()
        || builder.tables[table].during.is_some()
        || matches!(builder.tables[table].periods, Some(Periods { of: PeriodOf::Turn { .. }, .. }))
        || matches!(builder.tables[table].owner.as_ref().map(|owner| &owner.fan_out), Some(FanOut::Stages));
    let within =
        |key: usize| matches!(builder.tables[table].picks[key].pick, Pick::Within { .. }) && ends(builder, target(builder, key)).is_some();
    let keys = 0..builder.tables[table].picks.len();
    let bound: Vec<usize> = keys.clone().filter(|&key| within(key)).collect();
    if !fixed_time && bound.is_empty() || !has_moment(builder, table) {
        return;
    }
    // What the row's time follows from cannot follow from it: nor can the parents under which those rows are looked for.
    let base = |pick: &PickPlan| if let Pick::Within { base, .. } = pick.pick { Some(base) } else { None };
    let bases: Vec<usize> = builder.tables[table].picks.iter().filter_map(base).collect();
    for key in keys.filter(|key| fixed_time || !bound.contains(key) && !bases.contains(key)) {
        let target = target(builder, key);
        let chosen = matches!(
            builder.tables[table].picks[key].pick,
            Pick::Free { distinct: Distinct::No | Distinct::PerOwner { .. } } | Pick::Within { .. }
        );
        // Two rows of one table that are related: the relation came when both were there.
        let related =
            builder.tables[table].owner.as_ref().is_some_and(|owner| owner.table == target) && builder.tables[table].birth.is_none();
        if chosen && !related && has_moment(builder, target) {
            builder.tables[table].picks[key].not_after = true;
            if builder.tables[target].fill == Fill::Make {
                be_early(builder, target);
            }
        }
    }
}

/// Whether rows of a table have a time: their own or their owner's.
fn has_moment(builder: &Builder, table: TableId) -> bool {
    let mut at = table;
    for _ in 0..8 {
        if builder.tables[at].birth.is_some() {
            return true;
        }
        match &builder.tables[at].owner {
            Some(owner) => at = owner.table,
            None => return false,
        }
    }
    false
}

/// The root above a table begins before the window.
fn be_early(builder: &mut Builder, table: TableId) {
    let mut at = table;
    for _ in 0..8 {
        if builder.tables[at].owner.is_some() {
            builder.tables[at].first_with_parent = true;
        }
        match &builder.tables[at].owner {
            Some(owner) => at = owner.table,
            None => break,
        }
    }
    builder.tables[at].early = true;
}

/// Tables that others pick from under a shared parent get their first row together with that parent.
fn come_with_parent(builder: &mut Builder, table: TableId) {
    for key in 0..builder.tables[table].picks.len() {
        if matches!(builder.tables[table].picks[key].pick, Pick::Within { .. }) {
            let target = builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
            if builder.tables[target].owner.as_ref().is_some_and(|owner| matches!(owner.kind, OwnerKind::ForeignKey(_))) {
                builder.tables[target].first_with_parent = true;
            }
        }
    }
}

/// Whether rows whose time is fixed name only those of a table that are there by then.
fn is_asked_for_early(builder: &Builder, table: TableId) -> bool {
    let asks = |by: &TableId| {
        let keys = builder.inputs.catalog.tables[*by].foreign_keys.iter();
        keys.zip(&builder.tables[*by].picks).any(|(key, pick)| key.referenced_table == table && pick.not_after)
    };
    builder.tables[table].early || builder.order.tables.iter().any(asks)
}

/// Tables with a time are ranked by it; stages and details that only record their making stay with their parent.
fn is_ranked(builder: &Builder, table: TableId) -> bool {
    let planned = &builder.tables[table];
    let Some(birth) = planned.birth else { return false };
    let Some(owner) = &planned.owner else { return true };
    if owner.fan_out == FanOut::Stages {
        return false;
    }
    let names = &builder.inputs.catalog.tables;
    let (child, parent) = (normalise(&names[table].name), normalise(&names[owner.table].name));
    let detail = child.len() > parent.len() && child.starts_with(&parent) && owner.kind != OwnerKind::Reowned;
    !(detail && builder.meanings.role(table, birth) != Some(Role::Happened))
}

/// Whether rows only record their making, and have places among those that hang under one row.
fn are_in_place(builder: &Builder, table: TableId) -> bool {
    let planned = &builder.tables[table];
    let owned = planned
        .owner
        .as_ref()
        .is_some_and(|owner| matches!(owner.kind, OwnerKind::ForeignKey(_)) && owner.fan_out != FanOut::Stages && owner.table != table);
    owned && !planned.ranked && planned.birth.is_some() && planned.columns.iter().any(|column| matches!(column.source, Source::Ordinal(_)))
}

/// What hangs under a refused table by a NOT NULL key is refused too.
pub(super) fn refusals(builder: &mut Builder) {
    for table in builder.order.tables.clone() {
        if builder.tables[table].fill != Fill::Make {
            continue;
        }
        let capped = builder.tables[table]
            .picks
            .iter()
            .any(|pick| pick.not_after && matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } }));
        if capped {
            cap_children(builder, table);
        }
    }
}

/// Where siblings need different partners that are old enough, they are at most as many as surely are.
fn cap_children(builder: &mut Builder, table: TableId) {
    let keys = &builder.inputs.catalog.tables[table].foreign_keys;
    let partners = builder.tables[table]
        .picks
        .iter()
        .zip(keys)
        .filter(|(pick, _)| pick.not_after && matches!(pick.pick, Pick::Free { distinct: Distinct::PerOwner { .. } }));
    let fewest = partners.map(|(_, key)| builder.rows_of(key.referenced_table)).min().unwrap_or(u64::MAX);
    let most = ((fewest as f64 * EARLY_SHARE) as u64).max(1);
    if let Some(owner) = &mut builder.tables[table].owner {
        match &mut owner.fan_out {
            FanOut::PerParent(children) => {
                children.max = children.max.min(most);
                children.min = children.min.min(children.max);
            }
            FanOut::Shared { max, min } => {
                *max = (*max).min(most);
                *min = (*min).min(*max);
            }
            _ => {}
        }
    }
}
