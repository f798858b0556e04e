//! Reads the catalog: two statements, then columns, types and references resolved to indexes.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use crate::engine::catalog::document::{CheckRow, ColumnRow, Document, ForeignKeyRow, KeyRow, PartitioningRow, TableRow};
use crate::engine::catalog::kind::Types;
use crate::engine::catalog::target::Schemas;
use crate::engine::catalog::{
    Catalog, Check, Column, ColumnId, ForeignKey, Key, Partitioning, Skipped, Table, TableId, TypeKind, bookkeeping,
};
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Path};

const SCHEMAS: &str = include_str!("../../../sql/catalog/schemas.sql");
const CATALOG: &str = include_str!("../../../sql/catalog/catalog.sql");

/// Reads the tables of the target's schemas, and those outside that they refer to.
///
/// The target is read as `search_path` is. Tables come by schema in the target's order, then by name in
/// byte order; those outside come last. A schema without tables is no error where another one has some.
pub fn read(database: &mut dyn Database, target: &str) -> Result<Catalog, Error> {
    let schemas = schemas(database, target)?;
    let names = serde_json::Value::from(schemas.clone()).to_string();
    let document = document::<Document>(database, CATALOG, &[Some(&names)])?;
    let catalog = assemble(document, schemas);
    if catalog.tables.iter().any(|table| table.in_target) { Ok(catalog) } else { Err(no_tables(&catalog)) }
}

/// The schemas that a target names, in its order, each once.
pub fn schemas(database: &mut dyn Database, target: &str) -> Result<Vec<String>, Error> {
    document::<Schemas>(database, SCHEMAS, &[])?.resolve(target)
}

fn document<T: DeserializeOwned>(database: &mut dyn Database, sql: &str, parameters: &Fields) -> Result<T, Error> {
    let json = database.document(Path::Pinned, sql, parameters)?;
    serde_json::from_value(json)
        .map_err(|error| Error::new(sqlstate::INTERNAL, "could not read the system catalogs").detail(format!("{error}.")))
}

fn no_tables(catalog: &Catalog) -> Error {
    let (noun, verb) = if catalog.schemas.len() == 1 { ("schema", "holds") } else { ("schemas", "hold") };
    let names: Vec<String> = catalog.schemas.iter().map(|name| format!("\"{name}\"")).collect();
    let message = format!("{noun} {} {verb} no table that could be filled", names.join(", "));
    let error = Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, message);
    let skipped: Vec<String> = catalog.skipped.iter().map(|skipped| format!("{} ({})", skipped.name, skipped.reason)).collect();
    let detail = if skipped.is_empty() { "It holds no table at all.".to_owned() } else { format!("Skipped: {}.", skipped.join(", ")) };
    error.detail(detail).hint("Create the tables first, or name the schema that holds them.")
}

/// Leaves out what is not filled nor referred to, and resolves OIDs and attribute numbers to indexes.
fn assemble(document: Document, schemas: Vec<String>) -> Catalog {
    let Document { server_version, encoding, collation, types, tables: mut rows } = document;
    let types = Types::new(types);
    let skipped = mark_skipped(&mut rows);
    let referenced = referenced_by_target(&rows);
    rows.retain(|row| row.in_target || referenced.contains(&row.oid));
    // Stable: a skipped table that is referred to goes behind the target's own.
    rows.sort_by_key(|row| !row.in_target);
    let numbers: Vec<Numbers> = rows.iter().map(|row| Numbers::of(&row.columns)).collect();
    let places: BTreeMap<u32, TableId> = rows.iter().enumerate().map(|(place, row)| (row.oid, place)).collect();
    let tables = rows.into_iter().enumerate().map(|(place, row)| table(row, place, &types, &places, &numbers)).collect();
    Catalog { server_version, encoding, collation, schemas, tables, skipped }
}

/// Takes tables of extensions and of migration tools out of the target; says which and why.
fn mark_skipped(rows: &mut [TableRow]) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for row in rows.iter_mut().filter(|row| row.in_target) {
        let columns: Vec<&str> = row.columns.iter().map(|column| column.name.as_str()).collect();
        let reason = match (&row.extension, bookkeeping::tool_of(&row.name, &columns)) {
            (Some(extension), _) => format!("belongs to extension {extension}"),
            (None, Some(tool)) => format!("bookkeeping of migrations ({tool})"),
            (None, None) => continue,
        };
        row.in_target = false;
        skipped.push(Skipped { name: row.qualified.clone(), reason });
    }
    skipped
}

fn referenced_by_target(rows: &[TableRow]) -> BTreeSet<u32> {
    rows.iter().filter(|row| row.in_target).flat_map(|row| row.foreign_keys.iter().map(|key| key.referenced)).collect()
}

