//! The ledger: the only file that acts as the extension's owner.
//!
//! Fixed, parameterised statements of `crate::ledger` run with the owner's rights on tables granted to nobody;
//! what looks at a user's table runs as the caller, in statements of its own.

use std::ffi::c_int;

use pgrx::pg_sys;
use serde_json::{Value as Json, json};

use crate::engine::arguments::Arguments;
use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Ledger, Path, RunStart, TableOutcome, WrittenKeys};
use crate::engine::rules;
use crate::extension::backend::Backend;
use crate::extension::session::Session;
use crate::extension::spi::Spi;
use crate::ledger::{self as statement, written};

const OWNER: &str = include_str!("../../sql/ledger/owner.sql");

impl Ledger for Backend {
    fn lock(&mut self, schema: &str) -> Result<(), Error> {
        self.execute(Path::Pinned, statement::LOCK, &[Some(schema)]).map(drop)
    }

    fn begin(&mut self, run: &RunStart) -> Result<i64, Error> {
        let caller = caller().to_string();
        let (seed, version, arguments) = (run.seed.to_string(), run.algorithm_version.to_string(), run.arguments.to_string());
        self.owned_number(statement::BEGIN, &[&run.target, &seed, &run.as_of, &arguments, &version, &caller])
    }

    fn table(&mut self, run_id: i64, outcome: &TableOutcome) -> Result<(), Error> {
        let counts =
            [outcome.requested, outcome.inserted, outcome.llm_rows, outcome.reference_rows, outcome.algorithmic_rows, outcome.row_base];
        let [requested, inserted, llm, reference, algorithmic, base] = counts.map(|count| count.to_string());
        let (run, step, oid) = (run_id.to_string(), outcome.step.to_string(), outcome.oid.to_string());
        let elapsed = outcome.elapsed_ms.to_string();
        let parameters: [&str; 13] = [
            &run,
            &step,
            &outcome.table_name,
            &oid,
            &requested,
            &inserted,
            &llm,
            &reference,
            &algorithmic,
            &base,
            outcome.verdict,
            &outcome.detail,
            &elapsed,
        ];
        self.owned(statement::TABLE, &parameters)
    }

    fn document(&mut self, run_id: i64, name: &str, document: &Json) -> Result<(), Error> {
        self.owned(statement::DOCUMENT, &[&run_id.to_string(), name, &document.to_string()])
    }

    fn keys(&mut self, run_id: i64, table_oid: u32, table_name: &str, keys: &WrittenKeys) -> Result<(), Error> {
        let (run, oid) = (run_id.to_string(), table_oid.to_string());
        match keys {
            WrittenKeys::Range { first, last, increment } => {
                let [first, last, increment] = [first, last, increment].map(ToString::to_string);
                self.owned(statement::KEY_RANGE, &[&run, &oid, table_name, &first, &last, &increment])
            }
            WrittenKeys::Values(values) => self.owned(statement::KEY_VALUES, &[&run, &oid, table_name, &json!(values).to_string()]),
        }
    }

    fn commits(&self) -> bool {
        self.stepping.is_some()
    }

    fn keep_begun(&mut self, run_id: i64, begun: &str) -> Result<(), Error> {
        self.owned(statement::state::BEGIN, &[&run_id.to_string(), begun])?;
        self.take_run(run_id).map(drop)
    }

    fn commit(&mut self, run_id: i64, progress: &str) -> Result<(), Error> {
        let saved = self.owned_number(statement::state::SAVE, &[&run_id.to_string(), progress])?;
        self.end_step(run_id, saved)
    }

    fn finish(&mut self, run_id: i64) -> Result<(), Error> {
        self.owned(statement::FINISH, &[&run_id.to_string()])
    }

    fn row_base(&mut self, table_oid: u32) -> Result<i64, Error> {
        self.owned_number(statement::ROW_BASE, &[&table_oid.to_string()])
    }

    fn foreign_rows(&mut self, table_oid: u32, table_name: &str, _key_columns: &[String]) -> Result<i64, Error> {
        let key = self.key(table_oid)?;
        let all = self.count(&written::rows(table_name, table_oid), &[])?;
        let ours = match key.as_slice() {
            _ if all == 0 => 0,
            [] => self.owned_number(statement::INSERTED_ROWS, &[&table_oid.to_string()])?,
            [single] if single.integer => self.in_blocks(table_oid, &written::rows_in_blocks(table_name, table_oid, single))?,
            several => self.with_keys(table_oid, &written::rows_with_keys(table_name, table_oid, several))?,
        };
        Ok((all - ours).max(0))
    }

