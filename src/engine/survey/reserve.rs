//! Takes blocks of keys out of sequences before rows are made with them.

use crate::engine::catalog::Sequence;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Path};

const RESERVE: &str = include_str!("../../../sql/survey/reserve.sql");
const DRAW: &str = include_str!("../../../sql/survey/draw.sql");
const RIGHTS: &str = include_str!("../../../sql/survey/sequences.sql");

/// Most values drawn one by one only to pass keys that are there already (0.3 s).
const MOST_PASSED: i128 = 1_000_000;

/// Times a block is drawn anew because other sessions drew in between.
const ATTEMPTS: u32 = 3;

/// Reserves `count` values one after the other; returns the first, the next ones follow by the sequence's increment.
///
/// At least one is taken. The block begins at the sequence's next value, or on its grid beyond `above`, the farthest key present. The
/// sequence is set past it at once; that outlives a rollback, as `nextval` does. A role that may only draw
/// (`USAGE`) gets its block by drawing.
///
/// Errors: 2200H where the sequence ends before the block does; 42501 where it may not be used at all; 55000
/// where other sessions keep drawing in between.
pub fn reserve(database: &mut dyn Database, sequence: &Sequence, count: u64, above: Option<i64>) -> Result<i64, Error> {
    match access(database, sequence)? {
        Access::Set => set(database, sequence, count, above),
        Access::Draw => draw(database, sequence, count, above),
        Access::Denied => Err(denied(sequence)),
    }
}

/// What the current user may do with a sequence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Set,
    Draw,
    Denied,
}

fn access(database: &mut dyn Database, sequence: &Sequence) -> Result<Access, Error> {
    let oids = format!("[{}]", sequence.oid);
    let mut access = None;
    database.rows(Path::Pinned, RIGHTS, &[Some(&oids)], &mut |fields| {
        let may = |place: usize| fields.get(place).copied().flatten() == Some("t");
        access = Some(match (may(1) && may(2), may(2) || may(3)) {
            (true, _) => Access::Set,
            (false, true) => Access::Draw,
            (false, false) => Access::Denied,
        });
        Ok(())
    })?;
    access.ok_or_else(|| Error::new(sqlstate::UNDEFINED_TABLE, format!("sequence {} does not exist any more", sequence.name)))
}

fn denied(sequence: &Sequence) -> Error {
    Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied for sequence {}", sequence.name))
        .detail("Keys are taken from it before rows are inserted, so that other rows can refer to them.")
        .hint(format!("Its owner can grant it: GRANT SELECT, UPDATE ON SEQUENCE {} TO ..;", sequence.name))
}

/// Looks and sets in one statement.
fn set(database: &mut dyn Database, sequence: &Sequence, count: u64, above: Option<i64>) -> Result<i64, Error> {
    let sql = RESERVE.replace("{sequence}", &sequence.name);
    let (oid, wanted, above) = (sequence.oid.to_string(), count.max(1).to_string(), above.map(|key| key.to_string()));
    let mut block = None;
    database.rows(Path::Pinned, &sql, &[Some(&oid), Some(&wanted), above.as_deref()], &mut |fields| {
        block = Some(Block::parse(fields).ok_or_else(|| unreadable(sequence))?);
        Ok(())
    })?;
    let block = block.ok_or_else(|| unreadable(sequence))?;
    if block.fits { i64::try_from(block.first).map_err(|_| unreadable(sequence)) } else { Err(exhausted(sequence, count, block.first)) }
}

/// What `sql/survey/reserve.sql` and `draw.sql` return.
struct Block {
    first: i128,
    last: i128,
    /// Whether the sequence was set.
    fits: bool,
}

impl Block {
    fn parse(fields: &Fields) -> Option<Self> {
        let number = |place: usize| fields.get(place).copied().flatten()?.parse().ok();
        Some(Self { first: number(0)?, last: number(1)?, fits: fields.get(2).is_some_and(Option::is_some) })
    }
}

