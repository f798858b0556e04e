//! The bound expression: names are columns, literals are values, types agree.

use std::sync::Arc;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TypeKind};
use crate::engine::constraint::Pattern;
use crate::engine::value::Value;

/// A cell that an expression reads: a column of its own row, or of a row that it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellPath {
    /// Foreign keys to follow, each of the table that the former led to.
    pub hops: Vec<ForeignKeyId>,
    /// The column at the end.
    pub column: ColumnId,
}

impl CellPath {
    /// A column of the row itself.
    pub fn own(column: ColumnId) -> Self {
        Self { hops: Vec::new(), column }
    }
}

/// A bound expression. Booleans follow SQL's three-valued logic, NULL being unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A constant.
    Literal(Value),
    /// A cell.
    Cell(CellPath),
    /// The time of the run.
    Clock(Clock),
    /// NOT.
    Not(Box<Self>),
    /// AND of all.
    All(Vec<Self>),
    /// OR of all.
    Any(Vec<Self>),
    /// A comparison of values that `Value::compare` orders.
    Compare {
        /// Which.
        operator: Operator,
        /// Left side.
        left: Box<Self>,
        /// Right side.
        right: Box<Self>,
    },
    /// IS DISTINCT FROM.
    Distinct(Box<Self>, Box<Self>),
    /// IN a list of constants; NULL may be among them.
    Member {
        /// What is looked for.
        operand: Box<Self>,
        /// Where.
        values: Vec<Value>,
    },
    /// IS NULL, IS TRUE, IS FALSE: never unknown.
    Is {
        /// What is tested.
        operand: Box<Self>,
        /// For what.
        test: Test,
    },
    /// Arithmetic on numbers.
    Arithmetic {
        /// Which.
        operation: Operation,
        /// The kind of the result.
        number: Number,
        /// Left side.
        left: Box<Self>,
        /// Right side.
        right: Box<Self>,
    },
    /// A day plus (or, with a negative factor, minus) a number of days.
    DayShift {
        /// The day.
        day: Box<Self>,
        /// The number of days.
        days: Box<Self>,
        /// 1 or -1.
        factor: i64,
    },
    /// A day, stamp or time of day plus an interval; of days and stamps the result is a stamp.
    StampShift {
        /// The day, stamp or time.
        stamp: Box<Self>,
        /// How many times the interval; once where nothing says it.
        times: Option<Box<Self>>,
        /// Months, added first.
        months: i32,
        /// Days, added second.
        days: i32,
        /// Microseconds.
        micros: i64,
    },
    /// The difference of two days in days, or of two stamps in microseconds.
    Elapsed(Box<Self>, Box<Self>),
    /// LIKE, ILIKE.
    Like {
        /// The text.
        operand: Box<Self>,
        /// The pattern, with `\` as its escape.
        pattern: Box<Self>,
        /// ILIKE.
        fold: bool,
    },
    /// CASE WHEN; a CASE over an operand is bound as comparisons.
    Case {
        /// Conditions and results.
        branches: Vec<(Self, Self)>,
        /// ELSE.
        otherwise: Box<Self>,
    },
    /// COALESCE.
    Coalesce(Vec<Self>),
    /// NULLIF.
    NullIf(Box<Self>, Box<Self>),
    /// GREATEST, LEAST: NULLs are passed over.
    Extreme {
        /// GREATEST.
        greatest: bool,
        /// Of these.
        operands: Vec<Self>,
    },
    /// A function.
    Call(Function, Vec<Self>),
    /// A cast that a value may fail.
    Cast {
        /// What is cast.
        operand: Box<Self>,
        /// To what.
        kind: TypeKind,
    },
    /// The row referred to, or one of its ancestors, has this name or key.
    Under {
        /// Foreign keys to follow.
        hops: Vec<ForeignKeyId>,
        /// Name or key.
        name: String,
    },
}

/// The run's time: never the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// now()
    Now,
    /// CURRENT_DATE
    Today,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// An operation on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A kind of number: how arithmetic rounds and where it overflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// smallint, integer, bigint.
    Integer {
        /// Width in bytes.
        bytes: u8,
    },
    /// numeric.
    Numeric,
    /// real, double precision.
    Float {
        /// Width in bytes.
        bytes: u8,
    },
}

/// What IS asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Test {
    Null,
    True,
    False,
}

