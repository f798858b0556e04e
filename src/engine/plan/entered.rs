//! Stamps that tell when a row came to a state: `paid_on`, `closed_on`, `date_approved`.
//!
//! The state is the stamp's own word, or the one that `data/stamp_states.csv` (word, says) gives for it: a status word, or
//! `any end`, `decided` for whatever ends the matter, `under way` for work that has begun; `itself` means a state of that very word alone, `nothing` no state.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, TableId, TypeKind};
use crate::engine::plan::State;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::flagged;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::rows::LEFT;
use crate::engine::value::Value;
use crate::engine::vocabulary::{StatusClass, StatusPart, StatusWord, squeezed, status_of};

/// The stage from which on somebody works at it.
const AT_WORK: u8 = 3;

/// What a stamp's word says of the states.
enum Said {
    /// Coming to a state of this word.
    Word(String, StatusWord),
    /// Coming to where the work is going on.
    Underway,
    /// Coming to the state of this very word.
    Itself(String),
    /// Any end.
    End,
    /// Any end, or where the matter is settled.
    Decision,
}

/// Which of the table's states a stamp tells the first coming to.
pub(super) fn states(catalog: &Catalog, meanings: &Meanings, table: TableId, column: ColumnId, states: &[State]) -> Option<Arc<[bool]>> {
    let definition = &catalog.tables[table].columns[column];
    let time = matches!(definition.data_type.kind, TypeKind::Timestamp { .. } | TypeKind::Date);
    if !time || definition.not_null || definition.generated {
        return None;
    }
    let left = || meanings.of(table, column).is_some_and(|found| found.meaning.id == "stamp.left").then_some(Said::End);
    let said = said(&definition.name, &catalog.tables[table].name).or_else(|| by_role(meanings.role(table, column)?)).or_else(left)?;
    telling(&mask(&said, states), states)
}

/// Which of the table's states a text speaks of (`termination_reason`, `cancelled_by`): it is there once the row has come to one of them.
pub(super) fn states_of_remark(catalog: &Catalog, table: TableId, column: ColumnId, states: &[State]) -> Option<Arc<[bool]>> {
    let definition = &catalog.tables[table].columns[column];
    let words = normalise(&definition.name);
    let (last, word) = words.split_last()?;
    let text =
        matches!(definition.data_type.kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } | TypeKind::Enum { .. });
    if !text || definition.not_null || !is_word_of(last, "remark") || word.is_empty() {
        return None;
    }
    telling(&mask(&said_by(&word.concat())?, states), states)
}

/// A mask, where it tells something: no state is told, or none but those at the end of a life are not.
fn telling(mask: &[bool], states: &[State]) -> Option<Arc<[bool]>> {
    let any = mask.iter().any(|&told| told);
    // What every row would have from its beginning tells nothing of its state.
    let always = states.iter().zip(mask).filter(|(state, _)| state.class == StatusClass::Open && !state.aside).all(|(_, told)| *told);
    (any && !always).then(|| mask.into())
}

/// The states from which on something has left the house.
pub(super) fn left(states: &[State]) -> Arc<[bool]> {
    states.iter().map(|state| good(state) && state.stage >= LEFT).collect()
}

fn good(state: &State) -> bool {
    matches!(state.class, StatusClass::Open | StatusClass::Done | StatusClass::Returned)
}

fn said(column: &str, table: &str) -> Option<Said> {
    let mut words = normalise(column);
    flagged::strip_endings(&mut words);
    let endless = words.len();
    let own = normalise(table).last().map(|word| singular(word));
    let begins = |words: &[String]| words.len() > 1 && (words[0] == "date" || words[0] == "time" || Some(&words[0]) == own.as_ref());
    while begins(&words) {
        words.remove(0);
    }
    // `closed` alone is a flag, `shipped` a number; `closed_at`, `date_closed` a time.
    let is_time = endless < normalise(column).len() || words.len() < endless;
    // `actual_start`, beside a planned one.
    let happened = words.len() > 1 && is_word_of(&words[0], "happened");
    if happened {
        words.remove(0);
        return said_by(&format!("actual{}", words.concat()));
    }
    is_time.then_some(())?;
    said_by(&words.concat())
}

fn said_by(word: &str) -> Option<Said> {
    let says = synonyms().get(word).map_or(word, String::as_str);
    match says {
        "nothing" => None,
        "any end" => Some(Said::End),
        "decided" => Some(Said::Decision),
        "under way" => Some(Said::Underway),
        "itself" => Some(Said::Itself(squeezed(word))),
        _ => status_of(says).map(|status| Said::Word(squeezed(says), status)),
    }
}

fn by_role(role: Role) -> Option<Said> {
    let word = match role {
        Role::Completed => "Completed",
        Role::Cancelled => "Cancelled",
        Role::Shipped => "Shipped",
        _ => return None,
    };
    status_of(word).map(|status| Said::Word(squeezed(word), status))
}

