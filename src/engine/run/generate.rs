//! `generate`: five steps, from the catalog to the summary.

use crate::engine::arguments::Arguments;
use crate::engine::catalog::TableId;
use crate::engine::error::{Error, sqlstate};
use crate::engine::model::Authorship;
use crate::engine::plan::{Fill, Plan, report};
use crate::engine::port::{RunStart, TableOutcome, World, WrittenKeys};
use crate::engine::reference::Resolved;
use crate::engine::rows::Rows;
use crate::engine::run::course::{self, Begun, Course, Stage};
use crate::engine::run::model::{self, Chosen};
use crate::engine::run::reserve::Facts;
use crate::engine::run::summary::grouped;
use crate::engine::run::{ALGORITHM_VERSION, Summary, arguments, gather, link, load, moment, reference, reserve};
use crate::engine::survey;

/// Fills the target's tables. All of it, or (on an error) nothing; where the world commits as it goes, all that was
/// committed until then, and `resume` goes on from there.
pub fn generate(world: &mut dyn World, arguments: &Arguments) -> Result<Summary, Error> {
    arguments::check(arguments)?;
    for schema in crate::engine::catalog::schemas(world, &arguments.target)? {
        world.lock(&schema)?;
    }
    let gathered = gather::gather(world, arguments)?;
    let chosen = Chosen::of(world, arguments)?;
    let begun = world.commits().then(|| gathered.begun(chosen.asked())).transpose()?;
    run(world, gathered, &chosen, Course::new(), begun.as_ref())
}

/// Goes on with a run from what `Ledger::keep_begun` and `Ledger::commit` saved of it.
pub fn resume(world: &mut dyn World, run_id: i64, begun: &str, progress: &str) -> Result<Summary, Error> {
    let begun: Begun = course::read(begun)?;
    let course = Course::resumed(run_id, progress)?;
    world.notice(&format!("run {run_id} goes on"));
    let chosen = Chosen::again(world, &begun, course.progress.stage)?;
    let gathered = gather::again(world, begun)?;
    run(world, gathered, &chosen, course, None)
}

fn run(
    world: &mut dyn World,
    gathered: gather::Gathered,
    chosen: &Chosen,
    mut course: Course,
    begun: Option<&Begun>,
) -> Result<Summary, Error> {
    let (inputs, resolved, facts) = Facts::split(gathered);
    let in_target = inputs.catalog.tables.iter().filter(|table| table.in_target).count();
    world.notice(&format!("1 catalog: {in_target} tables in {}", inputs.arguments.target));
    let mut plan = Plan::build_while(inputs, &mut || world.interrupted())?;
    plan.model = chosen.name();
    check_privileges(&plan, &facts)?;
    let mut rows = Rows::new(&plan);
    lay_out(world, &plan, &mut rows, &mut course)?;
    check_counts(&plan, &rows)?;
    let authorship = Authorship::default();
    Call { world, plan: &plan, resolved: &resolved, facts: &facts, chosen, authorship, course }.run(&mut rows, begun)
}

/// Everything INSERT would refuse is refused before anything is written.
fn check_privileges(plan: &Plan, facts: &Facts) -> Result<(), Error> {
    let written = (0..plan.tables.len()).filter(|&table| plan.tables[table].fill == Fill::Make || plan.tables[table].stored.inserted > 0);
    for table in written {
        if let Some(missing) = survey::privileges(&plan.catalog, &facts.survey, table).into_iter().next() {
            return Err(missing);
        }
    }
    Ok(())
}

/// Lays out all tables, referenced ones first.
pub(super) fn lay_out(world: &mut dyn World, plan: &Plan, rows: &mut Rows, course: &mut Course) -> Result<(), Error> {
    for table in plan.layout_order() {
        let world = std::cell::RefCell::new(&mut *world);
        let definition = &plan.catalog.tables[table];
        let mut asked = |key: &crate::engine::plan::Remembered, candidates: &[Vec<crate::engine::value::Value>]| {
            course.taken(*world.borrow_mut(), definition, key, candidates)
        };
        let mut interrupted = || world.borrow_mut().interrupted();
        rows.lay_out(table, &mut asked, &mut interrupted)?;
    }
    rows.settle();
    Ok(())
}

