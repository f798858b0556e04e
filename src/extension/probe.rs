//! Functions of test builds only: they drive the ports with made-up rows, so that each can be judged by itself.

use pgrx::prelude::*;
use serde_json::json;

use crate::engine::error::Error;
use crate::engine::model::{Access, Answer, Dialogue, Failure, Mode, Question, Verdict};
use crate::engine::port::{CopyTarget, Database, LanguageModel, Ledger, Observer, Path, RowSink, RowSource, RunStart};
use crate::extension::backend::{self, Backend};

extension_sql!("set local search_path to synthgen, pg_temp;", name = "probes", requires = ["verify"]);

/// `template` once a row, `%` replaced by the row's number; fails after `fail_at` rows.
struct Template {
    parts: Vec<String>,
    next: i64,
    last: i64,
    fail_at: i64,
}

impl RowSource for Template {
    fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<u64, Error> {
        let until = self.last.min(self.next + 255);
        let from = self.next;
        while self.next <= until {
            if self.next == self.fail_at {
                buffer.extend_from_slice(b"half a ro");
                return Err(Error::new("22023", "the source failed").detail("It was told to.").hint("Tell it otherwise."));
            }
            buffer.extend_from_slice(self.parts.join(&self.next.to_string()).as_bytes());
            buffer.push(b'\n');
            self.next += 1;
        }
        Ok((self.next - from) as u64)
    }
}

fn send(world: &mut Backend, table: pg_sys::Oid, columns: &[String], rows: i64, template: &str, fail_at: i64) -> Result<u64, Error> {
    let mut name = String::new();
    let oid = u32::from(table);
    world.rows(Path::Pinned, "select $1::oid::regclass::text", &[Some(&oid.to_string())], &mut |fields| {
        fields[0].unwrap_or_default().clone_into(&mut name);
        Ok(())
    })?;
    let target = CopyTarget { oid, name, columns: columns.to_vec() };
    let parts = template.replace("\\t", "\t").split('%').map(str::to_owned).collect();
    world.copy(&target, &mut Template { parts, next: 1, last: rows, fail_at })
}

/// Copies rows into a table.
#[pg_extern(requires = ["probes"])]
fn probe_copy(relation: pg_sys::Oid, columns: Vec<String>, rows: i64, template: &str, fail_at: default!(i64, 0)) -> i64 {
    backend::run(|world| send(world, relation, &columns, rows, template, fail_at)) as i64
}

/// Copies rows inside a savepoint; what the database said comes back, and the savepoint is rolled back.
#[pg_extern(requires = ["probes"])]
fn probe_refusal(relation: pg_sys::Oid, columns: Vec<String>, rows: i64, template: &str) -> pgrx::JsonB {
    backend::run(|world| {
        world.savepoint()?;
        let outcome = send(world, relation, &columns, rows, template, 0);
        world.rollback()?;
        match outcome {
            Ok(stored) => Ok(pgrx::JsonB(json!({ "stored": stored }))),
            Err(Error::Database(e)) => Ok(pgrx::JsonB(json!({
                "sqlstate": e.sqlstate, "message": e.message, "detail": e.detail, "hint": e.hint, "context": e.context,
                "constraint": e.constraint, "column": e.column, "table": e.table, "line": e.line,
            }))),
            Err(other) => Err(other),
        }
    })
}

/// Fails inside two open savepoints.
#[pg_extern(requires = ["probes"])]
fn probe_left_open(sql: &str) {
    backend::run(|world| {
        world.savepoint()?;
        world.savepoint()?;
        world.execute(Path::Caller, sql, &[])?;
        Err::<(), _>(Error::new("55000", "left open"))
    });
}

