//! What a column's default says of its values, where nothing better is known: whoever wrote it expected it to hold mostly.

use crate::engine::catalog::{Column, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::plan::{Source, generators};
use crate::engine::reference::constant_default;
use crate::engine::value::Value;

/// The weight of a default number, and those of multiples of it.
const USUAL: f64 = 82.0;
const AROUND: [(f64, f64); 4] = [(2.0, 7.0), (0.5, 6.0), (1.5, 3.0), (3.0, 2.0)];

/// The default and, of numbers, some multiples; `None` where there is none, or one that says nothing (0, an empty text).
pub(super) fn source(column: &Column, domain: &ColumnDomain) -> Option<Source> {
    let kind = &column.data_type.kind;
    let value = constant_default(column)?;
    match (kind, &value) {
        (TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. }, _) => {
            let usual = value.as_f64().filter(|number| *number != 0.0)?;
            let multiple = |(times, weight): &(f64, f64)| {
                let whole = !matches!(kind, TypeKind::Integer { .. }) || (usual * times).fract() == 0.0;
                whole.then(|| (Value::parse(kind, &(usual * times).to_string()).fit(kind), *weight))
            };
            let mut near = vec![(value.clone(), USUAL)];
            near.extend(AROUND.iter().filter_map(multiple));
            near.retain(|(number, _)| domain.permits(number));
            (!near.is_empty()).then(|| generators::choice(near.into_iter()))
        }
        (TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. }, Value::Text(text))
            if !text.is_empty() && domain.allowed.is_none() && domain.permits(&value) =>
        {
            Some(Source::Constant(value))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::arguments::Arguments;
    use crate::engine::fixture;

    #[test]
    fn columns_that_mean_nothing_known_hold_their_default_mostly() {
        let ddl =
            "create table relays (id bigint primary key, crimp varchar(20) not null default 'K-7', wrap_digits int not null default 6,
            gain numeric(6,2) not null default 2.50 check (gain < 4), drift int not null default 0);";
        let plan = fixture::plan(ddl, Arguments { rows_default: 200, ..Arguments::default() });
        let mut rows = fixture::laid_out(&plan);
        let mut cells = |column: usize| -> Vec<Value> { (0..200).map(|row| rows.cell(0, row, column)).collect() };
        assert!(cells(1).iter().all(|value| *value == Value::text("K-7")));
        let usual = cells(2).iter().filter(|value| **value == Value::Int(6)).count();
        assert!((140..200).contains(&usual), "{usual} of 200 wrap at 6 digits");
        assert!(cells(3).iter().all(|value| value.as_f64().is_some_and(|gain| gain < 4.0)));
        assert!(cells(4).iter().any(|value| *value != Value::Int(0)), "0 says nothing");
    }
}
