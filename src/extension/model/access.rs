//! What the settings say of the model, and whether the caller may spend.

use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};

use pgrx::pg_sys;

use crate::engine::error::{Error, sqlstate};
use crate::engine::model::Price;
use crate::engine::port::{Database, Path};
use crate::extension::backend::Backend;
use crate::extension::settings::{self, Share};
use crate::http::{Address, Secret};

const MAY_SPEND: &str = include_str!("../../../sql/rights/may_spend.sql");

/// A model server that the session may use.
pub(super) struct Connection {
    pub(super) address: Address,
    pub(super) key: Option<Secret>,
    models: Vec<String>,
}

impl Connection {
    /// The one of the session's settings; else why there is none, as a phrase.
    pub(super) fn of_session(world: &mut Backend) -> Result<Result<Self, String>, Error> {
        let Some(base) = settings::text(&settings::LLM_BASE_URL) else { return Ok(Err(unset("synthgen.llm_base_url"))) };
        let models: Vec<String> = settings::text(&settings::LLM_MODELS).iter().flat_map(|list| names(list)).collect();
        if models.is_empty() {
            return Ok(Err(unset("synthgen.llm_models")));
        }
        if let Some(reason) = may_not_spend(world)? {
            return Ok(Err(reason));
        }
        let address = match Address::parse(&base, settings::LLM_PLAIN_HTTP.get()) {
            Ok(address) => address,
            Err(why) => return Ok(Err(format!("synthgen.llm_base_url cannot be used: {why}"))),
        };
        let key = settings::text(&settings::LLM_API_KEY_FILE).map(|file| read_key(&file)).transpose();
        Ok(key
            .map(|key| Self { address, key, models })
            .map_err(|why| format!("the file of synthgen.llm_api_key_file cannot be used: {why}")))
    }

    /// The first model, or the one wanted if it is allowed.
    pub(super) fn choose(&self, wanted: Option<&str>) -> Result<String, Error> {
        let Some(wanted) = wanted else { return Ok(self.models[0].clone()) };
        if self.models.iter().any(|model| model == wanted) {
            return Ok(wanted.to_owned());
        }
        Err(Error::new(sqlstate::INVALID_PARAMETER, format!("model => '{wanted}' is not one of synthgen.llm_models"))
            .hint(format!("Use one of: {}.", self.models.join(", "))))
    }

    /// What the model costs, where known.
    pub(super) fn price(&self, world: &mut Backend, model: &str) -> Result<Option<Price>, Error> {
        if self.address.is_local() {
            return Ok(Some(Price { input: 0.0, output: 0.0 }));
        }
        Ok(world.price(model)?.map(|(input, output)| Price { input, output }))
    }
}

/// The level of synthgen.llm_share as a word.
pub(super) fn share() -> &'static str {
    match settings::LLM_SHARE.get() {
        Share::Names => "names",
        Share::Structure => "structure",
        Share::Reference => "reference",
        Share::Rows => "rows",
    }
}

fn unset(setting: &str) -> String {
    format!("{setting} is not set in this session")
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Why the caller may not spend, if so.
fn may_not_spend(world: &mut Backend) -> Result<Option<String>, Error> {
    let role = settings::text(&settings::LLM_ROLE);
    let mut may = false;
    world.rows(Path::Pinned, MAY_SPEND, &[role.as_deref()], &mut |fields| {
        may = fields.first() == Some(&Some("t"));
        Ok(())
    })?;
    let caller = if may { return Ok(None) } else { world.caller_name()? };
    Ok(Some(match role {
        Some(_) => format!("role {caller} is no member of the role that synthgen.llm_role names"),
        None => format!("role {caller} is no superuser, and synthgen.llm_role names no other role"),
    }))
}

/// Reads the key. Messages hold neither the file's name, which is the superuser's, nor anything of its content.
fn read_key(file: &str) -> Result<Secret, String> {
    // Without O_NONBLOCK a FIFO would hang the session.
    let mut open = std::fs::OpenOptions::new().read(true).custom_flags(O_NONBLOCK).open(file).map_err(|error| cannot_read(&error))?;
    let about = open.metadata().map_err(|error| cannot_read(&error))?;
    if !about.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if about.mode() & 0o077 != 0 {
        return Err(format!("others may read it (mode {:04o}); chmod 600", about.mode() & 0o7777));
    }
    // SAFETY: reads the process's user.
    let own = unsafe { geteuid() };
    if about.uid() != own && about.uid() != 0 {
        return Err("it belongs to neither the server's user nor root".to_owned());
    }
    let mut text = String::new();
    open.by_ref().take(8192).read_to_string(&mut text).map_err(|error| cannot_read(&error))?;
    Secret::new(&text).map_err(str::to_owned)
}

fn cannot_read(error: &std::io::Error) -> String {
    format!("it cannot be read: {}", error.kind())
}

/// The same on all Linux that PostgreSQL runs on.
const O_NONBLOCK: i32 = 0o4000;

unsafe extern "C" {
    fn geteuid() -> u32;
}

/// Where the server keeps its data.
pub(super) fn data_directory() -> std::path::PathBuf {
    // SAFETY: set at the server's start, and constant since.
    let name = unsafe { std::ffi::CStr::from_ptr(pg_sys::DataDir) };
    std::path::PathBuf::from(std::ffi::OsStr::new(&*name.to_string_lossy()).to_owned())
}
