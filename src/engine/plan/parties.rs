//! Parties: whom a deal is with. The payment of a lease's charge is by the lease's own tenant, however many tables lie between;
//! a request about a flat comes from somebody who has rented it.
//!
//! Which nouns name somebody who stays the same throughout a deal, and which tables hold what anybody may say or do, is data
//! (`data/naming.csv`: `party`, `response`).

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ForeignKey, ForeignKeyId, Key, TableId};
use crate::engine::plan::deeds::is_written;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;

/// Keys between a row and the one that names its party, at most.
const MOST_HOPS: usize = 3;

/// The way from the row that a key names to the party that another key of the table names too, if exactly one key says who it is.
pub(super) fn way(
    catalog: &Catalog,
    meanings: &Meanings,
    table: TableId,
    (owner, own): (ForeignKeyId, ForeignKeyId),
    in_time: &dyn Fn(TableId, ForeignKeyId) -> bool,
) -> Option<Vec<ForeignKeyId>> {
    let definition = &catalog.tables[table];
    let (above, party) = (&definition.foreign_keys[owner], &definition.foreign_keys[own]);
    let (first, somebody) = (above.referenced_table, party.referenced_table);
    let noun = party_noun(catalog, somebody)?;
    // A column that another key has too is decided there.
    let shared = definition
        .foreign_keys
        .iter()
        .enumerate()
        .any(|(at, key)| at != own && party.columns.iter().any(|column| key.columns.contains(column)));
    if owner == own
        || shared
        || [table, somebody].contains(&first)
        || table == somebody
        || !is_plain(catalog, table, party, &noun)
        || is_word_of_table(&definition.name, "response")
        || tells_pairs_apart(catalog, table, above, party)
    {
        return None;
    }
    let mut level: Vec<(TableId, Vec<ForeignKeyId>)> = vec![(first, Vec::new())];
    let mut seen = vec![table, first];
    for _ in 0..MOST_HOPS {
        // Others than its author respond to what somebody wrote.
        if level.iter().any(|(at, _)| is_written(catalog, meanings, *at)) {
            return None;
        }
        let mut named = level.iter().flat_map(|(at, hops)| {
            let keys = catalog.tables[*at].foreign_keys.iter().enumerate();
            keys.filter(|(_, key)| key.referenced_table == somebody).map(move |(key, to)| (*at, hops, key, to))
        });
        if let Some((at, hops, key, to)) = named.next() {
            let fits = named.next().is_none()
                && to.referenced_columns == party.referenced_columns
                && words_of(catalog, at, to).contains(&noun)
                && (to.mandatory || !party.mandatory)
                && in_time(at, key);
            return fits.then(|| hops.iter().copied().chain([key]).collect());
        }
        let mut next = Vec::new();
        for (at, hops) in &level {
            for (key, to) in catalog.tables[*at].foreign_keys.iter().enumerate() {
                if to.mandatory && in_time(*at, key) && !seen.contains(&to.referenced_table) {
                    seen.push(to.referenced_table);
                    next.push((to.referenced_table, hops.iter().copied().chain([key]).collect()));
                }
            }
        }
        level = next;
    }
    None
}

/// Whether the row that a key names says, or one above it, who the party is that the table names by another key too.
pub(super) fn names_the_party(catalog: &Catalog, meanings: &Meanings, table: TableId, owner: ForeignKeyId) -> bool {
    let keys = 0..catalog.tables[table].foreign_keys.len();
    let mut others = keys.filter(|own| *own != owner);
    others.any(|own| way(catalog, meanings, table, (owner, own), &|_, _| true).is_some())
}

