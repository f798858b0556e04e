//! What is measured again and again of one row above: near what it is for that.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::{RowIndex, Source};
use crate::engine::rows::money::number;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

impl Rows<'_> {
    /// A number of the row that foreign keys lead to, and how far from it this row's own lies.
    pub(super) fn steady(
        &mut self,
        table: TableId,
        index: RowIndex,
        column: ColumnId,
        (hops, inner, spread, relative): (&[ForeignKeyId], &Source, f64, bool),
        draws: &mut Draws,
    ) -> Value {
        let Some((at, row)) = self.follow(table, index, hops) else {
            return self.produce(table, index, column, inner, draws);
        };
        let identity = self.parent_identity(at, row);
        let planned = &self.plan.tables[table].columns[column];
        let mut theirs = planned.key.draws(identity, 0);
        let mean = self.produce(table, index, column, inner, &mut theirs).as_f64();
        let near = |mean: f64| if relative { mean * libm::exp(spread * draws.normal()) } else { spread.mul_add(draws.normal(), mean) };
        mean.map(near).map_or(Value::Null, |near| number(&planned.kind, near))
    }
}
