//! The plan's nouns.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::expression::Expression;
use crate::engine::rows::random::StreamKey;
use crate::engine::rules::template::Template;
use crate::engine::value::Value;
use crate::engine::vocabulary::{StatusClass, Vocabulary};

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
    /// Lines for people: what was decided that is not obvious.
    pub notes: Vec<String>,
    /// The rule document in force, stored and overlay merged.
    pub rules: serde_json::Value,
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
    /// A query of one row: rows checked, violations.
    pub statement: String,
}

/// Which layer decided something, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What the catalog proves.
    Catalog,
    /// Inference over names, types and structure.
    Inference,
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
#[derive(Debug, Clone, Default)]
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
    /// Child tables whose rows are part of this table's: it changes when they do.
    pub details: Vec<TableId>,
    /// Open and final states with their stamps.
    pub lifecycle: Option<Lifecycle>,
    /// Joint tuples the row draws.
    pub tuples: Vec<TuplePlan>,
    /// Facts that texts and lists of this table ask for, by meaning id.
    pub facts: BTreeMap<String, Fact>,
    /// Conditions a candidate row is tested against before it is accepted.
    pub tests: Vec<Test>,
    /// Unique keys kept by remembering hashes.
    pub remembered: Vec<Remembered>,
    /// A verdict for every constraint.
    pub verdicts: Vec<ConstraintPlan>,
    /// The load can be refused by the database: it runs under a savepoint.
    pub guarded: bool,
}

/// A unique key that is kept by redrawing against remembered hashes.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// Name of the constraint.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnId>,
    /// Case-folded comparison (an expression key over lower()).
    pub folded: bool,
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

/// The foreign key, or the relation found, under which a table's rows hang.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Which.
    pub kind: OwnerKind,
    /// The table the rows hang under.
    pub table: TableId,
    /// Children of each parent.
    pub fan_out: FanOut,
    /// Stream of the fan-out's draws.
    pub key: StreamKey,
}

/// What connects a row to its owner.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnerKind {
    /// A foreign key of the table.
    ForeignKey(ForeignKeyId),
    /// Rows of another child of the same parents (a review hangs under a delivered order item).
    Reowned,
}

/// How many children each parent has.
#[derive(Debug, Clone, PartialEq)]
pub enum FanOut {
    /// Drawn per parent between `min` and `max`.
    PerParent(Children),
    /// The table's count is shared out by weights drawn per parent.
    Shared {
        /// Least per parent.
        min: u64,
        /// Most per parent.
        max: u64,
    },
    /// One for each stage on the way to the parent's state.
    Stages,
    /// At most one under each eligible parent, `count` in all.
    Selected,
}

/// A distribution of children per parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Children {
    /// Its shape.
    pub shape: ChildShape,
    /// Least.
    pub min: u64,
    /// Most.
    pub max: u64,
}

/// Shapes of a distribution of children.
#[derive(Debug, Clone, PartialEq)]
pub enum ChildShape {
    /// Always the same.
    Fixed(u64),
    /// Each number between the bounds equally often.
    Uniform,
    /// Probability of min + k falls as (k + 1)^-s.
    Zipf(f64),
    /// Normal, rounded.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Numbers with weights.
    Choice(Vec<(u64, f64)>),
}

/// How a foreign key finds its row.
#[derive(Debug, Clone)]
pub struct PickPlan {
    /// The way.
    pub pick: Pick,
    /// Share of rows that refer to nothing.
    pub null_fraction: f64,
    /// Stream of its draws.
    pub key: StreamKey,
    /// The referenced row must not be younger than the row's own time.
    pub not_after: bool,
    /// Rows with this value in this column come first (a shipping address).
    pub prefers: Option<(ColumnId, Value)>,
    /// Mostly the owner's home in the referenced list.
    pub at_home: bool,
    /// The referenced row is valid from and until these columns' times.
    pub valid: Option<(ColumnId, ColumnId)>,
    /// Who decided.
    pub decided_by: Layer,
}

