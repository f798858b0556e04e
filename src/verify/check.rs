//! Conditions on a row: CHECKs, bounds of partitions, domains, NOT NULL.

use super::objects::{Check, Column, Domain, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each condition.
pub(crate) fn probes(table: &Table) -> Vec<Probe> {
    let checks = table.checks.iter().map(|check| condition(table, &check.name, &check.expression));
    let bound = table.partition_bound.iter().map(|bound| condition(table, "partition bound", bound));
    let columns = table.columns.iter().flat_map(|column| of_column(table, column));
    checks.chain(bound).chain(columns).collect()
}

fn condition(table: &Table, name: &str, expression: &str) -> Probe {
    let statement = fill(include_str!("../../sql/verify/check.sql"), &[("scanned", &table.source), ("expression", expression)]);
    Probe::new(Kind::Check, format!("{}: {name}", table.qualified), statement).noting(format!("CHECK ({expression})"))
}

fn of_column(table: &Table, column: &Column) -> Vec<Probe> {
    let name = format!("{}.{}", table.qualified, column.quoted);
    let mut probes = Vec::new();
    if column.not_null {
        probes.push(Probe::new(Kind::NotNull, name.clone(), not_null(table, column)));
    }
    let base = column.domains.last().map_or("", |domain| &domain.base);
    for domain in &column.domains {
        let object = format!("{name}: {}", domain.name);
        if domain.not_null {
            probes.push(Probe::new(Kind::Domain, format!("{object} not null"), not_null(table, column)));
        }
        probes.extend(domain.checks.iter().map(|check| of_domain(table, column, domain, base, check)));
    }
    probes
}

fn not_null(table: &Table, column: &Column) -> String {
    fill(include_str!("../../sql/verify/not_null.sql"), &[("scanned", &table.source), ("column", &column.quoted)])
}

fn of_domain(table: &Table, column: &Column, domain: &Domain, base: &str, check: &Check) -> Probe {
    let statement = fill(
        include_str!("../../sql/verify/domain.sql"),
        &[("scanned", &table.source), ("column", &column.quoted), ("base", base), ("expression", &check.expression)],
    );
    let object = format!("{}.{}: {} {}", table.qualified, column.quoted, domain.name, check.name);
    Probe::new(Kind::Domain, object, statement).noting(format!("CHECK ({})", check.expression))
}
