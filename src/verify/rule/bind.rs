//! Which columns a rule's `on` names.

use super::document::Document;
use crate::verify::objects::{Column, Objects, Table};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) table: &'a Table,
    pub(super) column: &'a Column,
}

impl PartialEq for Target<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.table.oid == other.table.oid && self.column.name == other.column.name
    }
}

/// The columns that `table.column`, `schema.table.column`, `entity.column` or a pattern with `*` names.
pub(super) fn columns<'a>(objects: &'a Objects, document: &Document, on: &str) -> Vec<Target<'a>> {
    let mut parts = split(on);
    let Some(name) = parts.pop() else { return Vec::new() };
    let everywhere = parts.is_empty();
    let tables = if everywhere { whole(objects) } else { tables(objects, document, &parts) };
    if everywhere || on.contains('*') {
        let all = tables.into_iter().flat_map(|table| table.columns.iter().map(move |column| Target { table, column }));
        return all.filter(|target| matches(&name.to_lowercase(), &target.column.name.to_lowercase())).collect();
    }
    let closest =
        tables.into_iter().find_map(|table| closest(&table.columns, &name, |column| &column.name).map(|column| Target { table, column }));
    closest.into_iter().collect()
}

/// The tables that a dotted name means: the closest spelling, or all that a pattern names.
pub(super) fn tables<'a>(objects: &'a Objects, document: &Document, parts: &[String]) -> Vec<&'a Table> {
    let Some(name) = parts.last() else { return Vec::new() };
    let schema = parts.len().checked_sub(2).map(|place| parts[place].to_lowercase());
    let within: Vec<&Table> = whole(objects)
        .into_iter()
        .filter(|table| schema.as_ref().is_none_or(|schema| matches(schema, &table.schema.to_lowercase())))
        .collect();
    if name.contains('*') {
        return within.into_iter().filter(|table| matches(&name.to_lowercase(), &table.name.to_lowercase())).collect();
    }
    let own = closest(within.iter().copied(), name, |table| &table.name);
    let entity = || {
        let (_, table) = document.entities.iter().find(|(entity, _)| entity == name)?;
        closest(within.iter().copied(), split(table).last()?, |table| &table.name)
    };
    own.or_else(entity).into_iter().collect()
}

fn whole(objects: &Objects) -> Vec<&Table> {
    objects.tables.iter().filter(|table| !table.derived).collect()
}

/// The first of the names closest to a spelling: the very name, else but for case, else but for case and underscores.
pub(super) fn closest<'a, T: 'a>(candidates: impl IntoIterator<Item = &'a T>, wanted: &str, name: impl Fn(&T) -> &String) -> Option<&'a T> {
    let candidates: Vec<&T> = candidates.into_iter().collect();
    let exact = candidates.iter().find(|candidate| name(candidate) == wanted);
    let cased = || candidates.iter().find(|candidate| name(candidate).to_lowercase() == wanted.to_lowercase());
    let plain = || candidates.iter().find(|candidate| letters(name(candidate)) == letters(wanted));
    exact.or_else(cased).or_else(plain).copied()
}

/// Letters and digits in lower case: all that styles of naming leave alone.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The parts of a dotted name; double quotes keep dots together.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in name.trim().chars() {
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => parts.iter_mut().last().into_iter().for_each(|part| part.push(letter)),
        }
    }
    parts
}

/// Whether a text matches a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(head) else { return false };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|at| matches(tail, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches("a*b*", "axxb"));
        assert!(matches("*", ""));
        assert!(!matches("a*", "ba"));
    }

    #[test]
    fn names_are_found_in_another_style() {
        let names: Vec<String> = ["TblAlpha".into(), "tbl_beta".into()].into();
        assert_eq!(closest(&names, "tblbeta", |name| name), Some(&names[1]));
        assert_eq!(closest(&names, "tblalpha", |name| name), Some(&names[0]));
        assert_eq!(split("a.\"b.c\""), ["a", "b.c"]);
    }
}
