//! Columns of public schemas, labelled by hand: `tests/data/columns`.

use std::collections::HashMap;

use serde::Deserialize;

use super::{ColumnContext, TypeClass, meaning_of};

/// Share of columns that must be given a meaning of the kind a reader expects, of those that were worked with: so many
/// are, and it must not fall.
const LEAST_RIGHT: f64 = 0.92;

/// The same of columns that nobody had seen while meanings were written: 0.868 of them when they were measured unseen.
const LEAST_RIGHT_UNSEEN: f64 = 0.92;

#[derive(Deserialize)]
struct Triple {
    half: String,
    table: String,
    column: String,
    r#type: String,
    siblings: String,
    kinds: String,
}

/// What was found for the columns of one half.
#[derive(Default)]
struct Score {
    right: usize,
    open: Vec<String>,
    wrong: Vec<String>,
}

impl Score {
    fn of(half: &str) -> Self {
        let kinds: HashMap<String, String> = rows(&listed("kinds")).collect();
        let mut score = Self::default();
        for triple in rows::<Triple>(&listed("triples")).filter(|triple| triple.half == half) {
            score.judge(&triple, &kinds);
        }
        score
    }

    fn judge(&mut self, triple: &Triple, kinds: &HashMap<String, String>) {
        let siblings: Vec<&str> = triple.siblings.split('|').collect();
        let found = meaning_of(&ColumnContext {
            table_name: &triple.table,
            column_name: &triple.column,
            type_class: triple.r#type.parse().unwrap_or(TypeClass::Other),
            comment: None,
            parent_tables: &[],
            sibling_columns: &siblings,
            pack: None,
            fields: None,
        });
        let place = format!("{}.{} {} ({})", triple.table, triple.column, triple.r#type, triple.kinds);
        match found {
            None => self.open.push(place),
            Some(found) => {
                let id = &found.meaning.id;
                let alike = kinds.get(id).unwrap_or_else(|| panic!("kinds.csv does not say what kind {id} is"));
                if alike.split('/').any(|kind| triple.kinds.split('/').any(|wanted| wanted == kind)) {
                    self.right += 1;
                } else {
                    self.wrong.push(format!("{place}: {id} ({})", found.reason));
                }
            }
        }
    }

    /// Fails, with the misses, where too few are right or any would hold values of another kind.
    fn demand(&self, columns: usize, least: f64) {
        let all = self.right + self.open.len() + self.wrong.len();
        let share = self.right as f64 / all as f64;
        println!("{} of {all} right, {} open, {} wrong", self.right, self.open.len(), self.wrong.len());
        println!("open:\n  {}\nwrong:\n  {}", self.open.join("\n  "), self.wrong.join("\n  "));
        assert!(all == columns && share >= least, "{} of {all} right", self.right);
        assert!(self.wrong.is_empty(), "{} of a wrong kind", self.wrong.len());
    }
}

fn listed(name: &str) -> String {
    let file = format!("{}/tests/data/columns/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn rows<T: serde::de::DeserializeOwned>(text: &str) -> impl Iterator<Item = T> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(|row| row.expect("a row of the list"))
}

#[test]
fn columns_that_were_worked_with_get_the_meaning_a_reader_expects() {
    Score::of("fixed").demand(1000, LEAST_RIGHT);
}

#[test]
fn columns_that_were_held_out_get_the_meaning_a_reader_expects() {
    Score::of("held out").demand(250, LEAST_RIGHT_UNSEEN);
}
