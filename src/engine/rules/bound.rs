//! The rule document bound to a catalog: what the planner reads.

use serde::{Deserialize, Serialize};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::expression::Condition;
use crate::engine::generator::Generator;
use crate::engine::rules::child_count::ChildCount;
use crate::engine::rules::contact;
use crate::engine::rules::document::Strength;

/// The rules of a document, by the ids of a catalog.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Bound {
    /// The moment the data are seen from: ISO 8601 in UTC.
    pub as_of: Option<String>,
    /// Entity names and their tables, in document order.
    pub entities: Vec<(String, TableId)>,
    /// Rows by table, in document order.
    pub counts: Vec<(TableId, u64)>,
    /// Rules of columns in document order; of two that hold for a row the later one decides, `null` beside others.
    pub columns: Vec<ColumnRule>,
    /// Rules of relations, at most one per foreign key.
    pub relations: Vec<RelationRule>,
    /// What is only said to a model.
    pub hints: Vec<Hint>,
}

impl Bound {
    /// The rules with every mail and web domain that somebody may own replaced, as setting `contacts` = safe wants.
    #[must_use]
    pub fn with_safe_contacts(mut self) -> Self {
        self.columns.iter_mut().for_each(|rule| contact::safe_generator(&mut rule.generator));
        self
    }
}

/// A rule of one column; a pattern makes one for each column it names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnRule {
    /// Id of the rule in the document.
    pub id: String,
    /// Its JSON pointer.
    pub pointer: String,
    /// Table.
    pub table: TableId,
    /// Column.
    pub column: ColumnId,
    /// The rows it is about; `None`: all.
    pub when: Option<Condition>,
    /// What makes the values. Templates name columns as the catalog does.
    pub generator: Generator,
    /// How strictly it is meant.
    pub strength: Strength,
    /// How far the rows may be from the target before verify says so.
    pub tolerance: Option<f64>,
    /// Why.
    pub because: Option<String>,
}

/// A rule of one relation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RelationRule {
    /// Id of the rule in the document.
    pub id: String,
    /// Its JSON pointer.
    pub pointer: String,
    /// The child table.
    pub table: TableId,
    /// Its foreign key.
    pub foreign_key: ForeignKeyId,
    /// Whether the children hang under this parent; at most one per table is `true`.
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

/// What is only said to a model.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hint {
    /// Id of the rule in the document.
    pub id: String,
    /// Its JSON pointer.
    pub pointer: String,
    /// Table.
    pub table: TableId,
    /// Column; `None`: the whole table.
    pub column: Option<ColumnId>,
    /// What is said.
    pub text: String,
}
