//! Who computes where, so that one company's plugins do not slow down the others' work.
//!
//! A run begins on the thread that asked for it, for most are done before anybody could notice. One that goes on computing, and every
//! run of a company that computed much lately, is carried on by threads of low rank, of which there is one fewer than processors.

use crate::meter::CpuClock;
use rustix::process::{getpriority_process, setpriority_process};
use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
    thread,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

/// What a run may compute where it began. It is looked at when the guest gives way.
const QUICK: Duration = Duration::from_millis(4);
/// What a company may compute at once before its runs begin in the slow lane, in seconds.
const CREDIT: f64 = 0.1;
/// Seconds of computing that a company gets back each second.
const REFILL: f64 = 0.1;
/// Who computed for longer than this is forgiven as if it had been this.
const DEBT: f64 = -3.0;
/// Companies that are kept in mind.
const ACCOUNTS: usize = 1000;
/// How much the slow lane gives way; 19 would be to starve beside a busy database.
const NICE: i32 = 10;

/// The two lanes, as long as this lives.
pub(crate) struct Lanes {
    /// Only taken away when this is dropped.
    slow: Option<Runtime>,
    accounts: Mutex<HashMap<Uuid, Account>>,
}

impl Lanes {
    pub(crate) fn start() -> io::Result<Self> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let slow = Builder::new_multi_thread()
            .worker_threads(processors.saturating_sub(1).max(1))
            .thread_name("plugin-slow")
            .on_thread_start(|| {
                // Linux ranks threads one by one. A machine that refuses this still has one processor for the others.
                let _ = getpriority_process(None).and_then(|rank| setpriority_process(None, rank + NICE));
            })
            .build()?;
        Ok(Self { slow: Some(slow), accounts: Mutex::default() })
    }

    /// Does the work, whose computing this clock measures, in the lane where it belongs, and puts it down to the company's account
    /// if it is one's. `None` if it panicked in the slow lane; where it began, a panic is the asker's.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        tenant: Option<Uuid>,
        cpu: &CpuClock,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let mut work = Box::pin(work);
        if tenant.is_none_or(|tenant| self.has_credit(tenant)) {
            let quick = poll_fn(|cx| match work.as_mut().poll(cx) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending if cpu.total() > QUICK => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            });
            if let Some(done) = quick.await {
                self.charge(tenant, cpu.total());
                return Some(done);
            }
        }
        // Its timers and sockets stay those of whoever asked: a connection that it opens goes on to others.
        let home = Handle::current();
        let carried = poll_fn(move |cx| {
            let _home = home.enter();
            work.as_mut().poll(cx)
        });
        let done = AbortOnDropHandle::new(self.slow.as_ref()?.spawn(carried)).await.ok();
        self.charge(tenant, cpu.total());
        done
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<Uuid, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_credit(&self, tenant: Uuid) -> bool {
        self.accounts().get_mut(&tenant).is_none_or(|account| account.now() > 0.0)
    }

    fn charge(&self, tenant: Option<Uuid>, computed: Duration) {
        let Some(tenant) = tenant else { return };
        let mut accounts = self.accounts();
        if accounts.len() >= ACCOUNTS && !accounts.contains_key(&tenant) {
            accounts.retain(|_, account| account.now() < CREDIT);
        }
        let account = accounts.entry(tenant).or_insert_with(Account::new);
        account.left = (account.now() - computed.as_secs_f64()).max(DEBT);
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        if let Some(slow) = self.slow.take() {
            slow.shutdown_background();
        }
    }
}

/// What a company may still compute, in seconds.
struct Account {
    left: f64,
    at: Instant,
}

impl Account {
    fn new() -> Self {
        Self { left: CREDIT, at: Instant::now() }
    }

    fn now(&mut self) -> f64 {
        let now = Instant::now();
        self.left = (self.left + now.duration_since(self.at).as_secs_f64() * REFILL).min(CREDIT);
        self.at = now;
        self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::yield_now;

    /// Computes for so long, and gives way as guests do; the names of the threads that it was on.
    async fn compute(cpu: CpuClock, time: Duration) -> Vec<String> {
        let clock = cpu.clone();
        cpu.measure(async move {
            let mut threads = Vec::new();
            while clock.inside() < time {
                let until = clock.inside() + Duration::from_millis(1);
                while clock.inside() < until {}
                threads.push(thread::current().name().unwrap_or_default().to_owned());
                yield_now().await;
            }
            threads.dedup();
            threads
        })
        .await
    }

    async fn run(lanes: &Lanes, tenant: u128, millis: u64) -> Vec<String> {
        let cpu = CpuClock::default();
        let work = compute(cpu.clone(), Duration::from_millis(millis));
        lanes.run(Some(Uuid::from_u128(tenant)), &cpu, work).await.expect("it does not panic")
    }

    #[tokio::test]
    async fn a_short_run_stays_and_a_long_one_is_carried_on_elsewhere() {
        let lanes = Lanes::start().unwrap();
        let short = run(&lanes, 1, 2).await;
        assert!(!short.contains(&"plugin-slow".to_owned()), "{short:?}");
        let long = run(&lanes, 1, 40).await;
        assert!(long.len() == 2 && long[1] == "plugin-slow", "{long:?}");
    }

    #[tokio::test]
    async fn who_computed_much_begins_in_the_slow_lane_and_the_others_do_not() {
        let lanes = Lanes::start().unwrap();
        run(&lanes, 1, 150).await;
        assert_eq!(run(&lanes, 1, 2).await, ["plugin-slow"]);
        assert_ne!(run(&lanes, 2, 2).await, ["plugin-slow"]);
    }

    #[tokio::test]
    async fn a_panic_is_the_runs_own_and_nobody_waiting_ends_it() {
        let lanes = Lanes::start().unwrap();
        run(&lanes, 1, 150).await;
        let (tenant, cpu) = (Some(Uuid::from_u128(1)), CpuClock::default());
        assert_eq!(lanes.run(tenant, &cpu, async { panic!("as a test") }).await.map(|()| 0), None);
        let alive = std::sync::Arc::new(());
        let held = std::sync::Arc::downgrade(&alive);
        let waits = lanes.run(tenant, &cpu, async move {
            std::future::pending::<()>().await;
            drop(alive);
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), waits).await.is_err());
        while held.upgrade().is_some() {
            yield_now().await;
        }
    }
}
