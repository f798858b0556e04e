//! Times of day that people set: openings, lessons, arrivals, on the hours and quarters that their names suggest
//! (`data/clock_times.csv`).

use std::sync::OnceLock;

use crate::engine::vocabulary::NameIndex;

/// The template of a column's times.
pub(super) fn template(table_name: &str, column_name: &str) -> Option<&'static str> {
    let (index, templates) = registry();
    let best = index.find(table_name, column_name).into_iter().min_by_key(|&(place, fit)| (fit, place));
    best.map(|(place, _)| templates[place].as_str())
}

fn registry() -> &'static (NameIndex, Vec<String>) {
    static REGISTRY: OnceLock<(NameIndex, Vec<String>)> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let (mut index, mut templates) = (NameIndex::default(), Vec::new());
        let mut reader = csv::Reader::from_reader(include_str!("data/clock_times.csv").as_bytes());
        for line in reader.deserialize::<(String, String)>() {
            let (names, template) = line.expect("the tests read every line of this file");
            index.add(&names, templates.len());
            templates.push(template);
        }
        (index, templates)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::template::Template;

    #[test]
    fn every_time_is_a_template_and_names_are_told_apart() {
        let (_, templates) = registry();
        assert!(templates.iter().all(|template| Template::parse(template).is_ok()));
        assert!(template("inn", "check_in_time").is_some_and(|text| text.starts_with("{choice:14:00")));
        assert!(template("shop", "closes_at").is_some_and(|text| text.starts_with("{choice:17:00")));
        assert_eq!(template("shop", "whatever"), None);
    }
}
