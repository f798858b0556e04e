//! A row that redraws do not bring through its tests is changed until it passes.
//!
//! What a failing condition says of its cells is made true, cell by cell, as far as types, domains, keys and rules leave
//! room: a local search (after Selman, Kautz, Cohen, "Noise strategies for improving local search", AAAI 1994) over
//! conditions with arithmetic. Every change is a function of the row's own draws.

mod count;
mod inverse;
mod reach;
mod text;
mod write;

use crate::engine::catalog::TableId;
use crate::engine::expression::{Expression, Function, Operator, Test, Truth};
use crate::engine::plan::RowIndex;
use crate::engine::rows::condition::RowView;
use crate::engine::rows::random::{Draws, StreamKey};
use crate::engine::rows::row::Rows;
use crate::engine::value::Value;

/// Conditions made true one after the other before the row is drawn anew.
const MOST_STEPS: u32 = 24;

/// Of them those that leave counts and amounts at 0 or above.
const PROPER_STEPS: u32 = 18;

/// A step in so many changes any cell of a failing condition: a way out where two conditions undo each other.
const NOISE: u32 = 6;

impl Rows<'_> {
    /// Changes cells of a row under test until it passes its tests; false where no way was found.
    pub(super) fn mend(&mut self, table: TableId, index: RowIndex) -> bool {
        let plan = self.plan;
        let key = StreamKey::new(plan.arguments.seed, &plan.catalog.tables[table].qualified, "\u{1}mend");
        let draws = self.draws(table, index, key, true);
        Mender { rows: self, table, index, draws, proper: true }.run()
    }
}

/// A row being changed.
struct Mender<'r, 'p> {
    rows: &'r mut Rows<'p>,
    table: TableId,
    index: RowIndex,
    draws: Draws,
    /// Numbers that are below 0 nowhere else stay so: as long as there may be another way.
    proper: bool,
}

impl Mender<'_, '_> {
    fn run(mut self) -> bool {
        let plan = self.rows.plan;
        let tests = &plan.tables[self.table].tests;
        for step in 1..=MOST_STEPS {
            self.proper = step <= PROPER_STEPS;
            let failing: Vec<&Expression> =
                tests.iter().map(|test| &*test.expression).filter(|test| self.truth(test) == Some(Truth::False)).collect();
            if failing.is_empty() {
                return true;
            }
            let test = failing[self.draws.below(failing.len() as u64) as usize];
            if step % NOISE == 0 {
                self.stir(test);
            } else {
                self.make(test, true);
            }
        }
        false
    }

    fn value(&mut self, expression: &Expression) -> Option<Value> {
        expression.evaluate(&mut RowView { rows: self.rows, table: self.table, index: self.index }).ok()
    }

    fn truth(&mut self, expression: &Expression) -> Option<Truth> {
        expression.truth(&mut RowView { rows: self.rows, table: self.table, index: self.index }).ok()
    }

    fn is(&mut self, expression: &Expression, wanted: bool) -> bool {
        self.truth(expression) == Some(if wanted { Truth::True } else { Truth::False })
    }

    /// Makes a condition true, or false, on the row; whether it is.
    fn make(&mut self, condition: &Expression, wanted: bool) -> bool {
        if self.is(condition, wanted) {
            return true;
        }
        match condition {
            Expression::Not(inner) => return self.make(inner, !wanted),
            Expression::All(parts) if wanted => self.every(parts, true),
            Expression::All(parts) => self.one_of(parts, false),
            Expression::Any(parts) if wanted => self.one_of(parts, true),
            Expression::Any(parts) => self.every(parts, false),
            Expression::Cell(path) => {
                self.put(path, Value::Bool(wanted));
            }
            Expression::Compare { operator, left, right } => {
                self.compare(if wanted { *operator } else { operator.negated() }, left, right);
            }
            Expression::Member { operand, values } => self.member(operand, values, wanted),
            Expression::Is { operand, test } => self.test(operand, *test, wanted),
            Expression::Distinct(left, right) => self.distinct(left, right, wanted),
            Expression::Like { .. } | Expression::Call(Function::Matches(_) | Function::StartsWith, _) => self.pattern(condition, wanted),
            Expression::Case { branches, otherwise } => self.case(branches, otherwise, &mut |mender, then| {
                mender.make(then, wanted);
            }),
            Expression::Coalesce(parts) => {
                for part in parts {
                    if self.make(part, wanted) {
                        break;
                    }
                }
            }
            other => self.stir(other),
        }
        self.is(condition, wanted)
    }

