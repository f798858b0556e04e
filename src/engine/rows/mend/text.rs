//! Texts of a length, with a part, or after a pattern.

use super::Mender;
use crate::engine::constraint::Pattern;
use crate::engine::expression::{CellPath, Expression, Function, Operator};
use crate::engine::value::Value;

/// Lengths and texts tried.
const TRIES: u32 = 8;

impl Mender<'_, '_> {
    /// Makes LIKE, a regular expression or `starts_with` hold, or not.
    pub(super) fn pattern(&mut self, condition: &Expression, wanted: bool) {
        let (operand, pattern) = match condition {
            Expression::Like { operand, pattern, fold } => {
                let pattern = match self.value(pattern) {
                    Some(Value::Text(text)) => Pattern::like(&text, *fold),
                    _ => None,
                };
                (&**operand, pattern)
            }
            Expression::Call(Function::Matches(pattern), arguments) => (&arguments[0], Some(Pattern::clone(pattern))),
            Expression::Call(Function::StartsWith, arguments) => {
                let prefix = arguments.get(1).and_then(|prefix| self.value(prefix));
                let Some(Value::Text(prefix)) = prefix else { return };
                let escaped: String = prefix.chars().flat_map(|letter| ['\\', letter]).collect();
                (&arguments[0], Pattern::like(&format!("{escaped}%"), false))
            }
            _ => return,
        };
        let Some(pattern) = pattern else { return };
        for _ in 0..TRIES {
            let text = if wanted { Some(self.matching(operand, &pattern)) } else { self.some_text(operand) };
            if let Some(text) = text.filter(|text| pattern.matches(text) == Some(wanted))
                && self.reach(operand, Operator::Equal, &Value::text(text))
            {
                return;
            }
        }
    }

    fn matching(&mut self, operand: &Expression, pattern: &Pattern) -> String {
        let bits = self.draws.bits();
        let domain =
            cell_below(operand).and_then(|path| self.rows.plan.tables[self.table].columns.get(path.column)).map(|column| &column.domain);
        pattern.make(bits, &|made| domain.is_none_or(|domain| domain.permits(&Value::text(made))))
    }

    fn some_text(&mut self, operand: &Expression) -> Option<String> {
        let path = cell_below(operand)?.clone();
        match self.fresh(&path) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// A text of another length.
    pub(super) fn length(&mut self, operand: &Expression, operator: Operator, value: &Value) {
        self.fill(operand);
        let Some(Value::Int(wanted)) = self.value(&Expression::Literal(value.clone())) else { return };
        let Some(path) = cell_below(operand).cloned() else { return };
        for _ in 0..TRIES {
            let more = self.draws.below(8) as i64;
            let length = match operator {
                Operator::Equal => wanted,
                Operator::LessEqual => wanted - more,
                Operator::Less => wanted - 1 - more,
                Operator::GreaterEqual => wanted + more,
                Operator::Greater | Operator::NotEqual => wanted + 1 + more,
            };
            let Ok(length) = usize::try_from(length.max(0)) else { return };
            let own = self.some_text(&Expression::Cell(path.clone())).unwrap_or_default();
            let text = self.resized(&path, &own, length);
            if self.put(&path, Value::text(text)) {
                let own = Expression::Call(Function::Length, vec![operand.clone()]);
                if self.satisfied(&own, operator, value) {
                    return;
                }
            }
        }
    }

    /// The text cut or continued to so many letters; after the column's pattern where it has one.
    fn resized(&mut self, path: &CellPath, text: &str, length: usize) -> String {
        let bits = self.draws.bits();
        let domain = &self.rows.plan.tables[self.table].columns[path.column].domain;
        if !domain.patterns.is_empty()
            && let Some(made) = domain.patterned(length as u64, length as u64, bits)
        {
            return made;
        }
        let mut resized: String = text.trim_end().chars().take(length).collect();
        let last = resized.trim_end().len();
        // A blank at the end would be lost to trimming.
        resized.truncate(last);
        while resized.chars().count() < length {
            resized.push(char::from(b'a' + self.draws.below(26) as u8));
        }
        match domain.letter_case {
            Some(crate::engine::constraint::LetterCase::Upper) => resized.to_uppercase(),
            _ => resized,
        }
    }

    /// `left(x, 2) = 'ab'`, `substr(x, 1, 2)`, `right`, `strpos(x, '@') > 1`, `x || y`.
    pub(super) fn part_of_text(&mut self, function: &Function, arguments: &[Expression], operator: Operator, value: &Value) {
        self.fill(&arguments[0]);
        let Some(Value::Text(own)) = self.value(&arguments[0]) else { return };
        let other = arguments.get(1).and_then(|argument| self.value(argument));
        let own: Vec<char> = own.chars().collect();
        match (function, other, value) {
            (Function::Left | Function::Substring, Some(Value::Int(at)), Value::Text(wanted)) => {
                let (before, count) = if *function == Function::Left {
                    (0, wanted.chars().count())
                } else {
                    ((at - 1).max(0) as usize, wanted.chars().count())
                };
                let mut text: String = own.iter().chain(std::iter::repeat(&'x')).take(before).collect();
                text.push_str(wanted);
                let room = arguments.get(2).is_some() || *function == Function::Left;
                if room {
                    text.extend(own.iter().skip(before + count));
                }
                self.reach(&arguments[0], operator, &Value::text(text));
            }
            (Function::Right, Some(_), Value::Text(wanted)) => {
                let kept = own.len().saturating_sub(wanted.chars().count());
                let text: String = own.iter().take(kept).copied().chain(wanted.chars()).collect();
                self.reach(&arguments[0], operator, &Value::text(text));
            }
            (Function::Position, Some(Value::Text(part)), _) => {
                let text: String = own.iter().collect();
                let without = text.replace(&*part, "");
                let middle = without.len() / 2;
                let middle = (0..=middle).rev().find(|&at| without.is_char_boundary(at)).unwrap_or(0);
                let inside = format!("{}{part}{}", &without[..middle], &without[middle..]);
                for text in [inside, format!("{part}{without}"), format!("a{part}{without}"), without] {
                    self.reach(&arguments[0], Operator::Equal, &Value::text(text));
                    if self.satisfied(&Expression::Call(Function::Position, arguments.to_vec()), operator, value) {
                        return;
                    }
                }
            }
            (Function::Concatenate, Some(Value::Text(second)), Value::Text(wanted)) => {
                let first: String = own.iter().collect();
                if let Some(rest) = wanted.strip_prefix(&first) {
                    self.reach(&arguments[1], operator, &Value::text(rest));
                } else if let Some(rest) = wanted.strip_suffix(&*second) {
                    self.reach(&arguments[0], operator, &Value::text(rest));
                }
            }
            _ => {}
        }
    }
}

/// The one cell that a text is made of.
fn cell_below(expression: &Expression) -> Option<&CellPath> {
    match expression {
        Expression::Cell(path) => Some(path),
        Expression::Call(_, arguments) => cell_below(arguments.first()?),
        Expression::Cast { operand, .. } => cell_below(operand),
        Expression::Coalesce(parts) => cell_below(parts.first()?),
        _ => None,
    }
}
