//! The SQL functions that fill tables or tell how they would: convert, call, convert back.

use pgrx::pg_sys;
use pgrx::prelude::*;

use crate::engine::arguments::Arguments;
use crate::engine::error::Error;
use crate::engine::plan::report::{self, PlanRow};
use crate::engine::port::TableOutcome;
use crate::engine::run;
use crate::extension::arguments;
use crate::extension::backend::{Backend, run as with_backend};
use crate::extension::call::Call;
use crate::extension::datum::{Document, Text};
use crate::extension::{rights, steps};

#[pg_extern(sql = false)]
#[expect(clippy::type_complexity, reason = "the result's columns, as surface.md pins them")]
fn generate(
    fcinfo: pg_sys::FunctionCallInfo,
) -> TableIterator<
    'static,
    (
        name!(step, i32),
        name!(table_name, Text),
        name!(inserted, i64),
        name!(llm_rows, i64),
        name!(reference_rows, i64),
        name!(algorithmic_rows, i64),
        name!(verdict, Text),
        name!(detail, Text),
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

#[pg_extern(sql = false)]
fn generate_in_steps(fcinfo: pg_sys::FunctionCallInfo) {
    with_backend(|world| {
        rights::writing(c"synthgen.generate_in_steps()")?;
        let arguments = read(fcinfo)?;
        steps::carry_out(world, fcinfo, &arguments)
    });
}

#[pg_extern(sql = false)]
fn run_step(fcinfo: pg_sys::FunctionCallInfo) -> bool {
    with_backend(|world| {
        rights::writing(c"synthgen.run_step()")?;
        steps::one(world, Call::new(fcinfo).required("run_id")?)
    })
}

fn outcome_row(table: TableOutcome, run_id: i64) -> (i32, Text, i64, i64, i64, i64, Text, Text, f64, i64) {
    (
        table.step,
        table.table_name.into(),
        table.inserted,
        table.llm_rows,
        table.reference_rows,
        table.algorithmic_rows,
        table.verdict.into(),
        table.detail.into(),
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
        name!(kind, Text),
        name!(step, Option<i32>),
        name!(table_name, Text),
        name!(row_count, Option<i64>),
        name!(column_name, Option<Text>),
        name!(type_, Option<Text>),
        name!(source, Option<Text>),
        name!(detail, Option<Text>),
        name!(decided_by, Option<Text>),
        name!(constraint_name, Option<Text>),
        name!(verdict, Option<Text>),
    ),
> {
    let rows = with_backend(|world| planned(world, fcinfo, report::rows));
    TableIterator::new(rows.into_iter().map(plan_row))
}

type PlanTuple = (
    Text,
    Option<i32>,
    Text,
    Option<i64>,
    Option<Text>,
    Option<Text>,
    Option<Text>,
    Option<Text>,
    Option<Text>,
    Option<Text>,
    Option<Text>,
);

fn plan_row(row: PlanRow) -> PlanTuple {
    (
        row.kind.into(),
        row.step,
        row.table_name.into(),
        row.row_count,
        row.column_name.map(Text),
        row.r#type.map(Text),
        row.source.map(Text),
        row.detail.map(Text),
        row.decided_by.map(Text::from),
        row.constraint_name.map(Text),
        row.verdict.map(Text),
    )
}

#[pg_extern(sql = false)]
fn explain(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, Text> {
    SetOfIterator::new(with_backend(|world| planned(world, fcinfo, report::explain)).into_iter().map(Text))
}

#[pg_extern(sql = false)]
fn plan_document(fcinfo: pg_sys::FunctionCallInfo) -> Document {
    Document(with_backend(|world| run::plan_document(world, &read(fcinfo)?)))
}

#[pg_extern(sql = false)]
fn preview(fcinfo: pg_sys::FunctionCallInfo) -> SetOfIterator<'static, Document> {
    let mut call = Call::new(fcinfo);
    let rows = with_backend(|world| {
        let target = call.required("target")?;
        let (table, count): (String, i32) = (call.required("table_name")?, call.required("n")?);
        let arguments = arguments::read(target, &mut call)?;
        run::preview(world, &arguments, &table, count.max(0) as u64)
    });
    SetOfIterator::new(rows.into_iter().map(Document))
}

#[pg_extern(sql = false)]
fn prompt(fcinfo: pg_sys::FunctionCallInfo) -> Text {
    let mut call = Call::new(fcinfo);
    with_backend(|world| {
        let target = call.required("target")?;
        let (table, batch): (String, i32) = (call.required("table_name")?, call.required("batch")?);
        let arguments = arguments::read(target, &mut call)?;
        run::prompt(world, &arguments, &table, batch.max(0) as u32).map(Text)
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
