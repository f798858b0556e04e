//! What a run may still ask and spend. A request counts from before it is sent: an answer that was lost may have been paid.

use crate::engine::model::Price;

/// Limits of one run and what it used of them.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Requests that may be sent.
    pub max_calls: u64,
    /// US dollars that may be spent; binds only where the price is known.
    pub max_cost: f64,
    /// The model's price, where known.
    pub price: Option<Price>,
    /// Requests that were sent and not refused.
    pub calls: u64,
    /// US dollars spent, answers that were lost included at the most they can have cost.
    pub spent: f64,
    /// US dollars that requests under way may still cost.
    reserved: f64,
}

/// Whether a request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// Yes, and it is counted.
    Go,
    /// Perhaps, when requests under way have landed and cost less than they might.
    Wait,
    /// No: which limit is reached.
    Never(String),
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// Answered, for so much.
    Paid(f64),
    /// Refused by the server, or never sent: it cost nothing.
    Refused,
    /// Its answer was lost: it may have cost as much as it was allowed to.
    Lost,
}

impl Budget {
    /// A budget of which a run has used some already.
    pub fn new(max_calls: u64, max_cost: f64, price: Option<Price>, calls: u64, spent: f64) -> Self {
        Self { max_calls, max_cost, price, calls, spent, reserved: 0.0 }
    }

    /// The most that a request of so many tokens can cost.
    pub(super) fn worst(&self, input: u64, most_output: u64) -> f64 {
        self.price.map_or(0.0, |price| price.of(input, most_output))
    }

    pub(super) fn take(&mut self, worst: f64) -> Permission {
        if self.calls >= self.max_calls {
            return Permission::Never(format!("the limit of {} calls is reached (synthgen.llm_max_calls)", self.max_calls));
        }
        if self.spent + worst > self.max_cost {
            return Permission::Never(format!(
                "the limit of {} USD would be passed: {:.4} spent, the next call may cost {worst:.4} (synthgen.llm_max_cost)",
                self.max_cost, self.spent
            ));
        }
        if self.spent + self.reserved + worst > self.max_cost {
            return Permission::Wait;
        }
        self.calls += 1;
        self.reserved += worst;
        Permission::Go
    }

    pub(super) fn end(&mut self, worst: f64, end: End) {
        self.reserved = (self.reserved - worst).max(0.0);
        match end {
            End::Paid(cost) => self.spent += cost,
            End::Refused => self.calls -= 1,
            End::Lost => self.spent += worst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price { input: 1.0, output: 4.0 };

    #[test]
    fn calls_end_at_their_limit_and_refused_ones_are_given_back() {
        let mut budget = Budget::new(2, 1.0, None, 1, 0.0);
        assert_eq!(budget.take(0.0), Permission::Go);
        assert!(matches!(budget.take(0.0), Permission::Never(why) if why.contains("llm_max_calls")));
        budget.end(0.0, End::Refused);
        assert_eq!(budget.take(0.0), Permission::Go);
        budget.end(0.0, End::Lost);
        assert!(matches!(budget.take(0.0), Permission::Never(_)), "a lost answer counts");
    }

    #[test]
    fn money_is_reserved_until_its_use_is_known() {
        let mut budget = Budget::new(100, 1.0, Some(PRICE), 0, 0.0);
        let worst = budget.worst(100_000, 100_000);
        assert!((worst - 0.5).abs() < 1e-9);
        assert_eq!((budget.take(worst), budget.take(worst), budget.take(worst)), (Permission::Go, Permission::Go, Permission::Wait));
        budget.end(worst, End::Paid(0.1));
        assert_eq!(budget.take(worst), Permission::Wait, "0.1 spent, 0.5 reserved");
        budget.end(worst, End::Lost);
        assert!(matches!(budget.take(worst), Permission::Never(why) if why.contains("llm_max_cost")));
    }
}