/// Where each attribute number stands among a table's columns: dropped columns leave gaps.
struct Numbers(BTreeMap<i16, ColumnId>);

impl Numbers {
    fn of(columns: &[ColumnRow]) -> Self {
        Self(columns.iter().enumerate().map(|(place, column)| (column.number, place)).collect())
    }

    /// All of them, or `None` where one is no column (an expression, a system column).
    fn all(&self, numbers: &[i16]) -> Option<Vec<ColumnId>> {
        numbers.iter().map(|number| self.0.get(number).copied()).collect()
    }

    fn known(&self, numbers: &[i16]) -> Vec<ColumnId> {
        numbers.iter().filter_map(|number| self.0.get(number).copied()).collect()
    }
}

fn table(row: TableRow, place: TableId, types: &Types, places: &BTreeMap<u32, TableId>, numbers: &[Numbers]) -> Table {
    let own = &numbers[place];
    let columns: Vec<Column> = row.columns.into_iter().map(|row| column(row, types)).collect();
    let (primary, unique): (Vec<KeyRow>, Vec<KeyRow>) = row.keys.into_iter().partition(|key| key.primary);
    let foreign_keys = row.foreign_keys.into_iter().filter_map(|key| foreign_key(key, &columns, own, places, numbers)).collect();
    Table {
        oid: row.oid,
        schema: row.schema,
        name: row.name,
        qualified: row.qualified,
        kind: row.kind,
        comment: row.comment,
        in_target: row.in_target,
        persistence: row.persistence,
        row_security: row.row_security,
        may_insert: row.may_insert,
        may_select: row.may_select,
        is_owner: row.is_owner,
        columns,
        primary_key: primary.into_iter().next().map(|row| key(row, own)),
        unique_keys: unique.into_iter().map(|row| key(row, own)).collect(),
        foreign_keys,
        checks: row.checks.into_iter().map(|row| check(row, own)).collect(),
        exclusions: row.exclusions,
        triggers: row.triggers,
        partitioning: row.partitioning.map(|row| partitioning(row, own)),
    }
}

fn column(row: ColumnRow, types: &Types) -> Column {
    let data_type = types.data_type(&row);
    let not_null = row.not_null || data_type.domains.iter().any(|domain| domain.not_null);
    let is_number = matches!(data_type.kind, TypeKind::Integer { .. } | TypeKind::Numeric { .. });
    let sequence = row.sequence.filter(|_| row.identity.is_some() || (is_number && is_nextval(row.default.as_deref())));
    let default = row.default.or_else(|| if row.identity.is_some() { None } else { types.default(row.type_oid) });
    Column {
        number: row.number,
        name: row.name,
        data_type,
        not_null,
        default,
        identity: row.identity,
        sequence,
        generated: row.generated,
        collation: row.collation,
        comment: row.comment,
    }
}

/// Whether a default is a sequence's next value and nothing else: `'A-' || nextval(..)` is no key.
fn is_nextval(default: Option<&str>) -> bool {
    default.is_some_and(|text| text.starts_with("nextval('") && text.ends_with("'::regclass)"))
}

fn key(row: KeyRow, own: &Numbers) -> Key {
    let columns = own.all(&row.numbers);
    Key {
        name: row.name,
        expressions: if columns.is_none() { row.expressions.unwrap_or_default() } else { Vec::new() },
        columns: columns.unwrap_or_default(),
        predicate: row.predicate,
        nulls_not_distinct: row.nulls_not_distinct,
        deferrable: row.deferrable,
    }
}

fn check(row: CheckRow, own: &Numbers) -> Check {
    let columns = own.known(&row.numbers.unwrap_or_default());
    Check { name: row.name, expression: row.expression, columns }
}

fn partitioning(row: PartitioningRow, own: &Numbers) -> Partitioning {
    let columns = own.all(&row.numbers).unwrap_or_default();
    Partitioning { strategy: row.strategy, key: row.key, columns, partitions: row.partitions }
}

/// `None` where the referenced table is not in the catalog: only keys of tables outside lead there.
fn foreign_key(
    row: ForeignKeyRow,
    columns: &[Column],
    own: &Numbers,
    places: &BTreeMap<u32, TableId>,
    numbers: &[Numbers],
) -> Option<ForeignKey> {
    let referenced_table = *places.get(&row.referenced)?;
    let referring = own.all(&row.numbers)?;
    Some(ForeignKey {
        name: row.name,
        mandatory: referring.iter().all(|column| columns[*column].not_null),
        declared: true,
        columns: referring,
        referenced_table,
        referenced_columns: numbers[referenced_table].all(&row.referenced_numbers)?,
        match_full: row.match_full,
        deferrable: row.deferrable,
    })
}
