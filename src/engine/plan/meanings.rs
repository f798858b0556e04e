//! The meaning of every column, from its name, type and surroundings.

use std::sync::OnceLock;

use crate::engine::catalog::{Catalog, TableId, TypeKind};
use crate::engine::plan::lookups;
use crate::engine::plan::pack;
use crate::engine::plan::role::{Role, role_of};
use crate::engine::rules::comment;
use crate::engine::vocabulary::{ColumnContext, Match, TypeClass, Vocabulary, meaning, meaning_of, vocabulary};

/// Meanings by table and column.
pub(super) struct Meanings(Vec<Vec<Option<Match>>>);

impl Meanings {
    /// Finds the meanings of all columns that are not keys.
    pub(super) fn find(catalog: &Catalog) -> Self {
        let ballots = pack::ballots(catalog);
        let of_table = |table: TableId| {
            let mut found = of_table(catalog, table, &ballots[table]);
            lookups::name_columns(catalog, table, ballots[table].pack, &mut found);
            found
        };
        Self((0..catalog.tables.len()).map(of_table).collect())
    }

    /// The match of a column.
    pub(super) fn of(&self, table: TableId, column: usize) -> Option<&Match> {
        self.0[table][column].as_ref()
    }

    /// The list from which a meaning's words are drawn.
    pub(super) fn list_of(id: &str) -> Option<&'static Vocabulary> {
        meaning(id)?.generator.get("vocabulary").and_then(serde_json::Value::as_str).and_then(vocabulary)
    }

    /// Ids by table and column.
    pub(super) fn ids(&self) -> Vec<Vec<Option<&'static str>>> {
        self.0.iter().map(|table| table.iter().map(|found| found.as_ref().map(|found| found.meaning.id.as_str())).collect()).collect()
    }

    /// Ids of a table's columns.
    pub(super) fn ids_of(&self, table: TableId) -> impl Iterator<Item = Option<&'static str>> {
        self.0[table].iter().map(|found| found.as_ref().map(|found| found.meaning.id.as_str()))
    }

    /// The role of a column.
    pub(super) fn role(&self, table: TableId, column: usize) -> Option<Role> {
        self.of(table, column).and_then(|found| role_of(&found.meaning.id))
    }

    /// The first column with a role.
    pub(super) fn with_role(&self, table: TableId, role: Role) -> Option<usize> {
        (0..self.0[table].len()).find(|&column| self.role(table, column) == Some(role))
    }

    /// All columns with a role.
    pub(super) fn all_with_role(&self, table: TableId, role: Role) -> Vec<usize> {
        (0..self.0[table].len()).filter(|&column| self.role(table, column) == Some(role)).collect()
    }
}

fn of_table(catalog: &Catalog, table: TableId, ballot: &pack::Ballot) -> Vec<Option<Match>> {
    let definition = &catalog.tables[table];
    let parents: Vec<&str> = definition.foreign_keys.iter().map(|key| catalog.tables[key.referenced_table].name.as_str()).collect();
    let siblings: Vec<&str> = definition.columns.iter().map(|column| column.name.as_str()).collect();
    let keyed = |column: usize| {
        definition.foreign_keys.iter().any(|key| key.columns.contains(&column)) || definition.columns[column].sequence.is_some()
    };
    (0..definition.columns.len())
        .map(|column| {
            if keyed(column) {
                return None;
            }
            if let Some(meaning) = comment::meaning(&definition.columns[column]) {
                return Some(Match { meaning, confidence: 1.0, reason: "the column's comment says so".into(), by_table: true });
            }
            let found = meaning_of(&ColumnContext {
                table_name: &definition.name,
                column_name: &definition.columns[column].name,
                type_class: class_of(&definition.columns[column].data_type.kind),
                comment: definition.columns[column].comment.as_deref(),
                parent_tables: &parents,
                sibling_columns: &siblings,
                pack: ballot.pack,
                fields: Some(&ballot.fields),
            });
            let kind = &definition.columns[column].data_type.kind;
            found.map(|found| narrowed(with_room(found, kind), kind))
        })
        .collect()
}

