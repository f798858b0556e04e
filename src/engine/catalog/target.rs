//! The target of a call: schema names, read as PostgreSQL reads `search_path`.

use serde::Deserialize;

use crate::engine::catalog::names::{did_you_mean, quoted};
use crate::engine::error::{Error, sqlstate};

/// PostgreSQL cuts unquoted and quoted names alike at this many bytes (NAMEDATALEN - 1).
const LONGEST_NAME: usize = 63;

/// The schemas of a database, as `sql/catalog/schemas.sql` tells them.
#[derive(Debug, Deserialize)]
pub(super) struct Schemas {
    /// The current user: what `"$user"` stands for.
    user: String,
    /// The session's temporary schema, if it has one: what `pg_temp` stands for.
    temporary: Option<String>,
    #[serde(rename = "schemas")]
    all: Vec<Schema>,
}

#[derive(Debug, Deserialize)]
struct Schema {
    name: String,
    usable: bool,
    owner: String,
}

/// A name in a list: as written, and as SQL understands it.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    written: String,
    meant: String,
}

impl Schemas {
    /// The schemas that the target names, in its order, each once.
    pub(super) fn resolve(&self, target: &str) -> Result<Vec<String>, Error> {
        if let Some(schema) = self.named(target) {
            return Ok(vec![self.checked(schema)?]);
        }
        let names = split(target)?;
        if names.is_empty() {
            return Err(Error::new(sqlstate::INVALID_PARAMETER, "the target names no schema")
                .hint("Give a schema's name, or several separated by commas."));
        }
        let mut found: Vec<String> = Vec::new();
        for name in names {
            let schema = self.checked(self.schema(&name)?)?;
            if !found.contains(&schema) {
                found.push(schema);
            }
        }
        Ok(found)
    }

    fn named(&self, name: &str) -> Option<&Schema> {
        self.all.iter().find(|schema| schema.name == name)
    }

    fn schema(&self, name: &Name) -> Result<&Schema, Error> {
        let meant = match name.meant.as_str() {
            "$user" => &self.user,
            "pg_temp" => self.temporary.as_ref().unwrap_or(&name.meant),
            _ => &name.meant,
        };
        self.named(&name.written).or_else(|| self.named(meant)).ok_or_else(|| self.missing(meant))
    }

    fn missing(&self, name: &str) -> Error {
        let users: Vec<&str> = self.all.iter().map(|schema| schema.name.as_str()).filter(|name| !is_system(name)).collect();
        let error = Error::new(sqlstate::UNDEFINED_SCHEMA, format!("schema \"{name}\" does not exist"))
            .detail(format!("The schemas of this database are: {}.", listed(&users)));
        match did_you_mean(name, users.iter().copied()) {
            Some(hint) => error.hint(hint),
            None => error.hint("The target is a schema's name, or several separated by commas, as in search_path."),
        }
    }

    fn checked(&self, schema: &Schema) -> Result<String, Error> {
        if is_system(&schema.name) && self.temporary.as_deref() != Some(&schema.name) {
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("schema \"{}\" belongs to PostgreSQL itself", schema.name)));
        }
        if !schema.usable {
            return Err(Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied for schema {}", schema.name)).hint(
                format!(
                    "Its owner {} can grant it: GRANT USAGE ON SCHEMA {} TO {};",
                    schema.owner,
                    quoted(&schema.name),
                    quoted(&self.user)
                ),
            ));
        }
        Ok(schema.name.clone())
    }
}

fn is_system(schema: &str) -> bool {
    schema == "information_schema" || schema.starts_with("pg_")
}

/// At most twenty names, the rest counted.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let text = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => text,
        Some(more) => format!("{text} and {more} more"),
    }
}

