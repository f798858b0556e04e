//! Orders tables so that a referenced table is filled first; cycles are broken at a nullable key.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};

/// The order, and what had to give.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Tables, referenced ones first.
    pub(super) tables: Vec<TableId>,
    /// Nullable keys that stay NULL, because they close a cycle.
    pub(super) broken: BTreeSet<(TableId, ForeignKeyId)>,
    /// Tables of a cycle that has no nullable key.
    pub(super) closed: Vec<TableId>,
}

/// Orders the given tables; `after` are further pairs of a later and an earlier one.
pub(super) fn order(catalog: &Catalog, tables: &[TableId], after: &[(TableId, TableId)]) -> Order {
    let mut order = Order::default();
    loop {
        let (graph, nodes) = graph(catalog, tables, after, &order.broken);
        let components = tarjan_scc(&graph);
        let Some(cycle) = components.iter().find(|component| component.len() > 1) else {
            // Tarjan's components come in reverse topological order of edges child -> parent: parents first.
            order.tables = stable(catalog, &graph, &nodes);
            return order;
        };
        let members: BTreeSet<TableId> = cycle.iter().map(|&node| graph[node]).collect();
        if let Some(key) = weakest(catalog, &members, &order.broken) {
            order.broken.insert(key);
        } else {
            order.closed.extend(&members);
            let rest: Vec<TableId> = tables.iter().copied().filter(|table| !order.closed.contains(table)).collect();
            let inner = self::order(catalog, &rest, after);
            order.tables = inner.tables;
            order.broken.extend(inner.broken);
            order.closed.extend(inner.closed);
            return order;
        }
    }
}

fn graph(
    catalog: &Catalog,
    tables: &[TableId],
    after: &[(TableId, TableId)],
    broken: &BTreeSet<(TableId, ForeignKeyId)>,
) -> (DiGraph<TableId, ()>, Vec<Option<NodeIndex>>) {
    let mut graph = DiGraph::new();
    let mut nodes = vec![None; catalog.tables.len()];
    for &table in tables {
        nodes[table] = Some(graph.add_node(table));
    }
    for &table in tables {
        for (key, foreign_key) in catalog.tables[table].foreign_keys.iter().enumerate() {
            let target = foreign_key.referenced_table;
            if let (Some(from), Some(to), false) = (nodes[table], nodes[target], target == table || broken.contains(&(table, key))) {
                graph.update_edge(from, to, ());
            }
        }
    }
    for &(later, earlier) in after {
        if let (Some(from), Some(to)) = (nodes[later], nodes[earlier]) {
            graph.update_edge(from, to, ());
        }
    }
    (graph, nodes)
}

/// Kahn's order with the catalog's order among equals, so that a new table moves no other.
fn stable(catalog: &Catalog, graph: &DiGraph<TableId, ()>, nodes: &[Option<NodeIndex>]) -> Vec<TableId> {
    let mut waiting: Vec<usize> = vec![0; catalog.tables.len()];
    let mut ready: BTreeSet<TableId> = BTreeSet::new();
    for (table, node) in nodes.iter().enumerate() {
        let Some(node) = node else { continue };
        waiting[table] = graph.edges(*node).count();
        if waiting[table] == 0 {
            ready.insert(table);
        }
    }
    let mut ordered = Vec::new();
    while let Some(table) = ready.pop_first() {
        ordered.push(table);
        let node = nodes[table].expect("only tables with a node become ready");
        for edge in graph.edges_directed(node, petgraph::Direction::Incoming) {
            let child = graph[edge.source()];
            waiting[child] -= 1;
            if waiting[child] == 0 {
                ready.insert(child);
            }
        }
    }
    ordered
}

/// A nullable key inside the cycle, the first by table and key.
fn weakest(catalog: &Catalog, members: &BTreeSet<TableId>, broken: &BTreeSet<(TableId, ForeignKeyId)>) -> Option<(TableId, ForeignKeyId)> {
    members.iter().find_map(|&table| {
        let keys = &catalog.tables[table].foreign_keys;
        (0..keys.len()).find_map(|key| {
            let foreign_key = &keys[key];
            let inside = foreign_key.referenced_table != table && members.contains(&foreign_key.referenced_table);
            (inside && !foreign_key.mandatory && !broken.contains(&(table, key))).then_some((table, key))
        })
    })
}
