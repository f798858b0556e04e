//! CHECKs: kept by the columns' domains, or tested on every candidate row, or left to the database.

use std::sync::Arc;

use crate::engine::catalog::TableId;
use crate::engine::constraint::Verdict;
use crate::engine::expression::{Expression, Operator};
use crate::engine::plan::build::Builder;
use crate::engine::plan::unique::Draft;
use crate::engine::plan::{AfterKind, ConstraintPlan, Source, Test};

impl Builder {
    /// Gives each CHECK its verdict; columns that a test reads are redrawn.
    pub(super) fn keep_checks(&mut self, table: TableId, draft: &mut Draft) {
        let facts = &self.facts[table];
        for check in &facts.checks {
            let ordered = matches!(&check.verdict, Verdict::Testable(expression) if in_order(expression, draft));
            let (verdict, detail) = match &check.verdict {
                Verdict::Testable(_) if ordered => ("proved", "times follow each other by construction".to_owned()),
                Verdict::Proved => ("proved", "within the columns' domains".to_owned()),
                Verdict::Testable(_) => ("proved", "tested on each row before it is accepted".to_owned()),
                Verdict::Opaque(reason) => ("sampled", format!("judged by the database: {reason}")),
                Verdict::Contradiction(reason) => ("refused", reason.clone()),
            };
            draft.guarded |= !ordered && !matches!(check.verdict, Verdict::Proved);
            draft.ordered.extend(ordered.then(|| check.name.clone()));
            draft.verdicts.push(ConstraintPlan { name: check.name.clone(), verdict, detail });
            if ordered {
                continue;
            }
            if let Verdict::Testable(expression) = &check.verdict {
                for path in expression.columns() {
                    let planned = &mut draft.columns[path.column];
                    planned.redrawn |= path.hops.is_empty() && !matches!(planned.source, Source::Serial { .. } | Source::Birth);
                }
            }
        }
        let definition = &self.inputs.catalog.tables[table];
        for exclusion in &definition.exclusions {
            draft.guarded = true;
            draft.verdicts.push(ConstraintPlan {
                name: exclusion.name.clone(),
                verdict: "sampled",
                detail: "judged by the database as rows are loaded".into(),
            });
        }
        for key in &definition.foreign_keys {
            draft.verdicts.push(ConstraintPlan { name: key.name.clone(), verdict: "proved", detail: "names rows that exist".into() });
        }
        // Whether a partition takes a row, or a policy lets it in, only the database knows.
        draft.guarded |= !definition.triggers.is_empty() || definition.kind != "r" || definition.row_security;
    }

    /// The tests of a table, once its columns stand.
    pub(super) fn keep_tests(&mut self, table: TableId, ordered: &[String]) {
        let tests = self.facts[table].checks.iter().filter_map(|check| match &check.verdict {
            Verdict::Testable(expression) if !ordered.contains(&check.name) => {
                Some(Test { name: check.name.clone(), expression: Arc::new(expression.clone()) })
            }
            _ => None,
        });
        self.tables[table].tests = tests.collect();
    }
}

/// Whether an expression only asks for an order of times that the row's sources keep anyway: nothing that
/// follows a birth is before it.
fn in_order(expression: &Expression, draft: &Draft) -> bool {
    let source = |side: &Expression| match side {
        Expression::Cell(path) if path.hops.is_empty() => Some(&draft.columns[path.column].source),
        _ => None,
    };
    let follows = |first: &Expression, second: &Expression| {
        let later = matches!(
            source(second),
            Some(Source::After(AfterKind::Updated | AfterKind::LastSeen) | Source::EndStamp(_) | Source::StageStamp(_))
        );
        matches!(source(first), Some(Source::Birth)) && later
    };
    match expression {
        Expression::All(parts) => parts.iter().all(|part| in_order(part, draft)),
        Expression::Any(parts) => parts.iter().any(|part| in_order(part, draft)),
        Expression::Compare { operator: Operator::LessEqual, left, right } => follows(left, right),
        Expression::Compare { operator: Operator::GreaterEqual, left, right } => follows(right, left),
        _ => false,
    }
}
