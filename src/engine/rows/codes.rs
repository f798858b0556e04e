//! Values made by rule from facts: patterns, check digits, numbers near another, JSON, arrays of words.

use std::sync::OnceLock;

use crate::engine::catalog::{TableId, TypeKind};
use crate::engine::plan::{Fact, RowIndex, TextPlan};
use crate::engine::rows::cell::array_text;
use crate::engine::rows::money::number;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::shown;
use crate::engine::value::{MICROS_PER_DAY, Value};
use crate::engine::vocabulary::singular;

const DAYS_PER_YEAR: f64 = 365.25;

impl Rows<'_> {
    /// A birth date for an age in years.
    pub(super) fn aged(&self, kind: &TypeKind, years: f64) -> Value {
        let day = self.plan.as_of.div_euclid(MICROS_PER_DAY) - libm::floor(years * DAYS_PER_YEAR) as i64;
        match kind {
            TypeKind::Date => Value::Date(day as i32),
            _ => Value::Stamp(day * MICROS_PER_DAY),
        }
    }

    pub(super) fn pattern(&mut self, table: TableId, index: RowIndex, fact: &Fact, draws: &mut Draws) -> Value {
        let Some(pattern) = shown(&self.fact(table, index, fact)) else { return Value::Null };
        let text: String = pattern
            .chars()
            .map(|letter| match letter {
                '#' => char::from(b'0' + draws.below(10) as u8),
                'A' => char::from(b"ABCDEFGHJLNPQRSTUWXYZ"[draws.below(21) as usize]),
                other => other,
            })
            .collect();
        Value::text(text)
    }

    pub(super) fn near(
        &mut self,
        table: TableId,
        index: RowIndex,
        kind: &TypeKind,
        fact: &Fact,
        shape: (f64, f64, bool),
        draws: &mut Draws,
    ) -> Value {
        let (times, spread, relative) = shape;
        let value = self.fact(table, index, fact);
        let given = match &value {
            Value::Text(text) => text.parse::<f64>().ok(),
            other => other.as_f64(),
        };
        let Some(given) = given else { return Value::Null };
        let deviation = if relative { given * times * spread } else { spread };
        number(kind, given * times + deviation * draws.normal())
    }

    pub(super) fn iban(&mut self, table: TableId, index: RowIndex, country: Option<&Fact>, draws: &mut Draws) -> Value {
        let code = country
            .and_then(|fact| shown(&self.fact(table, index, fact)))
            .filter(|code| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase()));
        let shape = code.as_deref().and_then(iban_shape).unwrap_or(IbanShape { country: "DE", bank: "00000000", digits: 10 });
        // No bank has these codes: all zeros, or four times X.
        let account: String = (0..shape.digits).map(|_| char::from(b'0' + draws.below(10) as u8)).collect();
        let (code, basic) = (shape.country, format!("{}{account}", shape.bank));
        Value::text(format!("{code}{:02}{basic}", 98 - mod_97(&format!("{basic}{code}00"))))
    }

    /// A JSON object: texts that are numbers or truth values become these, empty ones are left out.
    pub(super) fn object(&mut self, table: TableId, index: RowIndex, fields: &[(TextPlan, TextPlan)], draws: &mut Draws) -> Value {
        let mut object = serde_json::Map::new();
        for (name, text) in fields {
            let Some(name) = self.text(table, index, name, draws) else { continue };
            if let Some(words) = self.text(table, index, text, draws).filter(|words| !words.is_empty()) {
                object.insert(name, as_json(words));
            }
        }
        Value::text(serde_json::Value::Object(object).to_string())
    }

    /// An array, PostgreSQL's or JSON's; JSON's has no element twice.
    pub(super) fn elements(
        &mut self,
        (table, index): (TableId, RowIndex),
        kind: &TypeKind,
        element: &TextPlan,
        (min, max): (u64, u64),
        draws: &mut Draws,
    ) -> Value {
        let count = min + draws.below(max - min + 1);
        let words: Vec<String> = (0..count).filter_map(|_| self.text(table, index, element, draws)).collect();
        if !matches!(kind, TypeKind::Json { .. }) {
            return Value::text(array_text(&words));
        }
        let mut array: Vec<serde_json::Value> = Vec::new();
        for value in words.into_iter().map(as_json) {
            if !array.contains(&value) {
                array.push(value);
            }
        }
        Value::text(serde_json::Value::Array(array).to_string())
    }

    pub(super) fn words_of(&mut self, table: TableId, index: RowIndex, facts: &[Fact], bounds: (u64, u64), draws: &mut Draws) -> Value {
        let mut words: Vec<String> = Vec::new();
        for fact in facts {
            let text = shown(&self.fact(table, index, fact)).unwrap_or_default();
            for word in text.split('|').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()) {
                let one = singular(&word);
                if !words.iter().any(|known| singular(known) == one) {
                    words.push(word);
                }
            }
        }
        let wanted = bounds.0 + draws.below(bounds.1 - bounds.0 + 1);
        while words.len() as u64 > wanted {
            let left = draws.below(words.len() as u64) as usize;
            words.swap_remove(left);
        }
        Value::text(self.spelled(array_text(&words)))
    }
}

