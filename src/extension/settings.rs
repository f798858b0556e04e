//! The settings `synthgen.*`.
//!
//! What bounds others' resources or guards production is a superuser's (also by ALTER DATABASE .. SET);
//! what only changes the caller's own run is the caller's.

use std::ffi::{CStr, CString};
use std::time::Duration;

use pgrx::{GucContext, GucFlags, GucRegistry, GucSetting, PostgresGucEnum};

use crate::extension::compat;

/// How the report of a run is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum Progress {
    /// Not at all.
    #[name = c"off"]
    Off,
    /// As notices, which `client_min_messages` can silence.
    #[name = c"notice"]
    Notice,
    /// As INFO, which always reaches the client.
    #[name = c"info"]
    Info,
}

/// What becomes of addresses and numbers that could reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum Contacts {
    /// Only reserved domains and numbers.
    #[name = c"safe"]
    Safe,
    /// As rules and reference rows write them.
    #[name = c"as_written"]
    AsWritten,
}

/// What prompts may hold; each level holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum Share {
    /// Tables, columns, types.
    #[name = c"names"]
    Names,
    /// And constraints, comments, rules.
    #[name = c"structure"]
    Structure,
    /// And reference rows.
    #[name = c"reference"]
    Reference,
    /// And rows that were there before.
    #[name = c"rows"]
    Rows,
}

/// Where a paid reply is kept at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PostgresGucEnum)]
pub(super) enum ReplyDurability {
    /// In a file that outlives the transaction.
    #[name = c"journal"]
    Journal,
    /// In the transaction alone: a rollback loses it.
    #[name = c"transaction"]
    Transaction,
}

pub(super) static LLM_BASE_URL: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
pub(super) static LLM_MODELS: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
pub(super) static LLM_API_KEY_FILE: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
pub(super) static LLM_ROLE: GucSetting<Option<CString>> = GucSetting::<Option<CString>>::new(None);
pub(super) static LLM_PLAIN_HTTP: GucSetting<bool> = GucSetting::<bool>::new(false);
pub(super) static LLM_SHARE: GucSetting<Share> = GucSetting::<Share>::new(Share::Structure);
pub(super) static LLM_MAX_COST: GucSetting<f64> = GucSetting::<f64>::new(1.0);
pub(super) static LLM_MAX_CALLS: GucSetting<i32> = GucSetting::<i32>::new(200);
pub(super) static LLM_ROWS_PER_TABLE: GucSetting<i32> = GucSetting::<i32>::new(1000);
pub(super) static LLM_CONCURRENCY: GucSetting<i32> = GucSetting::<i32>::new(8);
pub(super) static BATCH_ROWS: GucSetting<i32> = GucSetting::<i32>::new(20);
pub(super) static REPLY_DURABILITY: GucSetting<ReplyDurability> = GucSetting::<ReplyDurability>::new(ReplyDurability::Journal);
static LLM_TIMEOUT: GucSetting<i32> = GucSetting::<i32>::new(60_000);

pub(super) static PROGRESS: GucSetting<Progress> = GucSetting::<Progress>::new(Progress::Notice);
pub(super) static CONTACTS: GucSetting<Contacts> = GucSetting::<Contacts>::new(Contacts::Safe);
pub(super) static ALLOW: GucSetting<bool> = GucSetting::<bool>::new(true);
pub(super) static STORED_ROWS: GucSetting<i32> = GucSetting::<i32>::new(100_000);
pub(super) static RANKED_ROWS: GucSetting<i32> = GucSetting::<i32>::new(4_000_000);
pub(super) static MAX_ROWS: GucSetting<i32> = GucSetting::<i32>::new(1_000_000_000);

/// Defines them all; called once a backend, when the library is loaded.
pub(super) fn define() {
    define_choices();
    define_limits();
    define_model();
    define_model_limits();
    compat::reserve_settings_prefix(c"synthgen");
}

