//! The rule document, read leniently: what was stored has been checked when it was loaded.

use serde_json::{Map, Value as Json};

/// What verify reads of a document.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Entities and the tables they stand for.
    pub(super) entities: Vec<(String, String)>,
    /// Rules of columns.
    pub(super) rules: Vec<Rule>,
    /// Rules of relations.
    pub(super) relations: Vec<Relation>,
}

/// A rule of columns.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) on: String,
    pub(super) when: Option<String>,
    pub(super) wanted: Wanted,
    pub(super) strength: Strength,
    pub(super) tolerance: Option<f64>,
}

/// A rule of a relation.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) on: String,
    pub(super) children: Option<Children>,
    pub(super) strength: Strength,
    pub(super) tolerance: Option<f64>,
}

/// How strictly a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Hard,
    Soft,
    Hint,
}

/// What a rule wants of the values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// Values and weights.
    Choice(Vec<(String, f64)>),
    /// Two bounds, as text.
    Range { least: String, most: String },
    /// Normal.
    Normal(Shape),
    /// Log-normal: the centre is the median, the spread that of the logarithm.
    Lognormal(Shape),
    /// Text with placeholders.
    Template(String),
    /// Text that a regular expression of PostgreSQL's describes.
    Regex(String),
    /// NULL in a share of rows.
    Null(f64),
    /// The first case that holds.
    Cases(Vec<Case>),
    /// A generator that verify does not judge.
    Other(String),
}

impl Wanted {
    /// Whether it speaks of NULLs: such rules stand beside the others.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }
}

/// A bell and its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) centre: f64,
    pub(super) spread: f64,
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
}

/// A case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub(super) when: Option<String>,
    pub(super) wanted: Wanted,
}

/// Children per parent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Children {
    pub(super) least: i64,
    pub(super) most: Option<i64>,
    /// Shares of parents by number of children; empty where only the bounds are said.
    pub(super) shares: Vec<(i64, f64)>,
}

type Object = Map<String, Json>;

impl Document {
    /// Reads what can be read.
    pub(super) fn read(json: &Json) -> Self {
        let list = |key: &str| json.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let entities = json.get("entities").and_then(Json::as_object).into_iter().flatten();
        Self {
            entities: entities.filter_map(|(name, table)| Some((name.clone(), table.as_str()?.to_owned()))).collect(),
            rules: list("rules").iter().filter_map(|rule| rule_of(rule.as_object()?)).collect(),
            relations: list("relations").iter().filter_map(|relation| relation_of(relation.as_object()?)).collect(),
        }
    }
}

fn rule_of(object: &Object) -> Option<Rule> {
    // What no model may write is as the other rules say.
    if object.get("llm") == Some(&Json::Bool(false)) {
        return None;
    }
    Some(Rule {
        id: text(object, "id")?,
        on: text(object, "on")?,
        when: text(object, "when"),
        wanted: wanted(object).unwrap_or(Wanted::Other("a rule without a generator".into())),
        strength: strength(object),
        tolerance: number(object, "tolerance"),
    })
}

fn relation_of(object: &Object) -> Option<Relation> {
    Some(Relation {
        id: text(object, "id")?,
        on: text(object, "on")?,
        children: object.get("children").and_then(children),
        strength: strength(object),
        tolerance: number(object, "tolerance"),
    })
}

fn strength(object: &Object) -> Strength {
    match object.get("strength").and_then(Json::as_str) {
        Some("hard") => Strength::Hard,
        Some("hint") => Strength::Hint,
        _ => Strength::Soft,
    }
}

