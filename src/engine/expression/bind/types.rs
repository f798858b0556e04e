//! The types that binding tells apart.

use std::sync::Arc;

use crate::engine::catalog::{Catalog, Column, TypeKind};

/// A type, as far as operators and functions depend on it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    /// A literal, or NULL, that takes the type of what it meets.
    Unknown,
    Boolean,
    Integer {
        bytes: u8,
    },
    Numeric,
    Money,
    Float {
        bytes: u8,
    },
    Text(Collation),
    /// char(n): trailing blanks do not count.
    Char(Collation),
    /// citext.
    CaseFolded,
    Date,
    Stamp {
        zoned: bool,
    },
    Time,
    Interval,
    Uuid,
    Enum(Arc<[String]>),
    /// An array, whose elements can be counted.
    Array,
    /// Any other: only IS NULL applies.
    Opaque,
}

/// What orders texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collation {
    /// A literal's, which yields to any other.
    Literal,
    /// By bytes: "C", "POSIX", or a database whose own is.
    Bytes,
    /// The database's, a locale's; equal means same bytes.
    Locale,
    /// A named one, perhaps nondeterministic.
    Other,
}

impl Collation {
    /// From a name as printed, perhaps qualified and quoted.
    pub(super) fn named(name: &str) -> Self {
        let name = name.replace('"', "");
        match name.rsplit('.').next().unwrap_or(&name) {
            "C" | "POSIX" | "ucs_basic" => Self::Bytes,
            "default" => Self::Locale,
            _ if name.starts_with("pg_catalog.") => Self::Locale,
            _ => Self::Other,
        }
    }

    fn of_database(catalog: &Catalog) -> Self {
        match catalog.collation.as_str() {
            "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "C.UTF8" => Self::Bytes,
            _ => Self::Locale,
        }
    }

    /// The collation of an operation on two texts.
    pub(super) fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Literal, collation) | (collation, Self::Literal) => collation,
            (left, right) if left == right => left,
            (Self::Other, _) | (_, Self::Other) => Self::Other,
            _ => Self::Locale,
        }
    }
}

impl Type {
    /// A column's type.
    pub(super) fn of_column(column: &Column, catalog: &Catalog) -> Self {
        let collation = match &column.collation {
            Some(name) => Collation::named(name),
            None => Collation::of_database(catalog),
        };
        let bare = column.data_type.name.rsplit('.').next().unwrap_or_default();
        match bare {
            "citext" => Self::CaseFolded,
            "name" => Self::Text(Collation::Bytes),
            "character" | "bpchar" => Self::Char(collation),
            _ => Self::of_kind(&column.data_type.kind, collation),
        }
    }

    /// A kind's type.
    pub(super) fn of_kind(kind: &TypeKind, collation: Collation) -> Self {
        match kind {
            TypeKind::Boolean => Self::Boolean,
            TypeKind::Integer { bytes } => Self::Integer { bytes: *bytes },
            TypeKind::Numeric { .. } => Self::Numeric,
            TypeKind::Money => Self::Money,
            TypeKind::Float { bytes } => Self::Float { bytes: *bytes },
            TypeKind::Text | TypeKind::Varchar { .. } => Self::Text(collation),
            TypeKind::Char { .. } => Self::Char(collation),
            TypeKind::Date => Self::Date,
            TypeKind::Timestamp { zoned, .. } => Self::Stamp { zoned: *zoned },
            TypeKind::Time { zoned: false, .. } => Self::Time,
            TypeKind::Uuid => Self::Uuid,
            TypeKind::Enum { labels } => Self::Enum(labels.as_slice().into()),
            TypeKind::Array { .. } => Self::Array,
            // Cells of these are texts, which do not compare as the type does.
            TypeKind::Time { zoned: true, .. }
            | TypeKind::Interval
            | TypeKind::Json { .. }
            | TypeKind::Bytes
            | TypeKind::Inet
            | TypeKind::Bits { .. }
            | TypeKind::Range { .. }
            | TypeKind::Composite { .. }
            | TypeKind::Named { .. }
            | TypeKind::Other => Self::Opaque,
        }
    }

    /// The kind that a literal of this type is read as; `None` where the engine has no value for it.
    pub(super) fn reads_as(&self) -> Option<TypeKind> {
        Some(match self {
            Self::Boolean => TypeKind::Boolean,
            Self::Integer { bytes } => TypeKind::Integer { bytes: *bytes },
            Self::Numeric => TypeKind::Numeric { precision: None, scale: None },
            Self::Money => TypeKind::Money,
            Self::Float { bytes } => TypeKind::Float { bytes: *bytes },
            Self::Text(_) | Self::CaseFolded | Self::Unknown => TypeKind::Text,
            Self::Char(_) => TypeKind::Char { length: u32::MAX },
            Self::Date => TypeKind::Date,
            Self::Stamp { zoned } => TypeKind::Timestamp { zoned: *zoned, precision: None },
            Self::Time => TypeKind::Time { zoned: false, precision: None },
            Self::Uuid => TypeKind::Uuid,
            Self::Enum(labels) => TypeKind::Enum { labels: labels.to_vec() },
            Self::Interval | Self::Array | Self::Opaque => return None,
        })
    }

    /// Whether it is a number that arithmetic takes.
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Numeric | Self::Float { .. })
    }
}