fn define_choices() {
    GucRegistry::define_enum_guc(
        c"synthgen.progress",
        c"How the report of a run is sent.",
        c"notice (client_min_messages applies), info (always reaches the client) or off.",
        &PROGRESS,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_enum_guc(
        c"synthgen.contacts",
        c"Whether made-up addresses and numbers may look like somebody's.",
        c"safe: only domains and numbers reserved for examples; as_written: as rules and reference rows say.",
        &CONTACTS,
        GucContext::Userset,
        GucFlags::default(),
    );
    GucRegistry::define_bool_guc(
        c"synthgen.allow",
        c"Whether functions that write may run.",
        c"Meant for ALTER DATABASE .. SET synthgen.allow = off where data are real.",
        &ALLOW,
        GucContext::Suset,
        GucFlags::default(),
    );
}

fn define_limits() {
    define_rows(
        c"synthgen.stored_rows",
        c"Greatest number of rows of a filled table that are read as parents.",
        &STORED_ROWS,
        GucContext::Userset,
    );
    define_rows(
        c"synthgen.ranked_rows",
        c"Greatest number of rows that are put in order of time together, at about 12 bytes each.",
        &RANKED_ROWS,
        GucContext::Userset,
    );
    define_rows(c"synthgen.max_rows", c"Greatest number of rows that one call may ask of one table.", &MAX_ROWS, GucContext::Suset);
}

fn define_rows(name: &'static CStr, description: &'static CStr, setting: &'static GucSetting<i32>, context: GucContext) {
    GucRegistry::define_int_guc(name, description, c"In rows.", setting, 1, i32::MAX, context, GucFlags::default());
}

/// Where the model is, who may spend, what leaves the database: the superuser's.
fn define_model() {
    define_text(
        c"synthgen.llm_base_url",
        c"Where the language model's server is.",
        c"For example http://localhost:11434/v1; a URL that ends in /messages or lies at anthropic.com speaks Anthropic's dialect.",
        &LLM_BASE_URL,
        GucFlags::default(),
    );
    define_text(
        c"synthgen.llm_models",
        c"Models that may be asked, separated by commas; the first is the default.",
        c"Names as the server knows them.",
        &LLM_MODELS,
        GucFlags::default(),
    );
    define_text(
        c"synthgen.llm_api_key_file",
        c"File of the server's that holds the key.",
        c"One line, readable by the server's user alone (mode 0600).",
        &LLM_API_KEY_FILE,
        GucFlags::SUPERUSER_ONLY,
    );
    define_text(c"synthgen.llm_role", c"Role whose members may spend.", c"Not set: superusers alone.", &LLM_ROLE, GucFlags::default());
    GucRegistry::define_bool_guc(
        c"synthgen.llm_plain_http",
        c"Whether the language model may be reached by http beyond this machine.",
        c"Prompts and the key then travel unencrypted.",
        &LLM_PLAIN_HTTP,
        GucContext::Suset,
        GucFlags::default(),
    );
    GucRegistry::define_enum_guc(
        c"synthgen.llm_share",
        c"What prompts may hold.",
        c"names: of tables, columns, types; structure: and constraints, comments, rules; reference: and reference rows; rows: and rows that were there before.",
        &LLM_SHARE,
        GucContext::Suset,
        GucFlags::default(),
    );
    GucRegistry::define_enum_guc(
        c"synthgen.reply_durability",
        c"Where a paid reply is kept at once.",
        c"journal: in a file that outlives a rollback and a crash; transaction: with the rest of the call.",
        &REPLY_DURABILITY,
        GucContext::Suset,
        GucFlags::default(),
    );
}

fn define_text(
    name: &'static CStr,
    description: &'static CStr,
    detail: &'static CStr,
    setting: &'static GucSetting<Option<CString>>,
    flags: GucFlags,
) {
    GucRegistry::define_string_guc(name, description, detail, setting, GucContext::Suset, flags);
}

fn define_model_limits() {
    GucRegistry::define_int_guc(
        c"synthgen.llm_timeout",
        c"Time that one request to the language model may take.",
        c"From the resolution of the name to the last byte.",
        &LLM_TIMEOUT,
        100,
        3_600_000,
        GucContext::Suset,
        GucFlags::UNIT_MS,
    );
    GucRegistry::define_float_guc(
        c"synthgen.llm_max_cost",
        c"US dollars that one run may spend on the language model.",
        c"Binds where the model's price is known (see synthgen.llm_price).",
        &LLM_MAX_COST,
        0.0,
        1e9,
        GucContext::Suset,
        GucFlags::default(),
    );
    for (name, description, setting, least, most) in [
        (c"synthgen.llm_max_calls", c"Requests that one run may send to the language model.", &LLM_MAX_CALLS, 0, i32::MAX),
        (c"synthgen.llm_rows_per_table", c"Rows of a table that the language model writes one by one.", &LLM_ROWS_PER_TABLE, 0, i32::MAX),
        (c"synthgen.llm_concurrency", c"Requests to the language model that are under way at once.", &LLM_CONCURRENCY, 1, 64),
    ] {
        GucRegistry::define_int_guc(name, description, c"", setting, least, most, GucContext::Suset, GucFlags::default());
    }
    GucRegistry::define_int_guc(
        c"synthgen.batch_rows",
        c"Rows that the language model is asked for at once.",
        c"",
        &BATCH_ROWS,
        1,
        100,
        GucContext::Userset,
        GucFlags::default(),
    );
}

/// The time of one request.
pub(super) fn llm_timeout() -> Duration {
    Duration::from_millis(u64::try_from(LLM_TIMEOUT.get()).unwrap_or_default())
}

/// A text that is set and not blank.
pub(super) fn text(setting: &'static GucSetting<Option<CString>>) -> Option<String> {
    let text = setting.get()?.to_string_lossy().trim().to_owned();
    (!text.is_empty()).then_some(text)
}
