//! Binds a document to a catalog: names to ids, with every problem noted.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::expression::Condition;
use crate::engine::generator::Generator;
use crate::engine::rules::bound::{Bound, ColumnRule, Hint, RelationRule};
use crate::engine::rules::condition;
use crate::engine::rules::document::{Document, Relation, Rule, Strength};
use crate::engine::rules::fit::{self, Place};
use crate::engine::rules::problem::{Problem, Problems};
use crate::engine::rules::reader;
use crate::engine::rules::target;
use crate::engine::vocabulary::Lists;

/// Reads a document and binds it to a catalog. Every problem is named, errors first; what has an error is not bound.
pub fn check(json: &Json, catalog: &Catalog) -> (Bound, Vec<Problem>) {
    check_with(json, catalog, &Lists::default())
}

/// The same where the caller has lists of words of its own.
pub fn check_with(json: &Json, catalog: &Catalog, lists: &Lists) -> (Bound, Vec<Problem>) {
    let mut problems = Problems::default();
    let document = reader::document(json, &mut problems);
    let mut binder = Binder { catalog, lists, problems, bound: Bound::default() };
    binder.document(&document);
    (binder.bound, binder.problems.into_sorted(json))
}

struct Binder<'a> {
    catalog: &'a Catalog,
    lists: &'a Lists,
    problems: Problems,
    bound: Bound,
}