/// How a foreign key finds its row.
#[derive(Debug, Clone, PartialEq)]
pub enum Pick {
    /// Always NULL, with the reason.
    Nothing(String),
    /// The owner.
    Owner,
    /// From the owner along foreign keys (re-owned rows).
    Along(Vec<ForeignKeyId>),
    /// Among the referenced table's rows whose own key `inner` names the row that our key `base` names.
    Within {
        /// Our foreign key that fixes the group.
        base: ForeignKeyId,
        /// The referenced table's foreign key to the same table.
        inner: ForeignKeyId,
    },
    /// Any row, by popularity or weight.
    Free {
        /// How partners of siblings are kept apart.
        distinct: Distinct,
    },
    /// A row of the same table with a smaller position.
    Tree,
    /// The lifecycle's state.
    State,
}

/// How siblings (rows of one owner) get different partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distinct {
    /// They need not.
    No,
    /// No two siblings share a partner.
    PerOwner {
        /// The owner's own row is no candidate (a self relation).
        not_owner: bool,
        /// By a permutation keyed by the owner (many siblings), else by comparing with the earlier ones.
        permuted: bool,
    },
    /// A permutation over the table: no two rows share a partner.
    Globally,
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
    /// Who decided.
    pub decided_by: Layer,
    /// Why, for people.
    pub detail: String,
    /// A redraw changes it.
    pub redrawn: bool,
    /// What serves a NOT NULL column where the source has nothing.
    pub fallback: Option<Box<Source>>,
}

/// What makes a column's values.
#[derive(Debug, Clone)]
pub enum Source {
    /// Not supplied: generated, or its default is a constant.
    Database,
    /// An arithmetic series by position.
    Serial {
        /// Key at position 0.
        first: i64,
        /// Distance between two keys.
        increment: i64,
    },
    /// The referenced row's value.
    Key {
        /// The foreign key.
        foreign_key: ForeignKeyId,
        /// The referenced column.
        referenced: ColumnId,
    },
    /// A fixed value.
    Constant(Value),
    /// Weighted values; cumulative weights, the last is the total.
    Choice {
        /// Values.
        values: Vec<Value>,
        /// Running sums of the weights.
        sums: Vec<f64>,
    },
    /// Uniform numbers `min + k * step`.
    Uniform {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
        /// Grid; 0: none.
        step: f64,
    },
    /// Normal numbers, redrawn outside the bounds.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// Log-normal numbers, redrawn outside the bounds.
    Lognormal {
        /// Median.
        median: f64,
        /// Deviation of the logarithm.
        sigma: f64,
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// A number log-uniform in a band that facts of the row give, ending as prices do.
    Band {
        /// Lower end.
        low: Fact,
        /// Upper end.
        high: Fact,
    },
    /// Uniform stamps or dates between two bounds, microseconds.
    StampRange {
        /// From.
        min: i64,
        /// To.
        max: i64,
    },
    /// Text from parts.
    Text(Arc<TextPlan>),
    /// A value of a joint tuple: its place in `TablePlan::tuples`, the meaning.
    Tuple(usize, String),
    /// Another source's value, in some share of the rows; in the others a parent's column.
    Mostly {
        /// Share that copies.
        share: f64,
        /// What is copied.
        copied: Fact,
        /// What makes the rest.
        otherwise: Box<Source>,
    },
    /// Elements of a PostgreSQL array, `min..=max` different ones.
    Elements {
        /// One element.
        element: Arc<TextPlan>,
        /// Fewest.
        min: u64,
        /// Most.
        max: u64,
    },
    /// The first whose condition holds.
    Cases(Vec<(Option<Arc<Expression>>, Source)>),
    /// A random uuid (version 4).
    Uuid,
    /// A random boolean with this share of true.
    Flag(f64),
    /// True for the first row of each owner only.
    FirstFlag,
    /// True for the first row of each owner and each value of the column.
    FirstFlagPer(ColumnId),
    /// The row's number among its siblings, from this number.
    Ordinal(i64),
    /// A different value for each row: `permute(index)` in a finite list.
    Permuted(Vec<Value>),
    /// A different value for each sibling: `permute(ordinal)` in a finite list, keyed by the owner.
    SiblingChoice(Vec<Value>),
    /// A different number for each row: `min + permute(index mod size) * step`.
    PermutedNumber {
        /// Least.
        min: i64,
        /// How many.
        size: u64,
    },
    /// When the row came to be.
    Birth,
    /// A stamp after the row's birth.
    After(AfterKind),
    /// Set when the lifecycle ended in this class, at its end.
    EndStamp(StatusClass),
    /// Set once the lifecycle passed this stage.
    StageStamp(u8),
    /// Text that exists once the lifecycle passed this stage.
    SinceStage(u8, Box<Source>),
    /// The lifecycle's state, in a column of its own (enum or text).
    StateLabel,
    /// The state of the owner's lifecycle, as the nearest of this column's labels.
    OwnerState(Vec<(Value, StatusClass, u8)>),
    /// The n-th stage on the owner's way, by labels of the column's own (empty: the owner's states).
    StageLabel(Vec<(Value, StatusClass, u8)>),
    /// The product of two columns.
    Product(ColumnId, ColumnId),
    /// Copied from a referenced row's column.
    Copied(Fact),
    /// The sum of a column over the table's children.
    ChildSum {
        /// The child table (owned by this one).
        table: TableId,
        /// Its column.
        column: ColumnId,
    },
    /// added columns minus subtracted ones.
    Balance {
        /// Added.
        plus: Vec<ColumnId>,
        /// Subtracted.
        minus: Vec<ColumnId>,
    },
    /// A share of another column less yet another.
    Share {
        /// Of this column.
        of: ColumnId,
        /// Less this one.
        less: Option<ColumnId>,
        /// The share.
        rates: Vec<f64>,
    },
    /// What a promotion takes off the owner's amount.
    Discount {
        /// The owner's amount.
        of: Fact,
        /// The promotion's kind, where there is one.
        kind: Option<Fact>,
        /// The promotion's value.
        value: Option<Fact>,
    },
    /// A birth date: an age, normal, before `as_of`.
    Age {
        /// Years.
        mean: f64,
        /// Years.
        sd: f64,
        /// Years.
        min: f64,
        /// Years.
        max: f64,
    },
    /// A pattern that a fact gives: `#` is a digit, `A` a letter.
    Pattern(Fact),
    /// A number near the one a fact gives.
    Near {
        /// The number.
        fact: Fact,
        /// Factor on it.
        times: f64,
        /// Standard deviation, as a share (`relative`) or absolute.
        spread: f64,
        /// Whether `spread` is a share of the number.
        relative: bool,
    },
    /// Thirteen digits with a check digit, after a prefix.
    Ean13(String),
    /// An IBAN of a bank that does not exist, with valid check digits.
    Iban(Option<Fact>),
    /// A JSON object of composed texts.
    Object(Vec<(String, TextPlan)>),
    /// Some different words that facts give, as an array.
    SomeOf {
        /// Where words are found, `a|b|c`.
        facts: Vec<Fact>,
        /// Fewest.
        min: u64,
        /// Most.
        max: u64,
    },
    /// Always NULL, with the reason.
    Nothing(String),
}

/// Kinds of stamps after birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterKind {
    /// The last change: not before any other stamp of the row.
    Updated,
    /// The last visit: not before any child.
    LastSeen,
    /// The end of a period that began at a column.
    End,
    /// Some time after.
    Later,
}

