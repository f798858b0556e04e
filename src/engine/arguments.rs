//! The arguments of `generate` and its kin, in one struct for both doors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What a call asks for; see `docs/reference.md` for each argument's meaning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arguments {
    /// Schemas, read as `search_path` is.
    pub target: String,
    /// Counts of the four demo entities that were given: entity name -> rows.
    pub entities: BTreeMap<String, i64>,
    /// Counts by table or entity name.
    pub rows: BTreeMap<String, i64>,
    /// Factor on every count that was not given.
    pub scale: f64,
    /// Rows where neither counts, rules nor fan-out say more.
    pub rows_default: i64,
    /// Table names or `*` patterns.
    pub include: Option<Vec<String>>,
    /// Table names or `*` patterns.
    pub exclude: Option<Vec<String>>,
    /// A rule document laid over the stored one.
    pub rules: Option<Json>,
    /// Seed of all chance.
    pub seed: i64,
    /// ISO 8601 with zone; `None`: the rules' own, else `today`.
    pub as_of: Option<String>,
    /// Today 00:00 UTC in ISO 8601, told by the door (the engine has no clock).
    pub today: String,
    /// Locale of people and places.
    pub locale: Option<String>,
    /// auto | off | replay | require
    pub llm: String,
    /// One of the allowed models.
    pub model: Option<String>,
    /// auto | append | top_up | truncate | error
    pub existing: String,
    /// live | rebuild
    pub load: String,
    /// Setting: rows of an existing table that are read as parents.
    pub stored_rows: i64,
    /// Setting: rows ranked in time together.
    pub ranked_rows: i64,
    /// Setting: greatest count for one table.
    pub max_rows: i64,
    /// Setting: safe | as_written.
    pub contacts: String,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            target: String::new(),
            entities: BTreeMap::new(),
            rows: BTreeMap::new(),
            scale: 1.0,
            rows_default: 100,
            include: None,
            exclude: None,
            rules: None,
            seed: 42,
            as_of: None,
            today: "2026-01-01T00:00:00Z".into(),
            locale: None,
            llm: "auto".into(),
            model: None,
            existing: "auto".into(),
            load: "live".into(),
            stored_rows: 100_000,
            ranked_rows: 4_000_000,
            max_rows: 1_000_000_000,
            contacts: "safe".into(),
        }
    }
}
