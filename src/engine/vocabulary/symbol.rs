//! Names of facts and lists as small numbers, so that rows look them up without comparing texts.

use std::collections::HashMap;
use std::fmt;
use std::sync::{OnceLock, RwLock};

/// A name: the id of a fact (`place.city`) or of a list (`places`). Equal names are equal symbols.
///
/// The numbers depend on who came first in this process: they index tables and are never part of data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

/// All names so far. They are never forgotten: lists, meanings and templates hold few thousands.
#[derive(Default)]
struct Names {
    numbers: HashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

fn names() -> &'static RwLock<Names> {
    static NAMES: OnceLock<RwLock<Names>> = OnceLock::new();
    NAMES.get_or_init(RwLock::default)
}

impl Symbol {
    /// The symbol of a name.
    pub fn new(name: &str) -> Self {
        if let Some(&number) = names().read().expect("no holder of the lock panics").numbers.get(name) {
            return Self(number);
        }
        let mut names = names().write().expect("no holder of the lock panics");
        if let Some(&number) = names.numbers.get(name) {
            return Self(number);
        }
        let text: &'static str = Box::leak(name.into());
        let number = names.texts.len() as u32;
        names.texts.push(text);
        names.numbers.insert(text, number);
        Self(number)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        names().read().expect("no holder of the lock panics").texts[self.0 as usize]
    }

    /// The symbol's number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_symbol() {
        let (first, other) = (Symbol::new("a.b"), Symbol::new("a.c"));
        assert_eq!((first, first.as_str()), (Symbol::new("a.b"), "a.b"));
        assert_ne!(first, other);
    }
}
