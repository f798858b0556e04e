//! What the catalog says there is to verify, as sql/verify/objects.sql prints it.

use serde::Deserialize;
use serde_json::Value as Json;

/// The catalog's answer is not what the query promises.
#[derive(Debug, thiserror::Error)]
#[error("reading what there is to verify")]
pub struct Error(#[from] serde_json::Error);

/// The tables of the target's schemas.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Objects {
    /// The schemas that exist, in the order asked for.
    pub schemas: Vec<String>,
    /// Their tables, by schema and name.
    pub tables: Vec<Table>,
}

impl Objects {
    /// Reads the document of the catalog query.
    pub fn parse(document: &Json) -> Result<Self, Error> {
        Ok(Self::deserialize(document)?)
    }
}

/// A table; every name and expression is quoted and ready for SQL unless it says otherwise.
#[derive(Debug, Clone, Deserialize)]
pub struct Table {
    /// OID.
    pub oid: u32,
    /// Schema, unquoted.
    pub schema: String,
    /// Name, unquoted.
    pub name: String,
    /// Name with schema.
    pub qualified: String,
    /// What stands after FROM: a plain table without its inheritance children, a partitioned one with its partitions.
    pub source: String,
    /// A partition whose root is among the tables: what it shares with the root is probed there.
    pub derived: bool,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Unique indexes, the primary key first.
    pub keys: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints.
    pub checks: Vec<Check>,
    /// The condition under which rows belong to the partition.
    pub partition_bound: Option<String>,
    /// Exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Sequences that number one of its columns.
    pub sequences: Vec<Sequence>,
}

/// A column.
#[derive(Debug, Clone, Deserialize)]
pub struct Column {
    /// Name, unquoted.
    pub name: String,
    /// Name, quoted where needed.
    pub quoted: String,
    /// Type, as `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// `pg_type.typcategory`.
    pub category: String,
    /// NOT NULL, or part of the primary key.
    pub not_null: bool,
    /// Domains between the column and its base type, outermost first.
    pub domains: Vec<Domain>,
}

/// A domain.
#[derive(Debug, Clone, Deserialize)]
pub struct Domain {
    /// Name.
    pub name: String,
    /// NOT NULL.
    pub not_null: bool,
    /// The type below it.
    pub base: String,
    /// Its CHECKs over `VALUE`.
    pub checks: Vec<Check>,
}

/// A unique index.
#[derive(Debug, Clone, Deserialize)]
pub struct Key {
    /// Name, unquoted.
    pub name: String,
    /// Whether it is the primary key.
    pub primary: bool,
    /// NULLS NOT DISTINCT.
    pub nulls_not_distinct: bool,
    /// The predicate of a partial index.
    pub predicate: Option<String>,
    /// Its columns and expressions.
    pub parts: Vec<KeyPart>,
}

/// A column or an expression of a key.
#[derive(Debug, Clone, Deserialize)]
pub struct KeyPart {
    /// The column or expression.
    pub expression: String,
    /// The collation under which the index compares.
    pub collation: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, Deserialize)]
pub struct ForeignKey {
    /// Name, unquoted.
    pub name: String,
    /// MATCH FULL.
    pub full: bool,
    /// PERIOD: the parents' periods together must cover the child's.
    pub period: bool,
    /// OID of the referenced table, which may lie outside the target.
    pub referenced_oid: u32,
    /// What stands after FROM for the referenced table.
    pub referenced: String,
    /// Referring and referenced columns.
    pub pairs: Vec<ForeignKeyPair>,
}

/// A column of a foreign key and the one it refers to.
#[derive(Debug, Clone, Deserialize)]
pub struct ForeignKeyPair {
    /// The referring column.
    pub child: String,
    /// The referenced column.
    pub parent: String,
    /// The operator by which the constraint compares, the parent to the left.
    pub operator: String,
}

/// A condition.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// Name, unquoted.
    pub name: String,
    /// The expression.
    pub expression: String,
}

/// An exclusion constraint.
#[derive(Debug, Clone, Deserialize)]
pub struct Exclusion {
    /// Name, unquoted.
    pub name: String,
    /// The predicate of a partial constraint.
    pub predicate: Option<String>,
    /// What is compared, and how.
    pub parts: Vec<ExclusionPart>,
}

/// A column or expression of an exclusion constraint.
#[derive(Debug, Clone, Deserialize)]
pub struct ExclusionPart {
    /// The column or expression.
    pub expression: String,
    /// Whether it is a range.
    pub range: bool,
    /// The operator that two rows must not all satisfy.
    pub operator: String,
}

/// A sequence.
#[derive(Debug, Clone, Deserialize)]
pub struct Sequence {
    /// Name with schema.
    pub name: String,
    /// The column it numbers.
    pub column: String,
    /// INCREMENT BY.
    pub increment: i64,
    /// CYCLE: reuse of values is wanted.
    pub cycles: bool,
}
