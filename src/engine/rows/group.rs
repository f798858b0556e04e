//! The rows of a table that name one row by one of their foreign keys: found by place, never listed.

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::row::Rows;

/// Rows of a table that name one row, in ordinal order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The inverse that holds them; `None`: they are the children at these slots.
    inverse: Option<ForeignKeyId>,
    first: u64,
    end: u64,
}

impl Group {
    const EMPTY: Self = Self { inverse: None, first: 0, end: 0 };

    /// Whether they are the children of the named row, all made.
    pub(super) fn is_children(&self) -> bool {
        self.inverse.is_none()
    }

    /// How many.
    pub(super) fn len(&self) -> u64 {
        self.end - self.first
    }
}

impl Rows<'_> {
    /// The rows of a table whose foreign key names a row.
    pub(super) fn group(&self, table: TableId, foreign_key: ForeignKeyId, named: RowIndex) -> Group {
        let referenced = self.links[table][foreign_key].target;
        let layout = &self.layouts[table];
        // No row that was there before can hang under one that this run makes.
        let all_made = layout.stored == 0 || self.is_made(referenced, named);
        if self.is_owner(table, foreign_key) && all_made && layout.adopted.is_empty() {
            let Some(sums) = &layout.fan_out else { return Group::EMPTY };
            let slots = sums.children_of(named);
            return Group { inverse: None, first: slots.start, end: slots.end };
        }
        let Some(inverse) = layout.inverses.get(&foreign_key) else { return Group::EMPTY };
        let entries = inverse.entries(named);
        Group { inverse: Some(foreign_key), first: entries.start as u64, end: entries.end as u64 }
    }

    /// One of them, by its place from 0.
    pub(super) fn member(&self, table: TableId, group: Group, place: u64) -> RowIndex {
        let at = group.first + place;
        match group.inverse {
            None => self.layouts[table].index_of_slot(at),
            Some(foreign_key) => u64::from(self.layouts[table].inverses[&foreign_key].rows[at as usize]),
        }
    }
}
