//! How many requests are under way at once: as many as allowed, half as many after "too many requests", then growing again.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Lets requests in.
pub(super) struct Gate {
    most: usize,
    limit: Cell<usize>,
    active: Cell<usize>,
    /// Successes in a row since the limit last changed.
    successes: Cell<usize>,
    /// Grows with each halving; a request that was let in before the last one halves nothing.
    epoch: Cell<u64>,
    /// Until then nobody is let in: the server asked for a pause.
    closed_until: RefCell<Option<Instant>>,
    /// Wakes one of those who wait.
    changed: Notify,
}

/// A request inside; leaves when dropped.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    epoch: u64,
}

impl Gate {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            most,
            limit: Cell::new(most),
            active: Cell::new(0),
            successes: Cell::new(0),
            epoch: Cell::new(0),
            closed_until: RefCell::new(None),
            changed: Notify::new(),
        }
    }

    /// How many may be inside now.
    pub(super) fn limit(&self) -> usize {
        self.limit.get()
    }

    pub(super) async fn enter(&self) -> Pass<'_> {
        loop {
            let pause = *self.closed_until.borrow();
            if let Some(until) = pause.filter(|until| *until > Instant::now()) {
                tokio::time::sleep_until(until).await;
            } else if self.active.get() < self.limit.get() {
                self.active.set(self.active.get() + 1);
                return Pass { gate: self, epoch: self.epoch.get() };
            } else {
                self.changed.notified().await;
            }
        }
    }

    /// A server's wish to be left alone for a while is everybody's.
    pub(super) fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut closed = self.closed_until.borrow_mut();
        if closed.is_none_or(|before| before < until) {
            *closed = Some(until);
        }
    }

    /// After as many successes in a row as are let in at once, one more is.
    pub(super) fn succeeded(&self) {
        self.successes.set(self.successes.get() + 1);
        if self.successes.get() >= self.limit.get() && self.limit.get() < self.most {
            self.limit.set(self.limit.get() + 1);
            self.successes.set(0);
            self.changed.notify_one();
        }
    }
}

impl Pass<'_> {
    /// The server had too many requests: halves the limit, once for all requests that were under way together.
    pub(super) fn too_many(&self) {
        let gate = self.gate;
        if self.epoch == gate.epoch.get() {
            gate.limit.set((gate.limit.get() / 2).max(1));
            gate.epoch.set(gate.epoch.get() + 1);
        }
        gate.successes.set(0);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.active.set(self.gate.active.get() - 1);
        self.gate.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::Gate;

    #[test]
    fn it_is_halved_once_a_burst_and_grows_again() {
        let gate = Gate::new(8);
        let passes: Vec<_> = (0..8).map(|_| gate.enter().now_or_never().expect("there is room")).collect();
        assert!(gate.enter().now_or_never().is_none());
        passes.iter().for_each(super::Pass::too_many);
        assert_eq!(gate.limit(), 4);
        drop(passes);
        let late = gate.enter().now_or_never().expect("there is room");
        late.too_many();
        assert_eq!(gate.limit(), 2);
        (0..2).for_each(|_| gate.succeeded());
        assert_eq!(gate.limit(), 3);
        (0..100).for_each(|_| gate.succeeded());
        assert_eq!(gate.limit(), 8);
    }
}
