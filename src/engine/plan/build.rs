//! Builds a plan, table by table in load order.

use std::collections::BTreeMap;

use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::constraint::{self, TableFacts};
use crate::engine::error::Error;
use crate::engine::plan::facts::Known;
use crate::engine::plan::family::Family;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::inputs::Inputs;
use crate::engine::plan::lifecycles::{self, Follows};
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::memberships::{fellow, memberships};
use crate::engine::plan::operands::Named;
use crate::engine::plan::order::{Order, order};
use crate::engine::plan::reown::Reowned;
use crate::engine::plan::select::{GivenCount, fills, given_counts, hold_back};
use crate::engine::plan::volumes::{self, Parent, Volume};
use crate::engine::plan::{
    ColumnPlan, Distinct, FanOut, Fill, Lifecycle, Membership, Owner, OwnerKind, Pick, PickPlan, Plan, Source, Stored, TablePlan,
    TuplePlan, amounts, balances, children, columns, facts, formulas, home, implied, invariants, lines, lookups, pack, partitions,
    payments, periods, picks, searches, settle, stamps, told, tongue, turns, unique,
};
use crate::engine::rows::random::StreamKey;
use crate::engine::value::{MICROS_PER_DAY, civil_from_days};
use crate::engine::vocabulary::{self, Locale};

/// Rows of a stored table that may serve as a list.
pub(super) const MOST_LISTED: usize = 500;

/// Siblings whose names are compared with each other.
const MOST_TOLD_APART: u64 = 16;

/// The plan under construction.
pub(super) struct Builder {
    pub(super) inputs: Inputs,
    pub(super) meanings: Meanings,
    pub(super) given: BTreeMap<TableId, GivenCount>,
    pub(super) fills: Vec<Fill>,
    pub(super) order: Order,
    pub(super) owners: Vec<Option<ForeignKeyId>>,
    pub(super) reowned: BTreeMap<TableId, Reowned>,
    pub(super) lifecycles: Vec<Option<Lifecycle>>,
    follows: Vec<Option<Follows>>,
    pub(super) memberships: BTreeMap<(TableId, ForeignKeyId), Membership>,
    pub(super) state_keys: Vec<Option<ForeignKeyId>>,
    pub(super) facts: Vec<TableFacts>,
    pub(super) known: Known,
    pub(super) volumes: BTreeMap<TableId, Volume>,
    pub(super) tables: Vec<TablePlan>,
    ballots: Vec<pack::Ballot>,
    /// What columns are to formulas.
    pub(super) named: Named,
    locale: Option<Locale>,
}

impl Plan {
    /// Makes the plan of a call. Nothing is written; errors name what cannot be met.
    pub fn build(inputs: Inputs) -> Result<Self, Error> {
        Self::build_while(inputs, &mut || Ok(()))
    }

