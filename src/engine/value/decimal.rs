//! Exact decimal numbers, rounded as PostgreSQL's numeric: half away from zero.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

use super::digits::{push_padded, push_unsigned, push_wide};

/// Most digits after the point that a `Decimal` holds.
pub const MAX_SCALE: u8 = 37;

/// Powers of ten that an i128 holds.
static POWERS: [i128; 39] = powers();

/// An exact decimal number: `units / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decimal {
    /// The number times `10^scale`.
    pub units: i128,
    /// Digits after the point, at most `MAX_SCALE`.
    pub scale: u8,
}

const fn powers() -> [i128; 39] {
    let mut table = [1; 39];
    let mut index = 1;
    while index < 39 {
        table[index] = table[index - 1] * 10;
        index += 1;
    }
    table
}

/// Ten to a power of at most 38.
pub(super) fn power(exponent: u8) -> i128 {
    POWERS[usize::from(exponent.min(38))]
}

/// A quotient rounded half away from zero; the divisor is positive.
fn round_quotient(units: i128, divisor: i128) -> i128 {
    let rest = units % divisor;
    let whole = units / divisor;
    if rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) { whole + units.signum() } else { whole }
}

impl Decimal {
    /// `units / 10^scale`.
    pub const fn new(units: i128, scale: u8) -> Self {
        Self { units, scale }
    }

    /// Reads plain or exponent notation; `None` beyond 38 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first()? {
            b'-' => (true, &mantissa[1..]),
            b'+' => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let mut units: i128 = 0;
        let mut fraction: Option<i32> = None;
        let mut any = false;
        for byte in digits.bytes() {
            match byte {
                b'0'..=b'9' => {
                    units = units.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                    fraction = fraction.map(|count| count + 1);
                    any = true;
                }
                b'.' if fraction.is_none() => fraction = Some(0),
                _ => return None,
            }
        }
        let units = if negative { -units } else { units };
        any.then_some(())?;
        Self::with_exponent(units, i64::from(fraction.unwrap_or(0)) - i64::from(exponent))
    }

    /// `units * 10^-scale`, where the scale may be out of a decimal's range.
    fn with_exponent(units: i128, scale: i64) -> Option<Self> {
        if scale > i64::from(MAX_SCALE) || scale < -38 {
            return None;
        }
        if scale >= 0 {
            return Some(Self { units, scale: scale as u8 });
        }
        Some(Self { units: units.checked_mul(power((-scale) as u8))?, scale: 0 })
    }

    /// The nearest decimal of a scale; `None` for what is not finite or too large.
    pub fn from_f64(number: f64, scale: u8) -> Option<Self> {
        let units = (number * power(scale) as f64).round();
        (units.is_finite() && units.abs() < 1e38).then_some(Self { units: units as i128, scale })
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        // Both exact, so that the quotient is correctly rounded; else the text is.
        if self.units.unsigned_abs() < 1 << 53 && self.scale <= 22 {
            return self.units as f64 / power(self.scale) as f64;
        }
        let mut text = Vec::with_capacity(48);
        self.push(&mut text);
        std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
    }

    /// The number with so many digits after the point, rounded half away from zero; `None` where it overflows.
    pub fn checked_rescale(self, scale: u8) -> Option<Self> {
        let units = match scale.cmp(&self.scale) {
            Ordering::Equal => return Some(self),
            Ordering::Less => round_quotient(self.units, power(self.scale - scale)),
            Ordering::Greater if scale > MAX_SCALE => return None,
            Ordering::Greater => self.units.checked_mul(power(scale - self.scale))?,
        };
        Some(Self { units, scale })
    }

    /// As `checked_rescale`; what overflows keeps its scale.
    #[must_use]
    pub fn rescale(self, scale: u8) -> Self {
        self.checked_rescale(scale).unwrap_or(self)
    }

    /// Rounded to a scale that may lie left of the point, as numeric(p, -2) and round(x, -2) do.
    #[must_use]
    pub fn round_to(self, scale: i16) -> Self {
        if let Ok(scale) = u8::try_from(scale) {
            return self.rescale(scale.min(MAX_SCALE));
        }
        let left = scale.unsigned_abs().min(38) as u8;
        let total = self.scale.saturating_add(left);
        if total > 38 {
            return Self::new(0, 0);
        }
        let units = round_quotient(self.units, power(total)).saturating_mul(power(left));
        Self { units, scale: 0 }
    }

    /// Both with the larger scale.
    fn align(self, other: Self) -> Option<(i128, i128, u8)> {
        let scale = self.scale.max(other.scale);
        Some((self.checked_rescale(scale)?.units, other.checked_rescale(scale)?.units, scale))
    }

    /// The sum, with the larger scale.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.align(other)?;
        Some(Self { units: left.checked_add(right)?, scale })
    }

    /// The difference, with the larger scale.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The product, with the sum of the scales.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let scale = self.scale + other.scale;
        (scale <= MAX_SCALE).then_some(())?;
        Some(Self { units: self.units.checked_mul(other.units)?, scale })
    }

    /// The order of the numbers, whatever their scales: 1.50 equals 1.5 here, though not under `==`.
    pub fn compare(self, other: Self) -> Ordering {
        if self.scale == other.scale {
            return self.units.cmp(&other.units);
        }
        let scale = self.scale.max(other.scale);
        // The fraction alone always fits the larger scale.
        let parts = |number: Self| {
            let unit = power(number.scale);
            (number.units.div_euclid(unit), number.units.rem_euclid(unit) * power(scale - number.scale))
        };
        parts(self).cmp(&parts(other))
    }

    /// The largest number of that sign.
    fn saturated(negative: bool) -> Self {
        Self { units: if negative { -power(38) + 1 } else { power(38) - 1 }, scale: 0 }
    }

    /// Appends PostgreSQL's text form, the scale's zeros included.
    pub(super) fn push(self, out: &mut Vec<u8>) {
        if self.units < 0 {
            out.push(b'-');
        }
        let magnitude = self.units.unsigned_abs();
        match u64::try_from(magnitude) {
            _ if self.scale == 0 => push_wide(out, magnitude),
            Ok(narrow) if self.scale <= 19 => {
                let unit = power(self.scale) as u64;
                push_unsigned(out, narrow / unit);
                out.push(b'.');
                push_padded(out, narrow % unit, usize::from(self.scale));
            }
            _ => self.push_long(out, magnitude),
        }
    }

    fn push_long(self, out: &mut Vec<u8>, magnitude: u128) {
        let unit = power(self.scale).unsigned_abs();
        push_wide(out, magnitude / unit);
        out.push(b'.');
        let mut fraction = Vec::with_capacity(40);
        push_wide(&mut fraction, magnitude % unit);
        out.resize(out.len() + usize::from(self.scale) - fraction.len(), b'0');
        out.extend_from_slice(&fraction);
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self { units: i128::from(number), scale: 0 }
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self { units: self.units.saturating_neg(), scale: self.scale }
    }
}

