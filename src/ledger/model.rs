//! The model's part of the record: exchanges, replies that are replayed, prices.

/// Notes an exchange: `$1` run or `''`, `$2` OID of the calling role, `$3` table, `$4` batch, `$5` attempt, `$6` purpose, `$7` model, `$8` instructions, `$9` prompt, `$10` reply, `$11` rows read, `$12` cells refused, `$13` replayed, `$14` requests, `$15` and `$16` tokens, `$17` estimated, `$18` cost, `$19` milliseconds, `$20` outcome, `$21` error.
pub const CALL_NOTE: &str = include_str!("../../sql/ledger/call_note.sql");
/// Requests that a run made and what they cost: `$1` run.
pub const CALLS_MADE: &str = include_str!("../../sql/ledger/calls_made.sql");
/// A stored reply and whether it was cut: `$1` key.
pub const REPLY_GET: &str = include_str!("../../sql/ledger/reply_get.sql");
/// Stores a reply: `$1` key, `$2` model, `$3` reply, `$4` cut, `$5` and `$6` tokens, `$7` estimated, `$8` cost, `$9` role.
pub const REPLY_PUT: &str = include_str!("../../sql/ledger/reply_put.sql");
/// The keys whose replies are stored: `$1` JSON array of keys.
pub const REPLIES_KNOWN: &str = include_str!("../../sql/ledger/replies_known.sql");
/// The number of the transaction, and its lock.
pub const REPLIES_BEGIN: &str = include_str!("../../sql/ledger/replies_begin.sql");
/// How many of the replies an earlier transaction has stored: `$1` JSON array of keys.
pub const REPLIES_SETTLED: &str = include_str!("../../sql/ledger/replies_settled.sql");
/// Stores what ended transactions left in the journal: `$1` JSON array of records.
pub const REPLIES_ADOPT: &str = include_str!("../../sql/ledger/replies_adopt.sql");
/// US dollars for a million tokens of prompt and reply: `$1` model.
pub const PRICE_GET: &str = include_str!("../../sql/ledger/price_get.sql");
/// Removes replies and exchanges, returns how many replies. Run as the caller.
pub const REPLIES_FORGET: &str = include_str!("../../sql/ledger/replies_forget.sql");
