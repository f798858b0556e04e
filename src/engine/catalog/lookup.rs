//! Finds tables and columns by the names that people and rules use.
//!
//! As written first, then in any case, then word by word (`OrderItems` is `order_item`). The target's
//! tables come before those outside, an earlier schema before a later one, as in `search_path`.

use crate::engine::catalog::names::{did_you_mean, normalise, stem};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, Table, TableId};
use crate::engine::error::{Error, sqlstate};

/// Ways to read a name, the strictest first: two names are the same if their readings are.
const READINGS: [fn(&str) -> String; 4] = [str::to_owned, str::to_lowercase, |name| normalise(name).join(" "), |name| stem(name).join(" ")];

impl Catalog {
    /// The table of this name: `name`, `schema.name`, quoted or not.
    ///
    /// Errors: 42P01 with the nearest names where there is none; 22023 where two are equally near.
    pub fn table_named(&self, name: &str) -> Result<TableId, Error> {
        let parts = parts(name);
        for reading in READINGS {
            let found = self.tables_read(name, &parts, reading);
            match found[..] {
                [] => {}
                [table] => return Ok(table),
                [first, second, ..] => return self.first_of(name, first, second),
            }
        }
        Err(self.no_table(name, parts.last().map_or(name, String::as_str)))
    }

    /// The tables whose name is the same by this reading, in the catalog's order.
    fn tables_read(&self, whole: &str, parts: &[String], reading: fn(&str) -> String) -> Vec<TableId> {
        let same = |a: &str, b: &str| reading(a) == reading(b);
        let matches = |table: &Table| match parts {
            [schema, name] => same(name, &table.name) && schema.to_lowercase() == table.schema.to_lowercase(),
            [name] => same(name, &table.name),
            _ => false,
        };
        let listed = self.tables.iter().enumerate();
        listed.filter(|(_, table)| matches(table) || table.name == whole).map(|(place, _)| place).collect()
    }

    /// Of two tables equally named the one of the earlier schema; within a schema neither.
    fn first_of(&self, name: &str, first: TableId, second: TableId) -> Result<TableId, Error> {
        let [a, b] = [&self.tables[first], &self.tables[second]];
        if a.schema != b.schema {
            return Ok(first);
        }
        Err(Error::new(sqlstate::INVALID_PARAMETER, format!("table name \"{name}\" is ambiguous"))
            .detail(format!("It could mean {} or {}.", a.qualified, b.qualified))
            .hint("Write the name exactly as it stands in the schema."))
    }

    fn no_table(&self, name: &str, bare: &str) -> Error {
        let schemas = self.schemas.join(", ");
        let error = Error::new(sqlstate::UNDEFINED_TABLE, format!("table \"{name}\" does not exist in {schemas}"));
        let names = self.tables.iter().filter(|table| table.in_target).map(|table| table.name.as_str());
        match did_you_mean(bare, names) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl Table {
    /// Whether the primary key or a unique key has a column among its columns.
    pub fn is_in_key(&self, column: ColumnId) -> bool {
        self.primary_key.iter().chain(&self.unique_keys).any(|key| key.columns.contains(&column))
    }

    /// The column of this name, quoted or not.
    ///
    /// Errors: 42703 with the nearest names where there is none.
    pub fn column_named(&self, name: &str) -> Result<ColumnId, Error> {
        let bare = match parts(name) {
            parts if parts.len() == 1 => parts.concat(),
            _ => name.to_owned(),
        };
        READINGS
            .iter()
            .find_map(|reading| self.columns.iter().position(|column| reading(&column.name) == reading(&bare)))
            .ok_or_else(|| self.no_column(&bare))
    }

    fn no_column(&self, name: &str) -> Error {
        let message = format!("column \"{name}\" of table {} does not exist", self.qualified);
        let error = Error::new(sqlstate::UNDEFINED_COLUMN, message);
        match did_you_mean(name, self.columns.iter().map(|column| column.name.as_str())) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// The foreign key that the column belongs to: the one over the fewest columns, where there are several.
    pub fn foreign_key_on(&self, column: ColumnId) -> Option<ForeignKeyId> {
        let keys = self.foreign_keys.iter().enumerate().filter(|(_, key)| key.columns.contains(&column));
        keys.min_by_key(|(_, key)| key.columns.len()).map(|(place, _)| place)
    }
}

/// The parts of a dotted name, their quotes taken off; empty where quotes do not match.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut characters = name.trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => push(&mut parts, '"'),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            other => push(&mut parts, other),
        }
    }
    if quoted { Vec::new() } else { parts }
}

