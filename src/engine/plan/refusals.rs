//! Why a table gets no rows: nothing can pass its checks, a column has no values, a key names a table that has none.

use crate::engine::catalog::TableId;
use crate::engine::constraint;
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::build::Builder;
use crate::engine::plan::{ColumnPlan, Fill, Layer, Pick, PickPlan, Source};

impl Builder {
    /// Where rows of ours exist and the call gives counts, only the counted tables grow, and what hangs under their
    /// new rows.
    pub(super) fn stays_as_it_is(&self, table: TableId) -> Option<String> {
        let counted = self.given.values().any(|given| given.by == Layer::Argument);
        if !counted || self.inputs.states[table].existing == 0 || self.given.get(&table).is_some_and(|given| given.by == Layer::Argument) {
            return None;
        }
        let owner = self.reowned.get(&table).map(|found| found.owner).or_else(|| self.parent_table(table));
        let grows = owner.is_some_and(|owner| self.volumes.get(&owner).is_some_and(|volume| volume.count > 0));
        (!grows).then(|| "it has rows, and the call gives no count for it".to_owned())
    }

    /// Checks that no row can pass.
    pub(super) fn contradiction(&self, table: TableId) -> Option<String> {
        self.facts[table].checks.iter().find_map(|check| match &check.verdict {
            constraint::Verdict::Contradiction(reason) => Some(format!("no row can pass {}: {reason}", check.name)),
            _ => None,
        })
    }

    /// A NOT NULL column for which nothing makes values; one with a default is left to the database.
    pub(super) fn without_values(&self, table: TableId, columns: &mut [ColumnPlan]) -> Option<String> {
        let definition = &self.inputs.catalog.tables[table];
        for (planned, column) in columns.iter_mut().zip(&definition.columns) {
            let Source::Nothing(reason) = &planned.source else { continue };
            if column.default.is_some() {
                planned.detail = "left to its default".into();
                planned.source = Source::Database;
            } else if column.not_null {
                return Some(format!("column \"{}\": {reason}", column.name));
            }
        }
        None
    }

    /// A mandatory key to a table that has no rows.
    pub(super) fn lacks_parent(&self, table: TableId, picks: &[PickPlan]) -> Option<String> {
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        (0..keys.len()).find_map(|key| {
            let barren = keys[key].mandatory
                && (matches!(picks[key].pick, Pick::Nothing(_))
                    || matches!(picks[key].pick, Pick::Owner) && self.rows_of(keys[key].referenced_table) == 0);
            barren.then(|| {
                format!(
                    "its key {} needs rows of {}, which has none",
                    keys[key].name, self.inputs.catalog.tables[keys[key].referenced_table].qualified
                )
            })
        })
    }

    /// Gives a table up; an error where the caller gave a count for it.
    pub(super) fn refuse(&mut self, table: TableId, reason: String) -> Result<(), Error> {
        if self.given.get(&table).is_some_and(|given| given.by == Layer::Argument && given.rows > 0) {
            let rows = self.given[&table].rows;
            return Err(Error::new(
                sqlstate::INVALID_PARAMETER,
                format!("cannot make {rows} rows for {}", self.inputs.catalog.tables[table].qualified),
            )
            .detail(format!("The table cannot be filled: {reason}.")));
        }
        self.fills[table] = Fill::Refuse(reason.clone());
        self.known.made[table] = false;
        self.tables[table].fill = Fill::Refuse(reason);
        Ok(())
    }
}
