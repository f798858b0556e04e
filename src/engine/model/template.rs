//! The prompts' templates: files of the library, each of which an administrator may replace (`synthgen.prompt_template`).

use std::collections::BTreeMap;

use minijinja::Environment;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::error::{Error, sqlstate};

/// Name and text of each template.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("system", include_str!("data/system.txt")),
    ("write", include_str!("data/write.txt")),
    ("repair", include_str!("data/repair.txt")),
    ("author", include_str!("data/author.txt")),
];

/// The templates in force.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    hashes: BTreeMap<&'static str, u64>,
}

impl Templates {
    /// The built-in ones, each replaced where `replaced` holds its name. An error names the template that cannot be read.
    pub fn new(replaced: &BTreeMap<String, String>) -> Result<Self, Error> {
        if let Some(unknown) = replaced.keys().find(|name| BUILT_IN.iter().all(|(known, _)| known != name)) {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("there is no prompt template \"{unknown}\""))
                .hint(format!("Known are: {}.", known.join(", "))));
        }
        let mut environment = Environment::new();
        let mut hashes = BTreeMap::new();
        for (name, text) in BUILT_IN {
            let text = replaced.get(name).map_or(text, String::as_str).to_owned();
            hashes.insert(name, xxh3_64(text.as_bytes()));
            environment.add_template_owned(name, text).map_err(|error| unusable(name, &error))?;
        }
        Ok(Self { environment, hashes })
    }

    /// Fills a template.
    pub(super) fn render(&self, name: &'static str, values: impl Serialize) -> Result<String, Error> {
        let template = self.environment.get_template(name).map_err(|error| unusable(name, &error))?;
        template.render(minijinja::value::Serde(values)).map(|text| text.trim().to_owned()).map_err(|error| unusable(name, &error))
    }

    /// Tells one wording from another.
    pub(super) fn version(&self, names: &[&'static str]) -> String {
        let hashes: Vec<String> = names.iter().map(|name| format!("{:016x}", self.hashes.get(name).copied().unwrap_or(0))).collect();
        hashes.concat()
    }
}

fn unusable(name: &str, error: &minijinja::Error) -> Error {
    Error::new(sqlstate::INVALID_PARAMETER, format!("the prompt template \"{name}\" cannot be used"))
        .detail(format!("{error}."))
        .hint("Mend its row in synthgen.prompt_template, or delete it: then the built-in one serves.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_template_is_another_version() {
        let replaced = BTreeMap::from([("system".to_owned(), "Write {{ what }}.".to_owned())]);
        let (own, built_in) = (Templates::new(&replaced).expect("it is read"), Templates::new(&BTreeMap::new()).expect("they are read"));
        assert_eq!(own.render("system", BTreeMap::from([("what", "rows")])).expect("it is filled"), "Write rows.");
        assert_ne!(own.version(&["system"]), built_in.version(&["system"]));
        assert_eq!(own.version(&["write"]), built_in.version(&["write"]));
    }

    #[test]
    fn an_unreadable_or_unknown_template_is_named() {
        for (name, text) in [("write", "{% for"), ("wirte", "x")] {
            let error = Templates::new(&BTreeMap::from([(name.to_owned(), text.to_owned())])).expect_err("it is refused");
            assert!(error.to_string().contains(&format!("\"{name}\"")), "{error}");
        }
    }
}
