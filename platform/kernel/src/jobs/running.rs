//! One job from lease to verdict: its run in a span, with a time limit, panics caught; then what the queue is told.

use super::{Attempt, store::Leased, worker::Inner};
use crate::{
    caller::Caller,
    clock::Random,
    problem::{Problem, Result},
};
use futures::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// A job that took its worker down this often is given up.
const MAX_LEASES: i32 = 100;
/// The first wait after an error; each following is three times as long, up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// How long one write to the queue may take.
const WRITE_PATIENCE: Duration = Duration::from_secs(10);
/// How much of an error is kept in the row.
const MAX_ERROR: usize = 2_000;

/// How a run ended.
enum Verdict {
    Done,
    Error(Problem),
    /// The lease went to somebody else, or the database could not be asked whether it did.
    Lost,
    /// The process ends.
    Stopped,
}

/// Runs a leased job and tells the queue. `lost` is cancelled when the lease is.
pub(super) async fn execute(inner: Arc<Inner>, job: Leased, lost: CancellationToken) {
    let span = tracing::info_span!("job", kind = %job.kind, id = %job.id, role = %job.tenant_role, attempt = job.attempts + 1);
    async {
        let began = Instant::now();
        let waited = inner.app.clock.now().signed_duration_since(job.run_at).to_std().unwrap_or_default();
        metrics::histogram!("jobs_wait_seconds").record(waited.as_secs_f64());
        let verdict = tokio::select! {
            biased;
            () = lost.cancelled() => Verdict::Lost,
            () = inner.stop.cancelled() => Verdict::Stopped,
            result = attempt(&inner, &job) => match result {
                Ok(()) => Verdict::Done,
                Err(problem) => Verdict::Error(problem),
            },
        };
        let took = began.elapsed();
        metrics::histogram!("jobs_run_seconds", "kind" => job.kind.clone()).record(took.as_secs_f64());
        let outcome = tell(&inner, &job, verdict, took).await;
        metrics::counter!("jobs_runs_total", "kind" => job.kind.clone(), "outcome" => outcome).increment(1);
    }
    .instrument(span)
    .await;
}

async fn attempt(inner: &Inner, job: &Leased) -> Result<()> {
    if job.leases > MAX_LEASES {
        return Err(failure("its worker died every time it ran"));
    }
    let entry = inner.table.get(&job.kind).ok_or_else(|| failure("no worker knows this kind"))?;
    let caller = caller(inner, job, entry.kind).await?;
    let attempt = Attempt {
        job: job.id,
        number: job.attempts + 1,
        last: job.attempts + 1 >= job.max_attempts,
        deadline: Instant::now() + entry.time_limit,
    };
    let run = AssertUnwindSafe((entry.run)(job.payload.clone(), caller, attempt)).catch_unwind();
    match tokio::time::timeout(entry.time_limit, run).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(failure(format!("panic: {}", panic_words(&*panic)))),
        Err(_) => Err(failure(format!("not done after {} seconds", entry.time_limit.as_secs()))),
    }
}

async fn caller(inner: &Inner, job: &Leased, name: &'static str) -> Result<Caller> {
    let tenant = inner.app.tenants.by_role(&job.tenant_role).await?;
    let tenant = tenant.ok_or_else(|| failure(format!("no tenant has the role {}", job.tenant_role)))?;
    let mut caller = Caller::system(inner.app.clone(), tenant, name);
    caller.origin.request_id = job.id.to_string();
    Ok(caller)
}

