//! The plan's nouns.

use std::sync::Arc;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::constraint::{ColumnDomain, Shape};
use crate::engine::expression::Expression;
use crate::engine::plan::{Ballot, During, Facts, Leaf, Lifecycle, Owner, Periods, PickPlan, Source, TuplePlan};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{Lists, Locale};

/// A row of a table as the plan numbers them: the stored ones first, then those to be made, by position.
pub type RowIndex = u64;

/// What a call will do.
#[derive(Debug)]
pub struct Plan {
    /// The catalog it was made from.
    pub catalog: Catalog,
    /// The call.
    pub arguments: Arguments,
    /// Microseconds since 2000-01-01 UTC.
    pub as_of: i64,
    /// One per table of the catalog, same index.
    pub tables: Vec<TablePlan>,
    /// Tables to be filled, referenced ones first.
    pub order: Vec<TableId>,
    /// Tables of each cycle of mandatory keys: their first rows go in together.
    pub rings: Vec<Vec<TableId>>,
    /// Lines for people: what was decided that is not obvious.
    pub notes: Vec<String>,
    /// Lists of words, the caller's own first.
    pub lists: Lists,
    /// Where people live and what they are called like, where the call names a locale.
    pub locale: Option<Locale>,
    /// The rule document in force, stored and overlay merged.
    pub rules: serde_json::Value,
    /// The same, bound to the catalog.
    pub bound: crate::engine::rules::Bound,
    /// The model that writes columns, where there is one.
    pub model: Option<String>,
    /// Meaning of each column, by table: of those that get no rows, too.
    pub meanings: Vec<Vec<Option<&'static str>>>,
    /// Statements that count breaches of what the plan derives.
    pub invariants: Vec<Invariant>,
}

/// Something the plan promises beyond the catalog's constraints, with SQL that counts the breaches.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Invariant {
    /// Stable name.
    pub id: String,
    /// The column or table it is about.
    pub object: String,
    /// A query of one row without WHERE: rows checked, violations; its rows are those of `t`.
    pub statement: String,
    /// OID of the table whose rows are `t`.
    pub table_oid: u32,
}

/// Which layer decided something, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What the catalog proves.
    Catalog,
    /// Inference over names, types and structure.
    Inference,
    /// A hint in the column's comment.
    Comment,
    /// A stored or overlaid rule.
    Rule,
    /// The call's own argument.
    Argument,
}

impl Layer {
    /// The word for it in `plan`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Inference => "inference",
            Self::Comment => "hint",
            Self::Rule => "rule",
            Self::Argument => "argument",
        }
    }
}

/// What happens to a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Fill {
    /// Rows are made.
    Make,
    /// Only its rows that exist (reference rows included) are used.
    Use(String),
    /// Left alone.
    Skip(String),
    /// Cannot be filled.
    Refuse(String),
}

/// Rows a table holds before the made ones: those that were there, then the call's reference rows.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Stored {
    /// Values by row, in column order of the table; columns not read are NULL.
    pub rows: Vec<Vec<Value>>,
    /// Weight of each row as a parent; 0 is never drawn.
    pub weights: Vec<f64>,
    /// How many of them (the last ones) this call inserts as reference rows.
    pub inserted: usize,
    /// How many of them are reference rows that were there already.
    pub reference: usize,
    /// Columns that are supplied for the inserted rows.
    pub columns: Vec<ColumnId>,
}

impl Stored {
    /// Whether its rows are reference rows: a list of choices.
    pub fn is_list(&self) -> bool {
        self.inserted > 0 || self.reference > 0
    }
}

