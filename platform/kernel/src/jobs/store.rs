//! The queue in the database: every statement over `platform.jobs` and `platform.schedules` that the worker makes.
//!
//! Two clocks: when a job is due follows the application's clock, which tests move; leases follow the database's, because
//! they are about real processes, and the database's clock is the one clock all workers share.

use super::{enqueue_spec, table::Schedule};
use crate::problem::Result;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use std::{sync::Arc, time::Duration};
use tenants::{Scope, Tenant, Tenants, Tx};
use uuid::Uuid;

/// A job this worker holds.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Leased {
    pub id: Uuid,
    pub tenant_role: String,
    pub kind: String,
    pub payload: serde_json::Value,
    pub run_at: DateTime<Utc>,
    pub attempts: i32,
    pub max_attempts: i32,
    pub leases: i32,
    pub lease: Uuid,
}

/// What waits, by kind.
#[derive(Debug, FromQueryResult)]
pub(super) struct Waiting {
    pub kind: String,
    pub count: i64,
    pub oldest: DateTime<Utc>,
}

/// What a claim asks for.
pub(super) struct Claim<'a> {
    pub now: DateTime<Utc>,
    pub kinds: &'a [String],
    pub free: usize,
    pub per_tenant: u32,
    pub lease: Duration,
    /// The tenant served last: among equals the next one in the circle is first.
    pub after: &'a str,
}

/// The queue.
pub(super) struct Store {
    tenants: Tenants,
    platform: Arc<Tenant>,
}