fn mask(said: &Said, states: &[State]) -> Vec<bool> {
    let ended = |state: &State| state.class != StatusClass::Open;
    match said {
        Said::End => {
            let closed = named("closed", states);
            if closed.iter().any(|&named| named) { closed } else { states.iter().map(ended).collect() }
        }
        Said::Decision => states.iter().map(|state| ended(state) || state.rests && !state.aside).collect(),
        Said::Underway => underway(states),
        Said::Itself(word) => named(word, states),
        Said::Word(word, status) => of_word(word, *status, states),
    }
}

/// From the first open state at work; where no word says that, the first beyond the beginning.
fn underway(states: &[State]) -> Vec<bool> {
    let step = |state: &&State| state.class == StatusClass::Open && !state.aside;
    let first = states.iter().filter(step).map(|state| state.stage).min().unwrap_or(0);
    let at_work = states.iter().filter(step).any(|state| (AT_WORK..LEFT).contains(&state.stage));
    let least = if at_work { AT_WORK } else { first + 1 };
    states.iter().map(|state| good(state) && !state.aside && state.stage >= least).collect()
}

fn named(word: &str, states: &[State]) -> Vec<bool> {
    let is = |state: &State| matches!(&state.label, Value::Text(label) if squeezed(label) == word);
    states.iter().map(is).collect()
}

fn of_word(word: &str, status: StatusWord, states: &[State]) -> Vec<bool> {
    let exact = named(word, states);
    let is_named = exact.iter().any(|&named| named);
    match status.class {
        // Stands beside the way.
        StatusClass::Open if status.part == Some(StatusPart::Aside) => exact,
        StatusClass::Open => {
            // A state that settles the matter stands as far as the states make it.
            let at = exact.iter().position(|exact| *exact);
            let stage = at.map_or(status.stage, |at| states[at].stage);
            // Of states at one stage those that are listed before it come before it.
            let beyond = |place: usize, state: &State| state.stage > stage || state.stage == stage && at.is_none_or(|at| place > at);
            let passed = |place: usize, state: &State| good(state) && !state.aside && beyond(place, state);
            states.iter().enumerate().zip(&exact).map(|((place, state), exact)| *exact || passed(place, state)).collect()
        }
        StatusClass::Done if is_named => {
            let beyond = |state: &State| state.class == StatusClass::Done && state.stage > status.stage;
            states.iter().zip(&exact).map(|(state, exact)| *exact || beyond(state)).collect()
        }
        _ if is_named => exact,
        class => states.iter().map(|state| state.class == class).collect(),
    }
}

fn synonyms() -> &'static BTreeMap<String, String> {
    static SYNONYMS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    SYNONYMS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/stamp_states.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states_of(labels: &[&str]) -> Vec<State> {
        let state = |label: &&str| {
            let word = status_of(label).expect("a known word");
            let aside = word.part == Some(StatusPart::Aside);
            let rests = aside || word.class != StatusClass::Open;
            State { row: 0, label: Value::text(*label), class: word.class, stage: word.stage, weight: 1.0, aside, rests, missed: false }
        };
        labels.iter().map(state).collect()
    }

    fn told(column: &str, labels: &[&str]) -> Vec<String> {
        let states = states_of(labels);
        let mask = said(column, "deals").map(|said| mask(&said, &states)).unwrap_or_default();
        labels.iter().zip(mask).filter(|(_, told)| *told).map(|(label, _)| (*label).to_owned()).collect()
    }

    #[test]
    fn a_stamp_tells_the_states_from_which_on_it_is_there() {
        assert_eq!(told("paid_on", &["pending", "paid", "shipped", "delivered", "cancelled"]), ["paid", "shipped", "delivered"]);
        assert_eq!(told("closed_at", &["open", "won", "lost"]), ["won", "lost"]);
        assert_eq!(told("closed_at", &["open", "closed", "merged"]), ["closed"]);
        assert_eq!(told("merged_at", &["open", "closed", "merged"]), ["merged"]);
        assert_eq!(told("resolved_on", &["open", "resolved", "closed"]), ["resolved", "closed"]);
        assert_eq!(told("dateApproved", &["draft", "approved", "rejected"]), ["approved"]);
        assert_eq!(told("deal_closed_date", &["open", "won", "lost"]), ["won", "lost"]);
        assert_eq!(told("paused_at", &["active", "paused", "ended"]), ["paused"]);
        assert_eq!(told("started_at", &["planning", "active", "on_hold", "completed"]), ["active", "completed"]);
        assert_eq!(told("started_at", &["todo", "confirmed", "in_progress", "done"]), ["in_progress", "done"]);
        assert_eq!(told("due_at", &["open", "closed"]), [""; 0]);
        assert_eq!(told("closed", &["open", "closed"]), [""; 0]);
    }

    #[test]
    fn every_line_names_a_status_or_a_set_of_them() {
        let known =
            |says: &String| ["any end", "decided", "under way", "itself", "nothing"].contains(&says.as_str()) || status_of(says).is_some();
        assert!(synonyms().len() > 10 && synonyms().values().all(known), "{:?}", synonyms());
    }
}
