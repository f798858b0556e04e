//! Rules, read from their document anew and judged by SQL alone; nothing of the engine's binding is used.
//!
//! Of two rules that hold for a row of a column the later one decides (NULL shares beside others), so a rule
//! is judged on the rows that no later rule takes from it.

mod bind;
mod choice;
mod condition;
mod document;
mod measure;
mod normal;
mod null;
mod path;
mod relation;
mod template;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use self::bind::Target;
use self::condition::Scope;
use self::document::{Case, Document, Rule, Strength, Wanted};
use super::objects::Objects;
use super::probe::{Kind, Probe};
use super::template::fill;

/// A probe for each rule and relation of a document, several where a pattern or `cases` make several.
/// What cannot be judged has a probe that says so.
pub fn rules(objects: &Objects, document: &Json) -> Vec<Probe> {
    let document = Document::read(document);
    let bound: Vec<Bound> = document
        .rules
        .iter()
        .filter(|rule| rule.strength != Strength::Hint)
        .map(|rule| Bound { rule, targets: bind::columns(objects, &document, &rule.on) })
        .collect();
    let columns = bound.iter().enumerate().flat_map(|(place, own)| of_rule(objects, own, &bound[place + 1..]));
    let relations = document.relations.iter().map(|relation| relation::probe(objects, &document, relation));
    columns.chain(relations).collect()
}

/// A rule and the columns it is about.
struct Bound<'a> {
    rule: &'a Rule,
    targets: Vec<Target<'a>>,
}

/// What a part of a rule is judged on.
pub(super) struct Subject<'a> {
    /// The rule.
    rule: &'a Rule,
    /// The column.
    target: Target<'a>,
    /// What stands after FROM, the table being `subject`.
    rows: String,
    /// The condition of the rows it is about.
    applies: String,
}

fn of_rule(objects: &Objects, own: &Bound, later: &[Bound]) -> Vec<Probe> {
    if own.targets.is_empty() {
        return vec![Probe::unjudged(Kind::Rule, format!("{}: {}", own.rule.on, own.rule.id), "it names no column of the target")];
    }
    own.targets.iter().flat_map(|target| of_target(objects, own.rule, *target, later)).collect()
}

fn of_target(objects: &Objects, rule: &Rule, target: Target, later: &[Bound]) -> Vec<Probe> {
    let overriding: Vec<&Rule> = later
        .iter()
        .filter(|other| other.rule.wanted.is_null() == rule.wanted.is_null() && other.targets.contains(&target))
        .map(|other| other.rule)
        .collect();
    let parts: Vec<(String, Option<&str>, &[Case], &Wanted)> = match &rule.wanted {
        Wanted::Cases(cases) => cases
            .iter()
            .enumerate()
            .map(|(place, case)| (format!("{}, case {}", rule.id, place + 1), case.when.as_deref(), &cases[..place], &case.wanted))
            .collect(),
        wanted => vec![(rule.id.clone(), None, &[][..], wanted)],
    };
    parts
        .into_iter()
        .map(|(name, when, before, wanted)| {
            let object = format!("{}.{}: {name}", target.table.qualified, target.column.quoted);
            let subject = subject(objects, rule, target, when, before, &overriding);
            match subject.and_then(|subject| statement(&subject, wanted)) {
                Ok((statement, aim)) => Probe::new(Kind::Rule, object, statement).aiming(aim),
                Err(reason) => Probe::unjudged(Kind::Rule, object, &reason),
            }
        })
        .collect()
}

fn subject<'a>(
    objects: &Objects,
    rule: &'a Rule,
    target: Target<'a>,
    when: Option<&str>,
    before: &[Case],
    overriding: &[&Rule],
) -> Result<Subject<'a>, String> {
    let mut scope = Scope::new(objects, target.table);
    let mut terms = Vec::new();
    for text in rule.when.as_deref().into_iter().chain(when) {
        terms.push(format!("({}) is true", scope.condition(text)?));
    }
    for case in before {
        terms.push(format!("not {}", scope.holds(case.when.as_deref())?));
    }
    for other in overriding {
        terms.push(format!("not ({})", scope.taken(other)?));
    }
    let applies = if terms.is_empty() { "true".into() } else { terms.join(" and ") };
    Ok(Subject { rule, target, rows: scope.rows(), applies })
}

fn statement(subject: &Subject, wanted: &Wanted) -> Result<(String, String), String> {
    match wanted {
        Wanted::Choice(weighted) => choice::statement(subject, weighted),
        Wanted::Range { least, most } => Ok(measure::range(subject, least, most)),
        Wanted::Normal(shape) => Ok(measure::normal(subject, shape)),
        Wanted::Lognormal(shape) => Ok(measure::lognormal(subject, shape)),
        Wanted::Template(text) => Ok(template::statement(subject, text)),
        Wanted::Regex(text) => Ok(template::matching(subject, text)),
        Wanted::Null(share) => Ok(null::statement(subject, *share)),
        Wanted::Cases(_) => Err("cases do not nest".into()),
        Wanted::Other(key) => Err(format!("verify does not judge {key}")),
    }
}

impl Subject<'_> {
    /// The statement of a template, with what all of them need.
    fn fill(&self, template: &str, values: &[(&str, &str)]) -> String {
        let hard = (self.rule.strength == Strength::Hard).to_string();
        let common = [("column", self.target.column.quoted.as_str()), ("rows", &self.rows), ("applies", &self.applies), ("hard", &hard)];
        fill(template, &[values, &common].concat())
    }
}

/// How far a share may be from its target: the rule's tolerance as it stands, else a twentieth and the noise of
/// the sample, three standard deviations of a share `p` among `n` rows.
pub(super) fn allowance(tolerance: Option<f64>, share: &str, rows: &str) -> String {
    match tolerance {
        Some(tolerance) => tolerance.to_string(),
        None => format!("{DEFAULT_TOLERANCE} + 3 * sqrt({share} * (1 - {share}) / nullif({rows}, 0))"),
    }
}

/// The tolerance of a rule that gives none: the smallest difference of shares that people notice in a chart.
pub(super) const DEFAULT_TOLERANCE: f64 = 0.05;

/// Weights as shares that sum to 1.
pub(super) fn shares<T: Clone>(weighted: &[(T, f64)]) -> Vec<(T, f64)> {
    let sum: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    weighted.iter().map(|(value, weight)| (value.clone(), weight / sum)).collect()
}

/// A share as people write it: `45%`.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", (share * 1000.0).round() / 10.0)
}