/// Saturates at 38 digits; `checked_add` says so instead.
impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.checked_add(other).unwrap_or_else(|| Self::saturated(self.compare(-other) == Ordering::Less))
    }
}

/// Saturates at 38 digits; `checked_sub` says so instead.
impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// Saturates at 38 digits; `checked_mul` says so instead.
impl Mul for Decimal {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.checked_mul(other).unwrap_or_else(|| Self::saturated((self.units < 0) != (other.units < 0)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn print(number: Decimal) -> String {
        let mut out = Vec::new();
        number.push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (from, scale, to) in [
            ("2.345", 2, "2.35"),
            ("-2.345", 2, "-2.35"),
            ("2.344", 2, "2.34"),
            ("0.5", 0, "1"),
            ("-0.5", 0, "-1"),
            ("0.49", 0, "0"),
            ("7", 2, "7.00"),
        ] {
            assert_eq!(print(decimal(from).rescale(scale)), to, "{from} to {scale}");
        }
        assert_eq!(print(decimal("1250").round_to(-2)), "1300");
        assert_eq!(print(decimal("-49.99").round_to(-2)), "0");
    }

    #[test]
    fn arithmetic_keeps_numerics_scales() {
        assert_eq!(print(decimal("19.99") * decimal("3")), "59.97");
        assert_eq!(print(decimal("1.50") * decimal("2.0")), "3.000");
        assert_eq!(print(decimal("1.5") + decimal("2.25")), "3.75");
        assert_eq!(print(decimal("1") - decimal("2.25")), "-1.25");
        assert_eq!(decimal("99999999999999999999").checked_mul(decimal("99999999999999999999")), None);
    }

    #[test]
    fn reads_exponents_and_refuses_the_rest() {
        assert_eq!(print(decimal("1.5e3")), "1500");
        assert_eq!(print(decimal("15e-3")), "0.015");
        for text in ["", "-", ".", "1.2.3", "NaN", "1e99", "0x1", "123456789012345678901234567890123456789012"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn order_needs_no_common_scale() {
        let huge = decimal("12345678901234567890123456789012345678");
        assert_eq!(huge.compare(decimal("0.0000000000000000000000000000000001")), Ordering::Greater);
        assert_eq!(decimal("-1.5").compare(decimal("-1.49")), Ordering::Less);
        assert_eq!(decimal("1.50").compare(decimal("1.5")), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn print_and_parse(units in -power(38) + 1..power(38), scale in 0..=MAX_SCALE) {
            let number = Decimal { units, scale };
            prop_assert_eq!(Decimal::parse(&print(number)), Some(number));
        }

        #[test]
        fn order_agrees_with_the_difference(a in -10_000_000_i128..10_000_000, b in -10_000_000_i128..10_000_000, s in 0_u8..9, t in 0_u8..9) {
            let (a, b) = (Decimal::new(a, s), Decimal::new(b, t));
            prop_assert_eq!(a.compare(b), (a - b).units.cmp(&0));
        }
    }
}
