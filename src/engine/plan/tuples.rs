//! How joint tuples are drawn: as the siblings draw them, or within the band of a price.

use crate::engine::catalog::TableId;
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::names_a_thing;
use crate::engine::plan::role::Role;
use crate::engine::plan::{ColumnPlan, FanOut, Pick, Source, Within, unique};
use crate::engine::vocabulary::{Symbol, Vocabulary};

/// Share of a person's rows that are in one town.
pub(super) const IN_ONE_TOWN: f64 = 0.8;

/// Whether rows beside each other do not repeat a list's lines (`data/lists_apart.csv`): the dishes of a menu, the
/// diagnoses of a visit.
pub(super) fn are_apart(list: &Vocabulary) -> bool {
    is_drawn(list, "apart")
}

/// Whether rows take a list's lines one after the other, as they stand: low, normal, high.
pub(super) fn are_in_order(list: &Vocabulary) -> bool {
    is_drawn(list, "in order")
}

/// The keys of a list that its own lines tell: where each line is a row none chooses among them.
pub(super) fn own_keys(list: &Vocabulary) -> Vec<Symbol> {
    list.key_sources().flatten().copied().filter(|id| list.column(*id).is_some()).collect()
}

fn is_drawn(list: &Vocabulary, how: &str) -> bool {
    let lines = include_str!("data/lists_apart.csv").lines().skip(1);
    lines.filter_map(|line| line.split_once(',')).any(|(name, drawn)| name == list.name() && drawn == how)
}

impl Builder {
    /// Whether the rows hang under persons.
    pub(super) fn is_of_a_person(&self, table: TableId, draft: &unique::Draft) -> bool {
        let owner = self.owners[table].filter(|&key| matches!(draft.picks[key].pick, Pick::Owner));
        let above = owner.map(|key| self.inputs.catalog.tables[table].foreign_keys[key].referenced_table);
        above.is_some_and(|above| self.known.meanings[above].iter().flatten().any(|id| id.starts_with("person.")))
    }

    /// Leaves siblings no more than a list has lines for them, where all rows find room so: the courses of a department.
    pub(super) fn keep_within_lines(&self, table: TableId, draft: &mut unique::Draft) {
        let Some(owner) = self.owners[table].filter(|&key| matches!(draft.picks[key].pick, Pick::Owner)) else { return };
        let parents = self.rows_of(self.inputs.catalog.tables[table].foreign_keys[owner].referenced_table);
        let by_owner = |column: &ColumnPlan| {
            let Source::Tuple(tuple, _) = column.source else { return None };
            let list = self.known.tuples[table][tuple];
            let key = *list.key_sources().next()?.first()?;
            let fact = self.known.find(&self.inputs.catalog, table, &draft.picks, key)?;
            let told = are_apart(list) && column.meaning.is_some_and(names_a_thing) && fact.hops.first() == Some(&owner);
            self.words_under_each(table, &column.source).filter(|_| told)
        };
        let most = draft.columns.iter().filter_map(by_owner).min();
        if let (Some(most), Some(FanOut::Shared { min, max })) = (most, &mut draft.volume.fan_out)
            && parents > 0
        {
            *max = (*max).min(most.max(draft.volume.count.div_ceil(parents)).max(*min));
        }
    }

    /// Share of rows that draw the same line of a list as their siblings.
    pub(super) fn alike(list: &Vocabulary, of_a_person: bool) -> f64 {
        if of_a_person && list.knows(Symbol::new("place.city")) {
            IN_ONE_TOWN
        } else {
            f64::from(u8::from(list.knows(Symbol::new("product.variant_name"))))
        }
    }

    /// Whether a list is drawn only to choose among the lines of one that siblings do not share: they are of one course, or
    /// they would be told apart within lists that differ.
    pub(super) fn only_chooses(&self, table: TableId, list: &Vocabulary, columns: &[ColumnPlan]) -> bool {
        let tuples = &self.known.tuples[table];
        let shown = |column: &ColumnPlan| matches!(column.source, Source::Tuple(tuple, _) if tuples[tuple].name() == list.name());
        let keyed = |apart: &&Vocabulary| {
            let first = apart.key_sources().next().into_iter().flatten();
            are_apart(apart) && apart.name() != list.name() && first.into_iter().any(|id| list.value_columns().any(|value| value == *id))
        };
        self.owners[table].is_some() && !columns.iter().any(shown) && tuples.iter().any(keyed)
    }

    /// Keys of a closed list that only other lists say which nobody sees: where each of its words is wanted once, all of them are
    /// there to be drawn, not only those of the rows' own kinds.
    pub(super) fn unseen_keys(&self, table: TableId, list: &Vocabulary, columns: &[ColumnPlan]) -> Vec<Symbol> {
        let tuples = &self.known.tuples[table];
        let shows =
            |column: &ColumnPlan, of: &Vocabulary| matches!(column.source, Source::Tuple(tuple, _) if tuples[tuple].name() == of.name());
        let definition = &self.inputs.catalog.tables[table];
        let wanted_once = columns.iter().enumerate().filter(|(_, planned)| shows(planned, list)).any(|(column, _)| {
            let closed = self.meanings.of(table, column).is_some_and(|found| found.meaning.generator.get("closed").is_some());
            closed && definition.unique_keys.iter().any(|key| key.columns == [column])
        });
        let unseen = |id: &Symbol| {
            let mut tellers =
                tuples.iter().filter(|teller| teller.name() != list.name() && teller.value_columns().any(|value| value == *id));
            tellers.next().is_some_and(|teller| !columns.iter().any(|column| shows(column, teller)))
        };
        list.key_sources().flatten().copied().filter(|_| wanted_once).filter(unseen).collect()
    }

    /// The price by which lines of a list are drawn, where a rule makes it rather than the list.
    pub(super) fn within(&self, table: TableId, list: &Vocabulary, columns: &[ColumnPlan]) -> Option<Within> {
        let column = self.meanings.with_role(table, Role::Price)?;
        if !columns[column].source.is_priced() {
            return None;
        }
        let generator = &self.meanings.of(table, column)?.meaning.generator;
        let end = |name: &str| list.column(Symbol::new(generator.get(name)?.as_str()?));
        Some(Within { column, low: end("low")?, high: end("high")? })
    }
}
