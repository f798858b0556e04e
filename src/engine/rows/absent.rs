//! Rows that the database refused however they were drawn: no other row names them, and what hangs under them goes too.

use crate::engine::catalog::{ForeignKeyId, Key, TableId};
use crate::engine::error::Error;
use crate::engine::plan::{FanOut, OwnerKind, RowIndex, Source};
use crate::engine::rows::random::mix;
use crate::engine::rows::remember::{LAST_RESORT, Probe};
use crate::engine::rows::row::Rows;

impl Rows<'_> {
    /// Draws a row anew: `step` redraws further.
    pub(crate) fn redraw(&mut self, table: TableId, position: u64, step: u32) {
        let slot = self.layouts[table].slot(position);
        *self.layouts[table].attempts.entry(slot).or_insert(0) += step;
        self.forget(table);
    }

    /// Takes back that a table was given up, and all that was learned of its rows on the way.
    pub(crate) fn begin_again(&mut self, table: TableId) {
        let layout = &mut self.layouts[table];
        layout.lost = false;
        layout.left_out.clear();
        layout.learned.clear();
        layout.adopted.clear();
        layout.attempts.retain(|_, attempt| *attempt < LAST_RESORT);
        self.forget(table);
    }

    /// Shares a table's rows out anew where some of the rows that they hang under are not there; so those below it.
    ///
    /// Nothing of them may have been loaded or counted: sums over them are stored by then.
    pub(crate) fn lay_out_again(
        &mut self,
        table: TableId,
        probe: Probe,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(tables) = self.movable(table) else { return Ok(()) };
        for table in tables {
            self.share_out_again(table, &mut *probe, interrupted)?;
        }
        Ok(())
    }

    fn share_out_again(&mut self, table: TableId, probe: Probe, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let plan = self.plan;
        let planned = &plan.tables[table];
        let Some(owner) = &planned.owner else { return Ok(()) };
        let layout = &mut self.layouts[table];
        let made = layout.made;
        layout.left_out.clear();
        layout.attempts.clear();
        layout.shortened = None;
        layout.ranking = None;
        self.lay_out_children(table, owner, &mut *probe, interrupted)?;
        let layout = &mut self.layouts[table];
        // Keys are reserved for no more.
        layout.made = layout.made.min(made);
        if let Some(sums) = &mut layout.fan_out {
            sums.truncate(made);
        }
        if layout.made < made {
            layout.shortened = Some(format!("{} of {made} rows: some rows above them are missing", layout.made));
        }
        self.release(table);
        if planned.ranked {
            self.rank(table, plan.births_needed(table), interrupted)?;
        }
        self.remember(table, probe, interrupted)?;
        for foreign_key in plan.inverses_needed(table) {
            self.invert(table, foreign_key, interrupted)?;
        }
        Ok(())
    }

    /// The table and those below it, parents first, where all of them may be shared out anew.
    fn movable(&self, table: TableId) -> Option<Vec<TableId>> {
        let plan = self.plan;
        let owner = plan.tables[table].owner.as_ref()?;
        if self.layouts[owner.table].left_out.is_empty() || plan.model.is_some() {
            return None;
        }
        let mut tables = vec![table];
        let mut at = 0;
        while let Some(&above) = tables.get(at) {
            let below = |&other: &TableId| plan.tables[other].owner.as_ref().is_some_and(|owner| owner.table == above);
            tables.extend((0..plan.tables.len()).filter(below).filter(|other| !tables.contains(other)).collect::<Vec<_>>());
            at += 1;
        }
        let shared = |&table: &TableId| {
            let owner = plan.tables[table].owner.as_ref();
            let fan_out = owner.is_some_and(|owner| matches!(owner.fan_out, FanOut::Shared { .. } | FanOut::Selected));
            fan_out && self.layouts[table].ringed == 0 && !self.is_summed(table)
        };
        tables.iter().all(shared).then_some(tables)
    }

    /// Whether rows above a table's hold sums over them.
    fn is_summed(&self, table: TableId) -> bool {
        let sums = |source: &Source| match source {
            Source::ChildSum { table: child, .. } | Source::ChildTotal { table: child, .. } => *child == table,
            Source::NamedCount { table: child, .. }
            | Source::NamedMean { table: child, .. }
            | Source::NamedLeft { table: child, .. }
            | Source::ChildCount(child) => *child == table,
            _ => false,
        };
        self.plan.tables.iter().any(|planned| planned.columns.iter().any(|column| sums(&column.source)))
    }

    /// Puts a refused row under another parent, for the n-th time: that of a row before it, which was stored, where its
    /// siblings do not count it and no key keeps it apart from them. False where it may not be moved.
    pub(crate) fn adopt(&mut self, table: TableId, position: u64, number: u32) -> bool {
        let Some(parents) = self.adopters(table) else { return false };
        let layout = &self.layouts[table];
        let (stored, slot) = (layout.stored, layout.slot(position));
        let chance = mix(slot ^ u64::from(number) << 40);
        let before: Vec<u64> = if position == 0 {
            Vec::new()
        } else {
            (0..16).map(|step| (chance >> 8).wrapping_add(step * 7) % position).filter(|&other| layout.holds(stored + other)).collect()
        };
        let of_stored = before.first().and_then(|&other| self.state(table, stored + other).owner);
        let any = parents.start + chance % (parents.end - parents.start).max(1);
        let Some(parent) = of_stored.or(Some(any).filter(|parent| parents.contains(parent))) else { return false };
        let owner = self.plan.tables[table].owner.as_ref().expect("it has adopters").table;
        if !self.layouts[owner].holds(parent) {
            return false;
        }
        self.layouts[table].adopted.insert(slot, parent);
        self.redraw(table, position, 1);
        true
    }

    /// Rows of a table that are not there are named by none, and those that hang under others than laid out are found there.
    pub(crate) fn settle_losses(&mut self, table: TableId, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let layout = &self.layouts[table];
        if layout.left_out.is_empty() && layout.adopted.is_empty() {
            return Ok(());
        }
        self.settle();
        let own = match self.plan.tables[table].owner.as_ref().map(|owner| &owner.kind) {
            Some(OwnerKind::ForeignKey(own)) if !self.layouts[table].adopted.is_empty() => *own,
            _ => return Ok(()),
        };
        self.invert(table, own, interrupted)
    }

    /// The rows under which a row of a table could as well hang.
    fn adopters(&self, table: TableId) -> Option<std::ops::Range<RowIndex>> {
        let plan = self.plan;
        let planned = &plan.tables[table];
        let owner = planned.owner.as_ref()?;
        let OwnerKind::ForeignKey(own) = owner.kind else { return None };
        let definition = &plan.catalog.tables[table];
        let columns = &definition.foreign_keys[own].columns;
        let apart = |key: &Key| key.columns.iter().any(|column| columns.contains(column));
        let counted = |source: &Source| {
            matches!(
                source,
                Source::Ordinal(_)
                    | Source::SiblingChoice { .. }
                    | Source::KindOfPeriod(_)
                    | Source::FirstFlag
                    | Source::LastFlag
                    | Source::FirstFlagPer(_)
                    | Source::Disjoint { .. }
            )
        };
        let free = matches!(owner.fan_out, FanOut::Shared { .. })
            && !definition.primary_key.iter().chain(&definition.unique_keys).any(apart)
            && !planned.columns.iter().any(|column| counted(&column.source))
            && planned.periods.is_none()
            && !self.is_summed(table);
        free.then(|| self.parents(owner))
    }

    /// Leaves out the rows whose mandatory keys name rows that are not there and can name no others.
    pub(crate) fn leave_orphans_out(&mut self, table: TableId) {
        let plan = self.plan;
        let keys = &plan.catalog.tables[table].foreign_keys;
        let torn: Vec<ForeignKeyId> =
            (0..keys.len()).filter(|&key| keys[key].mandatory && !self.layouts[keys[key].referenced_table].left_out.is_empty()).collect();
        if torn.is_empty() {
            return;
        }
        let layout = &self.layouts[table];
        let (stored, made) = (layout.stored, layout.made);
        for position in 0..made {
            if torn.iter().any(|&key| self.reference(table, stored + position, key).is_none()) {
                self.layouts[table].left_out.insert(position);
            }
        }
    }

    /// The picked row if it is there, else another one of its table; the owner has no other.
    pub(super) fn present(&self, table: TableId, foreign_key: ForeignKeyId, picked: RowIndex) -> Option<RowIndex> {
        let key = &self.plan.catalog.tables[table].foreign_keys[foreign_key];
        let target = &self.layouts[key.referenced_table];
        if target.holds(picked) {
            return Some(picked);
        }
        if !key.mandatory || self.is_owner(table, foreign_key) || key.columns.len() > 1 {
            return None;
        }
        let rows = target.rows();
        (1..rows).map(|step| (picked + step) % rows).find(|&row| target.holds(row))
    }
}
