//! Random tables with random CHECKs. Each table has a known row, around which its conditions are written: they hold on
//! it, so they can be met together.

mod joint;

use std::collections::BTreeMap;

/// SplitMix64: the tables are the same on every machine.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound.max(1) as u64) as usize
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A value of the known row.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Null,
    Int(i64),
    Cents(i64),
    /// Days since 2024-01-01.
    Day(i64),
    /// Minutes since 2024-01-01 00:00 UTC.
    Minute(i64),
    Bool(bool),
    Text(String),
    Array(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Price,
    Day,
    Stamp,
    Bool,
    Word,
    Code,
    Label,
    Array,
}

const WORDS: [&str; 8] = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"];
const LABELS: [&str; 6] = ["draft", "open", "paid", "sent", "closed", "void"];

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
    nullable: bool,
    value: Known,
}

/// A table: what makes it, its known row, its CHECKs with the productions in each.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) ddl: String,
    /// `(names) values (..)`
    pub(super) known_row: String,
    pub(super) checks: Vec<Check>,
}

pub(super) struct Check {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) columns: usize,
}

/// How often each production was written.
pub(super) type Coverage = BTreeMap<&'static str, usize>;

pub(super) fn table(chance: &mut Chance, number: usize, coverage: &mut Coverage) -> Table {
    let mut columns = vec![Column { name: "id".into(), kind: Kind::Int, nullable: false, value: Known::Null }];
    let kinds = [
        Kind::Int,
        Kind::Int,
        Kind::Price,
        Kind::Day,
        Kind::Day,
        Kind::Stamp,
        Kind::Stamp,
        Kind::Bool,
        Kind::Word,
        Kind::Code,
        Kind::Label,
        Kind::Array,
    ];
    for place in 0..chance.between(5, 9) {
        let kind = if place == 0 { Kind::Label } else { *chance.of(&kinds) };
        let nullable = place > 0 && chance.below(3) > 0;
        let value = if nullable && chance.below(4) == 0 { Known::Null } else { known(chance, kind) };
        columns.push(Column { name: format!("{}_{place}", word(kind)), kind, nullable, value });
    }
    let mut writer = Writer { chance, columns: &columns, coverage, used: Vec::new() };
    let count = writer.chance.between(1, 4);
    let checks: Vec<Check> = (0..count).map(|place| writer.check(format!("t{number}_check{place}"))).collect();
    let mut domains: Vec<String> = Vec::new();
    let mut lines = vec!["id int primary key generated always as identity".to_owned()];
    for column in &columns[1..] {
        let mut of_type = type_of(column.kind).to_owned();
        let condition = if chance.below(12) == 0 && column.value != Known::Null {
            let mut writer = Writer { chance, columns: std::slice::from_ref(column), coverage, used: Vec::new() };
            let condition = writer.atom(0, true);
            (!condition.contains("now()")).then_some(condition)
        } else {
            None
        };
        if let Some(condition) = condition {
            *coverage.entry("domain").or_default() += 1;
            let domain = format!("d{number}_{}", column.name);
            domains.push(format!("create domain {domain} as {of_type} check ({});\n", condition.replace(&column.name, "value")));
            of_type = domain;
        }
        lines.push(format!("{} {of_type}{}", column.name, if column.nullable { "" } else { " not null" }));
    }
    lines.extend(checks.iter().map(|check| format!("constraint {} check ({})", check.name, check.text)));
    let name = format!("t{number}");
    let names: Vec<&str> = columns[1..].iter().map(|column| column.name.as_str()).collect();
    let values: Vec<String> = columns[1..].iter().map(|column| literal(&column.value)).collect();
    Table {
        ddl: format!("{}create table {name} (\n  {}\n);\n", domains.concat(), lines.join(",\n  ")),
        known_row: format!("({}) values ({})", names.join(", "), values.join(", ")),
        name,
        checks,
    }
}

