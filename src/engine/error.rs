//! What can go wrong in the engine, and what a user reads of it.

use crate::engine::port::DatabaseError;

/// The engine's error: a condition with its SQLSTATE, message, detail and hint.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A request that cannot be met; nothing was written.
    #[error("{}", .0.message)]
    Report(Box<Report>),
    /// The database refused.
    #[error("{0}")]
    Database(#[from] Box<DatabaseError>),
    /// The user cancelled, or a timeout struck.
    #[error("canceling statement due to user request")]
    Cancelled,
    /// A run that commits as it goes has committed, and is to go on another time.
    #[error("the run goes on another time")]
    Paused,
}

/// An error as PostgreSQL reports one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Five characters, e.g. `22023`.
    pub sqlstate: &'static str,
    /// What was attempted and failed; lower case, no full stop.
    pub message: String,
    /// More on the cause, whole sentences.
    pub detail: Option<String>,
    /// What would help, whole sentences.
    pub hint: Option<String>,
}

/// SQLSTATEs the engine reports by itself.
pub mod sqlstate {
    /// feature_not_supported
    pub const NOT_SUPPORTED: &str = "0A000";
    /// invalid_parameter_value
    pub const INVALID_PARAMETER: &str = "22023";
    /// null_value_not_allowed
    pub const NULL_NOT_ALLOWED: &str = "22004";
    /// invalid_schema_name
    pub const UNDEFINED_SCHEMA: &str = "3F000";
    /// undefined_table
    pub const UNDEFINED_TABLE: &str = "42P01";
    /// undefined_column
    pub const UNDEFINED_COLUMN: &str = "42703";
    /// insufficient_privilege
    pub const INSUFFICIENT_PRIVILEGE: &str = "42501";
    /// object_not_in_prerequisite_state
    pub const NOT_IN_PREREQUISITE_STATE: &str = "55000";
    /// program_limit_exceeded
    pub const PROGRAM_LIMIT: &str = "54000";
    /// invalid_text_representation
    pub const INVALID_TEXT: &str = "22P02";
    /// bad_copy_file_format
    pub const BAD_FILE_FORMAT: &str = "22P04";
    /// read_only_sql_transaction
    pub const READ_ONLY: &str = "25006";
    /// serialization_failure
    pub const SERIALIZATION: &str = "40001";
    /// sequence_generator_limit_exceeded
    pub const SEQUENCE_LIMIT: &str = "2200H";
    /// not_null_violation
    pub const NOT_NULL: &str = "23502";
    /// foreign_key_violation
    pub const FOREIGN_KEY: &str = "23503";
    /// unique_violation
    pub const UNIQUE: &str = "23505";
    /// external_routine_exception
    pub const MODEL_FAILED: &str = "38000";
    /// object_in_use
    pub const IN_USE: &str = "55006";
    /// invalid_transaction_termination
    pub const CANNOT_COMMIT: &str = "2D000";
    /// internal_error
    pub const INTERNAL: &str = "XX000";
}

impl Error {
    /// An error with a SQLSTATE and a message.
    pub fn new(sqlstate: &'static str, message: impl Into<String>) -> Self {
        Self::Report(Box::new(Report { sqlstate, message: message.into(), detail: None, hint: None }))
    }

    /// The same error with a detail.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        if let Self::Report(report) = &mut self {
            report.detail = Some(text.into());
        }
        self
    }

    /// The same error with a hint.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        if let Self::Report(report) = &mut self {
            report.hint = Some(text.into());
        }
        self
    }
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::Database(Box::new(error))
    }
}
