//! A world without a server: the catalog comes from a document on disk, every table is empty, and rows go nowhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use synthgen::engine::error::Error;
use synthgen::engine::model::{Access, Dialogue, Mode};
use synthgen::engine::port::{
    CopyTarget, Database, Fields, LanguageModel, Ledger, Observer, Path, RowSink, RowSource, RunStart, TableOutcome, WrittenKeys,
};
use xxhash_rust::xxh3::Xxh3;

const CATALOG: &str = include_str!("../../sql/catalog/catalog.sql");
const SCHEMAS: &str = include_str!("../../sql/catalog/schemas.sql");
const RIGHTS: &str = include_str!("../../sql/survey/sequences.sql");

/// What became of one table's rows.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) rows: u64,
    pub(crate) cells: u64,
    pub(crate) bytes: u64,
    /// Spent making them: what the processor gave, so that other work on the machine does not show.
    pub(crate) time: Duration,
    hash: Xxh3,
}

impl Made {
    /// Of all the text, however it was cut into pieces.
    pub(crate) fn hash(&self) -> u64 {
        self.hash.digest()
    }
}

/// Answers what a fresh, empty database would.
pub(crate) struct World {
    schema: String,
    catalog: Json,
    rules: Option<Json>,
    reference: Option<Json>,
    hashed: bool,
    started: Duration,
    /// By table, in the order of loading.
    pub(crate) made: Vec<(String, Made)>,
    /// When the first table began to be loaded.
    pub(crate) laid_out: Option<Duration>,
}

impl World {
    /// A database that holds the tables of a catalog document in one schema.
    pub(crate) fn new(schema: &str, catalog: Json, hashed: bool) -> Self {
        Self {
            schema: schema.to_owned(),
            catalog,
            rules: None,
            reference: None,
            hashed,
            started: processor_time(),
            made: Vec::new(),
            laid_out: None,
        }
    }

    /// Stores a rule document.
    pub(crate) fn with_rules(mut self, rules: Json) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Stores a reference file, read as `load_reference` reads it.
    pub(crate) fn with_reference(mut self, csv: &str) -> Self {
        let schema = self.schema.clone();
        let catalog = synthgen::engine::catalog::read(&mut self, &schema).expect("the document is a catalog");
        let (reference, _, problems) = synthgen::engine::reference::parse(csv, &catalog);
        assert!(problems.is_empty(), "the reference file does not fit the catalog");
        self.reference = Some(serde_json::to_value(reference).expect("a reference is JSON"));
        self
    }

    /// Since the last start of the clock.
    pub(crate) fn elapsed(&self) -> Duration {
        processor_time().saturating_sub(self.started)
    }

    /// Starts the clock.
    pub(crate) fn start(&mut self) {
        self.started = processor_time();
    }

    fn schemas(&self) -> Json {
        json!({"user": "postgres", "temporary": null, "schemas": [{"name": self.schema, "usable": true, "owner": "postgres"}]})
    }
}

impl Database for World {
    fn document(&mut self, _path: Path, sql: &str, _parameters: &Fields) -> Result<Json, Error> {
        Ok(match sql {
            CATALOG => self.catalog.clone(),
            SCHEMAS => self.schemas(),
            sql if sql.contains("current_user") => json!("postgres"),
            other => panic!("the benchmark's world has no document for: {other}"),
        })
    }

    fn rows(
        &mut self,
        _path: Path,
        sql: &str,
        parameters: &Fields,
        each: &mut dyn FnMut(&Fields) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let answers = answers(sql, parameters);
        for row in &answers {
            each(&row.iter().map(Option::as_deref).collect::<Vec<_>>())?;
        }
        Ok(answers.len() as u64)
    }

