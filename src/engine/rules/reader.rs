//! From JSON to the typed document; every fault is noted with its pointer, and reading goes on.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::engine::rules::child_count::ChildCount;
use crate::engine::rules::document::{Document, Relation, Rule, Strength, VERSION};
use crate::engine::rules::generator;
use crate::engine::rules::moment;
use crate::engine::rules::node::{Node, Object};
use crate::engine::rules::problem::Problems;

/// Keys of the document.
pub(super) const ROOT: &[&str] = &["$schema", "synthgen", "because", "as_of", "entities", "counts", "rules", "relations"];
/// Keys of the document that are planned.
const ROOT_LATER: &[&str] = &["lifecycles", "baskets", "personas", "invariants", "references"];
/// Keys of a rule beside its generator.
pub(super) const RULE: &[&str] = &["id", "on", generator::WHEN, "strength", "tolerance", "because"];
/// Keys of a relation.
pub(super) const RELATION: &[&str] = &["id", "on", "owner", "children", "strength", "tolerance", "because"];
/// Keys of a relation that are planned.
const RELATION_LATER: &[&str] = &[generator::WHEN, "segments", "ref"];
/// Keys by which a document of four kinds is known.
const FOUR_KINDS: &[&str] = &["rule_id", "rule_type", "definition"];

/// Reads the whole document.
pub(super) fn document(json: &Json, problems: &mut Problems) -> Document {
    let Some(root) = Node::root(json).object(problems) else { return Document::default() };
    root.known(&[ROOT], ROOT_LATER, problems);
    version(&root, problems);
    let document = Document {
        as_of: as_of(&root, problems),
        entities: members(&root, "entities", problems, Node::text),
        counts: members(&root, "counts", problems, Node::count),
        rules: elements(&root, "rules", problems, rule),
        relations: elements(&root, "relations", problems, relation),
    };
    let rules = document.rules.iter().map(|rule| (&rule.id, &rule.pointer));
    let relations = document.relations.iter().map(|relation| (&relation.id, &relation.pointer));
    let mut seen = BTreeSet::new();
    for (id, pointer) in rules.chain(relations) {
        if !seen.insert(id) {
            problems.error(&format!("{pointer}/id"), format!("the id \"{id}\" stands twice"));
        }
    }
    document
}

fn version(root: &Object, problems: &mut Problems) {
    match root.get("synthgen") {
        None => {
            problems.note("", format!("no version is given, read as \"synthgen\": {VERSION}"));
        }
        Some(node) if node.json.as_u64() == Some(VERSION) => {}
        Some(node) => {
            problems.unsupported(&node.path, format!("version {} of the grammar is not known, {VERSION} is", node.json));
        }
    }
}

fn as_of(root: &Object, problems: &mut Problems) -> Option<String> {
    let node = root.get("as_of")?;
    let text = node.text(problems)?;
    let utc = moment::in_utc(&text);
    if utc.is_none() {
        problems
            .error(&node.path, format!("\"{text}\" is not a date or a time stamp"))
            .hint("For example 2026-01-01 or 2026-01-01T08:00:00Z.");
    }
    utc
}

fn members<'a, T>(
    root: &Object<'a>,
    key: &str,
    problems: &mut Problems,
    read: fn(&Node<'a>, &mut Problems) -> Option<T>,
) -> Vec<(String, T)> {
    let Some(object) = root.get(key).and_then(|node| node.object(problems)) else { return Vec::new() };
    object.members().filter_map(|(name, node)| Some((name.to_owned(), read(&node, problems)?))).collect()
}

fn elements<T>(root: &Object, key: &str, problems: &mut Problems, read: fn(&Object, &mut Problems) -> Option<T>) -> Vec<T> {
    let nodes = root.get(key).map(|node| node.elements(problems)).unwrap_or_default();
    nodes.iter().filter_map(|node| node.object(problems).and_then(|object| read(&object, problems))).collect()
}

