//! Locales: the country whose people, places and telephones a call asks for.

/// A locale that lists of people, places and telephones know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// Language and country, as in `de_DE`.
    pub name: &'static str,
    /// ISO 3166-1, two letters.
    pub country: &'static str,
    /// The language, in English.
    pub language: &'static str,
}

/// Every known locale, in the file's order.
pub fn locales() -> impl Iterator<Item = Locale> {
    include_str!("data/locales.csv").lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        Some(Locale { name: cells.next()?, country: cells.next()?, language: cells.next()? })
    })
}

/// The locale of a name; `de-DE` and `de_de.UTF-8` are read as `de_DE`.
pub fn locale(name: &str) -> Option<Locale> {
    let plain = name.split('.').next().unwrap_or(name).replace('-', "_");
    locales().find(|locale| locale.name.eq_ignore_ascii_case(&plain))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::engine::vocabulary::{Symbol, vocabulary};

    #[test]
    fn every_locale_has_people_streets_and_telephones_of_its_own() {
        assert!(locales().count() >= 8);
        for locale in locales() {
            for list in ["first_names", "last_names", "streets", "phones", "places"] {
                let list = vocabulary(list).expect("a list");
                let country = Symbol::new("place.country_code");
                let values = list.key_values(&|id| (id == country).then_some(Cow::Borrowed(locale.country)));
                assert!(list.fitting(&values).kept_keys() > 0, "{}: {}", locale.name, list.name());
            }
        }
    }

    #[test]
    fn names_of_locales_are_read_as_systems_spell_them() {
        assert_eq!(locale("pt-br").map(|locale| locale.country), Some("BR"));
        assert_eq!(locale("de_DE.UTF-8").map(|locale| locale.name), Some("de_DE"));
        assert_eq!(locale("xx_XX"), None);
    }
}
