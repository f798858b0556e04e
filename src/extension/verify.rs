//! `verify`: runs the probes of `crate::verify` as the caller, under the caller's own path.

use serde_json::{Value as Json, json};

use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Path};
use crate::extension::backend::Backend;
use crate::extension::session::Session;
use crate::verify::{self, Finding, Objects, Probe, Verdict};

/// Counts what is broken in the target; with `strict` anything violated is an error.
pub(super) fn findings(world: &mut Backend, target: &str, run: Option<i64>, strict: bool) -> Result<Vec<Finding>, Error> {
    let schemas = json!(catalog::schemas(world, target)?).to_string();
    let document = world.document(Path::Pinned, verify::OBJECTS, &[Some(&schemas)])?;
    let objects = Objects::parse(&document).map_err(|error| unreadable(&error))?;
    let mut probes = verify::probes(&objects);
    probes.extend(verify::invariants(&plan(world, target, run)?));
    let mut findings = probes.iter().map(|probe| run_probe(world, probe)).collect::<Result<Vec<_>, _>>()?;
    verify::problems_first(&mut findings);
    if strict { refuse_violations(findings) } else { Ok(findings) }
}

/// The plan of the run asked for, else of the caller's last one on this target; NULL where there is none.
fn plan(world: &mut Backend, target: &str, run: Option<i64>) -> Result<Json, Error> {
    let run = match run {
        Some(run) => Some(run.to_string()),
        None => last_run(world, target)?,
    };
    match run {
        Some(run) => world.document(Path::Pinned, verify::RUN_DOCUMENT, &[Some(&run), Some("plan")]),
        None => Ok(Json::Null),
    }
}

fn last_run(world: &mut Backend, target: &str) -> Result<Option<String>, Error> {
    let mut last = None;
    world.rows(Path::Pinned, verify::LATEST_RUN, &[Some(target)], &mut |fields| {
        last = fields.first().copied().flatten().map(str::to_owned);
        Ok(())
    })?;
    Ok(last)
}

fn run_probe(world: &mut Backend, probe: &Probe) -> Result<Finding, Error> {
    let _settings = Session::with(verify::SETTINGS)?;
    let mut finding = None;
    world.rows(Path::Caller, &probe.statement, &[], &mut |fields| {
        finding = Some(probe.judge(fields));
        Ok(())
    })?;
    finding.ok_or_else(|| Error::new(sqlstate::INTERNAL, format!("a probe of {} returned nothing", probe.object)))
}

fn refuse_violations(findings: Vec<Finding>) -> Result<Vec<Finding>, Error> {
    let violated: Vec<&Finding> = findings.iter().filter(|finding| finding.verdict == Verdict::Violated).collect();
    let Some(worst) = violated.first() else { return Ok(findings) };
    let lines: Vec<String> = violated
        .iter()
        .map(|finding| format!("{} {}: {} of {}", finding.kind, finding.object, finding.violations, finding.checked))
        .collect();
    Err(Error::new("23000", format!("{} constraints are violated, the first: {} {}", violated.len(), worst.kind, worst.object))
        .detail(lines.join("\n"))
        .hint("Call verify without strict for the whole list."))
}

fn unreadable(error: &verify::Error) -> Error {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::new(sqlstate::INTERNAL, format!("{error}{cause}"))
}
