//! How many children a parent has: the `children` of a relation.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::engine::rules::generator;
use crate::engine::rules::node::{Node, Object};
use crate::engine::rules::problem::Problems;

/// The distributions of `children`.
pub(super) const KEYS: &[&str] = &["fixed", "range", "choice", "zipf", "normal"];
/// What stands beside a distribution.
pub(super) const BOUNDS: &[&str] = &["min", "max"];
/// Most children of one parent that a rule may ask for.
const MAX_CHILDREN: u64 = 1_000_000;

/// Children per parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChildCount {
    /// How the number is drawn.
    pub distribution: ChildDistribution,
    /// Fewest children.
    pub min: u64,
    /// Most children.
    pub max: u64,
}

/// How a number of children is drawn; always within the bounds beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildDistribution {
    /// Every parent has `min` (which is `max`).
    Fixed,
    /// Every number from min to max is as likely.
    Range,
    /// Numbers with weights.
    Choice(Vec<(u64, f64)>),
    /// `min + k - 1` with a probability that falls as `k` to the minus this exponent.
    Zipf(f64),
    /// Normal, rounded.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
}

impl ChildCount {
    /// Reads `{"zipf": 1.2, "min": 1, "max": 8}` and its like; notes what is wrong.
    pub(super) fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        if node.json.is_u64() {
            return node.count(problems).and_then(|count| Self::within(node, ChildDistribution::Fixed, (count, count), problems));
        }
        let object = node.object(problems)?;
        object.known(&[KEYS, BOUNDS], &[], problems);
        let mut keys = KEYS.iter().filter(|key| object.get(key).is_some());
        let key = keys.next().copied();
        if let (Some(key), Some(other)) = (key, keys.next()) {
            problems.error(&object.pointer(other), format!("\"{other}\" beside \"{key}\": children have one distribution"));
            return None;
        }
        let given = (bound(&object, "min", problems)?, bound(&object, "max", problems)?);
        let (distribution, bounds) = match key.and_then(|key| Some((key, object.get(key)?))) {
            Some((key, value)) => distribution(key, &value, given, problems)?,
            None => (ChildDistribution::Range, (given.0.unwrap_or(0), required(given.1, node, problems)?)),
        };
        Self::within(node, distribution, bounds, problems)
    }

    fn within(node: &Node, distribution: ChildDistribution, (min, max): (u64, u64), problems: &mut Problems) -> Option<Self> {
        if min > max {
            problems.error(&node.path, format!("\"min\" {min} is above \"max\" {max}"));
            return None;
        }
        if max > MAX_CHILDREN {
            problems.error(&node.path, format!("{max} children of one parent are more than {MAX_CHILDREN}"));
            return None;
        }
        Some(Self { distribution, min, max })
    }

    /// As a rule writes it.
    pub(super) fn print(&self) -> Json {
        let mut object = match &self.distribution {
            ChildDistribution::Fixed => return json!({"fixed": self.min}),
            ChildDistribution::Range => json!({}),
            ChildDistribution::Zipf(exponent) => json!({"zipf": exponent}),
            ChildDistribution::Normal { mean, sd } => json!({"normal": {"mean": mean, "sd": sd}}),
            ChildDistribution::Choice(weighted) => {
                let text: Vec<(String, f64)> = weighted.iter().map(|(count, weight)| (count.to_string(), *weight)).collect();
                json!({"choice": generator::print_choice(&text)})
            }
        };
        object["min"] = json!(self.min);
        object["max"] = json!(self.max);
        object
    }
}

type Bounds = (Option<u64>, Option<u64>);

/// A bound where it is given; `None` after a problem.
#[expect(clippy::option_option, reason = "the outer one is a problem, the inner one a bound not given")]
fn bound(object: &Object, key: &str, problems: &mut Problems) -> Option<Option<u64>> {
    match object.get(key) {
        Some(node) => node.count(problems).map(Some),
        None => Some(None),
    }
}

fn required(max: Option<u64>, node: &Node, problems: &mut Problems) -> Option<u64> {
    if max.is_none() {
        problems.error(&node.path, "\"max\" is missing");
    }
    max
}

fn distribution(key: &str, node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    match key {
        "fixed" => fixed(node, given, problems),
        "range" => range(node, given, problems),
        "choice" => choice(node, given, problems),
        "zipf" => zipf(node, given, problems),
        _ => normal(node, given, problems),
    }
}

fn fixed(node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    let count = node.count(problems)?;
    outside(node, count, given, problems)?;
    Some((ChildDistribution::Fixed, (count, count)))
}

fn range(node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    let counts: Vec<u64> = node.elements(problems).iter().filter_map(|count| count.count(problems)).collect();
    let Ok([min, max]) = <[u64; 2]>::try_from(counts) else {
        node.wrong(problems, "a range [min, max]");
        return None;
    };
    outside(node, min, given, problems)?;
    outside(node, max, given, problems)?;
    Some((ChildDistribution::Range, (min, max)))
}

fn choice(node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    let mut weighted = Vec::new();
    for (value, weight) in generator::choice(node, problems)? {
        let Ok(count) = value.parse::<u64>() else {
            problems.error(&node.path, format!("\"{value}\" is not a number of children"));
            return None;
        };
        if weight > 0.0 {
            outside(node, count, given, problems)?;
        }
        weighted.push((count, weight));
    }
    let possible = || weighted.iter().filter(|(_, weight)| *weight > 0.0).map(|(count, _)| *count);
    let bounds = (possible().min().unwrap_or(0), possible().max().unwrap_or(0));
    Some((ChildDistribution::Choice(weighted), bounds))
}

fn zipf(node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    let exponent = node.number(problems)?;
    if exponent <= 0.0 {
        problems.error(&node.path, format!("the exponent is above 0, not {exponent}"));
        return None;
    }
    Some((ChildDistribution::Zipf(exponent), (given.0.unwrap_or(1), required(given.1, node, problems)?)))
}

fn normal(node: &Node, given: Bounds, problems: &mut Problems) -> Option<(ChildDistribution, (u64, u64))> {
    let object = node.object(problems)?;
    object.known(&[&["mean", "sd"]], &[], problems);
    let mean = object.required("mean", problems).and_then(|mean| mean.number(problems));
    let sd = object.required("sd", problems).and_then(|sd| sd.number(problems));
    let (mean, sd) = (mean?, sd?);
    if mean < 0.0 || sd <= 0.0 {
        problems.error(&node.path, "the mean is not negative and the deviation above 0");
        return None;
    }
    // Six deviations above the mean nothing is ever drawn.
    let most = libm::ceil(mean + 6.0 * sd) as u64;
    Some((ChildDistribution::Normal { mean, sd }, (given.0.unwrap_or(0), given.1.unwrap_or(most))))
}

/// Notes a number of children outside the bounds given beside it.
fn outside(node: &Node, count: u64, (min, max): Bounds, problems: &mut Problems) -> Option<()> {
    if min.is_some_and(|min| count < min) || max.is_some_and(|max| count > max) {
        let (min, max) = (min.unwrap_or(0), max.map_or_else(|| "any".to_owned(), |max| max.to_string()));
        problems.error(&node.path, format!("{count} children lie outside \"min\" {min} and \"max\" {max}"));
        return None;
    }
    Some(())
}
