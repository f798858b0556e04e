//! Picks that follow other facts of the row: the currency of the user, a promotion whose minimum is reached, a partner of
//! the same category.

use crate::engine::catalog::names::normalise;
use crate::engine::catalog::{ColumnId, ForeignKeyId, TableId};
use crate::engine::plan::build::{Builder, MOST_LISTED};
use crate::engine::plan::deeds;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::lifecycles;
use crate::engine::plan::lines;
use crate::engine::plan::owner;
use crate::engine::plan::parties;
use crate::engine::plan::role::Role;
use crate::engine::plan::sessions;
use crate::engine::plan::{Affordable, Distinct, Fact, FactTarget, Fill, Near, OwnerKind, Pace, Pick, PickPlan, Tenant};
use crate::engine::value::Value;

/// Rows between one and the row that it belongs to.
const MOST_LEVELS: usize = 3;

impl Builder {
    /// Lets free keys of a table follow what other keys and columns of the row say.
    pub(super) fn suit(&self, table: TableId, picks: &mut [PickPlan]) {
        for key in 0..picks.len() {
            if !matches!(picks[key].pick, Pick::Free { .. } | Pick::Within { .. }) || !picks[key].shared.is_empty() {
                continue;
            }
            if let Some(way) = self.party_of_a_deed(table, key, picks) {
                picks[key].follows = Some(way);
                picks[key].surely = true;
            }
            if matches!(picks[key].pick, Pick::Within { .. }) {
                continue;
            }
            picks[key].follows = picks[key].follows.take().or_else(|| self.follows_owner(table, key, picks));
            picks[key].apart = self.has_its_own(table, key, picks);
            picks[key].affordable = self.affordable(table, key);
            picks[key].unlike = self.author(table, key, picks);
            picks[key].counted = self.is_counted(table, key);
            picks[key].tenant = self.tenant(table, key, picks);
        }
    }

    /// The row above both this one and the ones that the key may name, where their own keys lead to it from two sides: who
    /// answers a ticket is of the organisation that the ticket is of.
    fn tenant(&self, table: TableId, key: ForeignKeyId, picks: &[PickPlan]) -> Option<Tenant> {
        let tables = &self.inputs.catalog.tables;
        let target = tables[table].foreign_keys[key].referenced_table;
        let laid_out = |at: TableId| self.tables[at].fill == Fill::Make && self.inputs.states[at].stored.rows.is_empty();
        let above = |at: TableId| Some((self.hangs_by(at).filter(|_| laid_out(at))?, at));
        // The heads above the rows that may be named, with the keys that lead there.
        let mut heads: Vec<(TableId, Vec<ForeignKeyId>)> = Vec::new();
        let mut at = target;
        while let Some((hop, from)) = above(at).filter(|_| heads.len() < MOST_LEVELS && target != table) {
            at = tables[from].foreign_keys[hop].referenced_table;
            let down = heads.last().map_or_else(Vec::new, |(_, down)| down.clone());
            heads.push((at, down.into_iter().chain([hop]).collect()));
        }
        let owner = self.owners[table].filter(|&owner| owner != key && matches!(picks[owner].pick, Pick::Owner))?;
        // Who buys things is not who sells them.
        let sold = lines::is_priced(&self.meanings, target);
        heads.retain(|(head, _)| !sold || !deeds::is_person(&self.meanings, *head));
        // The nearest first; of one table's keys the one by which its rows hang.
        let mut ways = std::collections::VecDeque::from([(vec![owner], tables[table].foreign_keys[owner].referenced_table)]);
        let mut nearest: Option<Tenant> = None;
        let levels = |tenant: &Tenant| tenant.up.len() + tenant.down.len();
        while let Some((up, at)) = ways.pop_front() {
            if let Some((_, down)) = heads.iter().find(|(head, _)| *head == at) {
                let found = Tenant { up, down: down.clone() };
                nearest = nearest.filter(|known| levels(known) <= levels(&found)).or(Some(found));
                continue;
            }
            if up.len() > MOST_LEVELS || !laid_out(at) {
                continue;
            }
            let own = self.hangs_by(at);
            let keys = &tables[at].foreign_keys;
            let beside =
                (0..keys.len()).filter(|&hop| keys[hop].mandatory && Some(hop) != own && self.tables[at].picks[hop].tenant.is_none());
            for hop in own.into_iter().chain(beside) {
                let next = keys[hop].referenced_table;
                if next != target && next != table && next != at {
                    ways.push_back((up.iter().copied().chain([hop]).collect(), next));
                }
            }
        }
        nearest
    }

