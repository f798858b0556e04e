//! Which table a section's title means, and which column each of its headers.
//!
//! Headers of other systems are met half way: spelling, the table's own name in front or left out (`Name` is
//! country_name, `AddressID` address_id), a reference by what it refers to (`CountryCode` is country_id).

use crate::engine::catalog::names::{did_you_mean, stem};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, Table, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::reference::document::WEIGHT;
use crate::engine::reference::key;
use crate::engine::reference::layout::RawSection;
use crate::engine::reference::problem::Problem;

/// What a header stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Header {
    /// A column, and how it was found.
    Column(ColumnId, String),
    /// The rows' weights.
    Weight,
    /// Nothing, by hand.
    LeftOut,
    /// Nothing was found; a problem says so.
    Unknown,
}

/// The table a section is about.
pub(super) fn table(section: &RawSection, catalog: &Catalog) -> Result<TableId, Problem> {
    let name = section.title.table.as_ref().unwrap_or(&section.title.name);
    let found = find_table(name, catalog).map_err(|error| Problem::of(section.line, error))?;
    let table = &catalog.tables[found];
    if table.in_target {
        return Ok(found);
    }
    let message = format!("{} lies outside the target {}", table.qualified, catalog.schemas.join(", "));
    Err(Problem::new(section.line, sqlstate::UNDEFINED_TABLE, message))
}

/// The table of a name; the schema of another system (`dbo`) is no schema here and is passed over.
fn find_table(name: &str, catalog: &Catalog) -> Result<TableId, Error> {
    let plain = name.replace("].[", ".").replace(['[', ']'], "");
    let found = catalog.table_named(&plain);
    let Some((schema, bare)) = plain.rsplit_once('.') else {
        return found.or_else(|error| loosely(&plain, catalog).ok_or(error));
    };
    let known = catalog.tables.iter().any(|table| table.schema.eq_ignore_ascii_case(schema.trim_matches('"')));
    match found {
        Err(_) if !known => catalog.table_named(bare).or_else(|error| loosely(bare, catalog).ok_or(error)),
        found => found,
    }
}

/// The one table of the target whose name has the same letters, a prefix such as `tbl` aside.
fn loosely(name: &str, catalog: &Catalog) -> Option<TableId> {
    let wanted = letters(name);
    let mut found = (0..catalog.tables.len()).filter(|&id| catalog.tables[id].in_target && letters(&catalog.tables[id].name) == wanted);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn letters(name: &str) -> String {
    let words = stem(name);
    let prefixed = words.len() > 1 && matches!(words[0].as_str(), "tbl" | "t" | "tab");
    words[usize::from(prefixed)..].concat()
}

/// What each header of a section stands for; headers that stand for nothing are noted.
pub(super) fn headers(section: &RawSection, catalog: &Catalog, table: &Table, problems: &mut Vec<Problem>) -> Vec<Header> {
    let mut mapping = Mapping { section, catalog, table, found: vec![None; section.header.fields.len()] };
    mapping.by_hand(problems);
    mapping.each(Mapping::by_name);
    mapping.each(Mapping::by_words);
    mapping.each(Mapping::by_reference);
    mapping.conclude(problems)
}

struct Mapping<'a> {
    section: &'a RawSection,
    catalog: &'a Catalog,
    table: &'a Table,
    found: Vec<Option<Header>>,
}

