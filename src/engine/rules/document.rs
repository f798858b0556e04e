//! The rule document as written: typed, complete, not yet bound to a catalog. `rules_ir` prints it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::engine::generator::Generator;
use crate::engine::rules::child_count::ChildCount;
use crate::engine::rules::generator;
use crate::engine::rules::problem::{Problem, Problems};
use crate::engine::rules::reader;

/// The version of the grammar that is read.
pub(super) const VERSION: u64 = 1;

/// A rule document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The moment the data are seen from, in ISO 8601.
    pub as_of: Option<String>,
    /// Names of entities and the tables they stand for, in document order.
    pub entities: Vec<(String, String)>,
    /// Rows by table or entity, in document order.
    pub counts: Vec<(String, u64)>,
    /// Rules of columns, and hints.
    pub rules: Vec<Rule>,
    /// Rules of relations.
    pub relations: Vec<Relation>,
}

/// A rule of columns, or a hint.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its JSON pointer.
    pub pointer: String,
    /// Its id.
    pub id: String,
    /// What it is about: a column, a pattern of columns; for a hint a table too.
    pub on: String,
    /// The rows it is about.
    pub when: Option<String>,
    /// What makes the values, with the pointer of its key; a hint may lack it.
    pub generator: Option<(String, Generator)>,
    /// How strictly it is meant.
    pub strength: Strength,
    /// How far the rows may be from the target (an effect size) before verify says so.
    pub tolerance: Option<f64>,
    /// Why.
    pub because: Option<String>,
}

/// A rule of a relation.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its JSON pointer.
    pub pointer: String,
    /// Its id.
    pub id: String,
    /// The relation: `child_table.column`, or a child table that has only one.
    pub on: String,
    /// Whether the children hang under this parent.
    pub owner: Option<bool>,
    /// Children per parent.
    pub children: Option<ChildCount>,
    /// How strictly it is meant.
    pub strength: Strength,
    /// How far the rows may be from the target before verify says so.
    pub tolerance: Option<f64>,
    /// Why.
    pub because: Option<String>,
}

/// How strictly a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Proved or rejected.
    Hard,
    /// A target with a tolerance.
    #[default]
    Soft,
    /// For a model only.
    Hint,
}

impl Strength {
    /// `hard`, `soft` or `hint`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Hint => "hint",
        }
    }
}

impl Document {
    /// Reads a document; what could not be read is among the problems and missing from the document.
    pub fn read(json: &Json) -> (Self, Vec<Problem>) {
        let mut problems = Problems::default();
        let document = reader::document(json, &mut problems);
        (document, problems.into_sorted(json))
    }

    /// The document as JSON, complete and in one spelling; reading it gives the same document.
    pub fn to_json(&self) -> Json {
        let mut root = Map::new();
        root.insert("synthgen".into(), json!(VERSION));
        insert(&mut root, "as_of", self.as_of.as_ref().map(|as_of| json!(as_of)));
        root.insert("entities".into(), self.entities.iter().map(|(name, table)| (name.clone(), json!(table))).collect());
        root.insert("counts".into(), self.counts.iter().map(|(name, rows)| (name.clone(), json!(rows))).collect());
        root.insert("rules".into(), self.rules.iter().map(Rule::to_json).collect());
        root.insert("relations".into(), self.relations.iter().map(Relation::to_json).collect());
        Json::Object(root)
    }
}

impl Rule {
    fn to_json(&self) -> Json {
        let mut rule = Map::new();
        rule.insert("id".into(), json!(self.id));
        rule.insert("on".into(), json!(self.on));
        insert(&mut rule, generator::WHEN, self.when.as_ref().map(|when| json!(when)));
        if let Some((key, value)) = self.generator.as_ref().and_then(|(_, generator)| generator::print(generator)) {
            rule.insert(key.into(), value);
        }
        insert_manner(&mut rule, self.strength, self.tolerance, self.because.as_ref());
        Json::Object(rule)
    }
}

impl Relation {
    fn to_json(&self) -> Json {
        let mut relation = Map::new();
        relation.insert("id".into(), json!(self.id));
        relation.insert("on".into(), json!(self.on));
        insert(&mut relation, "owner", self.owner.map(|owner| json!(owner)));
        insert(&mut relation, "children", self.children.as_ref().map(ChildCount::print));
        insert_manner(&mut relation, self.strength, self.tolerance, self.because.as_ref());
        Json::Object(relation)
    }
}

fn insert(object: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value);
    }
}

fn insert_manner(object: &mut Map<String, Json>, strength: Strength, tolerance: Option<f64>, because: Option<&String>) {
    object.insert("strength".into(), json!(strength));
    insert(object, "tolerance", tolerance.map(|tolerance| json!(tolerance)));
    insert(object, "because", because.map(|because| json!(because)));
}
