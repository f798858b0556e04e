//! Promotions that rows use: one is valid for everybody from the first day on, and none is used more often than it may be.

use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::role::Role;
use crate::engine::plan::{Fill, Layer, Pick, Source, generators};
use crate::engine::value::Value;

/// The operand of a column that says how often something may be used in all.
const MOST_USES: &str = "most_uses";

/// Lets the oldest two rows of what a table's rows must name be such that all of them may name: they never end, and ask for
/// the least that any asks for. Else those that come to little would name what is not for them.
pub(super) fn stand(builder: &mut Builder, table: TableId) {
    for key in 0..builder.tables[table].picks.len() {
        let pick = &builder.tables[table].picks[key];
        let definition = &builder.inputs.catalog.tables[table].foreign_keys[key];
        let target = definition.referenced_table;
        let must = definition.mandatory && pick.not_after && matches!(pick.pick, Pick::Free { .. });
        let (Some(affordable), Some(valid)) = (&pick.affordable, pick.valid.filter(|valid| !valid.over)) else { continue };
        let least = affordable.least;
        if !must || builder.tables[target].fill != Fill::Make {
            continue;
        }
        let until = &mut builder.tables[target].columns[valid.until];
        if until.null_fraction > 0.0 {
            until.of_oldest = Some(Value::Null);
        }
        if let Some(value) = least_of(&builder.tables[target].columns[least].source) {
            builder.tables[target].columns[least].of_oldest = Some(value);
        }
    }
}

/// The least of a few values.
fn least_of(source: &Source) -> Option<Value> {
    let Source::Choice { values, .. } = source else { return None };
    let least = values.iter().filter_map(Value::as_f64).reduce(f64::min)?;
    values.iter().find(|value| value.as_f64() == Some(least)).cloned()
}

/// Lets what says how often a row may be used reach as far as all rows that use one could go.
pub(super) fn allow(builder: &mut Builder, table: TableId) {
    let Some(place) = formulary().operands.place(MOST_USES) else { return };
    if builder.meanings.with_role(table, Role::PromotionValue).is_none() {
        return;
    }
    let tables = &builder.inputs.catalog.tables;
    let uses = |other: &TableId| *other != table && tables[*other].foreign_keys.iter().any(|key| key.referenced_table == table);
    let most = (0..tables.len()).filter(uses).map(|other| builder.rows_of(other)).max().unwrap_or(0);
    let columns: Vec<ColumnId> = builder.named.columns(table, place).collect();
    for column in columns {
        let planned = &mut builder.tables[table].columns[column];
        if planned.decided_by > Layer::Inference || !matches!(planned.kind, TypeKind::Integer { .. }) {
            continue;
        }
        if let Source::Choice { values, sums } = &planned.source
            && let Some(reaching) = reaching(values, sums, most)
        {
            planned.source = reaching;
        }
    }
}

/// Of a few whole numbers those that are as great as another, or as many times ten as it takes for some of them.
fn reaching(values: &[Value], sums: &[f64], most: u64) -> Option<Source> {
    let numbers: Vec<i64> = values.iter().map(|value| value.as_f64().map(|number| number as i64)).collect::<Option<_>>()?;
    let most = i64::try_from(most).ok()?;
    let greatest = *numbers.iter().max().filter(|&&greatest| greatest > 0)?;
    let mut times = 1;
    while greatest.checked_mul(times)? < most {
        times *= 10;
    }
    let kept = numbers
        .iter()
        .zip(generators::weights(sums))
        .map(|(number, weight)| (number * times, weight))
        .filter(|(number, _)| *number >= most);
    Some(generators::choice(kept.map(|(number, weight)| (Value::Int(number), weight))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_reach_as_far_as_uses_could_go() {
        let (values, sums) = ([1, 100, 500].map(Value::Int), [2.0, 5.0, 6.0]);
        let numbers = |most: u64| match reaching(&values, &sums, most) {
            Some(Source::Choice { values, sums }) => (values, sums),
            _ => panic!("a choice"),
        };
        assert_eq!(numbers(60), (vec![Value::Int(100), Value::Int(500)], vec![3.0, 4.0]));
        assert_eq!(numbers(501), (vec![Value::Int(1_000), Value::Int(5_000)], vec![3.0, 4.0]));
    }
}