/// Tells the queue; tries again while the lease may still be ours, so that a database restart does not run a job twice.
async fn tell(inner: &Arc<Inner>, job: &Leased, verdict: Verdict, took: Duration) -> &'static str {
    let millis = took.as_millis() as u64;
    let final_error = job.attempts + 1 >= job.max_attempts || job.leases > MAX_LEASES;
    match verdict {
        Verdict::Done => {
            let now = inner.app.clock.now();
            let kept = settled(inner, job, || inner.store.done(job, now)).await;
            tracing::info!(millis, kept, "job done");
            if kept { "done" } else { "lost" }
        }
        Verdict::Error(problem) if final_error => {
            let words = words(&problem);
            tracing::error!(millis, error = %words, "job given up");
            give_up(inner, job, problem).await;
            let now = inner.app.clock.now();
            if settled(inner, job, || inner.store.fail(job, now, &words)).await { "failed" } else { "lost" }
        }
        Verdict::Error(problem) => {
            let words = words(&problem);
            let wait = wait_after(job.attempts + 1, &*inner.app.random);
            tracing::warn!(millis, error = %words, again_in_seconds = wait.as_secs(), "job ended in an error");
            let at = inner.app.clock.now() + wait;
            if settled(inner, job, || inner.store.retry(job, at, &words)).await { "retry" } else { "lost" }
        }
        Verdict::Stopped => {
            let released = inner.store.release(job).await;
            tracing::info!(millis, released = matches!(released, Ok(true)), "job released, the process ends");
            "released"
        }
        Verdict::Lost => {
            tracing::warn!(millis, "the lease was lost, the job was dropped");
            "lost"
        }
    }
}

async fn settled<F, T>(inner: &Arc<Inner>, job: &Leased, write: F) -> bool
where
    F: Fn() -> T,
    T: Future<Output = Result<bool, sea_orm::DbErr>>,
{
    let patience = Instant::now() + inner.lease();
    let mut pause = Duration::from_millis(100);
    loop {
        let answer = tokio::time::timeout(WRITE_PATIENCE, write()).await;
        match answer.unwrap_or_else(|_| Err(sea_orm::DbErr::Custom("the database does not answer".into()))) {
            Ok(true) => return true,
            Ok(false) => {
                tracing::warn!(job = %job.id, "another worker had taken this job, the result does not count");
                return false;
            }
            Err(error) if Instant::now() + pause > patience => {
                tracing::error!(%error, "the queue could not be told how the job ended; it will run again");
                return false;
            }
            Err(_) => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

/// Lets the job tell somebody. Before the row says `failed`, so that a worker that dies here is followed by another.
async fn give_up(inner: &Arc<Inner>, job: &Leased, problem: Problem) {
    let Some(entry) = inner.table.get(&job.kind) else { return };
    let Ok(caller) = caller(inner, job, entry.kind).await else { return };
    let hook = AssertUnwindSafe((entry.failed)(job.payload.clone(), caller, problem)).catch_unwind();
    if !matches!(tokio::time::timeout(entry.time_limit, hook).await, Ok(Ok(()))) {
        tracing::error!(kind = %job.kind, "the hook for a failed job failed itself");
    }
}

fn failure(words: impl Into<String>) -> Problem {
    Problem::internal(anyhow::anyhow!(words.into()))
}

/// The problem as operators read it in the row and the log; its inner cause included.
fn words(problem: &Problem) -> String {
    let words = problem.to_string();
    words.chars().filter(|c| !c.is_control()).take(MAX_ERROR).collect()
}

pub(super) fn panic_words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

/// Exponential, and between half and all of it by chance, so that jobs that failed together do not come back together.
fn wait_after(attempt: i32, random: &dyn Random) -> Duration {
    let factor = 3u32.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0).min(12));
    let whole = FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT);
    let mut dice = [0u8; 2];
    random.fill(&mut dice);
    whole.mul_f64(0.5 + f64::from(u16::from_le_bytes(dice)) / 131_070.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_grow_and_are_scattered() {
        let waits = |random: u8| [1, 2, 3, 7, 8, 50].map(|n| wait_after(n, &Always(random)).as_secs_f64());
        assert_eq!(waits(255), [5.0, 15.0, 45.0, 3600.0, 3600.0, 3600.0]);
        assert_eq!(waits(0), [2.5, 7.5, 22.5, 1800.0, 1800.0, 1800.0]);
    }

    #[test]
    fn a_panic_has_words() {
        let panic = std::panic::catch_unwind(|| panic!("the roof {}", "leaks"));
        assert_eq!(panic.map_err(|p| panic_words(&*p).to_owned()), Err("the roof leaks".to_owned()));
    }
}
