//! What makes each column's values: rules before inference, inference before the bare type.

use std::sync::Arc;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::names::stem;
use crate::engine::catalog::{Catalog, Column, ColumnId, TableId, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::generator::Generator;
use crate::engine::plan::amounts;
use crate::engine::plan::clock_times;
use crate::engine::plan::derived;
use crate::engine::plan::entered;
use crate::engine::plan::facts::{self, Known};
use crate::engine::plan::flagged;
use crate::engine::plan::generators;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::labels;
use crate::engine::plan::lifecycles::Follows;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::phrases;
use crate::engine::plan::role::Role;
use crate::engine::plan::stamps;
use crate::engine::plan::{AfterKind, ColumnPlan, Layer, Lifecycle, PickPlan, Source, StatePlace, defaults};
use crate::engine::rows::random::StreamKey;
use crate::engine::rules::template::{Source as PartSource, Template};
use crate::engine::value::Value;

/// The confidence from which on a meaning is sure, not only likely by an ending.
const SURE: f64 = 0.65;

/// Share of rows that are left empty, where nobody knows what the column's texts are about.
const UNKNOWN: f64 = 0.6;

/// Share of flags in the state that is their default.
const USUALLY: f64 = 0.92;

/// Shares of NULL where neither rule nor meaning says one, by a hash of the name: they differ.
const NULLABLE: [f64; 6] = [0.03, 0.08, 0.15, 0.22, 0.3, 0.4];

/// What a column's plan depends on.
pub(super) struct Context<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) meanings: &'a Meanings,
    pub(super) table: TableId,
    pub(super) picks: &'a [PickPlan],
    pub(super) birth: Option<ColumnId>,
    pub(super) lifecycle: Option<&'a Lifecycle>,
    pub(super) follows: Option<&'a Follows>,
    pub(super) domains: &'a [ColumnDomain],
}

/// What was decided for a column.
struct Decision {
    source: Source,
    by: Layer,
    detail: String,
    null_fraction: Option<f64>,
}

