//! `choice`: the shares of values.

use super::{DEFAULT_TOLERANCE, Subject, allowance, percent, shares};
use crate::verify::template::literal;

/// The statement and what the rule wants.
pub(super) fn statement(subject: &Subject, weighted: &[(String, f64)]) -> Result<(String, String), String> {
    // The most frequent first, as people read shares; the document's own order may be lost on its way through jsonb.
    let mut shares = shares(weighted);
    shares.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    if shares.is_empty() {
        return Err("the choice names no value".into());
    }
    let wanted: Vec<String> = shares
        .iter()
        .enumerate()
        .map(|(place, (value, share))| {
            let label = literal(value);
            format!("({place}, {label}, {label}::{}, {share}::float8)", subject.target.column.data_type)
        })
        .collect();
    let tolerance = subject.rule.tolerance;
    let statement = subject.fill(
        include_str!("../../../sql/verify/rule_choice.sql"),
        &[
            ("wanted", &wanted.join(", ")),
            ("tolerance", &tolerance.unwrap_or(DEFAULT_TOLERANCE).to_string()),
            ("allowance", &allowance(tolerance, "share", "total.n")),
        ],
    );
    let aim: Vec<String> = shares.iter().map(|(value, share)| format!("{value}: {}", percent(*share))).collect();
    Ok((statement, aim.join(", ")))
}
