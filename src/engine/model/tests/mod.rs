//! The whole dialogue against a model of ten lines.

mod asked;
mod replay;
mod replies;
mod told;
mod vocabulary;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::engine::arguments::Arguments;
use crate::engine::catalog::{Catalog, ColumnId, TableId};
use crate::engine::error::Error;
use crate::engine::fixture;
use crate::engine::model::{
    Access, Answer, Authorship, Dialogue, Failure, FailureKind, Forecast, Mode, Prepared, Question, Setup, Share, Templates, prepare,
};
use crate::engine::plan::{Inputs, Plan, Stored, TableState};
use crate::engine::port::{LanguageModel, Observer};
use crate::engine::rows::Rows;
use crate::engine::rules;
use crate::engine::value::{MICROS_PER_DAY, Value};

const SHOP: &str = include_str!("../../../../tests/data/model/shop.sql");

/// What a scripted model makes of a question and of the reply it would well give.
type Script = Box<dyn Fn(&Question, Json) -> Result<String, Failure>>;

/// A model that answers from the schema, or as its script says. Eight questions are under way, the last is answered first.
struct Fake {
    stored: BTreeMap<String, String>,
    asked: Vec<Question>,
    verdicts: Vec<&'static str>,
    script: Script,
}

impl Fake {
    fn new() -> Self {
        Self { stored: BTreeMap::new(), asked: Vec::new(), verdicts: Vec::new(), script: Box::new(|_, reply| Ok(reply.to_string())) }
    }

    fn scripted(script: impl Fn(&Question, Json) -> Result<String, Failure> + 'static) -> Self {
        Self { script: Box::new(script), ..Self::new() }
    }

    fn answer(&mut self, question: &Question, mode: Mode) -> Result<Answer, Failure> {
        if let Some(text) = self.stored.get(&question.key) {
            return Ok(Answer { text: text.clone(), truncated: false, replayed: true });
        }
        if mode == Mode::Replay {
            return Err(Failure { kind: FailureKind::NotStored, message: "not stored".into() });
        }
        self.asked.push(question.clone());
        let text = (self.script)(question, from_schema(question))?;
        self.stored.insert(question.key.clone(), text.clone());
        Ok(Answer { text, truncated: false, replayed: false })
    }
}

impl LanguageModel for Fake {
    fn access(&mut self, _wanted: Option<&str>) -> Result<Access, Error> {
        Ok(Access::None("unused".into()))
    }

    fn stored(&mut self, keys: &[String]) -> Result<Vec<bool>, Error> {
        Ok(keys.iter().map(|key| self.stored.contains_key(key)).collect())
    }

    fn converse(&mut self, run_id: i64, mode: Mode, _model: &str, dialogue: &mut dyn Dialogue) -> Result<(), Error> {
        let mut under_way: Vec<Question> = Vec::new();
        loop {
            while under_way.len() < 8
                && let Some(question) = dialogue.next()?
            {
                under_way.push(question);
            }
            let Some(question) = under_way.pop() else { return Ok(()) };
            let answer = self.answer(&question, mode);
            let verdict = dialogue.answered(&question, answer)?;
            if run_id > 0 {
                self.verdicts.push(verdict.outcome);
            }
        }
    }
}

impl Observer for Fake {
    fn notice(&mut self, _text: &str) {}

