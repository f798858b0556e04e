//! All CHECKs of a table together: domains, an order between columns, a verdict each.

use super::absorb::{Absorbed, Absorber};
use super::domain::ColumnDomain;
use super::subject::Sides;
use crate::engine::catalog::{Catalog, Check, ColumnId, Table, TableId};
use crate::engine::expression::{Binding, Cells, Expression, Operator, Parsed, Unsupported, parse};
use crate::engine::value::Value;

/// An order between two columns of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Left side.
    pub left: ColumnId,
    /// How they compare.
    pub operator: Operator,
    /// Right side.
    pub right: ColumnId,
    /// It need not hold where either side is NULL.
    pub nullable_escape: bool,
}

/// How far a CHECK is met by what the engine knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The columns' domains say all of it: cells that `ColumnDomain::nearest` has seen to pass, NULL or not.
    Proved,
    /// They do not, but a candidate row can be tested by the engine.
    Testable(Expression),
    /// The database must judge, and why.
    Opaque(String),
    /// No row can meet it together with the others, and why.
    Contradiction(String),
}

/// A CHECK of the table, or of a column's domain.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckFact {
    /// Name of the constraint.
    pub name: String,
    /// The CHECK as printed.
    pub expression: String,
    /// Columns it reads.
    pub columns: Vec<ColumnId>,
    /// How far it is met.
    pub verdict: Verdict,
    /// Of an opaque CHECK: what the engine understands of it, the rest being unknown.
    pub partial: Option<Expression>,
    /// Domains, NULL facts and comparisons say all of it: who heeds these need not test it.
    pub expressed: bool,
}

/// Checks that no row can meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// Columns that no value is left for.
    pub columns: Vec<ColumnId>,
    /// Why, naming them.
    pub reason: String,
}

/// What a table's constraints say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableFacts {
    /// Domains, by column.
    pub columns: Vec<ColumnDomain>,
    /// Orders between columns.
    pub comparisons: Vec<Comparison>,
    /// The CHECKs, the table's first, then those of its columns' domains.
    pub checks: Vec<CheckFact>,
    /// What no row can meet; where there is one, the table cannot be filled.
    pub contradictions: Vec<Contradiction>,
}

impl TableFacts {
    /// The CHECKs that are to be tested on each candidate row.
    pub fn testable(&self) -> impl Iterator<Item = (&CheckFact, &Expression)> {
        self.checks.iter().filter_map(|check| match &check.verdict {
            Verdict::Testable(expression) => Some((check, expression)),
            _ => None,
        })
    }

    /// What candidate rows are tested against: testable CHECKs, and what is understood of opaque ones.
    pub fn tested(&self) -> impl Iterator<Item = (&CheckFact, &Expression)> {
        self.checks.iter().filter_map(|check| match &check.verdict {
            Verdict::Testable(expression) => Some((check, expression)),
            Verdict::Opaque(_) => check.partial.as_ref().map(|expression| (check, expression)),
            _ => None,
        })
    }

    /// The CHECKs that only the database can judge.
    pub fn opaque(&self) -> impl Iterator<Item = &CheckFact> {
        self.checks.iter().filter(|check| matches!(check.verdict, Verdict::Opaque(_)))
    }

    /// The first testable CHECK that a candidate row fails; `Unsupported` where one cannot be told on this row.
    pub fn failing(&self, cells: &mut dyn Cells) -> Result<Option<&CheckFact>, Unsupported> {
        for (check, expression) in self.testable() {
            if !expression.truth(cells)?.passes_check() {
                return Ok(Some(check));
            }
        }
        Ok(None)
    }

    /// The facts at a time of the run, a `Stamp`: ends that move with the clock become fixed ones.
    #[must_use]
    pub fn at(&self, as_of: &Value) -> Self {
        let columns = self.columns.iter().map(|domain| domain.at(as_of)).collect();
        let mut facts = Self { columns, contradictions: Vec::new(), ..self.clone() };
        facts.contradictions = contradictions(&mut facts.columns, &facts.comparisons, None);
        facts.contradictions.extend(self.contradictions.iter().filter(|known| known.columns.is_empty()).cloned());
        facts
    }
}

/// Facts in the making, of one table.
struct Builder<'a> {
    table: &'a Table,
    catalog: &'a Catalog,
    id: TableId,
    facts: TableFacts,
    /// The CHECKs' expressions, where they could be bound.
    expressions: Vec<Option<Expression>>,
}

