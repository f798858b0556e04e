//! A call's locale: the lists of countries that the database holds itself are kept to it, and people are told what it covers.

use crate::engine::catalog::TableId;
use crate::engine::plan::Inputs;
use crate::engine::plan::meanings::Meanings;
use crate::engine::value::Value;
use crate::engine::vocabulary::{Locale, Symbol, provider_of, vocabulary};

/// Meanings by which a row of a list of countries says which one it is.
pub(super) const COUNTRY: [&str; 3] = ["place.country_code", "place.country_code_3", "place.country_name"];

/// Draws stored rows that name another country no more, wherever the list has the locale's own.
pub(super) fn stay_in(inputs: &mut Inputs, meanings: &Meanings, locale: Locale) {
    for table in 0..inputs.states.len() {
        let Some((column, word)) = country_column(meanings, table, locale) else { continue };
        let stored = &mut inputs.states[table].stored;
        let at_home: Vec<bool> = stored.rows.iter().map(|row| matches!(&row[column], Value::Text(text) if **text == *word)).collect();
        if at_home.contains(&true) {
            stored.weights.iter_mut().zip(at_home).filter(|(_, own)| !own).for_each(|(weight, _)| *weight = 0.0);
        }
    }
}

/// The column that names a country, and the locale's name in it.
fn country_column(meanings: &Meanings, table: TableId, locale: Locale) -> Option<(usize, &'static str)> {
    COUNTRY.iter().find_map(|id| {
        let column = meanings.ids_of(table).position(|found| found == Some(*id))?;
        Some((column, spelled(id, locale)?))
    })
}

/// The locale's country as a meaning spells it.
fn spelled(meaning: &str, locale: Locale) -> Option<&'static str> {
    let list = vocabulary("countries").or_else(|| provider_of(Symbol::new(meaning)))?;
    let line = list.lines().find(|line| line.cell("place.country_code") == Some(locale.country))?;
    line.cell(meaning)
}

/// Whether the database holds a list of countries: then its rows say who lives where.
pub(super) fn has_countries(inputs: &Inputs, meanings: &Meanings) -> bool {
    let lists = |table: TableId| COUNTRY.iter().any(|id| meanings.ids_of(table).any(|found| found == Some(*id)));
    (0..inputs.states.len()).any(|table| !inputs.states[table].stored.rows.is_empty() && lists(table))
}

/// What a locale covers, for the summary; and where it comes from, if nobody asked for it.
pub(super) fn note(locale: &Locale, asked: bool) -> String {
    let why = if asked { "" } else { ", as the columns have names in its language (locale => says otherwise)" };
    format!(
        "locale {}{why}: people, addresses and telephones of {}; sentences are in English until a model writes them",
        locale.name, locale.country
    )
}
