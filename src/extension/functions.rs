//! The SQL functions: convert, call, convert back. Their names, arguments, defaults and comments stand in
//! sql/install/; all work is done before the first row is returned.

use pgrx::prelude::*;
use pgrx::{JsonB, pg_sys};

use crate::engine::port::Ledger;
use crate::engine::rules::Problem;
use crate::export::Format;
use crate::extension::backend::run;
use crate::extension::call::Call;
use crate::extension::{export, model, reference, rights, rules, verify, vocabulary};

#[pg_extern(sql = false)]
fn check_rules(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(path, String), name!(severity, String), name!(message, String), name!(hint, Option<String>))> {
    let mut call = Call::new(fcinfo);
    let problems = run(|world| rules::problems(world, &call.required::<String>("target")?, &call.required::<JsonB>("document")?.0));
    TableIterator::new(problems.into_iter().map(problem_row))
}

#[pg_extern(sql = false)]
fn load_rules(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(path, String), name!(severity, String), name!(message, String), name!(hint, Option<String>))> {
    let mut call = Call::new(fcinfo);
    let problems = run(|world| rules::load(world, &call.required::<String>("target")?, &call.required::<JsonB>("document")?.0));
    TableIterator::new(problems.into_iter().map(problem_row))
}

fn problem_row(problem: Problem) -> (String, String, String, Option<String>) {
    (problem.path, problem.severity.to_string(), problem.message, problem.hint)
}

#[pg_extern(sql = false)]
fn load_vocabulary(fcinfo: pg_sys::FunctionCallInfo) -> i64 {
    let mut call = Call::new(fcinfo);
    run(|world| vocabulary::load(world, &call.required::<String>("name")?, &call.required::<String>("csv")?))
}

#[pg_extern(sql = false, name = "rules")]
fn stored_rules(fcinfo: pg_sys::FunctionCallInfo) -> Option<JsonB> {
    run(|world| world.stored_rules(&Call::new(fcinfo).required::<String>("target")?)).map(JsonB)
}

#[pg_extern(sql = false)]
fn rules_ir(fcinfo: pg_sys::FunctionCallInfo) -> Option<JsonB> {
    run(|world| rules::understood(world, &Call::new(fcinfo).required::<String>("target")?)).map(JsonB)
}

#[pg_extern(sql = false)]
fn reference_ir(fcinfo: pg_sys::FunctionCallInfo) -> Option<JsonB> {
    run(|world| world.stored_reference(&Call::new(fcinfo).required::<String>("target")?)).map(JsonB)
}

#[pg_extern(sql = false)]
fn schema_ir(fcinfo: pg_sys::FunctionCallInfo) -> JsonB {
    JsonB(run(|world| rules::catalog_document(world, &Call::new(fcinfo).required::<String>("target")?)))
}

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the columns of the result, one by one")]
fn load_reference(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(section, String),
        name!(line, i32),
        name!(header, String),
        name!(table_name, String),
        name!(column_name, Option<String>),
        name!(row_count, i64),
        name!(note, String),
    ),
> {
    let mut call = Call::new(fcinfo);
    let notes = run(|world| reference::load(world, &call.required::<String>("target")?, &call.required::<String>("csv")?));
    TableIterator::new(
        notes.into_iter().map(|n| (n.section, n.line as i32, n.header, n.table_name, n.column_name, n.row_count as i64, n.note)),
    )
}

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the columns of the result, one by one")]
fn verify(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(kind, String),
        name!(object, String),
        name!(checked, i64),
        name!(violations, i64),
        name!(target_value, Option<String>),
        name!(achieved, Option<String>),
        name!(verdict, String),
        name!(detail, Option<String>),
    ),
> {
    let mut call = Call::new(fcinfo);
    let findings =
        run(|world| verify::findings(world, &call.required::<String>("target")?, call.optional(), call.optional().unwrap_or(false)));
    TableIterator::new(
        findings
            .into_iter()
            .map(|f| (f.kind.to_string(), f.object, f.checked, f.violations, f.target_value, f.achieved, f.verdict.to_string(), f.detail)),
    )
}

#[pg_extern(sql = false)]
fn export_csv(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(table_name, String), name!(file, String), name!(row_count, i64), name!(bytes, i64))> {
    let mut call = Call::new(fcinfo);
    let files = run(|world| {
        let (target, directory): (String, String) = (call.required("target")?, call.required("directory")?);
        let run = call.optional();
        let format =
            Format { header: call.required("header")?, delimiter: call.required("delimiter")?, null: call.required("null_string")? };
        export::files(world, &target, &directory, run, &format)
    });
    TableIterator::new(files.into_iter().map(|file| (file.table, file.path, file.rows as i64, file.bytes as i64)))
}

#[pg_extern(sql = false)]
fn copy_commands(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, String> {
    let mut call = Call::new(fcinfo);
    let lines = run(|world| export::lines(world, &call.required::<String>("target")?, &call.required::<String>("directory")?));
    SetOfIterator::new(lines)
}

#[pg_extern(sql = false)]
fn llm_check(_fcinfo: pg_sys::FunctionCallInfo) -> TableIterator<'static, (name!(item, String), name!(value, String))> {
    TableIterator::new(run(|world| {
        rights::writing(c"synthgen.llm_check()")?;
        model::check(world)
    }))
}

#[pg_extern(sql = false)]
fn llm_forget(_fcinfo: pg_sys::FunctionCallInfo) -> i64 {
    run(|world| {
        rights::writing(c"synthgen.llm_forget()")?;
        model::forget(world)
    })
}

#[pg_extern(sql = false)]
fn export_run(fcinfo: pg_sys::FunctionCallInfo) -> TableIterator<'static, (name!(file, String), name!(bytes, i64))> {
    let mut call = Call::new(fcinfo);
    let files = run(|world| export::run(world, call.required("run_id")?, &call.required::<String>("directory")?));
    TableIterator::new(files.into_iter().map(|(file, bytes)| (file, bytes as i64)))
}

#[pg_extern(sql = false)]
fn prompt_templates(
    _fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<'static, (name!(name, String), name!(template, String), name!(built_in, bool))> {
    let templates = run(|world| crate::engine::run::templates(world));
    TableIterator::new(templates.into_iter().map(|(name, template, built_in)| (name.to_owned(), template, built_in)))
}
