//! The questions: of a batch's rows, of what was refused of them, of a vocabulary.

use serde_json::{Map, Value as Json, json};

use crate::engine::catalog::ColumnId;
use crate::engine::error::Error;
use crate::engine::model::asking::{self, AskedColumn};
use crate::engine::model::exchange::Question;
use crate::engine::model::writing::Writing;
use crate::engine::model::{author, facts};

/// Tokens of a reply beside those of its values: braces, keys, numbers.
const TOKENS_AROUND: u32 = 200;

impl Writing<'_, '_> {
    /// The question of a task; `None` where it has nothing to ask.
    pub(in crate::engine::model) fn question(&mut self, number: usize, repair: bool) -> Result<Option<Question>, Error> {
        let progress = &self.progress[number];
        let (columns, refused, first_key) = (progress.groups[progress.at].clone(), progress.refused.clone(), progress.key.clone());
        let kept: Vec<usize> = progress.groups[..progress.at].concat();
        let place = self.batches.batches[number].place;
        let lines = self.lines(number, &columns, &kept, repair.then_some(&refused));
        if lines.is_empty() {
            return Ok(None);
        }
        let columns: Vec<usize> =
            if repair { columns.into_iter().filter(|column| refused.iter().any(|(_, own, _)| own == column)).collect() } else { columns };
        let table = &self.batches.tables[place];
        let asked: Vec<&AskedColumn> = columns.iter().map(|&column| &table.asked[column]).collect();
        let versions = self.setup.templates.version(&["system", if repair { "repair" } else { "write" }]);
        let parts = if repair {
            json!({"repairs": first_key, "wording": versions, "refused": refused})
        } else {
            json!({"model": self.setup.model, "wording": versions, "seed": self.rows.plan.arguments.seed, "table": table.told, "columns": asked,
                   "rows": lines.iter().map(|line| json!([line.identity, line.facts, line.empty])).collect::<Vec<_>>()})
        };
        let key = asking::key(&parts);
        let count = lines.len();
        let nullable = |column: usize| {
            let place = columns[column];
            let definition = &self.rows.plan.catalog.tables[table.table].columns[table.columns[place].column];
            !definition.not_null
        };
        let schema = asking::schema(&asked.iter().enumerate().map(|(at, column)| (*column, nullable(at))).collect::<Vec<_>>(), count);
        let tokens: u32 = columns.iter().map(|&column| table.columns[column].tokens).sum();
        let values = json!({
            "table": table.told, "columns": asked, "asked": asking::listed(&asked), "count": count,
            "rows": lines.iter().enumerate().map(|(at, line)| line.text(at + 1)).collect::<Vec<_>>(),
            "avoid": self.avoided(place, &columns),
        });
        // A survey only looks for keys.
        let prompt =
            if self.is_survey() { String::new() } else { self.setup.templates.render(if repair { "repair" } else { "write" }, values)? };
        Ok(Some(Question {
            key,
            table_oid: self.rows.plan.catalog.tables[table.table].oid,
            table_name: self.rows.plan.catalog.tables[table.table].qualified.clone(),
            batch: self.batches.batches[number].number,
            attempt: if repair { 2 } else { 1 },
            purpose: if repair { "repair" } else { "write" },
            system: self.system.clone(),
            prompt,
            schema,
            most_tokens: TOKENS_AROUND + (tokens * 2 + 16 * columns.len() as u32 + 10) * count as u32,
        }))
    }

