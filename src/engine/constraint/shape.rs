//! Row shapes: consistent choices of NULL, not NULL and particular values, solved once a table.
//!
//! Discriminators (`kind <> 4 OR x IS NULL`), counts of NULLs, implications: what each redraw would meet by luck only. The
//! search knows of a column that it is NULL, one of the constants it is compared with, or some other value; every CHECK
//! is then a set of possible truths. Each state of each column is aimed at in turn, so that all branches occur.

use super::ColumnDomain;
use super::truths::{FALSE, View};
use crate::engine::catalog::ColumnId;
use crate::engine::expression::{Expression, Function, Operator, Test};
use crate::engine::value::Value;

/// Steps of one search.
const MOST_STEPS: u32 = 4_000;

/// Shapes looked for with each state of each column.
const EACH: u64 = 3;

/// Most columns that are searched over.
const MOST_COLUMNS: usize = 40;

/// Most constants of one column.
const MOST_STATES: usize = 24;

/// What a shape says of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum CellShape {
    /// It is NULL.
    Null,
    /// It has this value.
    Is(Value),
    /// It has some value beside these.
    Other(Vec<Value>),
}

/// A consistent choice for some columns of a row.
pub type Shape = Vec<(ColumnId, CellShape)>;

/// What the search may choose for a column.
#[derive(Debug, Clone)]
pub struct ShapeColumn {
    /// Which.
    pub column: ColumnId,
    /// It may be NULL.
    pub nullable: bool,
    /// The only values, where there is a list.
    pub allowed: Option<Vec<Value>>,
    /// What its own CHECKs permit: a constant beyond it is in no shape.
    pub domain: ColumnDomain,
    /// What makes its values takes no constant from a shape: a key, a number of its own.
    pub keyed: bool,
    /// What makes it decides on NULL too: the search only reckons with it.
    pub fixed: bool,
}

/// Columns whose NULLs or constants decide a CHECK together with others; empty where none is of that sort.
pub fn shape_columns(checks: &[&Expression]) -> Vec<ColumnId> {
    let mut columns: Vec<ColumnId> = Vec::new();
    for check in checks.iter().filter(|check| is_shaping(check)) {
        columns.extend(check.columns().into_iter().filter(|path| path.hops.is_empty()).map(|path| path.column));
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Shapes under which no CHECK must fail; those under which none can come first.
pub fn shapes(checks: &[&Expression], columns: &[ShapeColumn]) -> Vec<Shape> {
    let checks: Vec<&Expression> = checks.iter().copied().filter(|check| is_shaping(check)).collect();
    if checks.is_empty() || columns.is_empty() || columns.len() > MOST_COLUMNS {
        return Vec::new();
    }
    let states: Vec<Vec<CellShape>> = columns.iter().map(|column| states(column, &checks)).collect();
    let search = Search { checks: &checks, columns, states: &states };
    let mut found: Vec<(usize, Shape)> = Vec::new();
    for (aimed, choices) in states.iter().enumerate() {
        for state in 0..choices.len() {
            for variant in 0..EACH {
                let Some(shape) = search.find(aimed, state, variant) else { continue };
                let open = search.open(&shape);
                let named = columns.iter().map(|column| column.column).zip(shape);
                let shape: Shape = named.filter_map(|(column, state)| Some((column, state?))).collect();
                if !found.iter().any(|(_, known)| *known == shape) {
                    found.push((open, shape));
                }
            }
        }
    }
    found.sort_by_key(|(open, _)| *open);
    let least = found.first().map_or(0, |(open, _)| *open);
    let mut shapes: Vec<Shape> = Vec::new();
    for (open, shape) in found {
        // A state that only shapes with an open CHECK have occurs in some rows, which are then tested.
        let is_new = |state: &(ColumnId, CellShape)| !shapes.iter().any(|known: &Shape| known.contains(state));
        if open == least || shape.iter().any(is_new) {
            shapes.push(shape);
        }
    }
    shapes
}

/// Whether NULL tests or alternatives take part: what facts about single columns cannot say.
fn is_shaping(check: &Expression) -> bool {
    if only_allows_null(check) {
        return false;
    }
    let mut found = false;
    check.visit(&mut |part| {
        found |= matches!(
            part,
            Expression::Is { .. }
                | Expression::Any(_)
                | Expression::Case { .. }
                | Expression::Distinct(..)
                | Expression::Call(Function::NonNulls | Function::Nulls, _)
        );
    });
    found
}

/// `x IS NULL OR x >= y`: the comparison alone passes where x is NULL, so how often it is NULL is not for shapes to say.
fn only_allows_null(check: &Expression) -> bool {
    let Expression::Any(alternatives) = check else { return false };
    let mut tested = Vec::new();
    let mut compared = Vec::new();
    for alternative in alternatives {
        match alternative {
            Expression::Is { operand, test: Test::Null } => match &**operand {
                Expression::Cell(path) => tested.push(path),
                _ => return false,
            },
            Expression::Compare { left, right, .. } if compared.is_empty() && !is_shaping(left) && !is_shaping(right) => {
                compared = alternative.columns();
            }
            _ => return false,
        }
    }
    tested.iter().all(|path| compared.iter().any(|compared| compared == *path))
}

/// NULL, each constant the column is compared with, and any other value.
fn states(column: &ShapeColumn, checks: &[&Expression]) -> Vec<CellShape> {
    if column.fixed {
        return Vec::new();
    }
    let mut constants: Vec<Value> = Vec::new();
    let mut note = |value: &Value| {
        if !value.is_null() && !constants.contains(value) && constants.len() < MOST_STATES {
            constants.push(value.clone());
        }
    };
    for check in checks {
        check.visit(&mut |part| match part {
            Expression::Compare { operator: Operator::Equal | Operator::NotEqual, left, right } => match (&**left, &**right) {
                (Expression::Cell(path), Expression::Literal(value)) | (Expression::Literal(value), Expression::Cell(path))
                    if path.hops.is_empty() && path.column == column.column =>
                {
                    note(value);
                }
                _ => {}
            },
            Expression::Member { operand, values } => match &**operand {
                Expression::Cell(path) if path.hops.is_empty() && path.column == column.column => values.iter().for_each(&mut note),
                _ => {}
            },
            _ => {}
        });
    }
    let mut states = Vec::new();
    if column.keyed {
        states.push(CellShape::Other(Vec::new()));
    } else if let Some(allowed) = &column.allowed {
        let one = |value: &&Value| constants.is_empty() || constants.iter().any(|constant| equal(constant, value));
        states.extend(allowed.iter().filter(one).map(|value| CellShape::Is(value.clone())));
        let others = allowed.iter().find(|value| !one(value));
        states.extend(others.map(|_| CellShape::Other(constants.clone())));
        if constants.is_empty() && allowed.len() > 2 {
            // No constant tells its values apart: any of them.
            states = vec![CellShape::Other(Vec::new())];
        }
    } else {
        states.extend(constants.iter().filter(|value| column.domain.permits(value)).map(|value| CellShape::Is(Value::clone(value))));
        states.push(CellShape::Other(constants));
    }
    if column.nullable {
        states.push(CellShape::Null);
    }
    states
}

pub(super) fn equal(left: &Value, right: &Value) -> bool {
    left.compare(right) == Some(std::cmp::Ordering::Equal)
}

struct Search<'a> {
    checks: &'a [&'a Expression],
    columns: &'a [ShapeColumn],
    states: &'a [Vec<CellShape>],
}