    /// The key by which a planned table's rows hang under others.
    fn hangs_by(&self, table: TableId) -> Option<ForeignKeyId> {
        match self.tables[table].owner.as_ref()?.kind {
            OwnerKind::ForeignKey(key) => Some(key),
            OwnerKind::Reowned => None,
        }
    }

    /// The owner's own key to the same small list.
    fn follows_owner(&self, table: TableId, key: ForeignKeyId, picks: &[PickPlan]) -> Option<Vec<ForeignKeyId>> {
        let catalog = &self.inputs.catalog;
        let keys = &catalog.tables[table].foreign_keys;
        let list = keys[key].referenced_table;
        if !self.is_small_list(list) {
            return None;
        }
        let owner = self.owners[table].filter(|&owner| owner != key && matches!(picks[owner].pick, Pick::Owner))?;
        let parent = &catalog.tables[keys[owner].referenced_table];
        let theirs = parent.foreign_keys.iter().position(|theirs| theirs.referenced_table == list)?;
        // A state is a table's own affair.
        (self.state_keys[keys[owner].referenced_table] != Some(theirs)).then(|| vec![owner, theirs])
    }

    /// Whether each row names an address of its own: not what is sent or done there.
    fn has_its_own(&self, table: TableId, key: ForeignKeyId, picks: &[PickPlan]) -> bool {
        let catalog = &self.inputs.catalog;
        owner::is_its_address(catalog, table, key)
            && picks[key].pick == Pick::Free { distinct: Distinct::No }
            && picks[key].member.is_none()
            && (!deeds::happens(&self.meanings, table) || deeds::is_somebody(&self.meanings, table))
    }

    /// Who takes part in what another key names, where it names something planned: of a visit's appointment the patient, and the doctor.
    fn party_of_a_deed(&self, table: TableId, key: ForeignKeyId, picks: &[PickPlan]) -> Option<Vec<ForeignKeyId>> {
        let catalog = &self.inputs.catalog;
        let keys = &catalog.tables[table].foreign_keys;
        let somebody = keys[key].referenced_table;
        let named_once = |at: TableId| {
            let mut named = (0..catalog.tables[at].foreign_keys.len())
                .filter(|&theirs| catalog.tables[at].foreign_keys[theirs].referenced_table == somebody);
            named.next().filter(|_| named.next().is_none())
        };
        named_once(table).filter(|_| keys[key].columns.len() == 1 && deeds::is_somebody(&self.meanings, somebody))?;
        let in_time = |at: TableId, key: ForeignKeyId| !self.order.broken.contains(&(at, key)) && !self.order.ringed.contains(&(at, key));
        (0..keys.len()).find_map(|deed| {
            let target = keys[deed].referenced_table;
            let planned = sessions::session(&catalog.tables[target].name).is_some_and(|session| session.planned);
            // The row that the deed's key names must not be looked for by this one.
            let drawn = match picks[deed].pick {
                Pick::Within { base, .. } => base != key,
                Pick::Free { distinct: Distinct::No | Distinct::Globally } => true,
                _ => false,
            };
            let theirs = named_once(target).filter(|_| deed != key && target != table && planned && drawn && in_time(table, deed))?;
            let to = &catalog.tables[target].foreign_keys[theirs];
            let same = to.referenced_columns == keys[key].referenced_columns && to.mandatory && in_time(target, theirs);
            same.then(|| vec![deed, theirs])
        })
    }

    /// Who wrote or made what the row responds to, where the key names another such person.
    fn author(&self, table: TableId, key: ForeignKeyId, picks: &[PickPlan]) -> Option<Vec<ForeignKeyId>> {
        let catalog = &self.inputs.catalog;
        let keys = &catalog.tables[table].foreign_keys;
        let somebody = keys[key].referenced_table;
        let owner = self.owners[table].filter(|&owner| owner != key && matches!(picks[owner].pick, Pick::Owner))?;
        let above = keys[owner].referenced_table;
        let decides =
            |column: &ColumnId| normalise(&catalog.tables[table].columns[*column].name).iter().any(|word| is_word_of(word, "decides"));
        // Nobody approves his own leave.
        if above == somebody && keys[key].columns.iter().any(decides) {
            return Some(vec![owner]);
        }
        let responds = deeds::is_written(catalog, &self.meanings, above) || parties::is_response(catalog, table);
        if !responds || above == somebody || !deeds::is_person(&self.meanings, somebody) {
            return None;
        }
        let theirs = &catalog.tables[above].foreign_keys;
        let mut named = (0..theirs.len()).filter(|&theirs_key| theirs[theirs_key].referenced_table == somebody);
        let author = named.next()?;
        named.next().is_none().then(|| vec![owner, author])
    }

