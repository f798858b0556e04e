//! What a column's meaning says of its values: words of a list, what the row's own thing or those above it are called, a
//! generator of its own.

use crate::engine::catalog::names::{normalise, stem};
use crate::engine::catalog::{ColumnId, ForeignKeyId, TypeKind};
use crate::engine::generator::Generator;
use crate::engine::plan::columns::Context;
use crate::engine::plan::deeds::is_somebody;
use crate::engine::plan::facts::{self, Known, is_word_of};
use crate::engine::plan::lookups;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::{Fact, FactTarget, Pick, Source, engines, generators};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{KeyValue, Symbol};

/// Share of rows whose name is the one of the row they hang under (an address in its user's name).
const SAME_NAME: f64 = 0.85;

/// The meaning of a family's name, and the share of rows below a person that bear it: of those with another first name most
/// are of one household.
const FAMILY_NAME: &str = "person.last_name";
const SAME_FAMILY: f64 = 0.95;

/// Share of what is ordered or billed that goes to the customer's own address.
const OWN_ADDRESS: f64 = 0.9;

/// Share of what is ordered or booked whose contact is the one that its user has.
const OWN_CONTACT: f64 = 0.92;

/// The meanings of the parts of an address, the one that every address has first.
const ADDRESS: [&str; 11] = [
    "place.street",
    "place.address_line_2",
    "place.city",
    "place.region",
    "place.region_code",
    "place.postcode",
    "place.country_name",
    "place.country_code",
    "place.country_code_3",
    "person.full_name",
    "company.name",
];

/// The unit of meanings whose numbers a column may also hold as shares of one.
const PERCENT: &str = "percent";

/// A column that holds no number as great as this holds shares.
const LEAST_PERCENT: f64 = 10.0;

/// Weight of a label that no list knows, beside those that it does.
const UNKNOWN_LABEL: f64 = 0.03;

/// The meaning of the number of an order, and the letters that a number needs beside its mark.
const ORDER_NUMBER: &str = "code.order_number";
const LEAST_NUMBER: u64 = 8;

/// The meaning of codes of which nothing more is known, and the fewest letters that three of a name and a number need.
const SHORT_CODE: &str = "code.short";
const LEAST_CODE: u64 = 6;

