//! The values a column may take, by its type, its domains and the CHECKs that name it alone.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Bound, ClockBound, Pattern};
use crate::engine::catalog::{Column, TypeKind};
use crate::engine::value::{Decimal, Value};

/// The letters that a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// `lower(x) = x`
    Lower,
    /// `upper(x) = x`
    Upper,
}

/// The values a column may take; where nothing is said, any of its type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnDomain {
    /// The column's kind.
    pub kind: TypeKind,
    /// The only values, in the constraint's order; an enum's labels in theirs.
    pub allowed: Option<Vec<Value>>,
    /// Values that are not permitted.
    pub excluded: Vec<Value>,
    /// Least value, beyond what the type says.
    pub min: Option<Bound>,
    /// Greatest value, beyond what the type says.
    pub max: Option<Bound>,
    /// Lower ends that move with the clock; `at` resolves them.
    pub clock_min: Vec<ClockBound>,
    /// Upper ends that move with the clock.
    pub clock_max: Vec<ClockBound>,
    /// Shortest text, in characters.
    pub min_length: Option<u64>,
    /// Longest text, in characters.
    pub max_length: Option<u64>,
    /// No blanks at the ends of a text.
    pub trimmed: bool,
    /// Letters in one case only.
    pub letter_case: Option<LetterCase>,
    /// Patterns that a text matches.
    pub patterns: Vec<Arc<Pattern>>,
    /// Every number is a multiple of it.
    pub step: Option<Decimal>,
    /// Every stamp is a multiple of so many microseconds.
    pub stamp_unit: Option<i64>,
    /// NULL is not permitted.
    pub not_null: bool,
    /// Nothing but NULL is permitted.
    pub must_be_null: bool,
}

impl ColumnDomain {
    /// What the column's type alone says.
    pub fn of_type(column: &Column) -> Self {
        let kind = column.data_type.kind.clone();
        let (allowed, max_length) = match &kind {
            TypeKind::Enum { labels } => (Some(labels.iter().map(|label| Value::text(label.as_str())).collect()), None),
            TypeKind::Varchar { length } => (None, length.map(u64::from)),
            TypeKind::Char { length } => (None, Some(u64::from(*length))),
            _ => (None, None),
        };
        Self { kind, allowed, max_length, not_null: column.not_null, ..Self::default() }
    }

    /// The domain at a time of the run, a `Stamp`: its moving ends become fixed ones.
    #[must_use]
    pub fn at(&self, as_of: &Value) -> Self {
        let mut domain = self.clone();
        for bound in domain.clock_min.drain(..).collect::<Vec<_>>() {
            if let Some(bound) = bound.at(as_of) {
                domain.raise(bound);
            }
        }
        for bound in domain.clock_max.drain(..).collect::<Vec<_>>() {
            if let Some(bound) = bound.at(as_of) {
                domain.lower(bound);
            }
        }
        domain.settle();
        domain
    }

    pub(super) fn raise(&mut self, bound: Bound) {
        self.min = Some(bound.raised(&self.kind).higher(self.min.take()));
    }

    pub(super) fn lower(&mut self, bound: Bound) {
        self.max = Some(bound.lowered(&self.kind).lower(self.max.take()));
    }

    /// Keeps only these values.
    pub(super) fn restrict(&mut self, values: &[Value]) {
        let kept = match self.allowed.take() {
            Some(allowed) => allowed.into_iter().filter(|value| contains(values, value)).collect(),
            None => self.storable(values),
        };
        self.allowed = Some(kept);
    }

    /// The values, each once, that the type stores as they are: what it would round or cut never equals.
    fn storable(&self, values: &[Value]) -> Vec<Value> {
        let mut kept: Vec<Value> = Vec::with_capacity(values.len());
        for value in values {
            let stored = value.clone().fit(&self.kind);
            if stored.compare(value) == Some(Ordering::Equal) && !contains(&kept, &stored) {
                kept.push(stored);
            }
        }
        kept
    }

    pub(super) fn exclude(&mut self, value: &Value) {
        if !contains(&self.excluded, value) {
            self.excluded.push(value.clone());
        }
    }

