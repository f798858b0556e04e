//! Tables in which migration tools keep their own books: never filled.

use std::sync::LazyLock;

/// A table of a migration tool.
struct Entry {
    /// Its name in lower case.
    table: &'static str,
    /// Columns it must have, in lower case, where the name alone says too little.
    columns: Vec<&'static str>,
    /// The tool.
    tool: &'static str,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    include_str!("data/bookkeeping.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (table, rest) = line.split_once(',')?;
            let (columns, tool) = rest.split_once(',')?;
            Some(Entry { table, columns: columns.split(';').filter(|column| !column.is_empty()).collect(), tool })
        })
        .collect()
});

/// The migration tool whose books a table of this name and these columns is, if it is one's.
pub(super) fn tool_of(table: &str, columns: &[&str]) -> Option<&'static str> {
    let name = table.to_lowercase();
    let has = |wanted: &str| columns.iter().any(|column| column.to_lowercase() == wanted);
    ENTRIES.iter().find(|entry| entry.table == name && entry.columns.iter().all(|column| has(column))).map(|entry| entry.tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_known_by_its_table_in_any_case() {
        assert_eq!(tool_of("__EFMigrationsHistory", &[]), Some("Entity Framework"));
        assert_eq!(tool_of("invoice", &[]), None);
    }

    #[test]
    fn a_common_name_needs_the_tools_columns_too() {
        assert_eq!(tool_of("migrations", &["id", "birds"]), None);
        assert_eq!(tool_of("migrations", &["id", "migration", "batch"]), Some("Laravel"));
    }
}