impl Search<'_> {
    /// A shape with one column in a given state.
    fn find(&self, aimed: usize, state: usize, variant: u64) -> Option<Vec<Option<CellShape>>> {
        let mut chosen: Vec<Option<CellShape>> = vec![None; self.columns.len()];
        chosen[aimed] = Some(self.states[aimed][state].clone());
        let mut steps = 0;
        let seed = variant.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ ((aimed as u64) << 32) ^ state as u64;
        self.descend(0, &mut chosen, &mut steps, seed).then_some(chosen)
    }

    fn descend(&self, at: usize, chosen: &mut Vec<Option<CellShape>>, steps: &mut u32, seed: u64) -> bool {
        *steps += 1;
        if *steps > MOST_STEPS || self.fails(chosen) {
            return false;
        }
        let Some(next) = (at..chosen.len()).find(|&place| chosen[place].is_none() && !self.states[place].is_empty()) else { return true };
        let count = self.states[next].len();
        // Another order each time, so that the columns not aimed at differ among shapes.
        let start = crate::engine::rows::random::mix(seed ^ (next as u64)) as usize;
        for step in 0..count {
            chosen[next] = Some(self.states[next][start.wrapping_add(step) % count].clone());
            if self.descend(next + 1, chosen, steps, seed) {
                return true;
            }
        }
        chosen[next] = None;
        false
    }

    fn fails(&self, chosen: &[Option<CellShape>]) -> bool {
        let view = View { columns: self.columns, chosen };
        self.checks.iter().any(|check| view.truths(check) == FALSE)
    }

    /// CHECKs that may still fail under a shape.
    fn open(&self, chosen: &[Option<CellShape>]) -> usize {
        let view = View { columns: self.columns, chosen };
        self.checks.iter().filter(|check| view.truths(check) & FALSE != 0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::expression::CellPath;

    fn cell(column: ColumnId) -> Expression {
        Expression::Cell(CellPath::own(column))
    }

    fn null(column: ColumnId) -> Expression {
        Expression::Is { operand: Box::new(cell(column)), test: Test::Null }
    }

    fn not(expression: Expression) -> Expression {
        Expression::Not(Box::new(expression))
    }

    fn is(column: ColumnId, value: i64) -> Expression {
        Expression::Compare {
            operator: Operator::Equal,
            left: Box::new(cell(column)),
            right: Box::new(Expression::Literal(Value::Int(value))),
        }
    }

    fn column(column: ColumnId, nullable: bool, allowed: Option<&[i64]>) -> ShapeColumn {
        let allowed = allowed.map(|values| values.iter().map(|&value| Value::Int(value)).collect());
        ShapeColumn { column, nullable, allowed, domain: ColumnDomain::default(), keyed: false, fixed: false }
    }

    #[test]
    fn eight_discriminators_are_solved_at_once() {
        let kinds: Vec<i64> = (1..=8).collect();
        let checks: Vec<Expression> = (1..=8)
            .map(|kind| {
                let own = (1..=8).map(|other: usize| if other as i64 == kind { not(null(other)) } else { null(other) });
                Expression::Any(vec![not(is(0, kind)), Expression::All(own.collect())])
            })
            .collect();
        let checks: Vec<&Expression> = checks.iter().collect();
        let mut columns = vec![column(0, false, Some(&kinds))];
        columns.extend((1..=8).map(|place| column(place, true, None)));
        let found = shapes(&checks, &columns);
        for kind in kinds {
            let with = found.iter().find(|shape| shape[0].1 == CellShape::Is(Value::Int(kind)));
            let shape = with.unwrap_or_else(|| panic!("no shape has kind {kind}"));
            let nulls: Vec<bool> = shape[1..].iter().map(|(_, state)| *state == CellShape::Null).collect();
            let expected: Vec<bool> = (1..=8).map(|other| other != kind).collect();
            assert_eq!(nulls, expected, "kind {kind}");
        }
    }

    #[test]
    fn counts_of_values_are_met_each_way() {
        let one = Expression::Compare {
            operator: Operator::Equal,
            left: Box::new(Expression::Call(Function::NonNulls, vec![cell(0), cell(1), cell(2)])),
            right: Box::new(Expression::Literal(Value::Int(1))),
        };
        let found = shapes(&[&one], &[column(0, true, None), column(1, true, None), column(2, true, None)]);
        assert!(found.iter().all(|shape| shape.iter().filter(|(_, state)| *state != CellShape::Null).count() == 1));
        for place in 0..3 {
            assert!(found.iter().any(|shape| shape[place].1 != CellShape::Null), "column {place} is never set");
        }
    }

    #[test]
    fn nulls_go_together() {
        let together = Expression::Compare { operator: Operator::Equal, left: Box::new(null(0)), right: Box::new(null(1)) };
        let found = shapes(&[&together], &[column(0, true, None), column(1, true, None)]);
        assert!(found.len() >= 2);
        assert!(found.iter().all(|shape| (shape[0].1 == CellShape::Null) == (shape[1].1 == CellShape::Null)));
    }

    #[test]
    fn a_value_that_only_a_test_can_judge_occurs_too() {
        let positive = Expression::Compare {
            operator: Operator::Greater,
            left: Box::new(cell(1)),
            right: Box::new(Expression::Literal(Value::Int(0))),
        };
        let check = Expression::Any(vec![Expression::All(vec![is(0, 1), null(1)]), Expression::All(vec![is(0, 2), positive, null(2)])]);
        let found = shapes(&[&check], &[column(0, false, None), column(1, true, None), column(2, true, None)]);
        assert!(found.iter().any(|shape| shape[1].1 != CellShape::Null), "{found:?}");
    }

    #[test]
    fn what_no_shape_meets_has_none() {
        let never = Expression::All(vec![null(0), not(null(0))]);
        assert_eq!(shapes(&[&never], &[column(0, true, None)]), Vec::<Shape>::new());
    }

    #[test]
    fn a_constant_that_the_columns_own_checks_forbid_is_in_no_shape() {
        let column = |allowed| ShapeColumn { domain: ColumnDomain { allowed, ..ColumnDomain::default() }, ..self::column(0, true, None) };
        let check = Expression::Any(vec![is(0, 5), null(1)]);
        let found = |allowed| shapes(&[&check], &[column(allowed), self::column(1, true, None)]);
        let has_five = |found: &[Shape]| found.iter().flatten().any(|(_, state)| *state == CellShape::Is(Value::Int(5)));
        assert!(has_five(&found(None)));
        assert!(!has_five(&found(Some(vec![Value::Int(4)]))));
    }

    #[test]
    fn a_check_that_only_lets_a_column_be_null_makes_no_shapes() {
        let later = Expression::Compare { operator: Operator::Greater, left: Box::new(cell(1)), right: Box::new(cell(0)) };
        assert_eq!(shape_columns(&[&Expression::Any(vec![null(1), later.clone()])]), Vec::<ColumnId>::new());
        assert_eq!(shape_columns(&[&Expression::Any(vec![null(2), later])]), vec![0, 1, 2]);
        assert_eq!(shape_columns(&[&is(0, 1)]), Vec::<ColumnId>::new());
    }
}
