//! Work that happens after a transaction: mails, renditions, deliveries. A job is a plain struct that is stored in the
//! transaction that wants it, so it exists if and only if that transaction does, and it runs at least once.
//!
//! A worker leases a job, gives it a system caller of the tenant whose database role stored it, and marks it done. A job
//! whose worker died is leased again, so [`Job::run`] must bear being run twice. What it reads may be newer than its payload.

mod running;
mod schedule;
mod store;
mod table;
mod worker;

use crate::{caller::Caller, problem::Result};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    future::Future,
    sync::LazyLock,
    time::{Duration, Instant},
};
use tenants::Tx;
use tokio::sync::watch;
use uuid::Uuid;

use crate::problem::Problem;
pub use schedule::Cleanup;
pub use table::JobTable;
pub use worker::Worker;

/// One kind of later work. The payload is the struct itself, as JSON: add fields with `#[serde(default)]`, never rename one,
/// because the queue of yesterday's version is still there after a release.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name in the queue, such as `documents.announce`.
    const KIND: &'static str;
    /// How often it may end in an error before it is given up. With eight the last try is about an hour after the first.
    const MAX_ATTEMPTS: i32 = 8;
    /// A run that takes longer is stopped and counts as an error.
    const TIME_LIMIT: Duration = Duration::from_secs(600);

    /// Two jobs of this kind and tenant with the same key, neither of them begun yet, are one.
    fn dedupe(&self) -> Option<String> {
        None
    }

    /// Does the work. An error means: again later.
    fn run(self, caller: Caller, attempt: Attempt) -> impl Future<Output = Result<()>> + Send;

    /// Called when the attempts are used up, so that a person can be told. May be called twice when a worker dies.
    fn failed(self, _caller: Caller, _problem: &Problem) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Which try this is.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The job's id: the same for every try, so a good key for calls that must not happen twice.
    pub job: Uuid,
    /// 1 for the first.
    pub number: i32,
    /// No other try follows.
    pub last: bool,
    /// When this run is stopped at the latest.
    pub deadline: Instant,
}

/// A job with its type forgotten, as events return their subscribers.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSpec {
    pub(crate) kind: &'static str,
    payload: Result<Value, String>,
    dedupe: Option<String>,
    max_attempts: i32,
    condition: Option<(&'static str, String)>,
    pub(crate) delay: chrono::Duration,
}

impl JobSpec {
    /// The stored form of a job. A payload that JSON cannot hold is an error when it is stored.
    pub fn new<J: Job>(job: &J) -> Self {
        let payload = serde_json::to_value(job).map_err(|e| e.to_string());
        Self {
            kind: J::KIND,
            payload,
            dedupe: job.dedupe(),
            max_attempts: J::MAX_ATTEMPTS,
            condition: None,
            delay: chrono::Duration::zero(),
        }
    }

    /// The same, with the error now.
    pub fn of<J: Job>(job: &J) -> Result<Self> {
        let spec = Self::new(job);
        spec.payload()?;
        Ok(spec)
    }

    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// What is stored.
    pub fn payload(&self) -> Result<&Value> {
        self.payload.as_ref().map_err(|e| Problem::internal(anyhow::anyhow!("the job {} cannot be stored: {e}", self.kind)))
    }

    /// Lets it wait after the event that it follows from, so that what happens in the meantime is part of it.
    pub fn after(mut self, delay: chrono::Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Stores it only where this SQL condition holds at that moment; `$7` in it is `value`. For work that few companies want.
    pub fn only_if(mut self, condition: &'static str, value: impl Into<String>) -> Self {
        self.condition = Some((condition, value.into()));
        self
    }

    /// Gives it a dedupe key, or another one.
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.dedupe = Some(key.into());
        self
    }
}

/// Stores a job in the caller's transaction. The database notes which tenant's role it was; nobody can name another.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J, run_at: DateTime<Utc>) -> Result<()> {
    enqueue_spec(tx, &JobSpec::new(job), run_at).await
}

/// Stores a job whose type is forgotten.
pub async fn enqueue_spec(tx: &Tx, job: &JobSpec, run_at: DateTime<Utc>) -> Result<()> {
    // Without a conflict target, because a tenant's role may insert and nothing else.
    const INSERT: &str = "INSERT INTO platform.jobs (id, kind, payload, run_at, dedupe, max_attempts)";
    let mut values: Vec<sea_orm::Value> = vec![
        Uuid::now_v7().into(),
        job.kind.into(),
        job.payload()?.clone().into(),
        run_at.into(),
        job.dedupe.clone().into(),
        job.max_attempts.into(),
    ];
    let sql = match &job.condition {
        None => format!("{INSERT} VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"),
        Some((condition, value)) => {
            values.push(value.as_str().into());
            let types = "$1::uuid, $2::text, $3::jsonb, $4::timestamptz, $5::text, $6::int";
            format!("{INSERT} SELECT {types} WHERE {condition} ON CONFLICT DO NOTHING")
        }
    };
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// Counts the commits of this process that stored a job.
static WAKE: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// Tells the workers of this process that there is something to do, after the commit. Workers elsewhere see it at their next poll.
pub fn wake() {
    WAKE.send_modify(|n| *n = n.wrapping_add(1));
}

fn woken() -> watch::Receiver<u64> {
    WAKE.subscribe()
}