/// A fact: some column of some row, reached from a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Foreign keys to follow; empty: the row itself.
    pub hops: Vec<ForeignKeyId>,
    /// What to read there.
    pub target: FactTarget,
}

/// What a fact reads.
#[derive(Debug, Clone, PartialEq)]
pub enum FactTarget {
    /// A column.
    Column(ColumnId),
    /// A value of a joint tuple: index in `TablePlan::tuples`, meaning id.
    Tuple(usize, String),
    /// A column of the row's home: a row of a stored list, drawn by weight, that the row does not name itself.
    Home(TableId, ColumnId),
}

/// A joint tuple that rows of a table draw.
#[derive(Debug)]
pub struct TuplePlan {
    /// The list it is drawn from; `TablePlan::facts` holds what filters its lines.
    pub vocabulary: &'static Vocabulary,
    /// Stream of its draws.
    pub key: StreamKey,
}

/// Text from parts; facts are looked up in `TablePlan::facts`.
#[derive(Debug, Clone)]
pub struct TextPlan {
    /// The template.
    pub template: Template,
}

/// Open and final states of a table's rows.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// Where the state stands.
    pub place: StatePlace,
    /// The states.
    pub states: Vec<State>,
    /// Stream of its draws.
    pub key: StreamKey,
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
}
