//! Conditions on several columns.

use super::{Column, Kind, Known, LABELS, Writer, order};

impl Writer<'_> {
    /// A condition on two columns or more.
    pub(super) fn joint(&mut self) -> String {
        for _ in 0..40 {
            let written = match self.chance.below(13) {
                0 | 1 => self.compared(),
                2 | 3 => self.computed(),
                4 => self.counted_nulls(),
                5 => self.nulls_together(),
                6 | 7 => self.discriminators(),
                8 => self.or_of_ands(),
                9 => Some(self.implication()),
                10 => Some(self.case()),
                11 => self.coalesced(),
                _ => self.flagged(),
            };
            if let Some(written) = written {
                return written;
            }
        }
        let (left, right) = (self.some_known(), self.some_known());
        format!("{} and {}", self.atom(left, true), self.atom(right, true))
    }

    /// Two different columns of one kind.
    fn pair(&mut self, kinds: &[Kind]) -> Option<(Column, Column)> {
        let kind = *self.chance.of(kinds);
        let places = self.of_kinds(&[kind], true);
        if places.len() < 2 {
            return None;
        }
        let first = self.chance.below(places.len());
        let second = (first + 1 + self.chance.below(places.len() - 1)) % places.len();
        self.used.extend([places[first], places[second]]);
        Some((self.columns[places[first]].clone(), self.columns[places[second]].clone()))
    }

    fn compared(&mut self) -> Option<String> {
        let (left, right) = self.pair(&[Kind::Int, Kind::Day, Kind::Stamp, Kind::Price, Kind::Word])?;
        self.note("columns compared");
        let order = order(&left.value, &right.value);
        let operator = match (order.is_lt(), order.is_eq(), left.kind == Kind::Word) {
            (_, true, _) => "=",
            (_, false, true) => "<>",
            (true, ..) => *self.chance.of(&["<", "<=", "<>"]),
            (false, ..) => *self.chance.of(&[">", ">=", "<>"]),
        };
        Some(format!("{} {operator} {}", left.name, right.name))
    }

    fn computed(&mut self) -> Option<String> {
        let more = self.chance.between(0, 60);
        let (left, right) = self.pair(&[Kind::Int, Kind::Day, Kind::Stamp])?;
        let written = match (&left.value, &right.value) {
            (Known::Int(one), Known::Int(other)) => match self.chance.below(4) {
                0 => format!("{} + {} <= {}", left.name, right.name, one + other + more),
                1 => format!("{} - {} >= {}", left.name, right.name, one - other - more),
                2 => format!("{} * {} <= {}", left.name, right.name, one * other + more),
                _ => {
                    let prices = self.of_kinds(&[Kind::Price], true);
                    let place = *prices.first()?;
                    self.used.push(place);
                    let Known::Cents(cents) = self.columns[place].value else { return None };
                    format!(
                        "{} <= {} * {} + {}.{:02}",
                        self.columns[place].name,
                        left.name,
                        right.name,
                        (cents - one * other * 100).max(0) / 100 + more,
                        50
                    )
                }
            },
            (Known::Day(one), Known::Day(other)) => match self.chance.below(2) {
                0 => format!("{} - {} <= {}", left.name, right.name, one - other + more),
                _ => format!("{} <= {} + {}", left.name, right.name, one - other + more),
            },
            (Known::Minute(one), Known::Minute(other)) => {
                format!("{} <= {} + interval '{} hours'", left.name, right.name, (one - other).max(0) / 60 + 1 + more)
            }
            _ => return None,
        };
        self.note("arithmetic between columns");
        Some(written)
    }

    fn counted_nulls(&mut self) -> Option<String> {
        let mut places = self.nullable();
        if places.len() < 2 {
            return None;
        }
        places.truncate(4);
        self.note("num_nonnulls");
        let set = places.iter().filter(|&&place| self.columns[place].value != Known::Null).count();
        self.used.extend(&places);
        let names: Vec<&str> = places.iter().map(|&place| self.columns[place].name.as_str()).collect();
        Some(if self.chance.coin() {
            format!("num_nonnulls({}) = {set}", names.join(", "))
        } else {
            format!("num_nulls({}) >= {}", names.join(", "), places.len() - set)
        })
    }

    fn nulls_together(&mut self) -> Option<String> {
        let places = self.nullable();
        if places.len() < 2 {
            return None;
        }
        self.note("NULLs together");
        let (one, other) = (self.columns[places[0]].clone(), self.columns[*places.last()?].clone());
        self.used.extend([places[0], *places.last()?]);
        let same = (one.value == Known::Null) == (other.value == Known::Null);
        Some(format!("({} is null) {} ({} is null)", one.name, if same { "=" } else { "<>" }, other.name))
    }

    /// `sort <> 'x' or (a is null and b is not null)`, for some labels or for all.
    fn discriminators(&mut self) -> Option<String> {
        let places: Vec<usize> = self.nullable().into_iter().take(4).collect();
        if places.len() < 2 {
            return None;
        }
        self.note("discriminator");
        self.used.extend(&places);
        self.used.push(1);
        let Known::Text(label) = self.columns[1].value.clone() else { return None };
        let count = self.chance.between(1, 6) as usize;
        let mut parts = Vec::new();
        for own in LABELS.iter().take(count) {
            let tests: Vec<String> = places
                .iter()
                .map(|&place| {
                    let null = if *own == label { self.columns[place].value == Known::Null } else { self.chance.coin() };
                    format!("{} is {}null", self.columns[place].name, if null { "" } else { "not " })
                })
                .collect();
            parts.push(format!("({} <> '{own}' or ({}))", self.columns[1].name, tests.join(" and ")));
        }
        Some(parts.join(" and "))
    }

    fn or_of_ands(&mut self) -> Option<String> {
        let places: Vec<usize> = self.nullable().into_iter().take(4).collect();
        if places.len() < 2 {
            return None;
        }
        self.note("or of ands");
        self.used.extend(&places);
        self.used.push(1);
        let Known::Text(label) = self.columns[1].value.clone() else { return None };
        let names: Vec<&str> = places.iter().map(|&place| self.columns[place].name.as_str()).collect();
        let set = places.iter().filter(|&&place| self.columns[place].value != Known::Null).count();
        let mut parts = vec![format!("{} = '{label}' and num_nonnulls({}) = {set}", self.columns[1].name, names.join(", "))];
        for other in LABELS.iter().filter(|other| **other != label).take(3) {
            let column = self.some_known();
            let truth = self.chance.coin();
            let count = self.chance.below(places.len() + 1);
            let condition = self.atom(column, truth);
            parts.push(format!("{} = '{other}' and num_nonnulls({}) = {count} and {condition}", self.columns[1].name, names.join(", ")));
        }
        Some(parts.join(" or "))
    }

    fn two_conditions(&mut self) -> (usize, usize) {
        let first = self.some_known();
        let mut second = self.some_known();
        for _ in 0..5 {
            if second != first {
                break;
            }
            second = self.some_known();
        }
        (first, second)
    }

    fn implication(&mut self) -> String {
        self.note("implication");
        let (first, second) = self.two_conditions();
        let held = self.chance.coin();
        let when = self.atom(first, held);
        let truth = held || self.chance.coin();
        let then = self.atom(second, truth);
        format!("not ({when}) or {then}")
    }

    fn case(&mut self) -> String {
        self.note("case");
        let (first, second) = self.two_conditions();
        let held = self.chance.coin();
        let when = self.atom(first, held);
        let (then, otherwise) = (self.atom(second, held || self.chance.0.is_multiple_of(2)), self.atom(second, true));
        format!("case when {when} then {then} else {otherwise} end")
    }

    fn coalesced(&mut self) -> Option<String> {
        let places = self.of_kinds(&[Kind::Int], false);
        if places.len() < 2 {
            return None;
        }
        self.note("coalesce");
        self.used.extend([places[0], places[1]]);
        let number = |value: &Known| if let Known::Int(number) = value { *number } else { 0 };
        let (one, other) = (&self.columns[places[0]], &self.columns[places[1]]);
        let sum = number(&one.value) + number(&other.value);
        let (one, other) = (one.name.clone(), other.name.clone());
        Some(if self.chance.coin() {
            format!("coalesce({one}, 0) + coalesce({other}, 0) <= {}", sum + self.chance.between(0, 50))
        } else {
            format!("coalesce({one}, 0) >= coalesce({other}, 0) - {}", sum + self.chance.between(0, 50))
        })
    }

    fn flagged(&mut self) -> Option<String> {
        let flags = self.of_kinds(&[Kind::Bool], true);
        let flag = *flags.first()?;
        self.note("boolean with others");
        self.used.push(flag);
        let Known::Bool(yes) = self.columns[flag].value else { return None };
        let name = self.columns[flag].name.clone();
        let other = self.some_known();
        if self.chance.coin() {
            let truth = yes || self.chance.coin();
            let condition = self.atom(other, !yes || truth);
            return Some(format!("{name} or {condition}"));
        }
        let condition = self.atom(other, yes);
        Some(format!("{name} = {condition}"))
    }
}
