//! What rows that pay pay: what was received of the row that they hang under, where that says it, else what it comes to.

use crate::engine::catalog::names::{normalise, singular};
use crate::engine::catalog::{Catalog, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::plan::build::Builder;
use crate::engine::plan::facts::is_word_of;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::{ColumnPlan, Fact, FactTarget, Source, amounts};

/// The meanings of an amount of money.
const AMOUNT: &str = "money.amount";
const AMOUNTS: [&str; 2] = [AMOUNT, "money.minor_amount"];

/// Operands: what was received of an amount, the amount itself, and until when it is to be paid.
const RECEIVED: &str = "amount_paid";
const DUE: &str = "recurring_due";
const DEADLINE: &str = "deadline";

/// Columns that may stand between an amount and what it follows from.
const DEEPEST: usize = 12;

/// What the rows of a table pay of the row that they hang under, and whether that says how much of it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Paid {
    column: ColumnId,
    received: bool,
}

/// Whether a table's rows pay what the rows of another come to.
pub(super) fn pays_for(builder: &Builder, table: TableId, owner: TableId) -> bool {
    amounts::pays_for(&builder.meanings, table, owner) || paid(builder, table, owner).is_some()
}

/// Lets a payment's amount be a part of what was received.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let Some(key) = builder.owners[table].filter(|_| !builder.reowned.contains_key(&table)) else { return };
    let owner = builder.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
    let Some(Paid { column: of, received }) = returned(builder, table, owner).or_else(|| paid(builder, table, owner)) else { return };
    let is_whole = |kind: &TypeKind| matches!(kind, TypeKind::Integer { .. });
    let amount = |planned: &&mut ColumnPlan| {
        let open = planned.is_open() || matches!(planned.source, Source::Part { .. });
        open && is_amount(planned.meaning) && is_whole(&planned.kind) == is_whole(&builder.tables[owner].columns[of].kind)
    };
    if let Some(planned) = columns.iter_mut().find(amount) {
        planned.source = Source::Part { of: Fact { hops: vec![key], target: FactTarget::Column(of) }, received };
        planned.null_fraction = 0.0;
        planned.detail = "a part of what it pays".into();
    }
}

/// Whether a table's rows give back what was paid: refunds.
pub(super) fn gives_back(builder: &Builder, table: TableId, owner: TableId) -> bool {
    returned(builder, table, owner).is_some()
}

/// The amount that the rows of a table give back.
fn returned(builder: &Builder, table: TableId, owner: TableId) -> Option<Paid> {
    let noun = normalise(&builder.inputs.catalog.tables[table].name).pop();
    if owner == table || !noun.is_some_and(|noun| is_word_of(&singular(&noun), "given back")) {
        return None;
    }
    let paid = || amounts::pays(&builder.meanings, owner).then(|| builder.meanings.ids_of(owner).position(is_amount)).flatten();
    let column = builder.meanings.with_role(owner, Role::Total).or_else(paid)?;
    Some(Paid { column, received: false })
}

fn is_amount(id: Option<&str>) -> bool {
    id.is_some_and(|id| AMOUNTS.contains(&id))
}

fn paid(builder: &Builder, table: TableId, owner: TableId) -> Option<Paid> {
    if owner == table || !amounts::pays(&builder.meanings, table) || builder.tables[owner].columns.is_empty() {
        return None;
    }
    let columns = |name: &str| formulary().operands.place(name).into_iter().flat_map(|place| builder.named.columns(owner, place));
    let source = |column: ColumnId| &builder.tables[owner].columns[column].source;
    if let Some(column) = columns(RECEIVED).find(|&column| source(column).follows() && stands_alone(builder, table, (owner, column), 0)) {
        return Some(Paid { column, received: true });
    }
    let total = amounts::pays_for(&builder.meanings, table, owner) || columns(DEADLINE).next().is_none();
    let due = columns(DUE).find(|&column| builder.tables[owner].columns[column].meaning == Some(AMOUNT)).filter(|_| !total)?;
    Some(Paid { column: due, received: false })
}

/// Tables whose rows come after those of others: what is paid is known once the lines that add up to it are there.
pub(super) fn after_lines(
    catalog: &Catalog,
    meanings: &Meanings,
    making: &[TableId],
    owners: &[Option<ForeignKeyId>],
) -> Vec<(TableId, TableId)> {
    let above = |table: TableId| owners[table].map(|key| catalog.tables[table].foreign_keys[key].referenced_table);
    let mut found = Vec::new();
    for &paying in making.iter().filter(|&&table| amounts::pays(meanings, table)) {
        let Some(owner) = above(paying) else { continue };
        let lines = |line: &TableId| *line != paying && above(*line) == Some(owner) && amounts::adds_up_to(catalog, meanings, *line, owner);
        found.extend(making.iter().copied().filter(lines).map(|line| (paying, line)));
    }
    found
}

/// Whether a column can be told before the rows of a table are laid out.
fn stands_alone(builder: &Builder, payer: TableId, (table, column): (TableId, ColumnId), depth: usize) -> bool {
    let Some(planned) = builder.tables[table].columns.get(column) else { return true };
    let alone = |expression: &crate::engine::expression::Expression| {
        expression.columns().into_iter().all(|path| {
            let tables = &builder.inputs.catalog.tables;
            let at = path.hops.iter().fold(table, |at, &hop| tables[at].foreign_keys[hop].referenced_table);
            stands_alone(builder, payer, (at, path.column), depth + 1)
        })
    };
    if depth > DEEPEST {
        return false;
    }
    let own = |columns: &[ColumnId]| columns.iter().all(|&column| stands_alone(builder, payer, (table, column), depth + 1));
    match &planned.source {
        Source::ChildSum { table: child, .. } | Source::ChildCount(child) | Source::ChildTotal { table: child, .. } => {
            let place = |table: TableId| builder.order.tables.iter().position(|&at| at == table);
            place(*child) < place(payer)
        }
        Source::Covering { .. } => false,
        Source::Computed(of) => alone(of),
        Source::Scaled { of, base, .. } => alone(of) && base.as_ref().is_none_or(|base| alone(base)),
        Source::AtLeast { .. } | Source::Cases(_) | Source::Discount { .. } | Source::Delivery { .. } | Source::Near { .. } => false,
        Source::Product(left, right) => own(&[*left, *right]),
        Source::Balance { plus, minus } => own(plus) && own(minus),
        Source::Share { of, less, percent: None, .. } => own(&[*of]) && less.is_none_or(|less| own(&[less])),
        Source::Share { .. } | Source::Copied(_) | Source::OnSale(_) | Source::Part { .. } => false,
        _ => true,
    }
}
