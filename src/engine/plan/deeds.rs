//! What rows are, as far as it decides under which of two related parents a child hangs: something that happened, something
//! that somebody wrote, or somebody.

use crate::engine::catalog::names::stem;
use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;

/// Meanings of the texts of things that others respond to.
const WRITTEN: [&str; 10] = [
    "text.article_title",
    "text.article_body",
    "text.title",
    "text.subject",
    "text.message",
    "text.question",
    "text.task_title",
    "tech.change_title",
    "review.body",
    "social.post",
];

/// What a deed is to a row that hangs under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// A visit, an order: what is done in it concerns the same patient, the same customer.
    Happened,
    /// A post, a ticket: others than its author respond to it.
    Written,
}

/// What kind of deed the row named by a key is, if another key of the table names somebody whom the deed names too.
pub(super) fn deed(catalog: &Catalog, meanings: &Meanings, table: TableId, key: ForeignKeyId) -> Option<Deed> {
    let keys = &catalog.tables[table].foreign_keys;
    let target = keys[key].referenced_table;
    let named_too = |other: &usize| {
        let somebody = keys[*other].referenced_table;
        *other != key
            && ![table, target].contains(&somebody)
            && is_somebody(meanings, somebody)
            && (leads_to(catalog, target, somebody) || must_name(catalog, target).any(|near| leads_to(catalog, near, somebody)))
    };
    // Somebody is no deed of somebody else, though a firm has its customers.
    if target == table || is_somebody(meanings, target) || !(0..keys.len()).any(|other| named_too(&other)) {
        return None;
    }
    kind(catalog, meanings, target)
}

fn must_name(catalog: &Catalog, table: TableId) -> impl Iterator<Item = TableId> + '_ {
    catalog.tables[table].foreign_keys.iter().filter(|key| key.mandatory).map(|key| key.referenced_table)
}

fn leads_to(catalog: &Catalog, table: TableId, target: TableId) -> bool {
    must_name(catalog, table).any(|named| named == target)
}

fn kind(catalog: &Catalog, meanings: &Meanings, table: TableId) -> Option<Deed> {
    if meanings.ids_of(table).flatten().any(|id| WRITTEN.contains(&id)) || is_called_written(catalog, table) {
        return Some(Deed::Written);
    }
    happens(meanings, table).then_some(Deed::Happened)
}

/// Whether the rows of a table are something that happened: they have a moment or a total of their own.
pub(super) fn happens(meanings: &Meanings, table: TableId) -> bool {
    [Role::Happened, Role::Total].iter().any(|role| meanings.with_role(table, *role).is_some())
}

/// Whether a table is named after what somebody writes (`data/naming.csv`): posts, comments, photos.
fn is_called_written(catalog: &Catalog, table: TableId) -> bool {
    stem(&catalog.tables[table].name).last().is_some_and(|noun| is_word_of(noun, "written"))
}

/// Whether a table's rows are people: they have a name that people have, or an address for mail.
pub(super) fn is_somebody(meanings: &Meanings, table: TableId) -> bool {
    is_person(meanings, table) || meanings.ids_of(table).flatten().any(|id| id == "contact.mail")
}

/// Whether a table's rows are persons: a firm has an address for mail, too.
pub(super) fn is_person(meanings: &Meanings, table: TableId) -> bool {
    const OF_PEOPLE: [&str; 4] = ["person.first_name", "person.last_name", "person.full_name", "contact.user_name"];
    meanings.ids_of(table).flatten().any(|id| OF_PEOPLE.contains(&id))
}

/// Whether rows of a table are written by somebody for others to respond to.
pub(super) fn is_written(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    kind(catalog, meanings, table) == Some(Deed::Written) && !is_somebody(meanings, table)
}

/// Whether rows of a table happen once: what hangs under one comes within days.
pub(super) fn is_over(meanings: &Meanings, table: TableId) -> bool {
    const ONCE: [&str; 5] = ["stamp.ordered", "stamp.appointment", "stamp.occurred", "stamp.searched", "stamp.viewed"];
    let once = meanings.ids_of(table).flatten().any(|id| ONCE.contains(&id)) || meanings.with_role(table, Role::Total).is_some();
    once && !is_somebody(meanings, table)
}