    /// The same, asking between tables whether the user wants to stop.
    pub fn build_while(inputs: Inputs, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<Self, Error> {
        let mut builder = Builder::new(inputs)?;
        for table in builder.order.tables.clone() {
            interrupted()?;
            builder.plan_table(table)?;
        }
        settle::times(&mut builder);
        settle::refusals(&mut builder);
        builder.finish()
    }
}

impl Builder {
    fn new(mut inputs: Inputs) -> Result<Self, Error> {
        let given = given_counts(&inputs)?;
        let mut fills = fills(&inputs, &given)?;
        implied::add(&mut inputs, &fills);
        let meanings = Meanings::find(&inputs.catalog);
        let asked = inputs.arguments.locale.as_deref().and_then(vocabulary::locale);
        let filled: Vec<TableId> = (0..inputs.catalog.tables.len()).filter(|&table| fills[table] == Fill::Make).collect();
        let locale = asked.or_else(|| tongue::spoken(&inputs.catalog, &filled).filter(|_| !home::has_countries(&inputs, &meanings)));
        if let Some(locale) = locale {
            home::stay_in(&mut inputs, &meanings, locale);
        }
        let catalog = &inputs.catalog;
        let mut family = Family::find(&inputs, &meanings, &given, &fills);
        if hold_back(&inputs, &given, &|table| family.parent(catalog, table), &mut fills) {
            family = Family::find(&inputs, &meanings, &given, &fills);
        }
        let Family { mut owners, mut lifecycles, mut reowned } = family;
        let made = |table: TableId| fills[table] == Fill::Make;
        let making: Vec<TableId> = (0..catalog.tables.len()).filter(|&table| made(table)).collect();
        let memberships = memberships(catalog, &meanings, &making, &owners);
        // Members come before the rows that name them, lines before payments.
        let members = memberships.iter().map(|((table, _), member)| (*table, member.table));
        let lines = payments::after_lines(catalog, &meanings, &making, &owners);
        let named = Named::find(&formulary().operands, catalog, &meanings);
        let goods = searches::after_goods(&inputs, &meanings, &named, &making);
        let after: Vec<(TableId, TableId)> =
            reowned.iter().map(|(table, found)| (*table, found.owner)).chain(members).chain(lines).chain(goods).collect();
        let order = order(catalog, &making, &after);
        // Rows of a ring hang under no row of it: they come all at once.
        for ring in &order.rings {
            for &table in ring {
                let keys = &catalog.tables[table].foreign_keys;
                owners[table] = owners[table].filter(|&key| !ring.contains(&keys[key].referenced_table));
                reowned.remove(&table);
            }
        }
        let facts: Vec<TableFacts> =
            (0..catalog.tables.len()).map(|table| constraint::facts(&catalog.tables[table], catalog, table)).collect();
        // Of two keys whose rows must be in order neither can be the one that the row hangs under.
        for (table, facts) in facts.iter().enumerate() {
            let pairs = picks::ordered_pairs(catalog, table, facts);
            owners[table] = owners[table].filter(|owner| !pairs.iter().any(|(low, high)| owner == low || owner == high));
        }
        let follows = lifecycles::follow_owners(&inputs, &meanings, &owners, &reowned, &mut lifecycles);
        let state_keys = lifecycles::state_keys(&lifecycles, &follows);
        let tables = catalog.tables.len();
        let ballots = pack::ballots(catalog);
        let sells = facts::sells(&meanings);
        let known = Known {
            meanings: meanings.ids(),
            tuples: vec![Vec::new(); tables],
            made: fills.iter().map(|fill| *fill == Fill::Make).collect(),
            owners: owners.clone(),
            lists: told::lists(&inputs),
            words: inputs.lists.clone(),
            living: told::living(&inputs, &owners, &lifecycles),
            sells,
            constants: ballots
                .iter()
                .enumerate()
                .map(|(table, ballot)| told::constants(&inputs, &meanings, table, owners[table], ballot, sells))
                .collect(),
        };
        let mut builder = Self {
            inputs,
            meanings,
            given,
            fills,
            order,
            owners,
            reowned,
            lifecycles,
            follows,
            memberships,
            state_keys,
            facts,
            known,
            volumes: BTreeMap::new(),
            tables: Vec::with_capacity(tables),
            ballots,
            named,
            locale,
        };
        builder.tables = (0..tables).map(|table| builder.unfilled(table)).collect();
        Ok(builder)
    }

