//! Who belongs to what: a row that names a conversation and a person names one of those who take part in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ForeignKeyId, Key, TableId};
use crate::engine::plan::deeds::{is_person, is_somebody};
use crate::engine::plan::facts::ends_with_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::parties;

/// The table that says who belongs to what, seen from a row that names both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Keys that lead from the row to what people belong to.
    pub base: Vec<ForeignKeyId>,
    /// The table of members.
    pub table: TableId,
    /// Its key to what they belong to.
    pub of: ForeignKeyId,
    /// Its key to who belongs to it.
    pub who: ForeignKeyId,
    /// Nobody else is named: whoever reports on a flat lives there.
    pub only: bool,
}

/// Memberships by the key that they decide. The tables are made; those of members need none of the rows that name members.
pub(super) fn memberships(
    catalog: &Catalog,
    meanings: &Meanings,
    making: &[TableId],
    owners: &[Option<ForeignKeyId>],
) -> BTreeMap<(TableId, ForeignKeyId), Membership> {
    let members: Vec<Membership> = making.iter().flat_map(|&table| of_table(catalog, meanings, table)).collect();
    let mut found = BTreeMap::new();
    if members.is_empty() {
        return found;
    }
    for &table in making {
        for (key, who) in catalog.tables[table].foreign_keys.iter().enumerate().filter(|(key, _)| owners[table] != Some(*key)) {
            let fitting = members.iter().filter(|member| {
                catalog.tables[member.table].foreign_keys[member.who].referenced_table == who.referenced_table
                    && member.table != table
                    && !needs(catalog, member.table, table)
            });
            let known = fitting.filter_map(|member| {
                let of = catalog.tables[member.table].foreign_keys[member.of].referenced_table;
                let named = !member.only || parties::is_plain_party(catalog, table, who);
                Some(Membership { base: way(catalog, table, (key, member.table), of).filter(|_| named)?, ..member.clone() })
            });
            if let Some(member) = known.min_by_key(|member| (member.base.len(), member.table)) {
                found.insert((table, key), member);
            }
        }
    }
    found
}

/// The key by which rows that hang under what somebody belongs to say who that is, for another key of theirs to such people.
pub(super) fn fellow(
    catalog: &Catalog,
    meanings: &Meanings,
    (table, owner): (TableId, Option<ForeignKeyId>),
    key: ForeignKeyId,
) -> Option<ForeignKeyId> {
    let keys = &catalog.tables[table].foreign_keys;
    let mut own = of_table(catalog, meanings, table).into_iter().filter(|member| owner == Some(member.of) && member.who != key);
    let found = own.find(|member| keys[member.who].referenced_table == keys[key].referenced_table)?;
    (!keys[key].mandatory && !found.only).then_some(found.who)
}

/// What a table whose rows say who belongs to what says.
fn of_table(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Vec<Membership> {
    let definition = &catalog.tables[table];
    let keys = &definition.foreign_keys;
    let mut found = Vec::new();
    for (of, to) in keys.iter().enumerate() {
        for (who, somebody) in keys.iter().enumerate() {
            let both = |unique: &Key| {
                unique.expressions.is_empty()
                    && unique.columns.len() == to.columns.len() + somebody.columns.len()
                    && to.columns.iter().chain(&somebody.columns).all(|column| unique.columns.contains(column))
            };
            let (what, person) = (to.referenced_table, somebody.referenced_table);
            if of != who
                && what != person
                && ![what, person].contains(&table)
                && to.mandatory
                && somebody.mandatory
                && is_somebody(meanings, person)
                && !is_person(meanings, what)
                && definition.primary_key.iter().chain(&definition.unique_keys).any(both)
                && is_called_so(&definition.name, &catalog.tables[what].name, &catalog.tables[person].name)
            {
                found.push(Membership { base: Vec::new(), table, of, who, only: false });
            }
        }
    }
    if found.is_empty()
        && let Some(who) = parties::party_of_a_contract(catalog, meanings, table)
    {
        let thing = |of: &ForeignKeyId| {
            let what = keys[*of].referenced_table;
            *of != who && keys[*of].mandatory && what != table && what != keys[who].referenced_table && !is_somebody(meanings, what)
        };
        found.extend((0..keys.len()).filter(thing).map(|of| Membership { base: Vec::new(), table, of, who, only: true }));
    }
    found
}

/// Whether a table's name is made of those of the two that it joins, or says that somebody takes part.
fn is_called_so(name: &str, what: &str, who: &str) -> bool {
    let parts = |name: &str| -> BTreeSet<String> { normalise(name).iter().map(|word| singular(word)).collect() };
    let (joined, both) = (parts(name), parts(what).union(&parts(who)).cloned().collect::<BTreeSet<_>>());
    // Words grow together in some languages: a course's participation is one word.
    joined.iter().any(|word| ends_with_word_of(word, "membership")) || joined.is_subset(&both)
}

/// From a table to another, by one mandatory key or two, none of them the given one, and not by way of the members themselves.
fn way(catalog: &Catalog, table: TableId, (but, members): (ForeignKeyId, TableId), target: TableId) -> Option<Vec<ForeignKeyId>> {
    let direct = |at: TableId| catalog.tables[at].foreign_keys.iter().position(|key| key.referenced_table == target && key.mandatory);
    if let Some(key) = direct(table).filter(|key| *key != but) {
        return Some(vec![key]);
    }
    let near = catalog.tables[table].foreign_keys.iter().enumerate();
    let mut near = near.filter(|(key, to)| *key != but && to.mandatory && ![table, members].contains(&to.referenced_table));
    near.find_map(|(key, to)| direct(to.referenced_table).map(|further| vec![key, further]))
}

/// Whether a table's rows need those of another, by whatever keys.
fn needs(catalog: &Catalog, table: TableId, other: TableId) -> bool {
    let mut waiting = vec![table];
    let mut seen = BTreeSet::new();
    while let Some(at) = waiting.pop() {
        if at == other {
            return true;
        }
        if seen.insert(at) {
            waiting.extend(catalog.tables[at].foreign_keys.iter().map(|key| key.referenced_table));
        }
    }
    false
}
