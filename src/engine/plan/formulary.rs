//! The formulas by which columns follow from others, as read from the data.
//!
//! The formulas are data: `data/formulas.csv` (of, formula, low, high, step, over) over the operands of `data/operands.csv`. A
//! formula is SQL with operands in braces: `{net}` in the row itself, `{net?}` the same or 0 where it is not there, `{^net}` in a
//! row it refers to (`{^=net}`: where that has only one such column; `{^^net}`: in one farther away), `{#thing}` how many rows there are that it could name, `{!birth}` the row's own time, `{list>key>value:operand}` what a list of words says beside the operand's
//! word. With `low` and `high` the column takes such a share of what the formula gives, a multiple of `step` where there is one.
//! `{-tax}` is nothing, where the row has no such column, `{+tax}`, where it has one, `{+^tax}`, where a row above has; `{state:paid|settled}` is
//! whether the column holds one of these words, where it may (`{state~paid}`: false, where it may not); `{!whole}` is 100 where the column counts in percent, 1 where in shares.
//! A share is added to what `base` gives. What is `exact` is verified. The first formula whose operands are all there holds. `over` names what it overrules beyond guesses: `sum`, the sum of rows
//! below; `row`, what is added up in the row; `total`, both; `lower`, only numbers lower than what it gives.
//!
//! `data/chains.csv` (of, within, low, high, step, as) says which counts are parts of others: who opens a letter has received it. A
//! part takes a share of the nearest whole that the row has, however far above; where rows below are the part, the whole follows
//! from them: as a `limit` it is only raised to them. A whole `told` above the row is the same in the row.
//!
//! `data/draws.csv` (of, when, draw) says what a column is drawn from in the rows where something else of the row says so: the
//! mark of who failed, the places of a lecture hall. `draw` is written as generators are in `vocabulary/data/meanings.csv`.
//!
//! `data/presence.csv` (of, when) says in which rows a column that may be empty is not: a company's name where the customer
//! is one, a date of closing where the account is closed.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::engine::plan::chains;
use crate::engine::plan::operands::Operands;

#[derive(Debug, Deserialize)]
struct FormulaLine {
    of: String,
    formula: String,
    low: Option<f64>,
    high: Option<f64>,
    step: Option<f64>,
    over: Option<Overruled>,
    base: Option<String>,
    exact: Option<bool>,
}

/// What a formula overrules beyond guesses, or that it leaves a guess be where that is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Overruled {
    /// The sum of rows below.
    Sum,
    /// What other columns of the row come to, and the sum of rows below.
    Total,
    /// What other columns of the row come to, but not the sum of rows below.
    Row,
    /// What a row above has under another name.
    Copy,
    /// Only numbers lower than what it gives.
    Lower,
}

#[derive(Debug, Deserialize)]
struct PresenceLine {
    of: String,
    when: String,
}

#[derive(Debug, Deserialize)]
struct DrawLine {
    of: String,
    when: String,
    draw: String,
}

/// What a column is drawn from in some rows.
#[derive(Debug)]
pub(super) struct Drawn {
    /// In which.
    pub(super) when: Formula,
    pub(super) generator: serde_json::Value,
}

/// A piece of a formula.
#[derive(Debug)]
pub(super) enum Part {
    Sql(String),
    Own(usize),
    /// 0 where there is none.
    Optional(usize),
    /// Nothing, where there is none.
    Absent(usize),
    /// Nothing, where there is one.
    Present(usize),
    /// Nothing, where a row above has one, and only one.
    PresentAbove(usize),
    /// Whether the column holds one of these words, where it may hold one; `optional`: false, where it may not.
    OneOf {
        operand: usize,
        words: Vec<String>,
        optional: bool,
    },
    /// 100 or 1.
    Whole,
    /// How many goods there are.
    Goods,
    /// How many rows the table has that the column names.
    RowsOf(usize),
    Above(usize),
    /// The same, however far above.
    FarAbove(usize),
    /// The same, where the row above has only one such column.
    OnlyAbove(usize),
    Birth,
    Looked {
        list: String,
        key: String,
        value: String,
        operand: usize,
    },
}

/// What a column of an operand follows from.
#[derive(Debug)]
pub(super) struct Formula {
    pub(super) of: usize,
    pub(super) parts: Vec<Part>,
    pub(super) share: Option<Share>,
    /// What the share is added to; empty: nothing.
    pub(super) base: Vec<Part>,
    pub(super) over: Option<Overruled>,
    /// Rows are found to breach it where they are verified.
    pub(super) exact: bool,
    /// It holds only where what it reads are rows below, or follows from such.
    pub(super) of_rows: bool,
}

impl Formula {
    /// What a column is.
    pub(super) fn new(of: usize, parts: Vec<Part>) -> Self {
        Self { of, parts, share: None, base: Vec::new(), over: None, exact: false, of_rows: false }
    }
}

/// Between which shares of what a formula gives a column lies, and on which grid (0: none).
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) step: f64,
}

/// All formulas, and the operands they are written in.
pub(super) struct Formulary {
    pub(super) operands: Operands,
    pub(super) formulas: Vec<Formula>,
    pub(super) presences: Vec<Formula>,
    pub(super) draws: Vec<Drawn>,
}

