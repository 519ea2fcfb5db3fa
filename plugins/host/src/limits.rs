//! How much a run may use. The defaults are for companies that never ask; a plan may give others.

use crate::{inspect::World, manifest::Language};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What one run may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Instructions, about.
    pub fuel: u64,
    /// Bytes of memory, all of the component's memories together.
    pub memory: usize,
    /// Elements of tables, together.
    pub tables: usize,
    /// Computing.
    pub cpu: Duration,
    /// From start to end, host calls included.
    pub time: Duration,
    /// One host call that stays in the house.
    pub call: Duration,
    /// One HTTP request, from looking the host up to its last byte.
    pub http: Duration,
    /// Bytes of the answer.
    pub output: usize,
    /// Bytes of log that are kept.
    pub log: usize,
    /// HTTP requests.
    pub http_calls: usize,
    /// Host calls of any kind.
    pub calls: usize,
    /// Bytes of an HTTP answer.
    pub http_body: usize,
    /// How long a run waits for its turn among its company's.
    pub queue: Duration,
}

/// The two sizes of budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// For a document.
    Document,
    /// For an event.
    Notification,
}

impl From<World> for Budget {
    fn from(world: World) -> Self {
        if world == World::DocumentGenerator { Self::Document } else { Self::Notification }
    }
}

impl Limits {
    /// The defaults.
    pub fn new(budget: Budget, language: Language) -> Self {
        let fuel = match (budget, language.is_script()) {
            (Budget::Document, false) => 100_000_000,
            (Budget::Notification, false) => 10_000_000,
            // A script's runtime needs some ten times as much for the same work.
            (Budget::Document, true) => 1_000_000_000,
            (Budget::Notification, true) => 200_000_000,
        };
        Self {
            fuel,
            memory: if language.is_script() { 128 << 20 } else { 64 << 20 },
            // A script runtime alone has more functions than that.
            tables: if language.is_script() { 50_000 } else { 10_000 },
            cpu: Duration::from_secs(2),
            time: Duration::from_secs(10),
            call: Duration::from_secs(2),
            http: Duration::from_secs(5),
            output: 10 << 20,
            log: 64 << 10,
            http_calls: 20,
            calls: 10_000,
            http_body: 2 << 20,
            queue: Duration::from_secs(5),
        }
    }

    /// The largest component that is taken.
    pub fn component(language: Language) -> usize {
        if language.is_script() { 20 << 20 } else { 16 << 20 }
    }

    /// What one hand-over from the guest to the host may hold: the answer, and some for its form.
    pub(crate) fn at_once(&self) -> usize {
        self.output + (1 << 20)
    }
}