impl Context<'_> {
    pub(super) fn by_meaning(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let found = self.meanings.of(self.table, column)?;
        let kind = &self.definition(column).data_type.kind;
        if let Some(allowed) = self.domains[column].allowed.as_ref().filter(|_| !matches!(kind, TypeKind::Boolean)) {
            let id = found.meaning.id.as_str();
            let first = self.of_its_line(id, allowed, known).or_else(|| Self::known_first(id, allowed));
            return Some(first.unwrap_or_else(|| self.weighed(column, allowed, &found.meaning.generator)));
        }
        let weighs = found.meaning.generator.get("choice").is_some();
        // A few usual numbers cannot be one for each row.
        let number = matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. });
        if weighs && number && self.is_unique(column) {
            return None;
        }
        // How a flag usually stands its default says better than its name.
        if weighs && *kind == TypeKind::Boolean && matches!(self.definition(column).default.as_deref(), Some("true" | "false")) {
            return Some(self.flag(column));
        }
        if let Some(fact) = version_of(self, known, column) {
            return Some(Source::Copied(fact));
        }
        if let Some(copied) = self.address_above(column, known) {
            let otherwise = Box::new(self.own_source(column, known)?);
            let key = StreamKey::new(self.inputs.arguments.seed, &self.catalog().tables[self.table].qualified, "\u{1}own address");
            return Some(Source::Mostly { share: OWN_ADDRESS, key, copied, begins: None, whole: true, otherwise });
        }
        if let Some(copied) = self.contact_of_orderer(column, known) {
            let otherwise = Box::new(self.own_source(column, known)?);
            let key = StreamKey::new(self.inputs.arguments.seed, &self.catalog().tables[self.table].qualified, "\u{1}own contact");
            return Some(Source::Mostly { share: OWN_CONTACT, key, copied, begins: None, whole: true, otherwise });
        }
        if let Some(fact) = same_name_above(self, known, found.meaning.id.as_str()) {
            let otherwise = self.own_source(column, known)?;
            let key = StreamKey::new(self.inputs.arguments.seed, &self.catalog().tables[self.table].qualified, "\u{1}namesake");
            let dialled = found.meaning.id == "contact.phone";
            let begins = known.find(self.catalog(), self.table, self.picks, Symbol::new("place.dialling_code")).filter(|_| dialled);
            // One draw decides both: who bears another family's name bears another first name, too.
            let share = if found.meaning.id == FAMILY_NAME { SAME_FAMILY } else { SAME_NAME };
            return Some(Source::Mostly { share, key, copied: fact, begins, whole: false, otherwise: Box::new(otherwise) });
        }
        self.own_source(column, known)
    }

    /// What the row's own line of a list says, where the column may hold that of every line, in this spelling or another that the
    /// list has: the form of the drug that it is, the degree of a programme.
    fn of_its_line(&self, id: &str, allowed: &[Value], known: &Known) -> Option<Source> {
        let list = known.words.provider(Symbol::new(id)).filter(|list| list.value_columns().any(|value| value.as_str() == id))?;
        let tuple = known.tuples[self.table].iter().position(|own| own.name() == list.name())?;
        let permitted = |label: &str| allowed.iter().any(|value| matches!(value, Value::Text(text) if **text == *label));
        let all = |spelling: &Symbol| list.lines().all(|line| line.cell(spelling.as_str()).is_some_and(&permitted));
        let is_spelling =
            |other: &Symbol| other.as_str() == id || other.as_str().strip_prefix(id).is_some_and(|rest| rest.starts_with('_'));
        let spelling = list.value_columns().filter(is_spelling).find(all)?;
        Some(Source::Tuple(tuple, known.tuples[self.table][tuple].column(spelling)?))
    }

    /// Labels of which a list knows some: those are usual, the others rare (the sexes that first names are known for).
    fn known_first(id: &str, allowed: &[Value]) -> Option<Source> {
        let list = Meanings::list_of(id)?;
        let symbol = Symbol::new(id);
        let known = |label: &Value| {
            let told = |asked: Symbol| match label {
                Value::Text(text) if asked == symbol => Some(std::borrow::Cow::Owned(text.to_string())),
                _ => None,
            };
            list.key_values(&told).iter().any(|value| matches!(value, KeyValue::Known(_)))
        };
        let knows = list.key_sources().any(|sources| sources.contains(&symbol));
        let some = knows && allowed.iter().any(known);
        some.then(|| generators::choice(allowed.iter().map(|label| (label.clone(), if known(label) { 1.0 } else { UNKNOWN_LABEL }))))
    }

    /// Of what is sent or billed: the same part of the address of the person or firm that it is sent to.
    fn address_above(&self, column: ColumnId, known: &Known) -> Option<Fact> {
        let id = known.meanings[self.table][column]?;
        let tables = &self.catalog().tables;
        let own = &tables[self.table];
        let purpose = |word: &String| is_word_of(word, "destination") || is_word_of(word, "billing");
        let is_sent =
            || self.meanings.with_role(self.table, Role::Total).is_some() || normalise(&own.columns[column].name).iter().any(purpose);
        // An order bears the name of who it is sent to, and is nobody.
        let happened = || [Role::Happened, Role::Total].iter().any(|role| self.meanings.with_role(self.table, *role).is_some());
        if !ADDRESS.contains(&id) || !happened() && is_somebody(self.meanings, self.table) || !is_sent() {
            return None;
        }
        let at = |key: ForeignKeyId| own.foreign_keys[key].referenced_table;
        let named = |key: &ForeignKeyId| {
            let target = at(*key);
            let has = |id: &str| known.meanings[target].contains(&Some(id));
            target != self.table
                && !matches!(self.picks[*key].pick, Pick::Nothing(_) | Pick::Later | Pick::Ring)
                && (is_somebody(self.meanings, target) || has("company.name"))
                && has(ADDRESS[0])
        };
        let key = (0..own.foreign_keys.len())
            .filter(named)
            .max_by_key(|key| (known.owners[self.table] == Some(*key), std::cmp::Reverse(*key)))?;
        let theirs = &tables[at(key)];
        let same = |other: &ColumnId| known.meanings[at(key)][*other] == Some(id);
        let named_alike = |other: &ColumnId| same(other) && theirs.columns[*other].name == own.columns[column].name;
        let columns = || 0..theirs.columns.len();
        let part = columns().find(named_alike).or_else(|| columns().find(same))?;
        Some(Fact { hops: vec![key], target: FactTarget::Column(part) })
    }

    /// The meaning's value from the row's own joint tuple, else from its generator.
    fn own_source(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let meaning = self.meanings.of(self.table, column)?.meaning;
        let id = Symbol::new(&meaning.id);
        if let Some(source) = self.code_of_the_name(column, &meaning.id) {
            return Some(source);
        }
        if let Some(source) = self.number_of_an_order(column, &meaning.id) {
            return Some(source);
        }
        // What the engine computes from a line (a coordinate near the city's) is not the line's own cell.
        if meaning.generator.get("engine").is_some()
            && let Some(source) = self.meaning_source(column, known)
        {
            return Some(source);
        }
        if let Some(source) = self.entry(column, known) {
            return Some(source);
        }
        let list = known.words.provider(id).filter(|list| list.value_columns().any(|value| value == id));
        if let Some(tuple) = list.and_then(|list| known.tuples[self.table].iter().position(|own| own.name() == list.name()))
            && !matches!(self.definition(column).data_type.kind, TypeKind::Array { .. })
            && let Some(column) = known.tuples[self.table][tuple].column(id)
        {
            return Some(Source::Tuple(tuple, column));
        }
        self.meaning_source(column, known)
    }

    /// The cell of a line of the list that the table's rows are the lines of.
    fn entry(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let meaning = self.meanings.of(self.table, column)?.meaning;
        let list = lookups::entries(self.catalog(), self.meanings, self.table).and_then(|name| known.words.get(name))?;
        let cell = list.column(Symbol::new(&meaning.id))?;
        let tuples = &mut known.tuples[self.table];
        let tuple = tuples.iter().position(|own| own.name() == list.name()).unwrap_or_else(|| {
            tuples.push(list);
            tuples.len() - 1
        });
        Some(Source::Tuple(tuple, cell))
    }

    /// A code beside the name of the row's thing begins with the name's first letters: GEO-417 for geography.
    fn code_of_the_name(&self, column: ColumnId, id: &str) -> Option<Source> {
        let room = self.domains[column].max_length.unwrap_or(u64::MAX);
        // A row has one code of its own; its other codes are of something else.
        let first = self.meanings.ids_of(self.table).position(|id| id == Some(SHORT_CODE));
        if id != SHORT_CODE || room < LEAST_CODE || first != Some(column) {
            return None;
        }
        let name = self.meanings.ids_of(self.table).flatten().find(|id| facts::names_a_thing(id))?;
        let digits = (room - 3).min(4);
        generators::text_source(&self.definition(column).data_type.kind, &format!("{{@{name}|ascii|upper|first:3}}{{serial:{digits}}}"))
    }

    /// The number of an order that sells nothing begins with the letters of what it orders: LO-1000017 for a laboratory's.
    fn number_of_an_order(&self, column: ColumnId, id: &str) -> Option<Source> {
        let words = stem(&self.catalog().tables[self.table].name);
        let from = words.iter().position(|word| is_word_of(word, "ordered"))?;
        if id != ORDER_NUMBER || !words.last().is_some_and(|last| is_word_of(last, "ordering")) {
            return None;
        }
        let letters: String = words[from..].iter().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect();
        let room = self.domains[column].max_length.unwrap_or(u64::MAX);
        let ascii = letters.bytes().all(|letter| letter.is_ascii_uppercase()) && letters.len() as u64 + LEAST_NUMBER < room;
        ascii.then(|| generators::text_source(&self.definition(column).data_type.kind, &format!("{letters}-{{rising:7}}")))?
    }

    pub(super) fn meaning_source(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let found = self.meanings.of(self.table, column)?;
        let kind = &self.definition(column).data_type.kind;
        match generators::of_meaning(&found.meaning.generator)? {
            Generator::Engine(name) => {
                let engine = engines::Context {
                    catalog: self.catalog(),
                    table: self.table,
                    picks: self.picks,
                    generator: &found.meaning.generator,
                    year: crate::engine::plan::build::last_year(self.inputs.as_of),
                };
                engine
                    .source(&name, kind, known)
                    .or_else(|| generators::source(kind, &generators::of_meaning(found.meaning.generator.get("else")?)?))
            }
            generator => {
                let step = found.meaning.generator.as_object().and_then(|object| object.values().next()?.get("round")?.as_i64());
                let bare = found.meaning.generator.get("bare").and_then(serde_json::Value::as_str).filter(|_| self.is_tight(column));
                let source = generators::source(kind, &bare.map_or(generator, |bare| Generator::Template(bare.to_owned())))?;
                if found.meaning.units == PERCENT && self.domains[column].number_bounds(kind).1.is_some_and(|most| most < LEAST_PERCENT) {
                    return Some(generators::hundredths(kind, source));
                }
                let whole = matches!(kind, TypeKind::Integer { .. });
                match step.filter(|&digits| digits < 0 || digits == 0 && !whole) {
                    Some(digits) if matches!(source, Source::Lognormal { .. } | Source::Normal { .. }) => {
                        Some(Source::Rounded { inner: Box::new(source), step: 10f64.powi(-(digits as i32)) })
                    }
                    _ => Some(source),
                }
            }
        }
    }
}

