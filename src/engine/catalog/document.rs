//! The document that `sql/catalog/catalog.sql` returns, field by field; `reader` turns it into a `Catalog`.

use serde::Deserialize;

use crate::engine::catalog::{Check, Exclusion, Partition, Sequence, Trigger};

#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) server_version: u32,
    pub(super) encoding: String,
    pub(super) collation: String,
    pub(super) types: Vec<TypeRow>,
    pub(super) tables: Vec<TableRow>,
}

/// A row of `pg_type`.
#[derive(Debug, Deserialize)]
pub(super) struct TypeRow {
    pub(super) oid: u32,
    /// As `format_type` prints it without a modifier.
    pub(super) name: String,
    pub(super) bare_name: String,
    /// b base, c composite, d domain, e enum, p pseudo, r range, m multirange.
    pub(super) typtype: String,
    /// The type under a domain, else 0.
    pub(super) base: u32,
    /// The modifier a domain gives its base type.
    pub(super) modifier: i32,
    /// The element of an array, else 0.
    pub(super) element: u32,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) labels: Option<Vec<String>>,
    /// The type of a range's or multirange's bounds.
    pub(super) subtype: Option<u32>,
    /// The fields of a composite type.
    pub(super) fields: Option<Vec<FieldRow>>,
    pub(super) checks: Option<Vec<CheckRow>>,
}

/// A field of a composite type.
#[derive(Debug, Deserialize)]
pub(super) struct FieldRow {
    pub(super) r#type: u32,
    pub(super) modifier: i32,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the system catalogs")]
pub(super) struct TableRow {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) qualified: String,
    pub(super) kind: String,
    pub(super) comment: Option<String>,
    pub(super) in_target: bool,
    /// The extension it belongs to.
    pub(super) extension: Option<String>,
    pub(super) persistence: String,
    pub(super) row_security: bool,
    pub(super) may_insert: bool,
    pub(super) may_select: bool,
    pub(super) is_owner: bool,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) keys: Vec<KeyRow>,
    pub(super) foreign_keys: Vec<ForeignKeyRow>,
    pub(super) checks: Vec<CheckRow>,
    pub(super) exclusions: Vec<Exclusion>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) partitioning: Option<PartitioningRow>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ColumnRow {
    pub(super) number: i16,
    pub(super) name: String,
    pub(super) type_oid: u32,
    pub(super) type_name: String,
    pub(super) modifier: i32,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) identity: Option<String>,
    pub(super) sequence: Option<Sequence>,
    pub(super) generated: bool,
    pub(super) collation: Option<String>,
    pub(super) comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct KeyRow {
    pub(super) name: String,
    pub(super) primary: bool,
    /// Attribute numbers; 0 stands for an expression.
    pub(super) numbers: Vec<i16>,
    /// All parts as printed, where one of them is an expression or the predicate is.
    pub(super) expressions: Option<Vec<String>>,
    pub(super) predicate: Option<String>,
    pub(super) nulls_not_distinct: bool,
    pub(super) deferrable: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct ForeignKeyRow {
    pub(super) name: String,
    pub(super) numbers: Vec<i16>,
    pub(super) referenced: u32,
    pub(super) referenced_numbers: Vec<i16>,
    pub(super) match_full: bool,
    pub(super) deferrable: bool,
}

/// A CHECK of a table, or of a domain (which names no columns).
#[derive(Debug, Deserialize)]
pub(super) struct CheckRow {
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) numbers: Option<Vec<i16>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PartitioningRow {
    pub(super) strategy: String,
    pub(super) key: String,
    /// Attribute numbers; 0 stands for an expression.
    pub(super) numbers: Vec<i16>,
    pub(super) partitions: Vec<Partition>,
}

impl CheckRow {
    /// The check of a domain.
    pub(super) fn of_domain(&self) -> Check {
        Check { name: self.name.clone(), expression: self.expression.clone(), columns: Vec::new() }
    }
}