    fn execute(&mut self, _path: Path, _sql: &str, _parameters: &Fields) -> Result<u64, Error> {
        Ok(0)
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn release(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Rows of text, as the statements of `survey` expect them from tables without rows and sequences nobody used.
fn answers(sql: &str, parameters: &Fields) -> Vec<Vec<Option<String>>> {
    if sql == RIGHTS {
        let oids: Vec<u32> = parameters[0].and_then(|oids| serde_json::from_str(oids).ok()).unwrap_or_default();
        let right = || Some("t".to_owned());
        return (0..oids.len()).map(|place| vec![Some(place.to_string()), right(), right(), right(), None]).collect();
    }
    if sql.starts_with("-- Takes $2 values of the sequence") {
        return vec![vec![Some("1".into()), parameters[1].map(str::to_owned), parameters[1].map(str::to_owned)]];
    }
    sql.lines().filter_map(survey_line).collect()
}

/// A line of a survey's `union all`: `select 3, ..count(*).. from t` or `select 3, s.last_value::text, s.is_called from ..`.
fn survey_line(line: &str) -> Option<Vec<Option<String>>> {
    let (place, rest) = line.strip_prefix("select ")?.split_once(", ")?;
    place.parse::<usize>().ok()?;
    if rest.starts_with("s.last_value") {
        return Some(vec![Some(place.to_owned()), Some("1".into()), Some("f".into())]);
    }
    let keys = rest.matches("pg_catalog.max(").count() + rest.matches("pg_catalog.min(").count();
    let nulls = ", null".repeat(keys);
    rest.contains("count(*)").then(|| vec![Some(place.to_owned()), Some(format!("[0{nulls}]"))])
}

impl RowSink for World {
    fn copy(&mut self, target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error> {
        let elapsed = self.elapsed();
        self.laid_out.get_or_insert(elapsed);
        if self.made.last().is_none_or(|(name, _)| *name != target.name) {
            self.made.push((target.name.clone(), Made::default()));
        }
        let made = &mut self.made.last_mut().expect("pushed just above").1;
        let mut buffer = Vec::new();
        let mut stored = 0;
        let begun = processor_time();
        loop {
            buffer.clear();
            let rows = source.fill(&mut buffer)?;
            if rows == 0 && buffer.is_empty() {
                break;
            }
            stored += rows;
            made.bytes += buffer.len() as u64;
            if self.hashed {
                made.hash.update(&buffer);
            }
        }
        made.time += processor_time().saturating_sub(begun);
        made.rows += stored;
        made.cells += stored * target.columns.len() as u64;
        Ok(stored)
    }
}

impl Observer for World {
    fn notice(&mut self, _text: &str) {}

    fn interrupted(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

impl Ledger for World {
    fn lock(&mut self, _schema: &str) -> Result<(), Error> {
        Ok(())
    }

    fn begin(&mut self, _run: &RunStart) -> Result<i64, Error> {
        Ok(1)
    }

    fn table(&mut self, _run_id: i64, _outcome: &TableOutcome) -> Result<(), Error> {
        Ok(())
    }

    fn document(&mut self, _run_id: i64, _name: &str, _document: &Json) -> Result<(), Error> {
        Ok(())
    }

    fn keys(&mut self, _run_id: i64, _table_oid: u32, _table_name: &str, _keys: &WrittenKeys) -> Result<(), Error> {
        Ok(())
    }

    fn finish(&mut self, _run_id: i64) -> Result<(), Error> {
        Ok(())
    }

    fn row_base(&mut self, _table_oid: u32) -> Result<i64, Error> {
        Ok(0)
    }

    fn foreign_rows(&mut self, _table_oid: u32, _table_name: &str, _key_columns: &[String]) -> Result<i64, Error> {
        Ok(0)
    }

    fn stored_rules(&mut self, _target: &str) -> Result<Option<Json>, Error> {
        Ok(self.rules.clone())
    }

    fn stored_reference(&mut self, _target: &str) -> Result<Option<Json>, Error> {
        Ok(self.reference.clone())
    }
}

impl LanguageModel for World {
    fn access(&mut self, _wanted: Option<&str>) -> Result<Access, Error> {
        Ok(Access::None("no model is asked by the benchmark".to_owned()))
    }

    fn stored(&mut self, keys: &[String]) -> Result<Vec<bool>, Error> {
        Ok(vec![false; keys.len()])
    }

    fn converse(&mut self, _run_id: i64, _mode: Mode, _model: &str, _dialogue: &mut dyn Dialogue) -> Result<(), Error> {
        panic!("there is no model to converse with")
    }
}

/// What this thread has had of a processor; where the system does not say, the time by the clock.
pub(crate) fn processor_time() -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| STARTED.elapsed(), Duration::from_nanos)
}

/// Counts by entity, as `users => 200` gives them.
pub(crate) fn entities(counts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}
