//! What is measured of one person again and again keeps near what it is for them: somebody's height at each visit.
//!
//! Which meanings do, and how far they vary, is data (`data/steady.csv`: meaning, spread).

use std::sync::OnceLock;

use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::build::Builder;
use crate::engine::plan::deeds::is_person;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::{ColumnPlan, Layer, Pick, PickPlan, Source, parties};

/// Keys between a measurement and the person, at most.
const MOST_HOPS: usize = 3;

/// Lets a table's measures keep near those of the person that they are of.
pub(super) fn apply(builder: &mut Builder, table: TableId) {
    let columns = &builder.tables[table].columns;
    let steady = |planned: &ColumnPlan| planned.meaning.and_then(spread).filter(|_| is_drawn(planned));
    let measured: Vec<(ColumnId, f64)> =
        columns.iter().enumerate().filter_map(|(column, planned)| Some((column, steady(planned)?))).collect();
    if measured.is_empty() || is_person(&builder.meanings, table) {
        return;
    }
    let Some(hops) = way(&builder.inputs.catalog, &builder.meanings, table, &builder.tables[table].picks) else { return };
    for (column, spread) in measured {
        let planned = &mut builder.tables[table].columns[column];
        let inner = Box::new(std::mem::replace(&mut planned.source, Source::Database));
        planned.source = Source::Steady { hops: hops.clone(), inner, spread, relative: false };
        planned.detail = format!("{}; near what it is for one person", planned.detail);
    }
}

fn is_drawn(planned: &ColumnPlan) -> bool {
    let inner = match &planned.source {
        Source::Rounded { inner, .. } => inner,
        source => source,
    };
    matches!(inner, Source::Normal { .. }) && planned.decided_by <= Layer::Inference
}

fn spread(meaning: &str) -> Option<f64> {
    static SPREADS: OnceLock<Vec<(String, f64)>> = OnceLock::new();
    let known = SPREADS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/steady.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    });
    known.iter().find(|(id, _)| id == meaning).map(|(_, spread)| *spread)
}

/// The shortest way to a person: to whom the thing is done (a patient, a member) before whoever does it.
fn way(catalog: &Catalog, meanings: &Meanings, table: TableId, picks: &[PickPlan]) -> Option<Vec<ForeignKeyId>> {
    let mut level: Vec<(TableId, Vec<ForeignKeyId>)> = vec![(table, Vec::new())];
    let mut seen = vec![table];
    for _ in 0..MOST_HOPS {
        let mut next: Vec<(TableId, Vec<ForeignKeyId>)> = Vec::new();
        for (at, hops) in &level {
            for (key, to) in catalog.tables[*at].foreign_keys.iter().enumerate() {
                let dead = *at == table && matches!(picks[key].pick, Pick::Nothing(_) | Pick::Later | Pick::Ring);
                if to.mandatory && !dead && !seen.contains(&to.referenced_table) {
                    seen.push(to.referenced_table);
                    next.push((to.referenced_table, hops.iter().copied().chain([key]).collect()));
                }
            }
        }
        let people = || next.iter().filter(|(at, _)| is_person(meanings, *at));
        let measured =
            people().find(|(at, _)| parties::is_party(catalog, *at)).or_else(|| people().next().filter(|_| people().count() == 1));
        if let Some((_, hops)) = measured {
            return Some(hops.clone());
        }
        level = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary::meaning;

    #[test]
    fn every_line_names_a_meaning() {
        assert_eq!(spread("person.height"), Some(0.4));
        let mut reader = csv::Reader::from_reader(include_str!("data/steady.csv").as_bytes());
        let unknown: Vec<String> =
            reader.deserialize::<(String, f64)>().map(|line| line.expect("a line").0).filter(|id| meaning(id).is_none()).collect();
        assert_eq!(unknown, [""; 0]);
    }
}
