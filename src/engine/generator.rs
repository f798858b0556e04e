//! What makes a column's values, as rules and meanings say it: parsed JSON, not yet bound to a row.

use serde::{Deserialize, Serialize};

use crate::engine::expression::Condition;

/// One generator, the value of one key of a rule (`choice`, `range`, ..).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generator {
    /// Values with weights, in document order.
    Choice(Vec<(String, f64)>),
    /// Uniform between two bounds, as text in the column's own type (number, date, stamp); `step` in the number's unit.
    Range {
        /// Least value.
        min: String,
        /// Greatest value.
        max: String,
        /// Distance between two values.
        step: Option<f64>,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
        /// Least value (redrawn below it).
        min: Option<f64>,
        /// Greatest value (redrawn above it).
        max: Option<f64>,
    },
    /// Log-normal.
    Lognormal {
        /// Median.
        median: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Least value.
        min: Option<f64>,
        /// Greatest value.
        max: Option<f64>,
    },
    /// Text with `{..}` placeholders.
    Template(String),
    /// A vocabulary list.
    Vocabulary(String),
    /// The first case whose condition holds makes the value.
    Cases(Vec<Case>),
    /// NULL in this share of rows (0..=1); the rest by the next layer.
    Null(f64),
    /// Whether a model writes the column, where there is one; the rest by the next layer.
    Model(bool),
    /// What the engine computes by itself, named by a meaning.
    Engine(String),
}

/// A case of `cases`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    /// When it applies; `None` is the last, unconditional one.
    pub when: Option<Condition>,
    /// What then makes the value.
    pub generator: Generator,
}
