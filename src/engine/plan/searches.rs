//! Searches find no more than there is: how many goods the shop has is known before how many a search found.

use crate::engine::catalog::{ColumnId, TableId};
use crate::engine::plan::build::Builder;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::implied;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::operands::Named;
use crate::engine::plan::{ColumnPlan, Source};

/// The operands of a search: what was looked for, and how many were found.
const SEARCHED: &str = "searched";
const FOUND: &str = "found";

/// The meaning of what people look for where nothing else is said.
const GOODS: &str = "product.name";

/// The table of what people look for.
pub(super) fn goods(inputs: &Inputs, meanings: &Meanings) -> Option<TableId> {
    let tables = &inputs.catalog.tables;
    (0..tables.len()).filter(|&table| tables[table].in_target).find(|&table| meanings.ids_of(table).flatten().any(|id| id == GOODS))
}

/// Tables of searches with that of the goods, which is to be planned before them.
pub(super) fn after_goods(inputs: &Inputs, meanings: &Meanings, named: &Named, making: &[TableId]) -> Vec<(TableId, TableId)> {
    let Some(goods) = goods(inputs, meanings).filter(|goods| making.contains(goods)) else { return Vec::new() };
    let searches = |table: &&TableId| searches(named, **table) && **table != goods && !implied::reaches(&inputs.catalog, goods, **table);
    making.iter().filter(searches).map(|&table| (table, goods)).collect()
}

fn searches(named: &Named, table: TableId) -> bool {
    [SEARCHED, FOUND].iter().all(|operand| !columns(named, table, operand).is_empty())
}

fn columns(named: &Named, table: TableId, operand: &str) -> Vec<ColumnId> {
    formulary().operands.place(operand).map_or_else(Vec::new, |place| named.columns(table, place).collect())
}

/// A rule may say how many a search finds at most: where there are fewer, it finds those.
pub(super) fn limit(builder: &Builder, table: TableId, planned: &mut [ColumnPlan]) {
    if !searches(&builder.named, table) {
        return;
    }
    let Some(most) = goods(&builder.inputs, &builder.meanings).map(|goods| builder.rows_of(goods) as f64) else { return };
    for column in columns(&builder.named, table, FOUND) {
        if let Source::Uniform { min, max, .. } = &mut planned[column].source
            && *min <= most
        {
            *max = max.min(most);
        }
    }
}

/// How many goods there are, where the catalog has a table of them.
pub(super) fn number_of_goods(builder: &Builder) -> Option<u64> {
    goods(&builder.inputs, &builder.meanings).map(|goods| builder.rows_of(goods)).filter(|&rows| rows > 0)
}

#[cfg(test)]
mod tests {
    use crate::engine::agreement_test::{held, plan};
    use crate::engine::fixture::laid_out;

    #[test]
    fn a_search_finds_no_more_than_there_is() {
        let plan = plan(
            "create table visitor (id bigint primary key, email text not null);
             create table look_up (id bigint primary key, visitor_id bigint not null references visitor, search_term text not null, result_count int not null);
             create table ware (id bigint primary key, product_name text not null, price numeric(8,2) not null);",
        );
        let mut rows = laid_out(&plan);
        let (holds, fails, _) = held(&plan, &mut rows, "look_up", "result_count >= 0 and result_count <= 50");
        assert!(fails == 0 && holds > 100, "{holds} {fails}");
        let (some, ..) = held(&plan, &mut rows, "look_up", "result_count > 0");
        assert!(some > 60, "{some}");
    }
}
