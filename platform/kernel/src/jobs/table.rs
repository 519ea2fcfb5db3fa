//! Every kind of job a process can run, and what runs by the clock.

use super::{Attempt, Cleanup, Job, JobSpec};
use crate::{
    caller::Caller,
    problem::{Problem, Result},
};
use futures::future::BoxFuture;
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// How to run one kind.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub kind: &'static str,
    pub run: fn(Value, Caller, Attempt) -> BoxFuture<'static, Result<()>>,
    pub failed: fn(Value, Caller, Problem) -> BoxFuture<'static, ()>,
    pub time_limit: Duration,
}

/// What comes again and again, once for the whole deployment.
pub(super) struct Schedule {
    pub every: Duration,
    pub job: JobSpec,
}

/// The kinds a worker knows. A job of another kind stays in the queue for a worker that knows it.
pub struct JobTable {
    entries: BTreeMap<&'static str, Entry>,
    schedules: Vec<Schedule>,
}

impl Default for JobTable {
    fn default() -> Self {
        Self::new()
    }
}

impl JobTable {
    /// A table with the queue's own housekeeping.
    pub fn new() -> Self {
        Self { entries: BTreeMap::new(), schedules: Vec::new() }.job::<Cleanup>().every(Duration::from_secs(3600), Cleanup {})
    }

    /// Adds a kind. Two kinds of one name are a mistake in the program.
    pub fn job<J: Job>(mut self) -> Self {
        let entry = Entry { kind: J::KIND, run: run::<J>, failed: failed::<J>, time_limit: J::TIME_LIMIT };
        let before = self.entries.insert(J::KIND, entry);
        assert!(before.is_none(), "two jobs are called {}", J::KIND);
        self
    }

    /// Runs a job by the clock, as the platform, once in the deployment however many workers there are. Its kind must be
    /// in the table, and one kind has one schedule.
    pub fn every<J: Job>(mut self, every: Duration, job: J) -> Self {
        assert!(self.entries.contains_key(J::KIND), "{} is scheduled but is no job of the table", J::KIND);
        assert!(self.schedules.iter().all(|s| s.job.kind != J::KIND), "{} is scheduled twice", J::KIND);
        self.schedules.push(Schedule { every, job: JobSpec::new(&job).once("schedule") });
        self
    }

    /// The names of all kinds.
    pub fn kinds(&self) -> Vec<String> {
        self.entries.keys().map(|kind| (*kind).to_owned()).collect()
    }

    pub(super) fn get(&self, kind: &str) -> Option<Entry> {
        self.entries.get(kind).copied()
    }

    pub(super) fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }
}

fn run<J: Job>(payload: Value, caller: Caller, attempt: Attempt) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let job: J = serde_json::from_value(payload)
            .map_err(|e| Problem::internal(anyhow::anyhow!("the payload of {} cannot be read: {e}", J::KIND)))?;
        job.run(caller, attempt).await
    })
}

fn failed<J: Job>(payload: Value, caller: Caller, problem: Problem) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        if let Ok(job) = serde_json::from_value::<J>(payload) {
            job.failed(caller, &problem).await;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Ping {
        to: String,
    }

    impl Job for Ping {
        const KIND: &'static str = "test.ping";
        fn dedupe(&self) -> Option<String> {
            Some(self.to.clone())
        }
        async fn run(self, _caller: Caller, _attempt: Attempt) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_kind_is_known_by_its_name() {
        let table = JobTable::new().job::<Ping>().every(Duration::from_secs(60), Ping { to: "all".into() });
        assert_eq!(table.kinds(), ["jobs.cleanup", "test.ping"]);
        assert!(table.get("test.ping").is_some() && table.get("test.pong").is_none());
        assert_eq!(table.schedules().len(), 2);
    }

    #[test]
    #[should_panic(expected = "two jobs are called test.ping")]
    fn names_are_unique() {
        let _ = JobTable::new().job::<Ping>().job::<Ping>();
    }

    #[test]
    fn the_stored_form_carries_the_key() {
        let spec = JobSpec::new(&Ping { to: "dana".into() });
        assert_eq!(spec.payload, Ok(serde_json::json!({"to": "dana"})));
        assert_eq!((spec.dedupe.as_deref(), spec.max_attempts), (Some("dana"), 8));
    }
}
