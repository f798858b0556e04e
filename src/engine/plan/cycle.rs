//! The order of cells: where a cell would need itself, inference gives way; rules alone in a circle are an error that
//! names the cells, before a row is made.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::expression::Expression;
use crate::engine::plan::generators::templates;
use crate::engine::plan::{
    AfterKind, Before, Derived, Distinct, Fact, FactTarget, FanOut, Fill, Layer, Membership, OwnerKind, Pick, PickPlan, Plan, Source,
    TablePlan, TuplePlan, facts,
};
use crate::engine::value::MICROS_PER_DAY;
use crate::engine::vocabulary::{Symbol, Vocabulary};

/// The span of a time that nothing else decides.
const YEAR: i64 = 365 * MICROS_PER_DAY;

/// Something that is computed of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Cell(TableId, ColumnId),
    Pick(TableId, ForeignKeyId),
    Birth(TableId),
    Life(TableId),
    /// A joint tuple: index in `TablePlan::tuples`.
    Tuple(TableId, usize),
}

struct Dependencies<'p> {
    plan: &'p Plan,
    found: Vec<(Node, Node)>,
}

/// Undoes inferences until no cell depends on itself; an error where rules alone close the circle.
pub(super) fn settle(plan: &mut Plan) -> Result<(), Error> {
    loop {
        let circles = circles(plan);
        if circles.is_empty() {
            return Ok(());
        }
        // Circles share no node, so each is opened by itself.
        for circle in circles {
            if !deafen_one(plan, &circle) && !outlast_one(plan, &circle) && !undo_one(plan, &circle) {
                return Err(refusal(plan, &circle));
            }
        }
    }
}

/// Lists filter each other (places by country, countries by place): of the tuples in a circle the first is drawn
/// without what comes of it. False where no tuple hears anything of the circle.
fn deafen_one(plan: &mut Plan, circle: &[Node]) -> bool {
    for node in circle {
        let Node::Tuple(table, tuple) = *node else { continue };
        let planned = &plan.tables[table];
        let heard = planned.tuples[tuple].vocabulary.key_sources().flatten().copied();
        let heard = heard.filter(|id| !planned.tuples[tuple].deaf_to.contains(id));
        let circular: Vec<Symbol> = heard
            .filter(|&id| {
                let mut dependencies = Dependencies { plan, found: Vec::new() };
                planned.facts.get(id).into_iter().for_each(|fact| dependencies.of_fact(*node, table, fact));
                dependencies.found.iter().any(|(_, needed)| circle.contains(needed))
            })
            .collect();
        if !circular.is_empty() {
            plan.tables[table].tuples[tuple].deaf_to.extend(circular);
            return true;
        }
    }
    false
}

/// Of a row that is valid as long as what names it says, or belongs where that says, nothing is asked. False where there is none.
fn outlast_one(plan: &mut Plan, circle: &[Node]) -> bool {
    let catalog = &plan.catalog;
    for node in circle {
        let (Node::Pick(table, _) | Node::Birth(table)) = *node else { continue };
        for (key, pick) in plan.tables[table].picks.iter_mut().enumerate() {
            let target = catalog.tables[table].foreign_keys[key].referenced_table;
            let told = |column: ColumnId| circle.contains(&Node::Cell(target, column));
            if pick.valid.is_some_and(|valid| told(valid.until) || valid.from.is_some_and(told)) {
                pick.valid = None;
                return true;
            }
            let belongs = |member: &Membership| {
                let keys = [member.of, member.who].map(|key| Node::Pick(member.table, key));
                keys.iter().chain(&[Node::Birth(member.table)]).any(|node| circle.contains(node))
            };
            if pick.member.as_ref().is_some_and(belongs) {
                pick.member = None;
                return true;
            }
            if pick.prefers.as_ref().is_some_and(|(column, _)| told(*column)) {
                pick.prefers = None;
                return true;
            }
        }
    }
    false
}

