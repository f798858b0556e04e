//! Finds the row that a reference's text names: by its key, by a unique value, by a name, by a path such as `DE/BY`.

use crate::engine::catalog::names::did_you_mean;
use crate::engine::catalog::{Column, ColumnId, ForeignKey, TableId, TypeKind};
use crate::engine::error::{Error, sqlstate};
use crate::engine::literal;
use crate::engine::reference::key;
use crate::engine::reference::parse::single_foreign_key;
use crate::engine::reference::problem::Problem;
use crate::engine::reference::rows::{Found, Rows};

/// What a reference's text comes to.
pub(super) enum Named {
    /// One row.
    One(Found),
    /// So many rows.
    Several(usize),
    /// None.
    Nothing,
}

impl Rows<'_> {
    /// The row of the referenced table that a text names.
    pub(super) fn named(&mut self, foreign_key: &ForeignKey, text: &str) -> Result<Named, Error> {
        let table = foreign_key.referenced_table;
        let key_column = foreign_key.referenced_columns[0];
        let mut several = 0;
        let natural = key::natural_columns(&self.catalog.tables[table]);
        for column in [key_column].into_iter().chain(natural) {
            match self.by_value(table, column, text)? {
                Named::Several(count) => several = several.max(count),
                Named::One(found) => return Ok(Named::One(found)),
                Named::Nothing => {}
            }
        }
        if several > 0 {
            return Ok(Named::Several(several));
        }
        self.by_path(table, text)
    }

    fn by_value(&mut self, table: TableId, column: ColumnId, text: &str) -> Result<Named, Error> {
        let definition: &Column = &self.catalog.tables[table].columns[column];
        let Some(value) = key::spelled_text(definition, text) else { return Ok(Named::Nothing) };
        let found = self.with_value(table, column, &value)?;
        let in_file = found.iter().filter(|found| matches!(found, Found::File(_))).count();
        // A row of the file that is stored already is found twice, and is one.
        Ok(match (found.first(), in_file, found.len()) {
            (None, ..) => Named::Nothing,
            (Some(&first), 1, _) | (Some(&first), 0, 1) => Named::One(first),
            (_, 0, count) | (_, count, _) => Named::Several(count),
        })
    }

    /// A row by a key of several columns, `country/state`, each part again a name where its column is a reference.
    fn by_path(&mut self, table: TableId, text: &str) -> Result<Named, Error> {
        let parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let catalog = self.catalog;
        let keys = key::whole_keys(&catalog.tables[table]).filter(|key| key.columns.len() == parts.len() && parts.len() > 1);
        for unique in keys {
            let found = self.by_columns(table, &unique.columns, &parts)?;
            if let [first, others @ ..] = found.as_slice() {
                return Ok(if others.is_empty() || matches!(first, Found::File(_)) {
                    Named::One(*first)
                } else {
                    Named::Several(found.len())
                });
            }
        }
        Ok(Named::Nothing)
    }

    fn by_columns(&mut self, table: TableId, columns: &[ColumnId], parts: &[&str]) -> Result<Vec<Found>, Error> {
        let mut rows: Option<Vec<Found>> = None;
        for (&column, part) in columns.iter().zip(parts) {
            let here = self.by_part(table, column, part)?;
            rows = Some(match rows {
                None => here,
                Some(before) => before.into_iter().filter(|found| here.contains(found)).collect(),
            });
        }
        Ok(rows.unwrap_or_default())
    }

    /// The rows whose column has a value, or refers to the row that is named so.
    fn by_part(&mut self, table: TableId, column: ColumnId, part: &str) -> Result<Vec<Found>, Error> {
        let catalog = self.catalog;
        let definition = &catalog.tables[table];
        let mut found = match key::spelled_text(&definition.columns[column], part) {
            Some(value) => self.with_value(table, column, &value)?,
            None => Vec::new(),
        };
        let foreign_key = single_foreign_key(definition, column).map(|place| &definition.foreign_keys[place]);
        if let Some(foreign_key) = foreign_key.filter(|foreign_key| foreign_key.referenced_table != table)
            && let Named::One(parent) = self.named(foreign_key, part)?
        {
            let value = self.value(foreign_key.referenced_table, parent, foreign_key.referenced_columns[0])?;
            if let Some(value) = key::spelled(&value) {
                let more = self.with_value(table, column, &value)?;
                found.extend(more.into_iter().filter(|row| !found.contains(row)).collect::<Vec<_>>());
            }
        }
        Ok(found)
    }

    /// The problem that a text names no row or several.
    pub(super) fn unnamed(
        &mut self,
        line: u64,
        column: &str,
        foreign_key: &ForeignKey,
        text: &str,
        named: &Named,
    ) -> Result<Problem, Error> {
        let table = foreign_key.referenced_table;
        let referenced = &self.catalog.tables[table];
        if let Named::Several(count) = named {
            let message = format!("{column}: \"{text}\" names {count} rows of {}", referenced.qualified);
            return Ok(Problem::new(line, sqlstate::FOREIGN_KEY, message).hint("Give the key, or a value that only one row has."));
        }
        let problem = Problem::new(line, sqlstate::FOREIGN_KEY, format!("{column}: \"{text}\" names no row of {}", referenced.qualified));
        let mut known = Vec::new();
        for natural in key::natural_columns(referenced) {
            if literal::read(&referenced.columns[natural].data_type.kind, text).is_ok()
                || is_text(&referenced.columns[natural].data_type.kind)
            {
                known.extend(self.values(table, natural)?);
            }
        }
        Ok(Problem { hint: did_you_mean(text, known.iter().map(String::as_str)), ..problem })
    }
}

fn is_text(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Text | TypeKind::Varchar { .. } | TypeKind::Char { .. })
}
