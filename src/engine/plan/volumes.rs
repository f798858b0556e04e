//! How many rows: given counts first, then rules, then fan-out below given parents, then the default.

use std::collections::BTreeMap;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::select::GivenCount;
use crate::engine::plan::{ChildShape, Children, FanOut, Layer};
use crate::engine::rules::{ChildCount, ChildDistribution};

/// The count of a table and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Volume {
    pub(super) count: u64,
    pub(super) by: Layer,
    pub(super) detail: String,
    pub(super) given: bool,
    pub(super) fan_out: Option<FanOut>,
}

/// What a table's volume depends on.
pub(super) struct Context<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) given: &'a BTreeMap<TableId, GivenCount>,
    /// Volumes of the tables before it in load order.
    pub(super) known: &'a BTreeMap<TableId, Volume>,
}

/// A table's owner as its volume sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    pub(super) table: TableId,
    pub(super) foreign_key: Option<ForeignKeyId>,
    /// Rows that can be parents.
    pub(super) rows: u64,
    /// The children pay what the parent comes to.
    pub(super) paid: bool,
    /// The children are the pieces of a line.
    pub(super) pieces: bool,
    /// The children give back what was paid of the parent.
    pub(super) returned: bool,
    /// The children are what an account or a stock was moved by.
    pub(super) books: bool,
    /// Each parent needs a child, because another table picks within it.
    pub(super) needed: bool,
    /// The children are its parts, in an order: a module's lessons, an order's lines.
    pub(super) parts: bool,
    /// Most children of one parent that unique keys allow.
    pub(super) cap: u64,
}

impl Parent {
    /// A parent that is not one by a key: each has a child at most.
    pub(super) fn of(table: TableId, rows: u64) -> Self {
        Self {
            table,
            foreign_key: None,
            rows,
            paid: false,
            returned: false,
            pieces: false,
            books: false,
            needed: false,
            parts: false,
            cap: 1,
        }
    }
}

/// Decides a table's volume.
pub(super) fn volume(context: &Context, table: TableId, parent: Option<Parent>) -> Volume {
    let arguments = &context.inputs.arguments;
    let default = libm::round(arguments.rows_default as f64 * arguments.scale).max(0.0) as u64;
    let given = context.given.get(&table);
    let Some(parent) = parent else {
        return given.map_or_else(
            || Volume { count: default, by: Layer::Inference, detail: "rows_default".into(), given: false, fan_out: None },
            |given| Volume { count: given.rows, by: given.by, detail: "given".into(), given: given.by == Layer::Argument, fan_out: None },
        );
    };
    let least = u64::from(parent.needed).min(parent.cap);
    if let Some(given) = given {
        // What is made of parts has some, where there are enough for more than one each.
        let least = if parent.parts && given.rows * 2 >= parent.rows * 3 { least.max(1) } else { least };
        let fan_out = FanOut::Shared { min: if given.rows >= parent.rows { least } else { 0 }, max: parent.cap };
        return Volume {
            count: given.rows,
            by: given.by,
            detail: "given, shared out over its parents".into(),
            given: given.by == Layer::Argument,
            fan_out: Some(fan_out),
        };
    }
    if let Some(children) = ruled(context.inputs, table, parent) {
        return per_parent(children, parent, Layer::Rule);
    }
    // What is paid is paid once, mostly, however many rows other tables have.
    if (parent.paid || parent.returned || parent.pieces) && parent.rows > 0 {
        return per_parent(inferred(context.inputs, table, parent, least), parent, Layer::Inference);
    }
    let below_given = context.known.get(&parent.table).is_some_and(|volume| volume.by != Layer::Inference || volume.detail == BELOW);
    if below_given {
        let mut volume = per_parent(inferred(context.inputs, table, parent, least), parent, Layer::Inference);
        volume.detail = BELOW.into();
        return volume;
    }
    // One movement alone would leave all that came in.
    let least_each = if parent.books { least * MOVEMENTS } else { least };
    let count = default.max(least_each * parent.rows).min(parent.cap.saturating_mul(parent.rows));
    let detail = if count == default { "rows_default" } else { "rows_default, within what its parents need and unique keys allow" };
    Volume {
        count,
        by: Layer::Inference,
        detail: detail.into(),
        given: false,
        fan_out: Some(FanOut::Shared { min: least, max: parent.cap }),
    }
}

