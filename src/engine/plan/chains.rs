//! Counts that are parts of others (`data/chains.csv`), as formulas.

use serde::Deserialize;

use crate::engine::plan::formulary::{Formula, Overruled, Part, Share, lines};

/// The most that a whole is of a part that rows below are.
const MOST_TIMES: f64 = 400.0;

#[derive(Debug, Deserialize)]
struct Line {
    of: String,
    within: String,
    low: f64,
    high: f64,
    /// The grid of the parts: they are no less than this where there is a whole.
    step: Option<f64>,
    r#as: Option<As>,
}

/// What is said of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum As {
    /// A number that somebody set: it need not be near its part.
    Limit,
    /// What the row above says of it holds in the row.
    Told,
}

/// A part, one of its wholes, and the share.
struct Link {
    of: usize,
    within: usize,
    low: f64,
    high: f64,
    step: f64,
    limit: bool,
}

/// What is told above, then the wholes of counted parts from the nearest upwards, then the parts of the nearest wholes.
pub(super) fn formulas(place: &dyn Fn(&str) -> usize) -> Vec<Formula> {
    let lines: Vec<Line> = lines(include_str!("data/chains.csv")).collect();
    let told = lines.iter().filter(|line| line.r#as == Some(As::Told)).map(|line| {
        let within = place(&line.within);
        Formula::new(within, vec![Part::Above(within)])
    });
    let links = links(&lines, place);
    told.chain(links.iter().map(raised)).chain(links.iter().map(part)).collect()
}

/// All parts with all their wholes, the nearest first.
fn links(lines: &[Line], place: &dyn Fn(&str) -> usize) -> Vec<Link> {
    let direct: Vec<Link> = lines
        .iter()
        .map(|line| Link {
            of: place(&line.of),
            within: place(&line.within),
            low: line.low,
            high: line.high,
            step: line.step.unwrap_or(0.0),
            limit: line.r#as == Some(As::Limit),
        })
        .collect();
    let mut found: Vec<Link> = Vec::new();
    let mut ring: Vec<Link> = direct.iter().map(|link| Link { ..*link }).collect();
    while !ring.is_empty() {
        let further = ring.iter().flat_map(|near| {
            direct.iter().filter(|far| far.of == near.within).map(|far| Link {
                of: near.of,
                within: far.within,
                low: near.low * far.low,
                high: near.high * far.high,
                step: near.step,
                limit: far.limit,
            })
        });
        let further = further.collect();
        found.extend(std::mem::replace(&mut ring, further));
    }
    found
}

/// A share of the whole.
fn part(link: &Link) -> Formula {
    let share = Share { low: link.low, high: link.high, step: link.step };
    // Of what was not counted nothing was; what has no limit may be any number.
    let parts = if link.limit {
        vec![Part::Own(link.within)]
    } else {
        vec![Part::Sql("coalesce(".to_owned()), Part::Own(link.within), Part::Sql(", 0)".to_owned())]
    };
    Formula { share: Some(share), ..Formula::new(link.of, parts) }
}

/// The whole of which rows below are a part.
fn raised(link: &Link) -> Formula {
    let share =
        Share { low: 1.0 / link.high, high: (1.0 / link.low.max(f64::MIN_POSITIVE)).min(MOST_TIMES).max(1.0 / link.high), step: 0.0 };
    let (parts, share, over) = if link.limit {
        (vec![Part::Own(link.of)], None, Some(Overruled::Lower))
    } else {
        (vec![Part::Own(link.of), Part::Sql(" + 1".to_owned())], Some(share), None)
    };
    Formula { share, over, of_rows: true, ..Formula::new(link.within, parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_of_the_nearest_whole_and_no_more_than_it() {
        let line = |of: &str, within: &str, low, high| Line { of: of.into(), within: within.into(), low, high, step: None, r#as: None };
        let lines = [line("2", "1", 0.1, 0.5), line("1", "0", 0.5, 1.0)];
        let found = links(&lines, &|name| name.parse().expect("a number"));
        let told: Vec<_> = found.iter().map(|link| (link.of, link.within, link.low, link.high)).collect();
        assert_eq!(told, [(2, 1, 0.1, 0.5), (1, 0, 0.5, 1.0), (2, 0, 0.05, 0.5)]);
    }

    #[test]
    fn no_part_is_greater_than_its_whole() {
        let read: Vec<Line> = lines(include_str!("data/chains.csv")).collect();
        assert!(read.len() > 30);
        for line in read {
            assert!(0.0 <= line.low && line.low <= line.high && line.high <= 1.0, "{line:?}");
        }
    }
}