/// Thirteen digits: a prefix, random digits, the check digit of EAN-13.
pub(super) fn ean13(prefix: &str, draws: &mut Draws) -> Value {
    let mut digits: String = prefix.chars().filter(char::is_ascii_digit).take(12).collect();
    while digits.len() < 12 {
        digits.push(char::from(b'0' + draws.below(10) as u8));
    }
    let sum: u32 = digits.bytes().enumerate().map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 }).sum();
    Value::text(format!("{digits}{}", (10 - sum % 10) % 10))
}

/// How a country writes IBANs, after the registry of ISO 13616.
#[derive(Clone, Copy)]
struct IbanShape {
    country: &'static str,
    bank: &'static str,
    digits: u32,
}

/// The shape of a country's IBANs; none where it has none.
fn iban_shape(country: &str) -> Option<IbanShape> {
    static SHAPES: OnceLock<Vec<IbanShape>> = OnceLock::new();
    let shapes = SHAPES.get_or_init(|| {
        let lines = include_str!("../vocabulary/data/ibans.csv").lines().skip(1);
        lines
            .filter_map(|line| {
                let mut cells = line.split(',');
                let (country, bank) = (cells.next()?, cells.next()?);
                let digits = cells.next()?.split('n').filter_map(|count| count.parse::<u32>().ok()).sum();
                Some(IbanShape { country, bank, digits })
            })
            .collect()
    });
    shapes.iter().find(|shape| shape.country == country).copied()
}

/// ISO 7064 over letters as two-digit numbers (A is 10).
fn mod_97(text: &str) -> u32 {
    text.chars().fold(0, |rest, letter| match letter.to_digit(36) {
        Some(value) if value >= 10 => (rest * 100 + value) % 97,
        Some(value) => (rest * 10 + value) % 97,
        None => rest,
    })
}

/// A text as JSON has it: a number or a truth value where it is one.
fn as_json(text: String) -> serde_json::Value {
    match serde_json::from_str(&text) {
        Ok(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => value,
        _ => serde_json::Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rows::random::StreamKey;

    #[test]
    fn check_digits_check() {
        assert_eq!(mod_97("3704004405320130001314".to_owned().as_str()) % 97, mod_97("3704004405320130001314"));
        assert_eq!(98 - mod_97("370400440532013000DE00"), 89, "the example of the IBAN registry: DE89 3704 0044 0532 0130 00");
        let Value::Text(code) = ean13("400638133393", &mut StreamKey::new(1, "t", "c").draws(1, 0)) else { panic!("a text") };
        assert_eq!(&*code, "4006381333931");
    }
}
