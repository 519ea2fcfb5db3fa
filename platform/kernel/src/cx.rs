//! Inside one transaction of one tenant. Dropped without `commit` it rolls back. No IO other than the database happens
//! while a `Cx` is open.

use crate::{
    caller::{Actor, Caller, Origin, Role},
    event::{Event, append},
    ids::uuid_at,
    jobs::{self, Job, JobSpec},
    problem::{Problem, Result},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value};
use std::sync::Arc;
use tenants::{Tenant, Tx};
use uuid::Uuid;

/// The transaction, with who acts and when.
pub struct Cx {
    tx: Tx,
    caller: Caller,
    now: DateTime<Utc>,
    queued: bool,
    recorded: Option<i64>,
}

impl Cx {
    pub(crate) fn new(tx: Tx, caller: Caller) -> Self {
        let now = caller.app.clock.now();
        Self { tx, caller, now, queued: false, recorded: None }
    }

    /// For sea-orm.
    pub fn db(&self) -> &Tx {
        &self.tx
    }

    /// Runs a statement. Answers how many rows it touched.
    pub async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, DbErr> {
        Ok(self.tx.execute_raw(statement(sql, values)).await?.rows_affected())
    }

    /// The first row of a query, if there is one.
    pub async fn one(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Option<QueryResult>, DbErr> {
        self.tx.query_one_raw(statement(sql, values)).await
    }

    /// The first row of a query as a struct, if there is one.
    pub async fn row<T: FromQueryResult>(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Option<T>, DbErr> {
        T::find_by_statement(statement(sql, values)).one(&self.tx).await
    }

    /// The rows of a query as structs.
    pub async fn rows<T: FromQueryResult>(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<T>, DbErr> {
        T::find_by_statement(statement(sql, values)).all(&self.tx).await
    }

    /// The moment that this transaction stands for, to the microsecond.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The calendar day of this moment where the company is.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.caller.tenant.time_zone).date_naive()
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// Whose data.
    pub fn tenant(&self) -> &Arc<Tenant> {
        &self.caller.tenant
    }

    /// From where.
    pub fn origin(&self) -> &Origin {
        &self.caller.origin
    }

    /// The caller that opened it.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The rest of this transaction acts as somebody else: a person who has just proved who they are.
    pub fn act_as(&mut self, actor: Actor) {
        self.caller.actor = actor;
    }

    /// A fresh version 7 UUID.
    pub fn new_uuid(&self) -> Uuid {
        uuid_at(self.now, self.caller.app.random())
    }

    /// 403 unless the actor is staff with at least this role, or the system.
    pub fn require(&self, role: Role) -> Result<()> {
        match self.actor() {
            Actor::Staff { role: has, .. } if *has >= role => Ok(()),
            Actor::System(_) => Ok(()),
            _ => Err(Problem::forbidden("not_allowed", "Your role does not allow this. Ask an owner or a manager of your company.")),
        }
    }

    /// Writes what happened: one row in the same transaction, and a job for each subscriber.
    pub async fn record(&mut self, event: &(impl Event + ?Sized)) -> Result<i64> {
        let seq = append(self, event).await?;
        self.recorded = Some(seq);
        for job in event.subscribers() {
            self.store(&job, self.now + job.delay).await?;
        }
        Ok(seq)
    }

    /// Stores a job in this transaction; it runs soon after the commit.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.enqueue_at(job, self.now).await
    }

    /// Stores a job that runs at `time` or soon after.
    pub async fn enqueue_at<J: Job>(&mut self, job: &J, time: DateTime<Utc>) -> Result<()> {
        self.store(&JobSpec::of(job)?, time).await
    }

    async fn store(&mut self, job: &JobSpec, time: DateTime<Utc>) -> Result<()> {
        jobs::enqueue_spec(&self.tx, job, time).await?;
        self.queued = true;
        Ok(())
    }

    /// Makes all of it durable.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        if self.queued {
            jobs::wake();
        }
        if let Some(seq) = self.recorded {
            self.caller.app.signals.note(&self.caller.tenant, seq);
        }
        Ok(())
    }
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
