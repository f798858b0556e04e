//! A table's rows as a stream of COPY text.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::port::RowSource;
use crate::engine::rows::row::Rows;

/// Rows made per call of the sink.
const ROWS_AT_ONCE: u64 = 64;

/// Streams positions `next..end` of a table.
pub struct TableSource<'r, 'p> {
    rows: &'r mut Rows<'p>,
    table: TableId,
    columns: Vec<ColumnId>,
    next: u64,
    end: u64,
}

impl std::fmt::Debug for TableSource<'_, '_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TableSource")
            .field("table", &self.table)
            .field("next", &self.next)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

impl<'r, 'p> TableSource<'r, 'p> {
    /// The rows of a range of positions, with the given columns in order.
    pub fn new(rows: &'r mut Rows<'p>, table: TableId, columns: Vec<ColumnId>, positions: std::ops::Range<u64>) -> Self {
        Self { rows, table, columns, next: positions.start, end: positions.end }
    }
}

impl RowSource for TableSource<'_, '_> {
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<u64, Error> {
        let end = self.end.min(self.next + ROWS_AT_ONCE);
        let stored = self.rows.layouts[self.table].stored;
        let mut made = 0;
        for position in self.next..end {
            if !self.rows.layouts[self.table].holds(stored + position) {
                continue;
            }
            made += 1;
            for (at, &column) in self.columns.iter().enumerate() {
                if at > 0 {
                    buffer.push(b'\t');
                }
                self.rows.known(self.table, stored + position, column).write_copy(buffer);
            }
            buffer.push(b'\n');
        }
        self.next = end;
        // No row is the end: where all of a piece were left out, the next piece is the answer.
        if made == 0 && end < self.end { self.fill(buffer) } else { Ok(made) }
    }
}
