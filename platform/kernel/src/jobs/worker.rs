//! The worker: leases jobs fairly, keeps their leases alive, runs what comes by the clock, ends in good order, and bears a
//! database that goes away and comes back.

use super::{
    JobTable,
    running::execute,
    store::{Claim, Leased, Store},
    woken,
};
use crate::{
    caller::App,
    problem::{Problem, Result},
};
use sea_orm::DbErr;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Runs the jobs of all tenants. Several workers, in one process or many, share the queue.
#[derive(Clone)]
pub struct Worker {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub app: Arc<App>,
    pub table: JobTable,
    pub store: Store,
    /// Cancelled when running jobs must let go.
    pub stop: CancellationToken,
    kinds: Vec<String>,
    held: Mutex<HashMap<Uuid, Held>>,
    served: Mutex<String>,
}

/// A lease of ours.
struct Held {
    lease: Uuid,
    /// By our own clock: after this somebody else may have the job.
    until: Instant,
    lost: CancellationToken,
}

/// Ends the heartbeat of a job, however its run ends.
struct Hold {
    inner: Arc<Inner>,
    id: Uuid,
    lease: Uuid,
    lost: CancellationToken,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.inner.held();
        if held.get(&self.id).is_some_and(|h| h.lease == self.lease) {
            held.remove(&self.id);
        }
    }
}

/// A test that runs more than this has a job that stores itself again and again.
const MANY: usize = 10_000;
/// The longest pause while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const SCHEDULE_CHECK: Duration = Duration::from_secs(5);
const QUEUE_CHECK: Duration = Duration::from_secs(15);

impl Worker {
    /// A worker over the app's queue.
    pub fn new(app: Arc<App>, table: JobTable) -> Self {
        let store = Store::new(&app.tenants);
        let (kinds, stop) = (table.kinds(), CancellationToken::new());
        Self { inner: Arc::new(Inner { app, table, store, stop, kinds, held: Mutex::default(), served: Mutex::default() }) }
    }

    /// Works until `shutdown`, `parallel` jobs at a time. Then it takes no more, waits for what runs up to
    /// `jobs.shutdown_seconds`, and releases the rest for other workers.
    pub async fn run(&self, shutdown: CancellationToken, parallel: usize) {
        let inner = &self.inner;
        let aides = CancellationToken::new();
        let mut beside = JoinSet::new();
        beside.spawn(beat(inner.clone(), aides.clone()));
        beside.spawn(by_the_clock(inner.clone(), shutdown.clone()));
        let mut running = JoinSet::new();
        self.serve(&shutdown, parallel.max(1), &mut running).await;

        let patience = Duration::from_secs(inner.app.config.jobs.shutdown_seconds);
        if tokio::time::timeout(patience, finish(&mut running)).await.is_err() {
            inner.stop.cancel();
            let _ = tokio::time::timeout(Duration::from_secs(5), finish(&mut running)).await;
        }
        aides.cancel();
        running.abort_all();
        beside.shutdown().await;
    }

