//! The order of cells: where a cell would need itself, inference gives way; rules alone in a circle are an error that
//! names the cells, before a row is made.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::error::{Error, sqlstate};
use crate::engine::plan::{
    Distinct, Fact, FactTarget, FanOut, Fill, Layer, Membership, OwnerKind, Pick, PickPlan, Plan, Source, TablePlan,
};
use crate::engine::value::MICROS_PER_DAY;
use crate::engine::vocabulary::Symbol;

/// The span of a time that nothing else decides.
const YEAR: i64 = 365 * MICROS_PER_DAY;

/// Something that is computed of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Cell(TableId, ColumnId),
    Pick(TableId, ForeignKeyId),
    Birth(TableId),
    Life(TableId),
    /// A joint tuple: index in `TablePlan::tuples`.
    Tuple(TableId, usize),
}

pub(super) struct Dependencies<'p> {
    pub(super) plan: &'p Plan,
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

    pub(super) fn add(&mut self, from: Node, to: Node) {
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
            definition.told.iter().for_each(|told| self.of_fact(from, table, &told.label));
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
        if let Some(near) = &pick.near {
            self.add(from, Node::Pick(target, near.kin));
            if let Some((column, ..)) = near.told {
                self.add(from, Node::Cell(table, column));
            }
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

    pub(super) fn moment_of(&self, table: TableId) -> Node {
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
        if let (Some(owner), Some(begin)) = (&planned.owner, planned.keeps) {
            self.add(from, Node::Cell(owner.table, begin));
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

    pub(super) fn along(&mut self, from: Node, table: TableId, hops: &[ForeignKeyId]) -> TableId {
        let mut at = table;
        for &hop in hops {
            self.add(from, Node::Pick(at, hop));
            at = self.plan.catalog.tables[at].foreign_keys[hop].referenced_table;
        }
        at
    }

    pub(super) fn of_fact(&mut self, from: Node, table: TableId, fact: &Fact) {
        let at = self.along(from, table, &fact.hops);
        match fact.target {
            FactTarget::Column(column) => self.add(from, Node::Cell(at, column)),
            FactTarget::Tuple(tuple, _) => self.add(from, Node::Tuple(at, tuple)),
            FactTarget::Phase => self.add(from, self.life_of(at)),
            FactTarget::Home(..) | FactTarget::Constant(_) => {}
        }
    }
}
