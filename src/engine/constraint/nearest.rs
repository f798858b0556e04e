//! A made value moved into a domain: what makes `Proved` true of every cell.

use std::cmp::Ordering;
use std::sync::Arc;

use super::bound::Step;
use super::domain::{contains, is_multiple, within};
use super::{Bound, ColumnDomain, LetterCase, Pattern, joint};
use crate::engine::catalog::TypeKind;
use crate::engine::value::{Decimal, Value};

/// How far inside an open end of a type without a grid a value is put, of the end's size or of 1.
const INSIDE: f64 = 1e-6;

impl ColumnDomain {
    /// The value itself where it is permitted, else one near it that is: `bits` choose in a list.
    ///
    /// NULL comes back as it is; so does, at its nearest, a value of a domain that holds none.
    pub fn nearest(&self, value: Value, bits: u64) -> Value {
        if value.is_null() {
            return value;
        }
        if let Some(allowed) = &self.allowed {
            let place = ((u128::from(bits) * allowed.len() as u128) >> 64) as usize;
            return if contains(allowed, &value) { value } else { allowed.get(place).cloned().unwrap_or(value) };
        }
        let value = match value {
            Value::Text(text) => Value::text(self.matching(self.shaped(&text), bits)),
            Value::Stamp(at) if self.stamp_unit.is_some_and(|unit| at % unit != 0) => {
                let unit = self.stamp_unit.unwrap_or(1);
                self.nearest(Value::Stamp(at - at.rem_euclid(unit)), bits)
            }
            other => self.on_step(self.inside(self.inside(other, self.min.as_ref(), Ordering::Greater), self.max.as_ref(), Ordering::Less)),
        };
        if contains(&self.excluded, &value) { self.beside(&value) } else { value }
    }

    /// Whether `nearest` would give back this value, which is of the type, unchanged; cheaper, and false where in doubt.
    pub fn keeps(&self, value: &Value) -> bool {
        if value.is_null() {
            return true;
        }
        if let Some(allowed) = &self.allowed {
            return contains(allowed, value);
        }
        self.step.is_none() && self.admits(value)
    }

    /// The value, or the bound's inner side where it lies beyond.
    fn inside(&self, value: Value, bound: Option<&Bound>, inward: Ordering) -> Value {
        let Some(bound) = bound else { return value };
        if is_inside(&value, bound, inward) {
            return value;
        }
        let end = bound.value.clone().fit(&self.kind);
        if is_inside(&end, bound, inward) { end } else { self.neighbour(&end, inward) }
    }

    /// A value a little further in a direction.
    fn neighbour(&self, value: &Value, direction: Ordering) -> Value {
        if let Some(next) = Step::of(&self.kind).and_then(|step| step.next(value, direction)) {
            return next;
        }
        let sign: f64 = if direction.is_lt() { -1.0 } else { 1.0 };
        match value {
            Value::Float(number) => Value::Float(sign.mul_add(INSIDE * number.abs().max(1.0), *number)).fit(&self.kind),
            Value::Decimal(number) => Value::Decimal(*number + Decimal::new(sign as i128, number.scale.max(6))),
            other => other.clone(),
        }
    }

    /// The multiple of the step below, or above where that lies beneath the least value.
    fn on_step(&self, value: Value) -> Value {
        let (Some(step), Some(number)) = (self.step, value.as_decimal()) else { return value };
        let scale = number.scale.max(step.scale);
        let (Some(number), Some(unit)) = (number.checked_rescale(scale), step.checked_rescale(scale)) else { return value };
        let below = Decimal::new(number.units - number.units.rem_euclid(unit.units.max(1)), scale);
        let fitted = Value::Decimal(below).fit(&self.kind);
        // Beneath the type's own least value it was saturated, and is no multiple.
        let multiple = fitted.as_decimal().is_some_and(|number| is_multiple(number, step));
        if multiple && within(&fitted, self.min.as_ref(), None) { fitted } else { Value::Decimal(below + step).fit(&self.kind) }
    }

