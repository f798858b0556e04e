//! Values of types that are made by their structure: arrays, ranges, composites, bits, and what has a spelling.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::engine::catalog::{TableId, TypeKind, spellings};
use crate::engine::plan::{RowIndex, TextPlan};
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rules::template::Template;
use crate::engine::value::{MICROS_PER_DAY, Value};

/// Elements of an array, one at least.
const MOST_ELEMENTS: u64 = 3;

/// Days before `as_of` in which dates of a bare type lie.
const DAYS: u64 = 1_000;

/// Longest bit string where the type names no length.
const MOST_BITS: u64 = 16;

static SPELLINGS: LazyLock<BTreeMap<&str, TextPlan>> = LazyLock::new(|| {
    spellings().filter_map(|(name, template)| Some((name, TextPlan { template: Template::parse(template).ok()? }))).collect()
});

impl Rows<'_> {
    /// The text of a value of the kind; `None` where no form of it is known.
    pub(super) fn shaped(&mut self, table: TableId, index: RowIndex, kind: &TypeKind, draws: &mut Draws) -> Option<String> {
        Some(match kind {
            TypeKind::Array { element } => {
                let count = 1 + draws.below(MOST_ELEMENTS);
                self.array_of(table, index, element, count, draws)?
            }
            TypeKind::Composite { fields } => {
                let fields: Option<Vec<String>> =
                    fields.iter().map(|field| self.shaped(table, index, field, draws).map(|text| quoted(&text))).collect();
                format!("({})", fields?.join(","))
            }
            TypeKind::Range { subtype, multi } => {
                let range = self.range(subtype, draws);
                if *multi { format!("{{{range}}}") } else { range }
            }
            TypeKind::Named { name } => {
                let plan = SPELLINGS.get(name.as_str())?;
                self.text(table, index, plan, draws)?
            }
            TypeKind::Other => return None,
            scalar => self.scalar(scalar, draws),
        })
    }

    /// The text of an array of so many elements.
    pub(super) fn array_of(
        &mut self,
        table: TableId,
        index: RowIndex,
        element: &TypeKind,
        count: u64,
        draws: &mut Draws,
    ) -> Option<String> {
        let elements: Option<Vec<String>> =
            (0..count).map(|_| self.shaped(table, index, element, draws).map(|text| quoted(&text))).collect();
        Some(format!("{{{}}}", elements?.join(",")))
    }

    /// A half-open range of two different bounds in order; empty over what has no order that we know.
    fn range(&self, subtype: &TypeKind, draws: &mut Draws) -> String {
        let (low, size) = (draws.below(900), 1 + draws.below(99));
        let ends = match subtype {
            TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. } => {
                Some((Value::Int(low as i64).to_string(), Value::Int((low + size) as i64).to_string()))
            }
            TypeKind::Date => {
                let first = self.day(low) as i32;
                Some((Value::Date(first).to_string(), Value::Date(first + size as i32).to_string()))
            }
            TypeKind::Timestamp { .. } => {
                let first = self.day(low) * MICROS_PER_DAY + draws.below(24) as i64 * 3_600_000_000;
                Some((Value::Stamp(first).to_string(), Value::Stamp(first + size as i64 * 1_800_000_000).to_string()))
            }
            TypeKind::Time { zoned: false, .. } => {
                let first = low as i64 * 60_000_000;
                Some((Value::Time(first).to_string(), Value::Time(first + size as i64 * 60_000_000).to_string()))
            }
            _ => None,
        };
        ends.map_or_else(|| "empty".to_owned(), |(low, high)| format!("[\"{low}\",\"{high}\")"))
    }

    fn scalar(&self, kind: &TypeKind, draws: &mut Draws) -> String {
        match kind {
            TypeKind::Boolean => Value::Bool(draws.unit() < 0.5).to_string(),
            TypeKind::Integer { .. } => (1 + draws.below(9_999)).to_string(),
            TypeKind::Numeric { .. } | TypeKind::Money | TypeKind::Float { .. } => {
                Value::Float((draws.below(99_999) as f64) / 100.0).fit(kind).to_string()
            }
            TypeKind::Date => Value::Date(self.day(draws.below(DAYS)) as i32).to_string(),
            TypeKind::Timestamp { .. } => {
                let micros = self.day(draws.below(DAYS)) * MICROS_PER_DAY + draws.below(86_400) as i64 * 1_000_000;
                Value::Stamp(micros).to_string()
            }
            TypeKind::Time { zoned, .. } => {
                let time = Value::Time(draws.below(1_440) as i64 * 60_000_000).to_string();
                if *zoned { format!("{time}+00") } else { time }
            }
            TypeKind::Interval => format!("{} days", 1 + draws.below(30)),
            TypeKind::Uuid => Value::Uuid(super::cell::uuid(draws)).to_string(),
            TypeKind::Json { .. } => format!("{{\"value\": {}}}", draws.below(1_000)),
            TypeKind::Bytes => format!("\\x{:016x}", draws.bits()),
            TypeKind::Inet => format!("192.0.2.{}", 1 + draws.below(254)),
            TypeKind::Enum { labels } => labels.get(draws.below(labels.len() as u64) as usize).cloned().unwrap_or_default(),
            TypeKind::Bits { length, varying } => {
                let most = length.map_or(MOST_BITS, u64::from);
                let length = if *varying { 1 + draws.below(most.clamp(1, MOST_BITS)) } else { most };
                (0..length).map(|_| if draws.unit() < 0.5 { '0' } else { '1' }).collect()
            }
            TypeKind::Varchar { length: Some(length) } | TypeKind::Char { length } => word((*length).min(8), draws),
            _ => word(8, draws),
        }
    }

    /// A day before the time of the run, in days since 2000-01-01.
    fn day(&self, before: u64) -> i64 {
        self.plan.as_of.div_euclid(MICROS_PER_DAY) - 1 - before as i64
    }
}

fn word(letters: u32, draws: &mut Draws) -> String {
    (0..letters).map(|_| char::from(b'a' + draws.below(26) as u8)).collect()
}

/// An element of an array, or a field of a composite, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
