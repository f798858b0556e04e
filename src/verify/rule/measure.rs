//! `range`, `normal`, `lognormal`: bounds, and the median where the rule says where it lies.

use super::document::Shape;
use super::{Subject, normal};
use crate::verify::template::literal;

/// How far the share of rows below the median may be from a half when the rule gives no tolerance: what
/// a quarter of a standard deviation moves it by.
const DEFAULT_SHIFT: f64 = 0.1;

/// Values between two bounds.
pub(super) fn range(subject: &Subject, least: &str, most: &str) -> (String, String) {
    let of_type = &subject.target.column.data_type;
    let outside = format!("value < {} or value > {}", typed(least, of_type), typed(most, of_type));
    (statement(subject, &outside, None), format!("{least} to {most}"))
}

/// A bound as a value of the column's type; a moment without a zone is in UTC, whatever the session's zone.
fn typed(bound: &str, of_type: &str) -> String {
    let zoned = of_type.starts_with("timestamp") && of_type.ends_with("with time zone");
    let (date, time) = bound.split_at_checked("2026-01-01".len()).unwrap_or((bound, ""));
    if zoned && !time.contains(['Z', 'z', '+', '-']) && date.starts_with(|letter: char| letter.is_ascii_digit()) {
        return format!("timezone('UTC', {}::timestamp)", literal(bound));
    }
    format!("{}::{of_type}", literal(bound))
}

/// A normal distribution, cut at its bounds.
pub(super) fn normal(subject: &Subject, shape: &Shape) -> (String, String) {
    let median = normal::median_between(shape.centre, shape.spread, shape.least, shape.most);
    (statement(subject, &outside(shape), Some(median)), aim(shape, median))
}

/// A log-normal distribution, cut at its bounds.
pub(super) fn lognormal(subject: &Subject, shape: &Shape) -> (String, String) {
    let logarithm = |bound: f64| if bound > 0.0 { libm::log(bound) } else { f64::NEG_INFINITY };
    let (least, most) = (shape.least.map(logarithm), shape.most.map(logarithm));
    let median = libm::exp(normal::median_between(libm::log(shape.centre), shape.spread, least, most));
    (statement(subject, &outside(shape), Some(median)), aim(shape, median))
}

fn outside(shape: &Shape) -> String {
    let below = shape.least.map(|least| format!("value < {least}"));
    let above = shape.most.map(|most| format!("value > {most}"));
    let terms: Vec<String> = below.into_iter().chain(above).collect();
    if terms.is_empty() { "false".into() } else { terms.join(" or ") }
}

fn aim(shape: &Shape, median: f64) -> String {
    let rounded = (median * 100.0).round() / 100.0;
    let bound = |bound: Option<f64>| bound.map_or_else(|| "any".to_owned(), |bound| bound.to_string());
    format!("{} to {}, median {rounded}", bound(shape.least), bound(shape.most))
}

fn statement(subject: &Subject, outside: &str, median: Option<f64>) -> String {
    let tolerance = subject.rule.tolerance;
    // Rows are as coarse as they are stored: a value that rounds to the median is a tie.
    let below = median.map_or_else(
        || "null::float8".to_owned(),
        |median| format!("case when value::float8 < {median} then 1.0 when value::float8 > {median} then 0.0 else 0.5 end"),
    );
    let middle =
        if median.is_some() { "round(percentile_cont(0.5) within group (order by value::float8)::numeric, 2)" } else { "null::text" };
    let allowance = match tolerance {
        Some(tolerance) => tolerance.to_string(),
        None => format!("{DEFAULT_SHIFT} + 1.5 / sqrt(nullif(n, 0))"),
    };
    subject.fill(
        include_str!("../../../sql/verify/rule_measure.sql"),
        &[
            ("outside", outside),
            ("below", &below),
            ("middle", middle),
            ("tolerance", &tolerance.unwrap_or(super::DEFAULT_TOLERANCE).to_string()),
            ("allowance", &allowance),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_without_a_zone_are_in_utc() {
        let zoned = "timestamp(3) with time zone";
        assert_eq!(typed("2024-02-03", zoned), "timezone('UTC', '2024-02-03'::timestamp)");
        assert_eq!(typed("2024-02-03T10:00:00Z", zoned), "'2024-02-03T10:00:00Z'::timestamp(3) with time zone");
        assert_eq!(typed("2024-02-03 10:00-03", zoned), "'2024-02-03 10:00-03'::timestamp(3) with time zone");
        assert_eq!(typed("2024-02-03", "date"), "'2024-02-03'::date");
    }
}
