//! What a session keeps of an exchange: the journal before anything else, then the tables.

use std::collections::HashMap;

use pgrx::pg_sys;
use serde_json::{Value as Json, json};

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::{Answer, Question};
use crate::engine::port::{Database, Observer, Path};
use crate::extension::backend::Backend;
use crate::extension::model::access::data_directory;
use crate::extension::model::record;
use crate::extension::observer::end_with_the_server;
use crate::extension::settings::{self, ReplyDurability};
use crate::http::{Exchange, Keeper, Reply};
use crate::journal::{Journal, Record};

/// The directory of the journals, beside the databases' own.
const DIRECTORY: &str = "synthgen";

/// Keeps replies and records exchanges for one dialogue.
pub(super) struct Door<'a> {
    world: &'a mut Backend,
    model: String,
    keeping: Option<Keeping>,
    /// Replies of the journal, by key.
    left_behind: HashMap<String, Record>,
}

/// What a door that writes needs beside.
struct Keeping {
    run_id: Option<i64>,
    journal: Option<Journal>,
    /// The calling role.
    role: String,
    /// The number of the transaction.
    transaction: String,
    /// Whether the report says already that the journal failed.
    warned: bool,
}

impl<'a> Door<'a> {
    /// A door that only looks up.
    pub(super) fn reading(world: &'a mut Backend, model: &str) -> Result<Self, Error> {
        Ok(Self { world, model: model.to_owned(), keeping: None, left_behind: left_behind()? })
    }

    /// A door that keeps and records. What earlier transactions left in the journal is stored first.
    pub(super) fn keeping(world: &'a mut Backend, run_id: Option<i64>, model: &str) -> Result<Self, Error> {
        let transaction = world.begin_replies()?;
        let role = world.caller_name()?;
        let mut journal = match settings::REPLY_DURABILITY.get() {
            ReplyDurability::Journal => Some(open()?),
            ReplyDurability::Transaction => None,
        };
        let left_behind = journal.as_mut().map_or_else(|| Ok(HashMap::new()), |journal| take_over(world, journal))?;
        let keeping = Keeping { run_id, journal, role, transaction, warned: false };
        Ok(Self { world, model: model.to_owned(), keeping: Some(keeping), left_behind })
    }
}

impl Door<'_> {
    /// Commits the reply where the call commits as it goes; then another transaction answers for those that follow.
    fn commit(&mut self, run_id: i64) -> Result<(), Error> {
        if self.world.commit_reply(run_id)? {
            let transaction = self.world.begin_replies()?;
            self.keeping.iter_mut().for_each(|keeping| keeping.transaction.clone_from(&transaction));
        }
        Ok(())
    }
}

impl Keeper for Door<'_> {
    fn stored(&mut self, key: &str) -> Result<Option<Answer>, Error> {
        let stored = self.world.stored_reply(key)?;
        let found = stored.or_else(|| self.left_behind.get(key).map(|record| (record.reply.clone(), record.truncated)));
        Ok(found.map(|(text, truncated)| Answer { text, truncated, replayed: true }))
    }

    fn keep(&mut self, question: &Question, reply: &Reply, cost: Option<f64>) -> Result<(), Error> {
        let Some(keeping) = &mut self.keeping else { return Ok(()) };
        let Some(journal) = &mut keeping.journal else { return Ok(()) };
        let record = Record {
            key: question.key.clone(),
            model: self.model.clone(),
            reply: reply.text.clone(),
            truncated: reply.truncated,
            input_tokens: reply.usage.input,
            output_tokens: reply.usage.output,
            tokens_estimated: reply.usage.estimated,
            cost,
            role: keeping.role.clone(),
            transaction: keeping.transaction.clone(),
        };
        let Err(error) = journal.append(&record) else { return Ok(()) };
        if !keeping.warned {
            keeping.warned = true;
            self.world.notice(&format!("model: replies outlive no rollback: the journal cannot be written: {error}"));
        }
        Ok(())
    }

    fn record(&mut self, exchange: &Exchange) -> Result<(), Error> {
        let Some(keeping) = &self.keeping else { return Ok(()) };
        let (run, role) = (keeping.run_id.map(|run| run.to_string()), keeping.role.clone());
        if let Some(reply) = exchange.reply.filter(|_| !exchange.replayed && exchange.question.purpose != "check") {
            record::reply(self.world, exchange, reply, &self.model, &role)?;
        }
        record::call(self.world, exchange, run.as_deref(), &self.model)?;
        match keeping.run_id {
            Some(run_id) if exchange.reply.is_some() && !exchange.replayed => self.commit(run_id),
            _ => Ok(()),
        }
    }

    fn interrupted(&mut self) -> Result<(), Error> {
        end_with_the_server();
        self.world.interrupted()
    }

    fn notice(&mut self, text: &str) {
        self.world.notice(text);
    }
}

