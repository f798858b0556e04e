//! The rows that a model writes, table by table in batches, and which batches wait for which.

use std::collections::{BTreeMap, HashMap};

use crate::engine::catalog::TableId;
use crate::engine::error::Error;
use crate::engine::model::asking::{self, AskedColumn, AskedTable};
use crate::engine::model::content::known;
use crate::engine::model::{ContentColumn, Setup, author, content, facts};
use crate::engine::plan::RowIndex;
use crate::engine::rows::Rows;

/// Rows looked at between two questions whether the user cancelled.
const ROWS_BETWEEN: u64 = 64;

/// A table that a model writes into.
#[derive(Debug)]
pub(super) struct WrittenTable {
    pub(super) table: TableId,
    pub(super) columns: Vec<ContentColumn>,
    pub(super) asked: Vec<AskedColumn>,
    pub(super) told: AskedTable,
    /// Its batches, by their place in `Batches::batches`.
    pub(super) batches: std::ops::Range<usize>,
    /// Rows that are composed of a vocabulary, at least; none: there is no more to write.
    pub(super) further: u64,
    /// Questions for vocabularies.
    pub(super) parts: Vec<author::AuthorPart>,
}

/// A row to write.
#[derive(Debug, Clone)]
pub(super) struct BatchRow {
    pub(super) index: RowIndex,
    /// By content column: the cell stays NULL.
    pub(super) empty: Vec<bool>,
}

/// Rows that are asked for together.
#[derive(Debug)]
pub(super) struct Batch {
    /// Place of its table in `Batches::tables`.
    pub(super) place: usize,
    /// From 1.
    pub(super) number: u32,
    pub(super) rows: Vec<BatchRow>,
    /// Batches that wait for this one.
    pub(super) dependents: Vec<usize>,
    /// Batches that this one waits for and that are not settled.
    pub(super) waits: usize,
}

/// All of a run's batches.
#[derive(Debug, Default)]
pub(super) struct Batches {
    pub(super) tables: Vec<WrittenTable>,
    pub(super) batches: Vec<Batch>,
}

impl Batches {
    /// Finds the rows to write. They are taken in the order in which rows are numbered, not by their time: then
    /// neither another end of the data nor further rows change which stand in a batch together.
    pub(super) fn gather(rows: &mut Rows, setup: &Setup, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<Self, Error> {
        let mut found = Self::default();
        for table in rows.plan.order.clone() {
            let columns = content(rows.plan, table);
            if !columns.is_empty() {
                found.add_table(rows, setup, table, columns, interrupted)?;
            }
        }
        found.connect(rows, interrupted)?;
        rows.settle();
        Ok(found)
    }

    fn add_table(
        &mut self,
        rows: &mut Rows,
        setup: &Setup,
        table: TableId,
        columns: Vec<ContentColumn>,
        interrupted: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut to_write, mut further) = (Vec::new(), 0);
        let made = rows.layouts[table].made;
        for slot in 0..made {
            if slot % ROWS_BETWEEN == 0 {
                interrupted()?;
            }
            let index = rows.layouts[table].index_of_slot(slot);
            let empty: Vec<bool> = columns.iter().map(|content| rows.cell(table, index, content.column).is_null()).collect();
            if empty.iter().all(|empty| *empty) {
                continue;
            }
            if to_write.len() as u64 >= setup.rows_per_table {
                further = made - slot;
                break;
            }
            to_write.push(BatchRow { index, empty });
        }
        if to_write.is_empty() && further == 0 {
            return Ok(());
        }
        let first = self.batches.len();
        for (number, chunk) in to_write.chunks(setup.batch_rows.max(1) as usize).enumerate() {
            let (place, number) = (self.tables.len(), number as u32 + 1);
            self.batches.push(Batch { place, number, rows: chunk.to_vec(), dependents: Vec::new(), waits: 0 });
        }
        let plan = rows.plan;
        let asked: Vec<AskedColumn> = columns.iter().map(|content| asking::column(plan, table, content, setup.share)).collect();
        let parts = if further > 0 { author::parts(plan, table, &columns) } else { Vec::new() };
        let told = asking::table(plan, table, setup.share);
        self.tables.push(WrittenTable { table, columns, asked, told, batches: first..self.batches.len(), further, parts });
        Ok(())
    }

    /// A batch waits for those that write what is told of its rows' parents: of a table in which a told value is unique,
    /// for all of them, because which row keeps a value is known at the end.
    fn connect(&mut self, rows: &mut Rows, interrupted: &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error> {
        let mut batch_of: HashMap<(TableId, RowIndex), usize> = HashMap::new();
        for (number, batch) in self.batches.iter().enumerate() {
            let table = self.tables[batch.place].table;
            batch_of.extend(batch.rows.iter().map(|row| ((table, row.index), number)));
        }
        let mut needs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in 0..self.batches.len() {
            interrupted()?;
            let table = self.tables[self.batches[number].place].table;
            let indexes: Vec<RowIndex> = self.batches[number].rows.iter().map(|row| row.index).collect();
            let mut needed = Vec::new();
            for index in indexes {
                for source in facts::sources(rows, table, index) {
                    if let Some(&other) = batch_of.get(&source) {
                        needed.extend(self.written_with(other));
                    }
                }
            }
            needed.sort_unstable();
            needed.dedup();
            needed.retain(|&other| other != number && self.tells(rows, other));
            needs.insert(number, needed);
        }
        for (number, needed) in needs {
            self.batches[number].waits = needed.len();
            for other in needed {
                self.batches[other].dependents.push(number);
            }
        }
        Ok(())
    }

    /// Counts again what each batch waits for.
    pub(super) fn wait_anew(&mut self) {
        self.batches.iter_mut().for_each(|batch| batch.waits = 0);
        for dependent in self.batches.iter().flat_map(|batch| batch.dependents.clone()).collect::<Vec<_>>() {
            self.batches[dependent].waits += 1;
        }
    }

    fn written_with(&self, batch: usize) -> Vec<usize> {
        let table = &self.tables[self.batches[batch].place];
        if table.columns.iter().any(|content| content.unique) { table.batches.clone().collect() } else { vec![batch] }
    }

    /// Whether rows that refer to a batch's rows are told what is written there.
    fn tells(&self, rows: &Rows, batch: usize) -> bool {
        let table = &self.tables[self.batches[batch].place];
        (0..table.columns.len()).any(|column| is_told(rows, table, column))
    }
}

/// Whether rows that refer to a table's rows are told one of its written columns.
pub(super) fn is_told(rows: &Rows, table: &WrittenTable, column: usize) -> bool {
    let meaning = rows.plan.meanings[table.table][table.columns[column].column];
    meaning.and_then(known).is_some_and(|known| !known.tell.is_empty())
}
