//! The language that the names of columns are in: people of a schema in German live in Germany, where nobody said otherwise.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{Catalog, TableId};
use crate::engine::vocabulary::{self, Locale};

/// Fewer names in a language may be borrowed words.
const FEWEST: usize = 5;

/// The share of the columns' names that must be in the language; many are the same in all (`id`, `status`, `email`).
const SHARE: f64 = 0.15;

/// How much oftener the language is met than the next one: some words are those of two.
const AHEAD: f64 = 1.5;

static TONGUES: LazyLock<Vec<(Locale, BTreeSet<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("data/tongues.csv").lines().skip(1);
    lines
        .filter_map(|line| line.split_once(','))
        .filter_map(|(name, words)| Some((vocabulary::locale(name)?, words.split('|').collect())))
        .collect()
});

/// The locale whose language the names of the tables' columns are in.
pub(super) fn spoken(catalog: &Catalog, tables: &[TableId]) -> Option<Locale> {
    let names: Vec<Vec<String>> =
        tables.iter().flat_map(|&table| &catalog.tables[table].columns).map(|column| normalise(&column.name)).collect();
    let heard = |words: &BTreeSet<&str>| names.iter().filter(|name| name.iter().any(|word| words.contains(word.as_str()))).count();
    let mut found: Vec<(usize, Locale)> = TONGUES.iter().map(|(locale, words)| (heard(words), *locale)).collect();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let (most, locale) = *found.first()?;
    let next = found.get(1).map_or(0, |(count, _)| *count);
    let clear = most >= FEWEST && most as f64 >= SHARE * names.len() as f64 && most as f64 >= AHEAD * next as f64;
    clear.then_some(locale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::arguments::Arguments;
    use crate::engine::fixture;

    fn heard(ddl: &str) -> Option<&'static str> {
        let catalog = fixture::catalog(ddl);
        let tables: Vec<TableId> = (0..catalog.tables.len()).collect();
        spoken(&catalog, &tables).map(|locale| locale.name)
    }

    #[test]
    fn a_language_is_heard_by_the_names_of_columns() {
        let german =
            "create table halter (id bigint primary key, vorname text, nachname text, strasse text, plz text, ort text, email text);";
        assert_eq!(heard(german), Some("de_DE"));
        assert_eq!(
            heard("create table c (id int primary key, prenom text, rue text, ville text, montant numeric, statut text);"),
            Some("fr_FR")
        );
        assert_eq!(
            heard("create table k (id int primary key, voornaam text, achternaam text, straat text, prijs int, aantal int);"),
            Some("nl_NL")
        );
        // A word or two is borrowed, and English names say nothing.
        assert_eq!(heard("create table c (id int primary key, first_name text, last_name text, street text, city text, plz text);"), None);
        let people = fixture::plan(german, Arguments { rows_default: 40, ..Arguments::default() });
        let mut rows = fixture::laid_out(&people);
        let codes: Vec<String> = (0..40).map(|row| rows.cell(0, row, 4).to_string()).collect();
        assert!(codes.iter().all(|code| code.len() == 5 && code.bytes().all(|digit| digit.is_ascii_digit())), "{codes:?}");
        let asked = fixture::plan(german, Arguments { rows_default: 40, locale: Some("fr_FR".into()), ..Arguments::default() });
        assert_eq!(asked.locale.map(|locale| locale.name), Some("fr_FR"));
    }
}
