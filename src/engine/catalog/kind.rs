//! From a row of `pg_type` and a modifier to what the engine makes of the type.

use std::collections::BTreeMap;

use crate::engine::catalog::document::{ColumnRow, TypeRow};
use crate::engine::catalog::{DataType, Domain, TypeKind, spelling};

/// The header that PostgreSQL adds to the length in a character type's or numeric's modifier (VARHDRSZ).
const HEADER: i32 = 4;

/// How deep arrays and composites are looked into.
const MOST_DEPTH: u32 = 4;

/// The types a catalog's columns use, by OID.
pub(super) struct Types(BTreeMap<u32, TypeRow>);

impl Types {
    pub(super) fn new(rows: Vec<TypeRow>) -> Self {
        Self(rows.into_iter().map(|row| (row.oid, row)).collect())
    }

    /// A column's type: its kind under all domains, and these, outermost first.
    pub(super) fn data_type(&self, column: &ColumnRow) -> DataType {
        let domains = self.chain(column.type_oid).map(domain).collect();
        let mut inner = Vec::new();
        self.inner(column.type_oid, &mut inner, MOST_DEPTH);
        DataType { name: column.type_name.clone(), kind: self.kind(column.type_oid, column.modifier), domains, inner }
    }

    /// The domains below an array's elements or a composite's fields.
    fn inner(&self, oid: u32, found: &mut Vec<Domain>, depth: u32) {
        let Some(base) = self.chain(oid).last().map_or(Some(oid), |row| Some(row.base)).and_then(|base| self.0.get(&base)) else { return };
        if depth == 0 {
            return;
        }
        let fields = base.fields.iter().flatten().map(|field| field.r#type);
        for part in fields.chain((base.element != 0).then_some(base.element)) {
            found.extend(self.chain(part).map(domain));
            self.inner(part, found, depth - 1);
        }
    }

    /// The default that a column without one of its own inherits from its domain.
    pub(super) fn default(&self, oid: u32) -> Option<String> {
        self.0.get(&oid)?.default.clone()
    }

    /// The domains from this type down to its base type.
    fn chain(&self, oid: u32) -> impl Iterator<Item = &TypeRow> {
        std::iter::successors(self.0.get(&oid), |row| self.0.get(&row.base)).take_while(|row| row.typtype == "d")
    }

    fn kind(&self, oid: u32, modifier: i32) -> TypeKind {
        let Some(row) = self.0.get(&oid) else { return TypeKind::Other };
        if row.typtype == "d" {
            return self.kind(row.base, row.modifier);
        }
        if let Some(labels) = &row.labels {
            return TypeKind::Enum { labels: labels.clone() };
        }
        // int2vector and oidvector have elements too, but are not written as arrays.
        if row.element != 0 && row.name.ends_with("[]") {
            return TypeKind::Array { element: Box::new(self.kind(row.element, modifier)) };
        }
        if let Some(subtype) = row.subtype {
            return TypeKind::Range { subtype: Box::new(self.kind(subtype, -1)), multi: row.typtype == "m" };
        }
        if let Some(fields) = &row.fields {
            return TypeKind::Composite { fields: fields.iter().map(|field| self.kind(field.r#type, field.modifier)).collect() };
        }
        if row.bare_name == "citext" {
            return TypeKind::Text;
        }
        match built_in(oid, modifier) {
            TypeKind::Other => named(row),
            kind => kind,
        }
    }
}

fn domain(row: &TypeRow) -> Domain {
    let checks = row.checks.iter().flatten().map(super::document::CheckRow::of_domain).collect();
    Domain { name: row.name.clone(), not_null: row.not_null, checks }
}

/// A type of the system or of an extension whose texts the engine can write.
fn named(row: &TypeRow) -> TypeKind {
    if spelling(&row.bare_name).is_some() { TypeKind::Named { name: row.bare_name.clone() } } else { TypeKind::Other }
}

/// Built-in types by their OIDs, which never change.
fn built_in(oid: u32, modifier: i32) -> TypeKind {
    let length = u32::try_from(modifier - HEADER).ok().filter(|_| modifier >= HEADER);
    let precision = u8::try_from(modifier).ok();
    match oid {
        16 => TypeKind::Boolean,
        17 => TypeKind::Bytes,
        // "char" holds one byte.
        18 => TypeKind::Char { length: 1 },
        19 | 25 => TypeKind::Text,
        20 => TypeKind::Integer { bytes: 8 },
        21 => TypeKind::Integer { bytes: 2 },
        23 => TypeKind::Integer { bytes: 4 },
        114 => TypeKind::Json { binary: false },
        650 | 869 => TypeKind::Inet,
        700 => TypeKind::Float { bytes: 4 },
        701 => TypeKind::Float { bytes: 8 },
        790 => TypeKind::Money,
        // bpchar without a length is text that ignores trailing blanks.
        1042 => length.map_or(TypeKind::Text, |length| TypeKind::Char { length }),
        1043 => TypeKind::Varchar { length },
        1082 => TypeKind::Date,
        1083 => TypeKind::Time { zoned: false, precision },
        1114 => TypeKind::Timestamp { zoned: false, precision },
        1184 => TypeKind::Timestamp { zoned: true, precision },
        1186 => TypeKind::Interval,
        1266 => TypeKind::Time { zoned: true, precision },
        1700 => numeric(modifier),
        1560 => TypeKind::Bits { length: Some(u32::try_from(modifier).unwrap_or(1)), varying: false },
        1562 => TypeKind::Bits { length: u32::try_from(modifier).ok(), varying: true },
        2950 => TypeKind::Uuid,
        3802 => TypeKind::Json { binary: true },
        _ => TypeKind::Other,
    }
}

/// `numeric(p, s)`: p in the upper half, s in the lowest 11 bits, signed since PostgreSQL 15.
fn numeric(modifier: i32) -> TypeKind {
    if modifier < HEADER {
        return TypeKind::Numeric { precision: None, scale: None };
    }
    let packed = modifier - HEADER;
    let scale = ((packed & 0x7ff) ^ 1024) - 1024;
    TypeKind::Numeric { precision: Some((packed >> 16) as u16), scale: Some(scale as i16) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_are_unpacked() {
        assert_eq!(built_in(1700, 786_439), TypeKind::Numeric { precision: Some(12), scale: Some(3) });
        assert_eq!(built_in(1700, 133_122), TypeKind::Numeric { precision: Some(2), scale: Some(-2) });
        assert_eq!(built_in(1700, -1), TypeKind::Numeric { precision: None, scale: None });
        assert_eq!(built_in(1043, 54), TypeKind::Varchar { length: Some(50) });
        assert_eq!(built_in(1043, -1), TypeKind::Varchar { length: None });
        assert_eq!(built_in(1042, 9), TypeKind::Char { length: 5 });
        assert_eq!(built_in(1042, -1), TypeKind::Text);
        assert_eq!(built_in(1184, 3), TypeKind::Timestamp { zoned: true, precision: Some(3) });
        assert_eq!(built_in(1114, -1), TypeKind::Timestamp { zoned: false, precision: None });
    }
}