impl Binder<'_> {
    fn document(&mut self, document: &Document) {
        self.bound.as_of.clone_from(&document.as_of);
        for (name, table) in &document.entities {
            self.entity(name, table);
        }
        for (name, rows) in &document.counts {
            self.count(name, *rows);
        }
        for rule in &document.rules {
            self.rule(rule);
        }
        for relation in &document.relations {
            self.relation(relation);
        }
        self.shadowed();
        self.owners();
    }

    fn entity(&mut self, name: &str, table: &str) {
        match target::table(self.catalog, table) {
            Ok(table) => self.bound.entities.push((name.to_owned(), table)),
            Err(unbound) => target::note(unbound, &format!("/entities/{}", escaped(name)), &mut self.problems),
        }
    }

    fn count(&mut self, name: &str, rows: u64) {
        let path = format!("/counts/{}", escaped(name));
        let entity = self.bound.entities.iter().find(|(entity, _)| entity == name).map(|(_, table)| *table);
        let table = match entity.map_or_else(|| target::table(self.catalog, name), Ok) {
            Ok(table) => table,
            Err(unbound) => return target::note(unbound, &path, &mut self.problems),
        };
        match self.bound.counts.iter().find(|(counted, _)| *counted == table) {
            Some((_, other)) if *other != rows => {
                let qualified = &self.catalog.tables[table].qualified;
                self.problems.error(&path, format!("{qualified} has two counts, {other} and {rows}"));
            }
            Some(_) => {}
            None => self.bound.counts.push((table, rows)),
        }
    }

    fn rule(&mut self, rule: &Rule) {
        match &rule.generator {
            Some((path, generator)) if rule.strength != Strength::Hint => {
                for (table, column) in self.columns(rule) {
                    self.column_rule(rule, path, generator, table, column);
                }
            }
            _ => self.hint(rule),
        }
    }

    /// The columns a rule is about, those that only the database fills left out of a pattern.
    fn columns(&mut self, rule: &Rule) -> Vec<(TableId, ColumnId)> {
        let path = format!("{}/on", rule.pointer);
        if !rule.on.contains('*') {
            return match target::table_column(self.catalog, &rule.on) {
                Ok(found) => vec![found],
                Err(unbound) => {
                    target::note(unbound, &path, &mut self.problems);
                    Vec::new()
                }
            };
        }
        let matched = target::pattern(self.catalog, &rule.on);
        let free: Vec<_> = matched.iter().copied().filter(|&(table, column)| fit::is_free(&self.catalog.tables[table], column)).collect();
        if matched.is_empty() {
            self.problems.error(&path, format!("no column matches \"{}\"", rule.on));
        } else if free.is_empty() {
            self.problems.error(&path, format!("\"{}\" matches only keys, references and generated columns", rule.on));
        } else {
            let left_out = matched.len() - free.len();
            let text = format!("\"{}\" names {} columns, keys, references and generated ones ({left_out}) left out", rule.on, free.len());
            self.problems.note(&path, text);
        }
        free
    }

    fn column_rule(&mut self, rule: &Rule, path: &str, generator: &Generator, table: TableId, column: ColumnId) {
        let before = self.problems.errors();
        if matches!(generator, Generator::Model(_)) && rule.when.is_some() {
            let text = "whether a model writes a column cannot depend on the row";
            self.problems.error(&format!("{}/when", rule.pointer), text).hint("Leave \"when\" out.");
        }
        let when = rule.when.as_ref().and_then(|text| self.condition(&format!("{}/when", rule.pointer), text, (table, column)));
        let generator = Place::new(self.catalog, self.lists, table, column).generator(path, generator, &mut self.problems);
        let generator = generator.and_then(|generator| self.conditions(path, generator, (table, column)));
        let (Some(generator), true) = (generator, self.problems.errors() == before) else { return };
        self.bound.columns.push(ColumnRule {
            id: rule.id.clone(),
            pointer: rule.pointer.clone(),
            table,
            column,
            when,
            generator,
            strength: rule.strength,
            tolerance: rule.tolerance,
            because: rule.because.clone(),
        });
    }

    /// Binds the conditions of cases.
    fn conditions(&mut self, path: &str, generator: Generator, place: (TableId, ColumnId)) -> Option<Generator> {
        let Generator::Cases(mut cases) = generator else { return Some(generator) };
        for (index, case) in cases.iter_mut().enumerate() {
            if let Some(when) = case.when.take() {
                case.when = Some(self.condition(&format!("{path}/{index}/when"), &when.text, place)?);
            }
        }
        Some(Generator::Cases(cases))
    }

    fn condition(&mut self, path: &str, text: &str, place: (TableId, ColumnId)) -> Option<Condition> {
        condition::bind(self.catalog, place, path, text, &mut self.problems)
    }

    fn hint(&mut self, rule: &Rule) {
        let path = format!("{}/on", rule.pointer);
        let found = match target::table(self.catalog, &rule.on) {
            Ok(table) => vec![(table, None)],
            Err(_) => self.columns(rule).into_iter().map(|(table, column)| (table, Some(column))).collect(),
        };
        let text = rule.because.clone().unwrap_or_else(|| rule.on.clone());
        for (table, column) in found {
            let (id, pointer, text) = (rule.id.clone(), rule.pointer.clone(), text.clone());
            self.bound.hints.push(Hint { id, pointer, table, column, text });
        }
        self.problems.note(&path, "a hint is kept for a model and changes nothing without one");
    }

    fn relation(&mut self, relation: &Relation) {
        let path = format!("{}/on", relation.pointer);
        let (table, foreign_key) = match target::relation(self.catalog, &relation.on) {
            Ok(found) => found,
            Err(unbound) => return target::note(unbound, &path, &mut self.problems),
        };
        if let Some(other) = self.bound.relations.iter().find(|other| (other.table, other.foreign_key) == (table, foreign_key)) {
            let message = format!("the relation \"{}\" is about this foreign key too", other.id);
            self.problems.error(&path, message);
            return;
        }
        if !fit::relation(self.catalog, table, foreign_key, relation, &mut self.problems) {
            return;
        }
        self.bound.relations.push(RelationRule {
            id: relation.id.clone(),
            pointer: relation.pointer.clone(),
            table,
            foreign_key,
            owner: relation.owner,
            children: relation.children.clone(),
            strength: relation.strength,
            tolerance: relation.tolerance,
            because: relation.because.clone(),
        });
    }

    /// Warns of rules that a later one without a condition leaves nothing to decide.
    fn shadowed(&mut self) {
        let mut last: BTreeMap<(TableId, ColumnId, u8), &ColumnRule> = BTreeMap::new();
        let columns = std::mem::take(&mut self.bound.columns);
        for rule in columns.iter().rev() {
            let beside = match rule.generator {
                Generator::Null(_) => 1,
                Generator::Model(_) => 2,
                _ => 0,
            };
            let slot = (rule.table, rule.column, beside);
            if let Some(later) = last.get(&slot) {
                let text = format!("the rule \"{}\" never decides: \"{}\" comes later and always holds", rule.id, later.id);
                self.problems.warning(&rule.pointer, text).hint("Give the later one a \"when\", or put it first.");
            } else if rule.when.is_none() {
                last.insert(slot, rule);
            }
        }
        drop(last);
        self.bound.columns = columns;
    }

    fn owners(&mut self) {
        let mut owners: BTreeMap<TableId, &str> = BTreeMap::new();
        for relation in self.bound.relations.iter().filter(|relation| relation.owner == Some(true)) {
            if let Some(other) = owners.insert(relation.table, &relation.id) {
                let qualified = &self.catalog.tables[relation.table].qualified;
                let text = format!("{qualified} has one owner, the relation \"{other}\" names another");
                self.problems.error(&format!("{}/owner", relation.pointer), text);
            }
        }
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
