//! The registry of meanings: `data/meanings.csv`, parsed once.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::Deserialize;

use super::catalogue::current;
use super::error::VocabularyError;
use super::pattern::Pattern;
use super::validator::Validator;
use super::words::{fold, singular};

/// Before the name of a domain, among words of context.
pub(super) const OF_PACK: char = '@';

/// What a column can mean, and how its cells are made.
#[derive(Debug)]
pub struct Meaning {
    /// Dotted id.
    pub id: String,
    /// Column names under which it appears.
    pub names: Vec<Pattern>,
    /// Classes of types it fits; empty means any.
    pub types: Vec<TypeClass>,
    /// Words around the column that speak for this reading; required by homonyms.
    pub context: Vec<String>,
    /// Words in the table's or the column's name that rule it out.
    pub not_context: Vec<String>,
    /// Unit of the numbers, for people; empty where there is none.
    pub units: String,
    /// The rule grammar's generator, or `engine` for what only the engine can compute.
    pub generator: serde_json::Value,
    /// Share of NULLs where the column may be NULL; none leaves it to the engine.
    pub null_fraction: Option<f64>,
    /// Values as they should look.
    pub examples: Vec<String>,
    /// What every value must look like.
    pub validator: Validator,
    /// Decides between equal fits, in hundredths of confidence.
    pub priority: i32,
    /// The names that mean something else in other fields.
    kept: Vec<&'static Kept>,
}

/// Names under which a meaning is found in some fields only (`data/field_names.csv`): a `condition` is an illness where there
/// are patients, and not in a garage.
#[derive(Debug)]
struct Kept {
    /// The meaning, or the part before the dot of several.
    meanings: Vec<String>,
    /// The fields, as `data/packs.csv` calls them.
    fields: Vec<String>,
    /// One of them must be likely at least; else it is enough that no other is certain.
    likely: bool,
    names: Vec<Pattern>,
}

/// The fields of a table.
#[derive(Debug)]
pub(super) struct Fields {
    /// Those that are certain.
    pub(super) certain: Vec<String>,
    /// The one whose words the table speaks.
    pub(super) likely: Option<String>,
}

/// One line of the file of names that are kept to fields.
#[derive(Deserialize)]
struct KeptLine {
    meanings: String,
    fields: String,
    unless: String,
    names: String,
}

/// The class of a column's type, as far as meanings care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TypeClass {
    /// Text of any kind, enums and domains over text included.
    Text,
    /// Whole numbers.
    Int,
    /// Numbers with a fraction.
    Numeric,
    /// Truth values.
    Bool,
    /// Dates without time.
    Date,
    /// Timestamps with or without zone.
    Stamp,
    /// json and jsonb.
    Json,
    /// Arrays of any element.
    Array,
    /// uuid.
    Uuid,
    /// inet and cidr.
    Inet,
    /// Whatever else: only meanings that fit any type are found.
    Other,
}

/// One line of the file.
#[derive(Deserialize)]
struct Line {
    meaning: String,
    names: String,
    types: String,
    context: String,
    not_context: String,
    units: String,
    generator: String,
    null_fraction: String,
    examples: String,
    validator: String,
    priority: String,
}

impl FromStr for TypeClass {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "text" => Self::Text,
            "int" => Self::Int,
            "numeric" => Self::Numeric,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "stamp" => Self::Stamp,
            "json" => Self::Json,
            "array" => Self::Array,
            "uuid" => Self::Uuid,
            "inet" => Self::Inet,
            _ => return Err(()),
        })
    }
}

/// Every meaning, in the registry's order.
pub fn meanings() -> &'static [Meaning] {
    static MEANINGS: OnceLock<Vec<Meaning>> = OnceLock::new();
    MEANINGS.get_or_init(|| {
        read(current("data/meanings.csv", include_str!("data/meanings.csv"))).expect("the tests read every line of this file")
    })
}

/// The meaning of an id.
pub fn meaning(id: &str) -> Option<&'static Meaning> {
    static BY_ID: OnceLock<HashMap<&'static str, &'static Meaning>> = OnceLock::new();
    BY_ID.get_or_init(|| meanings().iter().map(|meaning| (meaning.id.as_str(), meaning)).collect()).get(id).copied()
}

