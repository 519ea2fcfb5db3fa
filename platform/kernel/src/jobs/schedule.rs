//! The queue's own housekeeping, which is a job like any other.

use super::{Attempt, Job, store::statement};
use crate::{caller::Caller, problem::Result};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

/// Removes jobs that ended long ago: done ones after `jobs.keep_done_days`, failed ones after `jobs.keep_failed_days`.
#[derive(Serialize, Deserialize)]
pub struct Cleanup {}

/// Few enough that the transaction stays short.
const BATCH: i64 = 2_000;

impl Job for Cleanup {
    const KIND: &'static str = "jobs.cleanup";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let config = &caller.app.config.jobs;
        for (state, days) in [("done", config.keep_done_days), ("failed", config.keep_failed_days)] {
            let before = caller.app.clock.now() - chrono::Duration::days(i64::from(days));
            loop {
                let cx = caller.begin().await?;
                let sql = "DELETE FROM platform.jobs WHERE id IN (SELECT id FROM platform.jobs \
                           WHERE finished_at < $1 AND state = $2 LIMIT $3 FOR UPDATE SKIP LOCKED)";
                let removed = cx.db().execute_raw(statement(sql, [before.into(), state.into(), BATCH.into()])).await?.rows_affected();
                cx.commit().await?;
                if removed == 0 {
                    break;
                }
                tracing::info!(removed, state, "old jobs removed");
            }
        }
        Ok(())
    }
}