fn push(parts: &mut [String], character: char) {
    if let Some(part) = parts.last_mut() {
        part.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::catalog::{Column, ForeignKey};

    fn table(schema: &str, name: &str, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|name| Column { name: (*name).into(), ..Column::default() }).collect();
        Table {
            schema: schema.into(),
            name: name.into(),
            qualified: format!("{schema}.{name}"),
            in_target: true,
            columns,
            ..Table::default()
        }
    }

    fn catalog() -> Catalog {
        let tables = vec![
            table("a", "barn", &["id", "Big Door"]),
            table("a", "hay_bales", &[]),
            table("a", "odd.name", &[]),
            table("b", "Barn", &[]),
            table("b", "cow", &[]),
            table("b", "cows", &[]),
            table("b", "Calf \"One\"", &[]),
        ];
        Catalog { schemas: vec!["a".into(), "b".into()], tables, ..Catalog::default() }
    }

    fn report(result: Result<usize, Error>) -> (&'static str, Option<String>) {
        match result {
            Err(Error::Report(report)) => (report.sqlstate, report.hint),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_are_found_as_written_then_by_words() {
        let catalog = catalog();
        let cases = [
            ("barn", 0),
            ("Barn", 3),
            ("BARN", 0),
            ("b.barn", 3),
            ("\"b\".\"Barn\"", 3),
            ("HayBale", 1),
            ("hay bales", 1),
            ("odd.name", 2),
            ("cow", 4),
            ("Cows", 5),
            ("b.\"Calf \"\"One\"\"\"", 6),
            ("calf_one", 6),
        ];
        for (name, expected) in cases {
            assert_eq!(catalog.table_named(name).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn a_missing_table_names_the_nearest() {
        assert_eq!(report(catalog().table_named("hay_balse")), ("42P01", Some("Did you mean \"hay_bales\"?".into())));
        assert_eq!(report(catalog().table_named("c.barn")).0, "42P01");
        assert_eq!(report(catalog().table_named("\"barn")).0, "42P01");
    }

    #[test]
    fn two_tables_equally_near_are_ambiguous() {
        let mut catalog = catalog();
        catalog.tables[5].name = "cow_s".into();
        catalog.tables[4].name = "Cow_S".into();
        assert_eq!(report(catalog.table_named("COW_S")).0, "22023");
    }

    #[test]
    fn columns_are_found_alike() {
        let catalog = catalog();
        let barn = &catalog.tables[0];
        assert_eq!(barn.column_named("bigDoor").unwrap(), 1);
        assert_eq!(barn.column_named("\"Big Door\"").unwrap(), 1);
        assert_eq!(report(barn.column_named("bigdor")), ("42703", Some("Did you mean \"Big Door\"?".into())));
    }

    #[test]
    fn of_several_foreign_keys_the_narrowest_counts() {
        let key = |columns: &[usize]| ForeignKey {
            name: String::new(),
            columns: columns.to_vec(),
            referenced_table: 0,
            referenced_columns: columns.to_vec(),
            match_full: false,
            deferrable: false,
            mandatory: false,
            declared: true,
        };
        let mut table = table("a", "x", &["p", "q", "r"]);
        table.foreign_keys = vec![key(&[0, 1]), key(&[1])];
        assert_eq!(table.foreign_key_on(1), Some(1));
        assert_eq!(table.foreign_key_on(0), Some(0));
        assert_eq!(table.foreign_key_on(2), None);
    }
}
