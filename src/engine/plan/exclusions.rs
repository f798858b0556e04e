//! Exclusion constraints over ranges: rows lie one after the other in time (or in numbers), so that none overlaps.

use crate::engine::catalog::{ColumnId, Exclusion, ForeignKeyId, Table, TypeKind};
use crate::engine::plan::mentions::columns_in;
use crate::engine::plan::{ColumnPlan, RangePart, Source};

/// An element of an exclusion: what it is over, and its operator.
struct Element<'a> {
    expression: &'a str,
    operator: &'a str,
}

/// Keeps an exclusion by construction where it forbids ranges to overlap; how, in words.
pub(super) fn keep(definition: &Table, exclusion: &Exclusion, columns: &mut [ColumnPlan], owner: Option<ForeignKeyId>) -> Option<String> {
    let elements = elements(&exclusion.definition);
    let overlap = elements.iter().find(|element| element.operator == "&&")?;
    let equal: Vec<ColumnId> = elements
        .iter()
        .filter(|element| element.operator == "=")
        .filter_map(|element| definition.columns.iter().position(|column| plain_name(element.expression) == Some(column.name.as_str())))
        .collect();
    let per_owner = owner.is_some_and(|owner| definition.foreign_keys[owner].columns.iter().all(|column| equal.contains(column)));
    let places = ends(definition, overlap.expression)?;
    for (column, part) in places {
        columns[column].source = Source::Disjoint { part, per_owner };
        columns[column].null_fraction = 0.0;
        columns[column].redrawn = false;
        columns[column].detail = format!("after the row before it, for {}", exclusion.name);
    }
    Some(if per_owner { "siblings lie one after the other".into() } else { "rows lie one after the other".into() })
}

/// The columns of the ends: a range column, or the two arguments of a range's constructor.
fn ends(definition: &Table, expression: &str) -> Option<Vec<(ColumnId, RangePart)>> {
    let ordered = |kind: &TypeKind| {
        matches!(
            kind,
            TypeKind::Date | TypeKind::Timestamp { .. } | TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. }
        )
    };
    if let Some(name) = plain_name(expression) {
        let column = definition.columns.iter().position(|column| column.name == name)?;
        return match &definition.columns[column].data_type.kind {
            TypeKind::Range { subtype, multi: false } if ordered(subtype) => Some(vec![(column, RangePart::Whole)]),
            _ => None,
        };
    }
    let (head, arguments) = expression.split_once('(')?;
    let constructor = head.rsplit('.').next()?.ends_with("range");
    let parts = split(arguments.strip_suffix(')')?);
    let end = |part: &str| match columns_in(definition, part)[..] {
        [column] if ordered(&definition.columns[column].data_type.kind) => Some(column),
        _ => None,
    };
    let (low, high) = (end(parts.first()?)?, end(parts.get(1)?)?);
    (constructor && low != high).then(|| vec![(low, RangePart::Low), (high, RangePart::High)])
}

/// A column's bare name, where an expression is no more than that.
fn plain_name(expression: &str) -> Option<&str> {
    let name = expression.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    (!name.contains(['(', ')', '"', ' '])).then_some(name)
}

/// `EXCLUDE USING gist (room_id WITH =, during WITH &&) WHERE (..)`
fn elements(definition: &str) -> Vec<Element<'_>> {
    let Some((_, rest)) = definition.split_once('(') else { return Vec::new() };
    let mut depth = 1;
    let end = rest.char_indices().find(|(_, letter)| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let inner = end.map_or(rest, |(at, _)| &rest[..at]);
    split(inner)
        .into_iter()
        .filter_map(|element| {
            let (expression, operator) = element.rsplit_once(" WITH ")?;
            // An operator class may stand behind the expression.
            let operator = operator.trim().trim_start_matches("OPERATOR(").trim_end_matches(')').rsplit('.').next()?;
            Some(Element { expression: expression.trim(), operator })
        })
        .collect()
}

/// Splits at commas outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_told_apart() {
        let found = elements("EXCLUDE USING gist (hall WITH =, tstzrange(a, b, '[]'::text) WITH &&) WHERE ((NOT cancelled))");
        let found: Vec<(&str, &str)> = found.iter().map(|element| (element.expression, element.operator)).collect();
        assert_eq!(found, [("hall", "="), ("tstzrange(a, b, '[]'::text)", "&&")]);
    }
}