// `roles` hops over the index from tenant to tenant, so a tenant with 10,000 waiting jobs costs no more than one with two.
// A job's turn is its place in its tenant's line plus what that tenant has running: the lowest turns go first, so tenants
// are served round robin. Candidates are four times what is asked, for other workers may hold the first ones.
const CLAIM: &str = "
WITH RECURSIVE roles(role) AS (
    SELECT min(tenant_role) FROM platform.jobs WHERE state = 'queued'
  UNION ALL
    SELECT (SELECT min(j.tenant_role) FROM platform.jobs j WHERE j.state = 'queued' AND j.tenant_role > r.role)
    FROM roles r WHERE r.role IS NOT NULL
), busy AS (
    SELECT tenant_role AS role, count(*) AS running FROM platform.jobs
    WHERE state = 'running' AND leased_until > clock_timestamp() GROUP BY tenant_role
), candidates AS (
    (SELECT id, 0::bigint AS turn, tenant_role AS role FROM platform.jobs
     WHERE state = 'running' AND leased_until <= clock_timestamp() AND kind = ANY($2)
     ORDER BY leased_until LIMIT $3 * 4)
  UNION ALL
    (SELECT h.id, h.nth + coalesce(b.running, 0) AS turn, r.role
     FROM roles r LEFT JOIN busy b ON b.role = r.role
     CROSS JOIN LATERAL (
         SELECT q.id, row_number() OVER (ORDER BY q.run_at, q.id) AS nth FROM (
             SELECT j.id, j.run_at FROM platform.jobs j
             WHERE j.state = 'queued' AND j.tenant_role = r.role AND j.run_at <= $1 AND j.kind = ANY($2)
             ORDER BY j.run_at, j.id LIMIT least($3 * 4, greatest(0, $4 - coalesce(b.running, 0)))
         ) q
     ) h
     WHERE r.role IS NOT NULL
     ORDER BY turn, (r.role <= $5), r.role LIMIT $3 * 4)
), picked AS (
    SELECT j.id FROM platform.jobs j JOIN candidates c ON c.id = j.id
    WHERE j.state = 'queued' OR (j.state = 'running' AND j.leased_until <= clock_timestamp())
    ORDER BY c.turn, (c.role <= $5), c.role LIMIT $3
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE platform.jobs j
SET state = 'running', lease = gen_random_uuid(), leases = leases + 1,
    leased_until = clock_timestamp() + make_interval(secs => $6)
FROM picked WHERE j.id = picked.id
RETURNING j.id, j.tenant_role, j.kind, j.payload, j.run_at, j.attempts, j.max_attempts, j.leases, j.lease";

const BEAT: &str = "
UPDATE platform.jobs j SET leased_until = clock_timestamp() + make_interval(secs => $1)
FROM unnest($2::uuid[], $3::uuid[]) AS held(id, lease)
WHERE j.id = held.id AND j.lease = held.lease AND j.state = 'running'
RETURNING j.id";

const MINE: &str = "WHERE id = $1 AND lease = $2 AND state = 'running'";

impl Store {
    pub fn new(tenants: &Tenants) -> Self {
        Self { tenants: tenants.clone(), platform: tenants.platform() }
    }

    async fn begin(&self) -> Result<Tx, DbErr> {
        self.tenants.begin(&self.platform, Scope::Staff).await
    }

    /// Leases up to `free` jobs.
    pub async fn claim(&self, claim: &Claim<'_>) -> Result<Vec<Leased>, DbErr> {
        let free = i64::try_from(claim.free).unwrap_or(i64::MAX / 4);
        let values: [Value; 6] = [
            claim.now.into(),
            claim.kinds.to_vec().into(),
            free.into(),
            i64::from(claim.per_tenant).into(),
            claim.after.into(),
            claim.lease.as_secs_f64().into(),
        ];
        let tx = self.begin().await?;
        let rows = tx.query_all_raw(statement(CLAIM, values)).await?;
        let leased = rows.iter().map(|row| Leased::from_query_result(row, "")).collect::<Result<_, _>>()?;
        tx.commit().await?;
        Ok(leased)
    }

    /// Prolongs leases; answers which of them are still ours.
    pub async fn beat(&self, held: &[(Uuid, Uuid)], lease: Duration) -> Result<Vec<Uuid>, DbErr> {
        let (ids, leases): (Vec<Uuid>, Vec<Uuid>) = held.iter().copied().unzip();
        let tx = self.begin().await?;
        let rows = tx.query_all_raw(statement(BEAT, [lease.as_secs_f64().into(), ids.into(), leases.into()])).await?;
        tx.commit().await?;
        rows.iter().map(|row| row.try_get("", "id")).collect()
    }

    /// Marks a job done. `false`: the lease was lost and another worker decides.
    pub async fn done(&self, job: &Leased, now: DateTime<Utc>) -> Result<bool, DbErr> {
        let sql = format!(
            "UPDATE platform.jobs SET state = 'done', lease = NULL, leased_until = NULL, last_error = NULL, finished_at = $3 {MINE}"
        );
        self.settle(&sql, vec![job.id.into(), job.lease.into(), now.into()]).await
    }

    /// Puts a job back after an error.
    pub async fn retry(&self, job: &Leased, at: DateTime<Utc>, error: &str) -> Result<bool, DbErr> {
        let sql = format!(
            "UPDATE platform.jobs SET state = 'queued', lease = NULL, leased_until = NULL, run_at = $3, last_error = $4, \
             attempts = attempts + 1 {MINE}"
        );
        self.settle(&sql, vec![job.id.into(), job.lease.into(), at.into(), error.into()]).await
    }

    /// Gives a job up. The row stays, with its error.
    pub async fn fail(&self, job: &Leased, now: DateTime<Utc>, error: &str) -> Result<bool, DbErr> {
        let sql = format!(
            "UPDATE platform.jobs SET state = 'failed', lease = NULL, leased_until = NULL, finished_at = $3, last_error = $4, \
             attempts = attempts + 1 {MINE}"
        );
        self.settle(&sql, vec![job.id.into(), job.lease.into(), now.into(), error.into()]).await
    }

    /// Lets go of a job unfinished: the next worker takes it at once, and it costs no attempt.
    pub async fn release(&self, job: &Leased) -> Result<bool, DbErr> {
        let sql = format!("UPDATE platform.jobs SET leased_until = clock_timestamp(), leases = leases - 1 {MINE}");
        self.settle(&sql, vec![job.id.into(), job.lease.into()]).await
    }

    async fn settle(&self, sql: &str, values: Vec<Value>) -> Result<bool, DbErr> {
        let tx = self.begin().await?;
        let changed = tx.execute_raw(statement(sql, values)).await?.rows_affected();
        tx.commit().await?;
        Ok(changed == 1)
    }

    /// What is due and waits, by kind.
    pub async fn waiting(&self, now: DateTime<Utc>) -> Result<Vec<Waiting>, DbErr> {
        let sql = "SELECT kind, count(*) AS count, min(run_at) AS oldest FROM platform.jobs \
                   WHERE state = 'queued' AND run_at <= $1 GROUP BY kind";
        let tx = self.begin().await?;
        let rows = tx.query_all_raw(statement(sql, [now.into()])).await?;
        tx.commit().await?;
        rows.iter().map(|row| Waiting::from_query_result(row, "")).collect()
    }

    /// Stores the job of a schedule whose time has come. The row's lock lets one worker of several do it.
    pub async fn tick(&self, schedule: &Schedule, now: DateTime<Utc>) -> Result<bool> {
        let kind = schedule.job.kind;
        let every = chrono::Duration::from_std(schedule.every).unwrap_or(chrono::TimeDelta::MAX);
        let next = now.checked_add_signed(every).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let tx = self.begin().await?;
        let known = "INSERT INTO platform.schedules (kind, next_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        tx.execute_raw(statement(known, [kind.into(), now.into()])).await?;
        let due = "UPDATE platform.schedules SET next_at = $2 WHERE kind = $1 AND next_at <= $3";
        let due = tx.execute_raw(statement(due, [kind.into(), next.into(), now.into()])).await?.rows_affected() == 1;
        if due {
            enqueue_spec(&tx, &schedule.job, now).await?;
        }
        tx.commit().await?;
        Ok(due)
    }
}

pub(super) fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