/// Undoes the last inference in a circle: a cell's, else a pick's, else a time's. False where all is by rule.
fn undo_one(plan: &mut Plan, circle: &[Node]) -> bool {
    let why = || "it would depend on itself".to_owned();
    // What only agrees with others gives way to what a CHECK computes of it.
    let agrees = |node: &&Node| match **node {
        Node::Cell(table, column) => {
            matches!(plan.tables[table].columns[column].source, Source::Derived(_) | Source::NamedMean { .. } | Source::NamedLeft { .. })
        }
        _ => false,
    };
    let (agreeing, others): (Vec<&Node>, Vec<&Node>) = circle.iter().rev().partition(agrees);
    for node in agreeing.into_iter().chain(others) {
        if let Node::Cell(table, column) = *node {
            let planned = &mut plan.tables[table].columns[column];
            let inferred = planned.decided_by <= Layer::Inference && !matches!(planned.source, Source::Key { .. } | Source::Serial { .. });
            if inferred && !matches!(planned.source, Source::Birth) {
                planned.source = planned.fallback.take().map_or_else(|| Source::Nothing(why()), |plain| *plain);
                planned.detail = why();
                return true;
            }
        }
    }
    for node in circle.iter().rev() {
        if let Node::Pick(table, key) = *node {
            let pick = &mut plan.tables[table].picks[key];
            if pick.not_after || matches!(pick.pick, Pick::Within { .. }) {
                pick.not_after = false;
                if matches!(pick.pick, Pick::Within { .. }) {
                    pick.pick = Pick::Free { distinct: Distinct::No };
                }
                return true;
            }
        }
    }
    for node in circle.iter().rev() {
        if let Node::Birth(table) = *node
            && let Some(column) = plan.tables[table].birth.take()
        {
            plan.tables[table].ranked = false;
            let as_of = plan.as_of;
            let planned = &mut plan.tables[table].columns[column];
            planned.source = Source::StampRange { min: as_of - YEAR, max: as_of };
            planned.detail = why();
            return true;
        }
    }
    false
}

/// The nodes of each circle in their order.
fn circles(plan: &Plan) -> Vec<Vec<Node>> {
    let mut dependencies = Dependencies { plan, found: Vec::new() };
    for &table in &plan.order {
        dependencies.of_table(table);
    }
    let mut graph: DiGraph<Node, ()> = DiGraph::new();
    let mut nodes: BTreeMap<Node, NodeIndex> = BTreeMap::new();
    for (from, to) in dependencies.found {
        let from = *nodes.entry(from).or_insert_with(|| graph.add_node(from));
        let to = *nodes.entry(to).or_insert_with(|| graph.add_node(to));
        graph.update_edge(from, to, ());
    }
    let cyclic = tarjan_scc(&graph).into_iter().filter(|component| component.len() > 1 || graph.contains_edge(component[0], component[0]));
    let in_order = |component: Vec<NodeIndex>| {
        let mut circle: Vec<Node> = component.into_iter().map(|node| graph[node]).collect();
        circle.sort_unstable();
        circle
    };
    cyclic.map(in_order).collect()
}

fn refusal(plan: &Plan, circle: &[Node]) -> Error {
    let mut names: Vec<String> = circle.iter().map(|&node| shown(plan, node)).collect();
    names.sort();
    Error::new(sqlstate::INVALID_PARAMETER, "cells depend on each other in a circle")
        .detail(format!("These need one another: {}.", names.join(", ")))
        .hint("Give one of the columns a rule of its own.")
}

fn shown(plan: &Plan, node: Node) -> String {
    let table = |table: TableId| &plan.catalog.tables[table];
    match node {
        Node::Cell(at, column) => format!("{}.{}", table(at).qualified, table(at).columns[column].name),
        Node::Pick(at, key) => format!("{} ({})", table(at).qualified, table(at).foreign_keys[key].name),
        Node::Birth(at) => format!("time of {}", table(at).qualified),
        Node::Life(at) => format!("state of {}", table(at).qualified),
        Node::Tuple(at, tuple) => format!("{} of {}", plan.tables[at].tuples[tuple].vocabulary.name(), table(at).qualified),
    }
}