/// The key by which a table whose rows hold for a time says with whom: the tenant of a lease, the customer of a rental.
pub(super) fn party_of_a_contract(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<ForeignKeyId> {
    let holds = [Role::PeriodStart, Role::PeriodEnd].iter().all(|role| meanings.with_role(table, *role).is_some());
    let keys = &catalog.tables[table].foreign_keys;
    let mut parties = (0..keys.len()).filter(|&key| {
        let somebody = keys[key].referenced_table;
        let noun = party_noun(catalog, somebody);
        somebody != table && keys[key].mandatory && noun.is_some_and(|noun| words_of(catalog, table, &keys[key]).contains(&noun))
    });
    parties.next().filter(|_| holds && parties.next().is_none())
}

/// Whether a key is named after a table of parties and nothing else: `tenant_id`, not `previous_tenant_id`.
pub(super) fn is_plain_party(catalog: &Catalog, table: TableId, key: &ForeignKey) -> bool {
    party_noun(catalog, key.referenced_table).is_some_and(|noun| is_plain(catalog, table, key, &noun))
}

fn is_plain(catalog: &Catalog, table: TableId, key: &ForeignKey, noun: &str) -> bool {
    let words = words_of(catalog, table, key);
    key.columns.len() == 1 && words.len() <= 2 && words.first().is_some_and(|first| first == noun)
}

fn words_of(catalog: &Catalog, table: TableId, key: &ForeignKey) -> Vec<String> {
    let names = key.columns.iter().map(|&column| &catalog.tables[table].columns[column].name);
    names.flat_map(|name| normalise(name)).map(|word| singular(&word)).collect()
}

/// Whether a table is one of parties.
pub(super) fn is_party(catalog: &Catalog, table: TableId) -> bool {
    party_noun(catalog, table).is_some()
}

/// The noun of a table of parties.
fn party_noun(catalog: &Catalog, table: TableId) -> Option<String> {
    let noun = singular(normalise(&catalog.tables[table].name).last()?);
    is_word_of(&noun, "party").then_some(noun)
}

/// Whether a unique key is over just two keys' columns: then the row is about the two of them.
fn tells_pairs_apart(catalog: &Catalog, table: TableId, one: &ForeignKey, other: &ForeignKey) -> bool {
    let definition = &catalog.tables[table];
    let pair = |unique: &Key| {
        unique.expressions.is_empty()
            && unique.columns.len() == one.columns.len() + other.columns.len()
            && one.columns.iter().chain(&other.columns).all(|column| unique.columns.contains(column))
    };
    definition.primary_key.iter().chain(&definition.unique_keys).any(pair)
}

/// Whether a table's rows are what anybody may say of another row, or do to it.
pub(super) fn is_response(catalog: &Catalog, table: TableId) -> bool {
    is_word_of_table(&catalog.tables[table].name, "response")
}

fn is_word_of_table(name: &str, part: &str) -> bool {
    normalise(name).iter().any(|word| is_word_of(&singular(word), part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::catalog;

    #[test]
    fn who_a_deal_is_with_is_found_up_the_chain() {
        let catalog = catalog(
            "create table guest (id bigint primary key, full_name text not null);
             create table cabin_stay (id bigint primary key, main_guest_id bigint not null references guest, starts_on date not null, ends_on date not null);
             create table cabin_bill (id bigint primary key, cabin_stay_id bigint not null references cabin_stay, amount numeric(8,2) not null);
             create table bill_receipt (id bigint primary key, cabin_bill_id bigint not null references cabin_bill, guest_id bigint not null references guest);
             create table stay_companion (cabin_stay_id bigint not null references cabin_stay, guest_id bigint not null references guest, primary key (cabin_stay_id, guest_id));
             create table bill_referral (id bigint primary key, cabin_bill_id bigint not null references cabin_bill, old_guest_id bigint not null references guest);",
        );
        let meanings = Meanings::find(&catalog);
        let way = |table: usize| way(&catalog, &meanings, table, (0, 1), &|_, _| true);
        assert_eq!(way(3), Some(vec![0, 0]));
        assert_eq!(way(4), None);
        assert_eq!(way(5), None);
        assert_eq!(party_of_a_contract(&catalog, &meanings, 1), Some(0));
        assert_eq!(party_of_a_contract(&catalog, &meanings, 3), None);
    }
}