/// What happens to one table and how.
#[derive(Debug)]
pub struct TablePlan {
    /// What happens to it.
    pub fill: Fill,
    /// Rows that are or will be there before the made ones.
    pub stored: Stored,
    /// Rows counted in the table before the call.
    pub existing: u64,
    /// Row number at which this call's rows begin.
    pub row_base: u64,
    /// Rows to make.
    pub count: u64,
    /// Who decided the count, and how.
    pub count_by: Layer,
    /// The same in words.
    pub count_detail: String,
    /// The count was given by the caller: not meeting it is an error.
    pub count_given: bool,
    /// Under what the rows hang.
    pub owner: Option<Owner>,
    /// One per foreign key, same index.
    pub picks: Vec<PickPlan>,
    /// One per column, same index.
    pub columns: Vec<ColumnPlan>,
    /// The column that tells when a row came to be.
    pub birth: Option<ColumnId>,
    /// Positions follow that time.
    pub ranked: bool,
    /// Most rows come to be before the window in which children begin.
    pub early: bool,
    /// First row of the ordinal takes its parent's time.
    pub first_with_parent: bool,
    /// Siblings come one after the other, as their places tell: the pictures of a page.
    pub in_place: bool,
    /// The first row under a parent comes with it: it opens the account.
    pub opens: bool,
    /// Rows give back what was paid of what they hang under.
    pub gives_back: bool,
    /// Rows come to be on the quarter of an hour.
    pub planned: bool,
    /// Rows are entered before they begin, half of them so many days, by draws of their own.
    pub entered_ahead: Option<(f64, crate::engine::rows::random::StreamKey)>,
    /// The first row under a parent comes some time after it: nothing asks for one from the very beginning.
    pub unhurried: bool,
    /// Rows come within days of what they hang under: it happened once.
    pub soon: bool,
    /// Rows come before what they hang under begins, and end with it: bookings of a class.
    pub ahead: bool,
    /// Rows come with those that come ahead: the items of an order, its tickets.
    pub heralds: bool,
    /// The key to a row that comes ahead of something, where this table's rows are of that: who checks in for a booking; and whether they
    /// judge it.
    pub attends: Option<(crate::engine::catalog::ForeignKeyId, bool)>,
    /// Rows under one parent follow each other, none before the one before it has ended: the leases of a flat. The column with
    /// their end.
    pub in_turn: Option<ColumnId>,
    /// The column that says of which kind a row is, and how many days one of that kind lasts.
    pub lasts: Option<(ColumnId, Vec<(Value, f64)>)>,
    /// Rows are what comes of the row that they hang under, once that is done: the results of a test.
    pub outcome: bool,
    /// Child tables whose rows are part of this table's: it changes when they do.
    pub details: Vec<TableId>,
    /// Open and final states with their stamps.
    pub lifecycle: Option<Lifecycle>,
    /// Whose words its texts speak.
    pub ballot: Ballot,
    /// Joint tuples the row draws.
    pub tuples: Vec<TuplePlan>,
    /// Facts that texts and lists of this table ask for, by meaning id.
    pub facts: Facts,
    /// Conditions a candidate row is tested against before it is accepted.
    pub tests: Vec<Test>,
    /// Stream of whether a row draws what its siblings draw.
    pub siblings: StreamKey,
    /// Columns of names that siblings do not share, though no key demands it.
    pub told_apart: Vec<ColumnId>,
    /// Unique keys kept by remembering hashes.
    pub remembered: Vec<Remembered>,
    /// What each leaf of a partitioned table takes; empty where any row finds one.
    pub leaves: Vec<Leaf>,
    /// The column of the row that it hangs under with the time at which it was agreed to begin.
    pub keeps: Option<ColumnId>,
    /// Of those that follow each other one ends when the next begins: what somebody was paid.
    pub without_gaps: bool,
    /// Columns after whose times nobody sees a row any more: a key that has expired, or was revoked, is not used.
    pub seen_until: Vec<ColumnId>,
    /// Its rows come on days on which people work.
    pub on_workdays: bool,
    /// Its rows have been there for years: a firm's people.
    pub long_standing: bool,
    /// What calendar periods its rows stand for, where they do.
    pub periods: Option<Periods>,
    /// The period of a row that they name in which they come.
    pub during: Option<During>,
    /// Consistent choices of NULLs and constants, one of which each row takes.
    pub shapes: Vec<Shape>,
    /// Running sums of their weights.
    pub shape_sums: Vec<f64>,
    /// A verdict for every constraint.
    pub verdicts: Vec<ConstraintPlan>,
}

/// A unique key that is kept by redrawing against remembered hashes.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// Name of the constraint.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnId>,
    /// NULLs are equal (NULLS NOT DISTINCT).
    pub nulls_equal: bool,
    /// Case-folded comparison (an expression key over lower()).
    pub folded: bool,
    /// Only rows for which this holds are in the key; `None`: all.
    pub predicate: Option<Arc<Expression>>,
    /// A scheme keeps the made rows apart from each other: only rows that are there can be met.
    pub injective: bool,
}

/// A condition tested on each candidate row.
#[derive(Debug)]
pub struct Test {
    /// Name of the constraint.
    pub name: String,
    /// The condition.
    pub expression: Arc<Expression>,
}

/// A constraint's verdict.
#[derive(Debug, Clone)]
pub struct ConstraintPlan {
    /// Name of the constraint.
    pub name: String,
    /// `proved`, `sampled` or `refused`.
    pub verdict: &'static str,
    /// How it is kept.
    pub detail: String,
}

/// One column.
#[derive(Debug)]
pub struct ColumnPlan {
    /// What makes its values.
    pub source: Source,
    /// Stream of its draws.
    pub key: StreamKey,
    /// Share of NULLs; 0 for NOT NULL columns.
    pub null_fraction: f64,
    /// The type under domains.
    pub kind: TypeKind,
    /// What constraints allow.
    pub domain: ColumnDomain,
    /// Meaning id, where one was found.
    pub meaning: Option<&'static str>,
    /// Of what follows exactly from others: SQL that is true of a row `t` that breaches it.
    pub breach: Option<String>,
    /// Who decided.
    pub decided_by: Layer,
    /// Why, for people.
    pub detail: String,
    /// A redraw changes it.
    pub redrawn: bool,
    /// What the oldest two rows have, whatever the others do.
    pub of_oldest: Option<Value>,
    /// What serves a NOT NULL column, or one that the row's shape wants set, where the source has nothing.
    pub fallback: Option<Box<Source>>,
}

impl ColumnPlan {
    /// Whether nothing more certain than a guess makes its values.
    pub(super) fn is_open(&self) -> bool {
        self.source.is_guess() && self.decided_by <= Layer::Inference
    }
}
