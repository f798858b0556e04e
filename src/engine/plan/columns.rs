//! What makes each column's values: rules before inference, inference before the bare type.

use std::sync::Arc;

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{Catalog, Column, ColumnId, TableId, TypeKind};
use crate::engine::constraint::ColumnDomain;
use crate::engine::generator::Generator;
use crate::engine::plan::amounts;
use crate::engine::plan::clock_times;
use crate::engine::plan::derived;
use crate::engine::plan::engines;
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
use crate::engine::plan::{AfterKind, ColumnPlan, Fact, FactTarget, Layer, Lifecycle, PickPlan, Source, StatePlace};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::Value;
use crate::engine::vocabulary::{KeyValue, Symbol};

/// Share of rows whose name is the one of the row they hang under (an address in its user's name).
const SAME_NAME: f64 = 0.85;

/// Weight of a label that no list knows, beside those that it does.
const UNKNOWN_LABEL: f64 = 0.03;

/// What a row repeats of the row it hangs under.
const INHERITED: [&str; 1] = ["money.currency_code"];

/// Rows above that are asked for it.
const MOST_INHERITED: usize = 3;

/// Share of flags in the state that is their default.
const USUALLY: f64 = 0.92;

/// The meaning of codes of which nothing more is known, and the fewest letters that three of a name and a number need.
const SHORT_CODE: &str = "code.short";
const LEAST_CODE: u64 = 6;

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
    fn catalog(&self) -> &Catalog {
        &self.inputs.catalog
    }

    fn definition(&self, column: ColumnId) -> &Column {
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
            source: decision.source,
            key,
            kind: definition.data_type.kind.clone(),
            domain: self.domains[column].clone(),
            meaning: found.map(|found| found.meaning.id.as_str()),
            decided_by: decision.by,
            detail: decision.detail,
            redrawn: false,
            fallback: (definition.not_null && !is_key).then(|| Box::new(self.plain(column))),
        }
    }

    /// What serves where the column's source has nothing: what its meaning says otherwise, else values of its type.
    fn plain(&self, column: ColumnId) -> Source {
        let kind = &self.definition(column).data_type.kind;
        let otherwise = self.meanings.of(self.table, column).and_then(|found| found.meaning.generator.get("else"));
        let otherwise = otherwise.and_then(|otherwise| generators::source(kind, &generators::of_meaning(otherwise)?));
        otherwise.unwrap_or_else(|| phrases::with_facts(self.by_type(column), &|_| false))
    }

    fn may_be_null(&self, column: ColumnId, source: &Source) -> bool {
        let fixed = matches!(
            source,
            Source::Database
                | Source::Serial { .. }
                | Source::Key { .. }
                | Source::Nothing(_)
                | Source::EndStamp(_)
                | Source::StageStamp(_)
                | Source::SinceStage(..)
                | Source::WhenFlag { .. }
                | Source::Delivery { .. }
                | Source::StateLabel
                | Source::StageLabel(_)
                | Source::Birth
                | Source::After(AfterKind::LastSeen)
                | Source::ChildSum { .. }
                | Source::Balance { .. }
                | Source::Product(..)
                | Source::Derived(_)
                | Source::Computed(_)
                | Source::FirstFlag
                | Source::FirstFlagPer(_)
                | Source::Ordinal(_)
        );
        !self.definition(column).not_null && !fixed
    }

    fn usual_nulls(&self, column: ColumnId, key: StreamKey, source: &Source) -> f64 {
        let found = self.meanings.of(self.table, column).and_then(|found| found.meaning.null_fraction);
        let copied = matches!(source, Source::Copied(_) | Source::OwnerState(_));
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
                by: self.picks[key].decided_by.max(Layer::Catalog),
                detail,
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
        if let Some(source) = self.by_meaning(column, known) {
            return (source, reason);
        }
        let source = phrases::with_facts(self.by_type(column), &|id| known.find(self.catalog(), self.table, self.picks, id).is_some());
        let detail = if matches!(source, Source::Phrases(_)) { "phrases of its own name" } else { "by its type" };
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
            Some(Follows::Mirrors(own, labels)) if *own == column => return Some(Source::OwnerState(labels.clone())),
            _ => {}
        }
        let lifecycle = self.lifecycle?;
        if lifecycle.place == StatePlace::Column(column) {
            return Some(Source::StateLabel);
        }
        if self.meanings.role(self.table, column) != Some(Role::Tracking) || self.definition(column).not_null {
            return None;
        }
        Some(stamps::since_it_left(self.meaning_source(column, known).unwrap_or_else(|| self.by_type(column))))
    }

    fn by_time(&self, column: ColumnId) -> Option<Source> {
        let source = stamps::source(self.catalog(), self.meanings, self.table, column, self.birth, self.lifecycle.is_some())?;
        let free = matches!(source, Source::After(AfterKind::Later | AfterKind::Lag(_) | AfterKind::Closing(_)))
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
            Role::Position if owned => Some(Source::Ordinal(1)),
            Role::Primary if owned => Some(self.kind_column().map_or(Source::FirstFlag, Source::FirstFlagPer)),
            _ => None,
        }
    }

    /// A column of kinds beside a flag (billing, shipping): one chief row of each kind.
    fn kind_column(&self) -> Option<ColumnId> {
        let columns = self.catalog().tables[self.table].columns.len();
        (0..columns).find(|&column| {
            self.domains[column].allowed.as_ref().is_some_and(|allowed| (2..=6).contains(&allowed.len()))
                && self.definition(column).not_null
                && !matches!(self.definition(column).data_type.kind, TypeKind::Boolean)
        })
    }

    fn by_meaning(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let found = self.meanings.of(self.table, column)?;
        let kind = &self.definition(column).data_type.kind;
        if let Some(allowed) = self.domains[column].allowed.as_ref().filter(|_| !matches!(kind, TypeKind::Boolean)) {
            let known = Self::known_first(found.meaning.id.as_str(), allowed);
            return Some(known.unwrap_or_else(|| self.weighed(column, allowed, &found.meaning.generator)));
        }
        let weighs = found.meaning.generator.get("choice").is_some();
        // A few usual numbers cannot be one for each row.
        let number = matches!(kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. } | TypeKind::Float { .. });
        if weighs && number && self.is_unique(column) {
            return None;
        }
        // How a flag usually stands its default says better than its name.
        if weighs && *kind == TypeKind::Boolean && matches!(self.definition(column).default.as_deref(), Some("true" | "false")) {
            return Some(self.flag(column));
        }
        if let Some(fact) = version_of(self, known, column).or_else(|| self.inherited(known, column, found.meaning.id.as_str())) {
            return Some(Source::Copied(fact));
        }
        if let Some(fact) = same_name_above(self, known, found.meaning.id.as_str()) {
            let otherwise = self.own_source(column, known)?;
            let key = StreamKey::new(self.inputs.arguments.seed, &self.catalog().tables[self.table].qualified, "\u{1}namesake");
            let dialled = found.meaning.id == "contact.phone";
            let begins = known.find(self.catalog(), self.table, self.picks, Symbol::new("place.dialling_code")).filter(|_| dialled);
            return Some(Source::Mostly { share: SAME_NAME, key, copied: fact, begins, otherwise: Box::new(otherwise) });
        }
        self.own_source(column, known)
    }

    /// Labels of which a list knows some: those are usual, the others rare (the sexes that first names are known for).
    fn known_first(id: &str, allowed: &[Value]) -> Option<Source> {
        let list = Meanings::list_of(id)?;
        let symbol = Symbol::new(id);
        let known = |label: &Value| {
            let told = |asked: Symbol| match label {
                Value::Text(text) if asked == symbol => Some(std::borrow::Cow::Owned(text.to_string())),
                _ => None,
            };
            list.key_values(&told).iter().any(|value| matches!(value, KeyValue::Known(_)))
        };
        let knows = list.key_sources().any(|sources| sources.contains(&symbol));
        let some = knows && allowed.iter().any(known);
        some.then(|| generators::choice(allowed.iter().map(|label| (label.clone(), if known(label) { 1.0 } else { UNKNOWN_LABEL }))))
    }

    /// The column of the row above that this one repeats: what is booked on an account is in its currency. Only a column
    /// that the row above has under the same name, or as the only one of its meaning, is repeated.
    fn inherited(&self, known: &Known, column: ColumnId, id: &str) -> Option<Fact> {
        if !INHERITED.contains(&id) || self.is_unique(column) {
            return None;
        }
        let words = normalise(&self.definition(column).name);
        let tables = &self.catalog().tables;
        let kind = &self.definition(column).data_type.kind;
        let (mut at, mut hops) = (self.table, Vec::new());
        for _ in 0..MOST_INHERITED {
            let owner = known.owners[at]?;
            hops.push(owner);
            at = tables[at].foreign_keys[owner].referenced_table;
            let same = |above: &Column| {
                normalise(&above.name) == words && std::mem::discriminant(&above.data_type.kind) == std::mem::discriminant(kind)
            };
            let found = tables[at].columns.iter().position(same).or_else(|| known.column(at, Symbol::new(id)));
            if let Some(column) = found {
                return Some(Fact { hops, target: FactTarget::Column(column) });
            }
        }
        None
    }

    /// The meaning's value from the row's own joint tuple, else from its generator.
    fn own_source(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let meaning = self.meanings.of(self.table, column)?.meaning;
        let id = Symbol::new(&meaning.id);
        if let Some(source) = self.code_of_the_name(column, &meaning.id) {
            return Some(source);
        }
        // What the engine computes from a line (a coordinate near the city's) is not the line's own cell.
        if meaning.generator.get("engine").is_some()
            && let Some(source) = self.meaning_source(column, known)
        {
            return Some(source);
        }
        let list = known.words.provider(id).filter(|list| list.value_columns().any(|value| value == id));
        if let Some(tuple) = list.and_then(|list| known.tuples[self.table].iter().position(|own| own.name() == list.name()))
            && !matches!(self.definition(column).data_type.kind, TypeKind::Array { .. })
            && let Some(column) = known.tuples[self.table][tuple].column(id)
        {
            return Some(Source::Tuple(tuple, column));
        }
        self.meaning_source(column, known)
    }

    /// A code beside the name of the row's thing begins with the name's first letters: GEO-417 for geography.
    fn code_of_the_name(&self, column: ColumnId, id: &str) -> Option<Source> {
        let room = self.domains[column].max_length.unwrap_or(u64::MAX);
        if id != SHORT_CODE || room < LEAST_CODE {
            return None;
        }
        let name = self.meanings.ids_of(self.table).flatten().find(|id| facts::names_a_thing(id))?;
        let digits = (room - 3).min(4);
        generators::text_source(&self.definition(column).data_type.kind, &format!("{{@{name}|ascii|upper|first:3}}{{serial:{digits}}}"))
    }

    fn meaning_source(&self, column: ColumnId, known: &mut Known) -> Option<Source> {
        let found = self.meanings.of(self.table, column)?;
        let kind = &self.definition(column).data_type.kind;
        match generators::of_meaning(&found.meaning.generator)? {
            Generator::Engine(name) => {
                let engine = engines::Context {
                    catalog: self.catalog(),
                    table: self.table,
                    picks: self.picks,
                    generator: &found.meaning.generator,
                    year: crate::engine::plan::build::last_year(self.inputs.as_of),
                };
                engine
                    .source(&name, kind, known)
                    .or_else(|| generators::source(kind, &generators::of_meaning(found.meaning.generator.get("else")?)?))
            }
            generator => {
                let step = found.meaning.generator.as_object().and_then(|object| object.values().next()?.get("round")?.as_i64());
                let bare = found.meaning.generator.get("bare").and_then(serde_json::Value::as_str).filter(|_| self.is_tight(column));
                let source = generators::source(kind, &bare.map_or(generator, |bare| Generator::Template(bare.to_owned())))?;
                let whole = matches!(kind, TypeKind::Integer { .. });
                match step.filter(|&digits| digits < 0 || digits == 0 && !whole) {
                    Some(digits) if matches!(source, Source::Lognormal { .. } | Source::Normal { .. }) => {
                        Some(Source::Rounded { inner: Box::new(source), step: 10f64.powi(-(digits as i32)) })
                    }
                    _ => Some(source),
                }
            }
        }
    }

    /// Whether the column's texts must all differ, or be shorter than the meaning's usual ones.
    fn is_tight(&self, column: ColumnId) -> bool {
        let usual = self.meanings.of(self.table, column).and_then(|found| found.meaning.examples.first().map(|text| text.chars().count()));
        let short = usual.zip(self.domains[column].max_length).is_some_and(|(usual, most)| (most as usize) < usual);
        short || self.is_unique(column)
    }

    fn is_unique(&self, column: ColumnId) -> bool {
        self.catalog().tables[self.table].unique_keys.iter().any(|key| key.columns == [column])
    }

    fn flag(&self, column: ColumnId) -> Source {
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
    fn weighed(&self, column: ColumnId, allowed: &[Value], generator: &serde_json::Value) -> Source {
        labels::weighed(allowed, self.definition(column).default.as_deref(), generator)
    }

    fn array(element: &TypeKind) -> Source {
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
    fn words(&self, column: ColumnId) -> Source {
        let room = self.domains[column].max_length.unwrap_or(u64::MAX);
        let name = &self.definition(column).name;
        let table = &self.catalog().tables[self.table];
        let alone = table.primary_key.iter().chain(&table.unique_keys).any(|key| key.columns == [column]);
        let found = if alone { phrases::unique_code(name, room) } else { phrases::of_column(name, room) };
        found.unwrap_or_else(|| templated(&format!("{{letters:{}}}", room.clamp(1, 6))))
    }
}

/// The column of which a version's column is a version: the title of a page's revision is the page's.
fn version_of(context: &Context, known: &Known, column: ColumnId) -> Option<Fact> {
    let id = known.meanings[context.table][column]?;
    let owner = known.owners[context.table]?;
    let tables = &context.catalog().tables;
    let parent = tables[context.table].foreign_keys[owner].referenced_table;
    let versioned = facts::is_version_of(&tables[context.table].name, &tables[parent].name);
    let versioned = versioned && (facts::names_a_thing(id) || facts::is_prose(id) || id.ends_with("slug"));
    let Some(theirs) = (0..tables[parent].columns.len()).find(|&theirs| known.meanings[parent][theirs] == Some(id)) else {
        // What the page itself does not hold, its line of the list says.
        return known.tuple_of(parent, Symbol::new(id)).filter(|_| versioned).map(|target| Fact { hops: vec![owner], target });
    };
    let same = tables[parent].columns[theirs].name == tables[context.table].columns[column].name || facts::is_prose(id);
    (versioned && same).then(|| Fact { hops: vec![owner], target: FactTarget::Column(theirs) })
}

/// A parent's column of the same personal meaning, where the row hangs under a person.
fn same_name_above(context: &Context, known: &Known, id: &str) -> Option<Fact> {
    let owner = known.owners[context.table].filter(|_| !facts::are_relatives(&context.catalog().tables[context.table]))?;
    let parent = context.catalog().tables[context.table].foreign_keys[owner].referenced_table;
    let column = known.column(parent, Symbol::new(id))?;
    let relative = known.column(context.table, Symbol::new(facts::RELATIVE)).is_some();
    let personal = !relative && id.starts_with("person.") || !relative && id.starts_with("contact.phone");
    personal.then(|| Fact { hops: vec![owner], target: FactTarget::Column(column) })
}

fn templated(template: &str) -> Source {
    generators::text_source(&TypeKind::Text, template).unwrap_or_else(|| Source::Nothing("no template".into()))
}

/// Long-tailed positive numbers, or uniform ones where the bounds are narrow.
fn numbers(domain: &ColumnDomain, kind: &TypeKind) -> Source {
    let (min, max) = domain.number_bounds(kind);
    let least = min.unwrap_or(if max.is_some_and(|max| max < 0.0) { f64::MIN } else { 0.0 });
    match max {
        Some(max) if max - least <= 1_000.0 || least > 0.0 && max / least < 50.0 => Source::Uniform { min: least, max, step: 0.0 },
        _ => Source::Lognormal { median: least.max(0.0) + 40.0, sigma: 0.9, min: least, max: max.unwrap_or(1e9) },
    }
}