    fn stored_rules(&mut self, target: &str) -> Result<Option<Json>, Error> {
        let schemas = json!(catalog::schemas(self, target)?).to_string();
        let stored = self.owned_document(statement::RULES_GET, &[&schemas])?;
        let documents = stored.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(documents.iter().fold(None, |below, document| Some(rules::merge(below.as_ref(), Some(document)))))
    }

    fn vocabularies(&mut self) -> Result<Vec<(String, String)>, Error> {
        let name = self.caller_name()?;
        let lists = self.owned_document(statement::VOCABULARY_GET, &[&name])?;
        serde_json::from_value(lists).map_err(|error| unexpected(&error.to_string()))
    }

    fn stored_reference(&mut self, target: &str) -> Result<Option<Json>, Error> {
        let schemas = json!(catalog::schemas(self, target)?).to_string();
        let rows = self.owned_document(statement::REFERENCE_GET, &[&schemas])?;
        Ok(statement::document_of_rows(&rows))
    }
}

/// What the functions that store rules and reference rows need beyond the engine's port.
impl Backend {
    /// Stores the rule document of a set of schemas in the place of the one before.
    pub(super) fn store_rules(&mut self, schemas: &[String], document: &Json) -> Result<(), Error> {
        let name = self.caller_name()?;
        self.owned(statement::RULES_PUT, &[&json!(schemas).to_string(), &document.to_string(), &name])
    }

    /// Stores the reference rows of a set of schemas in the place of those before.
    pub(super) fn store_reference(&mut self, schemas: &[String], reference: &Json) -> Result<(), Error> {
        let schemas = json!(schemas).to_string();
        self.owned(statement::REFERENCE_DELETE, &[&schemas])?;
        self.owned(statement::REFERENCE_PUT, &[&schemas, &statement::rows_of_document(reference).to_string()])
    }

    /// Notes an exchange with a language model; the caller's role is `$2`.
    pub(super) fn note_call(&mut self, parameters: &Fields) -> Result<(), Error> {
        self.as_owner(|spi| spi.execute(statement::model::CALL_NOTE, parameters)).map(drop)
    }

    /// Requests that a run made, and US dollars.
    pub(super) fn calls_made(&mut self, run_id: i64) -> Result<(u64, f64), Error> {
        let pair = self.owned_pair(statement::model::CALLS_MADE, &[&run_id.to_string()])?;
        Ok(pair.map_or((0, 0.0), |(calls, cost)| (calls.parse().unwrap_or(0), cost.parse().unwrap_or(0.0))))
    }

    /// A stored reply, and whether the server cut it.
    pub(super) fn stored_reply(&mut self, key: &str) -> Result<Option<(String, bool)>, Error> {
        Ok(self.owned_pair(statement::model::REPLY_GET, &[key])?.map(|(text, cut)| (text, cut == "t")))
    }

    /// Those of the keys whose replies are stored.
    pub(super) fn stored_keys(&mut self, keys: &[String]) -> Result<Vec<String>, Error> {
        let mut known = Vec::new();
        self.owned_rows(statement::model::REPLIES_KNOWN, &[&json!(keys).to_string()], &mut |fields| {
            first(fields).map(|key| known.push(key.to_owned()))
        })?;
        Ok(known)
    }

    /// Stores a reply, unless another session does so at this moment.
    pub(super) fn store_reply(&mut self, parameters: &Fields) -> Result<(), Error> {
        self.as_owner(|spi| spi.execute(statement::model::REPLY_PUT, parameters)).map(drop)
    }

    /// The number under which this transaction's replies stand in the journal.
    pub(super) fn begin_replies(&mut self) -> Result<String, Error> {
        let mut number = String::new();
        self.owned_rows(statement::model::REPLIES_BEGIN, &[], &mut |fields| first(fields).map(|text| text.clone_into(&mut number)))?;
        Ok(number)
    }

    /// How many of the replies an earlier transaction has stored.
    pub(super) fn settled_replies(&mut self, keys: &Json) -> Result<i64, Error> {
        self.owned_number(statement::model::REPLIES_SETTLED, &[&keys.to_string()])
    }

