//! What is made of what: the lines of a bill of materials lead downwards, from what is made to what it is made of, and never back.
//!
//! Which words of keys say so is data (`data/naming.csv`: `whole`, `part`), and so is which kinds of things are made of which
//! (`data/made_ranks.csv`: label, rank): nothing is made into a raw material.

use std::sync::OnceLock;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::{Distinct, Fill, OwnerKind, Pick};
use crate::engine::value::Value;
use crate::engine::vocabulary::squeezed;

/// The order in which rows of a table are made of each other: those of a lower rank, and of one rank the later ones, go into the
/// others.
#[derive(Debug, Clone, PartialEq)]
pub struct Below {
    /// The column that says what kind a row is of, and the ranks of its labels.
    pub kinds: Option<(ColumnId, Vec<(Value, u8)>)>,
}

/// The rank of what nothing is made into.
pub(crate) const RAW: u8 = 0;

/// Finds the order of a key to the table that the row hangs under by its other key.
pub(super) fn below(builder: &Builder, table: TableId, key: ForeignKeyId) -> Option<Below> {
    let planned = &builder.tables[table];
    let OwnerKind::ForeignKey(own) = planned.owner.as_ref()?.kind else { return None };
    let definition = &builder.inputs.catalog.tables[table];
    let target = definition.foreign_keys[key].referenced_table;
    let apart = matches!(planned.picks[key].pick, Pick::Free { distinct: Distinct::PerOwner { not_owner: true, .. } });
    let made = builder.tables[target].fill == Fill::Make && builder.inputs.states[target].stored.rows.is_empty();
    let called = |key: ForeignKeyId, part: &str| {
        let names = definition.foreign_keys[key].columns.iter().map(|&column| &definition.columns[column].name);
        names.flat_map(|name| normalise(name)).any(|word| is_word_of(&word, part))
    };
    let leads_down = called(own, "whole") && !called(own, "part") && called(key, "part") && !called(key, "whole");
    (apart && made && target == definition.foreign_keys[own].referenced_table && leads_down)
        .then(|| Below { kinds: kinds(builder, target) })
}

/// The column whose labels all have a rank, two different ones at least.
fn kinds(builder: &Builder, table: TableId) -> Option<(ColumnId, Vec<(Value, u8)>)> {
    builder.facts[table].columns.iter().enumerate().find_map(|(column, domain)| {
        let labels = domain.allowed.as_ref()?;
        let ranked: Option<Vec<(Value, u8)>> = labels.iter().map(|label| Some((label.clone(), rank(label)?))).collect();
        let ranked = ranked.filter(|ranked| ranked.iter().any(|(_, rank)| *rank != ranked[0].1))?;
        builder.inputs.catalog.tables[table].columns[column].not_null.then_some((column, ranked))
    })
}

fn rank(label: &Value) -> Option<u8> {
    static RANKS: OnceLock<Vec<(String, u8)>> = OnceLock::new();
    let known = RANKS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/made_ranks.csv").as_bytes());
        let lines = reader.deserialize::<(String, u8)>().map(|line| line.expect("the tests read every line of this file"));
        lines.map(|(label, rank)| (squeezed(&label), rank)).collect()
    });
    let Value::Text(text) = label else { return None };
    let label = squeezed(text);
    known.iter().find(|(known, _)| *known == label).map(|(_, rank)| *rank)
}
