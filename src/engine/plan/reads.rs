//! What a column's source reads: other cells, picks, times and lives.

use crate::engine::catalog::TableId;
use crate::engine::expression::Expression;
use crate::engine::plan::cycle::{Dependencies, Node};
use crate::engine::plan::generators::templates;
use crate::engine::plan::{AfterKind, Before, Derived, Source, TuplePlan, facts};
use crate::engine::vocabulary::{Symbol, Vocabulary};

impl Dependencies<'_> {
    /// What filters a list's lines.
    pub(super) fn of_list(&mut self, from: Node, table: TableId, list: &Vocabulary, deaf_to: &[Symbol]) {
        for &id in list.key_sources().flatten().filter(|id| !deaf_to.contains(id)) {
            if let Some(fact) = self.plan.tables[table].facts.get(id) {
                self.of_fact(from, table, fact);
            }
        }
    }

    pub(super) fn of_expression(&mut self, from: Node, table: TableId, expression: &Expression) {
        for path in expression.columns() {
            let at = self.along(from, table, &path.hops);
            self.add(from, Node::Cell(at, path.column));
        }
    }

    pub(super) fn of_source(&mut self, from: Node, table: TableId, source: &Source) {
        for template in templates(source) {
            for id in facts::facts_of(template) {
                if let Some(fact) = self.plan.tables[table].facts.get(id) {
                    self.of_fact(from, table, fact);
                }
            }
            for name in facts::lists_of(template) {
                if let Some(list) = self.plan.lists.get(name.as_str()) {
                    self.of_list(from, table, list, &[]);
                }
            }
            for name in template.columns() {
                if let Some(column) = self.plan.catalog.tables[table].columns.iter().position(|column| column.name == name) {
                    self.add(from, Node::Cell(table, column));
                }
            }
        }
        match source {
            Source::Key { foreign_key, referenced } => {
                self.add(from, Node::Pick(table, *foreign_key));
                let target = self.plan.catalog.tables[table].foreign_keys[*foreign_key].referenced_table;
                if target != table {
                    self.add(from, Node::Cell(target, *referenced));
                }
            }
            Source::Band { low, high, .. } => [low, high].into_iter().for_each(|fact| self.of_fact(from, table, fact)),
            Source::Priced { .. } | Source::AnyBand => {
                let Node::Cell(_, column) = from else { return };
                let priced = |tuple: &&TuplePlan| tuple.within.is_some_and(|within| within.column == column);
                if let Some(tuple) = self.plan.tables[table].tuples.iter().find(priced) {
                    self.of_list(from, table, tuple.vocabulary, &tuple.deaf_to);
                }
            }
            Source::Mostly { copied, begins, otherwise, .. } => {
                std::iter::once(copied).chain(begins).for_each(|fact| self.of_fact(from, table, fact));
                self.of_source(from, table, otherwise);
            }
            Source::OnSale(sale) => std::iter::once(&sale.price).chain(&sale.percent).for_each(|fact| self.of_fact(from, table, fact)),
            Source::Near { fact, .. } | Source::Pattern(fact) | Source::Copied(fact) | Source::Part { of: fact, .. } => {
                self.of_fact(from, table, fact);
            }
            Source::Rounded { inner, .. } => self.of_source(from, table, inner),
            Source::Cases(cases) => {
                for (when, source) in cases {
                    if let Some(when) = when {
                        self.of_expression(from, table, when);
                    }
                    self.of_source(from, table, source);
                }
            }
            Source::Tuple(tuple, _) => self.add(from, Node::Tuple(table, *tuple)),
            Source::FirstFlagPer(column) => self.add(from, Node::Cell(table, *column)),
            Source::Birth | Source::Period(_) => self.add(from, Node::Birth(table)),
            Source::After(kind) => self.of_after(from, table, *kind),
            Source::Entered(_) | Source::StateLabel => self.add(from, Node::Life(table)),
            Source::SinceEntered(_, inner) => {
                self.add(from, Node::Life(table));
                self.of_source(from, table, inner);
            }
            Source::StageLabel(_) => {
                if let Some(owner) = &self.plan.tables[table].owner {
                    self.add(from, Node::Life(owner.table));
                }
            }
            Source::Computed(expression) => self.of_expression(from, table, expression),
            Source::Scaled { of, base, .. } => {
                std::iter::once(of).chain(base).for_each(|expression| self.of_expression(from, table, expression));
            }
            Source::Product(left, right) => {
                self.add(from, Node::Cell(table, *left));
                self.add(from, Node::Cell(table, *right));
            }
            Source::Delivery { rate, free } => {
                self.of_fact(from, table, rate);
                if let Some((child, kind)) = free {
                    self.of_fact(from, *child, kind);
                }
            }
            Source::WhenFlag { flag, inner, .. } => {
                self.add(from, Node::Cell(table, *flag));
                self.of_source(from, table, inner);
            }
            Source::Derived(derived) => self.of_derived(from, table, derived),
            Source::ChildSum { table: child, column, less } => {
                std::iter::once(*column).chain(*less).for_each(|column| self.add(from, Node::Cell(*child, column)));
            }
            Source::Balance { plus, minus } => plus.iter().chain(minus).for_each(|&column| self.add(from, Node::Cell(table, column))),
            Source::Share { of, less, percent, .. } => {
                if let Some(fact) = percent {
                    self.of_fact(from, table, fact);
                }
                std::iter::once(*of).chain(*less).for_each(|column| self.add(from, Node::Cell(table, column)));
            }
            Source::Discount { of, kind, value } => {
                std::iter::once(of).chain(kind).chain(value).for_each(|fact| self.of_fact(from, table, fact));
            }
            _ => self.of_sum(from, table, source),
        }
    }

    /// Numbers that come of rows below or beside, and those that are raised.
    fn of_sum(&mut self, from: Node, table: TableId, source: &Source) {
        match source {
            Source::Told { label, by, otherwise } => {
                self.of_fact(from, table, label);
                by.iter().map(|(_, source)| source).chain([&**otherwise]).for_each(|source| self.of_source(from, table, source));
            }
            Source::Steady { hops, inner, .. } => {
                self.along(from, table, hops);
                self.of_source(from, table, inner);
            }
            Source::AtLeast { inner, least } => {
                self.of_source(from, table, inner);
                self.of_expression(from, table, least);
            }
            Source::ChildTotal { table: child, of, .. } => self.of_expression(from, *child, of),
            Source::Covering { inner, of } => {
                self.of_source(from, table, inner);
                // The first sibling's depends on those of the others, which depend on none.
                let others = of.columns().into_iter().map(|path| Node::Cell(table, path.column)).filter(|node| *node != from);
                others.for_each(|node| self.add(from, node));
            }
            Source::FirstOf { inner, .. } => self.of_source(from, table, inner),
            Source::Carried { of, first } => {
                self.add(from, Node::Cell(table, *of));
                self.add(from, Node::Birth(table));
                self.of_source(from, table, first);
            }
            Source::NamedCount { table: other, key } => self.add(from, Node::Pick(*other, *key)),
            Source::NamedMean { table: other, key, column } => {
                self.add(from, Node::Pick(*other, *key));
                self.add(from, Node::Cell(*other, *column));
            }
            Source::NamedLeft { of, table: other, key, empty } => {
                self.add(from, Node::Cell(table, *of));
                self.add(from, Node::Pick(*other, *key));
                self.add(from, Node::Cell(*other, *empty));
            }
            Source::Signed { inner, kind, .. } => {
                self.of_source(from, table, inner);
                self.add(from, Node::Cell(table, *kind));
            }
            Source::Running { of, .. } => {
                self.of_expression(from, table, of);
                self.add(from, Node::Birth(table));
            }
            _ => {}
        }
    }

    fn of_derived(&mut self, from: Node, table: TableId, derived: &Derived) {
        match derived {
            Derived::Between { from: one, to: other, .. } | Derived::WorkingDays { from: one, to: other } => {
                self.add(from, Node::Cell(table, *one));
                self.add(from, Node::Cell(table, *other));
            }
            Derived::Path { key, name } => {
                self.add(from, Node::Pick(table, *key));
                self.add(from, Node::Cell(table, *name));
            }
            Derived::Depth { key, .. } | Derived::Level { key, .. } => self.add(from, Node::Pick(table, *key)),
            Derived::Version => self.add(from, Node::Birth(table)),
            Derived::InUse(found) => self.add(from, Node::Life(found.by.0)),
        }
    }

    fn of_after(&mut self, from: Node, table: TableId, kind: AfterKind) {
        self.add(from, self.moment_of(table));
        if matches!(kind, AfterKind::Lag(lag) if !lag.future) && self.plan.tables[table].lifecycle.is_some() {
            self.add(from, Node::Life(table));
        }
        if matches!(kind, AfterKind::Before(Before::Minutes(..))) && self.plan.tables[table].lifecycle.is_some() {
            self.add(from, Node::Life(table));
        }
        if let AfterKind::Since { column, .. } = kind {
            self.add(from, Node::Cell(table, column));
        }
        if let AfterKind::About { column } = kind {
            self.add(from, Node::Cell(table, column));
        }
        if let (AfterKind::Agreed { column }, Some(owner)) = (kind, &self.plan.tables[table].owner) {
            self.add(from, Node::Cell(owner.table, column));
        }
        if kind == AfterKind::LastSeen {
            self.plan.tables[table].seen_until.iter().for_each(|&column| self.add(from, Node::Cell(table, column)));
        }
        if kind != AfterKind::Updated {
            return;
        }
        for (column, planned) in self.plan.tables[table].columns.iter().enumerate() {
            if planned.source.tells_a_change() {
                self.add(from, Node::Cell(table, column));
            }
        }
    }
}