impl Context<'_> {
    pub(super) fn catalog(&self) -> &Catalog {
        &self.inputs.catalog
    }

    pub(super) fn definition(&self, column: ColumnId) -> &Column {
        &self.catalog().tables[self.table].columns[column]
    }

    /// Plans a column.
    pub(super) fn plan(&self, column: ColumnId, known: &mut Known) -> ColumnPlan {
        let definition = self.definition(column);
        let key = StreamKey::new(self.inputs.arguments.seed, &self.catalog().tables[self.table].qualified, &definition.name);
        let decision = self.decide(column, known);
        let found = self.meanings.of(self.table, column);
        let is_key = matches!(decision.source, Source::Key { .. });
        ColumnPlan {
            null_fraction: if self.may_be_null(column, &decision.source) {
                decision.null_fraction.unwrap_or_else(|| self.usual_nulls(column, key, &decision.source))
            } else {
                0.0
            },
            source: if decision.by <= Layer::Inference { permitted(decision.source, &self.domains[column]) } else { decision.source },
            key,
            kind: definition.data_type.kind.clone(),
            domain: self.domains[column].clone(),
            meaning: found.map(|found| found.meaning.id.as_str()),
            breach: None,
            decided_by: decision.by,
            detail: decision.detail,
            redrawn: false,
            of_oldest: None,
            fallback: (definition.not_null && !is_key).then(|| Box::new(self.plain(column))),
        }
    }

    /// What serves where the column's source has nothing: what its meaning says otherwise, else values of its type.
    fn plain(&self, column: ColumnId) -> Source {
        let kind = &self.definition(column).data_type.kind;
        let otherwise = self.meanings.of(self.table, column).and_then(|found| found.meaning.generator.get("else"));
        let otherwise = otherwise.and_then(|otherwise| generators::source(kind, &generators::of_meaning(otherwise)?));
        otherwise.or_else(|| self.of_anybody(column)).unwrap_or_else(|| phrases::with_facts(self.by_type(column), &|_| false))
    }

    /// The meaning's own text with words of lists in place of facts, which the row may not have: a name is some name, where the
    /// firm that the row hangs under bears none. Keys go on with texts that hardly ever repeat.
    fn of_anybody(&self, column: ColumnId) -> Option<Source> {
        let table = &self.catalog().tables[self.table];
        let keyed = table.is_in_key(column);
        let Generator::Template(text) = generators::of_meaning(&self.meanings.of(self.table, column)?.meaning.generator)? else {
            return None;
        };
        let mut template = Template::parse(&text).ok().filter(|template| !keyed && facts::facts_of(template).next().is_some())?;
        let mut known = true;
        template.each_source(&mut |source| {
            let PartSource::Fact(id) = *source else { return };
            let list = self.inputs.lists.provider(id).filter(|list| list.value_columns().next() == Some(id));
            match list {
                Some(list) => *source = PartSource::Vocabulary(list.symbol()),
                None => known = false,
            }
        });
        known.then(|| generators::text_source(&self.definition(column).data_type.kind, &template.to_string()))?
    }

    pub(super) fn may_be_null(&self, column: ColumnId, source: &Source) -> bool {
        let fixed = matches!(
            source,
            Source::Database
                | Source::Serial { .. }
                | Source::Key { .. }
                | Source::Nothing(_)
                | Source::Entered(_)
                | Source::SinceEntered(..)
                | Source::WhenFlag { .. }
                | Source::Delivery { .. }
                | Source::StateLabel
                | Source::StageLabel(_)
                | Source::Birth
                | Source::Period(_)
                | Source::KindOfPeriod(_)
                | Source::After(AfterKind::LastSeen | AfterKind::Since { .. })
                | Source::ChildSum { .. }
                | Source::ChildCount(_)
                | Source::ChildTotal { .. }
                | Source::NamedCount { .. }
                | Source::NamedMean { .. }
                | Source::NamedLeft { .. }
                | Source::Running { .. }
                | Source::Balance { .. }
                | Source::Product(..)
                | Source::Derived(_)
                | Source::Computed(_)
                | Source::FirstFlag
                | Source::LastFlag
                | Source::FirstFlagPer(_)
                | Source::Ordinal(_)
        );
        !self.definition(column).not_null && !fixed
    }

    fn usual_nulls(&self, column: ColumnId, key: StreamKey, source: &Source) -> f64 {
        let found = self.meanings.of(self.table, column).and_then(|found| found.meaning.null_fraction);
        let copied = matches!(source, Source::Copied(_) | Source::Mostly { whole: true, .. });
        if matches!(source, Source::Phrases(_)) {
            return UNKNOWN;
        }
        if copied { 0.0 } else { found.unwrap_or(NULLABLE[(key.bits(1) % 6) as usize]) }
    }

    fn decide(&self, column: ColumnId, known: &mut Known) -> Decision {
        if let Some(decision) = self.by_catalog(column) {
            return decision;
        }
        let (ruled, null_fraction) = self.by_rules(column);
        let inferred = |this: &Self, known: &mut Known| this.inferred(column, known);
        let by = if self.only_commented(column) { Layer::Comment } else { Layer::Rule };
        match ruled {
            Some((source, detail, complete)) if complete => Decision { source, by, detail, null_fraction: null_fraction.or(Some(0.0)) },
            Some((Source::Cases(mut cases), detail, _)) => {
                let priced = cases.iter().any(|(_, source)| source.is_priced());
                cases.push((
                    None,
                    match inferred(self, known).0 {
                        Source::Band { .. } if priced => Source::AnyBand,
                        otherwise => otherwise,
                    },
                ));
                Decision { source: Source::Cases(cases), by, detail, null_fraction: null_fraction.or(Some(0.0)) }
            }
            _ => {
                let (source, detail) = inferred(self, known);
                let commented = crate::engine::rules::comment::meaning(self.definition(column)).is_some();
                let inference = if commented { Layer::Comment } else { Layer::Inference };
                Decision { source, by: if null_fraction.is_some() { by } else { inference }, detail, null_fraction }
            }
        }
    }

    /// Whether all rules on a column stand in its comment.
    fn only_commented(&self, column: ColumnId) -> bool {
        let mut rules = self.inputs.rules.columns.iter().filter(|rule| rule.table == self.table && rule.column == column);
        rules.all(|rule| rule.id.starts_with(crate::engine::rules::comment::ID))
    }

    /// What the catalog alone decides: generated columns, keys, sequences.
    fn by_catalog(&self, column: ColumnId) -> Option<Decision> {
        let definition = self.definition(column);
        let decided = |source, detail: &str| Some(Decision { source, by: Layer::Catalog, detail: detail.into(), null_fraction: None });
        if definition.generated {
            return decided(Source::Database, "generated by the database");
        }
        let keys = &self.catalog().tables[self.table].foreign_keys;
        let named = || (0..keys.len()).filter(|&key| keys[key].columns.contains(&column));
        // Of keys that share the column one decides it.
        let decides = |key: &usize| {
            let pick = &self.picks[*key];
            let shares = pick.shared.iter().any(|(own, _)| *own == column);
            !shares && !matches!(pick.pick, crate::engine::plan::Pick::Nothing(_))
        };
        let binds = |key: &usize| decides(key) && matches!(self.picks[*key].pick, crate::engine::plan::Pick::Owner);
        if let Some(key) = named().find(binds).or_else(|| named().find(decides)).or_else(|| named().next()) {
            let part = keys[key].columns.iter().position(|&own| own == column)?;
            let detail = self.pick_detail(key);
            return Some(Decision {
                source: Source::Key { foreign_key: key, referenced: keys[key].referenced_columns[part] },
                by: self.picks[key].decided_by.max(if keys[key].declared { Layer::Catalog } else { Layer::Inference }),
                detail: if keys[key].declared { detail } else { format!("{detail}; named like its key") },
                null_fraction: None,
            });
        }
        if let Some(sequence) = &definition.sequence {
            return decided(
                Source::Serial {
                    first: self.inputs.states[self.table].next_keys.get(&column).copied().unwrap_or(sequence.start),
                    increment: sequence.increment,
                },
                "from its sequence, reserved as a block",
            );
        }
        None
    }

    fn pick_detail(&self, key: usize) -> String {
        use crate::engine::plan::{Distinct, Pick};
        let table = &self.catalog().tables[self.table];
        let target = &self.catalog().tables[table.foreign_keys[key].referenced_table].qualified;
        if let [(own, _), ..] = self.picks[key].shared[..] {
            return format!("of {target}, those with the same {}", table.columns[own].name);
        }
        match &self.picks[key].pick {
            Pick::Owner => format!("owner: hangs under {target}"),
            Pick::Nothing(reason) => format!("NULL: {reason}"),
            Pick::Along(_) => format!("the {target} of the row it hangs under"),
            Pick::Within { base, .. } => {
                format!("of {target}, those of the same {}", self.catalog().tables[table.foreign_keys[*base].referenced_table].qualified)
            }
            Pick::Later => format!("a row of {target}, set once that is filled: it closes a cycle of tables"),
            Pick::Ring => format!("a row of the first of {target}, which go in together with those of its cycle"),
            Pick::Free { distinct } => {
                let pick = &self.picks[key];
                let which = match (&pick.follows, distinct) {
                    (Some(_), _) => "mostly the one that its owner names",
                    (_, Distinct::No) => "by popularity or weight",
                    _ => "different among siblings",
                };
                let reached = if pick.affordable.is_some() { ", its minimum reached" } else { "" };
                format!("any of {target}, {which}{reached}")
            }
            Pick::Tree => "a row before it: a hierarchy".into(),
            Pick::State => format!("state of its lifecycle in {target}"),
        }
    }

    /// The rules on a column: a source (with whether it covers every row) and a share of NULLs.
    fn by_rules(&self, column: ColumnId) -> (Option<(Source, String, bool)>, Option<f64>) {
        // The later rule decides: the last come first, and what stands behind an unconditional one is not reached.
        let rules = self.inputs.rules.columns.iter().rev().filter(|rule| rule.table == self.table && rule.column == column);
        let kind = &self.definition(column).data_type.kind;
        let (mut cases, mut ids, mut nulls, mut complete) = (Vec::new(), Vec::new(), None, false);
        for rule in rules {
            if let (Generator::Null(share), None) = (&rule.generator, &rule.when) {
                nulls = nulls.or(Some(*share));
                ids.push(rule.id.clone());
                continue;
            }
            if cases.last().is_some_and(|(when, source): &(Option<_>, Source)| when.is_none() && !matches!(source, Source::Cases(_))) {
                continue;
            }
            let Some(source) = generators::source(kind, &rule.generator) else { continue };
            ids.push(rule.id.clone());
            if let Some(when) = &rule.when {
                cases.push((when.bound.clone(), source));
            } else {
                complete = !matches!(source, Source::Cases(_));
                cases.push((None, source));
            }
        }
        ids.reverse();
        if self.meanings.role(self.table, column) == Some(Role::Price) {
            cases = cases.into_iter().map(|(when, source)| (when, source.priced())).collect();
        }
        let detail = format!("rule {}", ids.join(", "));
        match cases.len() {
            0 => (None, nulls),
            1 if cases[0].0.is_none() => {
                let source = cases.remove(0).1;
                (Some((source, detail, complete)), nulls)
            }
            _ => (Some((Source::Cases(cases), detail, complete)), nulls),
        }
    }

    fn inferred(&self, column: ColumnId, known: &mut Known) -> (Source, String) {
        let found = self.meanings.of(self.table, column);
        let reason =
            found.map_or_else(String::new, |found| format!("{} ({:.0}%: {})", found.meaning.id, found.confidence * 100.0, found.reason));
        if self.is_shaped(column) {
            return (self.by_type(column), "by its type".into());
        }
        if let Some(source) = self.by_life(column, known) {
            return (source, "follows the lifecycle".into());
        }
        if let Some(source) = self.by_time(column) {
            return (source, if reason.is_empty() { "time".into() } else { reason });
        }
        let least = self.domains[column].number_bounds(&self.definition(column).data_type.kind).0;
        let derived = derived::Context {
            catalog: self.catalog(),
            known,
            picks: self.picks,
            table: self.table,
            least,
            allowed: self.domains[column].allowed.as_deref().unwrap_or_default(),
            timed: self.birth.is_some(),
        };
        if let Some(source) = derived.source(column) {
            return (
                source,
                format!("follows from what the row has{}", if reason.is_empty() { String::new() } else { format!(", {reason}") }),
            );
        }
        let amounts = amounts::Context { catalog: self.catalog(), meanings: self.meanings, known };
        if let Some(source) = amounts.source(self.table, column, self.picks) {
            return (source, reason);
        }
        if let Some(source) = self.by_place(column) {
            return (source, reason);
        }
        // What the default says goes before what only an ending of the name does.
        let sure = found.is_some_and(|found| found.confidence >= SURE);
        let by_default = if sure || self.catalog().tables[self.table].is_in_key(column) {
            None
        } else {
            defaults::source(self.definition(column), &self.domains[column])
        };
        if let Some(source) = by_default {
            return (source, "mostly its default".into());
        }
        if let Some(source) = self.by_meaning(column, known) {
            return (source, reason);
        }
        let source = phrases::with_facts(self.by_type(column), &|id| known.find(self.catalog(), self.table, self.picks, id).is_some());
        let detail = if matches!(source, Source::Phrases(_)) { "no known meaning" } else { "by its type" };
        (source, detail.into())
    }

    /// Whether the column's texts have a form of their own, which words of a meaning would not have.
    fn is_shaped(&self, column: ColumnId) -> bool {
        match &self.definition(column).data_type.kind {
            TypeKind::Array { element } => {
                !matches!(**element, TypeKind::Integer { .. } | TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. })
            }
            kind => matches!(
                kind,
                TypeKind::Bits { .. }
                    | TypeKind::Range { .. }
                    | TypeKind::Composite { .. }
                    | TypeKind::Named { .. }
                    | TypeKind::Other
                    | TypeKind::Time { .. }
                    | TypeKind::Interval
                    | TypeKind::Bytes
            ),
        }
    }

    fn by_life(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        match self.follows {
            Some(Follows::StageLabels(own, labels)) if *own == column => return Some(Source::StageLabel(labels.clone())),
            _ => {}
        }
        let lifecycle = self.lifecycle?;
        if lifecycle.place == StatePlace::Column(column) {
            return Some(Source::StateLabel);
        }
        if self.definition(column).not_null {
            return None;
        }
        // A reason for the end is there where it has come to that.
        if let Some(states) = entered::states_of_remark(self.catalog(), self.table, column, &lifecycle.states) {
            let inner = self.meaning_source(column, known).unwrap_or_else(|| self.by_type(column));
            return Some(Source::SinceEntered(states, Box::new(inner)));
        }
        if self.meanings.role(self.table, column) != Some(Role::Tracking) {
            return None;
        }
        Some(stamps::since_it_left(lifecycle, self.meaning_source(column, known).unwrap_or_else(|| self.by_type(column))))
    }

    fn by_time(&self, column: ColumnId) -> Option<Source> {
        let source = stamps::source(self.catalog(), self.meanings, self.table, column, self.birth, self.lifecycle)?;
        let free = matches!(source, Source::After(AfterKind::Later | AfterKind::Lag(_) | AfterKind::Closing(_) | AfterKind::Since { .. }))
            && !self.definition(column).not_null;
        match flagged::flag(self.catalog(), self.meanings, self.table, column).filter(|_| free) {
            Some((flag, on)) => Some(Source::WhenFlag { flag, on, inner: Box::new(source) }),
            None => Some(source),
        }
    }

    /// Places among siblings and the chief sibling.
    fn by_place(&self, column: ColumnId) -> Option<Source> {
        let owned = self.picks.iter().any(|pick| matches!(pick.pick, crate::engine::plan::Pick::Owner));
        match self.meanings.role(self.table, column)? {
            Role::Position if owned || self.is_shown_in_order(column) => Some(Source::Ordinal(1)),
            Role::Primary if owned => Some(self.kind_column().map_or(Source::FirstFlag, Source::FirstFlagPer)),
            _ => None,
        }
    }

    /// Whether a number says in which order the rows of a list are shown.
    fn is_shown_in_order(&self, column: ColumnId) -> bool {
        normalise(&self.definition(column).name).iter().any(|word| facts::is_word_of(word, "order of showing"))
    }

    /// A column of kinds beside a flag (billing, shipping): one chief row of each kind.
    fn kind_column(&self) -> Option<ColumnId> {
        let table = &self.catalog().tables[self.table];
        let own = stem(&table.name);
        // The kind of the thing itself: not the plan that a policy is of, nor the state in which it is.
        let of_itself = |column: ColumnId| match stem(&table.columns[column].name).split_last() {
            Some((kind, of)) => facts::is_word_of(kind, "kind") && of.iter().all(|word| own.contains(word)),
            None => false,
        };
        (0..table.columns.len()).filter(|&column| of_itself(column)).find(|&column| {
            self.domains[column].allowed.as_ref().is_some_and(|allowed| (2..=6).contains(&allowed.len()))
                && self.definition(column).not_null
                && !matches!(self.definition(column).data_type.kind, TypeKind::Boolean)
        })
    }

    /// Whether the column's texts must all differ, or be shorter than the meaning's usual ones.
    pub(super) fn is_tight(&self, column: ColumnId) -> bool {
        let usual = self.meanings.of(self.table, column).and_then(|found| found.meaning.examples.first().map(|text| text.chars().count()));
        let short = usual.zip(self.domains[column].max_length).is_some_and(|(usual, most)| (most as usize) < usual);
        short || self.is_unique(column)
    }

    pub(super) fn is_unique(&self, column: ColumnId) -> bool {
        self.catalog().tables[self.table].unique_keys.iter().any(|key| key.columns == [column])
    }

    pub(super) fn flag(&self, column: ColumnId) -> Source {
        match self.definition(column).default.as_deref() {
            Some("true") => Source::Flag(USUALLY),
            Some("false") => Source::Flag(1.0 - USUALLY),
            _ => Source::Flag(0.5),
        }
    }

    /// Values of the bare type, inside what constraints allow.
    pub(super) fn by_type(&self, column: ColumnId) -> Source {
        let definition = self.definition(column);
        let domain = &self.domains[column];
        if let (Some(allowed), false) = (&domain.allowed, definition.data_type.kind == TypeKind::Boolean) {
            return self.weighed(column, allowed, &serde_json::Value::Null);
        }
        match &definition.data_type.kind {
            TypeKind::Boolean => self.flag(column),
            TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. } | TypeKind::Money => {
                numbers(domain, &definition.data_type.kind)
            }
            TypeKind::Uuid => Source::Uuid,
            TypeKind::Json { .. } => Source::Constant(Value::text("{}")),
            TypeKind::Bytes => templated("\\x{hex:16}"),
            TypeKind::Inet => templated("192.0.2.{int:1-254}"),
            TypeKind::Time { .. } => {
                let table = &self.catalog().tables[self.table].name;
                templated(clock_times::template(table, &definition.name).unwrap_or_else(|| derived::time_of_day(&definition.name)))
            }
            TypeKind::Interval => templated("{int:1-30} days"),
            TypeKind::Array { element } => Self::array(element),
            kind @ (TypeKind::Bits { .. } | TypeKind::Range { .. } | TypeKind::Composite { .. } | TypeKind::Named { .. }) => {
                Source::Typed(Arc::new(kind.clone()))
            }
            TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. } => self.words(column),
            TypeKind::Date | TypeKind::Timestamp { .. } => Source::After(crate::engine::plan::AfterKind::Later),
            TypeKind::Enum { labels } => {
                self.weighed(column, &labels.iter().map(|label| Value::text(label.as_str())).collect::<Vec<_>>(), &serde_json::Value::Null)
            }
            TypeKind::Other => match self.inputs.samples.get(&definition.data_type.name) {
                Some(accepted) => generators::choice(accepted.iter().map(|text| (Value::text(text.as_str()), 1.0))),
                None => Source::Nothing(format!("no value of type {} is known", definition.data_type.name)),
            },
        }
    }

    /// Values that a constraint allows, weighed.
    pub(super) fn weighed(&self, column: ColumnId, allowed: &[Value], generator: &serde_json::Value) -> Source {
        labels::weighed(allowed, self.definition(column).default.as_deref(), generator)
    }

    pub(super) fn array(element: &TypeKind) -> Source {
        let template = match element {
            TypeKind::Integer { .. } => "{int:1-99}",
            TypeKind::Text | TypeKind::Varchar { .. } => "{vocabulary:tags}",
            TypeKind::Other => return Source::Constant(Value::text("{}")),
            _ => return Source::Typed(Arc::new(TypeKind::Array { element: Box::new(element.clone()) })),
        };
        generators::text_source(&TypeKind::Array { element: Box::new(TypeKind::Text) }, template)
            .unwrap_or_else(|| Source::Constant(Value::text("{}")))
    }

    /// Phrases of the column's own words; codes where each row needs one of its own, or where there is little room.
    pub(super) fn words(&self, column: ColumnId) -> Source {
        let room = self.domains[column].max_length.unwrap_or(u64::MAX);
        let name = &self.definition(column).name;
        let table = &self.catalog().tables[self.table];
        let alone = table.primary_key.iter().chain(&table.unique_keys).any(|key| key.columns == [column]);
        let found = if alone { phrases::unique_code(name, room) } else { phrases::of_column(name, room) };
        found.unwrap_or_else(|| templated(&format!("{{letters:{}}}", room.clamp(1, 6))))
    }
}

fn templated(template: &str) -> Source {
    generators::text_source(&TypeKind::Text, template).unwrap_or_else(|| Source::Nothing("no template".into()))
}

/// Long-tailed positive numbers, or uniform ones where the bounds are narrow.
/// Usual values without those that no CHECK lets pass, where others are left: nothing is rented for nothing.
fn permitted(source: Source, domain: &ColumnDomain) -> Source {
    match source {
        Source::Choice { values, sums } if values.iter().any(|value| domain.permits(value)) => {
            generators::choice(values.iter().cloned().zip(generators::weights(&sums)).filter(|(value, _)| domain.permits(value)))
        }
        source => source,
    }
}

fn numbers(domain: &ColumnDomain, kind: &TypeKind) -> Source {
    let (min, max) = domain.number_bounds(kind);
    let least = min.unwrap_or(if max.is_some_and(|max| max < 0.0) { f64::MIN } else { 0.0 });
    match max {
        Some(max) if max - least <= 1_000.0 || least > 0.0 && max / least < 50.0 => Source::Uniform { min: least, max, step: 0.0 },
        _ => Source::Lognormal { median: least.max(0.0) + 40.0, sigma: 0.9, min: least, max: max.unwrap_or(1e9) },
    }
}