fn rule(object: &Object, problems: &mut Problems) -> Option<Rule> {
    if let Some(key) = FOUR_KINDS.iter().find(|key| object.get(key).is_some()) {
        problems.unsupported(&object.pointer(key), "rules of four kinds (rule_type) are not supported yet");
        return None;
    }
    let misplaced: Vec<&str> = ["owner", "children"].into_iter().filter(|key| object.get(key).is_some()).collect();
    for key in &misplaced {
        problems.error(&object.pointer(key), format!("\"{key}\" speaks of a relation")).hint("Move the rule to \"relations\".");
    }
    object.known(&[RULE, generator::KEYS, &misplaced], generator::LATER, problems);
    let strength = strength(object, problems);
    if !generator::is_present(object) && misplaced.is_empty() && strength != Some(Strength::Hint) {
        problems.error(&object.path, "the rule has no generator").hint(format!("One of: {}.", generator::KEYS.join(", ")));
    }
    let generator = generator::read(object, problems);
    let (id, on) = (required_text(object, "id", problems), required_text(object, "on", problems));
    let (when, because) = (optional_text(object, generator::WHEN, problems), optional_text(object, "because", problems));
    let (tolerance, strength) = (tolerance(object, problems), strength?);
    if strength == Strength::Hint && because.is_none() && generator.is_none() {
        problems.error(&object.path, "the hint says nothing").hint("Say it in \"because\".");
    }
    let usable = generator.is_some() || (strength == Strength::Hint && because.is_some());
    let (id, on, pointer) = (id?, on?, object.path.clone());
    usable.then_some(Rule { pointer, id, on, when, generator, strength, tolerance, because })
}

fn relation(object: &Object, problems: &mut Problems) -> Option<Relation> {
    object.known(&[RELATION], RELATION_LATER, problems);
    let (id, on) = (required_text(object, "id", problems), required_text(object, "on", problems));
    let owner = object.get("owner").and_then(|node| node.boolean(problems));
    let children = object.get("children").and_then(|node| ChildCount::read(&node, problems));
    if object.get("owner").is_none() && object.get("children").is_none() {
        problems.error(&object.path, "the relation says nothing").hint("Give \"owner\" or \"children\".");
    }
    if let (Some(false), Some(_)) = (owner, &children) {
        problems.error(&object.pointer("children"), "children are counted under their owner, and \"owner\" is false");
    }
    let strength = strength(object, problems)?;
    if strength == Strength::Hint {
        problems.error(&object.pointer("strength"), "a relation is hard or soft, not a hint");
    }
    let (tolerance, because) = (tolerance(object, problems), optional_text(object, "because", problems));
    let read = object.get("children").is_none() || children.is_some();
    let said = owner.is_some() || children.is_some();
    let (id, on, pointer) = (id?, on?, object.path.clone());
    (read && said && strength != Strength::Hint).then_some(Relation { pointer, id, on, owner, children, strength, tolerance, because })
}

fn required_text(object: &Object, key: &str, problems: &mut Problems) -> Option<String> {
    object.required(key, problems).and_then(|node| node.text(problems))
}

fn optional_text(object: &Object, key: &str, problems: &mut Problems) -> Option<String> {
    object.get(key).and_then(|node| node.text(problems))
}

fn strength(object: &Object, problems: &mut Problems) -> Option<Strength> {
    let Some(node) = object.get("strength") else { return Some(Strength::default()) };
    let strength = serde_json::from_value(node.json.clone()).ok();
    if strength.is_none() {
        node.wrong(problems, "\"hard\", \"soft\" or \"hint\"");
    }
    strength
}

fn tolerance(object: &Object, problems: &mut Problems) -> Option<f64> {
    let node = object.get("tolerance")?;
    let tolerance = node.number(problems)?;
    if !(0.0..=1.0).contains(&tolerance) {
        problems.error(&node.path, format!("a tolerance lies between 0 and 1, {tolerance} does not"));
        return None;
    }
    Some(tolerance)
}
