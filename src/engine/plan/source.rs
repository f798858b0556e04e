//! The plan's nouns for what makes a cell.

use std::sync::Arc;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::expression::Expression;
use crate::engine::plan::{Before, Derived, Fact, PeriodPart, TextPlan, sale::Sale};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::StatusClass;

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
    /// A price: log-normal as [`Source::Lognormal`], ending as prices do, and such that the row's list has a thing of that price.
    Priced {
        /// Median.
        median: f64,
        /// Deviation of the logarithm.
        sigma: f64,
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// A number log-uniform in a band that facts of the row give.
    Band {
        /// Lower end.
        low: Fact,
        /// Upper end.
        high: Fact,
        /// Grid; 0: it ends as prices do.
        step: f64,
    },
    /// A number in the band of one of the things in the row's list: the thing is drawn by the price afterwards.
    AnyBand,
    /// Uniform stamps or dates between two bounds, microseconds.
    StampRange {
        /// From.
        min: i64,
        /// To.
        max: i64,
    },
    /// Text from parts.
    Text(Arc<TextPlan>),
    /// One of these texts.
    Phrases(Arc<[TextPlan]>),
    /// A value of a joint tuple: its place in `TablePlan::tuples`, the column of its list.
    Tuple(usize, usize),
    /// Another source's value, in some share of the rows; in the others a parent's column.
    Mostly {
        /// Share that copies.
        share: f64,
        /// Stream of the choice: a row copies all such columns or none.
        key: StreamKey,
        /// What is copied.
        copied: Fact,
        /// What it must begin with to be copied: the dialling code of the row's own country.
        begins: Option<Fact>,
        /// A NULL is copied, too: of an address all or nothing is.
        whole: bool,
        /// What makes the rest.
        otherwise: Box<Source>,
    },
    /// Elements of an array, PostgreSQL's or JSON's, `min..=max` of them.
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
    /// What goes with a label of the row, or of one above it.
    Told {
        /// The label.
        label: Fact,
        /// By label, what makes the values.
        by: Arc<[(Value, Source)]>,
        /// What makes those of other labels.
        otherwise: Box<Source>,
    },
    /// A random uuid (version 4).
    Uuid,
    /// A random boolean with this share of true.
    Flag(f64),
    /// True for the first row of each owner only.
    FirstFlag,
    /// True for the last row of each owner only.
    LastFlag,
    /// True for the first row of each owner and each value of the column.
    FirstFlagPer(ColumnId),
    /// The row's number among its siblings, from this number.
    Ordinal(i64),
    /// A different value for each row: `permute(index)` in a finite list.
    Permuted(Vec<Value>),
    /// A different value for each sibling: `permute(ordinal)` in a finite list, keyed by the owner.
    SiblingChoice {
        /// The values.
        values: Vec<Value>,
        /// So many of them come before the others; 0: in any order.
        first: usize,
    },
    /// A different number for each row: `min + permute(index mod size) * step`.
    PermutedNumber {
        /// Least.
        min: i64,
        /// How many.
        size: u64,
    },
    /// A day of the calendar period that the row stands for.
    Period(PeriodPart),
    /// The kind of which a row is, where each period has a row of each.
    KindOfPeriod(Vec<Value>),
    /// When the row came to be.
    Birth,
    /// A stamp after the row's birth.
    After(AfterKind),
    /// When the lifecycle first came to one of these of its states, where it has.
    Entered(Arc<[bool]>),
    /// What exists once the lifecycle has come to one of these of its states.
    SinceEntered(Arc<[bool]>, Box<Source>),
    /// The lifecycle's state, in a column of its own (enum or text).
    StateLabel,
    /// The n-th stage on the owner's way, by labels of the column's own (empty: the owner's states).
    StageLabel(Vec<(Value, StatusClass, u8)>),
    /// What an expression over other columns of the row gives.
    Computed(Arc<Expression>),
    /// Another source's numbers, on a grid: people lend 18,000, not 18,022.37.
    Rounded {
        /// What makes the number.
        inner: Box<Source>,
        /// The grid.
        step: f64,
    },
    /// A share of what an expression gives, between two bounds.
    Scaled {
        /// The whole.
        of: Arc<Expression>,
        /// What the share is added to.
        base: Option<Arc<Expression>>,
        /// Least share.
        low: f64,
        /// Greatest share.
        high: f64,
        /// Grid; 0: none.
        step: f64,
    },
    /// Another source's number, but no less than what an expression gives.
    AtLeast {
        /// What makes the number.
        inner: Box<Source>,
        /// The least.
        least: Arc<Expression>,
    },
    /// How many rows of a child table hang under the row.
    ChildCount(TableId),
    /// How many rows of another table name the row.
    NamedCount {
        /// The table.
        table: TableId,
        /// Its key.
        key: ForeignKeyId,
    },
    /// The mean of a column over the rows of another table that name the row; nothing where none does.
    NamedMean {
        /// The table.
        table: TableId,
        /// Its key.
        key: ForeignKeyId,
        /// Its column.
        column: ColumnId,
    },
    /// What is left of a number of the row, less the rows of another table that name it in which a column is still empty: the
    /// copies of a book that nobody has taken home.
    NamedLeft {
        /// The column of the number.
        of: ColumnId,
        /// The table.
        table: TableId,
        /// Its key.
        key: ForeignKeyId,
        /// Its column.
        empty: ColumnId,
    },
    /// The product of two columns.
    Product(ColumnId, ColumnId),
    /// The length of a time, or the row's place in a tree or in a series of versions.
    Derived(Derived),
    /// Copied from a referenced row's column.
    Copied(Fact),
    /// The sum of a column over the table's children.
    ChildSum {
        /// The child table (owned by this one).
        table: TableId,
        /// Its column.
        column: ColumnId,
        /// What is taken off each.
        less: Option<ColumnId>,
    },
    /// The sum of what an expression gives over the rows that hang under the row.
    ChildTotal {
        /// The child table (owned by this one).
        table: TableId,
        /// What each row adds.
        of: Arc<Expression>,
        /// The same as SQL over a row `c`.
        sql: String,
    },
    /// Another source's number; in the first sibling with what the others take away.
    Covering {
        /// What makes the number.
        inner: Box<Source>,
        /// What a row takes away.
        of: Arc<Expression>,
    },
    /// Another source's number, below zero where a kind says so.
    Signed {
        /// What makes the number.
        inner: Box<Source>,
        /// The column with the kind.
        kind: ColumnId,
        /// Kinds of what goes out.
        out: Vec<Value>,
        /// Kinds that go either way.
        either: Vec<Value>,
    },
    /// The sum of what an expression gives over the siblings up to the row.
    Running {
        /// What each row adds.
        of: Arc<Expression>,
        /// The same as SQL over a row `c`.
        sql: String,
    },
    /// A value for the first sibling, another source for the others.
    FirstOf {
        /// The first one's.
        first: Value,
        /// What makes those of the others.
        inner: Box<Source>,
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
        /// The share, in percent, where something says it.
        percent: Option<Fact>,
        /// Else one of these shares.
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
    /// What is paid of an amount that siblings pay together: even parts, the last with what is left.
    Part {
        /// The amount.
        of: Fact,
        /// It is what was received: nothing pays what was not.
        received: bool,
    },
    /// The cost of delivery.
    Delivery {
        /// The rate of the way it is sent.
        rate: Fact,
        /// The table of promotions used, with the fact that says what kind each is.
        free: Option<(TableId, Fact)>,
    },
    /// Another source's value where a flag of the row stands so, else nothing.
    WhenFlag {
        /// The flag.
        flag: ColumnId,
        /// How it must stand.
        on: bool,
        /// What makes the value.
        inner: Box<Source>,
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
    /// What a thing is sold for.
    OnSale(Sale),
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
    /// A number that keeps near what it is for a row above: somebody's weight at each visit.
    Steady {
        /// Foreign keys to that row.
        hops: Vec<ForeignKeyId>,
        /// What makes the number of that row.
        inner: Box<Source>,
        /// Standard deviation around it.
        spread: f64,
        /// Whether `spread` is the deviation of the number's logarithm.
        relative: bool,
    },
    /// What the sibling before the row has in another column.
    Carried {
        /// The column.
        of: ColumnId,
        /// What makes the first one's.
        first: Box<Source>,
    },
    /// Thirteen digits with a check digit, after a prefix.
    Ean13(String),
    /// An IBAN of a bank that does not exist, with valid check digits.
    Iban(Option<Fact>),
    /// A value of a type that is made by its structure: arrays, ranges, composites, bits, what is known by its spelling.
    Typed(Arc<TypeKind>),
    /// A range beside those of all other rows, or one of its ends.
    Disjoint {
        /// The range or an end.
        part: RangePart,
        /// Beside those of its siblings only.
        per_owner: bool,
    },
    /// A JSON object of composed names and texts.
    Object(Vec<(TextPlan, TextPlan)>),
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

/// What a column holds of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangePart {
    /// All of it.
    Whole,
    /// Its lower end.
    Low,
    /// Its upper end.
    High,
}

/// Kinds of stamps after birth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AfterKind {
    /// The last change: not before any other stamp of the row.
    Updated,
    /// The last visit: not before any child.
    LastSeen,
    /// The beginning of a period that somebody set: a full hour within the day after.
    Opening,
    /// The end of a period that somebody set: the last second of a day.
    Closing(Lag),
    /// So long after.
    Lag(Lag),
    /// So long after another column of the row, to the minute or, where somebody planned it, to the quarter of an hour.
    Since {
        /// The column.
        column: ColumnId,
        /// How long.
        lag: Lag,
        /// Whether it was planned.
        planned: bool,
    },
    /// On the way to a beginning that is the row's own time, or about then.
    Before(Before),
    /// When the row that it hangs under says, in this column.
    Agreed {
        /// The column there.
        column: ColumnId,
    },
    /// About when another column says: mostly somewhat before, sometimes late.
    About {
        /// The column.
        column: ColumnId,
    },
    /// Any time after.
    Later,
    /// Shortly before the data end.
    AtLast,
}

/// How long after a row's own time something happens: log-normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Median, in days.
    pub median: f64,
    /// Deviation of the logarithm.
    pub sigma: f64,
    /// Most days.
    pub max: f64,
    /// The end of a period: a day or more later, and it may lie after `as_of`.
    pub future: bool,
}

