//! A text that several patterns and a length take at once: a walk through the automata of all of them together
//! (Thompson, "Regular expression search algorithm", CACM 1968), which never takes a letter after which one of them
//! could no longer end within the length.
//!
//! Looks ahead and word boundaries are passed over; `permits` has the last word.

use std::sync::Arc;

use super::pattern::{Alternatives, Node, Pattern, is_same, is_within};
use crate::engine::rows::random::{Draws, StreamKey};

/// States of one pattern; beyond them it is left alone.
const MOST_STATES: usize = 4_000;

/// Letters tried in one walk.
const MOST_STEPS: u32 = 4_000;

/// Walks until one ends in a text that is permitted.
const WALKS: u32 = 12;

/// Letters beyond the fewest that are made where the length leaves room.
const MORE: u64 = 6;

/// Letters that are tried first, in this order of preference; what a pattern names comes after them.
const WORDS: &str = "abcdefghijklmnopqrstuvwxyz";
const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SIGNS: &str = "-_. ,:;/@#+*()!?&='\"%$<>[]{}|~^`\\";

/// A text of `least` to `most` letters that all patterns match and `permits` takes; `None` where no walk ends in one.
pub(super) fn text(patterns: &[Arc<Pattern>], least: u64, most: u64, bits: u64, permits: &dyn Fn(&str) -> bool) -> Option<String> {
    let automata: Vec<Automaton> = patterns.iter().map(|pattern| Automaton::of(pattern)).collect::<Option<_>>()?;
    let key = StreamKey::new(bits as i64, "", "joint");
    (0..WALKS).find_map(|walk| {
        let mut walker = Walker { automata: &automata, letters: letters(&automata), least, most, draws: key.draws(0, walk), steps: 0 };
        let begin: Vec<States> = automata.iter().map(|automaton| automaton.closure(&[automaton.start], true, false)).collect();
        let fewest = walker.fewest(&begin)?.max(least);
        let target = (fewest + walker.draws.below(MORE + 1)).min(most.max(fewest));
        let mut text = String::new();
        (walker.walk(&begin, 0, target, &mut text) && permits(&text)).then_some(text)
    })
}

type States = Vec<usize>;

/// What leads on from a state.
#[derive(Debug)]
enum Step<'p> {
    /// A letter, of this node.
    Letter(&'p Node),
    /// Any letter: before and after what is not anchored.
    Any,
    /// Nothing.
    Free,
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// The pattern has matched.
    Accept,
}

#[derive(Debug)]
struct State<'p> {
    step: Step<'p>,
    next: States,
}

/// A pattern as states; built from its end.
#[derive(Debug)]
struct Automaton<'p> {
    states: Vec<State<'p>>,
    start: usize,
    fold: bool,
    /// Letters to the end at the least, by state.
    distance: Vec<u64>,
}

impl<'p> Automaton<'p> {
    fn of(pattern: &'p Pattern) -> Option<Self> {
        let mut automaton = Self { states: Vec::new(), start: 0, fold: pattern.fold, distance: Vec::new() };
        let accept = automaton.push(Step::Accept, Vec::new());
        let tail = automaton.push(Step::Free, vec![accept]);
        let any = automaton.push(Step::Any, vec![tail]);
        automaton.states[tail].next.push(any);
        let mut starts = Vec::new();
        for nodes in &pattern.root {
            let first = automaton.sequence(nodes, tail)?;
            starts.push(if matches!(nodes.first(), Some(Node::Start)) { first } else { automaton.after_anything(first) });
        }
        automaton.start = automaton.push(Step::Free, starts);
        automaton.measure();
        Some(automaton)
    }

    fn push(&mut self, step: Step<'p>, next: States) -> usize {
        self.states.push(State { step, next });
        self.states.len() - 1
    }

    /// Any letters, then a state.
    fn after_anything(&mut self, state: usize) -> usize {
        let head = self.push(Step::Free, vec![state]);
        let any = self.push(Step::Any, vec![head]);
        self.states[head].next.push(any);
        head
    }

    fn sequence(&mut self, nodes: &'p [Node], end: usize) -> Option<usize> {
        nodes.iter().rev().try_fold(end, |next, node| self.node(node, next))
    }

    fn alternatives(&mut self, alternatives: &'p Alternatives, end: usize) -> Option<usize> {
        let starts: Option<States> = alternatives.iter().map(|nodes| self.sequence(nodes, end)).collect();
        Some(self.push(Step::Free, starts?))
    }