    /// A table before it is planned, or that gets no rows.
    fn unfilled(&self, table: TableId) -> TablePlan {
        let state = &self.inputs.states[table];
        TablePlan {
            fill: self.fills[table].clone(),
            stored: Stored::clone(&state.stored),
            existing: state.existing,
            row_base: state.row_base(),
            count: 0,
            count_by: super::Layer::Catalog,
            count_detail: String::new(),
            count_given: false,
            owner: None,
            picks: self.inputs.catalog.tables[table].foreign_keys.iter().map(|_| PickPlan::nothing()).collect(),
            columns: Vec::new(),
            birth: stamps::birth(&self.inputs.catalog, &self.meanings, table, self.lifecycles[table].as_ref()),
            ranked: false,
            early: false,
            first_with_parent: false,
            in_place: false,
            opens: false,
            gives_back: false,
            planned: false,
            entered_ahead: None,
            unhurried: false,
            soon: false,
            ahead: false,
            heralds: false,
            attends: None,
            in_turn: None,
            keeps: None,
            without_gaps: false,
            seen_until: Vec::new(),
            on_workdays: false,
            long_standing: false,
            periods: None,
            during: None,
            lasts: None,
            outcome: false,
            details: Vec::new(),
            lifecycle: None,
            ballot: self.ballots[table].clone(),
            tuples: Vec::new(),
            facts: super::Facts::default(),
            tests: Vec::new(),
            siblings: StreamKey::default(),
            told_apart: Vec::new(),
            remembered: Vec::new(),
            leaves: Vec::new(),
            shapes: Vec::new(),
            shape_sums: Vec::new(),
            verdicts: Vec::new(),
        }
    }

    /// Rows of a table that keys may name: the made ones, else the stored ones.
    pub(super) fn rows_of(&self, table: TableId) -> u64 {
        let stored = self.inputs.states[table].stored.rows.len() as u64;
        match self.volumes.get(&table) {
            Some(volume) if volume.count > 0 => volume.count + self.inputs.states[table].stored.inserted as u64,
            _ => stored,
        }
    }

    fn plan_table(&mut self, table: TableId) -> Result<(), Error> {
        if let Some(reason) = self.stays_as_it_is(table) {
            self.tables[table].fill = Fill::Use(reason);
            return Ok(());
        }
        let mut picks = self.picks(table);
        let clash = picks::agree(&self.inputs.catalog, table, &mut picks);
        self.suit(table, &mut picks);
        let lacking = partitions::missing(&self.inputs.catalog, table).or_else(|| self.lacks_parent(table, &picks));
        if let Some(reason) = lacking.or_else(|| self.contradiction(table)).or(clash) {
            return self.refuse(table, reason);
        }
        let parent = self.parent(table, &picks);
        let context = volumes::Context { inputs: &self.inputs, given: &self.given, known: &self.volumes };
        let mut volume = volumes::volume(&context, table, parent);
        lookups::keep_short(&self.inputs, table, self.ballots[table].pack, &self.known.meanings[table], &mut volume);
        turns::one_at_a_time(self, table, parent, &mut volume);
        let follows = self.follows[table].clone();
        self.follow_stages(table, follows.as_ref(), &mut volume);
        let birth = self.tables[table].birth;
        let mut columns = self.columns(table, &picks, birth, follows.as_ref());
        children::apply(self, table, &mut columns);
        balances::apply(self, table, &mut columns);
        payments::apply(self, table, &mut columns);
        searches::limit(self, table, &mut columns);
        formulas::apply(self, table, &mut columns, &picks);
        formulas::draw(self, table, &mut columns, &picks);
        formulas::leave_empty(self, table, &mut columns, &picks);
        if let Some(reason) = self.without_values(table, &mut columns) {
            return self.refuse(table, reason);
        }
        let mut draft = unique::Draft {
            columns,
            picks: std::mem::take(&mut picks),
            volume,
            remembered: Vec::new(),
            verdicts: Vec::new(),
            ordered: Vec::new(),
        };
        self.tables[table].periods = periods::apply(self, table, birth, &mut draft);
        self.keep_unique(table, &mut draft)?;
        self.keep_checks(table, &mut draft);
        self.store(table, draft);
        Ok(())
    }