/// What a table's types, domains and CHECKs say of its rows.
pub fn facts(table: &Table, catalog: &Catalog, table_id: TableId) -> TableFacts {
    let columns = table.columns.iter().map(ColumnDomain::of_type).collect();
    let mut builder =
        Builder { table, catalog, id: table_id, facts: TableFacts { columns, ..TableFacts::default() }, expressions: Vec::new() };
    for check in &table.checks {
        builder.check(check, None);
    }
    for (column, definition) in table.columns.iter().enumerate() {
        for domain in &definition.data_type.domains {
            for check in &domain.checks {
                builder.check(check, Some(column));
            }
        }
    }
    builder.finish()
}

impl<'a> Builder<'a> {
    /// Takes a CHECK over; `value` is the column that a domain's VALUE stands for.
    fn check(&mut self, check: &Check, value: Option<ColumnId>) {
        let Judged { verdict, columns, expressed, expression, partial } = match parse(&check.expression) {
            Ok(parsed) => self.judge(&parsed, value),
            Err(reason) => Judged::opaque(reason.0),
        };
        self.expressions.push(expression);
        let columns = match (value, columns) {
            (Some(column), _) => vec![column],
            (None, columns) if columns.is_empty() => check.columns.clone(),
            (None, columns) => columns,
        };
        self.facts.checks.push(CheckFact {
            name: check.name.clone(),
            expression: check.expression.clone(),
            columns,
            verdict,
            partial,
            expressed,
        });
    }

    fn binding(&self, value: Option<ColumnId>) -> Binding<'a> {
        match value {
            Some(column) => Binding::domain(self.catalog, self.id, column),
            None => Binding::check(self.catalog, self.id),
        }
    }

    /// Each conjunct by itself: one that the database must judge does not hide the facts of the others.
    fn judge(&mut self, parsed: &Parsed, value: Option<ColumnId>) -> Judged {
        let binding = self.binding(value);
        let hints = binding.lenient().conjuncts(parsed);
        let mut worst = Absorbed::Whole;
        for (conjunct, hint) in binding.conjuncts(parsed).into_iter().zip(hints) {
            worst = worst.max(match (conjunct, hint) {
                (Ok(conjunct), _) => self.absorb(&conjunct),
                (Err(_), Ok(hint)) if !orders_texts(&hint) => self.absorb(&hint).max(Absorbed::Part),
                (Err(_), _) => Absorbed::Part,
            });
        }
        let expressed = worst <= Absorbed::Beyond;
        match binding.condition(parsed) {
            Ok(expression) => Judged {
                verdict: verdict(worst, &expression),
                columns: own_columns(&expression),
                expressed,
                expression: Some(expression),
                partial: None,
            },
            Err(reason) => {
                let partial = binding.partial().condition(parsed).ok().filter(|partial| !partial.columns().is_empty());
                Judged { expressed, partial, ..Judged::opaque(reason.to_string()) }
            }
        }
    }

    fn absorb(&mut self, conjunct: &Expression) -> Absorbed {
        let TableFacts { columns, comparisons, .. } = &mut self.facts;
        Absorber { sides: Sides(&self.table.columns), domains: columns, comparisons }.absorb(conjunct)
    }

    fn finish(mut self) -> TableFacts {
        for domain in &mut self.facts.columns {
            domain.settle();
        }
        let never = self.facts.checks.iter().filter(|check| matches!(check.verdict, Verdict::Contradiction(_)));
        let never: Vec<_> =
            never.map(|check| Contradiction { columns: Vec::new(), reason: format!("check {} can never hold", check.name) }).collect();
        let found = contradictions(&mut self.facts.columns, &self.facts.comparisons, Some(self.table));
        self.correct(&found);
        self.facts.contradictions.extend(never);
        self.facts.contradictions.extend(found);
        self.facts
    }

    /// Verdicts that the other CHECKs change: what no row meets, what only NULL meets, and what holds of a text that has to
    /// match patterns too: there need be no text that does, nor need one be found.
    fn correct(&mut self, found: &[Contradiction]) {
        let TableFacts { columns, checks, .. } = &mut self.facts;
        for (check, expression) in checks.iter_mut().zip(&self.expressions) {
            let reads = |column: &ColumnId| check.columns.contains(column);
            if let Some(reason) = found.iter().find(|found| found.columns.iter().any(reads)) {
                check.verdict = Verdict::Contradiction(reason.reason.clone());
            } else if check.verdict == Verdict::Proved
                && check.columns.iter().any(|&column| columns[column].must_be_null || !columns[column].patterns.is_empty())
                && let Some(expression) = expression
            {
                check.verdict = Verdict::Testable(expression.clone());
            }
        }
    }
}

