//! What a row says was there before is what the row before it says is there now: the old price of a change is the new one of the
//! change before.
//!
//! Which words of columns say so is data (`data/naming.csv`: `former`, `latter`).

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::{ColumnPlan, FanOut, Layer, OwnerKind, Source};
use crate::engine::value::{Decimal, Value};

/// How far an amount moves at each change, as the deviation of its logarithm.
const MOVES: f64 = 0.22;

/// Lets what a table's rows were before be what the sibling before them became.
pub(super) fn apply(builder: &mut Builder, table: TableId) {
    let Some(key) = builder.tables[table].owner.as_ref().and_then(|owner| match (&owner.kind, &owner.fan_out) {
        (OwnerKind::ForeignKey(key), FanOut::PerParent(_) | FanOut::Shared { .. }) => Some(*key),
        _ => None,
    }) else {
        return;
    };
    for (former, latter) in pairs(builder, table) {
        let columns = &mut builder.tables[table].columns;
        let number = is_number(&columns[latter]);
        if number && matches!(columns[latter].source, Source::Lognormal { .. } | Source::Priced { .. }) {
            let inner = Box::new(std::mem::replace(&mut columns[latter].source, Source::Database));
            columns[latter].source = Source::Steady { hops: vec![key], inner, spread: MOVES, relative: true };
        }
        let name = &builder.inputs.catalog.tables[table].columns[former].name;
        let at_nothing = normalise(name).iter().any(|word| is_word_of(word, "begins at nothing"));
        let zero = Value::Decimal(Decimal { units: 0, scale: 0 });
        let nullable = !builder.inputs.catalog.tables[table].columns[former].not_null && !columns[former].domain.not_null;
        let first = if nullable {
            Source::Nothing("nothing was there before the first".into())
        } else if number && at_nothing && columns[former].domain.permits(&zero) {
            Source::Constant(zero)
        } else {
            columns[latter].source.clone()
        };
        let planned = &mut columns[former];
        planned.source = Source::Carried { of: latter, first: Box::new(first) };
        planned.null_fraction = 0.0;
        planned.detail = format!("{}; what the one before it became", planned.detail);
    }
}

fn is_number(planned: &ColumnPlan) -> bool {
    matches!(planned.kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. })
}

/// Columns of the same thing before and after, both free: numbers, or labels of one set.
fn pairs(builder: &Builder, table: TableId) -> Vec<(ColumnId, ColumnId)> {
    let planned = &builder.tables[table].columns;
    let definition = &builder.inputs.catalog.tables[table];
    let open =
        |column: ColumnId| planned[column].is_open() && planned[column].decided_by <= Layer::Inference && !definition.is_in_key(column);
    let alike = |one: &ColumnPlan, other: &ColumnPlan| {
        let labels = matches!(&one.source, Source::Choice { values, .. } if values.iter().all(|value| matches!(value, Value::Text(_))));
        is_number(one) && is_number(other) || labels && one.domain.allowed == other.domain.allowed && one.kind == other.kind
    };
    let without = |column: ColumnId, part: &str| -> Option<Vec<String>> {
        let words = normalise(&definition.columns[column].name);
        let place = words.iter().position(|word| is_word_of(word, part))?;
        Some(words.into_iter().enumerate().filter(|(at, _)| *at != place).map(|(_, word)| word).collect())
    };
    let columns = || (0..planned.len()).filter(|&column| open(column));
    let found = columns().filter_map(|former| {
        let thing = without(former, "former")?;
        let latter = columns().find(|&latter| latter != former && without(latter, "latter").as_ref() == Some(&thing))?;
        alike(&planned[former], &planned[latter]).then_some((former, latter))
    });
    found.collect()
}
