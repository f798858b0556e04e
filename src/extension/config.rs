//! Everything that a target's calls are made with, as one document: rules, reference rows, lists of words, replies.

use serde_json::{Map, Value as Json, json};

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Ledger, Path};
use crate::engine::rules::Severity;
use crate::extension::backend::Backend;
use crate::extension::{reference, rights, rules, vocabulary};

/// Version of the document.
const VERSION: u64 = 1;

const REPLIES: &str = "select coalesce(pg_catalog.jsonb_agg(line::pg_catalog.jsonb), '[]') from synthgen.export_replies() as line";

/// What is kept for a target, as far as the caller sees it.
pub(super) fn export(world: &mut Backend, target: &str) -> Result<Json, Error> {
    let vocabularies: Map<String, Json> = world.vocabularies()?.into_iter().map(|(name, csv)| (name, Json::from(csv))).collect();
    Ok(json!({
        "synthgen_config": VERSION,
        "target": target,
        "rules": world.stored_rules(target)?,
        "reference": world.stored_reference(target)?,
        "vocabularies": vocabularies,
        "replies": Database::document(world, Path::Pinned, REPLIES, &[])?,
    }))
}

/// Keeps what `export` wrote; how much of each, by its name. Any error leaves all as it was.
pub(super) fn import(world: &mut Backend, config: &Json) -> Result<Vec<(&'static str, i64)>, Error> {
    rights::writing(c"synthgen.import_config()")?;
    let part = |name: &str| config.get(name).filter(|part| !part.is_null());
    let target = part("target").and_then(Json::as_str);
    let (Some(VERSION), Some(target)) = (config.get("synthgen_config").and_then(Json::as_u64), target) else {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, "the document is none of synthgen.export_config()")
            .hint("Its \"synthgen_config\" is 1, and its \"target\" names schemas."));
    };
    let mut imported = Vec::new();
    if let Some(vocabularies) = part("vocabularies").and_then(Json::as_object) {
        for (name, csv) in vocabularies {
            vocabulary::load(world, name, csv.as_str().unwrap_or_default())?;
        }
        imported.push(("vocabularies", vocabularies.len() as i64));
    }
    if let Some(document) = part("rules") {
        imported.push(("rules", rules_of(world, target, document)?));
    }
    if let Some(document) = part("reference") {
        imported.push(("reference rows", reference::restore(world, target, document)? as i64));
    }
    if let Some(replies) = part("replies").and_then(Json::as_array).filter(|replies| !replies.is_empty()) {
        imported.push(("replies", replies_of(world, replies)?));
    }
    Ok(imported)
}

fn rules_of(world: &mut Backend, target: &str, document: &Json) -> Result<i64, Error> {
    let problems = rules::load(world, target, document)?;
    if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("the rules do not fit {target}: {}", problem.message))
            .detail(format!("At {} of the document's \"rules\".", problem.path)));
    }
    let count = |part: &str| document.get(part).and_then(Json::as_array).map_or(0, Vec::len);
    Ok((count("rules") + count("relations")) as i64)
}

/// As the caller: whoever may write the table may import a reply.
fn replies_of(world: &mut Backend, replies: &[Json]) -> Result<i64, Error> {
    let lines: Vec<String> = replies.iter().map(Json::to_string).collect();
    let count = Database::document(
        world,
        Path::Pinned,
        "select pg_catalog.to_jsonb(synthgen.import_replies($1::pg_catalog.text))",
        &[Some(&lines.join("\n"))],
    )?;
    Ok(count.as_i64().unwrap_or(0))
}
