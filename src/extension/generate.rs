//! The SQL functions that fill tables or tell how they would: convert, call, convert back.

use pgrx::prelude::*;
use pgrx::{JsonB, pg_sys};

use crate::engine::arguments::Arguments;
use crate::engine::error::Error;
use crate::engine::plan::report::{self, PlanRow};
use crate::engine::port::TableOutcome;
use crate::engine::run;
use crate::extension::arguments;
use crate::extension::backend::{Backend, run as with_backend};
use crate::extension::call::Call;
use crate::extension::rights;

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the result's columns, as surface.md pins them")]
fn generate(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(step, i32),
        name!(table_name, String),
        name!(inserted, i64),
        name!(llm_rows, i64),
        name!(reference_rows, i64),
        name!(algorithmic_rows, i64),
        name!(verdict, String),
        name!(detail, String),
        name!(elapsed_ms, f64),
        name!(run_id, i64),
    ),
> {
    let summary = with_backend(|world| {
        rights::writing(c"synthgen.generate()")?;
        let arguments = read(fcinfo)?;
        run::generate(world, &arguments)
    });
    let run_id = summary.run_id;
    TableIterator::new(summary.tables.into_iter().map(move |table| outcome_row(table, run_id)))
}

fn outcome_row(table: TableOutcome, run_id: i64) -> (i32, String, i64, i64, i64, i64, String, String, f64, i64) {
    let verdict = table.verdict.to_owned();
    (
        table.step,
        table.table_name,
        table.inserted,
        table.llm_rows,
        table.reference_rows,
        table.algorithmic_rows,
        verdict,
        table.detail,
        table.elapsed_ms,
        run_id,
    )
}

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the result's columns, as surface.md pins them")]
fn plan(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(kind, String),
        name!(step, Option<i32>),
        name!(table_name, String),
        name!(row_count, Option<i64>),
        name!(column_name, Option<String>),
        name!(type_, Option<String>),
        name!(source, Option<String>),
        name!(detail, Option<String>),
        name!(decided_by, Option<String>),
        name!(constraint_name, Option<String>),
        name!(verdict, Option<String>),
    ),
> {
    let rows = with_backend(|world| planned(world, fcinfo, report::rows));
    TableIterator::new(rows.into_iter().map(plan_row))
}

type PlanTuple = (
    String,
    Option<i32>,
    String,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn plan_row(row: PlanRow) -> PlanTuple {
    let decided_by = row.decided_by.map(str::to_owned);
    (
        row.kind.to_owned(),
        row.step,
        row.table_name,
        row.row_count,
        row.column_name,
        row.r#type,
        row.source,
        row.detail,
        decided_by,
        row.constraint_name,
        row.verdict,
    )
}

#[pg_extern(sql = false)]
fn explain(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, String> {
    SetOfIterator::new(with_backend(|world| planned(world, fcinfo, report::explain)))
}

#[pg_extern(sql = false)]
fn plan_document(fcinfo: pg_sys::FunctionCallInfo) -> JsonB {
    JsonB(with_backend(|world| run::plan_document(world, &read(fcinfo)?)))
}

#[pg_extern(sql = false)]
fn preview(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, JsonB> {
    let mut call = Call::new(fcinfo);
    let rows = with_backend(|world| {
        let target = call.required("target")?;
        let (table, count): (String, i32) = (call.required("table_name")?, call.required("n")?);
        let arguments = arguments::read(target, &mut call)?;
        run::preview(world, &arguments, &table, count.max(0) as u64)
    });
    SetOfIterator::new(rows.into_iter().map(JsonB))
}

#[pg_extern(sql = false)]
fn prompt(fcinfo: pg_sys::FunctionCallInfo) -> String {
    let mut call = Call::new(fcinfo);
    with_backend(|world| {
        let target = call.required("target")?;
        let (table, batch): (String, i32) = (call.required("table_name")?, call.required("batch")?);
        let arguments = arguments::read(target, &mut call)?;
        run::prompt(world, &arguments, &table, batch.max(0) as u32)
    })
}

fn read(fcinfo: pg_sys::FunctionCallInfo) -> Result<Arguments, Error> {
    let mut call = Call::new(fcinfo);
    let target = call.required("target")?;
    arguments::read(target, &mut call)
}

fn planned<T>(world: &mut Backend, fcinfo: pg_sys::FunctionCallInfo, told: impl Fn(&crate::engine::plan::Plan) -> T) -> Result<T, Error> {
    let arguments = read(fcinfo)?;
    run::plan(world, &arguments).map(|plan| told(&plan))
}