impl Source {
    /// Whether nothing but a guess makes the values: what is known of the row may overrule it.
    pub(super) fn is_guess(&self) -> bool {
        match self {
            Self::Choice { .. }
            | Self::Uniform { .. }
            | Self::Normal { .. }
            | Self::Lognormal { .. }
            | Self::Rounded { .. }
            | Self::Priced { .. }
            | Self::Band { .. }
            | Self::Text(_)
            | Self::Phrases(_)
            | Self::Tuple(..)
            | Self::Near { .. }
            | Self::Flag(_)
            | Self::Share { .. }
            | Self::WhenFlag { .. } => true,
            Self::OnSale(sale) => sale.varied,
            Self::After(kind) => {
                matches!(kind, AfterKind::Lag(_) | AfterKind::Later | AfterKind::Opening | AfterKind::Closing(_) | AfterKind::Since { .. })
            }
            _ => false,
        }
    }

    /// Whether a formula makes its values, in all rows or in those where there is something to say.
    pub(super) fn follows(&self) -> bool {
        match self {
            Self::Computed(_) | Self::Scaled { .. } => true,
            Self::Cases(cases) => matches!(&cases[..], [(Some(_), inner)] if inner.follows()),
            _ => false,
        }
    }

    /// Whether a stamp tells that something happened to the row after its birth: it was not changed last before that.
    pub fn tells_a_change(&self) -> bool {
        match self {
            Self::Entered(_) | Self::After(AfterKind::LastSeen | AfterKind::Later | AfterKind::AtLast) => true,
            Self::After(AfterKind::Lag(lag)) => !lag.future,
            _ => false,
        }
    }