fn known(chance: &mut Chance, kind: Kind) -> Known {
    match kind {
        Kind::Int => Known::Int(chance.between(0, 400)),
        Kind::Price => Known::Cents(chance.between(1, 90_000)),
        Kind::Day => Known::Day(chance.between(0, 700)),
        Kind::Stamp => Known::Minute(chance.between(0, 1_000_000)),
        Kind::Bool => Known::Bool(chance.coin()),
        Kind::Word => Known::Text((*chance.of(&WORDS)).to_owned()),
        Kind::Code => {
            let letters: String = (0..2).map(|_| char::from(b'A' + chance.below(26) as u8)).collect();
            Known::Text(format!("{letters}-{:04}", chance.below(10_000)))
        }
        Kind::Label => Known::Text((*chance.of(&LABELS)).to_owned()),
        Kind::Array => Known::Array(chance.below(4)),
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "count",
        Kind::Price => "amount",
        Kind::Day => "day",
        Kind::Stamp => "moment",
        Kind::Bool => "flag",
        Kind::Word => "word",
        Kind::Code => "mark",
        Kind::Label => "sort",
        Kind::Array => "list",
    }
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "int",
        Kind::Price => "numeric(12,2)",
        Kind::Day => "date",
        Kind::Stamp => "timestamptz",
        Kind::Bool => "boolean",
        Kind::Word | Kind::Label => "text",
        Kind::Code => "varchar(20)",
        Kind::Array => "text[]",
    }
}

fn literal(value: &Known) -> String {
    match value {
        Known::Null => "null".into(),
        Known::Int(number) => number.to_string(),
        Known::Cents(cents) => format!("{}.{:02}", cents / 100, cents % 100),
        Known::Day(day) => format!("(date '2024-01-01' + {day})"),
        Known::Minute(minute) => format!("(timestamptz '2024-01-01 00:00:00+00' + interval '{minute} minutes')"),
        Known::Bool(yes) => yes.to_string(),
        Known::Text(text) => format!("'{text}'"),
        Known::Array(count) => {
            let elements: Vec<String> = (0..*count).map(|place| format!("'e{place}'")).collect();
            format!("array[{}]::text[]", elements.join(", "))
        }
    }
}

/// A constant in a CHECK: stamps as literals, so that they are constants.
fn constant(value: &Known) -> String {
    match value {
        Known::Day(day) => format!("'{}'::date", date(*day)),
        Known::Minute(minute) => {
            let (day, rest) = (minute.div_euclid(1_440), minute.rem_euclid(1_440));
            format!("'{} {:02}:{:02}:00+00'::timestamptz", date(day), rest / 60, rest % 60)
        }
        other => literal(other),
    }
}

/// A day since 2024-01-01, after Hinnant's `civil_from_days`.
fn date(day: i64) -> String {
    let days = day + 19_723 + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", of_year - (153 * shifted + 2) / 5 + 1)
}

struct Writer<'a> {
    chance: &'a mut Chance,
    columns: &'a [Column],
    coverage: &'a mut Coverage,
    used: Vec<usize>,
}