    /// All of these, from a random one on.
    fn every(&mut self, parts: &[Expression], wanted: bool) {
        let start = self.draws.below(parts.len() as u64) as usize;
        // What one part changes another may have to repair.
        for step in 0..parts.len() * 2 {
            self.make(&parts[(start + step) % parts.len()], wanted);
        }
    }

    /// One of these, whichever a random order comes to first.
    fn one_of(&mut self, parts: &[Expression], wanted: bool) {
        let start = self.draws.below(parts.len().max(1) as u64) as usize;
        for step in 0..parts.len() {
            if self.make(&parts[(start + step) % parts.len()], wanted) {
                return;
            }
        }
    }

    /// Changes one side of a comparison, else the other.
    fn compare(&mut self, operator: Operator, left: &Expression, right: &Expression) {
        let sides = [(left, operator, right), (right, operator.mirrored(), left)];
        let first = self.draws.below(2) as usize;
        for (side, operator, other) in [sides[first], sides[1 - first]] {
            self.fill(other);
            let Some(value) = self.value(other).filter(|value| !value.is_null()) else { continue };
            if self.reach(side, operator, &value) {
                return;
            }
        }
    }

    fn member(&mut self, operand: &Expression, values: &[Value], wanted: bool) {
        let known: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        if !wanted {
            for value in known {
                self.reach(operand, Operator::NotEqual, value);
            }
            return;
        }
        let start = self.draws.below(known.len().max(1) as u64) as usize;
        for step in 0..known.len() {
            if self.reach(operand, Operator::Equal, known[(start + step) % known.len()]) {
                return;
            }
        }
    }

    fn test(&mut self, operand: &Expression, test: Test, wanted: bool) {
        match (test, wanted) {
            (Test::Null, true) => self.clear(operand),
            (Test::Null, false) => self.fill(operand),
            (Test::True, true) | (Test::False, false) => {
                self.make(operand, true);
            }
            (Test::True, false) | (Test::False, true) => {
                self.make(operand, false);
            }
        }
    }

    fn distinct(&mut self, left: &Expression, right: &Expression, wanted: bool) {
        for (side, other) in [(left, right), (right, left)] {
            match (self.value(other), wanted) {
                (Some(Value::Null), true) => self.fill(side),
                (Some(Value::Null), false) => self.clear(side),
                (Some(value), true) => {
                    self.reach(side, Operator::NotEqual, &value);
                }
                (Some(value), false) => {
                    self.reach(side, Operator::Equal, &value);
                }
                (None, _) => {}
            }
            if let (Some(left), Some(right)) = (self.value(left), self.value(right))
                && (left != right) == wanted
            {
                return;
            }
        }
    }

    /// Leads a CASE into one of its branches, and does there what is to be done.
    fn case(&mut self, branches: &[(Expression, Expression)], otherwise: &Expression, then: &mut dyn FnMut(&mut Self, &Expression)) {
        let chosen = self.draws.below(branches.len() as u64 + 1) as usize;
        for (when, _) in &branches[..chosen] {
            if self.is(when, true) {
                self.make(when, false);
            }
        }
        match branches.get(chosen) {
            Some((when, result)) => {
                self.make(when, true);
                then(self, result);
            }
            None => then(self, otherwise),
        }
    }

    /// Gives any cell of an expression another value.
    fn stir(&mut self, expression: &Expression) {
        let paths = expression.columns();
        if paths.is_empty() {
            return;
        }
        let path = &paths[self.draws.below(paths.len() as u64) as usize];
        let value = self.fresh(path);
        self.put(path, value);
    }

    /// Makes an expression NULL by one of its cells.
    fn clear(&mut self, expression: &Expression) {
        let paths = expression.columns();
        let start = self.draws.below(paths.len().max(1) as u64) as usize;
        for step in 0..paths.len() {
            self.put(&paths[(start + step) % paths.len()], Value::Null);
            if self.value(expression) == Some(Value::Null) {
                return;
            }
        }
    }

    /// Gives the NULL cells of an expression values.
    fn fill(&mut self, expression: &Expression) {
        if self.value(expression).is_some_and(|value| !value.is_null()) {
            return;
        }
        for path in expression.columns() {
            if self.value(&Expression::Cell(path.clone())) == Some(Value::Null) {
                let value = self.fresh(&path);
                self.put(&path, value);
            }
        }
    }
}