    fn picks(&self, table: TableId) -> Vec<PickPlan> {
        let usable = |table: TableId| {
            self.rows_of(table) > 0 && !matches!(self.fills[table], Fill::Refuse(_) | Fill::Skip(_))
                || !self.inputs.states[table].stored.rows.is_empty()
        };
        let owners: Vec<Option<ForeignKeyId>> =
            self.owners.iter().enumerate().map(|(table, owner)| owner.filter(|_| !self.reowned.contains_key(&table))).collect();
        let context = picks::Context {
            inputs: &self.inputs,
            meanings: &self.meanings,
            owners: &owners,
            broken: &self.order.broken,
            ringed: &self.order.ringed,
            state_keys: &self.state_keys,
            usable: &usable,
        };
        let mut planned = picks::picks(&context, table);
        picks::sort(&mut planned, &picks::ordered_pairs(&self.inputs.catalog, table, &self.facts[table]));
        for (key, pick) in planned.iter_mut().enumerate() {
            let free = pick.pick == Pick::Free { distinct: Distinct::No };
            pick.member = self.memberships.get(&(table, key)).cloned().filter(|_| free);
            pick.fellow = fellow(&self.inputs.catalog, &self.meanings, (table, owners[table]), key).filter(|_| free);
        }
        if let Some(found) = self.reowned.get(&table) {
            for (key, hops) in &found.along {
                planned[*key].pick = Pick::Along(hops.clone());
            }
        }
        for rule in self.inputs.rules.columns.iter().filter(|rule| rule.table == table) {
            let keys = &self.inputs.catalog.tables[table].foreign_keys;
            if let (crate::engine::generator::Generator::Null(share), Some(key)) =
                (&rule.generator, (0..keys.len()).find(|&key| keys[key].columns.contains(&rule.column)))
            {
                planned[key].null_fraction = if keys[key].mandatory { 0.0 } else { *share };
                planned[key].decided_by = super::Layer::Rule;
            }
        }
        planned
    }

    fn parent(&self, table: TableId, picks: &[PickPlan]) -> Option<Parent> {
        if let Some(found) = self.reowned.get(&table) {
            return Some(Parent::of(found.owner, self.rows_of(found.owner)));
        }
        let key = self.owners[table].filter(|&key| matches!(picks[key].pick, Pick::Owner))?;
        let owner = self.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        Some(Parent {
            table: owner,
            foreign_key: Some(key),
            rows: self.rows_of(owner),
            paid: payments::pays_for(self, table, owner),
            pieces: lines::are_pieces(&self.inputs.catalog, &self.meanings, table, key),
            returned: payments::gives_back(self, table, owner),
            books: balances::books(self, table, owner),
            parts: self.meanings.with_role(table, super::role::Role::Position).is_some(),
            needed: self.must_be_counted(table, owner)
                || self.is_needed(table, key)
                || self.is_sold_there(table, key)
                || amounts::adds_up_to(&self.inputs.catalog, &self.meanings, table, owner),
            cap: unique::cap(self, table, key, picks),
        })
    }

    /// Whether the counts that were given leave a row of a child table for each row of a table.
    pub(super) fn may_all_have_one(&self, table: TableId, child: TableId) -> bool {
        let default = self.inputs.arguments.rows_default.max(0) as u64;
        let parents = self.given.get(&table).map_or(default, |given| given.rows);
        self.given.get(&child).is_none_or(|given| given.rows >= parents)
    }

    /// Another table must find a row of this one under every parent: the addresses of an order's user.
    pub(super) fn is_needed(&self, table: TableId, owner: ForeignKeyId) -> bool {
        let catalog = &self.inputs.catalog;
        let parent = catalog.tables[table].foreign_keys[owner].referenced_table;
        catalog.tables.iter().enumerate().any(|(other, definition)| {
            other != table
                && self.fills[other] == Fill::Make
                // What hangs under a row of this table has found one.
                && self.owners[other].is_none_or(|key| definition.foreign_keys[key].referenced_table != table)
                && definition.foreign_keys.iter().any(|key| key.referenced_table == table && key.mandatory)
                && definition.foreign_keys.iter().any(|key| key.referenced_table == parent)
        })
    }

