//! Which meanings a name may have at all: hardly any name fits any of thousands of patterns.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use super::meaning::meanings;
use super::pattern::{Anchor, SHORTEST_COMPOUND_PART};

/// Places of meanings in the registry, by what their patterns ask of a name.
#[derive(Default)]
struct Index {
    whole: HashMap<&'static str, Vec<usize>>,
    last: HashMap<&'static str, Vec<usize>>,
    first: HashMap<&'static str, Vec<usize>>,
    anywhere: Vec<usize>,
}

/// The places, in the registry's order, of all meanings that may fit one of the spellings of a name.
pub(super) fn possible<'s>(spellings: impl IntoIterator<Item = &'s Vec<String>>) -> BTreeSet<usize> {
    let index = index();
    let mut found: BTreeSet<usize> = index.anywhere.iter().copied().collect();
    for name in spellings {
        found.extend(index.whole.get(name.concat().as_str()).into_iter().flatten());
        found.extend(name.first().and_then(|word| index.first.get(word.as_str())).into_iter().flatten());
        let Some(last) = name.last() else { continue };
        found.extend(index.last.get(last.as_str()).into_iter().flatten());
        let ends = (1..last.len()).filter(|&at| last.is_char_boundary(at) && last.len() - at >= SHORTEST_COMPOUND_PART);
        found.extend(ends.filter_map(|at| index.last.get(&last[at..])).flatten());
    }
    found
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Index::default();
        for (place, meaning) in meanings().iter().enumerate() {
            for pattern in &meaning.names {
                match pattern.anchor() {
                    Anchor::Whole(letters) => index.whole.entry(letters).or_default().push(place),
                    Anchor::Last(word) => index.last.entry(word).or_default().push(place),
                    Anchor::First(word) => index.first.entry(word).or_default().push(place),
                    Anchor::Anywhere => index.anywhere.push(place),
                }
            }
        }
        index
    })
}
