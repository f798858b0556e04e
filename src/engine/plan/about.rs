//! What the rows of a table speak about, where they hang under something or are named after it: comments on pictures, on
//! work, on documents (`data/things.csv`).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ForeignKeyId, TableId};
use crate::engine::plan::meanings::Meanings;

/// What rows speak about that nothing is known of.
const OTHER: &str = "other";

/// What is written in paragraphs.
const ARTICLE: &str = "article";

/// The kind of thing that the rows of a table are about (`schema.about`): by the table's own name, else by the row that it
/// hangs under, else by whatever else it names.
pub(super) fn about(catalog: &Catalog, meanings: &Meanings, table: TableId, owner: Option<ForeignKeyId>) -> &'static str {
    let definition = &catalog.tables[table];
    let target = |key: ForeignKeyId| definition.foreign_keys[key].referenced_table;
    let others = (0..definition.foreign_keys.len()).filter(|key| Some(*key) != owner);
    let keys = owner.into_iter().chain(others);
    let above = keys.map(target).filter(|&target| target != table);
    let named = |at: TableId| thing_of(&catalog.tables[at].name).map(|thing| if is_article(meanings, at) { ARTICLE } else { thing });
    thing_of(&definition.name).or_else(|| above.map(named).find(Option::is_some)?).unwrap_or(OTHER)
}

/// Whether the rows of a table are of several paragraphs: a post may be a line under a picture or an article.
fn is_article(meanings: &Meanings, table: TableId) -> bool {
    const BODIES: [&str; 3] = ["text.article_body", "text.article_html", "text.article_markdown"];
    meanings.ids_of(table).flatten().any(|id| BODIES.contains(&id))
}

/// The thing that a name names: by the first of its last words that is known for one.
fn thing_of(name: &str) -> Option<&'static str> {
    normalise(name).iter().rev().find_map(|word| things().get(singular(word).as_str()).copied())
}

fn things() -> &'static HashMap<&'static str, &'static str> {
    static THINGS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    THINGS.get_or_init(|| {
        let lines = include_str!("data/things.csv").lines().skip(1).filter_map(|line| line.split_once(','));
        lines.flat_map(|(thing, words)| words.split('|').map(move |word| (word, thing))).collect()
    })
}