/// The formulas, read once.
pub(super) fn formulary() -> &'static Formulary {
    static FORMULARY: OnceLock<Formulary> = OnceLock::new();
    FORMULARY.get_or_init(|| {
        let operands = Operands::read();
        let place = |name: &str| operands.place(name).expect("formulas are of known operands");
        let formula = |line: FormulaLine| Formula {
            of: place(&line.of),
            parts: parts(&line.formula, &place),
            share: line.low.zip(line.high).map(|(low, high)| Share { low, high, step: line.step.unwrap_or(0.0) }),
            base: line.base.map_or_else(Vec::new, |base| parts(&base, &place)),
            over: line.over,
            exact: line.exact == Some(true),
            of_rows: false,
        };
        let presence = |line: PresenceLine| Formula::new(place(&line.of), parts(&line.when, &place));
        let drawn = |line: DrawLine| Drawn {
            when: Formula::new(place(&line.of), parts(&line.when, &place)),
            generator: serde_json::from_str(&line.draw).expect("the tests read every line of this file"),
        };
        let mut formulas: Vec<Formula> = lines(include_str!("data/formulas.csv")).map(formula).collect();
        formulas.extend(chains::formulas(&place));
        let presences = lines(include_str!("data/presence.csv")).map(presence).collect();
        let draws = lines(include_str!("data/draws.csv")).map(drawn).collect();
        Formulary { operands, formulas, presences, draws }
    })
}

pub(super) fn lines<T: serde::de::DeserializeOwned>(text: &'static str) -> impl Iterator<Item = T> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(|line| line.expect("the tests read every line of these files"))
}

/// The pieces of a formula; an operand that is not known is a mistake in the file, which the tests would meet.
fn parts(formula: &str, place: &dyn Fn(&str) -> usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = formula;
    while let Some((sql, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').expect("a brace is closed");
        parts.push(Part::Sql(sql.to_owned()));
        parts.push(match (name.strip_prefix('^'), name.strip_suffix('?')) {
            _ if name == "!birth" => Part::Birth,
            _ if name == "!whole" => Part::Whole,
            _ if name == "!goods" => Part::Goods,
            _ if name.starts_with('-') => Part::Absent(place(&name[1..])),
            _ if name.starts_with('#') => Part::RowsOf(place(&name[1..])),
            _ if name.starts_with("^^") => Part::FarAbove(place(&name[2..])),
            _ if name.starts_with("+^") => Part::PresentAbove(place(&name[2..])),
            _ if name.contains(['~', ':']) && !name.contains('>') => one_of(name, place),
            _ if name.starts_with('+') => Part::Present(place(&name[1..])),
            _ if name.starts_with("^=") => Part::OnlyAbove(place(&name[2..])),
            _ if name.contains('>') => looked(name, place),
            (Some(above), _) => Part::Above(place(above)),
            (_, Some(optional)) => Part::Optional(place(optional)),
            _ => Part::Own(place(name)),
        });
        rest = after;
    }
    parts.push(Part::Sql(rest.to_owned()));
    parts
}

/// `operand:word|word`, and with `~` for what may be missing.
fn one_of(text: &str, place: &dyn Fn(&str) -> usize) -> Part {
    let (operand, words) = text.split_once([':', '~']).expect("words of an operand");
    let words = words.split('|').map(str::to_owned).collect();
    Part::OneOf { operand: place(operand), words, optional: text.contains('~') }
}

/// `list>key>value:operand`
fn looked(text: &str, place: &dyn Fn(&str) -> usize) -> Part {
    let (way, operand) = text.split_once(':').expect("a look into a list names an operand");
    let mut steps = way.split('>').map(str::to_owned);
    let mut step = || steps.next().expect("a list, what is looked for, and what is read");
    Part::Looked { list: step(), key: step(), value: step(), operand: place(operand) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::expression::parse;
    use crate::engine::plan::{balances, generators};

    #[test]
    fn every_formula_is_read_and_every_operand_is_used() {
        let formulary = formulary();
        assert!(formulary.formulas.len() > 40, "{}", formulary.formulas.len());
        assert!(formulary.presences.len() > 8);
        assert!(formulary.draws.len() > 12);
        let draws = || formulary.draws.iter().map(|drawn| &drawn.when);
        for drawn in &formulary.draws {
            assert!(generators::of_meaning(&drawn.generator).is_some(), "{}", drawn.generator);
        }
        for formula in formulary.formulas.iter().chain(&formulary.presences).chain(draws()) {
            let sql: String = formula
                .parts
                .iter()
                .map(|part| match part {
                    Part::Sql(text) => text.as_str(),
                    Part::Absent(_) | Part::Present(_) | Part::PresentAbove(_) => "",
                    _ => "x",
                })
                .collect();
            assert!(parse(&sql).is_ok(), "{sql}");
            assert!(formula.share.is_none_or(|share| share.low <= share.high));
        }
        let used = |operand: usize| {
            formulary.formulas.iter().chain(&formulary.presences).chain(draws()).any(|formula| {
                formula.of == operand
                    || formula.parts.iter().chain(&formula.base).any(|part| match part {
                        Part::Own(own)
                        | Part::Optional(own)
                        | Part::Above(own)
                        | Part::FarAbove(own)
                        | Part::OnlyAbove(own)
                        | Part::RowsOf(own) => *own == operand,
                        Part::Looked { operand: own, .. } | Part::Present(own) | Part::PresentAbove(own) => *own == operand,
                        Part::OneOf { operand: own, .. } => *own == operand,
                        Part::Absent(_) | Part::Sql(_) | Part::Birth | Part::Whole | Part::Goods => false,
                    })
            })
        };
        let unused: Vec<&str> = formulary
            .operands
            .all()
            .filter(|(operand, name)| !used(*operand) && !balances::OPERANDS.contains(name))
            .map(|(_, name)| name)
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
