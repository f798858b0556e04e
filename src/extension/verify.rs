//! `verify`: runs the probes of `crate::verify` as the caller, under the caller's own path.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{self, Database, Path};
use crate::extension::backend::Backend;
use crate::extension::error::ends_transaction;
use crate::extension::session::Session;
use crate::verify::{self, Finding, Kind, Objects, Probe, Verdict};

/// Counts what is broken in the target; with `strict` anything violated is an error.
pub(super) fn findings(world: &mut Backend, target: &str, run: Option<i64>, strict: bool) -> Result<Vec<Finding>, Error> {
    let schemas = json!(catalog::schemas(world, target)?).to_string();
    let document = world.document(Path::Pinned, verify::OBJECTS, &[Some(&schemas)])?;
    let objects = Objects::parse(&document).map_err(|error| unreadable(&error))?;
    let probes = probes(world, target, run, &objects)?;
    let mut findings = probes.iter().map(|probe| run_probe(world, probe)).collect::<Result<Vec<_>, _>>()?;
    verify::problems_first(&mut findings);
    if strict { refuse_violations(findings) } else { Ok(findings) }
}

/// What the catalog, the rules and the plans promise. The rules are those that the run asked for has kept, else the
/// caller's last run on this target, else the stored ones; the invariants those of the run, else of all of its runs.
fn probes(world: &mut Backend, target: &str, run: Option<i64>, objects: &Objects) -> Result<Vec<Probe>, Error> {
    if let Some(run) = run {
        refuse_unknown(world, target, run)?;
    }
    let given = run.map(|run| run.to_string());
    let of_rules = if given.is_some() { given.clone() } else { last_run(world, target)? };
    let mut probes = verify::probes(objects);
    let rules = match kept(world, of_rules.as_deref(), "rules_ir")? {
        Json::Null => port::Ledger::stored_rules(world, target)?.unwrap_or_default(),
        rules => rules,
    };
    probes.extend(verify::rules(objects, &rules));
    world.rows(Path::Pinned, verify::INVARIANTS, &[Some(target), given.as_deref()], &mut |fields| {
        probes.extend(verify::Invariant::read(fields).map(|invariant| invariant.probe(objects)));
        Ok(())
    })?;
    Ok(probes)
}

/// A run that the caller does not know, or that filled something else, proves nothing about this target.
fn refuse_unknown(world: &mut Backend, target: &str, run: i64) -> Result<(), Error> {
    let mut found = None;
    world.rows(Path::Pinned, verify::RUN, &[Some(&run.to_string())], &mut |fields| {
        found = fields.first().copied().flatten().map(str::to_owned);
        Ok(())
    })?;
    let hint = format!("Your runs: SELECT run_id, target, started_at FROM synthgen.run WHERE target = '{}';", target.replace('\'', "''"));
    let Some(filled) = found else {
        return Err(Error::new("P0002", format!("there is no run {run}"))
            .detail("Runs are seen by the role that started them, and by its members.")
            .hint(hint));
    };
    let wanted: BTreeSet<String> = catalog::schemas(world, target)?.into_iter().collect();
    let same =
        filled == target || catalog::schemas(world, &filled).is_ok_and(|filled| filled.into_iter().collect::<BTreeSet<_>>() == wanted);
    if same {
        return Ok(());
    }
    Err(Error::new(sqlstate::INVALID_PARAMETER, format!("run {run} filled {filled}, not {target}"))
        .detail("What a run promised is judged on the tables that it filled.")
        .hint(hint))
}

/// A document of a run, NULL where there is none.
fn kept(world: &mut Backend, run: Option<&str>, name: &str) -> Result<Json, Error> {
    match run {
        Some(run) => world.document(Path::Pinned, verify::RUN_DOCUMENT, &[Some(run), Some(name)]),
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

/// Runs a probe inside a savepoint: one whose statement fails is reported, and the others go on. A missing right on
/// a table is the caller's to mend, so it ends the call, as a cancel does; who may fill a table need not be able to
/// read its sequence, so that is only told.
fn run_probe(world: &mut Backend, probe: &Probe) -> Result<Finding, Error> {
    world.savepoint()?;
    match judge(world, probe) {
        Ok(finding) => world.release().map(|()| finding),
        Err(Error::Database(refusal)) if probe.kind == Kind::Sequence && refusal.sqlstate == sqlstate::INSUFFICIENT_PRIVILEGE => {
            world.rollback().map(|()| probe.failed(&format!("{}; SELECT on it is needed", refusal.message)))
        }
        Err(Error::Database(refusal)) if !ends_call(&refusal.sqlstate) => world.rollback().map(|()| probe.failed(&refusal.message)),
        Err(other) => world.rollback().and(Err(other)),
    }
}

fn ends_call(state: &str) -> bool {
    state == sqlstate::INSUFFICIENT_PRIVILEGE || ends_transaction(state)
}

fn judge(world: &mut Backend, probe: &Probe) -> Result<Finding, Error> {
    let _settings = Session::with(probe.settings())?;
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
