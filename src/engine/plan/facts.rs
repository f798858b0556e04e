//! Where a fact stands: in the row itself, in a row it refers to, or in a joint tuple.

use std::collections::VecDeque;
use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, singular, stem};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKey, ForeignKeyId, Table, TableId};
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::{Fact, FactTarget, Pick, PickPlan};
use crate::engine::rules::template::{Source as PartSource, Template};
use crate::engine::value::Value;
use crate::engine::vocabulary::{Lists, Symbol, Vocabulary, Words, filters_some_list, meaning};

/// The fact that says how far a row's life has come.
const PHASE: &str = "state.phase";

/// The name of a row's own thing, whichever column holds it.
const ROW_NAME: &str = "text.subject_name";

/// A person's whole name, and its parts.
const FULL_NAME: &str = "person.full_name";
/// The name of somebody who hangs under another person.
pub(super) const RELATIVE: &str = "person.relative_name";
const PERSON: [&str; 2] = ["person.first_name", "person.last_name"];

/// How far facts are followed.
const MOST_HOPS: usize = 3;

/// What is known of tables while the plan grows; parents come before their children.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Meaning of each column, by table.
    pub(super) meanings: Vec<Vec<Option<&'static str>>>,
    /// Joint tuples each table draws.
    pub(super) tuples: Vec<Vec<&'static Vocabulary>>,
    /// Rows of the table are made by the plan.
    pub(super) made: Vec<bool>,
    /// The owner's key, where there is one.
    pub(super) owners: Vec<Option<ForeignKeyId>>,
    /// Small tables of stored rows.
    pub(super) lists: Vec<TableId>,
    /// Lists of words.
    pub(super) words: Lists,
    /// The rows of the table, or those they hang under, have a life with states.
    pub(super) living: Vec<bool>,
    /// Whether any table holds goods: elsewhere no text is about some.
    pub(super) sells: bool,
    /// What is the same in all rows of a table, by table: the facts `schema.*`.
    pub(super) constants: Vec<Vec<(Symbol, Value)>>,
}

/// What people search for where nothing else is said: goods.
const SEARCHED: &str = "text.search_term";

fn is_of_goods(id: &str) -> bool {
    id.starts_with("product.")
}

/// Whether any table of these meanings holds goods.
pub(super) fn sells(meanings: &Meanings) -> bool {
    const GOODS: [&str; 4] = ["product.name", "product.sku", "product.brand", "product.variant_name"];
    meanings.ids().iter().flatten().flatten().any(|id| GOODS.contains(id))
}

/// Whether a meaning is the name of a thing (not of a person, a file or a host), by the words of its id
/// (`data/naming.csv`).
pub(super) fn names_a_thing(id: &str) -> bool {
    let (kind, what) = id.split_once('.').unwrap_or_default();
    what.rsplit('_').next().is_some_and(|word| is_word_of(word, "ending")) && !is_word_of(kind, "excepted")
}

/// Whether `data/naming.csv` lists a word for a part.
pub(super) fn is_word_of(word: &str, part: &str) -> bool {
    naming_words().iter().any(|(known, of)| known == word && of == part)
}

/// Fewest letters of a word that other words may end with.
const LEAST_ENDING: usize = 8;

/// Whether a word is one that `data/naming.csv` lists for a part, or ends with a long one of them.
pub(super) fn ends_with_word_of(word: &str, part: &str) -> bool {
    let ends = |known: &str| word == known || known.len() >= LEAST_ENDING && word.ends_with(known);
    naming_words().iter().any(|(known, of)| of == part && ends(known))
}

/// Whether a meaning's texts are prose: no name, and nothing that is told apart by a word before it.
pub(in crate::engine) fn is_prose(id: &str) -> bool {
    let last = id.rsplit(['.', '_']).next().unwrap_or_default();
    naming_words().iter().any(|(word, of)| word == last && of == "prose")
}

/// Whether a table holds versions of another's rows, by their names.
pub(super) fn is_version_of(table: &str, parent: &str) -> bool {
    let (own, above) = (stem(table), stem(parent));
    let rest = own.strip_prefix(above.as_slice()).unwrap_or_default();
    matches!(rest, [word] if naming_words().iter().any(|(known, of)| known == word && of == "version"))
}

/// Whether the rows are persons beside the one they hang under: somebody's emergency contact is another person.
pub(super) fn are_relatives(table: &Table) -> bool {
    let is = |word: &str, part: &str| naming_words().iter().any(|(known, of)| known == word && of == part);
    normalise(&table.name).iter().any(|word| is(&singular(word), "relative"))
        || table.columns.iter().any(|column| matches!(normalise(&column.name).as_slice(), [word] if is(word, "relation")))
}

/// Whether a key is named after where something goes: of an order's two addresses the one it is sent to tells its place.
fn names_a_destination(table: &Table, key: &ForeignKey) -> bool {
    let words = key.columns.iter().flat_map(|&column| normalise(&table.columns[column].name));
    words.into_iter().any(|word| is_word_of(&word, "destination"))
}