/// Runs a query under either path; each row as a JSON array of texts.
#[pg_extern(requires = ["probes"])]
fn probe_rows(sql: &str, pinned: bool, parameters: Vec<Option<String>>) -> SetOfIterator<'static, String> {
    let path = if pinned { Path::Pinned } else { Path::Caller };
    let mut rows = Vec::new();
    backend::run(|world| {
        let given: Vec<Option<&str>> = parameters.iter().map(Option::as_deref).collect();
        world.rows(path, sql, &given, &mut |fields| {
            rows.push(json!(fields).to_string());
            Ok(())
        })
    });
    SetOfIterator::new(rows)
}

/// Works without the database until it is told to stop.
#[pg_extern(requires = ["probes"])]
fn probe_spin() {
    backend::run(|world| {
        loop {
            std::thread::sleep(std::time::Duration::from_millis(2));
            world.interrupted()?;
        }
    })
}

/// Sends a notice.
#[pg_extern(requires = ["probes"])]
fn probe_notice(text: &str) {
    backend::run(|world| {
        world.notice(text);
        Ok(())
    });
}

/// Fails in the way that only a fault of ours can.
#[pg_extern(requires = ["probes"])]
fn probe_fault() {
    backend::run(|_| -> Result<(), Error> { panic!("told to") });
}

/// Asks questions whose keys begin with a prefix; notes what came of each.
struct Questions {
    prefix: String,
    asked: i32,
    count: i32,
    heard: Vec<String>,
}

impl Dialogue for Questions {
    fn next(&mut self) -> Result<Option<Question>, Error> {
        if self.asked == self.count {
            return Ok(None);
        }
        self.asked += 1;
        let row = json!({"type": "object", "properties": {"row": {"type": "integer"}, "title": {"type": "string"}}});
        Ok(Some(Question {
            key: format!("{} {}", self.prefix, self.asked),
            table_oid: 1,
            table_name: "s.t".to_owned(),
            batch: self.asked as u32,
            attempt: 1,
            purpose: "write",
            system: "You write rows.".to_owned(),
            prompt: format!("Batch {} of {}: exactly 2 rows.", self.asked, self.prefix),
            schema: json!({"type": "object", "properties": {"rows": {"type": "array", "items": row}}}),
            most_tokens: 100,
        }))
    }

    fn answered(&mut self, question: &Question, answer: Result<Answer, Failure>) -> Result<Verdict, Error> {
        let (outcome, said) = match answer {
            Ok(answer) => ("ok", format!("{} {}", if answer.replayed { "replayed" } else { "answered" }, answer.text)),
            Err(failure) => ("failed", format!("{:?} {failure}", failure.kind)),
        };
        self.heard.push(format!("{} {said}", question.batch));
        Ok(Verdict { outcome, extracted: Some(json!({"nul": "a\u{0}b"})), rejected: None })
    }
}

/// Begins a run and converses with the model of the session; what came of each question.
#[pg_extern(requires = ["probes"])]
fn probe_converse(mode: &str, questions: i32, prefix: &str) -> SetOfIterator<'static, String> {
    let heard = backend::run(|world| {
        let mut dialogue = Questions { prefix: prefix.to_owned(), asked: 0, count: questions, heard: Vec::new() };
        let model = match world.access(None)? {
            Access::Model { name, .. } => name,
            Access::None(reason) => return Ok(vec![reason]),
        };
        let start =
            RunStart { target: "s".into(), seed: 1, as_of: "2026-01-01T00:00:00Z".into(), arguments: json!({}), algorithm_version: 1 };
        let (run_id, mode) = match mode {
            "look" => (0, Mode::Replay),
            "replay" => (world.begin(&start)?, Mode::Replay),
            _ => (world.begin(&start)?, Mode::Auto),
        };
        world.converse(run_id, mode, &model, &mut dialogue)?;
        Ok(dialogue.heard)
    });
    SetOfIterator::new(heard)
}

/// Whether replies are stored.
#[pg_extern(requires = ["probes"])]
fn probe_stored(keys: Vec<String>) -> Vec<bool> {
    backend::run(|world| world.stored(&keys))
}