impl<'p> Dependencies<'p> {
    fn made(&self, table: TableId) -> Option<&'p TablePlan> {
        let planned = &self.plan.tables[table];
        (planned.fill == Fill::Make).then_some(planned)
    }

    fn add(&mut self, from: Node, to: Node) {
        let (Node::Cell(table, _) | Node::Pick(table, _) | Node::Birth(table) | Node::Life(table) | Node::Tuple(table, _)) = to;
        if self.made(table).is_some() {
            self.found.push((from, to));
        }
    }

    fn of_table(&mut self, table: TableId) {
        let plan = self.plan;
        let planned = &plan.tables[table];
        for (column, definition) in planned.columns.iter().enumerate() {
            self.of_source(Node::Cell(table, column), table, &definition.source);
        }
        for key in 0..planned.picks.len() {
            self.of_pick(table, key);
        }
        for (tuple, definition) in planned.tuples.iter().enumerate() {
            let from = Node::Tuple(table, tuple);
            self.of_list(from, table, definition.vocabulary, &definition.deaf_to);
            if let Some(within) = definition.within {
                self.add(from, Node::Cell(table, within.column));
            }
        }
        self.of_birth(table);
        if planned.lifecycle.is_some() {
            self.add(Node::Life(table), Node::Birth(table));
        }
        if let (Some(_), true, Some(owner)) = (&planned.lifecycle, planned.ahead, &planned.owner) {
            self.add(Node::Life(table), self.moment_of(owner.table));
        }
        if let Some(pace) = planned.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pace) {
            self.add(Node::Life(table), Node::Pick(table, pace.key));
        }
        if let (Some(lifecycle), Some(owner)) = (&planned.lifecycle, &planned.owner)
            && lifecycle.tie != super::Tie::Free
        {
            self.add(Node::Life(table), Node::Life(owner.table));
            if !planned.ahead {
                self.add(Node::Birth(table), Node::Life(owner.table));
            }
        }
        if let (Some((column, _)), Some(_)) = (&planned.lasts, &planned.lifecycle) {
            self.add(Node::Life(table), Node::Cell(table, *column));
        }
        if let Some((column, _)) = planned.lifecycle.as_ref().and_then(|lifecycle| lifecycle.expires) {
            self.add(Node::Life(table), Node::Cell(table, column));
        }
    }

    fn of_pick(&mut self, table: TableId, key: ForeignKeyId) {
        let plan = self.plan;
        let from = Node::Pick(table, key);
        let pick = &plan.tables[table].picks[key];
        let target = plan.catalog.tables[table].foreign_keys[key].referenced_table;
        match &pick.pick {
            Pick::Within { base, inner } => {
                self.add(from, Node::Pick(table, *base));
                if plan.tables[target].owner.as_ref().map(|owner| &owner.kind) != Some(&OwnerKind::ForeignKey(*inner)) {
                    self.add(from, Node::Pick(target, *inner));
                }
            }
            Pick::Along(hops) => {
                if let Some(owner) = &plan.tables[table].owner {
                    self.along(from, owner.table, hops);
                }
            }
            Pick::State => self.add(from, self.life_of(table)),
            _ => {}
        }
        for &(own, referenced) in &pick.shared {
            self.add(from, Node::Cell(table, own));
            if target != table {
                self.add(from, Node::Cell(target, referenced));
            }
        }
        if let Some(affordable) = &pick.affordable {
            self.of_fact(from, table, &affordable.amount);
            self.add(from, Node::Cell(target, affordable.least));
        }
        if let Some(hops) = &pick.follows {
            self.along(from, table, hops);
        }
        if let Some((column, _)) = &pick.prefers {
            self.add(from, Node::Cell(target, *column));
        }
        if let Some(hops) = &pick.unlike {
            self.along(from, table, hops);
        }
        if let Some(akin) = &pick.akin {
            let by = self.plan.catalog.tables[table].foreign_keys[akin.by].referenced_table;
            self.add(from, Node::Pick(table, akin.by));
            self.add(from, Node::Cell(by, akin.column));
            self.add(from, Node::Tuple(target, akin.tuple));
        }
        if let Some(kin) = &pick.kin {
            self.add(from, Node::Pick(table, kin.by));
        }
        if let Some(member) = &pick.member {
            self.along(from, table, &member.base);
            self.add(from, Node::Pick(member.table, member.of));
            self.add(from, Node::Pick(member.table, member.who));
        }
        if let Some(tenant) = &pick.tenant {
            self.along(from, table, &tenant.up);
        }
        if let Some(native) = &pick.native {
            self.along(from, table, &native.up);
        }
        if let Some(kin) = pick.near {
            self.add(from, Node::Pick(target, kin));
        }
        if let Some((column, _)) = pick.below.as_ref().and_then(|below| below.kinds.as_ref()) {
            self.add(from, Node::Cell(target, *column));
        }
        if pick.not_after {
            self.add(from, self.moment_of(table));
            self.add(from, self.moment_of(target));
            self.of_validity(from, target, pick);
            if let Some(member) = &pick.member {
                self.add(from, self.moment_of(member.table));
            }
        }
    }

    /// The lifecycle a state comes from: the table's own, else its owner's.
    fn life_of(&self, table: TableId) -> Node {
        match (&self.plan.tables[table].lifecycle, &self.plan.tables[table].owner) {
            (None, Some(owner)) => Node::Life(owner.table),
            _ => Node::Life(table),
        }
    }

    fn moment_of(&self, table: TableId) -> Node {
        let mut at = table;
        while let (None, Some(owner)) = (self.plan.tables[at].birth, &self.plan.tables[at].owner) {
            at = owner.table;
        }
        Node::Birth(at)
    }

    fn of_birth(&mut self, table: TableId) {
        let plan = self.plan;
        let planned = &plan.tables[table];
        if planned.birth.is_none() {
            return;
        }
        let from = Node::Birth(table);
        if let Some(owner) = &planned.owner {
            if owner.fan_out == FanOut::Stages {
                self.add(from, Node::Life(owner.table));
                return;
            }
            if owner.kind == OwnerKind::Reowned {
                self.add(from, self.moment_of(owner.table));
            }
        }
        if let Some(owner) = planned.owner.as_ref().filter(|_| planned.outcome) {
            self.add(from, Node::Life(owner.table));
        }
        if let Some((key, _)) = planned.attends {
            let mut booked = plan.catalog.tables[table].foreign_keys[key].referenced_table;
            while let (true, Some(owner)) = (plan.tables[booked].heralds || plan.tables[booked].birth.is_none(), &plan.tables[booked].owner)
            {
                booked = owner.table;
            }
            if let Some(owner) = &plan.tables[booked].owner {
                self.add(from, self.moment_of(owner.table));
                self.add(from, Node::Life(owner.table));
            }
        }
        for (key, pick) in planned.picks.iter().enumerate() {
            let target = plan.catalog.tables[table].foreign_keys[key].referenced_table;
            if !pick.not_after && !matches!(pick.pick, Pick::State | Pick::Nothing(_) | Pick::Tree | Pick::Ring | Pick::Later) {
                self.add(from, Node::Pick(table, key));
                self.add(from, self.moment_of(target));
                self.of_validity(from, target, pick);
                if let Some(member) = &pick.member {
                    self.add(from, self.moment_of(member.table));
                }
            }
        }
    }

    fn of_validity(&mut self, from: Node, target: TableId, pick: &PickPlan) {
        if let Some(valid) = pick.valid.filter(|_| self.plan.tables[target].fill == Fill::Make) {
            valid.from.into_iter().chain([valid.until]).for_each(|column| self.add(from, Node::Cell(target, column)));
        }
    }

    fn along(&mut self, from: Node, table: TableId, hops: &[ForeignKeyId]) -> TableId {
        let mut at = table;
        for &hop in hops {
            self.add(from, Node::Pick(at, hop));
            at = self.plan.catalog.tables[at].foreign_keys[hop].referenced_table;
        }
        at
    }

    fn of_fact(&mut self, from: Node, table: TableId, fact: &Fact) {
        let at = self.along(from, table, &fact.hops);
        match fact.target {
            FactTarget::Column(column) => self.add(from, Node::Cell(at, column)),
            FactTarget::Tuple(tuple, _) => self.add(from, Node::Tuple(at, tuple)),
            FactTarget::Phase => self.add(from, self.life_of(at)),
            FactTarget::Home(..) | FactTarget::Constant(_) => {}
        }
    }

    /// What filters a list's lines.
    fn of_list(&mut self, from: Node, table: TableId, list: &Vocabulary, deaf_to: &[Symbol]) {
        for &id in list.key_sources().flatten().filter(|id| !deaf_to.contains(id)) {
            if let Some(fact) = self.plan.tables[table].facts.get(id) {
                self.of_fact(from, table, fact);
            }
        }
    }

    fn of_expression(&mut self, from: Node, table: TableId, expression: &Expression) {
        for path in expression.columns() {
            let at = self.along(from, table, &path.hops);
            self.add(from, Node::Cell(at, path.column));
        }
    }

    fn of_source(&mut self, from: Node, table: TableId, source: &Source) {
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