/// A function; all but `NonNulls` and `Nulls` give NULL for a NULL argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Function {
    /// lower(text); beyond ASCII only where the collation is known not to matter.
    Lower {
        /// Refuse other characters.
        ascii: bool,
    },
    /// upper(text)
    Upper {
        /// Refuse other characters.
        ascii: bool,
    },
    /// btrim, ltrim, rtrim(text [, characters])
    Trim {
        /// At the beginning.
        left: bool,
        /// At the end.
        right: bool,
    },
    /// length in characters
    Length,
    /// octet_length
    OctetLength,
    /// abs(number)
    Absolute,
    /// - number
    Negate,
    /// round(numeric [, digits])
    Round,
    /// floor(number)
    Floor,
    /// ceil(number)
    Ceiling,
    /// trunc(numeric [, digits])
    Truncate,
    /// sign(number)
    Sign,
    /// power(number, whole number)
    Power,
    /// num_nonnulls
    NonNulls,
    /// num_nulls
    Nulls,
    /// strpos(text, part)
    Position,
    /// left(text, count)
    Left,
    /// right(text, count)
    Right,
    /// substr(text, from [, count])
    Substring,
    /// date_trunc to a unit of so many microseconds, up to an hour
    TruncateTime(i64),
    /// text ~ pattern
    Matches(Arc<Pattern>),
    /// starts_with(text, prefix)
    StartsWith,
    /// replace(text, from, to)
    Replace,
    /// text || text
    Concatenate,
    /// Position of an enum's label in its type.
    EnumRank(Arc<[String]>),
    /// A part of a day or stamp, as numeric.
    Part(Part),
    /// cardinality(array)
    Cardinality,
    /// array_length(array, 1): NULL of an empty one
    ArrayLength,
}

/// A part of a day or stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Part {
    Year,
    Quarter,
    Month,
    Day,
    DayOfWeek,
    IsoDayOfWeek,
    DayOfYear,
    Hour,
    Minute,
}

impl Operator {
    /// The operator with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    /// The operator that holds exactly where this one fails, on values that are not NULL.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
        }
    }

    /// Whether it needs an order, not just equality.
    pub fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it holds between values so ordered.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

impl Expression {
    /// AND, flattened.
    pub fn all(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::All(flat)
    }

    /// OR, flattened.
    pub fn any(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::Any(flat)
    }

    /// The parts directly below.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) | Self::Cell(_) | Self::Clock(_) | Self::Under { .. } => Vec::new(),
            Self::Not(operand) | Self::Member { operand, .. } | Self::Is { operand, .. } | Self::Cast { operand, .. } => vec![&**operand],
            Self::StampShift { stamp, times, .. } => std::iter::once(&**stamp).chain(times.as_deref()).collect(),
            Self::All(parts) | Self::Any(parts) | Self::Coalesce(parts) | Self::Call(_, parts) => parts.iter().collect(),
            Self::Extreme { operands, .. } => operands.iter().collect(),
            Self::Compare { left, right, .. }
            | Self::Arithmetic { left, right, .. }
            | Self::Distinct(left, right)
            | Self::Elapsed(left, right)
            | Self::NullIf(left, right)
            | Self::DayShift { day: left, days: right, .. }
            | Self::Like { operand: left, pattern: right, .. } => vec![&**left, &**right],
            Self::Case { branches, otherwise } => {
                let mut parts: Vec<&Self> = branches.iter().flat_map(|(when, then)| [when, then]).collect();
                parts.push(otherwise);
                parts
            }
        }
    }

    /// The cells it reads, each once, sorted.
    pub fn columns(&self) -> Vec<CellPath> {
        let mut paths = Vec::new();
        self.visit(&mut |part| {
            if let Self::Cell(path) = part {
                paths.push(path.clone());
            }
        });
        paths.sort();
        paths.dedup();
        paths
    }

    /// The references whose ancestors it asks for, each once, sorted.
    pub fn ancestries(&self) -> Vec<Vec<ForeignKeyId>> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Self::Under { hops, .. } = part {
                found.push(hops.clone());
            }
        });
        found.sort();
        found.dedup();
        found
    }

    /// Whether its truth changes with the time of the run.
    pub fn reads_clock(&self) -> bool {
        let mut reads = false;
        self.visit(&mut |part| reads |= matches!(part, Self::Clock(_)));
        reads
    }

    /// Shows every part to a visitor, itself first.
    pub fn visit<'a>(&'a self, visitor: &mut impl FnMut(&'a Self)) {
        visitor(self);
        for child in self.children() {
            child.visit(visitor);
        }
    }
}
