//! SQL boolean expressions: CHECK constraints and rule conditions, parsed, bound and evaluated.

use serde::{Deserialize, Serialize};

/// A condition of a rule, as written and (once bound) as evaluated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Condition {
    /// The text as the user wrote it.
    pub text: String,
}