/// A count that was given is met exactly, or nothing is written.
fn check_counts(plan: &Plan, rows: &Rows) -> Result<(), Error> {
    for (table, planned) in plan.tables.iter().enumerate() {
        let made = rows.layouts[table].made;
        if planned.count_given && planned.fill == Fill::Make && made != planned.count {
            let name = &plan.catalog.tables[table].qualified;
            let owner = planned
                .owner
                .as_ref()
                .map_or_else(String::new, |owner| format!(" {} can have them", plan.catalog.tables[owner.table].qualified));
            return Err(Error::new(sqlstate::INVALID_PARAMETER, format!("cannot make {} rows for {name}", planned.count))
                .detail(format!("Only {made} rows of{owner} under the rows above them."))
                .hint("Ask for fewer rows, or for more of the tables above."));
        }
    }
    Ok(())
}

/// A call whose plan stands.
struct Call<'a> {
    world: &'a mut dyn World,
    plan: &'a Plan,
    resolved: &'a Resolved,
    facts: &'a Facts,
    chosen: &'a Chosen,
    authorship: Authorship,
    course: Course,
}

impl Call<'_> {
    fn run(&mut self, rows: &mut Rows, begun: Option<&Begun>) -> Result<Summary, Error> {
        let plan = self.plan;
        let started = self.world.elapsed_ms();
        if !self.course.resumed {
            self.begin(rows, begun)?;
        }
        self.write(rows)?;
        if self.course.progress.stage == Stage::Reference {
            reserve::reserve(self.world, plan, rows, self.facts, self.course.resumed)?;
            self.course.progress.inserted = self.insert_reference()?;
            self.announce();
            self.course.commit(self.world, rows, Stage::table(0))?;
        }
        self.tables(rows)?;
        link::link(self.world, plan, rows)?;
        let (run_id, tables) = (self.course.run_id, std::mem::take(&mut self.course.progress.outcomes));
        let output = self.output_schema(&tables);
        crate::engine::port::Ledger::document(self.world, run_id, "output_schema", &output)?;
        self.world.finish(run_id)?;
        let total = tables.iter().map(|table| table.inserted).sum();
        let elapsed_ms = self.world.elapsed_ms() - started.min(0.0);
        let summary = Summary { run_id, seed: plan.arguments.seed, as_of: moment::print(plan.as_of), tables, rows: total, elapsed_ms };
        self.close(&summary);
        Ok(summary)
    }

    fn begin(&mut self, rows: &Rows, begun: Option<&Begun>) -> Result<(), Error> {
        let plan = self.plan;
        self.course.run_id = self.world.begin(&RunStart {
            target: plan.arguments.target.clone(),
            seed: plan.arguments.seed,
            as_of: moment::print(plan.as_of),
            arguments: serde_json::to_value(&plan.arguments).unwrap_or_default(),
            algorithm_version: ALGORITHM_VERSION,
        })?;
        self.documents(self.course.run_id)?;
        if let Some(begun) = begun {
            self.course.begin(self.world, begun)?;
            self.world.notice(&format!("run {} begins; should it be interrupted, the same call goes on with it", self.course.run_id));
        }
        self.course.commit(self.world, rows, Stage::Model)
    }

    /// The model writes before anything of the users' is locked; afterwards all must be as it was planned.
    fn write(&mut self, rows: &mut Rows) -> Result<(), Error> {
        let Chosen::Model(model) = self.chosen else { return self.written(rows) };
        if self.course.progress.stage != Stage::Model {
            self.authorship = model.write_again(self.world, &mut self.course, rows)?;
            return self.written(rows);
        }
        self.authorship = model.write(self.world, &mut self.course, rows)?;
        if !self.authorship.is_empty() {
            model::still_stands(self.world, self.plan)?;
        }
        self.course.progress.answered = self.authorship.answered().to_vec();
        self.written(rows)
    }

    /// The rows hold what the model wrote, this time or before.
    fn written(&mut self, rows: &mut Rows) -> Result<(), Error> {
        if self.course.progress.stage == Stage::Model {
            return self.course.commit(self.world, rows, Stage::Reference);
        }
        self.course.restore(rows);
        Ok(())
    }

    /// Fills the tables that are left, in the order of loading.
    fn tables(&mut self, rows: &mut Rows) -> Result<(), Error> {
        let order = self.order();
        let mut refused = Vec::new();
        while let Stage::Table { place, .. } = self.course.progress.stage
            && let Some(&table) = order.get(place)
        {
            let inserted = self.course.progress.inserted[table];
            let outcome = self.table(rows, table, place as i32 + 1, inserted)?;
            if outcome.verdict == "refused" && self.may_be_tried_again(table) {
                refused.push((place, table));
            } else {
                self.record(rows, table, &outcome, inserted)?;
            }
            self.course.progress.outcomes.push(outcome);
            self.course.commit(self.world, rows, Stage::table(place + 1))?;
        }
        self.try_again(rows, &refused)
    }

    /// Whether the database, not the plan, refused a table, and it is in no ring, whose rows go in all at once. A run that
    /// commits as it goes has told of it by then.
    fn may_be_tried_again(&mut self, table: TableId) -> bool {
        self.plan.tables[table].fill == Fill::Make && !self.plan.rings.iter().any(|ring| ring.contains(&table)) && !self.world.commits()
    }

    /// What a trigger or a function looked for in a table that comes later is there now: the refused are tried once more.
    fn try_again(&mut self, rows: &mut Rows, refused: &[(usize, TableId)]) -> Result<(), Error> {
        let Some(&(first, _)) = refused.first() else { return Ok(()) };
        if self.course.progress.outcomes[first..].iter().any(|table| table.inserted > 0) {
            for &(_, table) in refused {
                rows.begin_again(table);
            }
            for &(place, table) in refused {
                let inserted = self.course.progress.inserted[table];
                self.course.progress.outcomes[place] = self.table(rows, table, place as i32 + 1, inserted)?;
            }
        }
        for &(place, table) in refused {
            let outcome = self.course.progress.outcomes[place].clone();
            self.record(rows, table, &outcome, self.course.progress.inserted[table])?;
        }
        Ok(())
    }

    fn documents(&mut self, run_id: i64) -> Result<(), Error> {
        let plan = self.plan;
        let catalog = serde_json::to_value(&plan.catalog).unwrap_or_default();
        crate::engine::port::Ledger::document(self.world, run_id, "schema_ir", &catalog)?;
        crate::engine::port::Ledger::document(self.world, run_id, "input_schema", &catalog)?;
        if let Some(reference) = self.world.stored_reference(&plan.arguments.target)? {
            crate::engine::port::Ledger::document(self.world, run_id, "ref_data_ir", &reference)?;
        }
        crate::engine::port::Ledger::document(self.world, run_id, "rules_ir", &plan.rules)?;
        crate::engine::port::Ledger::document(self.world, run_id, "plan", &report::document(plan, serde_json::json!({"model": plan.model})))
    }

    /// The catalog as filled: rows before and after by table, generator and deciding layer by column.
    fn output_schema(&self, outcomes: &[TableOutcome]) -> serde_json::Value {
        let tables = outcomes.iter().map(|outcome| {
            let table = self.plan.catalog.tables.iter().position(|table| table.oid == outcome.oid).unwrap_or_default();
            let before = self.plan.tables[table].existing as i64;
            let mut told = serde_json::Map::new();
            told.insert("rows_before".into(), before.into());
            told.insert("rows_after".into(), (before + outcome.inserted).into());
            told.insert("columns".into(), report::columns(self.plan, table));
            (outcome.table_name.clone(), serde_json::Value::Object(told))
        });
        serde_json::Value::Object(tables.collect())
    }

    /// Reference rows go in first; how many, by table.
    fn insert_reference(&mut self) -> Result<Vec<i64>, Error> {
        let mut inserted = vec![0; self.plan.tables.len()];
        let mut given = 0;
        for resolved in &self.resolved.tables {
            inserted[resolved.table] = reference::insert(self.world, self.plan, resolved)? as i64;
            given += usize::from(!resolved.rows.is_empty());
            for note in &resolved.notes {
                self.world.notice(note);
            }
        }
        let total: i64 = inserted.iter().sum();
        self.world.notice(&format!("2 reference data: {} rows in {given} tables", grouped(total)));
        Ok(inserted)
    }

    fn announce(&mut self) {
        let rules = self.plan.rules.get("rules").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        let relations = self.plan.rules.get("relations").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
        self.world.notice(&format!("3 rules and plan: {} rules, {} tables to fill", rules + relations, self.plan.order.len()));
        self.world.notice("4 rows");
    }

    /// Tables that are filled in load order, then those that are used, skipped or refused.
    fn order(&self) -> Vec<TableId> {
        let reference = self.resolved.tables.iter().map(|resolved| resolved.table).filter(|table| !self.plan.order.contains(table));
        let mut order: Vec<TableId> = reference.collect();
        order.extend(&self.plan.order);
        let rest: Vec<TableId> =
            (0..self.plan.tables.len()).filter(|table| self.plan.catalog.tables[*table].in_target && !order.contains(table)).collect();
        order.extend(rest);
        order
    }

    fn table(&mut self, rows: &mut Rows, table: TableId, step: i32, reference_rows: i64) -> Result<TableOutcome, Error> {
        let plan = self.plan;
        let planned = &plan.tables[table];
        let begun = self.world.elapsed_ms();
        let (verdict, detail) = match &planned.fill {
            Fill::Make => ("filled", String::new()),
            Fill::Use(_) | Fill::Skip(_) if reference_rows > 0 => ("filled", "reference rows".to_owned()),
            Fill::Use(reason) => ("existing", reason.clone()),
            Fill::Skip(reason) => ("skipped", reason.clone()),
            Fill::Refuse(reason) => ("refused", reason.clone()),
        };
        let mut outcome = TableOutcome {
            step,
            table_name: plan.catalog.tables[table].qualified.clone(),
            oid: plan.catalog.tables[table].oid,
            requested: rows.layouts[table].made as i64,
            inserted: reference_rows,
            llm_rows: 0,
            reference_rows,
            algorithmic_rows: 0,
            row_base: planned.row_base as i64,
            verdict,
            detail,
            elapsed_ms: 0.0,
        };
        if planned.fill == Fill::Make {
            load::load(self.world, plan, rows, table, &mut self.course, &mut outcome)?;
            self.attribute(rows, table, &mut outcome);
        }
        // To the microsecond.
        outcome.elapsed_ms = libm::round((self.world.elapsed_ms() - begun) * 1000.0) / 1000.0;
        let reason = if outcome.detail.is_empty() { String::new() } else { format!(" ({})", outcome.detail) };
        self.world.notice(&format!("  {} {}: {} rows{reason}", outcome.verdict, outcome.table_name, grouped(outcome.inserted)));
        Ok(outcome)
    }

    /// Which of the stored rows are the model's own.
    fn attribute(&self, rows: &Rows, table: TableId, outcome: &mut TableOutcome) {
        outcome.llm_rows = (self.authorship.llm_rows(rows, table) as i64).min(outcome.algorithmic_rows);
        outcome.algorithmic_rows -= outcome.llm_rows;
        let detail = self.authorship.detail(rows, table);
        if !detail.is_empty() && outcome.verdict != "refused" {
            let before = std::mem::take(&mut outcome.detail);
            outcome.detail = if before.is_empty() { detail } else { format!("{before}; {detail}") };
        }
    }

    fn record(&mut self, rows: &mut Rows, table: TableId, outcome: &TableOutcome, reference_rows: i64) -> Result<(), Error> {
        let run_id = self.course.run_id;
        self.world.table(run_id, outcome)?;
        if outcome.algorithmic_rows + outcome.llm_rows > 0 {
            let noted = self.course.position();
            for keys in load::written_keys(self.plan, rows, table, noted..rows.layouts[table].made) {
                self.world.keys(run_id, outcome.oid, &outcome.table_name, &keys)?;
            }
        }
        if reference_rows > 0
            && let Some(keys) = self.reference_keys(table)
        {
            self.world.keys(run_id, outcome.oid, &outcome.table_name, &keys)?;
        }
        Ok(())
    }

    fn reference_keys(&self, table: TableId) -> Option<WrittenKeys> {
        let key = self.plan.catalog.tables[table].primary_key.as_ref()?;
        let resolved = self.resolved.tables.iter().find(|resolved| resolved.table == table)?;
        let places: Option<Vec<usize>> = key.columns.iter().map(|column| resolved.columns.iter().position(|own| own == column)).collect();
        let places = places?;
        let keys = resolved.rows.iter().map(|row| {
            let text = places.iter().map(|&place| {
                let mut text = String::new();
                row[place].write_text(&mut text);
                text
            });
            text.collect()
        });
        Some(WrittenKeys::Values(keys.collect()))
    }

    fn close(&mut self, summary: &Summary) {
        let (reference, made, written) = summary.tables.iter().fold((0, 0, 0), |sums: (i64, i64, i64), table| {
            (sums.0 + table.reference_rows, sums.1 + table.algorithmic_rows, sums.2 + table.llm_rows)
        });
        let (made, reference, by_model) = (grouped(made), grouped(reference), grouped(written));
        self.world.notice(&format!("5 summary: {made} rows by algorithms, {reference} reference rows, {by_model} by a model"));
        for skipped in &self.plan.catalog.skipped {
            self.world.notice(&format!("  skipped {}: {}", skipped.name, skipped.reason));
        }
        for note in &self.plan.notes {
            self.world.notice(&format!("  {note}"));
        }
        self.world.notice(&summary.line());
        self.world.notice(&match self.chosen {
            Chosen::None(reason) => format!("model: none ({reason}); text is composed by algorithms, sentences are in English"),
            Chosen::Model(model) => model.line(written),
        });
        self.world.notice(&format!("check it: SELECT * FROM synthgen.verify('{}')", self.plan.arguments.target.replace('\'', "''")));
    }
}