/// Replies that the journal holds, by key; writes nothing.
pub(super) fn left_behind() -> Result<HashMap<String, Record>, Error> {
    existing()?.map_or_else(|| Ok(HashMap::new()), |mut journal| by_key(&mut journal))
}

/// Removes all replies and exchanges, and empties the journal of this database; how many replies were stored.
pub(crate) fn forget(world: &mut Backend) -> Result<i64, Error> {
    let mut number = 0;
    world.rows(Path::Pinned, crate::ledger::model::REPLIES_FORGET, &[], &mut |fields| {
        number = fields.first().copied().flatten().and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(())
    })?;
    if let Some(mut journal) = existing()? {
        journal.forget_if(|_| Ok::<bool, Error>(true)).map_err(|error| unusable(&error))??;
    }
    Ok(number)
}

fn existing() -> Result<Option<Journal>, Error> {
    Journal::open_existing(&data_directory().join(DIRECTORY), &name(), &owner()).map_err(|error| unusable(&error))
}

fn open() -> Result<Journal, Error> {
    Journal::open(&data_directory().join(DIRECTORY), &name(), &owner()).map_err(|error| unusable(&error))
}

/// Forgets what an earlier transaction has stored, and stores what ended ones left.
fn take_over(world: &mut Backend, journal: &mut Journal) -> Result<HashMap<String, Record>, Error> {
    let forgotten = journal.forget_if(|records| {
        let mut keys: Vec<&str> = records.iter().map(|record| record.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        Ok::<bool, Error>(world.settled_replies(&json!(keys))? == keys.len() as i64)
    });
    if forgotten.map_err(|error| unusable(&error))?? {
        return Ok(HashMap::new());
    }
    let records = by_key(journal)?;
    let all: Vec<Json> = records.values().map(Record::to_json).collect();
    world.adopt_replies(&Json::Array(all))?;
    Ok(records)
}

fn by_key(journal: &mut Journal) -> Result<HashMap<String, Record>, Error> {
    let records = journal.records().map_err(|error| unusable(&error))?;
    Ok(records.into_iter().map(|record| (record.key.clone(), record)).collect())
}

/// The file of this database.
fn name() -> String {
    // SAFETY: reads a process global that is set when a backend has connected.
    format!("{}.replies", unsafe { pg_sys::MyDatabaseId }.to_u32())
}

/// Cluster and database: a file that came from elsewhere holds others' replies.
fn owner() -> String {
    // SAFETY: reads shared memory that is constant while the server runs.
    let system = unsafe { pg_sys::GetSystemIdentifier() };
    // SAFETY: as above.
    format!("cluster {system} database {}", unsafe { pg_sys::MyDatabaseId }.to_u32())
}

fn unusable(error: &std::io::Error) -> Error {
    Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, "the journal of paid replies cannot be used")
        .detail(format!("{error}."))
        .hint("It lies in the directory synthgen of the server's data directory, and belongs to the server's user.")
}
