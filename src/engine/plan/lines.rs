//! Lines of deals: what hangs under one is of the thing that the line names. A ticket of an order's line is of the kind that was
//! ordered, whatever else of the same kind there is.

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKey, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::Fill;
use crate::engine::plan::build::Builder;
use crate::engine::plan::deeds;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::stamps;

/// Whether the row that a key must name is a line of a deal or was booked, and what that is of the table must name, too.
pub(super) fn hangs_under_line(catalog: &Catalog, meanings: &Meanings, table: TableId, key: ForeignKeyId) -> bool {
    let keys = &catalog.tables[table].foreign_keys;
    let line = keys[key].referenced_table;
    let names_the_same = |(other, own): (ForeignKeyId, &ForeignKey)| {
        let told = |theirs: &ForeignKey| theirs.mandatory && theirs.referenced_table == own.referenced_table;
        other != key
            && own.mandatory
            && ![table, line].contains(&own.referenced_table)
            && catalog.tables[line].foreign_keys.iter().any(told)
    };
    line != table
        && (is_line(catalog, meanings, line) || is_booked(catalog, meanings, line) || is_of_line(catalog, meanings, line))
        && keys.iter().enumerate().any(names_the_same)
}

/// Whether a table's rows say how many of something priced, under what that comes to.
fn is_line(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    let others = || catalog.tables[table].foreign_keys.iter().filter(|key| key.mandatory && key.referenced_table != table);
    meanings.with_role(table, Role::Quantity).is_some()
        && (is_priced(meanings, table) || meanings.with_role(table, Role::LineTotal).is_some())
        && others().any(|key| deeds::happens(meanings, key.referenced_table))
        && others().any(|key| is_priced(meanings, key.referenced_table))
}

/// Whether a table's rows are the pieces of a line, one each, told apart by numbers of their own: tickets, licence keys.
pub(super) fn are_pieces(catalog: &Catalog, meanings: &Meanings, table: TableId, key: ForeignKeyId) -> bool {
    let definition = &catalog.tables[table];
    let line = definition.foreign_keys[key].referenced_table;
    let names = |column: ColumnId| definition.foreign_keys.iter().any(|key| key.columns.contains(&column));
    let text =
        |column: ColumnId| matches!(definition.columns[column].data_type.kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Uuid);
    let numbered = definition.unique_keys.iter().any(|key| matches!(key.columns[..], [column] if text(column) && !names(column)));
    let judged = [Role::Quantity, Role::Rating, Role::Total].iter().any(|role| meanings.with_role(table, *role).is_some());
    numbered
        && !judged
        && definition.triggers.is_empty()
        && is_line(catalog, meanings, line)
        && hangs_under_line(catalog, meanings, table, key)
}

/// Whether a table's rows are bookings, by their name, of something planned that the key must name.
pub(super) fn books_what_begins(catalog: &Catalog, meanings: &Meanings, table: TableId, key: ForeignKeyId) -> bool {
    let planned = catalog.tables[table].foreign_keys[key].referenced_table;
    let begins = || stamps::entered_ahead(catalog, meanings, planned, stamps::birth(catalog, meanings, planned, None)).is_some();
    planned != table && is_called_booking(catalog, table) && begins()
}

fn is_called_booking(catalog: &Catalog, table: TableId) -> bool {
    normalise(&catalog.tables[table].name).pop().is_some_and(|noun| is_word_of(&singular(&noun), "ahead"))
}

/// Whether a table's rows are what somebody booked: they are called so, and hang under a deal or name who did.
fn is_booked(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    let named = |target: TableId| {
        deeds::is_person(meanings, target) || is_line(catalog, meanings, target) || meanings.with_role(target, Role::Total).is_some()
    };
    is_called_booking(catalog, table)
        && catalog.tables[table]
            .foreign_keys
            .iter()
            .any(|key| key.mandatory && key.referenced_table != table && named(key.referenced_table))
}

/// Whether a table's rows hang under lines and are of what those are of.
fn is_of_line(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    let keys = &catalog.tables[table].foreign_keys;
    let line = |key: ForeignKeyId| keys[key].mandatory && is_line(catalog, meanings, keys[key].referenced_table);
    (0..keys.len()).any(|key| line(key) && hangs_under_line(catalog, meanings, table, key))
}

/// Whether rows of a table have a price.
pub(super) fn is_priced(meanings: &Meanings, table: TableId) -> bool {
    [Role::Price, Role::UnitPrice].iter().any(|role| meanings.with_role(table, *role).is_some())
}

impl Builder {
    /// Lines of what names a parent must find a row of this table under it: the kinds of tickets for the event of an order.
    pub(super) fn is_sold_there(&self, table: TableId, owner: ForeignKeyId) -> bool {
        let tables = &self.inputs.catalog.tables;
        let parent = tables[table].foreign_keys[owner].referenced_table;
        let must_name =
            |table: TableId, named: TableId| tables[table].foreign_keys.iter().any(|key| key.mandatory && key.referenced_table == named);
        let above = |line: TableId| self.owners[line].map(|key| tables[line].foreign_keys[key].referenced_table);
        let sells = |line: TableId| {
            let deal = above(line).filter(|deal| ![line, table, parent].contains(deal));
            self.fills[line] == Fill::Make && line != table && must_name(line, table) && deal.is_some_and(|deal| must_name(deal, parent))
        };
        let priced = is_priced(&self.meanings, table) && !deeds::is_person(&self.meanings, parent);
        priced && (0..tables.len()).any(sells)
    }
}