    /// A history has a row for each stage, unless its count was given.
    fn follow_stages(&self, table: TableId, follows: Option<&Follows>, volume: &mut Volume) {
        let staged = matches!(follows, Some(Follows::Stages(_) | Follows::StageLabels(..)));
        if staged && !volume.given && self.volumes.contains_key(&self.parent_table(table).unwrap_or(table)) {
            let parents = self.parent_table(table).map_or(0, |parent| self.rows_of(parent));
            *volume = Volume {
                count: parents * 3,
                by: super::Layer::Inference,
                detail: "one for each stage of its owner's life".into(),
                given: false,
                fan_out: Some(FanOut::Stages),
            };
        }
        if self.reowned.contains_key(&table) {
            volume.fan_out = Some(FanOut::Selected);
        }
    }

    pub(super) fn parent_table(&self, table: TableId) -> Option<TableId> {
        self.owners[table].map(|key| self.inputs.catalog.tables[table].foreign_keys[key].referenced_table)
    }

    fn columns(&mut self, table: TableId, picks: &[PickPlan], birth: Option<usize>, follows: Option<&Follows>) -> Vec<ColumnPlan> {
        let mut known = std::mem::take(&mut self.known);
        known.settle(&self.inputs.catalog, table, picks, &[]);
        amounts::know_rates(&mut known, &self.meanings, table);
        let context = columns::Context {
            inputs: &self.inputs,
            meanings: &self.meanings,
            table,
            picks,
            birth,
            lifecycle: self.lifecycles[table].as_ref(),
            follows,
            domains: &self.facts[table].columns,
        };
        let planned: Vec<ColumnPlan> =
            (0..self.inputs.catalog.tables[table].columns.len()).map(|column| context.plan(column, &mut known)).collect();
        self.known = known;
        planned
    }

    /// What makes a column's values by its type alone.
    pub(super) fn plain(&self, table: TableId, column: usize) -> super::Source {
        let context = columns::Context {
            inputs: &self.inputs,
            meanings: &self.meanings,
            table,
            picks: &self.tables[table].picks,
            birth: None,
            lifecycle: None,
            follows: None,
            domains: &self.facts[table].columns,
        };
        context.by_type(column)
    }

    fn store(&mut self, table: TableId, draft: unique::Draft) {
        let mut draft = draft;
        let leaves = partitions::leaves(&self.inputs.catalog, table);
        for column in partitions::never_null(&leaves) {
            draft.columns[column].null_fraction = 0.0;
        }
        self.keep_within_lines(table, &mut draft);
        let told_apart = self.told_apart(table, &mut draft);
        let facts = self.facts_of(table, &draft.picks, &draft.columns);
        let seed = self.inputs.arguments.seed;
        let name = self.inputs.catalog.tables[table].qualified.clone();
        let of_a_person = self.is_of_a_person(table, &draft);
        for (pick, key) in draft.picks.iter_mut().zip(&self.inputs.catalog.tables[table].foreign_keys) {
            let is_place = self.known.meanings[key.referenced_table].iter().flatten().any(|id| id.starts_with("place."));
            let drawn = matches!(pick.pick, Pick::Within { .. } | Pick::Free { distinct: super::Distinct::No });
            pick.alike = if of_a_person && is_place && drawn { super::tuples::IN_ONE_TOWN } else { 0.0 };
        }
        let entries = lookups::entries(&self.inputs.catalog, &self.meanings, table);
        let tuples = self.known.tuples[table]
            .iter()
            .map(|list| {
                let chooses = self.only_chooses(table, list, &draft.columns);
                TuplePlan {
                    vocabulary: list,
                    deaf_to: if entries == Some(list.name()) {
                        super::tuples::own_keys(list)
                    } else {
                        self.unseen_keys(table, list, &draft.columns)
                    },
                    key: StreamKey::new(seed, &name, &format!("\u{1}{}", list.name())),
                    told: Vec::new(),
                    within: self.within(table, list, &draft.columns),
                    apart: super::tuples::are_apart(list) && entries != Some(list.name()) && !chooses,
                    in_order: super::tuples::are_in_order(list) || entries == Some(list.name()),
                    alike: if chooses { 1.0 } else { Self::alike(list, of_a_person) },
                }
            })
            .collect();
        let owner = self.owner_plan(table, &draft, &name);
        if draft.volume.count == 0 && draft.volume.given {
            self.tables[table].fill = Fill::Skip("no rows were asked for".into());
        }
        let gives_back = owner.as_ref().is_some_and(|owner| payments::gives_back(self, table, owner.table));
        let planned = &mut self.tables[table];
        planned.count = draft.volume.count;
        planned.count_by = draft.volume.by;
        planned.count_detail.clone_from(&draft.volume.detail);
        planned.count_given = draft.volume.given;
        planned.owner = owner;
        planned.lifecycle = self.lifecycles[table].clone();
        planned.picks = draft.picks;
        planned.columns = draft.columns;
        planned.remembered = draft.remembered;
        planned.verdicts = draft.verdicts;
        planned.leaves = leaves;
        planned.opens = planned.columns.iter().any(|column| matches!(column.source, Source::Covering { .. }));
        planned.gives_back = gives_back;
        planned.tuples = tuples;
        planned.siblings = StreamKey::new(seed, &name, "\u{1}siblings");
        planned.told_apart = told_apart;
        planned.facts = facts;
        self.volumes.insert(table, draft.volume);
        self.keep_tests(table, &draft.ordered);
        self.keep_shapes(table);
    }