/// The column of which a version's column is a version: the title of a page's revision is the page's.
fn version_of(context: &Context, known: &Known, column: ColumnId) -> Option<Fact> {
    let id = known.meanings[context.table][column]?;
    let owner = known.owners[context.table]?;
    let tables = &context.catalog().tables;
    let parent = tables[context.table].foreign_keys[owner].referenced_table;
    let versioned = facts::is_version_of(&tables[context.table].name, &tables[parent].name);
    let versioned = versioned && (facts::names_a_thing(id) || facts::is_prose(id) || id.ends_with("slug"));
    let Some(theirs) = (0..tables[parent].columns.len()).find(|&theirs| known.meanings[parent][theirs] == Some(id)) else {
        // What the page itself does not hold, its line of the list says.
        return known.tuple_of(parent, Symbol::new(id)).filter(|_| versioned).map(|target| Fact { hops: vec![owner], target });
    };
    let same = tables[parent].columns[theirs].name == tables[context.table].columns[column].name || facts::is_prose(id);
    (versioned && same).then(|| Fact { hops: vec![owner], target: FactTarget::Column(theirs) })
}

/// A parent's column of the same personal meaning, where the row hangs under a person.
fn same_name_above(context: &Context, known: &Known, id: &str) -> Option<Fact> {
    let owner = known.owners[context.table].filter(|_| !facts::are_relatives(&context.catalog().tables[context.table]))?;
    let parent = context.catalog().tables[context.table].foreign_keys[owner].referenced_table;
    let column = known.column(parent, Symbol::new(id))?;
    let relative = known.column(context.table, Symbol::new(facts::RELATIVE)).is_some();
    let personal = !relative && (id.starts_with("person.") || id.starts_with("contact.phone"));
    personal.then(|| Fact { hops: vec![owner], target: FactTarget::Column(column) })
}
