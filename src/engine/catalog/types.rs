//! The catalog's nouns. `schema_ir` prints a `Catalog` as JSON.

use serde::{Deserialize, Serialize};

/// Index of a table in `Catalog::tables`.
pub type TableId = usize;
/// Index of a column in `Table::columns`.
pub type ColumnId = usize;
/// Index of a foreign key in `Table::foreign_keys`.
pub type ForeignKeyId = usize;

/// The tables of the target schemas, and the tables outside that they refer to.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct Catalog {
    /// `server_version_num`, e.g. 150018.
    pub server_version: u32,
    /// Encoding of the database, e.g. UTF8.
    pub encoding: String,
    /// Default collation of the database.
    pub collation: String,
    /// The target's schemas in the order given.
    pub schemas: Vec<String>,
    /// Tables by schema and name.
    pub tables: Vec<Table>,
    /// Relations that are left alone, with the reason.
    pub skipped: Vec<Skipped>,
}

/// A relation that is not filled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Skipped {
    /// Schema-qualified, quoted where needed.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Table {
    /// OID.
    pub oid: u32,
    /// Schema, as stored (unquoted).
    pub schema: String,
    /// Name, as stored (unquoted).
    pub name: String,
    /// `quote_ident(schema).quote_ident(name)`: what messages and SQL show.
    pub qualified: String,
    /// `r` table, `p` partitioned, `f` foreign.
    pub kind: String,
    /// COMMENT ON TABLE.
    pub comment: Option<String>,
    /// Whether it is one of the target's own (false: only referred to from there).
    pub in_target: bool,
    /// Persistence: `p` permanent, `u` unlogged, `t` temporary.
    pub persistence: String,
    /// Row-level security applies to the current user.
    pub row_security: bool,
    /// The current user may INSERT into every column that is not generated.
    pub may_insert: bool,
    /// The current user may SELECT.
    pub may_select: bool,
    /// The current user owns it (directly or by role membership).
    pub is_owner: bool,
    /// Columns in attribute order, dropped ones left out.
    pub columns: Vec<Column>,
    /// Primary key.
    pub primary_key: Option<Key>,
    /// Unique constraints and unique indexes other than the primary key.
    pub unique_keys: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK constraints.
    pub checks: Vec<Check>,
    /// Exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Users' triggers that fire on INSERT, those of its partitions among them.
    pub triggers: Vec<Trigger>,
    /// How a partitioned table is divided.
    #[serde(default)]
    pub partitioning: Option<Partitioning>,
}

/// A column.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct Column {
    /// Attribute number.
    pub number: i16,
    /// Name, as stored.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// NOT NULL (of the column or its domain).
    pub not_null: bool,
    /// The default's expression, the column's own or its domain's; of a generated column, what generates it.
    pub default: Option<String>,
    /// `always` or `by default` for identity columns.
    pub identity: Option<String>,
    /// The sequence behind an identity or serial column.
    pub sequence: Option<Sequence>,
    /// GENERATED ALWAYS AS (..) STORED or VIRTUAL.
    pub generated: bool,
    /// Collation, schema-qualified, when not the type's default.
    pub collation: Option<String>,
    /// COMMENT ON COLUMN.
    pub comment: Option<String>,
}

/// A column's type.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct DataType {
    /// As `format_type` prints it with the modifier, e.g. `numeric(10,2)`.
    pub name: String,
    /// What the engine makes of it: the kind of the type under all domains.
    pub kind: TypeKind,
    /// Domains between the column and its base type, outermost first.
    pub domains: Vec<Domain>,
    /// Domains of an array's elements or a composite's fields, at any depth.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Domain>,
}

