//! What the rows need of a plan's layouts.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::{OwnerKind, Pick, Plan, Source, TablePlan};

impl Plan {
    /// Whether other tables pick rows of this one by age, or its children come after it: their births are kept (8 bytes a
    /// row), for each of them would be drawn once for every child table.
    pub fn births_needed(&self, table: TableId) -> bool {
        let owns = |planned: &TablePlan| planned.owner.as_ref().is_some_and(|owner| owner.table == table);
        if self.tables.iter().any(owns) {
            return true;
        }
        self.tables.iter().zip(&self.catalog.tables).any(|(planned, definition)| {
            planned.picks.iter().zip(&definition.foreign_keys).any(|(pick, key)| {
                pick.not_after && key.referenced_table == table && matches!(pick.pick, Pick::Free { .. } | Pick::Within { .. })
            })
        })
    }

    /// Foreign keys of a table by which other tables look rows up, where its own layout does not group them.
    pub fn inverses_needed(&self, table: TableId) -> Vec<ForeignKeyId> {
        let mut needed = Vec::new();
        for column in self.tables.iter().flat_map(|planned| &planned.columns) {
            if let Source::NamedCount { table: counted, key }
            | Source::NamedMean { table: counted, key, .. }
            | Source::NamedLeft { table: counted, key, .. } = column.source
                && counted == table
                && !needed.contains(&key)
                && !self.grouped_by(table, key)
            {
                needed.push(key);
            }
        }
        for (planned, definition) in self.tables.iter().zip(&self.catalog.tables) {
            for (pick, key) in planned.picks.iter().zip(&definition.foreign_keys) {
                if let (Pick::Within { inner, .. }, true) = (&pick.pick, key.referenced_table == table)
                    && !needed.contains(inner)
                    && !self.grouped_by(table, *inner)
                {
                    needed.push(*inner);
                }
                if let Some(member) = pick.member.as_ref().filter(|member| member.table == table)
                    && !needed.contains(&member.of)
                    && !self.grouped_by(table, member.of)
                {
                    needed.push(member.of);
                }
                if let (Some(kin), true) = (pick.near.as_ref().map(|near| near.kin), key.referenced_table == table)
                    && !needed.contains(&kin)
                    && !self.grouped_by(table, kin)
                {
                    needed.push(kin);
                }
            }
        }
        needed
    }

    /// Whether the table's own layout groups its rows by the key's target.
    fn grouped_by(&self, table: TableId, foreign_key: ForeignKeyId) -> bool {
        let planned = &self.tables[table];
        planned.stored.rows.is_empty() && planned.owner.as_ref().is_some_and(|owner| owner.kind == OwnerKind::ForeignKey(foreign_key))
    }

    /// Tables whose rows are looked up or stored: everything that must be laid out, referenced ones first.
    pub fn layout_order(&self) -> Vec<TableId> {
        let used = (0..self.tables.len()).filter(|table| !self.order.contains(table));
        used.chain(self.order.iter().copied()).collect()
    }
}
