//! `null`: the share of NULLs.

use super::{Subject, allowance, percent};

/// The statement and what the rule wants.
pub(super) fn statement(subject: &Subject, share: f64) -> (String, String) {
    // Between none and all, a hard share has no row of which one could say that it is wrong.
    let kept = match share {
        all if all >= 1.0 => "0",
        none if none <= 0.0 => "1",
        _ => "null",
    };
    let share_text = format!("{share}::float8");
    let statement = subject.fill(
        include_str!("../../../sql/verify/rule_null.sql"),
        &[("share", &share_text), ("kept", kept), ("allowance", &allowance(subject.rule.tolerance, &share_text, "n"))],
    );
    (statement, format!("{} NULL", percent(share)))
}
