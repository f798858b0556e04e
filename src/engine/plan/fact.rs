//! The plan's nouns for what cells are made after: facts of rows, lines of lists, texts.

use std::sync::Arc;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::rows::random::StreamKey;
use crate::engine::rules::template::Template;
use crate::engine::value::Value;
use crate::engine::vocabulary::{Symbol, Vocabulary};

/// A fact: some column of some row, reached from a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Foreign keys to follow; empty: the row itself.
    pub hops: Vec<ForeignKeyId>,
    /// What to read there.
    pub target: FactTarget,
}

/// The facts that a table's texts and lists ask for, by name.
#[derive(Debug, Default)]
pub struct Facts {
    /// By a name's number: the fact's place from 1; 0 where the table has none.
    places: Vec<u16>,
    facts: Vec<Fact>,
}

impl Facts {
    /// The fact of a name.
    pub fn get(&self, name: Symbol) -> Option<&Fact> {
        let place = *self.places.get(name.index())?;
        self.facts.get(usize::from(place).checked_sub(1)?)
    }

    /// Adds a fact under a name that has none; a table with more names than 65,534 goes without the rest.
    pub(super) fn insert(&mut self, name: Symbol, fact: Fact) {
        let Ok(place) = u16::try_from(self.facts.len() + 1) else { return };
        if self.places.len() <= name.index() {
            self.places.resize(name.index() + 1, 0);
        }
        self.places[name.index()] = place;
        self.facts.push(fact);
    }

    /// All facts, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }
}

/// What a fact reads.
#[derive(Debug, Clone, PartialEq)]
pub enum FactTarget {
    /// A column.
    Column(ColumnId),
    /// A value of a joint tuple: index in `TablePlan::tuples`, column of its list.
    Tuple(usize, usize),
    /// The same in all rows of the table: its noun, its domain, the year of the call.
    Constant(Value),
    /// How far the life of the row, or of the row it hangs under, has come (`StatusClass::phase`).
    Phase,
    /// A column of the row's home: a row of a stored list, drawn by weight, that the row does not name itself.
    Home(TableId, ColumnId),
}

/// A joint tuple that rows of a table draw.
#[derive(Debug)]
pub struct TuplePlan {
    /// The list it is drawn from; `TablePlan::facts` holds what filters its lines.
    pub vocabulary: &'static Vocabulary,
    /// Facts that would filter its lines but come of it, or of a tuple that is drawn after it.
    pub deaf_to: Vec<Symbol>,
    /// Stream of its draws.
    pub key: StreamKey,
    /// Draws only lines in whose band a price lies that the row has already.
    pub within: Option<Within>,
    /// Labels of the row of which its lines tell.
    pub told: Vec<ToldLines>,
    /// Siblings (of a table whose rows hang under none: all rows) draw different lines while the list lasts.
    pub apart: bool,
    /// Rows take its lines one after the other while it lasts: low, normal, high.
    pub in_order: bool,
    /// Share of rows that draw the line which their siblings draw: a person's addresses are mostly in one town, a product's
    /// variants are all named in one way.
    pub alike: f64,
}

/// The lines of a list that go with a label of the row.
#[derive(Debug)]
pub struct ToldLines {
    /// The label.
    pub label: Fact,
    /// By label, which lines of the list go with it.
    pub lines: Vec<(Value, Arc<[bool]>)>,
}

/// A band of a list's lines that holds a column's number.
#[derive(Debug, Clone, Copy)]
pub struct Within {
    /// The row's column.
    pub column: ColumnId,
    /// Column of the list with the lower end.
    pub low: usize,
    /// Column of the list with the upper end.
    pub high: usize,
}

/// Text from parts; facts are looked up in `TablePlan::facts`.
#[derive(Debug, Clone)]
pub struct TextPlan {
    /// The template.
    pub template: Template,
}