/// A type's kind, with its modifiers.
#[derive(Debug, Clone, Serialize, Deserialize, Default, PartialEq)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TypeKind {
    /// boolean
    Boolean,
    /// smallint, integer, bigint: bytes 2, 4, 8
    Integer {
        /// Width in bytes.
        bytes: u8,
    },
    /// numeric
    Numeric {
        /// Digits in all.
        precision: Option<u16>,
        /// Digits after the point.
        scale: Option<i16>,
    },
    /// money
    Money,
    /// real, double precision: bytes 4, 8
    Float {
        /// Width in bytes.
        bytes: u8,
    },
    /// text, citext, name
    Text,
    /// varchar(n)
    Varchar {
        /// Longest length in characters.
        length: Option<u32>,
    },
    /// char(n)
    Char {
        /// Length in characters.
        length: u32,
    },
    /// date
    Date,
    /// timestamp, timestamptz
    Timestamp {
        /// With time zone.
        zoned: bool,
        /// Digits of the second's fraction, where the type says (else 6).
        #[serde(default)]
        precision: Option<u8>,
    },
    /// time, timetz
    Time {
        /// With time zone.
        zoned: bool,
        /// Digits of the second's fraction, where the type says (else 6).
        #[serde(default)]
        precision: Option<u8>,
    },
    /// interval
    Interval,
    /// uuid
    Uuid,
    /// json, jsonb
    Json {
        /// jsonb.
        binary: bool,
    },
    /// bytea
    Bytes,
    /// inet, cidr
    Inet,
    /// An enum with its labels in order.
    Enum {
        /// Labels in order.
        labels: Vec<String>,
    },
    /// An array.
    Array {
        /// The element's kind.
        element: Box<TypeKind>,
    },
    /// bit(n), varbit(n)
    Bits {
        /// Exact (bit) or greatest (varbit) length.
        length: Option<u32>,
        /// varbit.
        varying: bool,
    },
    /// A range, or a multirange.
    Range {
        /// The bounds' kind.
        subtype: Box<TypeKind>,
        /// A multirange.
        multi: bool,
    },
    /// A composite type.
    Composite {
        /// Its fields' kinds in order.
        fields: Vec<TypeKind>,
    },
    /// A type that the engine knows by its bare name only: its values are texts.
    Named {
        /// The name, without schema and modifier.
        name: String,
    },
    /// Any other type, by the name format_type prints.
    #[default]
    Other,
}

/// A domain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Domain {
    /// Name, qualified and quoted.
    pub name: String,
    /// NOT NULL.
    pub not_null: bool,
    /// Its CHECKs over `VALUE`.
    pub checks: Vec<Check>,
}

/// A sequence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sequence {
    /// Name, qualified and quoted.
    pub name: String,
    /// OID.
    pub oid: u32,
    /// INCREMENT BY.
    pub increment: i64,
    /// MINVALUE.
    pub minimum: i64,
    /// MAXVALUE.
    pub maximum: i64,
    /// START WITH.
    pub start: i64,
}

/// A primary key, unique constraint or unique index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Key {
    /// Name of the constraint or index.
    pub name: String,
    /// Columns in index order; empty where an expression takes part.
    pub columns: Vec<ColumnId>,
    /// Expressions of the index, as printed, where any takes part.
    pub expressions: Vec<String>,
    /// The predicate of a partial index.
    pub predicate: Option<String>,
    /// NULLS NOT DISTINCT.
    pub nulls_not_distinct: bool,
    /// DEFERRABLE.
    pub deferrable: bool,
}

/// A foreign key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Name of the constraint.
    pub name: String,
    /// Referring columns.
    pub columns: Vec<ColumnId>,
    /// The referenced table (always in `Catalog::tables`, perhaps not `in_target`).
    pub referenced_table: TableId,
    /// Referenced columns, pairwise.
    pub referenced_columns: Vec<ColumnId>,
    /// MATCH FULL.
    pub match_full: bool,
    /// DEFERRABLE.
    pub deferrable: bool,
    /// NOT NULL in every column: the reference always holds.
    pub mandatory: bool,
    /// A constraint says so; else only the column's name does.
    pub declared: bool,
}

/// A CHECK constraint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Check {
    /// Name of the constraint.
    pub name: String,
    /// The expression as `pg_get_expr` prints it under a pinned path, without CHECK ( ).
    pub expression: String,
    /// Columns it names (empty for domains).
    pub columns: Vec<ColumnId>,
}

/// An exclusion constraint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exclusion {
    /// Name of the constraint.
    pub name: String,
    /// As `pg_get_constraintdef` prints it.
    pub definition: String,
}

/// A trigger that fires on INSERT.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trigger {
    /// Name.
    pub name: String,
    /// As `pg_get_triggerdef` prints it.
    pub definition: String,
    /// BEFORE.
    pub before: bool,
    /// FOR EACH ROW.
    pub each_row: bool,
}

/// How a partitioned table is divided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Partitioning {
    /// `list`, `range` or `hash`.
    pub strategy: String,
    /// As `pg_get_partkeydef` prints it, e.g. `RANGE (at)`.
    pub key: String,
    /// Columns of the key; empty where an expression takes part.
    pub columns: Vec<ColumnId>,
    /// The leaves at every depth, by name: a row that none of them takes is refused.
    pub partitions: Vec<Partition>,
}

/// A leaf of a partitioned table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Partition {
    /// Name, qualified and quoted.
    pub name: String,
    /// OID.
    pub oid: u32,
    /// As written after `FOR VALUES`, or `DEFAULT`: the innermost level's only.
    pub bound: String,
    /// The whole condition on a row, all levels together; `None` where it takes any.
    pub condition: Option<String>,
}
