//! Which of a table's rows runs wrote, in two parts: the ledger says which keys (as the extension's owner),
//! a statement built here counts the rows that bear them (as the caller, in one pass, O(rows x log blocks)).
//!
//! Rows no run wrote = [`rows`] less, for a single integer key, [`rows_in_blocks`] for each row of
//! `WRITTEN_RANGES`; for any other key, [`rows_with_keys`] for each row of `WRITTEN_VALUES`; without a key,
//! `INSERTED_ROWS`, but never below 0. Keys of rows that were deleted since count nothing.

/// A column of a primary key, as `KEY_COLUMNS` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// Name, quoted where needed.
    pub name: String,
    /// Type, as `format_type` prints it.
    pub data_type: String,
    /// smallint, integer or bigint.
    pub integer: bool,
}

/// Counts a table's rows; those of inheritance children are theirs. `table` is qualified and quoted.
pub fn rows(table: &str, oid: u32) -> String {
    fill(include_str!("../../sql/ledger/rows.sql"), table, oid, &[])
}

/// Counts the rows whose integer key lies in blocks: `$1` step, `$2` residue, `$3` firsts, `$4` lasts, as `WRITTEN_RANGES` gives them.
pub fn rows_in_blocks(table: &str, oid: u32, key: &KeyColumn) -> String {
    fill(include_str!("../../sql/ledger/rows_in_blocks.sql"), table, oid, &[("{key}", &key.name)])
}

/// Counts the rows whose key is listed: `$1` JSON array of keys, as `WRITTEN_VALUES` gives them.
pub fn rows_with_keys(table: &str, oid: u32, key: &[KeyColumn]) -> String {
    let typed: Vec<String> =
        key.iter().enumerate().map(|(place, column)| format!("(listed.parts ->> {place})::{} as part_{place}", column.data_type)).collect();
    let equal: Vec<String> =
        key.iter().enumerate().map(|(place, column)| format!("stored.{} = listed.part_{place}", column.name)).collect();
    let values = [("{typed}", typed.join(", ")), ("{equal}", equal.join(" and "))];
    fill(include_str!("../../sql/ledger/rows_with_keys.sql"), table, oid, &values.each_ref().map(|(k, v)| (*k, v.as_str())))
}

fn fill(template: &str, table: &str, oid: u32, values: &[(&str, &str)]) -> String {
    let own = template.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    let filled = values.iter().fold(own, |text, (name, value)| text.replace(name, value));
    filled.replace("{oid}", &oid.to_string()).replace("{table}", table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_as_their_own_type() {
        let key = [
            KeyColumn { name: "\"Key\"".into(), data_type: "uuid".into(), integer: false },
            KeyColumn { name: "n".into(), data_type: "numeric(4,1)".into(), integer: false },
        ];
        let statement = rows_with_keys("s.t", 7, &key);
        assert!(statement.contains("(listed.parts ->> 1)::numeric(4,1) as part_1"), "{statement}");
        assert!(statement.contains("stored.\"Key\" = listed.part_0 and stored.n = listed.part_1"), "{statement}");
        assert!(!statement.contains('{'), "{statement}");
    }
}