    /// A permitted value beside an excluded one: above it, else below.
    fn beside(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => self.another_text(text),
            Value::Bool(yes) => Value::Bool(!yes),
            Value::Uuid(bits) => {
                let others = (1..=self.excluded.len() as u128).map(|step| Value::Uuid(bits ^ step));
                others.into_iter().find(|other| !contains(&self.excluded, other)).unwrap_or_else(|| value.clone())
            }
            _ => self.walk(value, Ordering::Greater).or_else(|| self.walk(value, Ordering::Less)).unwrap_or_else(|| value.clone()),
        }
    }

    /// The next permitted value in a direction; among as many steps as there are exclusions one is free.
    fn walk(&self, value: &Value, direction: Ordering) -> Option<Value> {
        let mut at = value.clone();
        for _ in 0..=self.excluded.len() {
            at = match self.step {
                Some(step) => Value::Decimal(at.as_decimal()? + if direction.is_lt() { -step } else { step }).fit(&self.kind),
                None => self.neighbour(&at, direction),
            };
            if self.permits(&at) {
                return Some(at);
            }
        }
        None
    }

    /// The text cut, padded, trimmed and in the case that the domain asks for.
    fn shaped(&self, text: &str) -> String {
        let trimmed = if self.trimmed { text.trim_matches(' ') } else { text };
        let mut shaped = match self.letter_case {
            Some(LetterCase::Lower) => trimmed.to_lowercase(),
            Some(LetterCase::Upper) => trimmed.to_uppercase(),
            None => trimmed.to_owned(),
        };
        if let Some(most) = self.max_length.filter(|most| shaped.chars().count() as u64 > *most) {
            let cut: String = shaped.chars().take(most as usize).collect();
            cut.trim_end_matches(' ').clone_into(&mut shaped);
        }
        let missing = self.min_length.unwrap_or(0).saturating_sub(shaped.chars().count() as u64);
        shaped.extend(std::iter::repeat_n(self.filler(), missing as usize));
        shaped
    }

    /// The text itself where it matches the domain's patterns, else one made of a pattern whose texts the others and all
    /// else permit, else of all of them together.
    fn matching(&self, text: String, bits: u64) -> String {
        let misses = |pattern: &&Arc<Pattern>| pattern.matches(&text) == Some(false);
        if !self.patterns.iter().any(|pattern| misses(&pattern)) {
            return text;
        }
        let others = self.patterns.iter().filter(|pattern| !misses(pattern));
        for pattern in self.patterns.iter().filter(misses).chain(others) {
            let made = pattern.make(bits, &|made| self.permits(&Value::text(made)));
            if self.permits(&Value::text(made.as_str())) {
                return made;
            }
        }
        self.patterned(self.min_length.unwrap_or(0), self.max_length.unwrap_or(u64::MAX), bits).unwrap_or(text)
    }

    /// A permitted text of so many letters that all the domain's patterns match, where one is found.
    pub fn patterned(&self, least: u64, most: u64, bits: u64) -> Option<String> {
        joint::text(&self.patterns, least, most, bits, &|made| self.permits(&Value::text(made)))
    }

    fn filler(&self) -> char {
        if self.letter_case == Some(LetterCase::Upper) { 'X' } else { 'x' }
    }

    /// A text that differs in its last letter, or has one more.
    fn another_text(&self, text: &str) -> Value {
        let (first, last) = if self.letter_case == Some(LetterCase::Upper) { ('A', 'Z') } else { ('a', 'z') };
        let mut shorter = text.to_owned();
        shorter.pop();
        let letters = || first..=last;
        let longer = letters().map(|letter| format!("{text}{letter}"));
        let changed = letters().map(|letter| format!("{shorter}{letter}"));
        changed.chain(longer).map(Value::text).find(|other| self.permits(other)).unwrap_or_else(|| Value::text(text))
    }
}

/// Whether a value lies on the inner side of a bound.
fn is_inside(value: &Value, bound: &Bound, inward: Ordering) -> bool {
    match value.compare(&bound.value) {
        Some(Ordering::Equal) => bound.inclusive,
        Some(order) => order == inward,
        None => true,
    }
}

impl ColumnDomain {
    /// Whether every value of the type is permitted.
    pub fn is_free(&self) -> bool {
        self.allowed.is_none()
            && self.excluded.is_empty()
            && self.min.is_none()
            && self.max.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
            && self.patterns.is_empty()
            && !self.trimmed
            && self.letter_case.is_none()
            && self.step.is_none()
            && self.stamp_unit.is_none()
    }

    /// Whether no value but NULL is permitted.
    pub fn is_empty(&self) -> bool {
        self.must_be_null || self.emptiness().is_some()
    }

    /// Least and greatest number, where checks name them; the greatest of a narrow type by itself.
    ///
    /// An open end is moved inside by the type's own step.
    pub fn number_bounds(&self, kind: &TypeKind) -> (Option<f64>, Option<f64>) {
        let step = match kind {
            TypeKind::Integer { .. } => 1.0,
            TypeKind::Numeric { scale, .. } => libm::pow(10.0, -f64::from(scale.unwrap_or(2))),
            _ => INSIDE,
        };
        let end = |bound: &Option<Bound>, inward: f64| {
            bound.as_ref().and_then(|bound| Some(bound.value.as_f64()? + if bound.inclusive { 0.0 } else { inward }))
        };
        let of_type = match kind {
            TypeKind::Integer { bytes: 2 } => Some(32_767.0),
            TypeKind::Numeric { precision: Some(precision), scale } => {
                Some(libm::pow(10.0, f64::from(*precision) - f64::from(scale.unwrap_or(0))) - step)
            }
            _ => None,
        };
        let greatest = match (end(&self.max, -step), of_type) {
            (Some(checks), Some(own)) => Some(checks.min(own)),
            (checks, own) => checks.or(own),
        };
        (end(&self.min, step), greatest)
    }
}
