//! Replies that were paid for, kept in a file until a transaction has stored them: over ROLLBACK, error and kill -9.
//!
//! One file a database, append only, each record written and synchronised before the reply is read. Knows neither
//! PostgreSQL nor a model; a door opens it, and forgets the records once a later transaction sees them stored.

mod file;
mod record;

pub use file::Journal;
pub use record::Record;