    fn node(&mut self, node: &'p Node, next: usize) -> Option<usize> {
        if self.states.len() > MOST_STATES {
            return None;
        }
        Some(match node {
            Node::Letter(_) | Node::Any | Node::Class { .. } => self.push(Step::Letter(node), vec![next]),
            Node::Group(inner) => self.alternatives(inner, next)?,
            Node::Repeat { node, least, most } => {
                let mut state = match most {
                    None => {
                        let turn = self.push(Step::Free, vec![next]);
                        let again = self.node(node, turn)?;
                        self.states[turn].next.push(again);
                        turn
                    }
                    Some(most) => (*least..*most).try_fold(next, |state, _| {
                        let again = self.node(node, state)?;
                        Some(self.push(Step::Free, vec![again, next]))
                    })?,
                };
                for _ in 0..*least {
                    state = self.node(node, state)?;
                }
                state
            }
            Node::Start => self.push(Step::Start, vec![next]),
            Node::End => self.push(Step::End, vec![next]),
            Node::Ahead { .. } | Node::Boundary { .. } => next,
        })
    }

    /// Letters to the end, state by state, until none changes.
    fn measure(&mut self) {
        self.distance = vec![u64::MAX; self.states.len()];
        loop {
            let mut changed = false;
            for state in 0..self.states.len() {
                let State { step, next } = &self.states[state];
                let beyond = next.iter().map(|&next| self.distance[next]).min().unwrap_or(u64::MAX);
                let own = match step {
                    Step::Accept => 0,
                    Step::Letter(_) | Step::Any => beyond.saturating_add(1),
                    Step::Free | Step::Start | Step::End => beyond,
                };
                changed |= own < self.distance[state];
                self.distance[state] = self.distance[state].min(own);
            }
            if !changed {
                return;
            }
        }
    }

    /// All states that are reached without a letter.
    fn closure(&self, from: &[usize], at_start: bool, at_end: bool) -> States {
        let mut reached: States = from.to_vec();
        let mut at = 0;
        while let Some(&state) = reached.get(at) {
            let open = match self.states[state].step {
                Step::Free => true,
                Step::Start => at_start,
                Step::End => at_end,
                Step::Letter(_) | Step::Any | Step::Accept => false,
            };
            let next: &[usize] = if open { &self.states[state].next } else { &[] };
            let new: States = next.iter().copied().filter(|next| !reached.contains(next)).collect();
            reached.extend(new);
            at += 1;
        }
        reached
    }

    fn after(&self, states: &[usize], letter: char) -> States {
        let mut next: States = Vec::new();
        for &state in states {
            let State { step, next: following } = &self.states[state];
            let taken = match step {
                Step::Any | Step::Letter(Node::Any) => true,
                Step::Letter(Node::Letter(wanted)) => is_same(letter, *wanted, self.fold),
                Step::Letter(Node::Class { negated, ranges }) => is_within(letter, ranges, self.fold) != *negated,
                _ => false,
            };
            if taken {
                next.extend(following.iter().copied().filter(|state| !next.contains(state)).collect::<States>());
            }
        }
        self.closure(&next, false, false)
    }

    fn accepts(&self, states: &[usize], at_start: bool) -> bool {
        self.closure(states, at_start, true).iter().any(|&state| matches!(self.states[state].step, Step::Accept))
    }
}

/// The letters to try, by preference: words', then others', each group shuffled as it is walked.
fn letters(automata: &[Automaton]) -> Vec<Vec<char>> {
    let mut named: Vec<char> = Vec::new();
    for automaton in automata {
        for state in &automaton.states {
            match &state.step {
                Step::Letter(Node::Letter(letter)) => named.push(*letter),
                Step::Letter(Node::Class { negated: false, ranges }) => named.extend(ranges.iter().flat_map(|(low, high)| [*low, *high])),
                _ => {}
            }
        }
    }
    let known = |letter: &char| WORDS.contains(*letter) || PLAIN.contains(*letter) || SIGNS.contains(*letter);
    named.retain(|letter| !known(letter));
    named.sort_unstable();
    named.dedup();
    vec![WORDS.chars().collect(), PLAIN.chars().collect(), SIGNS.chars().collect(), named]
}

/// A walk under way.
struct Walker<'a, 'p> {
    automata: &'a [Automaton<'p>],
    letters: Vec<Vec<char>>,
    least: u64,
    most: u64,
    draws: Draws,
    steps: u32,
}

