//! CHECKs: kept by the columns' domains, or tested on every candidate row, or left to the database.

use std::sync::Arc;

use crate::engine::catalog::TableId;
use crate::engine::constraint::Verdict;
use crate::engine::plan::build::Builder;
use crate::engine::plan::unique::Draft;
use crate::engine::plan::{ConstraintPlan, Source, Test};

impl Builder {
    /// Gives each CHECK its verdict; columns that a test reads are redrawn.
    pub(super) fn keep_checks(&mut self, table: TableId, draft: &mut Draft) {
        let facts = &self.facts[table];
        for check in &facts.checks {
            let (verdict, detail) = match &check.verdict {
                Verdict::Proved => ("proved", "within the columns' domains".to_owned()),
                Verdict::Testable(_) => ("proved", "tested on each row before it is accepted".to_owned()),
                Verdict::Opaque(reason) => ("sampled", format!("judged by the database: {reason}")),
                Verdict::Contradiction(reason) => ("refused", reason.clone()),
            };
            draft.guarded |= !matches!(check.verdict, Verdict::Proved);
            draft.verdicts.push(ConstraintPlan { name: check.name.clone(), verdict, detail });
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
        draft.guarded |= !definition.triggers.is_empty();
    }

    /// The tests of a table, once its columns stand.
    pub(super) fn keep_tests(&mut self, table: TableId) {
        let tests = self.facts[table].checks.iter().filter_map(|check| match &check.verdict {
            Verdict::Testable(expression) => Some(Test { name: check.name.clone(), expression: Arc::new(expression.clone()) }),
            _ => None,
        });
        self.tables[table].tests = tests.collect();
    }
}
