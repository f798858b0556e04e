//! The plan's nouns for what connects tables: owners, fan-outs, picks.

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::{Below, Fact, Layer, Membership};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;

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
    /// Most children of one parent that unique keys allow, those that are there counted.
    pub cap: u64,
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

/// Of which group the partners of a row are.
#[derive(Debug, Clone)]
pub struct Near {
    /// The key of the referenced table by which its rows are grouped (their category).
    pub kin: ForeignKeyId,
    /// The column that says what the partner is to the row, and what it says of partners of the row's own group, and of those of a
    /// group beside it: what is similar is of one kind, an accessory is of another.
    pub told: Option<(ColumnId, Vec<Value>, Vec<Value>)>,
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
    /// One of those who belong to what the row names.
    pub member: Option<Membership>,
    /// Whom an earlier sibling names by this other key: who invited a member is a member already. The first was invited by nobody.
    pub fellow: Option<ForeignKeyId>,
    /// When the referenced row is valid.
    pub valid: Option<Validity>,
    /// Rows that go with what another key of the row names (brands of a category).
    pub kin: Option<Kin>,
    /// Rows whose words go with those of a row that another key names (the titles of a department's jobs).
    pub akin: Option<Akin>,
    /// Of this key's row and that of another key to the same table, it takes the earlier (true) or the later one.
    pub sorted: Option<(ForeignKeyId, bool)>,
    /// Mostly the row that these keys lead to (the currency that the order's user prefers).
    pub follows: Option<Vec<ForeignKeyId>>,
    /// Each row names one of its own while there are enough: everybody lives somewhere else.
    pub apart: bool,
    /// It names that row wherever there is one: who was visited is who had made the appointment. Of what it prefers, it names one or
    /// none.
    pub surely: bool,
    /// Of the rows that hang under the same row further up as this one does: the users of the ticket's own organisation.
    pub tenant: Option<Tenant>,
    /// Else mostly the row that goes with a home (the currency of a country).
    pub native: Option<Native>,
    /// Share of rows that name what their siblings name: a person's addresses are mostly in one town.
    pub alike: f64,
    /// The row asks for a least amount, which this row's must reach.
    pub affordable: Option<Affordable>,
    /// Partners are mostly of the owner's own group.
    pub near: Option<Near>,
    /// Seldom the row that these keys lead to: others than its author respond to what somebody wrote.
    pub unlike: Option<Vec<ForeignKeyId>>,
    /// It names what goes into the row that this one hangs under, never what that goes into.
    pub below: Option<Below>,
    /// Siblings name different rows where a few draws find one: more of the same thing is a larger quantity.
    pub counted: bool,
    /// Columns of this key that another one decides, with the columns they refer to: the row named must agree on them.
    pub shared: Vec<(ColumnId, ColumnId)>,
    /// Who decided.
    pub decided_by: Layer,
}

/// Which rows of a stored list go with each row of another that the same row names.
#[derive(Debug, Clone, PartialEq)]
pub struct Kin {
    /// The other foreign key.
    pub by: ForeignKeyId,
    /// By the row it names: the rows that go with it, with running sums of their weights.
    pub rows: std::collections::BTreeMap<super::RowIndex, Vec<(super::RowIndex, f64)>>,
}

/// Which words of the rows that a key may name go with those of a row that another key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Akin {
    /// The other foreign key.
    pub by: ForeignKeyId,
    /// The column there with the word (the department's name).
    pub column: ColumnId,
    /// The line of a list that the rows draw, and its column with the word for which the line is.
    pub tuple: usize,
    /// See `tuple`.
    pub cell: usize,
}

/// Rows of the referenced table that belong to the one whom this row belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Keys that lead from this row to the one that both hang under.
    pub up: Vec<ForeignKeyId>,
    /// Keys that lead there from the rows that may be named.
    pub down: Vec<ForeignKeyId>,
}

/// Which row of a stored list goes with the home of the row at the head of the owners.
#[derive(Debug, Clone, PartialEq)]
pub struct Native {
    /// Keys that lead there, none for a row that hangs under nothing.
    pub up: Vec<ForeignKeyId>,
    /// The list of homes.
    pub list: TableId,
    /// By the home: the row that goes with it.
    pub rows: std::collections::BTreeMap<super::RowIndex, super::RowIndex>,
}

impl PickPlan {
    /// Of a table that gets no rows.
    pub(super) fn nothing() -> Self {
        Self {
            pick: Pick::Nothing("its table gets no rows".into()),
            null_fraction: 0.0,
            key: StreamKey::default(),
            not_after: false,
            prefers: None,
            at_home: false,
            member: None,
            fellow: None,
            valid: None,
            kin: None,
            akin: None,
            tenant: None,
            native: None,
            alike: 0.0,
            sorted: None,
            follows: None,
            apart: false,
            surely: false,
            affordable: None,
            counted: false,
            near: None,
            below: None,
            unlike: None,
            shared: Vec::new(),
            decided_by: Layer::Catalog,
        }
    }

    /// Whether rows of the referenced table may be out of the question: not valid at the time, or asking for more.
    pub fn is_limited(&self) -> bool {
        self.valid.is_some() && self.not_after || self.affordable.is_some()
    }
}

/// The columns that tell from when and until when a row is valid: a policy pays for visits between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when; `None`: from its birth.
    pub from: Option<ColumnId>,
    /// Until when.
    pub until: ColumnId,
    /// What names it comes when that is over: a review after the stay.
    pub over: bool,
}

/// A least amount in the referenced table, and the amount that must reach it.
#[derive(Debug, Clone, PartialEq)]
pub struct Affordable {
    /// The column of the referenced table.
    pub least: ColumnId,
    /// The amount.
    pub amount: Fact,
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
    /// NULL while the table is loaded, for it closes a cycle of tables; set by an UPDATE once all are there.
    Later,
    /// A row of the ring: the first rows of tables whose mandatory keys form a cycle.
    Ring,
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
