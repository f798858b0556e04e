//! What leaves the house and travels until it arrives: an order's parcel, a shipment.

use crate::engine::plan::State;
use crate::engine::rows::lifecycle::{HOUR, LEAST_STEP, LEFT, Step, by_day, in_office_hours};
use crate::engine::rows::random::{Draws, scale};
use crate::engine::value::MICROS_PER_DAY;
use crate::engine::vocabulary::StatusClass;

/// What is sent is not there sooner.
const LEAST_WAY: i64 = 8 * HOUR;

/// Of the time until something arrives, the part in which it is still in the house, and the longest that this lasts.
const HANDLED: f64 = 0.4;
const MOST_HANDLED: i64 = 2 * MICROS_PER_DAY;

/// Place on a good way of the first state in which a thing has left the house and is still to arrive.
pub(super) fn on_its_way(states: &[State], way: &[usize]) -> Option<usize> {
    let sent = way.iter().position(|&state| states[state].class == StatusClass::Open && states[state].stage >= LEFT)?;
    let arrives = way.last().is_some_and(|&state| states[state].class == StatusClass::Done);
    (sent > 0 && arrives).then_some(sent)
}

/// When what was begun at a time arrives: on the day on which so much time has passed, by day; where that is too soon, later.
pub(super) fn arrival(birth: i64, duration: i64, draws: &mut Draws) -> i64 {
    let shaped = in_office_hours(birth + duration, draws.bits());
    if shaped - birth >= LEAST_WAY { shaped } else { birth + duration.max(LEAST_WAY) + draws.below(HOUR as u64) as i64 }
}

/// When something on its way from its birth to its arrival comes to a step: it is sent in the first part of the time, at the
/// latest two days after its birth, and travels for the rest.
pub(super) fn under_way(
    (birth, arrives): (i64, i64),
    (number, sent, last): (usize, usize, usize),
    before: Option<&Step>,
    draws: &mut Draws,
) -> i64 {
    let leaves = birth + (((arrives - birth) as f64 * HANDLED) as i64).min(MOST_HANDLED);
    let (from, until, step, steps) =
        if number <= sent { (birth, leaves, number, sent) } else { (leaves, arrives, number - sent, last - sent) };
    if number == 0 || number == last {
        return if number == 0 { birth } else { arrives };
    }
    let part = (until - from) / steps as i64;
    let ceiling = from + part * step as i64;
    let at = ceiling - scale(draws.bits(), (part / 2).max(1) as u64) as i64;
    by_day(at, before.map_or(birth, |step| step.at) + LEAST_STEP, ceiling, draws.bits())
}