    /// Names by which few siblings are told apart (the variants of a product): a redraw finds another one.
    fn told_apart(&self, table: TableId, draft: &mut unique::Draft) -> Vec<ColumnId> {
        let few = matches!(&draft.volume.fan_out, Some(FanOut::PerParent(children)) if children.max <= MOST_TOLD_APART);
        if !few || self.reowned.contains_key(&table) {
            return Vec::new();
        }
        let named = |column: &mut ColumnPlan| {
            let composed = matches!(column.source, Source::Text(_) | Source::Tuple(..));
            let told = composed && column.meaning.is_some_and(facts::names_a_thing);
            column.redrawn |= told;
            told
        };
        draft.columns.iter_mut().enumerate().filter_map(|(at, column)| named(column).then_some(at)).collect()
    }

    fn owner_plan(&self, table: TableId, draft: &unique::Draft, name: &str) -> Option<Owner> {
        let key = StreamKey::new(self.inputs.arguments.seed, name, "\u{1}children");
        if let Some(found) = self.reowned.get(&table) {
            return Some(Owner { kind: OwnerKind::Reowned, table: found.owner, fan_out: FanOut::Selected, key, cap: 1 });
        }
        let foreign_key = self.owners[table].filter(|&key| matches!(draft.picks[key].pick, Pick::Owner))?;
        let owner = self.inputs.catalog.tables[table].foreign_keys[foreign_key].referenced_table;
        let fan_out = draft.volume.fan_out.clone()?;
        let cap = unique::cap(self, table, foreign_key, &draft.picks);
        Some(Owner { kind: OwnerKind::ForeignKey(foreign_key), table: owner, fan_out, key, cap })
    }

    fn finish(self) -> Result<Plan, Error> {
        let invariants = invariants::invariants(&self);
        let order = self.order.tables.iter().copied().filter(|&table| self.tables[table].fill == Fill::Make).collect();
        let asked = self.inputs.arguments.locale.is_some();
        let mut plan = Plan {
            as_of: self.inputs.as_of,
            arguments: self.inputs.arguments,
            catalog: self.inputs.catalog,
            tables: self.tables,
            order,
            notes: self.locale.iter().map(|locale| home::note(locale, asked)).collect(),
            locale: self.locale,
            lists: self.known.words,
            rings: self.order.rings,
            rules: self.inputs.rules_document,
            bound: self.inputs.rules,
            meanings: self.known.meanings,
            model: None,
            invariants,
        };
        super::cycle::settle(&mut plan)?;
        Ok(plan)
    }
}

/// The year in which the data end.
pub(super) fn last_year(as_of: i64) -> i32 {
    civil_from_days(as_of.div_euclid(MICROS_PER_DAY) as i32 - 1).year
}
