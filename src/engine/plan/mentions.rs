//! Which columns a piece of SQL names, where the catalog does not say.

use crate::engine::catalog::{ColumnId, Table};
use crate::engine::plan::{ColumnPlan, Source};

/// The columns of a table that a text names, quoted or not.
pub(in crate::engine) fn columns_in(table: &Table, text: &str) -> Vec<ColumnId> {
    let words = words(text);
    (0..table.columns.len()).filter(|&column| words.iter().any(|word| *word == table.columns[column].name)).collect()
}

/// Lets redraws change these columns, but for keys of their own and times of birth.
pub(super) fn redraw(columns: &mut [ColumnPlan], which: &[ColumnId]) {
    for &column in which {
        let fixed = matches!(columns[column].source, Source::Serial { .. } | Source::Birth);
        columns[column].redrawn |= !fixed;
    }
}

/// The identifiers of a text; string constants are passed over.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let _ = enclosed(&mut letters, '\'');
            }
            '"' => words.push(enclosed(&mut letters, '"')),
            _ if letter.is_alphanumeric() || letter == '_' => {
                let mut word = String::from(letter);
                while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '$')) {
                    word.push(next);
                }
                words.push(word);
            }
            _ => {}
        }
    }
    words
}

/// What stands before the closing mark; a doubled mark is one.
fn enclosed(letters: &mut std::iter::Peekable<std::str::Chars>, mark: char) -> String {
    let mut inner = String::new();
    while let Some(letter) = letters.next() {
        if letter != mark {
            inner.push(letter);
        } else if letters.next_if_eq(&mark).is_some() {
            inner.push(mark);
        } else {
            break;
        }
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn identifiers_are_found_and_constants_are_not() {
        assert_eq!(words("lower((name)::text)"), ["lower", "name", "text"]);
        assert_eq!(words("\"Odd \"\"Name\" = 'it''s name'"), ["Odd \"Name"]);
    }
}