/// The meaning itself, or what it is called in a column that has no room for its usual texts: a country by its code.
fn narrowed(found: Match, kind: &TypeKind) -> Match {
    let room = match kind {
        TypeKind::Varchar { length } => length.map(u64::from),
        TypeKind::Char { length } => Some(u64::from(*length)),
        _ => None,
    };
    let usual = found.meaning.examples.iter().map(|example| example.chars().count() as u64).min();
    let short = room.zip(usual).is_some_and(|(room, usual)| room < usual);
    let narrow = found.meaning.generator.get("narrow").and_then(serde_json::Value::as_str).filter(|_| short).and_then(meaning);
    match narrow {
        Some(meaning) => Match { meaning, reason: format!("{}, with little room", found.reason), ..found },
        None => found,
    }
}

/// The meaning, or a shorter one where its words have no room: a country in two letters is its code.
fn with_room(found: Match, kind: &TypeKind) -> Match {
    let (TypeKind::Char { length } | TypeKind::Varchar { length: Some(length) }) = kind else { return found };
    let shorter = short_meanings().iter().find(|(id, most, _)| *id == found.meaning.id && length <= most);
    match shorter.and_then(|(_, _, instead)| meaning(instead)) {
        Some(meaning) => Match { meaning, reason: format!("{}, in {length} letters", found.reason), ..found },
        None => found,
    }
}

/// What stands for a meaning in so few letters (`data/short_meanings.csv`).
fn short_meanings() -> &'static [(String, u32, String)] {
    static LINES: OnceLock<Vec<(String, u32, String)>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/short_meanings.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

/// The class under which meanings list a type.
pub(super) fn class_of(kind: &TypeKind) -> TypeClass {
    match kind {
        TypeKind::Integer { .. } => TypeClass::Int,
        TypeKind::Numeric { .. } | TypeKind::Float { .. } | TypeKind::Money => TypeClass::Numeric,
        TypeKind::Boolean => TypeClass::Bool,
        TypeKind::Date => TypeClass::Date,
        TypeKind::Timestamp { .. } => TypeClass::Stamp,
        TypeKind::Json { .. } => TypeClass::Json,
        TypeKind::Array { .. } => TypeClass::Array,
        TypeKind::Uuid => TypeClass::Uuid,
        TypeKind::Inet => TypeClass::Inet,
        TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Enum { .. } => TypeClass::Text,
        _ => TypeClass::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::catalog;

    #[test]
    fn what_has_few_letters_holds_a_code() {
        assert!(short_meanings().iter().all(|(id, _, instead)| meaning(id).is_some() && meaning(instead).is_some()));
        let catalog = catalog(
            "create table depot (id int primary key, city varchar(40), country varchar(40), origin_country char(2), nation char(3));",
        );
        let meanings = Meanings::find(&catalog);
        let ids: Vec<Option<&str>> = meanings.ids_of(0).collect();
        assert_eq!(ids[2..], [Some("place.country_name"), Some("place.country_code"), Some("place.country_code_3")]);
    }

    /// What is found for the columns of a table, of a schema in which the other tables stand beside it.
    fn found(table: &str, others: &str) -> Vec<Option<&'static str>> {
        let catalog = catalog(&format!("create table {table}; {others}"));
        Meanings::find(&catalog).ids_of(0).collect()
    }

    #[test]
    fn a_name_of_several_fields_takes_the_words_of_none_that_the_schema_is_not_of() {
        let columns = "(nr int primary key, diagnosis text, treatment text, blood_group text)";
        let clinics = |others: &str| -> Vec<bool> {
            let ids = found(&format!("folder {columns}"), others);
            ids[1..].iter().map(|id| id.is_some_and(|id| ["clinic.", "person."].iter().any(|group| id.starts_with(group)))).collect()
        };
        assert_eq!(clinics("create table physician (nr int primary key, ward text);"), [true, true, true]);
        assert_eq!(clinics("create table mechanic (nr int primary key, odometer int);"), [false, false, true]);
        assert_eq!(clinics("create table parish (nr int primary key, diocese text);"), [false, false, true]);
        assert_eq!(clinics(""), [false, false, true]);
        assert_eq!(clinics("create table visit (nr int primary key, ward text, allergy text, symptom text);"), [true, true, true]);
    }

    #[test]
    fn a_table_of_a_clinic_for_animals_is_an_animals() {
        let animals = "create table breed (nr int primary key, species text);";
        let people = "create table nurse (nr int primary key, shift text);";
        let visit = "encounter (nr int primary key, patient_nr int, doctor text, diagnosis text)";
        assert_eq!(found(visit, animals)[3], Some("vet.diagnosis"));
        assert_eq!(found(visit, people)[3], Some("clinic.diagnosis"));
    }
}
