//! Relations: children per parent.

use super::bind;
use super::document::{Children, Document, Relation, Strength};
use super::path;
use super::{DEFAULT_TOLERANCE, allowance, percent};
use crate::verify::objects::{ForeignKey, Objects, Table};
use crate::verify::probe::{Kind, Probe};
use crate::verify::template::fill;

/// A probe for a relation.
pub(super) fn probe(objects: &Objects, document: &Document, relation: &Relation) -> Probe {
    let found = child_and_key(objects, document, &relation.on);
    let Ok((table, key)) = found else {
        return Probe::unjudged(Kind::Rule, format!("{}: {}", relation.on, relation.id), "it names no foreign key of the target");
    };
    let columns: Vec<&str> = key.pairs.iter().map(|pair| pair.child.as_str()).collect();
    let object = format!("{}.{}: {}", table.qualified, columns.join("+"), relation.id);
    match &relation.children {
        Some(children) => Probe::new(Kind::Rule, object, statement(table, key, relation, children)).aiming(aim(children)),
        None => Probe::unjudged(Kind::Rule, object, "it says nothing about numbers of children"),
    }
}

fn child_and_key<'a>(objects: &'a Objects, document: &Document, on: &str) -> Result<(&'a Table, &'a ForeignKey), String> {
    let parts = bind::split(on);
    let whole = bind::tables(objects, document, &parts);
    if let ([_], [table]) = (&parts[..], &whole[..]) {
        return match &table.foreign_keys[..] {
            [key] => Ok((table, key)),
            _ => Err(format!("{} has several references", table.qualified)),
        };
    }
    let (last, before) = parts.split_last().ok_or("an empty name")?;
    let tables = bind::tables(objects, document, before);
    let table = tables.first().ok_or_else(|| format!("no table is named {on}"))?;
    path::reference(objects, table, last).map(|key| (*table, key))
}

fn statement(table: &Table, key: &ForeignKey, relation: &Relation, children: &Children) -> String {
    let pairs = || key.pairs.iter().enumerate();
    let keys: Vec<String> = pairs().map(|(_, pair)| format!("child.{}", pair.child)).collect();
    let named: Vec<String> = pairs().map(|(place, pair)| format!("child.{} as key_{place}", pair.child)).collect();
    let equal: Vec<String> = pairs().map(|(place, pair)| format!("parent.{} {} family.key_{place}", pair.parent, pair.operator)).collect();
    let shares: Vec<String> = children.shares.iter().map(|(count, share)| format!("({count}, {share}::float8)")).collect();
    let wanted = if shares.is_empty() { "(0, null::float8)".to_owned() } else { shares.join(", ") };
    fill(
        include_str!("../../../sql/verify/rule_relation.sql"),
        &[
            ("scanned", &table.source),
            ("referenced", &key.referenced),
            ("children", &named.join(", ")),
            ("keys", &keys.join(", ")),
            ("equal", &equal.join(" and ")),
            ("wanted", &wanted),
            ("least", &children.least.to_string()),
            ("most", &children.most.unwrap_or(i64::MAX).to_string()),
            ("hard", &(relation.strength == Strength::Hard).to_string()),
            ("tolerance", &relation.tolerance.unwrap_or(DEFAULT_TOLERANCE).to_string()),
            ("allowance", &allowance(relation.tolerance, "share", "total.n")),
        ],
    )
}

fn aim(children: &Children) -> String {
    let most = children.most.map_or_else(|| "any".to_owned(), |most| most.to_string());
    let shares: Vec<String> = children.shares.iter().take(8).map(|(count, share)| format!("{count}: {}", percent(*share))).collect();
    let mean: f64 = children.shares.iter().map(|(count, share)| *count as f64 * share).sum();
    let bounds = format!("{} to {most} children", children.least);
    if shares.is_empty() { bounds } else { format!("{bounds}, {:.2} on average ({})", mean, shares.join(", ")) }
}