fn naming_words() -> &'static [(String, String)] {
    static WORDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/naming.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

impl Known {
    /// Where a meaning's value stands, seen from a row of `table`; a tuple is added where none has it.
    pub(super) fn resolve(&mut self, catalog: &Catalog, table: TableId, picks: &[PickPlan], id: Symbol) -> Option<Fact> {
        if let Some(fact) = self.find(catalog, table, picks, id) {
            return Some(fact);
        }
        let speaks_of_goods = |own: &&str| is_of_goods(own) || *own == SEARCHED;
        if !self.sells && is_of_goods(id.as_str()) && !self.meanings[table].iter().flatten().any(speaks_of_goods) {
            return None;
        }
        // Who searches looks for what is sold here: for brands that the database lists, where it does.
        let searches = self.meanings[table].contains(&Some(SEARCHED));
        if let Some(target) = self.listed(id).filter(|_| searches && is_of_goods(id.as_str())) {
            return Some(Fact { hops: Vec::new(), target });
        }
        let list = self.words.provider(id)?;
        self.tuples[table].push(list);
        self.own_tuple(table, list, id)
    }

    /// Where a meaning's value stands already.
    pub(super) fn find(&self, catalog: &Catalog, table: TableId, picks: &[PickPlan], id: Symbol) -> Option<Fact> {
        if let Some((_, value)) = self.constants[table].iter().find(|(name, _)| *name == id) {
            return Some(Fact { hops: Vec::new(), target: FactTarget::Constant(value.clone()) });
        }
        if id.as_str() == PHASE {
            return self.living[table].then(|| Fact { hops: Vec::new(), target: FactTarget::Phase });
        }
        if let Some(column) = self.column(table, id) {
            return Some(Fact { hops: Vec::new(), target: FactTarget::Column(column) });
        }
        let provider = self.words.provider(id);
        let filters_its_list = provider.is_some_and(|list| list.key_sources().any(|sources| sources.contains(&id)));
        // What filters a list comes from what the row refers to; what a list gives is the row's own.
        if let Some(fact) = provider.filter(|_| !filters_its_list).and_then(|list| self.own_tuple(table, list, id)) {
            return Some(fact);
        }
        if let Some(fact) = self.above(catalog, table, picks, |known, at| known.column(at, id).map(FactTarget::Column)) {
            return Some(fact);
        }
        if let Some(fact) = provider.and_then(|list| self.own_tuple(table, list, id)) {
            return Some(fact);
        }
        let tuple = |known: &Self, at: TableId| {
            provider.filter(|_| known.made[at]).and_then(|list| known.own_tuple(at, list, id)).map(|fact| fact.target)
        };
        if let Some(fact) = self.above(catalog, table, picks, tuple) {
            return Some(fact);
        }
        self.home(id).map(|target| Fact { hops: Vec::new(), target })
    }

    /// The meaning in a joint tuple of the table itself; the tuple is added where it is missing.
    pub(super) fn tuple_fact(&mut self, table: TableId, id: Symbol) -> Option<Fact> {
        let list = self.words.provider(id)?;
        self.add(table, list);
        self.own_tuple(table, list, id)
    }

    /// The table's column of a meaning; of the name of a row's own thing, whichever column names it.
    pub(super) fn column(&self, table: TableId, id: Symbol) -> Option<ColumnId> {
        let id = id.as_str();
        let wanted = |found: &str| if id == ROW_NAME { names_a_thing(found) } else { found == id };
        self.meanings[table].iter().position(|meaning| meaning.is_some_and(wanted))
    }

    /// A small list of the database's own (countries) in which a row that names none has its home all the same.
    fn home(&self, id: Symbol) -> Option<FactTarget> {
        // The time of a row is its own: no row lives at another's.
        let timed = meaning(id.as_str()).is_some_and(|meaning| meaning.generator.get("engine").is_some_and(|engine| engine == "stamp"));
        self.listed(id).filter(|_| !timed && filters_some_list(id))
    }

    /// The column of a small list of the database's own that holds a meaning.
    fn listed(&self, id: Symbol) -> Option<FactTarget> {
        self.lists.iter().find_map(|&list| Some(FactTarget::Home(list, self.column(list, id)?)))
    }

    /// Where a table's own tuples hold a meaning.
    pub(super) fn tuple_of(&self, table: TableId, id: Symbol) -> Option<FactTarget> {
        let list = self.words.provider(id)?;
        self.own_tuple(table, list, id).map(|fact| fact.target)
    }

    fn own_tuple(&self, table: TableId, list: &'static Vocabulary, id: Symbol) -> Option<Fact> {
        let tuple = self.tuples[table].iter().position(|known| known.name() == list.name())?;
        Some(Fact { hops: Vec::new(), target: FactTarget::Tuple(tuple, list.column(id)?) })
    }