impl Mapping<'_> {
    fn by_hand(&mut self, problems: &mut Vec<Problem>) {
        for (header, column) in &self.section.title.headers {
            let same = |other: &String| other.eq_ignore_ascii_case(header) || stem(other) == stem(header);
            let Some(index) = self.section.header.fields.iter().position(same) else {
                let near = did_you_mean(header, self.section.header.fields.iter().map(String::as_str));
                let problem = Problem::form(self.section.line, format!("the section has no header \"{header}\""));
                problems.push(Problem { hint: near, ..problem });
                continue;
            };
            let mapped = match column.as_ref().map(|column| self.table.column_named(column)) {
                None => Header::LeftOut,
                Some(Ok(column)) => Header::Column(column, "mapped by hand".into()),
                Some(Err(error)) => {
                    problems.push(Problem::of(self.section.line, error));
                    Header::Unknown
                }
            };
            self.found[index] = Some(mapped);
        }
    }

    /// Tries a way of mapping on each header that has no column yet.
    fn each(&mut self, way: fn(&Self, &str) -> Option<Header>) {
        for index in 0..self.found.len() {
            if self.found[index].is_none() {
                self.found[index] = way(self, &self.section.header.fields[index]);
            }
        }
    }

    fn by_name(&self, header: &str) -> Option<Header> {
        match self.table.column_named(header) {
            Ok(column) if self.table.columns[column].name == header => Some(Header::Column(column, "same name".into())),
            Ok(column) => Some(Header::Column(column, "same name in another spelling".into())),
            Err(_) if header.eq_ignore_ascii_case(WEIGHT) => Some(Header::Weight),
            Err(_) => None,
        }
    }

    /// The one free column whose name differs from the header by words of the table's name only.
    fn by_words(&self, header: &str) -> Option<Header> {
        let (header, own) = (stem(header), stem(&self.table.name));
        let alike = |&column: &ColumnId| {
            let name = stem(&self.table.columns[column].name);
            let covered = |words: &[String], others: &[String]| words.iter().all(|word| others.contains(word) || own.contains(word));
            name.concat() == header.concat() || (name.last() == header.last() && covered(&name, &header) && covered(&header, &name))
        };
        let column = self.only(&mut (0..self.table.columns.len()).filter(alike))?;
        Some(Header::Column(column, "found by the table's and the column's name".into()))
    }

    /// The one free column that refers to what the header names.
    fn by_reference(&self, header: &str) -> Option<Header> {
        let header = stem(header);
        let refers = |&key: &ForeignKeyId| {
            let [column] = self.table.foreign_keys[key].columns[..] else { return false };
            let foreign_key = &self.table.foreign_keys[key];
            let referenced = &self.catalog.tables[foreign_key.referenced_table];
            let key_name = stem(&referenced.columns[foreign_key.referenced_columns[0]].name);
            let mut role = stem(&self.table.columns[column].name);
            role.pop_if(|last| last == "id" || key_name.last() == Some(last));
            header == role
                || key::natural_columns(referenced).iter().any(|&natural| {
                    let name = stem(&referenced.columns[natural].name);
                    let in_role = role.iter().chain(name.last()).eq(header.iter());
                    name == header || in_role
                })
        };
        let keys = (0..self.table.foreign_keys.len()).filter(refers);
        let column = self.only(&mut keys.map(|key| self.table.foreign_keys[key].columns[0]))?;
        Some(Header::Column(column, "found by what the column refers to".into()))
    }

    /// The only one of these columns that no header has yet.
    fn only(&self, columns: &mut dyn Iterator<Item = ColumnId>) -> Option<ColumnId> {
        let mut free =
            columns.filter(|column| !self.found.iter().any(|header| matches!(header, Some(Header::Column(taken, _)) if taken == column)));
        let first = free.next()?;
        free.next().is_none().then_some(first)
    }

    fn conclude(self, problems: &mut Vec<Problem>) -> Vec<Header> {
        let line = self.section.header.line;
        let mut concluded: Vec<Header> = Vec::new();
        for (header, found) in self.section.header.fields.iter().zip(&self.found) {
            let taken = |column: ColumnId| concluded.iter().any(|other| matches!(other, Header::Column(same, _) if *same == column));
            let found = match found {
                None => {
                    problems.push(self.unbound(header));
                    Header::Unknown
                }
                Some(Header::Column(column, _)) if taken(*column) => {
                    let name = &self.table.columns[*column].name;
                    problems.push(
                        Problem::form(line, format!("two headers stand for {name}, \"{header}\" is the second"))
                            .hint(self.leave_out(header)),
                    );
                    Header::Unknown
                }
                Some(Header::Column(column, _)) if self.table.columns[*column].generated => {
                    let name = &self.table.columns[*column].name;
                    problems.push(Problem::form(line, format!("{name} is generated by the database")).hint(self.leave_out(header)));
                    Header::Unknown
                }
                Some(found) => found.clone(),
            };
            concluded.push(found);
        }
        concluded
    }

    fn unbound(&self, header: &str) -> Problem {
        let message = format!("the header \"{header}\" is no column of {}", self.table.qualified);
        let near = did_you_mean(header, self.table.columns.iter().map(|column| column.name.as_str()));
        let hint = near.into_iter().chain([self.leave_out(header)]).collect::<Vec<_>>().join(" ");
        Problem::new(self.section.header.line, sqlstate::UNDEFINED_COLUMN, message).hint(hint)
    }

    fn leave_out(&self, header: &str) -> String {
        format!("To leave it out, write # [{} -> {}; {header} -> -].", self.section.title.name, self.table.qualified)
    }
}
