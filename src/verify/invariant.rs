//! Invariants: statements that the plans of runs state about the rows that those runs made.

use super::objects::{Column, Objects, Table};
use super::probe::{Kind, Probe};
use super::template::fill;

/// An invariant as `INVARIANTS` returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invariant {
    /// Its name.
    id: String,
    /// What it speaks of.
    object: String,
    /// A SELECT of one row without WHERE: rows checked, rows that break it. Its rows are those of `t`.
    statement: String,
    /// The table whose rows are `t`.
    table_oid: Option<u32>,
    /// The runs that state it, as PostgreSQL prints an array.
    runs: String,
}

impl Invariant {
    /// Reads a row of `INVARIANTS`; `None` where the plan's document holds something else.
    pub fn read(fields: &[Option<&str>]) -> Option<Self> {
        let text = |place: usize| fields.get(place).copied().flatten();
        Some(Self {
            id: text(0)?.to_owned(),
            object: text(1)?.to_owned(),
            statement: text(2)?.to_owned(),
            table_oid: text(3).and_then(|oid| oid.parse().ok()),
            runs: text(4)?.to_owned(),
        })
    }

    /// Its probe, over the rows that its runs made; over all rows where the table has no primary key to tell them by.
    pub fn probe(&self, objects: &Objects) -> Probe {
        let stated = self.statement.trim().trim_end_matches(';');
        let table = objects.tables.iter().find(|table| Some(table.oid) == self.table_oid);
        let statement = table
            .and_then(|table| self.of_runs(stated, table))
            .unwrap_or_else(|| fill(include_str!("../../sql/verify/invariant.sql"), &[("statement", stated)]));
        let named = self.id.contains(&self.object);
        let object = if named { self.id.clone() } else { format!("{}: {}", self.object, self.id) };
        Probe::new(Kind::Invariant, object, statement)
    }

    fn of_runs(&self, stated: &str, table: &Table) -> Option<String> {
        let key = table.keys.iter().find(|key| key.primary)?;
        let column = |expression: &str| table.columns.iter().find(|column| column.quoted == expression);
        let columns: Vec<&Column> = key.parts.iter().map(|part| column(&part.expression)).collect::<Option<_>>()?;
        let list = |part: &dyn Fn(usize, &Column) -> String| -> String {
            columns.iter().enumerate().map(|(place, column)| part(place, column)).collect::<Vec<_>>().join(", ")
        };
        let in_block = match columns[..] {
            [column] if matches!(column.data_type.as_str(), "smallint" | "integer" | "bigint") => {
                fill(include_str!("../../sql/verify/in_block.sql"), &[("key", &column.quoted)])
            }
            _ => String::new(),
        };
        Some(fill(
            include_str!("../../sql/verify/invariant_rows.sql"),
            &[
                ("statement", stated),
                ("runs", &self.runs),
                ("oid", &table.oid.to_string()),
                ("typed", &list(&|place, column| format!("(listed.parts ->> {place})::{} as part_{place}", column.data_type))),
                ("parts", &list(&|place, _| format!("part_{place}"))),
                ("key", &list(&|_, column| format!("t.{}", column.quoted))),
                ("in_block", &format!("{in_block} ")),
            ],
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objects() -> Objects {
        let column =
            |name: &str, kind: &str| json!({"name": name, "quoted": name, "type": kind, "category": "N", "not_null": true, "domains": []});
        let table = |oid: u32, keys: serde_json::Value| {
            json!({"oid": oid, "schema": "s", "name": "t", "qualified": "s.t", "source": "only s.t", "derived": false,
                "columns": [column("a", "bigint"), column("b", "text")], "keys": keys, "foreign_keys": [], "checks": [],
                "partition_bound": null, "exclusions": [], "sequences": []})
        };
        let key = |parts: &[&str]| {
            let parts: Vec<_> = parts.iter().map(|part| json!({"expression": part, "collation": null})).collect();
            json!([{"name": "k", "primary": true, "nulls_not_distinct": false, "predicate": null, "parts": parts}])
        };
        Objects::parse(&json!({"schemas": ["s"], "tables": [table(1, key(&["a"])), table(2, key(&["a", "b"])), table(3, json!([]))]}))
            .expect("the document is complete")
    }

    fn probe(oid: &str) -> Probe {
        let row = [Some("same parent: s.t"), Some("s.t"), Some("select 3, 1 from s.t t;"), Some(oid), Some("{4,7}")];
        Invariant::read(&row).expect("the row is complete").probe(&objects())
    }

    #[test]
    fn an_invariant_is_asked_of_the_rows_of_its_runs() {
        let single = probe("1").statement;
        assert!(single.contains("run_id = any ('{4,7}') and table_oid = 1 and first_key is not null"), "{single}");
        assert!(single.contains("from (select 3, 1 from s.t t\n      where exists (select from block where t.a between"), "{single}");
        assert!(single.contains("(t.a) in (select part_0 from listed)"), "{single}");
        let double = probe("2").statement;
        assert!(double.contains("where  (t.a, t.b) in (select part_0, part_1 from listed)"), "{double}");
        assert!(!(single + &double).contains("{key}"));
    }

    #[test]
    fn without_a_key_it_is_asked_of_all_rows() {
        for oid in ["3", "9"] {
            let statement = probe(oid).statement;
            assert!(statement.ends_with("from (select 3, 1 from s.t t) as stated (checked, violations)"), "{statement}");
        }
    }

    #[test]
    fn it_is_named_after_what_it_speaks_of() {
        assert_eq!(probe("1").object, "same parent: s.t");
        let row = [Some("sum"), Some("s.t"), Some("select 3, 1"), None, Some("{4}")];
        assert_eq!(Invariant::read(&row).expect("the row is complete").probe(&objects()).object, "s.t: sum");
        assert_eq!(Invariant::read(&[Some("sum")]), None);
    }
}