const BELOW: &str = "children per parent, below given counts";

fn per_parent(children: Children, parent: Parent, by: Layer) -> Volume {
    let count = (mean(&children) * parent.rows as f64) as u64;
    let detail = if by == Layer::Rule { "children per parent, by a rule" } else { "children per parent" };
    Volume { count, by, detail: detail.into(), given: false, fan_out: Some(FanOut::PerParent(children)) }
}

fn ruled(inputs: &Inputs, table: TableId, parent: Parent) -> Option<Children> {
    let rule = inputs.rules.relations.iter().find(|rule| rule.table == table && Some(rule.foreign_key) == parent.foreign_key)?;
    let mut children = children_of(rule.children.as_ref()?);
    children.max = children.max.min(parent.cap);
    children.min = children.min.max(u64::from(parent.needed)).min(children.max);
    Some(children)
}

fn children_of(rule: &ChildCount) -> Children {
    let shape = match &rule.distribution {
        ChildDistribution::Fixed => ChildShape::Fixed(rule.min),
        ChildDistribution::Range => ChildShape::Uniform,
        ChildDistribution::Zipf(exponent) => ChildShape::Zipf(*exponent),
        ChildDistribution::Normal { mean, sd } => ChildShape::Normal { mean: *mean, sd: *sd },
        ChildDistribution::Choice(numbers) => ChildShape::Choice(numbers.clone()),
    };
    Children { shape, min: rule.min, max: rule.max }
}

/// Movements of a stock that has some, on average.
const MOVEMENTS: u64 = 3;

/// Most things are paid at once, some not yet, some in parts.
const PAYMENTS: [(u64, f64); 4] = [(1, 84.0), (0, 9.0), (2, 5.0), (3, 2.0)];

/// Few things are given back, and those once.
const REFUNDS: [(u64, f64); 2] = [(0, 93.0), (1, 7.0)];

/// How many of a thing people order: mostly one or two.
const PIECES: [(u64, f64); 5] = [(1, 46.0), (2, 34.0), (3, 9.0), (4, 9.0), (6, 2.0)];

/// Details (named after their parent) have one to six rows; other children none to eight, mostly few.
fn inferred(inputs: &Inputs, table: TableId, parent: Parent, least: u64) -> Children {
    let names = &inputs.catalog.tables;
    let (child, owner) = (normalise(&names[table].name), normalise(&names[parent.table].name));
    let detail = child.len() > owner.len() && child.starts_with(&owner);
    let (min, max, exponent) = if detail { (1, 6, 1.1) } else { (0, 8, 1.3) };
    let max = max.min(parent.cap);
    if parent.returned {
        return Children { shape: ChildShape::Choice(REFUNDS.to_vec()), min: least.min(max), max };
    }
    if parent.pieces {
        return Children { shape: ChildShape::Choice(PIECES.to_vec()), min: least.max(1).min(max), max };
    }
    if parent.paid {
        return Children { shape: ChildShape::Choice(PAYMENTS.to_vec()), min: least.min(max), max };
    }
    Children { shape: ChildShape::Zipf(exponent), min: least.max(min).min(max), max }
}

/// Expected children of a parent.
fn mean(children: &Children) -> f64 {
    let (min, max) = (children.min as f64, children.max as f64);
    let mean = match &children.shape {
        ChildShape::Fixed(number) => *number as f64,
        ChildShape::Uniform => f64::midpoint(min, max),
        ChildShape::Normal { mean, .. } => *mean,
        ChildShape::Choice(numbers) => {
            let total: f64 = numbers.iter().map(|(_, weight)| weight).sum();
            numbers.iter().map(|(number, weight)| *number as f64 * weight).sum::<f64>() / total.max(f64::MIN_POSITIVE)
        }
        ChildShape::Zipf(exponent) => {
            let weights: Vec<f64> = (0..=(children.max - children.min).min(1_000)).map(|k| libm::pow((k + 1) as f64, -exponent)).collect();
            let total: f64 = weights.iter().sum();
            min + weights.iter().enumerate().map(|(k, weight)| k as f64 * weight).sum::<f64>() / total
        }
    };
    mean.clamp(min, max)
}
