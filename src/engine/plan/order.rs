//! Orders tables so that a referenced table is filled first; cycles are broken at a nullable key, or at one that only
//! names the first rows of the cycle, its ring, which go in together.

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
    /// Mandatory keys that name rows of a ring, because they close a cycle without a nullable key.
    pub(super) ringed: BTreeSet<(TableId, ForeignKeyId)>,
    /// The tables of each such cycle.
    pub(super) rings: Vec<Vec<TableId>>,
}

/// Orders the given tables; `after` are further pairs of a later and an earlier one.
pub(super) fn order(catalog: &Catalog, tables: &[TableId], after: &[(TableId, TableId)]) -> Order {
    let mut order = Order::default();
    loop {
        let open = order.broken.union(&order.ringed).copied().collect();
        let (graph, nodes) = graph(catalog, tables, after, &open);
        let components = tarjan_scc(&graph);
        let Some(cycle) = components.iter().find(|component| component.len() > 1) else {
            // Tarjan's components come in reverse topological order of edges child -> parent: parents first.
            order.tables = stable(catalog, &graph, &nodes);
            return order;
        };
        let members: BTreeSet<TableId> = cycle.iter().map(|&node| graph[node]).collect();
        if let Some(key) = weakest(catalog, &members, &order.broken) {
            order.broken.insert(key);
        } else if let Some(key) = first_inside(catalog, &members, &order.ringed) {
            order.ringed.insert(key);
            if !order.rings.iter().any(|ring| members.iter().all(|member| ring.contains(member))) {
                order.rings.push(members.into_iter().collect());
            }
        } else {
            // Only the pairs of `after` are left to blame: the catalog's order has to do.
            order.tables = tables.to_vec();
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

/// A mandatory key inside the cycle, the first by table and key.
fn first_inside(
    catalog: &Catalog,
    members: &BTreeSet<TableId>,
    ringed: &BTreeSet<(TableId, ForeignKeyId)>,
) -> Option<(TableId, ForeignKeyId)> {
    members.iter().find_map(|&table| {
        let keys = &catalog.tables[table].foreign_keys;
        let inside = |key: &ForeignKeyId| {
            let target = keys[*key].referenced_table;
            target != table && members.contains(&target) && keys[*key].mandatory && !ringed.contains(&(table, *key))
        };
        (0..keys.len()).find(inside).map(|key| (table, key))
    })
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