    /// Stores what ended transactions left in the journal.
    pub(super) fn adopt_replies(&mut self, records: &Json) -> Result<(), Error> {
        self.owned(statement::model::REPLIES_ADOPT, &[&records.to_string()])
    }

    /// US dollars for a million tokens of prompt and reply.
    pub(super) fn price(&mut self, model: &str) -> Result<Option<(f64, f64)>, Error> {
        let pair = self.owned_pair(statement::model::PRICE_GET, &[model])?;
        Ok(pair.and_then(|(input, output)| Some((input.parse().ok()?, output.parse().ok()?))))
    }

    /// The run that the same call of the caller's began and did not end.
    pub(super) fn find_unended(&mut self, arguments: &Arguments) -> Result<Option<i64>, Error> {
        let arguments = serde_json::to_string(arguments).map_err(|error| unexpected(&error.to_string()))?;
        let found = self.owned_number(statement::state::FIND, &[&caller().to_string(), &arguments])?;
        Ok((found > 0).then_some(found))
    }

    /// What a run of the caller's began from, and how far it is.
    pub(super) fn state_of_run(&mut self, run_id: i64) -> Result<Option<(String, String)>, Error> {
        self.owned_pair(statement::state::GET, &[&run_id.to_string(), &caller().to_string()])
    }

    /// The target of a run of the caller's.
    pub(super) fn target_of_run(&mut self, run_id: i64) -> Result<Option<String>, Error> {
        let mut target = None;
        self.owned_rows(statement::state::TARGET, &[&run_id.to_string(), &caller().to_string()], &mut |fields| {
            first(fields).map(|text| target = Some(text.to_owned()))
        })?;
        Ok(target)
    }

    /// Takes a run's lock and tells how often it was saved; `None` where another session has it.
    pub(super) fn steps_of_run(&mut self, run_id: i64) -> Result<Option<i64>, Error> {
        let mut steps = None;
        self.owned_rows(statement::state::STEPS, &[&run_id.to_string()], &mut |fields| {
            steps = fields.first().copied().flatten().map(integer).transpose()?;
            Ok(())
        })?;
        Ok(steps)
    }

    pub(super) fn caller_name(&mut self) -> Result<String, Error> {
        let mut name = String::new();
        self.rows(Path::Pinned, "select current_user::text", &[], &mut |fields| first(fields).map(|text| text.clone_into(&mut name)))?;
        Ok(name)
    }

    /// Keeps a list of words for the caller's calls.
    pub(super) fn store_vocabulary(&mut self, name: &str, csv: &str) -> Result<(), Error> {
        let caller = self.caller_name()?;
        self.owned(statement::VOCABULARY_PUT, &[name, csv, &caller])
    }

    fn key(&mut self, table_oid: u32) -> Result<Vec<written::KeyColumn>, Error> {
        let mut key = Vec::new();
        self.rows(Path::Pinned, statement::KEY_COLUMNS, &[Some(&table_oid.to_string())], &mut |fields| {
            let text = |place: usize| fields.get(place).copied().flatten().unwrap_or_default();
            key.push(written::KeyColumn { name: text(0).to_owned(), data_type: text(1).to_owned(), integer: text(2) == "t" });
            Ok(())
        })?;
        Ok(key)
    }

    /// Counts rows of a user's table, as the caller.
    fn count(&mut self, sql: &str, parameters: &Fields) -> Result<i64, Error> {
        let mut number = 0;
        self.rows(Path::Caller, sql, parameters, &mut |fields| first(fields).and_then(integer).map(|count| number = count))?;
        Ok(number)
    }

    fn in_blocks(&mut self, table_oid: u32, sql: &str) -> Result<i64, Error> {
        let mut lattices: Vec<Vec<String>> = Vec::new();
        self.owned_rows(statement::WRITTEN_RANGES, &[&table_oid.to_string()], &mut |fields| {
            lattices.push(fields.iter().map(|field| field.unwrap_or_default().to_owned()).collect());
            Ok(())
        })?;
        lattices.iter().try_fold(0, |sum, lattice| {
            let parameters: Vec<Option<&str>> = lattice.iter().map(|text| Some(text.as_str())).collect();
            Ok(sum + self.count(sql, &parameters)?)
        })
    }