    /// Breadth first over the foreign keys, the owner's first.
    fn above(
        &self,
        catalog: &Catalog,
        table: TableId,
        picks: &[PickPlan],
        found: impl Fn(&Self, TableId) -> Option<FactTarget>,
    ) -> Option<Fact> {
        let mut waiting: VecDeque<(TableId, Vec<ForeignKeyId>)> = VecDeque::from([(table, Vec::new())]);
        let mut seen = vec![table];
        while let Some((at, hops)) = waiting.pop_front() {
            if let Some(target) = found(self, at).filter(|_| !hops.is_empty()) {
                return Some(Fact { hops, target });
            }
            if hops.len() == MOST_HOPS {
                continue;
            }
            for key in self.keys_in_order(catalog, at) {
                let target = catalog.tables[at].foreign_keys[key].referenced_table;
                let dead = at == table && matches!(picks[key].pick, Pick::Nothing(_) | Pick::Later);
                if dead || seen.contains(&target) {
                    continue;
                }
                seen.push(target);
                let mut further = hops.clone();
                further.push(key);
                waiting.push_back((target, further));
            }
        }
        None
    }

    fn keys_in_order(&self, catalog: &Catalog, table: TableId) -> Vec<ForeignKeyId> {
        let mut keys: Vec<ForeignKeyId> = (0..catalog.tables[table].foreign_keys.len()).collect();
        let rank = |key: ForeignKeyId| {
            let definition = &catalog.tables[table].foreign_keys[key];
            (self.owners[table] != Some(key), !definition.mandatory, !names_a_destination(&catalog.tables[table], definition), key)
        };
        keys.sort_by_cached_key(|&key| rank(key));
        keys
    }

    /// Makes a table the home of the lists whose values its columns are, or are made of.
    pub(super) fn settle(&mut self, catalog: &Catalog, table: TableId, picks: &[PickPlan], templates: &[&Template]) {
        for meaning in self.meanings[table].clone().into_iter().flatten().map(Symbol::new) {
            if let Some(list) = self.words.provider(meaning).filter(|list| list.value_columns().any(|value| value == meaning)) {
                self.add(table, list);
            }
        }
        if self.names_persons_of_its_own(catalog, table, picks) {
            for list in PERSON.map(|id| self.words.provider(Symbol::new(id))).into_iter().flatten() {
                self.add(table, list);
            }
        }
        for id in templates.iter().flat_map(|template| facts_of(template)) {
            let _ = self.resolve(catalog, table, picks, id);
        }
    }

    /// Whether a table's rows bear a person's name and nothing above them does: the names behind a parent's mail address
    /// are not those of everybody below it.
    fn names_persons_of_its_own(&self, catalog: &Catalog, table: TableId, picks: &[PickPlan]) -> bool {
        // A guardian's name, mail address and telephone number are not those of the child.
        if self.column(table, Symbol::new(RELATIVE)).is_some() {
            return true;
        }
        let full = Symbol::new(FULL_NAME);
        let named = |known: &Self, at: TableId| {
            let column = known.column(at, full).or_else(|| PERSON.into_iter().find_map(|id| known.column(at, Symbol::new(id))));
            column.map(FactTarget::Column)
        };
        let beside = are_relatives(&catalog.tables[table]);
        let of_owners = |fact: &Fact| fact.hops.len() == 1 || self.are_owners(catalog, table, &fact.hops);
        let elsewhere = self.above(catalog, table, picks, named);
        self.column(table, full).is_some() && (beside || !elsewhere.as_ref().is_some_and(of_owners))
    }

    /// Whether keys lead from a row to the one it hangs under, and so on.
    fn are_owners(&self, catalog: &Catalog, table: TableId, hops: &[ForeignKeyId]) -> bool {
        let mut at = table;
        hops.iter().all(|&hop| {
            let owns = self.owners[at] == Some(hop);
            at = catalog.tables[at].foreign_keys[hop].referenced_table;
            owns
        })
    }

    fn add(&mut self, table: TableId, list: &'static Vocabulary) {
        if !self.tuples[table].iter().any(|known| known.name() == list.name()) {
            self.tuples[table].push(list);
        }
    }
}

/// The facts a template asks for.
pub(super) fn facts_of(template: &Template) -> impl Iterator<Item = Symbol> {
    template.sources().filter_map(|source| match source {
        PartSource::Fact(id) => Some(*id),
        _ => None,
    })
}

/// The lists a template draws from.
pub(super) fn lists_of(template: &Template) -> impl Iterator<Item = Symbol> {
    template.sources().filter_map(|source| match source {
        PartSource::Vocabulary(name) => Some(*name),
        _ => None,
    })
}

/// The templates among a list's words.
pub(super) fn templates_in(list: &'static Vocabulary) -> impl Iterator<Item = &'static Template> {
    let columns: Vec<usize> = list.value_columns().filter_map(|column| list.column(column)).collect();
    let cells = list.lines().flat_map(move |line| columns.clone().into_iter().filter_map(move |column| line.words(column)));
    cells.filter_map(|cell| match cell.words() {
        Words::Composed(template) => Some(template),
        _ => None,
    })
}
