//! What the current user would need to fill a table and has not, as errors ready to be raised.

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{Catalog, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::survey::{SequenceSurvey, Survey};

/// The rights missing for filling a table: INSERT on it, use of its sequences, and reading of tables outside
/// the target whose rows every one of its own refers to. 42501 each; empty where nothing is missing.
pub fn privileges(catalog: &Catalog, survey: &Survey, table: TableId) -> Vec<Error> {
    let own = &catalog.tables[table];
    let grantee = quoted(&survey.user);
    let mut missing = Vec::new();
    if !own.may_insert {
        let error = denied("table", &own.name, &format!("GRANT INSERT ON {} TO {grantee};", own.qualified));
        missing
            .push(error.detail("Rows are inserted with the caller's rights; INSERT on the table, or on all of its columns, is missing."));
    }
    missing.extend(survey.tables[table].sequences.iter().filter_map(|state| sequence(own, state, &grantee)));
    missing.extend(unreadable_parents(catalog, own).map(|parent| {
        denied("table", &parent.name, &format!("GRANT SELECT ON {} TO {grantee};", parent.qualified))
            .detail(format!("Every row of {} refers to one of its rows.", own.qualified))
    }));
    missing
}

fn sequence(table: &Table, state: &SequenceSurvey, grantee: &str) -> Option<Error> {
    let sequence = table.columns[state.column].sequence.as_ref()?;
    let error = denied("sequence", &sequence.name, &format!("GRANT SELECT, UPDATE ON SEQUENCE {} TO {grantee};", sequence.name));
    (!state.may_set && !state.may_draw).then(|| error.detail(format!("It makes the keys of {}.", table.qualified)))
}

fn unreadable_parents<'a>(catalog: &'a Catalog, table: &'a Table) -> impl Iterator<Item = &'a Table> {
    let mandatory = table.foreign_keys.iter().filter(|key| key.mandatory);
    mandatory.map(|key| &catalog.tables[key.referenced_table]).filter(|parent| !parent.in_target && !parent.may_select)
}

fn denied(kind: &str, name: &str, grant: &str) -> Error {
    Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied for {kind} {name}"))
        .hint(format!("Its owner can grant what is missing: {grant}"))
}