    fn with_keys(&mut self, table_oid: u32, sql: &str) -> Result<i64, Error> {
        let mut chunks: Vec<String> = Vec::new();
        self.owned_rows(statement::WRITTEN_VALUES, &[&table_oid.to_string()], &mut |fields| {
            first(fields).map(|text| chunks.push(text.to_owned()))
        })?;
        chunks.iter().try_fold(0, |sum, chunk| Ok(sum + self.count(sql, &[Some(chunk)])?))
    }

    fn owned(&mut self, sql: &str, parameters: &[&str]) -> Result<(), Error> {
        self.as_owner(|spi| spi.execute(sql, &given(parameters))).map(drop)
    }

    fn owned_number(&mut self, sql: &str, parameters: &[&str]) -> Result<i64, Error> {
        let mut number = 0;
        self.owned_rows(sql, parameters, &mut |fields| first(fields).and_then(integer).map(|found| number = found))?;
        Ok(number)
    }

    fn owned_pair(&mut self, sql: &str, parameters: &[&str]) -> Result<Option<(String, String)>, Error> {
        let mut pair = None;
        self.owned_rows(sql, parameters, &mut |fields| {
            let text = |place: usize| fields.get(place).copied().flatten().unwrap_or_default().to_owned();
            pair = Some((text(0), text(1)));
            Ok(())
        })?;
        Ok(pair)
    }

    fn owned_document(&mut self, sql: &str, parameters: &[&str]) -> Result<Json, Error> {
        let mut document = Json::Null;
        self.owned_rows(sql, parameters, &mut |fields| {
            document = serde_json::from_str(first(fields)?).map_err(|error| unexpected(&error.to_string()))?;
            Ok(())
        })?;
        Ok(document)
    }

    fn owned_rows(&mut self, sql: &str, parameters: &[&str], each: &mut dyn FnMut(&Fields) -> Result<(), Error>) -> Result<(), Error> {
        self.as_owner(|spi| spi.rows(sql, &given(parameters), each)).map(drop)
    }

    /// Runs a statement of this file as the extension's owner, under the pinned path. Private, and never given
    /// text or code of a caller's: only parameters.
    fn as_owner<T>(&mut self, work: impl FnOnce(&Spi) -> Result<T, Error>) -> Result<T, Error> {
        let owner = self.extension_owner()?;
        self.attempt(|| {
            let _identity = Identity::assume(owner);
            let _settings = Session::pinned();
            let spi = Spi::connect()?;
            work(&spi)
        })
    }

    fn extension_owner(&mut self) -> Result<pg_sys::Oid, Error> {
        if let Some(owner) = self.owner {
            return Ok(owner);
        }
        let mut found = None;
        self.rows(Path::Pinned, OWNER, &[], &mut |fields| first(fields).map(|text| found = text.parse::<u32>().ok()))?;
        let owner = pg_sys::Oid::from(found.ok_or_else(|| unexpected("the extension has no owner"))?);
        self.owner = Some(owner);
        Ok(owner)
    }
}

/// Another role's rights until this goes out of scope, also by an error.
struct Identity {
    user: pg_sys::Oid,
    context: c_int,
}

impl Identity {
    fn assume(user: pg_sys::Oid) -> Self {
        let mut before = Self { user: pg_sys::InvalidOid, context: 0 };
        // SAFETY: both places are ours.
        unsafe { pg_sys::GetUserIdAndSecContext(&raw mut before.user, &raw mut before.context) };
        let context = before.context | pg_sys::SECURITY_LOCAL_USERID_CHANGE as c_int;
        // SAFETY: an existing role, put back by `drop`; the flag forbids SET ROLE meanwhile.
        unsafe { pg_sys::SetUserIdAndSecContext(user, context) };
        before
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        // SAFETY: what stood before; the call only sets two globals and cannot fail.
        unsafe { pg_sys::SetUserIdAndSecContext(self.user, self.context) };
    }
}

pub(super) fn caller() -> u32 {
    // SAFETY: reads a process global.
    u32::from(unsafe { pg_sys::GetUserId() })
}

fn given<'a>(parameters: &[&'a str]) -> Vec<Option<&'a str>> {
    parameters.iter().copied().map(Some).collect()
}

fn first<'a>(fields: &'a Fields) -> Result<&'a str, Error> {
    fields.first().copied().flatten().ok_or_else(|| unexpected("a field is missing"))
}

fn integer(text: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| unexpected("a count is not a number"))
}

fn unexpected(what: &str) -> Error {
    Error::new(sqlstate::INTERNAL, format!("could not read synthgen's own tables: {what}"))
}
