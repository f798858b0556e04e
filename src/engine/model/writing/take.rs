//! What is taken of a reply, and why the rest is not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::engine::catalog::ColumnId;
use crate::engine::model::exchange::Answer;
use crate::engine::model::writing::Writing;
use crate::engine::model::{check, read};
use crate::engine::plan::RowIndex;
use crate::engine::value::Value;

/// Values that a prompt says not to repeat.
const MOST_AVOIDED: usize = 40;

/// Longest value that is worth saying so of, in characters.
const LONGEST_AVOIDED: usize = 60;

impl Writing<'_, '_> {
    /// Of rows that were given the same unique value in different batches the first keeps it.
    pub(super) fn keep_unique(&mut self, place: usize) {
        let table = &self.batches.tables[place];
        for content in table.columns.iter().filter(|content| content.unique) {
            let mut seen = BTreeSet::new();
            for row in self.batches.batches[table.batches.clone()].iter().flat_map(|batch| &batch.rows) {
                let Some(value) = self.rows.written.cell(table.table, row.index, content.column) else { continue };
                if !seen.insert(value.to_string().to_lowercase()) {
                    self.rows.written.withdraw(table.table, row.index, &[content.column]);
                    self.tallies[place].lost += 1;
                    self.tallies[place].reason = "another row has the same unique value".into();
                }
            }
        }
        self.rows.settle();
    }

    /// Takes what is usable of a reply; tells the cells that are not.
    pub(super) fn take(&mut self, number: usize, answer: &Answer, repair: bool) -> Taken {
        let progress = &self.progress[number];
        let group = progress.groups[progress.at].clone();
        let place = self.batches.batches[number].place;
        let wanted: Vec<(usize, Vec<usize>)> = if repair {
            let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            progress.refused.iter().for_each(|(line, column, _)| wanted.entry(*line).or_default().push(*column));
            wanted.into_iter().collect()
        } else {
            let rows = self.batches.batches[number].rows.iter().enumerate();
            rows.map(|(line, row)| (line, group.iter().copied().filter(|&column| !row.empty[column]).collect())).collect()
        };
        let columns: Vec<usize> =
            group.iter().copied().filter(|column| wanted.iter().any(|(_, own)| own.contains(column)) || !repair).collect();
        let names: Vec<String> = columns.iter().map(|&column| self.batches.tables[place].asked[column].name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = read::rows(&answer.text, &names, wanted.len());
        let mut taken = Taken { extracted: rows.iter().map(|row| extracted(row, &names)).collect(), ..Taken::default() };
        let mut seen = Seen::of(self, number, &group);
        for (asked_line, (line, wanted)) in wanted.into_iter().enumerate() {
            let reply = rows.iter().find(|row| row.line == asked_line);
            for column in wanted {
                let cell = reply.and_then(|row| row.values[columns.iter().position(|own| *own == column)?].as_ref());
                let cell =
                    if reply.is_none() { Err("the row is missing".to_owned()) } else { self.cell(number, line, column, cell, &mut seen) };
                match cell {
                    Ok(()) => taken.cells += 1,
                    Err(reason) => taken.refused.push((line, column, reason)),
                }
            }
            self.test(number, line, &group, &mut taken);
        }
        self.rows.settle();
        taken
    }

    fn cell(&mut self, number: usize, line: usize, column: usize, cell: Option<&Json>, seen: &mut Seen) -> Result<(), String> {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let content = &table.columns[column];
        let value = check::value(self.rows.plan, table.table, content, cell)?;
        let text = value.to_string();
        if !content.repeats && content.options.is_empty() && !seen.values.insert((column, text.to_lowercase())) {
            return Err("another row has the same value".into());
        }
        if !content.repeats && text.chars().count() <= LONGEST_AVOIDED {
            let recent = &mut self.recent[batch.place];
            recent.push_back(text);
            if recent.len() > MOST_AVOIDED {
                recent.pop_front();
            }
        }
        self.rows.written.write(table.table, batch.rows[line].index, content.column, value);
        Ok(())
    }

    /// Takes a row's cells back where the row would break a CHECK that is tested on each row.
    fn test(&mut self, number: usize, line: usize, group: &[usize], taken: &mut Taken) {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let index = batch.rows[line].index;
        let columns: Vec<ColumnId> = group.iter().map(|&column| table.columns[column].column).collect();
        let Some(name) = self.rows.broken_test(table.table, index, &columns) else { return };
        for &column in group {
            if self.rows.written.withdraw(table.table, index, &[table.columns[column].column]) {
                taken.cells -= 1;
                taken.refused.push((line, column, format!("the row breaks the constraint {name}")));
            }
        }
    }
}

/// What was taken of a reply.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) cells: usize,
    pub(super) extracted: Vec<Json>,
    pub(super) refused: Vec<(usize, usize, String)>,
}

/// Values of a batch that other rows of it must not repeat.
struct Seen {
    values: BTreeSet<(usize, String)>,
}

impl Seen {
    fn of(writing: &Writing, number: usize, columns: &[usize]) -> Self {
        let batch = &writing.batches.batches[number];
        let table = &writing.batches.tables[batch.place];
        let cell = |index: RowIndex, column: usize| writing.rows.written.cell(table.table, index, table.columns[column].column);
        let values = batch.rows.iter().flat_map(|row| {
            columns.iter().filter_map(move |&column| Some((column, cell(row.index, column).map(Value::to_string)?.to_lowercase())))
        });
        Self { values: values.collect() }
    }
}

fn extracted(row: &read::ReadRow, names: &[&str]) -> Json {
    let mut object = Map::new();
    object.insert("row".to_owned(), Json::from(row.line + 1));
    object.extend(names.iter().zip(&row.values).filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))));
    Json::Object(object)
}