    fn interrupted(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// A reply such as a good model gives: as many rows as asked, each value different.
fn from_schema(question: &Question) -> Json {
    let properties = question.schema["properties"].as_object().expect("the schema has properties");
    let Some(rows) = properties.get("rows") else { return vocabulary(properties) };
    let count: usize = number_in(rows["description"].as_str().expect("described"));
    let asked = rows["items"]["properties"].as_object().expect("rows have properties");
    let row = |line: usize| {
        let cell = |(name, schema): (&String, &Json)| {
            let integer = schema["type"] == "integer" || schema["type"][0] == "integer";
            let value = match (name == "row", integer) {
                (true, _) => json!(line + 1),
                (_, true) => json!(line % 2 + 1),
                _ => json!(format!("{} {}{line} {}", said(line), &question.key[..6], said(name.len()))),
            };
            (name.clone(), value)
        };
        Json::Object(asked.iter().map(cell).collect())
    };
    json!({"rows": (0..count).map(row).collect::<Vec<_>>()})
}

fn vocabulary(properties: &Map<String, Json>) -> Json {
    let words = |list: &str| (0..40).map(|at| format!("{list}{at}")).collect::<Vec<_>>();
    let patterns: Vec<String> = (0..24).map(|at| format!("{} {{a}} was {{b}}. {} so {{c}}!", said(at), said(at + 3))).collect();
    let one = json!({"patterns": patterns, "a": words("x"), "b": words("y"), "c": words("z")});
    Json::Object(properties.keys().map(|name| (name.clone(), one.clone())).collect())
}

fn said(number: usize) -> String {
    ["ash", "birch", "cedar", "elder", "fir", "hazel", "juniper"][number % 7].to_owned() + ["", "en", "wood", "leaf"][number / 7 % 4]
}

fn number_in(text: &str) -> usize {
    text.split(' ').find_map(|word| word.parse().ok()).expect("a number")
}

/// A plan of the shop, as a call with these counts makes it.
struct Case {
    ddl: String,
    counts: &'static str,
    rules: Json,
    days: i64,
}

impl Case {
    fn shop() -> Self {
        Self {
            ddl: SHOP.to_owned(),
            counts: "customer 50, product 70, purchase 300, product_review 90",
            rules: json!({"synthgen": 1}),
            days: 9_500,
        }
    }

    fn plan(&self) -> Plan {
        let catalog = fixture::catalog(&self.ddl);
        let (rules, problems) = rules::check(&self.rules, &catalog);
        assert!(rules::refusal(&problems).is_none(), "{problems:?}");
        let arguments = Arguments { target: "s".into(), rows: counts(self.counts), ..Arguments::default() };
        let states = states(&catalog);
        let inputs = Inputs {
            arguments,
            as_of: self.days * MICROS_PER_DAY,
            rules,
            rules_document: self.rules.clone(),
            states,
            samples: BTreeMap::new(),
            lists: crate::engine::vocabulary::Lists::default(),
            catalog,
        };
        Plan::build(inputs).expect("the plan stands")
    }
}

fn counts(text: &str) -> BTreeMap<String, i64> {
    let pairs = text.split(", ").filter_map(|pair| pair.split_once(' '));
    pairs.map(|(name, rows)| (name.to_owned(), rows.parse().expect("a number"))).collect()
}

/// Two reference rows in the first table.
fn states(catalog: &Catalog) -> Vec<TableState> {
    let mut states = vec![TableState::default(); catalog.tables.len()];
    let row = |key: i64, name: &str| vec![Value::Int(key), Value::text(name)];
    states[0].stored = Stored {
        rows: vec![row(1, "Sofas & Armchairs"), row(2, "Kettles & Toasters")],
        weights: vec![1.0, 1.0],
        inserted: 2,
        columns: vec![0, 1],
        ..Stored::default()
    };
    states[0].next_keys.insert(0, 3);
    states
}

fn laid_out(plan: &Plan) -> Rows<'_> {
    let mut rows = Rows::new(plan);
    for table in plan.layout_order() {
        rows.lay_out(table, &mut |_, candidates| Ok(vec![false; candidates.len()]), &mut || Ok(())).expect("it is laid out");
    }
    rows.settle();
    rows
}

fn setup(templates: &Templates, mode: Mode) -> Setup<'_> {
    Setup { model: "fake".into(), batch_rows: 20, rows_per_table: 1_000, share: Share::Structure, templates, mode }
}

fn prepared(rows: &mut Rows, setup: &Setup, model: &mut Fake) -> Prepared {
    prepare(rows, setup, model).expect("what is stored is looked up")
}

fn forecast(case: &Case, model: &mut Fake) -> Forecast {
    let (plan, templates) = (case.plan(), Templates::new(&BTreeMap::new()).expect("they are read"));
    let setup = setup(&templates, Mode::Auto);
    let mut rows = laid_out(&plan);
    prepared(&mut rows, &setup, model).forecast(&mut rows, &setup).expect("it is forecast")
}

fn write<'p>(plan: &'p Plan, model: &mut Fake, setup: &Setup) -> Result<(Rows<'p>, Authorship), Error> {
    let mut rows = laid_out(plan);
    let prepared = prepared(&mut rows, setup, model);
    let authorship = {
        let mut writing = prepared.writing(&mut rows, setup)?;
        model.converse(1, setup.mode, "fake", &mut writing)?;
        writing.authorship()
    };
    for table in plan.layout_order() {
        rows.remember_again(table, &mut |_, candidates| Ok(vec![false; candidates.len()]), &mut || Ok(()))?;
    }
    Ok((rows, authorship))
}

/// A table's cells, row by row.
type Cells = Vec<Vec<String>>;

/// All cells of all tables as text, and the rows of each that the model wrote.
fn filled(case: &Case, model: &mut Fake) -> (BTreeMap<String, Cells>, BTreeMap<String, u64>) {
    let (plan, templates) = (case.plan(), Templates::new(&BTreeMap::new()).expect("they are read"));
    let (mut rows, authorship) = write(&plan, model, &setup(&templates, Mode::Auto)).expect("the dialogue ends well");
    let cells = (0..plan.tables.len()).map(|table| (plan.catalog.tables[table].qualified.clone(), cells(&plan, &mut rows, table)));
    let cells = cells.collect();
    let llm_rows = (0..plan.tables.len()).map(|table| (plan.catalog.tables[table].qualified.clone(), authorship.llm_rows(&rows, table)));
    (cells, llm_rows.collect())
}

fn cells(plan: &Plan, rows: &mut Rows, table: TableId) -> Vec<Vec<String>> {
    let made = rows.layouts[table].stored..rows.layouts[table].rows();
    made.map(|index| (0..plan.tables[table].columns.len()).map(|column| rows.cell(table, index, column).to_string()).collect()).collect()
}

fn place(plan: &Plan, name: &str) -> (TableId, ColumnId) {
    let (table, column) = name.rsplit_once('.').expect("table.column");
    let table = plan.catalog.tables.iter().position(|own| own.qualified == table).expect("the table is there");
    (table, plan.catalog.tables[table].columns.iter().position(|own| own.name == column).expect("the column is there"))
}
