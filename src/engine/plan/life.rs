//! The plan's nouns for the lives of rows: states, where they stand, how long they take, how they follow the owner's.

use crate::engine::catalog::{ColumnId, ForeignKeyId};
use crate::engine::plan::RowIndex;
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::StatusClass;

/// Open and final states of a table's rows.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// Where the state stands.
    pub place: StatePlace,
    /// The states.
    pub states: Vec<State>,
    /// Stream of its draws.
    pub key: StreamKey,
    /// How long the good way takes, where a row that is named says it.
    pub pace: Option<Pace>,
    /// How it follows the life of the row that its row hangs under.
    pub tie: Tie,
    /// Its good state is none that ends: an account is active.
    pub lasts: bool,
    /// Days that the good way usually takes.
    pub days: f64,
    /// The column with the end of what it is about, and the state after it: a contract has expired.
    pub expires: Option<(ColumnId, usize)>,
    /// It runs for a term: how that ended says nothing of what hung under it before.
    pub runs: bool,
}

/// How a lifecycle follows the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// Not at all.
    Free,
    /// Its state is the nearest to the owner's at any time.
    Mirrors,
    /// It has ended once the owner's has, as well or badly.
    Ends,
}

/// The working days that a way takes, by what a row of a list says (a shipping method).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The key to the list.
    pub key: ForeignKeyId,
    /// Column with the fewest days.
    pub least: ColumnId,
    /// Column with the most days.
    pub most: ColumnId,
}

/// Where a lifecycle's state stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatePlace {
    /// A foreign key to a table of states.
    ForeignKey(ForeignKeyId),
    /// A column with a label.
    Column(ColumnId),
}

/// A state.
#[derive(Debug, Clone)]
pub struct State {
    /// The row of the state table.
    pub row: RowIndex,
    /// The label.
    pub label: Value,
    /// open, done, cancelled, ..
    pub class: StatusClass,
    /// Order on the way, 0..=9.
    pub stage: u8,
    /// Weight among states of its class.
    pub weight: f64,
    /// Whether it is no step of the way to another.
    pub aside: bool,
    /// Whether a row may stay in it for good.
    pub rests: bool,
    /// Whether what it is about took place without it: nobody came.
    pub missed: bool,
}
