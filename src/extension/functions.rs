//! The SQL functions: convert, call, convert back. Their names, arguments, defaults and comments stand in
//! sql/install/; all work is done before the first row is returned.

use pgrx::pg_sys;
use pgrx::prelude::*;
use serde_json::Value as Json;

use crate::engine::port::Ledger;
use crate::engine::rules::Problem;
use crate::export::Format;
use crate::extension::backend::run;
use crate::extension::call::Call;
use crate::extension::datum::{Document, Text};
use crate::extension::{config, export, model, reference, rights, rules, verify, vocabulary};

#[pg_extern(sql = false)]
fn check_rules(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(path, Text), name!(severity, Text), name!(message, Text), name!(hint, Option<Text>))> {
    let mut call = Call::new(fcinfo);
    let problems = run(|world| rules::problems(world, &call.required::<String>("target")?, &call.required::<Json>("document")?));
    TableIterator::new(problems.into_iter().map(problem_row))
}

#[pg_extern(sql = false)]
fn load_rules(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(path, Text), name!(severity, Text), name!(message, Text), name!(hint, Option<Text>))> {
    let mut call = Call::new(fcinfo);
    let problems = run(|world| rules::load(world, &call.required::<String>("target")?, &call.required::<Json>("document")?));
    TableIterator::new(problems.into_iter().map(problem_row))
}

fn problem_row(problem: Problem) -> (Text, Text, Text, Option<Text>) {
    (problem.path.into(), problem.severity.to_string().into(), problem.message.into(), problem.hint.map(Text))
}

#[pg_extern(sql = false)]
fn load_vocabulary(fcinfo: pg_sys::FunctionCallInfo) -> i64 {
    let mut call = Call::new(fcinfo);
    run(|world| vocabulary::load(world, &call.required::<String>("name")?, &call.required::<String>("csv")?))
}

#[pg_extern(sql = false, name = "rules")]
fn stored_rules(fcinfo: pg_sys::FunctionCallInfo) -> Option<Document> {
    run(|world| world.stored_rules(&Call::new(fcinfo).required::<String>("target")?)).map(Document)
}

#[pg_extern(sql = false)]
fn rules_ir(fcinfo: pg_sys::FunctionCallInfo) -> Option<Document> {
    run(|world| rules::understood(world, &Call::new(fcinfo).required::<String>("target")?)).map(Document)
}

#[pg_extern(sql = false)]
fn reference_ir(fcinfo: pg_sys::FunctionCallInfo) -> Option<Document> {
    run(|world| world.stored_reference(&Call::new(fcinfo).required::<String>("target")?)).map(Document)
}

#[pg_extern(sql = false)]
fn schema_ir(fcinfo: pg_sys::FunctionCallInfo) -> Document {
    Document(run(|world| rules::catalog_document(world, &Call::new(fcinfo).required::<String>("target")?)))
}

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the columns of the result, one by one")]
fn load_reference(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(section, Text),
        name!(line, i32),
        name!(header, Text),
        name!(table_name, Text),
        name!(column_name, Option<Text>),
        name!(row_count, i64),
        name!(note, Text),
    ),
> {
    let mut call = Call::new(fcinfo);
    let notes = run(|world| reference::load(world, &call.required::<String>("target")?, &call.required::<String>("csv")?));
    TableIterator::new(notes.into_iter().map(|n| {
        let (section, header, table, column) = (n.section.into(), n.header.into(), n.table_name.into(), n.column_name.map(Text));
        (section, n.line as i32, header, table, column, n.row_count as i64, n.note.into())
    }))
}

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the columns of the result, one by one")]
fn verify(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(kind, Text),
        name!(object, Text),
        name!(checked, i64),
        name!(violations, i64),
        name!(target_value, Option<Text>),
        name!(achieved, Option<Text>),
        name!(verdict, Text),
        name!(detail, Option<Text>),
    ),
> {
    let mut call = Call::new(fcinfo);
    let findings =
        run(|world| verify::findings(world, &call.required::<String>("target")?, call.optional()?, call.optional()?.unwrap_or(false)));
    TableIterator::new(findings.into_iter().map(|f| {
        let (kind, verdict): (Text, Text) = (f.kind.to_string().into(), f.verdict.to_string().into());
        let [target, achieved, detail] = [f.target_value, f.achieved, f.detail].map(|told| told.map(Text));
        (kind, f.object.into(), f.checked, f.violations, target, achieved, verdict, detail)
    }))
}

#[pg_extern(sql = false)]
fn export_csv(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(table_name, Text), name!(file, Text), name!(row_count, i64), name!(bytes, i64))> {
    let mut call = Call::new(fcinfo);
    let files = run(|world| {
        let (target, directory): (String, String) = (call.required("target")?, call.required("directory")?);
        let run = call.optional()?;
        let format =
            Format { header: call.required("header")?, delimiter: call.required("delimiter")?, null: call.required("null_string")? };
        export::files(world, &target, &directory, run, &format)
    });
    TableIterator::new(files.into_iter().map(|file| (file.table.into(), file.path.into(), file.rows as i64, file.bytes as i64)))
}

#[pg_extern(sql = false)]
fn copy_commands(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, Text> {
    let mut call = Call::new(fcinfo);
    let lines = run(|world| export::lines(world, &call.required::<String>("target")?, &call.required::<String>("directory")?));
    SetOfIterator::new(lines.into_iter().map(Text))
}

#[pg_extern(sql = false)]
fn llm_check(_fcinfo: pg_sys::FunctionCallInfo) -> TableIterator<'static, (name!(item, Text), name!(value, Text))> {
    let findings = run(|world| {
        rights::writing(c"synthgen.llm_check()")?;
        model::check(world)
    });
    TableIterator::new(findings.into_iter().map(|(item, value)| (Text(item), Text(value))))
}

#[pg_extern(sql = false)]
fn llm_forget(_fcinfo: pg_sys::FunctionCallInfo) -> i64 {
    run(|world| {
        rights::writing(c"synthgen.llm_forget()")?;
        model::forget(world)
    })
}

#[pg_extern(sql = false)]
fn export_run(fcinfo: pg_sys::FunctionCallInfo) -> TableIterator<'static, (name!(file, Text), name!(bytes, i64))> {
    let mut call = Call::new(fcinfo);
    let files = run(|world| export::run(world, call.required("run_id")?, &call.required::<String>("directory")?));
    TableIterator::new(files.into_iter().map(|(file, bytes)| (Text(file), bytes as i64)))
}

#[pg_extern(sql = false)]
fn export_config(fcinfo: pg_sys::FunctionCallInfo) -> Document {
    Document(run(|world| config::export(world, &Call::new(fcinfo).required::<String>("target")?)))
}

#[pg_extern(sql = false)]
fn import_config(fcinfo: pg_sys::FunctionCallInfo) -> TableIterator<'static, (name!(item, Text), name!(imported, i64))> {
    let imported = run(|world| config::import(world, &Call::new(fcinfo).required::<Json>("config")?));
    TableIterator::new(imported.into_iter().map(|(item, count)| (item.into(), count)))
}

#[pg_extern(sql = false)]
fn prompt_templates(
    _fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(name, Text), name!(template, Text), name!(built_in, bool))> {
    let templates = run(|world| crate::engine::run::templates(world));
    TableIterator::new(templates.into_iter().map(|(name, template, built_in)| (Text::from(name), Text(template), built_in)))
}
