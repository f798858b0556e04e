//! Meanings whose values the engine computes itself: `{"engine": name, ..}` in the list of meanings.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::engine::catalog::{Catalog, TableId, TypeKind};
use crate::engine::expression::{Binding, parse};
use crate::engine::plan::facts::Known;
use crate::engine::plan::generators::text_source;
use crate::engine::plan::{Fact, PickPlan, Source, TextPlan};
use crate::engine::rules::template::Template;
use crate::engine::vocabulary::Symbol;

/// What the addresses of a firm's people are made of.
const FIRM: &str = "company.stem";

/// A column whose meaning names an engine.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) table: TableId,
    pub(super) picks: &'a [PickPlan],
    pub(super) generator: &'a Json,
    /// The year before the moment the data end at.
    pub(super) year: i32,
}

impl Context<'_> {
    /// The source, `None` where its facts are missing (the meaning's `else` then serves).
    pub(super) fn source(&self, name: &str, kind: &TypeKind, known: &mut Known) -> Option<Source> {
        match name {
            "uuid" => Some(Source::Uuid),
            "age" => Some(Source::Age {
                mean: self.number("mean_age")?,
                sd: self.number("sd")?,
                min: self.number("min_age")?,
                max: self.number("max_age")?,
            }),
            "mail" => self.mail(kind, known),
            "user_name" => text_source(kind, &format!("{{vocabulary:{}}}", self.word("shapes")?)),
            "year" => Some(Source::Uniform {
                min: f64::from(self.year) + self.number("from")?,
                max: f64::from(self.year) + self.number("to")?,
                step: 1.0,
            }),
            "pattern" => Some(Source::Pattern(self.fact(self.word("of")?, known)?)),
            "near" => Some(Source::Near {
                fact: self.upper_fact(self.word("of")?, known)?,
                times: 1.0,
                spread: self.number("spread")?,
                relative: false,
            }),
            "from_tuple" => Some(Source::Near {
                fact: self.upper_fact(self.word("of")?, known)?,
                times: self.number("times").unwrap_or(1.0),
                spread: self.number("spread")?,
                relative: true,
            }),
            "beside" => Some(Source::Near {
                fact: known.find(self.catalog, self.table, self.picks, Symbol::new(self.word("of")?))?,
                times: self.number("times").unwrap_or(1.0),
                spread: self.number("spread").unwrap_or(0.0),
                relative: true,
            }),
            "ean13" => Some(Source::Ean13(self.word("prefix")?.to_owned())),
            "band" => Some(Source::Band {
                low: self.fact(self.word("low")?, known)?,
                high: self.fact(self.word("high")?, known)?,
                step: self.number("step").unwrap_or(0.0),
            }),
            "some_of" if matches!(kind, TypeKind::Array { .. }) => self.some_of(known),
            "object" if matches!(kind, TypeKind::Json { .. }) => self.object(known),
            "list" if matches!(kind, TypeKind::Json { .. }) => Some(Source::Elements {
                element: Arc::new(self.template(self.word("of")?, known)?),
                min: self.number("min")? as u64,
                max: self.number("max")? as u64,
            }),
            "iban" => Some(Source::Iban(self.fact("place.country_code", known))),
            "ordinal" => Some(if known.owners[self.table].is_some() {
                Source::Ordinal(1)
            } else {
                Source::Uniform { min: 1.0, max: 99.0, step: 1.0 }
            }),
            "first_of_owner" => Some(if known.owners[self.table].is_some() { Source::FirstFlag } else { Source::Flag(0.1) }),
            "undeclared_key" => Some(Source::Uniform { min: 1.0, max: 5_000.0, step: 1.0 }),
            _ => None,
        }
    }

    fn word(&self, key: &str) -> Option<&str> {
        self.generator.get(key)?.as_str()
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.generator.get(key)?.as_f64()
    }

    fn fact(&self, id: &str, known: &mut Known) -> Option<Fact> {
        known.resolve(self.catalog, self.table, self.picks, Symbol::new(id))
    }

    /// A fact of a joint tuple, where the column itself has that meaning.
    fn upper_fact(&self, id: &str, known: &mut Known) -> Option<Fact> {
        known.tuple_fact(self.table, Symbol::new(id)).or_else(|| {
            self.fact(id, known).filter(|fact| !matches!(fact.target, crate::engine::plan::FactTarget::Column(_)) || !fact.hops.is_empty())
        })
    }

    /// An address at the firm that the row names, else at the given domain, else at one of a list.
    fn mail(&self, kind: &TypeKind, known: &Known) -> Option<Source> {
        let shapes = self.word("shapes")?;
        let at = |domain: &str| text_source(kind, &format!("{{vocabulary:{shapes}}}@{domain}"));
        let free = format!("{{vocabulary:{}}}", self.word("domains").unwrap_or_default());
        let firm = known.find(self.catalog, self.table, self.picks, Symbol::new(FIRM));
        let Some((firm, domain)) = firm.zip(self.word("firm")) else { return at(self.word("domain").unwrap_or(&free)) };
        let definition = &self.catalog.tables[self.table];
        match firm.hops.as_slice() {
            [key] if !definition.foreign_keys[*key].mandatory => {
                let column = &definition.columns[*definition.foreign_keys[*key].columns.first()?].name;
                let alone = parse(&format!("\"{}\" is null", column.replace('"', "\"\""))).ok()?;
                let alone = Binding::check(self.catalog, self.table).condition(&alone).ok()?;
                Some(Source::Cases(vec![(Some(Arc::new(alone)), at(&free)?), (None, at(domain)?)]))
            }
            _ => at(domain),
        }
    }

    fn some_of(&self, known: &mut Known) -> Option<Source> {
        let ids = self.generator.get("of")?.as_array()?;
        let facts: Vec<Fact> = ids.iter().filter_map(|id| self.fact(id.as_str()?, known)).collect();
        (!facts.is_empty()).then_some(Source::SomeOf { facts, min: self.number("min")? as u64, max: self.number("max")? as u64 })
    }

    fn object(&self, known: &mut Known) -> Option<Source> {
        let fields = self.generator.get("of")?.as_object()?;
        let mut parts = Vec::new();
        for (name, template) in fields {
            parts.push((self.template(name, known)?, self.template(template.as_str()?, known)?));
        }
        Some(Source::Object(parts))
    }

    /// A template whose facts are asked for.
    fn template(&self, template: &str, known: &mut Known) -> Option<TextPlan> {
        let template = Template::parse(template).ok()?;
        for id in super::facts::facts_of(&template) {
            let _ = self.fact(id.as_str(), known);
        }
        Some(TextPlan { template })
    }
}