/// What a CHECK came to.
#[derive(Debug)]
struct Judged {
    verdict: Verdict,
    columns: Vec<ColumnId>,
    expressed: bool,
    expression: Option<Expression>,
    partial: Option<Expression>,
}

impl Judged {
    fn opaque(reason: String) -> Self {
        Self { verdict: Verdict::Opaque(reason), columns: Vec::new(), expressed: false, expression: None, partial: None }
    }
}

fn verdict(worst: Absorbed, expression: &Expression) -> Verdict {
    match worst {
        Absorbed::Whole => Verdict::Proved,
        Absorbed::Beyond | Absorbed::Part => Verdict::Testable(expression.clone()),
        Absorbed::Never => Verdict::Contradiction("it can never hold".into()),
    }
}

fn own_columns(expression: &Expression) -> Vec<ColumnId> {
    expression.columns().into_iter().map(|path| path.column).collect()
}

/// Whether texts are compared by order: the collation's, which bytes do not tell.
fn orders_texts(expression: &Expression) -> bool {
    let mut found = false;
    expression.visit(&mut |part| {
        if let Expression::Compare { operator, left, right } = part {
            let text = [left, right].iter().any(|side| matches!(&***side, Expression::Literal(Value::Text(_))));
            found |= operator.orders() && text;
        }
    });
    found
}

/// Domains without a value: of a column that may be NULL it must be, of another no row can be made.
fn contradictions(columns: &mut [ColumnDomain], comparisons: &[Comparison], table: Option<&Table>) -> Vec<Contradiction> {
    let name = |column: ColumnId| table.map_or_else(|| format!("column {}", column + 1), |table| table.columns[column].name.clone());
    let mut found = Vec::new();
    for (column, domain) in columns.iter_mut().enumerate() {
        if let Some(reason) = domain.emptiness() {
            domain.must_be_null = true;
            if domain.not_null {
                found.push(Contradiction { columns: vec![column], reason: format!("{}: {reason}", name(column)) });
            }
        } else if domain.must_be_null && domain.not_null {
            found.push(Contradiction { columns: vec![column], reason: format!("{}: it must be NULL and must not", name(column)) });
        }
    }
    for comparison in comparisons {
        let (left, right) = (&columns[comparison.left], &columns[comparison.right]);
        if left.not_null && right.not_null && unreachable_order(*comparison, comparisons, left, right) {
            let reason = format!("{} and {}: no two values compare as they must", name(comparison.left), name(comparison.right));
            found.push(Contradiction { columns: vec![comparison.left, comparison.right], reason });
        }
    }
    found
}

/// Whether a comparison cannot hold, by the ends of its sides' domains or by another comparison of the same two.
fn unreachable_order(comparison: Comparison, all: &[Comparison], left: &ColumnDomain, right: &ColumnDomain) -> bool {
    let opposed = all.iter().any(|other| {
        let operator = match (
            other.left == comparison.left && other.right == comparison.right,
            other.left == comparison.right && other.right == comparison.left,
        ) {
            (true, _) => other.operator,
            (_, true) => other.operator.mirrored(),
            _ => return false,
        };
        ![std::cmp::Ordering::Less, std::cmp::Ordering::Equal, std::cmp::Ordering::Greater]
            .into_iter()
            .any(|order| operator.holds(order) && comparison.operator.holds(order))
    });
    opposed || beyond(comparison.operator, left, right)
}

/// Whether every value of one side lies on the wrong side of every value of the other.
fn beyond(operator: Operator, left: &ColumnDomain, right: &ColumnDomain) -> bool {
    let (low, high, strict) = match operator {
        Operator::Less => (left, right, true),
        Operator::LessEqual => (left, right, false),
        Operator::Greater => (right, left, true),
        Operator::GreaterEqual => (right, left, false),
        Operator::Equal | Operator::NotEqual => return false,
    };
    match (&low.min, &high.max) {
        (Some(least), Some(most)) => match least.value.compare(&most.value) {
            Some(std::cmp::Ordering::Greater) => true,
            Some(std::cmp::Ordering::Equal) => strict || !(least.inclusive && most.inclusive),
            _ => false,
        },
        _ => false,
    }
}