    async fn serve(&self, shutdown: &CancellationToken, parallel: usize, running: &mut JoinSet<()>) {
        let poll = Duration::from_millis(self.inner.app.config.jobs.poll_ms);
        let mut wake = woken();
        let mut trouble: Option<Duration> = None;
        while !shutdown.is_cancelled() {
            while running.try_join_next().is_some() {}
            let free = parallel - running.len().min(parallel);
            let mut wait = poll;
            if free > 0 {
                wake.mark_unchanged();
                match self.inner.claim(free).await {
                    Ok(jobs) => {
                        if trouble.take().is_some() {
                            tracing::info!("the database answers again");
                        }
                        jobs.into_iter().for_each(|job| self.start(job, running));
                    }
                    Err(error) => {
                        if trouble.is_none() {
                            tracing::error!(%error, "the queue cannot be read, trying again until it can");
                        }
                        wait = trouble.map_or(Duration::from_millis(100), |pause| (pause * 2).min(LONGEST_PAUSE));
                        trouble = Some(wait);
                    }
                }
            }
            let calm = trouble.is_none();
            tokio::select! {
                () = shutdown.cancelled() => break,
                Some(_) = running.join_next(), if !running.is_empty() && calm => {}
                _ = wake.changed(), if free > 0 && calm => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn start(&self, job: Leased, running: &mut JoinSet<()>) {
        let inner = self.inner.clone();
        running.spawn(async move {
            let hold = inner.hold(&job);
            execute(inner.clone(), job, hold.lost.clone()).await;
        });
    }

    /// Runs everything that is due until nothing is, for tests and for `--check`; answers how many runs it took. Jobs that
    /// wait for a later time, such as after an error, stay.
    pub async fn run_until_idle(&self) -> Result<usize> {
        let end = CancellationToken::new();
        let _ends = end.clone().drop_guard();
        tokio::spawn(beat(self.inner.clone(), end));
        let (mut running, mut runs) = (JoinSet::new(), 0);
        loop {
            let jobs = self.inner.claim(4).await?;
            if jobs.is_empty() {
                return Ok(runs);
            }
            runs += jobs.len();
            jobs.into_iter().for_each(|job| self.start(job, &mut running));
            finish(&mut running).await;
            if runs > MANY {
                return Err(Problem::internal(anyhow::anyhow!("more than {MANY} jobs: does one store itself again?")));
            }
        }
    }

    /// Stores the jobs of every schedule that is due; [`Worker::run`] does this by itself.
    pub async fn run_schedules(&self) -> Result<()> {
        self.inner.tick().await
    }
}

impl Inner {
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.app.config.jobs.lease_seconds)
    }

    async fn claim(&self, free: usize) -> Result<Vec<Leased>, DbErr> {
        let after = self.served.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let claim = Claim {
            now: self.app.clock.now(),
            kinds: &self.kinds,
            free,
            per_tenant: self.app.config.jobs.per_tenant,
            lease: self.lease(),
            after: &after,
        };
        // A network that swallows packets answers nothing at all.
        let answer = tokio::time::timeout(self.lease(), self.store.claim(&claim)).await;
        let jobs = answer.unwrap_or_else(|_| Err(DbErr::Custom("the database does not answer".into())))?;
        // The circle goes on after the last tenant served; when it comes round, it begins again.
        let next = jobs.iter().map(|j| &j.tenant_role).filter(|r| **r > after).max().or_else(|| jobs.iter().map(|j| &j.tenant_role).max());
        if let Some(role) = next {
            *self.served.lock().unwrap_or_else(PoisonError::into_inner) = role.clone();
        }
        Ok(jobs)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Uuid, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(self: &Arc<Self>, job: &Leased) -> Hold {
        let lost = CancellationToken::new();
        let held = Held { lease: job.lease, until: Instant::now() + self.lease(), lost: lost.clone() };
        self.held().insert(job.id, held);
        Hold { inner: self.clone(), id: job.id, lease: job.lease, lost }
    }

    async fn tick(&self) -> Result<()> {
        for schedule in self.table.schedules() {
            if self.store.tick(schedule, self.app.clock.now()).await? {
                super::wake();
            }
        }
        Ok(())
    }

    /// Prolongs every lease; a job whose lease is gone, or may be, is dropped where it stands.
    async fn beat(&self) {
        let asked = Instant::now();
        let mine: Vec<(Uuid, Uuid)> = self.held().iter().map(|(id, held)| (*id, held.lease)).collect();
        if mine.is_empty() {
            return;
        }
        let kept = tokio::time::timeout(self.lease() / 3, self.store.beat(&mine, self.lease())).await;
        let mut held = self.held();
        if let Ok(Ok(kept)) = kept {
            for (id, lease) in mine {
                match held.get_mut(&id) {
                    Some(h) if h.lease == lease && kept.contains(&id) => h.until = asked + self.lease(),
                    Some(h) if h.lease == lease => h.lost.cancel(),
                    _ => {}
                }
            }
        }
        let now = Instant::now();
        held.values().filter(|h| h.until <= now).for_each(|h| h.lost.cancel());
    }

    async fn look(&self) -> Result<(), DbErr> {
        let now = self.app.clock.now();
        let waiting = self.store.waiting(now).await?;
        let oldest = waiting.iter().map(|w| (now - w.oldest).num_seconds()).max().unwrap_or(0);
        metrics::gauge!("jobs_waiting").set(waiting.iter().map(|w| w.count).sum::<i64>() as f64);
        metrics::gauge!("jobs_oldest_wait_seconds").set(oldest as f64);
        for unknown in waiting.iter().filter(|w| self.table.get(&w.kind).is_none()) {
            tracing::warn!(kind = %unknown.kind, waiting = unknown.count, "jobs of a kind this version does not know stay in the queue");
        }
        Ok(())
    }
}

async fn finish(running: &mut JoinSet<()>) {
    while running.join_next().await.is_some() {}
}

async fn beat(inner: Arc<Inner>, end: CancellationToken) {
    while end.run_until_cancelled(tokio::time::sleep(inner.lease() / 3)).await.is_some() {
        inner.beat().await;
    }
}

async fn by_the_clock(inner: Arc<Inner>, end: CancellationToken) {
    let (mut looked, mut silent) = (None::<Instant>, false);
    loop {
        let mut result = inner.tick().await.map_err(|e| e.to_string());
        if result.is_ok() && looked.is_none_or(|at| at.elapsed() >= QUEUE_CHECK) {
            result = inner.look().await.map_err(|e| e.to_string());
            looked = Some(Instant::now());
        }
        match result {
            Ok(()) => silent = false,
            Err(error) if !silent => {
                tracing::warn!(%error, "schedules cannot be read, trying again until they can");
                silent = true;
            }
            Err(_) => {}
        }
        if end.run_until_cancelled(tokio::time::sleep(SCHEDULE_CHECK)).await.is_none() {
            return;
        }
    }
}
