//! Words of life cycles: whether a status is open or final, and how far along it is.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::words::fold;

/// What a status says about the thing's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusClass {
    /// Still going on.
    Open,
    /// Ended as meant.
    Done,
    /// Given up by someone's will.
    Cancelled,
    /// Ended by an error or a refusal.
    Failed,
    /// Done, then taken back.
    Returned,
}

impl StatusClass {
    /// What lists of words call the part of a life that a state of this class and stage is in.
    pub fn phase(self, stage: u8) -> &'static str {
        match (self, stage) {
            (Self::Open, 0..=1) => "begun",
            (Self::Open, 2..=3) => "in hand",
            (Self::Open, 4) => "under way",
            (Self::Open, _) => "nearly done",
            (Self::Done, _) => "done",
            (Self::Cancelled | Self::Failed, _) => "broken off",
            (Self::Returned, _) => "returned",
        }
    }
}

/// What a status is beside its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusPart {
    /// No step of the usual way: few go there, and some stay (on hold, overdue).
    Aside,
    /// Where a life ends well that knows nothing beyond (approved, accepted).
    Settles,
    /// Where most stay, even where some are closed or archived in the end (active).
    Lasts,
    /// Where it ends with its time (expired).
    Over,
    /// Ends where the others have their good end: nobody came (no show).
    Missed,
    /// A step or the end, as the states before and after it in their list say (received, released).
    ByOrder,
}

/// One status and its place in a life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusWord {
    /// Open or how it ended.
    pub class: StatusClass,
    /// From 0, just begun, to 9, the very end.
    pub stage: u8,
    /// What else it is.
    pub part: Option<StatusPart>,
    /// How often it is where a life ends, beside others of its class.
    pub weight: f64,
}

/// One line of the file.
#[derive(Deserialize)]
struct Line {
    word: String,
    class: StatusClass,
    stage: u8,
    part: Option<StatusPart>,
    weight: Option<f64>,
}

/// What a status word says, whatever its case and separators; none where the word is unknown.
pub fn status_of(word: &str) -> Option<StatusWord> {
    statuses().get(&squeezed(word)).copied()
}

fn statuses() -> &'static HashMap<String, StatusWord> {
    static STATUSES: OnceLock<HashMap<String, StatusWord>> = OnceLock::new();
    STATUSES.get_or_init(|| {
        csv::Reader::from_reader(include_str!("data/statuses.csv").as_bytes())
            .deserialize::<Line>()
            .map(|line| {
                let line = line.expect("the tests read every line of this file");
                (
                    squeezed(&line.word),
                    StatusWord { class: line.class, stage: line.stage, part: line.part, weight: line.weight.unwrap_or(1.0) },
                )
            })
            .collect()
    })
}

/// `Out for delivery`, `OutForDelivery` and `OUT_FOR_DELIVERY` alike.
pub(crate) fn squeezed(word: &str) -> String {
    fold(word).chars().filter(|letter| letter.is_alphanumeric()).collect()
}
