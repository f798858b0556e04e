//! Lists of words that callers bring along.

use crate::engine::error::{Error, sqlstate};
use crate::engine::vocabulary::check_list;
use crate::extension::backend::Backend;
use crate::extension::rights;

/// Keeps a list for the caller's calls; returns how many lines it has.
pub(super) fn load(world: &mut Backend, name: &str, csv: &str) -> Result<i64, Error> {
    rights::writing(c"synthgen.load_vocabulary()")?;
    let lines = check_list(name, csv).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let refused = Error::new(sqlstate::INVALID_PARAMETER, error.to_string())
            .hint("A header line names what the columns hold (weight weighs), each further line holds one entry; docs/rules.md says more.");
        match cause {
            Some(cause) => refused.detail(cause),
            None => refused,
        }
    })?;
    world.store_vocabulary(name, csv)?;
    Ok(lines as i64)
}