fn wanted(object: &Object) -> Option<Wanted> {
    const BESIDE: [&str; 6] = ["id", "on", "when", "strength", "tolerance", "because"];
    let (key, value) = object.iter().find(|(key, _)| !BESIDE.contains(&key.as_str()))?;
    let judged = match key.as_str() {
        "choice" => choice(value).map(Wanted::Choice),
        "range" => range(value),
        "normal" => shape(value, "mean", "sd").map(Wanted::Normal),
        "lognormal" => shape(value, "median", "sigma").map(Wanted::Lognormal),
        "template" => value.as_str().map(|text| Wanted::Template(text.to_owned())),
        "regex" => value.as_str().map(|text| Wanted::Regex(text.to_owned())),
        "null" => value.as_f64().or_else(|| (value == &Json::Bool(true)).then_some(1.0)).map(Wanted::Null),
        "cases" => value.as_array().map(|cases| Wanted::Cases(cases.iter().filter_map(|case| case_of(case.as_object()?)).collect())),
        _ => None,
    };
    Some(judged.unwrap_or_else(|| Wanted::Other(key.clone())))
}

fn case_of(object: &Object) -> Option<Case> {
    Some(Case { when: text(object, "when"), wanted: wanted(object)? })
}

fn choice(value: &Json) -> Option<Vec<(String, f64)>> {
    match value {
        Json::Array(values) => values.iter().map(|value| Some((scalar(value)?, 1.0))).collect(),
        Json::Object(weighted) => weighted.iter().map(|(value, weight)| Some((value.clone(), weight.as_f64()?))).collect(),
        _ => None,
    }
}

fn range(value: &Json) -> Option<Wanted> {
    let (least, most) = match value {
        Json::Array(bounds) => (bounds.first()?, bounds.get(1)?),
        bounds => (bounds.get("min")?, bounds.get("max")?),
    };
    Some(Wanted::Range { least: scalar(least)?, most: scalar(most)? })
}

fn shape(value: &Json, centre: &str, spread: &str) -> Option<Shape> {
    let object = value.as_object()?;
    Some(Shape {
        centre: number(object, centre)?,
        spread: number(object, spread)?,
        least: number(object, "min"),
        most: number(object, "max"),
    })
}

/// How many numbers of children are compared one by one; beyond, a share is too small to matter.
const COMPARED: i64 = 200;

fn children(value: &Json) -> Option<Children> {
    if let Some(fixed) = value.as_i64().or_else(|| value.get("fixed").and_then(Json::as_i64)) {
        return Some(Children { least: fixed, most: Some(fixed), shares: vec![(fixed, 1.0)] });
    }
    let object = value.as_object()?;
    let bound = |key| object.get(key).and_then(Json::as_i64);
    if let Some(weighted) = object.get("choice").and_then(choice) {
        let counts: Vec<(i64, f64)> = weighted.into_iter().filter_map(|(count, weight)| Some((count.parse().ok()?, weight))).collect();
        let possible = || counts.iter().filter(|(_, weight)| *weight > 0.0).map(|(count, _)| *count);
        return Some(Children { least: possible().min()?, most: possible().max(), shares: super::shares(&counts) });
    }
    if let Some(exponent) = number(object, "zipf") {
        let (least, most) = (bound("min").unwrap_or(1), bound("max")?);
        let weighted: Vec<(i64, f64)> = (least..=most).map(|count| (count, libm::pow((count - least + 1) as f64, -exponent))).collect();
        let shares = super::shares(&weighted).into_iter().take(COMPARED as usize).collect();
        return Some(Children { least, most: Some(most), shares });
    }
    let range = object.get("range").and_then(Json::as_array);
    let end = |place: usize| range.and_then(|range| range.get(place)).and_then(Json::as_i64);
    let normal = object.contains_key("normal");
    let (least, most) = (end(0).or_else(|| bound("min")).unwrap_or(0), end(1).or_else(|| bound("max")));
    let width = most.map_or(COMPARED, |most| most - least);
    let uniform: Vec<(i64, f64)> =
        if normal || width >= COMPARED { Vec::new() } else { (least..=least + width).map(|count| (count, 1.0)).collect() };
    Some(Children { least, most, shares: super::shares(&uniform) })
}

fn text(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(Json::as_str).map(str::to_owned)
}

fn number(object: &Object, key: &str) -> Option<f64> {
    object.get(key).and_then(Json::as_f64)
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