impl Writer<'_> {
    fn note(&mut self, production: &'static str) {
        *self.coverage.entry(production).or_default() += 1;
    }

    fn check(&mut self, name: String) -> Check {
        self.used.clear();
        let text = if self.chance.coin() {
            let column = self.some_known();
            self.atom(column, true)
        } else {
            self.joint()
        };
        self.used.sort_unstable();
        self.used.dedup();
        Check { name, text, columns: self.used.len() }
    }

    /// A column, the identity apart, that is not NULL on the known row.
    fn some_known(&mut self) -> usize {
        let known: Vec<usize> = (1..self.columns.len()).filter(|&place| self.columns[place].value != Known::Null).collect();
        *self.chance.of(&known)
    }

    fn of_kinds(&self, kinds: &[Kind], known: bool) -> Vec<usize> {
        (1..self.columns.len())
            .filter(|&place| kinds.contains(&self.columns[place].kind) && (!known || self.columns[place].value != Known::Null))
            .collect()
    }

    fn nullable(&self) -> Vec<usize> {
        (1..self.columns.len()).filter(|&place| self.columns[place].nullable).collect()
    }

    /// A condition on one column that is not NULL on the known row.
    pub(super) fn atom(&mut self, place: usize, truth: bool) -> String {
        self.used.push(place);
        let column = self.columns[place].clone();
        let name = column.name.as_str();
        let value = column.value.clone();
        let written = match &value {
            Known::Int(number) => self.number(name, *number, truth),
            Known::Cents(cents) => self.price(name, *cents, truth),
            Known::Day(day) => self.day(name, *day, truth),
            Known::Minute(minute) => self.moment(name, *minute, truth),
            Known::Bool(yes) => {
                self.note("boolean");
                match (self.chance.below(3), *yes == truth) {
                    (0, true) => name.to_owned(),
                    (0, false) => format!("not {name}"),
                    (1, same) => format!("{name} = {same}"),
                    (_, same) => format!("{name} is {}", if same { "true" } else { "not true" }),
                }
            }
            Known::Text(text) => self.text(&column, text, truth),
            Known::Array(count) => self.array(name, *count as i64, truth),
            Known::Null => unreachable!("a known column is asked for"),
        };
        format!("({written})")
    }

    fn number(&mut self, name: &str, number: i64, truth: bool) -> String {
        let (less, more) = (number - self.chance.between(0, 40), number + self.chance.between(0, 40));
        match (self.chance.below(7), truth) {
            (0, true) => {
                self.note("range");
                format!("{name} >= {less} and {name} <= {more}")
            }
            (0, false) => format!("{name} < {less} or {name} > {more}"),
            (1, _) => {
                self.note("half-open range");
                if truth { format!("{name} > {}", less - 1) } else { format!("{name} > {}", more + 1) }
            }
            (2, _) => {
                self.note("in");
                let others = self.others(number);
                let list = if truth { format!("{others}, {number}") } else { others };
                if self.chance.coin() { format!("{name} in ({list})") } else { format!("{name} = any (array[{list}])") }
            }
            (3, _) => {
                self.note("between");
                let not = if truth { "" } else { "not " };
                format!("{name} {not}between {less} and {more}")
            }
            (4, _) => {
                self.note("arithmetic of one column");
                let rest = number % 5;
                format!("{name} % 5 {} {rest}", if truth { "=" } else { "<>" })
            }
            (5, _) => {
                self.note("arithmetic of one column");
                format!("{name} * 2 + 1 {} {}", if truth { "<=" } else { ">" }, more * 2 + 1)
            }
            _ => {
                self.note("unequal");
                format!("{name} <> {}", if truth { more + 7 } else { number })
            }
        }
    }

    fn others(&mut self, number: i64) -> String {
        let others: Vec<String> = (0..self.chance.between(1, 4)).map(|place| (number + 11 + place * 13).to_string()).collect();
        others.join(", ")
    }

    fn price(&mut self, name: &str, cents: i64, truth: bool) -> String {
        let (less, more) =
            (Known::Cents((cents - self.chance.between(1, 4_000)).max(0)), Known::Cents(cents + self.chance.between(1, 4_000)));
        let (less, more) = (constant(&less), constant(&more));
        match (self.chance.below(4), truth) {
            (0, true) => {
                self.note("range");
                format!("{name} >= {less} and {name} < {more}")
            }
            (1, true) => {
                self.note("arithmetic of one column");
                format!("round({name}) <= {}", cents / 100 + 1)
            }
            (_, true) => {
                self.note("half-open range");
                if self.chance.coin() { format!("{name} > 0") } else { format!("{name} <= {more}") }
            }
            (0 | 1, false) => format!("{name} > {more}"),
            (_, false) => format!("{name} < {less}"),
        }
    }

    fn day(&mut self, name: &str, day: i64, truth: bool) -> String {
        let (less, more) = (Known::Day(day - self.chance.between(0, 200)), Known::Day(day + self.chance.between(1, 200)));
        let (less, more) = (constant(&less), constant(&more));
        match (self.chance.below(4), truth) {
            (0, true) => {
                self.note("range of dates");
                format!("{name} >= {less} and {name} < {more}")
            }
            (1, true) => {
                self.note("part of a date");
                format!("extract(year from {name}) = {}", &date(day)[..4])
            }
            (2, true) => {
                self.note("part of a date");
                format!("date_part('month', {name}) <= {}", date(day)[5..7].parse::<u32>().unwrap_or(1))
            }
            (_, true) => {
                self.note("half-open range of dates");
                format!("{name} >= {less}")
            }
            (_, false) => format!("{name} > {more}"),
        }
    }

    fn moment(&mut self, name: &str, minute: i64, truth: bool) -> String {
        let (less, more) = (Known::Minute(minute - self.chance.between(0, 90_000)), Known::Minute(minute + self.chance.between(1, 90_000)));
        let (less, more) = (constant(&less), constant(&more));
        match (self.chance.below(4), truth) {
            (0, true) => {
                self.note("range of times");
                format!("{name} >= {less} and {name} < {more}")
            }
            (1, true) => {
                self.note("date_trunc");
                format!("date_trunc('minute', {name}) = {name}")
            }
            (2, true) => {
                self.note("now()");
                format!("{name} <= now()")
            }
            (_, true) => {
                self.note("half-open range of times");
                format!("{name} < {more}")
            }
            (_, false) => format!("{name} > {more}"),
        }
    }

    fn text(&mut self, column: &Column, text: &str, truth: bool) -> String {
        let name = column.name.as_str();
        let length = text.len() as i64;
        let starts = &text[..2];
        match (self.chance.below(if column.kind == Kind::Label { 1 } else { 11 }), truth, column.kind) {
            (0, _, Kind::Label | Kind::Word) => {
                self.note("in");
                let list: Vec<String> = [&WORDS[..], &LABELS[..]][usize::from(column.kind == Kind::Label)]
                    .iter()
                    .filter(|word| truth || **word != text)
                    .map(|word| format!("'{word}'"))
                    .collect();
                if self.chance.coin() {
                    format!("{name} in ({})", list.join(", "))
                } else {
                    format!("{name} = any (array[{}])", list.join(", "))
                }
            }
            (1, true, _) => {
                self.note("length");
                let function = *self.chance.of(&["length", "char_length"]);
                format!("{function}({name}) >= {} and {function}({name}) <= {}", (length - 2).max(1), length + self.chance.between(0, 9))
            }
            (2, true, _) => {
                self.note("octet_length");
                format!("octet_length({name}) <= {}", length + self.chance.between(0, 9))
            }
            (3, true, _) => {
                self.note("like");
                format!("{name} like '{starts}%'")
            }
            (4, true, Kind::Code) => {
                self.note("similar to");
                format!("{name} similar to '[A-Z]{{2}}-[0-9]{{4}}'")
            }
            (4, true, _) => {
                self.note("similar to");
                format!("{name} similar to '[a-z]{{3,12}}'")
            }
            (5, true, Kind::Code) => {
                self.note("~");
                format!("{name} ~ '^[A-Z]{{2}}-[0-9]+$'")
            }
            (5, true, _) => {
                self.note("~");
                format!("{name} ~ '^[a-z]+$'")
            }
            (6, true, _) => {
                self.note("~*");
                format!("{name} ~* '^[{}-z]'", &text[..1].to_lowercase())
            }
            (7, true, _) => {
                self.note("lower or upper");
                let function = if column.kind == Kind::Code { "upper" } else { "lower" };
                format!("{function}({name}) = {name}")
            }
            (8, true, _) => {
                self.note("btrim");
                format!("{name} = btrim({name})")
            }
            (9, true, _) => {
                self.note("part of a text");
                format!("left({name}, 1) = '{}'", &text[..1])
            }
            (_, true, _) => {
                self.note("unequal");
                format!("{name} <> ''")
            }
            (place, false, _) => match place % 3 {
                0 => format!("{name} like 'zz9%'"),
                1 => format!("length({name}) > {}", length + 3),
                _ => format!("{name} = 'nothing'"),
            },
        }
    }

    fn array(&mut self, name: &str, count: i64, truth: bool) -> String {
        match (self.chance.below(3), truth) {
            (0, true) => {
                self.note("cardinality");
                format!("cardinality({name}) = {count}")
            }
            (1, true) if count > 0 => {
                self.note("array_length");
                format!("array_length({name}, 1) between 1 and {}", count + self.chance.between(0, 2))
            }
            (_, true) => {
                self.note("cardinality");
                format!("cardinality({name}) <= {}", count + self.chance.between(0, 3))
            }
            (_, false) => format!("cardinality({name}) > {}", count + 1),
        }
    }
}

fn order(left: &Known, right: &Known) -> std::cmp::Ordering {
    match (left, right) {
        (Known::Int(left), Known::Int(right))
        | (Known::Cents(left), Known::Cents(right))
        | (Known::Day(left), Known::Day(right))
        | (Known::Minute(left), Known::Minute(right)) => left.cmp(right),
        (Known::Text(left), Known::Text(right)) => left.cmp(right),
        _ => std::cmp::Ordering::Equal,
    }
}