    /// Few rows that are there and mean a list: more than none, and not somebody's own.
    pub(super) fn is_small_list(&self, table: TableId) -> bool {
        let stored = &self.inputs.states[table].stored;
        stored.is_list() && (1..=MOST_LISTED).contains(&stored.rows.len())
    }

    /// The thing of which a line of an order or of a cart has so many.
    fn is_counted(&self, table: TableId, key: ForeignKeyId) -> bool {
        let definition = &self.inputs.catalog.tables[table].foreign_keys[key];
        let hangs_elsewhere = self.owners[table].is_some_and(|owner| owner != key);
        let quantity = self.meanings.with_role(table, Role::Quantity).is_some();
        hangs_elsewhere && quantity && definition.mandatory && lines::is_priced(&self.meanings, definition.referenced_table)
    }

    /// A promotion's minimum and the sum of what it is used on.
    fn affordable(&self, table: TableId, key: ForeignKeyId) -> Option<Affordable> {
        let keys = &self.inputs.catalog.tables[table].foreign_keys;
        let least = self.meanings.with_role(keys[key].referenced_table, Role::Minimum)?;
        let owner = self.owners[table].filter(|&owner| owner != key)?;
        let parent = keys[owner].referenced_table;
        let amount = self.meanings.with_role(parent, Role::Subtotal).or_else(|| self.meanings.with_role(parent, Role::Total))?;
        Some(Affordable { least, amount: Fact { hops: vec![owner], target: FactTarget::Column(amount) } })
    }
}

/// How long the good way of a table's rows takes: two numbers of days in a small list that the rows name.
pub(super) fn pace(builder: &Builder, table: TableId) -> Option<Pace> {
    let keys = builder.inputs.catalog.tables[table].foreign_keys.iter().enumerate();
    let free = |key: &ForeignKeyId| matches!(builder.tables[table].picks[*key].pick, Pick::Free { .. });
    keys.filter(|(key, to)| free(key) && builder.is_small_list(to.referenced_table)).find_map(|(key, to)| {
        let list = to.referenced_table;
        let days: Vec<ColumnId> = builder
            .meanings
            .ids_of(list)
            .enumerate()
            .filter_map(|(column, found)| (found == Some("count.days")).then_some(column))
            .collect();
        let rows = &builder.inputs.states[list].stored.rows;
        let in_order = |least: ColumnId, most: ColumnId| {
            rows.iter().all(|row| row[least].as_f64().zip(row[most].as_f64()).is_some_and(|(least, most)| 0.0 <= least && least <= most))
        };
        match days[..] {
            [one, other] if in_order(one, other) => Some(Pace { key, least: one, most: other }),
            [one, other] if in_order(other, one) => Some(Pace { key, least: other, most: one }),
            _ => None,
        }
    })
}

/// Partners of one table are mostly of one group, where its rows hang in a tree of categories, or under others: what a course
/// builds on is of its own department.
pub(super) fn near(builder: &Builder, table: TableId, key: ForeignKeyId) -> Option<Near> {
    let planned = &builder.tables[table];
    if !matches!(planned.picks[key].pick, Pick::Free { distinct: Distinct::PerOwner { not_owner: true, permuted: false } }) {
        return None;
    }
    let catalog = &builder.inputs.catalog;
    let target = catalog.tables[table].foreign_keys[key].referenced_table;
    let found = |in_a_tree: bool| {
        catalog.tables[target].foreign_keys.iter().enumerate().position(|(theirs, kin)| {
            let tree = catalog.tables[kin.referenced_table].foreign_keys.iter().any(|up| up.referenced_table == kin.referenced_table);
            let pick = builder.tables[target].picks.get(theirs).map(|pick| &pick.pick);
            let grouped = matches!(pick, Some(Pick::Owner)) || in_a_tree && matches!(pick, Some(Pick::Free { .. }));
            kin.referenced_table != target && tree == in_a_tree && grouped && kin.referenced_table != table
        })
    };
    let kin = found(true).or_else(|| found(false))?;
    let told = builder.meanings.ids_of(table).position(|found| found == Some("product.relation_kind")).map(|column| {
        let labels = lifecycles::labels(&builder.inputs, table, column);
        let says = |label: &Value, part: &str| match label {
            Value::Text(label) => normalise(label).iter().any(|word| is_word_of(word, part)),
            _ => false,
        };
        let of = |part: &str| labels.iter().filter(|label| says(label, part)).cloned().collect::<Vec<_>>();
        (column, of("alternative"), of("complement"))
    });
    Some(Near { kin, told: told.filter(|(_, own, beside)| !own.is_empty() || !beside.is_empty()) })
}
