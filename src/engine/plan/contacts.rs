//! Whom an order or a booking is from: its contact is mostly the one that the person has whom it names.
//!
//! Which words say so is data (`data/naming.csv`): `orderer`, who orders something; `contact detail`, what a column's name begins
//! with that says no more than that it holds one.

use crate::engine::catalog::names::{normalise, singular, stem};
use crate::engine::catalog::{ColumnId, ForeignKeyId};
use crate::engine::plan::columns::Context;
use crate::engine::plan::deeds::{happens, is_person};
use crate::engine::plan::facts::{Known, is_word_of};
use crate::engine::plan::{Fact, FactTarget, Pick};

/// The meanings of what people are reached by, and of their names.
const DETAILS: [&str; 5] = ["contact.mail", "contact.phone", "person.full_name", "person.first_name", "person.last_name"];

impl Context<'_> {
    /// The same detail of the person who ordered or booked what the row is.
    pub(super) fn contact_of_orderer(&self, column: ColumnId, known: &Known) -> Option<Fact> {
        let id = known.meanings[self.table][column].filter(|id| DETAILS.contains(id))?;
        let own = &self.catalog().tables[self.table];
        let is = |word: &str, part: &str| is_word_of(&singular(word), part);
        let ordered = happens(self.meanings, self.table) || normalise(&own.name).last().is_some_and(|noun| is(noun, "ahead"));
        let first = normalise(&own.columns[column].name).into_iter().next()?;
        if !ordered || self.is_unique(column) || !is(&first, "contact detail") && !is(&first, "orderer") {
            return None;
        }
        let theirs = |key: ForeignKeyId| {
            let mut alike =
                known.meanings[own.foreign_keys[key].referenced_table].iter().enumerate().filter(|(_, theirs)| **theirs == Some(id));
            alike.next().filter(|_| alike.next().is_none()).map(|(column, _)| column)
        };
        let from = |key: &ForeignKeyId| {
            let target = own.foreign_keys[*key].referenced_table;
            let noun = stem(&self.catalog().tables[target].name).pop().unwrap_or_default();
            let called = own.foreign_keys[*key].columns.first().map(|&column| normalise(&own.columns[column].name).swap_remove(0));
            target != self.table
                && is_person(self.meanings, target)
                && is(&noun, "orderer")
                && called.is_some_and(|word| is(&word, "orderer"))
                && !matches!(self.picks[*key].pick, Pick::Nothing(_) | Pick::Later | Pick::Ring)
        };
        let key = (0..own.foreign_keys.len()).filter(from).max_by_key(|&key| (own.foreign_keys[key].mandatory, std::cmp::Reverse(key)))?;
        Some(Fact { hops: vec![key], target: FactTarget::Column(theirs(key)?) })
    }
}
