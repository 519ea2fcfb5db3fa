//! Time and randomness, passed in: a test turns the clock and repeats a run.

use chrono::{DateTime, Duration, DurationRound, Utc};
use std::sync::Mutex;

/// What time it is, to the microsecond, which is what the database keeps.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        to_micros(Utc::now())
    }
}

/// A clock that a test turns.
pub struct TestClock(Mutex<Duration>);

impl TestClock {
    /// Starts at the machine's time.
    pub fn new() -> Self {
        Self(Mutex::new(Duration::zero()))
    }

    /// Turns it on by `by`; it goes on running from there.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn to_micros(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(Duration::microseconds(1)).unwrap_or(time)
}

/// Where tokens, codes and ids come from.
pub trait Random: Send + Sync {
    /// Fills with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("a machine without randomness cannot run this program");
    }
}
