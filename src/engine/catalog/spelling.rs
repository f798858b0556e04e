//! How values of types are written that the engine knows by name only: a template each.

/// The template of a type's texts, by its bare name.
pub fn spelling(name: &str) -> Option<&'static str> {
    spellings().find(|(known, _)| *known == name).map(|(_, template)| template)
}

/// All types with their templates.
pub fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("data/spellings.csv").lines().skip(1).filter_map(|line| line.split_once(','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::template::Template;

    #[test]
    fn every_spelling_is_a_template() {
        for (name, template) in spellings() {
            assert!(Template::parse(template).is_ok(), "{name}: {:?}", Template::parse(template));
        }
        assert_eq!(spelling("unheard_of"), None);
    }
}
