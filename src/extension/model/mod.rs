//! The language model as a session reaches it: with its settings, rights and limits, and what it keeps.

mod access;
mod check;
mod door;
mod record;

pub(super) use check::check;
pub(super) use door::forget;

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::{Access, Dialogue, Mode};
use crate::engine::port::LanguageModel;
use crate::extension::backend::Backend;
use crate::extension::settings;
use crate::http::{Budget, Client, Limits, carry};

use access::Connection;
use door::Door;

impl LanguageModel for Backend {
    fn access(&mut self, wanted: Option<&str>) -> Result<Access, Error> {
        let connection = match Connection::of_session(self)? {
            Ok(connection) => connection,
            Err(reason) => return Ok(Access::None(reason)),
        };
        let name = connection.choose(wanted)?;
        Ok(Access::Model {
            price: connection.price(self, &name)?,
            name,
            batch_rows: settings::BATCH_ROWS.get() as u64,
            rows_per_table: settings::LLM_ROWS_PER_TABLE.get() as u64,
            max_calls: settings::LLM_MAX_CALLS.get() as u64,
            max_cost: settings::LLM_MAX_COST.get(),
            share: access::share().to_owned(),
        })
    }

    fn stored(&mut self, keys: &[String]) -> Result<Vec<bool>, Error> {
        let known: std::collections::HashSet<String> = self.stored_keys(keys)?.into_iter().collect();
        let left_behind = door::left_behind()?;
        Ok(keys.iter().map(|key| known.contains(key) || left_behind.contains_key(key)).collect())
    }

    fn converse(&mut self, run_id: i64, mode: Mode, model: &str, dialogue: &mut dyn Dialogue) -> Result<(), Error> {
        if run_id == 0 {
            return carry(None, dialogue, &mut Door::reading(self, model)?);
        }
        if mode == Mode::Replay {
            return carry(None, dialogue, &mut Door::keeping(self, Some(run_id), model)?);
        }
        let mut client = client(self, run_id, model)?;
        carry(Some(&mut client), dialogue, &mut Door::keeping(self, Some(run_id), model)?)
    }
}

/// A client with what is left of the run's limits.
fn client(world: &mut Backend, run_id: i64, model: &str) -> Result<Client, Error> {
    let connection = Connection::of_session(world)?.map_err(|reason| Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, reason))?;
    let price = connection.price(world, model)?;
    let (calls, spent) = if run_id == 0 { (0, 0.0) } else { world.calls_made(run_id)? };
    let budget = Budget::new(settings::LLM_MAX_CALLS.get() as u64, settings::LLM_MAX_COST.get(), price, calls, spent);
    let limits = Limits { request: settings::llm_timeout(), concurrency: settings::LLM_CONCURRENCY.get() as usize };
    Client::open(connection.address, model, connection.key, limits, budget)
        .map_err(|why| Error::new(sqlstate::MODEL_FAILED, "cannot reach the language model").detail(format!("{why}.")))
}