    /// The lines of a question: all rows, or those of which something was refused.
    fn lines(&mut self, number: usize, columns: &[usize], kept: &[usize], refused: Option<&Vec<(usize, usize, String)>>) -> Vec<Line> {
        let batch = &self.batches.batches[number];
        let table = &self.batches.tables[batch.place];
        let id = |places: &[usize]| places.iter().map(|&place| table.columns[place].column).collect::<Vec<ColumnId>>();
        let mut lines = Vec::new();
        for (at, row) in batch.rows.iter().enumerate() {
            let reasons: Option<Vec<(usize, &str)>> = refused
                .map(|refused| refused.iter().filter(|(line, ..)| *line == at).map(|(_, column, why)| (*column, why.as_str())).collect());
            if reasons.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let (mut asked, mut kept) = (columns.to_vec(), kept.to_vec());
            if let Some(reasons) = &reasons {
                let wrong = |column: &usize| reasons.iter().any(|(own, _)| own == column);
                kept.extend(asked.iter().copied().filter(|column| !wrong(column) && !row.empty[*column]));
                asked.retain(wrong);
            }
            let mut told = facts::of_row(self.rows, &self.telling, (table.table, row.index), &id(&asked), &id(&kept));
            let own: Vec<ColumnId> = id(&(0..table.columns.len()).filter(|place| !kept.contains(place)).collect::<Vec<_>>());
            for column in own {
                told.remove(&self.rows.plan.catalog.tables[table.table].columns[column].name);
            }
            let name = |column: usize| table.asked[column].name.clone();
            lines.push(Line {
                identity: self.rows.identity(table.table, row.index),
                facts: told,
                empty: columns.iter().filter(|&&column| row.empty[column]).map(|&column| name(column)).collect(),
                refused: reasons.unwrap_or_default().into_iter().map(|(column, why)| (name(column), Json::from(why))).collect(),
            });
        }
        if refused.is_none() && batch.rows.iter().all(|row| columns.iter().all(|&column| row.empty[column])) {
            lines.clear();
        }
        lines
    }

    /// Values of the table that were taken last, of columns in which they should differ. They are told and not part of
    /// the key: which of them are known depends on the order in which replies come in.
    fn avoided(&self, place: usize, columns: &[usize]) -> Option<String> {
        let table = &self.batches.tables[place];
        let differs = columns.iter().any(|&column| !table.columns[column].repeats);
        let recent: Vec<String> = self.recent[place].iter().map(|value| asking::line(&Json::from(value.as_str()))).collect();
        (differs && !recent.is_empty()).then(|| recent.join(", "))
    }

    /// The question for a vocabulary.
    pub(in crate::engine::model) fn author_question(&self, place: usize, part: usize) -> Result<Question, Error> {
        let table = &self.batches.tables[place];
        let plan = self.rows.plan;
        let composed = table.asked.iter().zip(&table.columns).filter(|(_, content)| author::is_composed(plan, table.table, content));
        let written: Vec<&AskedColumn> = composed.map(|(asked, _)| asked).collect();
        let facts: Vec<String> =
            author::facts(plan, table.table, &table.columns).into_iter().map(|(name, _)| format!("{{{name}}}")).collect();
        let about = table.parts[part].about.as_ref().map(|(column, values)| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{} is {}", plan.catalog.tables[table.table].columns[*column].name, values.join(" or "))
        });
        let number = table.parts[part].number;
        let wording = self.setup.templates.version(&["system", "author"]);
        let key = asking::key(&json!({"model": self.setup.model, "wording": wording, "seed": plan.arguments.seed, "author": number,
            "table": table.told, "columns": written, "facts": facts, "about": about}));
        let values = json!({"table": table.told, "columns": written, "facts": facts.join(", "), "about": about, "rows": table.further});
        Ok(Question {
            key,
            table_oid: plan.catalog.tables[table.table].oid,
            table_name: plan.catalog.tables[table.table].qualified.clone(),
            batch: table.batches.len() as u32 + number,
            attempt: 1,
            purpose: "author",
            system: self.system.clone(),
            prompt: self.setup.templates.render("author", values)?,
            schema: author::schema(&written),
            most_tokens: author::TOKENS,
        })
    }
}

/// A line of a question.
struct Line {
    identity: u64,
    facts: facts::Facts,
    empty: Vec<String>,
    refused: Map<String, Json>,
}

impl Line {
    fn text(&self, number: usize) -> String {
        let mut row = Map::new();
        row.insert("row".to_owned(), Json::from(number));
        row.extend(self.facts.iter().map(|(name, value)| (name.clone(), value.clone())));
        if !self.empty.is_empty() {
            row.insert("leave_empty".to_owned(), json!(self.empty));
        }
        if !self.refused.is_empty() {
            row.insert("refused".to_owned(), Json::Object(self.refused.clone()));
        }
        asking::line(&Json::Object(row))
    }
}