/// Draws the block value by value, after whatever lies at or before `above`.
fn draw(database: &mut dyn Database, sequence: &Sequence, count: u64, above: Option<i64>) -> Result<i64, Error> {
    for _ in 0..ATTEMPTS {
        let first = drawn_beyond(database, sequence, above)?;
        if left(sequence, first) < i128::from(count) {
            return Err(exhausted(sequence, count, first));
        }
        let rest = i128::from(count) - 1;
        if rest <= 0 || is_run(&drawn(database, sequence, rest)?, sequence, first, rest) {
            return i64::try_from(first).map_err(|_| unreadable(sequence));
        }
    }
    Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("could not reserve {count} values of sequence {}", sequence.name))
        .detail("Other sessions drew values in between, each time.")
        .hint(format!("With SELECT and UPDATE on sequence {} a block is reserved in one step.", sequence.name)))
}

/// Draws values until one lies beyond `above`, and returns that.
fn drawn_beyond(database: &mut dyn Database, sequence: &Sequence, above: Option<i64>) -> Result<i128, Error> {
    let first = drawn(database, sequence, 1)?.first;
    let Some(above) = above else { return Ok(first) };
    // How many values from `first` on lie at or before `above`: the first among them is drawn already.
    let passed = values(sequence, first, above);
    match passed {
        ..=0 => Ok(first),
        1 => Ok(drawn(database, sequence, 1)?.first),
        2..=MOST_PASSED => {
            drawn(database, sequence, passed - 1)?;
            Ok(drawn(database, sequence, 1)?.first)
        }
        _ => Err(behind(sequence, above, passed)),
    }
}

fn drawn(database: &mut dyn Database, sequence: &Sequence, count: i128) -> Result<Block, Error> {
    let (oid, count) = (sequence.oid.to_string(), count.to_string());
    let mut block = None;
    database.rows(Path::Pinned, DRAW, &[Some(&oid), Some(&count)], &mut |fields| {
        block = Block::parse(fields);
        Ok(())
    })?;
    block.ok_or_else(|| unreadable(sequence))
}

/// Whether what was drawn (least and greatest of `count` values) is the run of values that follows `first`.
fn is_run(drawn: &Block, sequence: &Sequence, first: i128, count: i128) -> bool {
    let increment = i128::from(sequence.increment);
    let (start, end) = (first + increment, first + count * increment);
    (drawn.first, drawn.last) == (start.min(end), start.max(end))
}

/// How many values the sequence has from `first` on.
fn left(sequence: &Sequence, first: i128) -> i128 {
    values(sequence, first, end(sequence).1).max(0)
}

/// How many of the values from `first` on lie at or before `last`; not above zero where `first` lies beyond it.
fn values(sequence: &Sequence, first: i128, last: i64) -> i128 {
    let increment = i128::from(sequence.increment);
    ((i128::from(last) - first) * increment.signum()).div_euclid(increment.abs()) + 1
}

/// Where the sequence ends: the bound's name and value.
fn end(sequence: &Sequence) -> (&'static str, i64) {
    if sequence.increment < 0 { ("minimum", sequence.minimum) } else { ("maximum", sequence.maximum) }
}

fn exhausted(sequence: &Sequence, count: u64, first: i128) -> Error {
    let ((word, bound), left) = (end(sequence), left(sequence, first));
    let short = i128::from(count) - left;
    Error::new(sqlstate::SEQUENCE_LIMIT, format!("sequence {} reached its {word} value ({bound})", sequence.name))
        .detail(format!("{count} keys are needed from {first} on; there are {left}, {short} too few."))
        .hint(format!("Ask for fewer rows, or give the sequence a wider range: ALTER SEQUENCE {} ..;", sequence.name))
}

fn behind(sequence: &Sequence, above: i64, passed: i128) -> Error {
    Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied for sequence {}", sequence.name))
        .detail(format!("It lies {passed} values behind the key {above} that is there, and may only be drawn from, not set."))
        .hint(format!("Its owner can grant it: GRANT SELECT, UPDATE ON SEQUENCE {} TO ..;", sequence.name))
}

fn unreadable(sequence: &Sequence) -> Error {
    Error::new(sqlstate::INTERNAL, format!("could not reserve values of sequence {}", sequence.name))
}