/// The names that are kept to fields.
fn kept() -> &'static [Kept] {
    static KEPT: OnceLock<Vec<Kept>> = OnceLock::new();
    KEPT.get_or_init(|| {
        let text = current("data/field_names.csv", include_str!("data/field_names.csv"));
        let read = |line: Result<KeptLine, csv::Error>| {
            let line = line.expect("the tests read every line of this file");
            let texts = |cell: &str| listed(cell).map(str::to_owned).collect();
            let names = listed(&line.names).map(Pattern::new).collect();
            Kept { meanings: texts(&line.meanings), fields: texts(&line.fields), likely: line.unless == "likely", names }
        };
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(read).collect()
    })
}

impl Kept {
    fn is_of_another(&self, of: &Fields) -> bool {
        let certain = of.certain.iter().any(|field| self.fields.contains(field));
        let likely = of.likely.as_ref().is_some_and(|field| self.fields.contains(field));
        let open = of.certain.is_empty() && (likely || !self.likely);
        !certain && !open
    }

    fn is_for(&self, id: &str) -> bool {
        self.meanings.iter().any(|meanings| meanings == id || id.split_once('.').is_some_and(|(group, _)| group == meanings))
    }
}

/// Reads a registry.
pub(super) fn read(text: &str) -> Result<Vec<Meaning>, VocabularyError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize::<Line>()
        .map(|line| {
            let unreadable = |source| VocabularyError::Csv { name: "meanings".to_owned(), source };
            Meaning::new(line.map_err(unreadable)?)
        })
        .collect()
}

impl Meaning {
    fn new(line: Line) -> Result<Self, VocabularyError> {
        let wrong =
            |column: &'static str, found: &str| VocabularyError::Meaning { meaning: line.meaning.clone(), column, found: found.to_owned() };
        let generator = serde_json::from_str(&line.generator).map_err(|_| wrong("generator", &line.generator))?;
        let types = match line.types.as_str() {
            "any" => Vec::new(),
            classes => listed(classes).map(|class| class.parse().map_err(|()| wrong("types", class))).collect::<Result<_, _>>()?,
        };
        let null_fraction = optional(&line.null_fraction).map_err(|()| wrong("null_fraction", &line.null_fraction))?;
        let priority = optional(&line.priority).map_err(|()| wrong("priority", &line.priority))?.unwrap_or(0);
        let validator = line.validator.parse().map_err(|()| wrong("validator", &line.validator))?;
        let word = |word: &str| if word.starts_with(OF_PACK) { word.to_owned() } else { joined(word) };
        let folded = |cell: &str| listed(cell).map(word).collect();
        Ok(Self {
            kept: kept().iter().filter(|kept| kept.is_for(&line.meaning)).collect(),
            names: listed(&line.names).map(Pattern::new).collect(),
            types,
            context: folded(&line.context),
            not_context: folded(&line.not_context),
            generator,
            null_fraction,
            examples: listed(&line.examples).map(str::to_owned).collect(),
            validator,
            priority,
            units: line.units,
            id: line.meaning,
        })
    }

    /// Whether a column of this class of type can hold it.
    pub fn fits(&self, class: TypeClass) -> bool {
        self.types.is_empty() || self.types.contains(&class)
    }

    /// Whether one of these names means this only in other fields than the table's.
    pub(super) fn is_of_another(&self, of: &Fields, names: &[Vec<String>]) -> bool {
        let named = |kept: &Kept| kept.names.iter().any(|pattern| names.iter().any(|name| pattern.fit(name).is_some()));
        self.kept.iter().any(|kept| kept.is_of_another(of) && named(kept))
    }

    /// Whether a name without blanks is one that says this meaning by itself.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|pattern| pattern.is_alone(name))
    }
}

/// A word of the context, or a whole column name, as it is compared: folded, singular, in one.
fn joined(name: &str) -> String {
    name.split('_').map(|word| singular(&fold(word))).collect()
}

/// The parts of a cell between bars.
fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|part| !part.is_empty())
}

/// The number in a cell, none where it is empty.
fn optional<T: FromStr>(cell: &str) -> Result<Option<T>, ()> {
    match cell.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| ()),
    }
}
