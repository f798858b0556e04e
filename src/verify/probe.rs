//! A probe: one statement, and what its row means.

use std::fmt;

use serde::Serialize;

use super::template::{fill, literal};

/// An index can be damaged and a constraint can be wrong about the rows below it; so the heap is read and
/// nothing is concluded from what the catalog promises. A path that is switched off costs so much on paper that
/// PostgreSQL would compile the plans of the smallest probes (3.7 s against 0.13 s for the empty shop). Without an index a
/// loop reads the heap again and again: statistics that say "no rows" must not choose one.
const HEAP: &[(&str, &str)] = &[
    ("enable_indexscan", "off"),
    ("enable_nestloop", "off"),
    ("enable_indexonlyscan", "off"),
    ("enable_bitmapscan", "off"),
    ("constraint_exclusion", "off"),
    ("jit", "off"),
];

/// Invariants compare rows with each other, often one by one: without indexes that takes rows times rows.
const INDEXED: &[(&str, &str)] = &[("constraint_exclusion", "off"), ("jit", "off")];

/// What a probe looks at, in the order in which findings are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The rows of a table.
    Rows,
    /// A primary key.
    PrimaryKey,
    /// A unique constraint or index.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A CHECK, or the bound of a partition.
    Check,
    /// A NOT NULL column.
    NotNull,
    /// An exclusion constraint.
    Exclusion,
    /// A condition of a column's domain.
    Domain,
    /// A sequence.
    Sequence,
    /// A rule.
    Rule,
    /// An invariant of the plan.
    Invariant,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rows => "rows",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
            Self::NotNull => "not null",
            Self::Exclusion => "exclusion",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Rule => "rule",
            Self::Invariant => "invariant",
        })
    }
}

/// What was found, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something is broken.
    Violated,
    /// A share or a mean is further from its target than the tolerance allows.
    OffTarget,
    /// A rule that applies to no row, or could not be checked.
    Untouched,
    /// As it should be.
    Holds,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Violated => "violated",
            Self::OffTarget => "off target",
            Self::Untouched => "untouched",
            Self::Holds => "holds",
        })
    }
}

/// One statement of one row: checked bigint, violations bigint, off_target boolean, achieved text, detail text.
#[derive(Debug, Clone)]
pub struct Probe {
    /// What it looks at.
    pub kind: Kind,
    /// Which one, for people.
    pub object: String,
    /// What a rule wants.
    pub target: Option<String>,
    /// Told when it does not hold and the statement has nothing better to say.
    pub note: Option<String>,
    /// The statement; it has no parameters.
    pub statement: String,
    /// Whether the statement looks at rows.
    judged: bool,
}

/// A line of verify's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub kind: Kind,
    /// Which one.
    pub object: String,
    /// Rows (or groups, parents, sequences) looked at.
    pub checked: i64,
    /// How many of them are broken.
    pub violations: i64,
    /// What a rule wants.
    pub target_value: Option<String>,
    /// What there is.
    pub achieved: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// An example or a reason.
    pub detail: Option<String>,
}

impl Probe {
    /// A probe without target or note.
    pub fn new(kind: Kind, object: String, statement: String) -> Self {
        Self { kind, object, target: None, note: None, statement, judged: true }
    }

    /// A probe that only says why nothing is judged.
    pub fn unjudged(kind: Kind, object: String, reason: &str) -> Self {
        let reason = literal(&format!("not checked: {reason}"));
        let statement = fill(include_str!("../../sql/verify/unchecked.sql"), &[("why", &reason)]);
        Self { judged: false, ..Self::new(kind, object, statement) }
    }

    /// The same probe with something to say when it does not hold.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same probe with a target.
    #[must_use]
    pub fn aiming(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Settings in force while the statement runs, to be restored afterwards.
    pub fn settings(&self) -> &'static [(&'static str, &'static str)] {
        if self.kind == Kind::Invariant { INDEXED } else { HEAP }
    }

    /// What the statement's row says, its fields as PostgreSQL prints them.
    pub fn judge(&self, row: &[Option<&str>]) -> Finding {
        let text = |place: usize| row.get(place).copied().flatten();
        let number = |place: usize| text(place).and_then(|value| value.parse::<i64>().ok()).unwrap_or(0);
        let (checked, violations) = (number(0), number(1));
        let off_target = matches!(text(2), Some("t" | "true"));
        let verdict = self.verdict(checked, violations, off_target);
        let note = if verdict == Verdict::Holds { None } else { self.note.clone() };
        Finding {
            kind: self.kind,
            object: self.object.clone(),
            checked,
            violations,
            target_value: self.target.clone(),
            achieved: text(3).map(str::to_owned),
            verdict,
            detail: text(4).map(str::to_owned).or(note),
        }
    }

    /// What to say of a probe whose statement raised: nothing was counted.
    pub fn failed(&self, message: &str) -> Finding {
        Finding {
            kind: self.kind,
            object: self.object.clone(),
            checked: 0,
            violations: 0,
            target_value: self.target.clone(),
            achieved: None,
            verdict: Verdict::Untouched,
            detail: Some(format!("not checked: {message}")),
        }
    }

    fn verdict(&self, checked: i64, violations: i64, off_target: bool) -> Verdict {
        if !self.judged {
            Verdict::Untouched
        } else if violations > 0 {
            Verdict::Violated
        } else if off_target {
            Verdict::OffTarget
        } else if checked == 0 && matches!(self.kind, Kind::Rule | Kind::Invariant) {
            Verdict::Untouched
        } else {
            Verdict::Holds
        }
    }
}

/// Puts problems first; otherwise by kind, then in the order of the probes.
pub fn problems_first(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.verdict, finding.kind));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(kind: Kind, row: &[Option<&str>]) -> Finding {
        Probe::new(kind, "t".into(), String::new()).noting("why").judge(row)
    }

    #[test]
    fn verdicts_follow_the_counts() {
        let verdict = |kind, row: [Option<&str>; 3]| judged(kind, &row).verdict;
        assert_eq!(verdict(Kind::Check, [Some("10"), Some("2"), Some("f")]), Verdict::Violated);
        assert_eq!(verdict(Kind::Check, [Some("0"), Some("0"), Some("f")]), Verdict::Holds);
        assert_eq!(verdict(Kind::Rule, [Some("0"), Some("0"), Some("f")]), Verdict::Untouched);
        assert_eq!(verdict(Kind::Rule, [Some("9"), Some("0"), Some("t")]), Verdict::OffTarget);
        assert_eq!(verdict(Kind::Rule, [Some("9"), Some("1"), Some("t")]), Verdict::Violated);
    }

    #[test]
    fn the_note_is_told_only_when_something_is_wrong() {
        assert_eq!(judged(Kind::Check, &[Some("1"), Some("0"), Some("f"), None, None]).detail, None);
        assert_eq!(judged(Kind::Check, &[Some("1"), Some("1"), Some("f"), None, None]).detail.as_deref(), Some("why"));
        assert_eq!(judged(Kind::Check, &[Some("1"), Some("1"), Some("f"), None, Some("x")]).detail.as_deref(), Some("x"));
    }

    #[test]
    fn problems_come_first() {
        let mut findings = vec![
            judged(Kind::Rows, &[Some("1"), Some("0")]),
            judged(Kind::Rule, &[Some("1"), Some("0"), Some("t")]),
            judged(Kind::Sequence, &[Some("1"), Some("1")]),
        ];
        problems_first(&mut findings);
        assert_eq!(findings.iter().map(|f| f.kind).collect::<Vec<_>>(), [Kind::Sequence, Kind::Rule, Kind::Rows]);
    }
}