impl Walker<'_, '_> {
    /// The fewest letters until all patterns can end; `None` where one never does.
    fn fewest(&self, at: &[States]) -> Option<u64> {
        let fewest = |(automaton, states): (&Automaton, &States)| states.iter().map(|&state| automaton.distance[state]).min();
        let all = self.automata.iter().zip(at).map(|pair| fewest(pair).filter(|fewest| *fewest < u64::MAX));
        all.collect::<Option<Vec<u64>>>()?.into_iter().max()
    }

    /// Goes on to `target` letters or the first end beyond them; back where it leads nowhere.
    fn walk(&mut self, at: &[States], length: u64, target: u64, text: &mut String) -> bool {
        let ends = length >= self.least && self.automata.iter().zip(at).all(|(automaton, states)| automaton.accepts(states, length == 0));
        if ends && length >= target {
            return true;
        }
        if length < self.most {
            for letter in self.order(at) {
                self.steps += 1;
                if self.steps > MOST_STEPS {
                    return false;
                }
                let next: Vec<States> = self.automata.iter().zip(at).map(|(automaton, states)| automaton.after(states, letter)).collect();
                if self.fewest(&next).is_none_or(|fewest| length + 1 + fewest > self.most) {
                    continue;
                }
                text.push(letter);
                if self.walk(&next, length + 1, target, text) {
                    return true;
                }
                text.pop();
            }
        }
        ends
    }

    /// The letters that all patterns take here, in the order in which they are tried.
    fn order(&mut self, at: &[States]) -> Vec<char> {
        let takes = |letter: char| self.automata.iter().zip(at).all(|(automaton, states)| !automaton.after(states, letter).is_empty());
        let mut groups: Vec<Vec<char>> =
            self.letters.iter().map(|group| group.iter().copied().filter(|letter| takes(*letter)).collect()).collect();
        // Where signs are taken too, so is any letter: then words. Else all that the classes name alike.
        if groups[2].is_empty() {
            let plain = std::mem::take(&mut groups[1]);
            groups[0].extend(plain);
        }
        for group in &mut groups {
            for last in (1..group.len()).rev() {
                group.swap(last, self.draws.below(last as u64 + 1) as usize);
            }
        }
        groups.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(sources: &[&str], least: u64, most: u64) -> Vec<Option<String>> {
        let read = |source: &&str| Arc::new(Pattern::regex(source, source.starts_with("(?i)")).expect("is read"));
        let patterns: Vec<Arc<Pattern>> = sources.iter().map(read).collect();
        let bits = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (0..40).map(|number| text(&patterns, least, most, bits(number), &|_| true)).collect()
    }

    #[test]
    fn what_several_patterns_take_is_found() {
        let cases: [(&[&str], u64, u64); 7] = [
            (&["^[A-Z]{2}-[0-9]{4}$", "(?i)^[e-z]"], 5, 16),
            (&["(?i)^[e-z]"], 5, 16),
            (&["@", r"^[a-z.@]+$", r"\.org$"], 8, 12),
            (&["^[a-z]+$", "q", "x.*z"], 6, 6),
            (&["^$|^x+$", "x{3,}"], 0, 9),
            (&["^(GB|DE|FR)[[:digit:]]{9}$", "7"], 0, 40),
            (&["^[^a-zA-Z0-9]+$"], 2, 4),
        ];
        for (sources, least, most) in cases {
            let texts = made(sources, least, most);
            for text in &texts {
                let text = text.as_ref().unwrap_or_else(|| panic!("none for {sources:?}"));
                assert!((least..=most).contains(&(text.chars().count() as u64)), "{sources:?}: {text:?}");
                for source in sources {
                    let pattern = Pattern::regex(source, source.starts_with("(?i)")).expect("is read");
                    assert_eq!(pattern.matches(text), Some(true), "{source}: {text:?}");
                }
            }
            let mut different = texts.clone();
            different.sort();
            different.dedup();
            assert!(different.len() > 3, "{sources:?} always makes {different:?}");
        }
    }

    #[test]
    fn where_none_is_there_is_none() {
        assert_eq!(made(&["^[a-z]+$", "[0-9]"], 0, 9)[0], None);
        assert_eq!(made(&["^a{5}$"], 0, 4)[0], None);
        assert_eq!(made(&["^a{5}$"], 6, 9)[0], None);
    }
}