    /// Whether it makes prices, in all rows or in some.
    pub(super) fn is_priced(&self) -> bool {
        match self {
            Self::Priced { .. } | Self::AnyBand => true,
            Self::Cases(cases) => cases.iter().any(|(_, source)| source.is_priced()),
            _ => false,
        }
    }

    /// Whether it makes numbers, none of them below 0: counts, measures, amounts.
    pub(crate) fn is_never_negative(&self) -> bool {
        match self {
            Self::Choice { values, .. } => {
                !values.is_empty() && values.iter().all(|value| value.as_f64().is_some_and(|number| number >= 0.0))
            }
            Self::Uniform { min, .. } | Self::Normal { min, .. } | Self::Lognormal { min, .. } | Self::Priced { min, .. } => *min >= 0.0,
            Self::Band { .. } | Self::AnyBand | Self::Share { .. } | Self::Delivery { .. } => true,
            _ => false,
        }
    }

    /// The same with log-normal numbers as prices.
    #[must_use]
    pub(super) fn priced(self) -> Self {
        match self {
            Self::Lognormal { median, sigma, min, max } => Self::Priced { median, sigma, min, max },
            Self::Cases(cases) => Self::Cases(cases.into_iter().map(|(when, source)| (when, source.priced())).collect()),
            other => other,
        }
    }
}
