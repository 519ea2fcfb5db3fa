//! Measures one run: memory and tables as they grow, and processor time.

use crate::{error::Halt, limits::Limits, reason::Reason};
use rustix::time::{ClockId, clock_gettime};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use wasmtime::{ResourceLimiter, Result};

/// Memory and tables of one run, all instances together.
pub(crate) struct Meter {
    memory_limit: usize,
    table_limit: usize,
    memory: usize,
    tables: usize,
    /// The last growth that was allowed, in case that it fails after all.
    last: usize,
    pub(crate) peak: usize,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { memory_limit: limits.memory, table_limit: limits.tables, memory: 0, tables: 0, last: 0, peak: 0 }
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        self.last = desired.saturating_sub(current);
        let wanted = self.memory.saturating_add(self.last);
        if wanted > self.memory_limit {
            return Err(Halt::error(Reason::Memory));
        }
        self.memory = wanted;
        self.peak = self.peak.max(wanted);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> Result<()> {
        self.memory = self.memory.saturating_sub(self.last);
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        let wanted = self.tables.saturating_add(desired.saturating_sub(current));
        if wanted > self.table_limit {
            return Err(Halt::error(Reason::Tables));
        }
        self.tables = wanted;
        Ok(true)
    }

    // The pool has bounds of its own for these.
    fn instances(&self) -> usize {
        usize::MAX
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        usize::MAX
    }
}

/// Processor time that a future uses, whichever threads poll it.
#[derive(Clone, Default)]
pub(crate) struct CpuClock(Arc<Spent>);

#[derive(Default)]
struct Spent {
    before: AtomicU64,
    /// The thread's own clock when the present poll began.
    since: AtomicU64,
}

fn thread_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or_default() * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or_default()
}

impl CpuClock {
    /// Runs it and measures.
    pub(crate) async fn measure<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|cx| {
            self.0.since.store(thread_time(), Ordering::Relaxed);
            let polled = work.as_mut().poll(cx);
            self.0.before.store(self.0.before.load(Ordering::Relaxed) + self.this_poll(), Ordering::Relaxed);
            polled
        })
        .await
    }

    fn this_poll(&self) -> u64 {
        thread_time().saturating_sub(self.0.since.load(Ordering::Relaxed))
    }

    /// So far, asked from inside of the work.
    pub(crate) fn inside(&self) -> Duration {
        Duration::from_nanos(self.0.before.load(Ordering::Relaxed) + self.this_poll())
    }

    /// Asked when the work does not run.
    pub(crate) fn total(&self) -> Duration {
        Duration::from_nanos(self.0.before.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_memories_together_are_bounded() {
        let limits = Limits { memory: 100, tables: 10, ..Limits::new(crate::Budget::Document, crate::manifest::Language::Native) };
        let mut meter = Meter::new(&limits);
        assert!(meter.memory_growing(0, 60, None).unwrap());
        let stopped = meter.memory_growing(0, 41, None).unwrap_err();
        assert_eq!(stopped.downcast_ref::<Halt>().map(|h| &h.0), Some(&Reason::Memory));
        assert!(meter.memory_growing(0, 40, None).unwrap());
        meter.memory_grow_failed(wasmtime::Error::msg("none left")).unwrap();
        assert!(meter.memory_growing(60, 100, None).unwrap());
        assert_eq!(meter.peak, 100);
        assert!(meter.table_growing(0, 10, None).unwrap());
        assert!(meter.table_growing(0, 1, None).is_err());
    }

    #[tokio::test]
    async fn only_computing_counts() {
        let clock = CpuClock::default();
        clock.measure(tokio::time::sleep(Duration::from_millis(50))).await;
        assert!(clock.total() < Duration::from_millis(20), "{:?}", clock.total());
        clock
            .measure(async {
                let until = clock.inside() + Duration::from_millis(20);
                while clock.inside() < until {}
            })
            .await;
        assert!(clock.total() >= Duration::from_millis(20));
    }
}