/// Splits a list at its commas: unquoted names fold to lower case, quoted ones stand as they are.
fn split(list: &str) -> Result<Vec<Name>, Error> {
    let mut names = Vec::new();
    let mut rest = list.trim();
    if rest.is_empty() {
        return Ok(names);
    }
    loop {
        let (name, after) = first_name(rest).ok_or_else(|| invalid(list))?;
        names.push(name);
        rest = after.trim_start();
        if rest.is_empty() {
            return Ok(names);
        }
        rest = rest.strip_prefix(',').ok_or_else(|| invalid(list))?.trim_start();
    }
}

fn first_name(text: &str) -> Option<(Name, &str)> {
    if let Some(body) = text.strip_prefix('"') {
        return quoted_name(body);
    }
    let end = text.find(|character: char| character == ',' || character.is_whitespace()).unwrap_or(text.len());
    let written = &text[..end];
    let meant = truncated(&written.to_lowercase());
    (end > 0).then(|| (Name { written: written.to_owned(), meant }, &text[end..]))
}

fn quoted_name(body: &str) -> Option<(Name, &str)> {
    let mut name = String::new();
    let mut characters = body.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        if character != '"' {
            name.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            let meant = truncated(&name);
            return (!name.is_empty()).then(|| (Name { written: name, meant }, &body[index + 1..]));
        }
    }
    None
}

fn truncated(name: &str) -> String {
    name[..name.floor_char_boundary(LONGEST_NAME)].to_owned()
}

fn invalid(list: &str) -> Error {
    Error::new(sqlstate::INVALID_PARAMETER, format!("invalid list of schemas: {list}"))
        .hint("Separate names by commas; put a name that holds blanks, commas or capitals in double quotes.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Schemas {
        let schema = |name: &str| Schema { name: name.into(), usable: name != "closed", owner: "boss".into() };
        let names = ["closed", "ecommerce", "information_schema", "Mixed", "odd, \"name\"", "pg_catalog", "pg_temp_3", "public", "me"];
        Schemas { user: "me".into(), temporary: Some("pg_temp_3".into()), all: names.map(schema).into() }
    }

    fn report(target: &str) -> (&'static str, String, Option<String>) {
        match schemas().resolve(target) {
            Err(Error::Report(report)) => (report.sqlstate, report.message, report.hint),
            other => panic!("{target}: {other:?}"),
        }
    }

    #[test]
    fn a_list_is_read_as_search_path_is() {
        assert_eq!(schemas().resolve("ecommerce").unwrap(), ["ecommerce"]);
        assert_eq!(schemas().resolve(" ECommerce ,public,ecommerce").unwrap(), ["ecommerce", "public"]);
        assert_eq!(schemas().resolve("\"Mixed\", \"odd, \"\"name\"\"\"").unwrap(), ["Mixed", "odd, \"name\""]);
        assert_eq!(schemas().resolve("\"$user\", pg_temp").unwrap(), ["me", "pg_temp_3"]);
    }

    #[test]
    fn a_name_that_is_a_schema_verbatim_is_taken_as_it_stands() {
        assert_eq!(schemas().resolve("Mixed").unwrap(), ["Mixed"]);
        assert_eq!(schemas().resolve("odd, \"name\"").unwrap(), ["odd, \"name\""]);
        assert_eq!(schemas().resolve("public, Mixed").unwrap(), ["public", "Mixed"]);
    }

    #[test]
    fn a_missing_schema_is_named_with_the_nearest_one() {
        let (state, message, hint) = report("ecomerce");
        assert_eq!((state, message.as_str()), ("3F000", "schema \"ecomerce\" does not exist"));
        assert_eq!(hint.as_deref(), Some("Did you mean \"ecommerce\"?"));
        assert_eq!(report("\"Ecommerce\"").1, "schema \"Ecommerce\" does not exist");
    }

    #[test]
    fn what_cannot_be_a_target_is_refused() {
        for target in ["", "  ", ",", "a b", "public,", "\"open", "pg_catalog"] {
            assert_eq!(report(target).0, "22023", "{target}");
        }
        assert_eq!(report("closed").0, "42501");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(truncated(&"é".repeat(40)).len(), 62);
    }
}