    pub(super) fn lengthen(&mut self, least: u64) {
        self.min_length = Some(self.min_length.map_or(least, |length| length.max(least)));
    }

    pub(super) fn shorten(&mut self, most: u64) {
        self.max_length = Some(self.max_length.map_or(most, |length| length.min(most)));
    }

    /// Drops allowed values that other facts rule out, and excluded ones that are out of reach.
    pub(super) fn settle(&mut self) {
        if let Some(allowed) = self.allowed.take() {
            self.allowed = Some(allowed.into_iter().filter(|value| self.admits(value)).collect());
        }
        let (min, max) = (self.min.clone(), self.max.clone());
        self.excluded.retain(|value| within(value, min.as_ref(), max.as_ref()));
    }

    /// Whether a value, as stored, is in the domain; NULL where it may be NULL.
    pub fn permits(&self, value: &Value) -> bool {
        if value.is_null() {
            return !self.not_null;
        }
        !self.must_be_null && self.admits(value) && self.allowed.as_ref().is_none_or(|allowed| contains(allowed, value))
    }

    /// Whether everything but the set of allowed values takes a value.
    pub(super) fn admits(&self, value: &Value) -> bool {
        within(value, self.min.as_ref(), self.max.as_ref())
            && !contains(&self.excluded, value)
            && self.step.is_none_or(|step| value.as_decimal().is_some_and(|number| is_multiple(number, step)))
            && match value {
                Value::Text(text) => self.admits_text(text),
                Value::Stamp(at) => self.stamp_unit.is_none_or(|unit| at % unit == 0),
                _ => true,
            }
    }

    fn admits_text(&self, text: &str) -> bool {
        let length = || text.chars().count() as u64;
        self.min_length.is_none_or(|least| length() >= least)
            // No text has more characters than bytes.
            && self.max_length.is_none_or(|most| text.len() as u64 <= most || length() <= most)
            && self.patterns.iter().all(|pattern| pattern.matches(text) != Some(false))
            && !(self.trimmed && text.trim_matches(' ').len() != text.len())
            && match self.letter_case {
                Some(LetterCase::Lower) => text.to_lowercase() == text,
                Some(LetterCase::Upper) => text.to_uppercase() == text,
                None => true,
            }
    }

    /// Why no value but NULL is left, if so.
    pub(super) fn emptiness(&self) -> Option<String> {
        if self.allowed.as_ref().is_some_and(Vec::is_empty) {
            return Some("no value is allowed by all its checks".into());
        }
        if let (Some(min), Some(max)) = (&self.min, &self.max) {
            let order = min.value.compare(&max.value);
            if order == Some(Ordering::Greater) || (order == Some(Ordering::Equal) && !(min.inclusive && max.inclusive)) {
                return Some(format!("it must be at least {} and at most {}", min.value, max.value));
            }
        }
        match (self.min_length, self.max_length) {
            (Some(least), Some(most)) if least > most => Some(format!("its length must be at least {least} and at most {most}")),
            _ => (self.capacity(&self.kind) == Some(0)).then(|| "no value is left by its checks".into()),
        }
    }
}

/// Whether a list holds a value, by SQL's equality.
pub(super) fn contains(values: &[Value], value: &Value) -> bool {
    values.iter().any(|other| other.compare(value) == Some(Ordering::Equal))
}

pub(super) fn within(value: &Value, min: Option<&Bound>, max: Option<&Bound>) -> bool {
    let above = min.is_none_or(|bound| match value.compare(&bound.value) {
        Some(Ordering::Less) => false,
        Some(Ordering::Equal) => bound.inclusive,
        _ => true,
    });
    above
        && max.is_none_or(|bound| match value.compare(&bound.value) {
            Some(Ordering::Greater) => false,
            Some(Ordering::Equal) => bound.inclusive,
            _ => true,
        })
}

/// Whether a number is a multiple of a step.
pub(super) fn is_multiple(number: Decimal, step: Decimal) -> bool {
    let scale = number.scale.max(step.scale);
    match (number.checked_rescale(scale), step.checked_rescale(scale)) {
        (Some(number), Some(step)) if step.units != 0 => number.units % step.units == 0,
        _ => false,
    }
}
