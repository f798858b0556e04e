//! Counts: of NULLs among expressions, of an array's elements.

use super::Mender;
use crate::engine::catalog::TypeKind;
use crate::engine::expression::{Expression, Operator};
use crate::engine::value::Value;

/// Longest array made for its length.
const MOST_ELEMENTS: i64 = 40;

impl Mender<'_, '_> {
    /// Sets and unsets cells until so many of the expressions are NULL, or not.
    pub(super) fn nulls(&mut self, parts: &[Expression], nulls: bool, operator: Operator, value: &Value) {
        let fitting: Vec<usize> =
            (0..=parts.len()).filter(|&count| Value::Int(count as i64).compare(value).is_some_and(|order| operator.holds(order))).collect();
        if fitting.is_empty() {
            return;
        }
        let wanted = fitting[self.draws.below(fitting.len() as u64) as usize];
        let start = self.draws.below(parts.len().max(1) as u64) as usize;
        // What cannot be changed counts as it is; the others make up the rest.
        for step in 0..parts.len() * 2 {
            let counted = parts.iter().filter(|part| (self.value(part) == Some(Value::Null)) == nulls).count();
            if counted == wanted {
                return;
            }
            let part = &parts[(start + step) % parts.len()];
            let is_null = self.value(part) == Some(Value::Null);
            match (counted < wanted, is_null == nulls) {
                (true, false) | (false, true) if is_null => self.fill(part),
                (true, false) | (false, true) => self.clear(part),
                _ => {}
            }
        }
    }

    /// An array of another number of elements.
    pub(super) fn elements(&mut self, operand: &Expression, operator: Operator, value: &Value) {
        let Expression::Cell(path) = operand else { return };
        let plan = self.rows.plan;
        let Some(TypeKind::Array { element }) = plan.tables[self.table].columns.get(path.column).map(|column| &column.kind) else { return };
        let fitting: Vec<i64> = (0..=MOST_ELEMENTS)
            .filter(|count| Value::Int(*count).compare(value).is_some_and(|order| operator.holds(order)))
            .take(6)
            .collect();
        if fitting.is_empty() {
            return;
        }
        let count = fitting[self.draws.below(fitting.len() as u64) as usize];
        if let Some(array) = self.rows.array_of(self.table, self.index, element, count as u64, &mut self.draws) {
            self.put(path, Value::text(array));
        }
    }
}
