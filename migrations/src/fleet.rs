//! The fleet migrator: the platform's schema first, then every tenant's: canaries before the rest, several at once, past
//! failures, resumable, one transaction a tenant.

use crate::{Names, Set, apply, roles};
use chrono::Utc;
use futures::{StreamExt, stream};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement, TransactionTrait};
use serde::Serialize;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

/// How one run behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tenants migrated at the same time.
    pub workers: usize,
    /// Go on with the fleet although a canary failed.
    pub past_canaries: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { workers: 2, past_canaries: false }
    }
}

/// What became of one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Migrated now.
    Done,
    /// Was at this version already.
    Unchanged,
    /// Rolled back; the next run tries again.
    Failed {
        /// The database's words.
        error: String,
    },
}

/// One line of progress.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// Which tenant.
    pub tenant: Uuid,
    /// Its schema.
    pub schema: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Tenants settled so far.
    pub settled: usize,
    /// Tenants of this run.
    pub total: usize,
}

/// The end of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The version that the fleet was brought to.
    pub version: String,
    /// Tenants migrated now.
    pub done: usize,
    /// Tenants that needed nothing.
    pub unchanged: usize,
    /// Tenants that failed.
    pub failed: usize,
    /// Tenants left alone because a canary failed.
    pub skipped: usize,
}

/// The migrator of one database, over a connection pool of the owner role.
pub struct Fleet {
    owner: DatabaseConnection,
    login: String,
    platform: Set,
    tenant: Set,
}

#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    schema: String,
    canary: bool,
    current: bool,
}

const LOCK: &str = "hashtextextended('plumbline fleet migration', 7)";

impl Fleet {
    /// `owner`: a pool of at least `workers + 1` connections of the owner role. `login`: the runtime's login role.
    pub fn new(owner: DatabaseConnection, login: &str, platform: Set, tenant: Set) -> Self {
        Self { owner, login: login.into(), platform, tenant }
    }

    /// Brings the platform's schema and then every tenant's to the newest version. One run at a time a database: a second waits.
    pub async fn migrate(&self, options: &Options, progress: Option<UnboundedSender<Progress>>) -> Result<Report, DbErr> {
        let guard = self.owner.begin().await?;
        guard
            .execute_unprepared(&format!("SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({LOCK})"))
            .await?;
        self.migrate_platform().await?;
        let rows = self.tenants().await?;
        let report = self.run(rows, options, progress).await;
        guard.commit().await?;
        Ok(report)
    }

    /// Only the platform's schema.
    pub async fn migrate_platform(&self) -> Result<(), DbErr> {
        let names = Names::platform();
        let tx = self.owner.begin().await?;
        roles::ensure(&tx, &names, &self.login).await?;
        apply(&tx, &self.platform, &names).await?;
        tx.commit().await
    }

    async fn tenants(&self) -> Result<Vec<Row>, DbErr> {
        Row::find_by_statement(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT t.id, t.schema, t.canary, EXISTS (SELECT FROM platform.tenant_migrations m WHERE m.tenant_id = t.id AND m.version = $1 \
             AND m.state = 'done') AS current FROM platform.tenants t \
             WHERE t.provision_step NOT IN ('registered', 'key') AND t.state <> 'failed' ORDER BY t.canary DESC, t.id",
            [self.tenant.version().into()],
        ))
        .all(&self.owner)
        .await
    }

    async fn run(&self, rows: Vec<Row>, options: &Options, progress: Option<UnboundedSender<Progress>>) -> Report {
        let total = rows.len();
        let mut report = Report { version: self.tenant.version().into(), ..Report::default() };
        let (canaries, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|r| r.canary);
        for (wave, rows) in [canaries, rest].into_iter().enumerate() {
            if wave == 1 && report.failed > 0 && !options.past_canaries {
                report.skipped = rows.len();
                break;
            }
            let mut outcomes = stream::iter(rows).map(|row| self.one(row)).buffer_unordered(options.workers.max(1));
            while let Some((row, outcome)) = outcomes.next().await {
                match outcome {
                    Outcome::Done => report.done += 1,
                    Outcome::Unchanged => report.unchanged += 1,
                    Outcome::Failed { .. } => report.failed += 1,
                }
                if let Some(progress) = &progress {
                    let settled = report.done + report.unchanged + report.failed;
                    // A listener that went away does not stop the migration.
                    let _ = progress.send(Progress { tenant: row.id, schema: row.schema, outcome, settled, total });
                }
            }
        }
        report
    }

    async fn one(&self, row: Row) -> (Row, Outcome) {
        if row.current {
            return (row, Outcome::Unchanged);
        }
        let outcome = match self.migrate_tenant(row.id, &row.schema).await {
            Ok(()) => Outcome::Done,
            Err(error) => {
                let error = error.to_string();
                tracing::error!(tenant = %row.id, error, "tenant migration failed");
                if let Err(e) = self.status(&self.owner, row.id, "failed", Some(&error)).await {
                    tracing::error!(tenant = %row.id, error = %e, "the failure could not be noted");
                }
                Outcome::Failed { error }
            }
        };
        (row, outcome)
    }

    /// One tenant: roles and schema where missing, all pending steps and the status rows, in one transaction.
    pub async fn migrate_tenant(&self, tenant: Uuid, schema: &str) -> Result<(), DbErr> {
        let names = Names::tenant(schema);
        let tx = self.owner.begin().await?;
        roles::ensure(&tx, &names, &self.login).await?;
        apply(&tx, &self.tenant, &names).await?;
        self.status(&tx, tenant, "done", None).await?;
        tx.commit().await
    }
    /// Removes a tenant's schema, roles and status rows.
    pub async fn drop_tenant(&self, tenant: Uuid, names: &Names) -> Result<(), DbErr> {
        let tx = self.owner.begin().await?;
        roles::drop_tenant(&tx, names).await?;
        let sql = "DELETE FROM platform.tenant_migrations WHERE tenant_id = $1";
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [tenant.into()])).await?;
        tx.commit().await
    }

    async fn status(&self, db: &impl ConnectionTrait, tenant: Uuid, state: &str, error: Option<&str>) -> Result<(), DbErr> {
        let versions: Vec<String> = if state == "done" {
            self.tenant.0.iter().map(|m| m.name.to_owned()).collect()
        } else {
            vec![self.tenant.version().to_owned()]
        };
        db.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "INSERT INTO platform.tenant_migrations (tenant_id, version, state, error, finished_at) \
             SELECT $1, v, $3, $4, $5 FROM jsonb_array_elements_text($2) v \
             ON CONFLICT (tenant_id, version) DO UPDATE SET state = excluded.state, error = excluded.error, finished_at = excluded.finished_at",
            [tenant.into(), serde_json::json!(versions).into(), state.into(), error.map(str::to_owned).into(), now().into()],
        ))
        .await
        .map(drop)
    }

    /// Waits until the database answers; a fresh deployment may start the program first.
    pub async fn wait_for_database(&self, patience: Duration) -> Result<(), DbErr> {
        let started = tokio::time::Instant::now();
        loop {
            match self.owner.execute_unprepared("SELECT 1").await {
                Ok(_) => return Ok(()),
                Err(e) if started.elapsed() > patience => return Err(e),
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the migrator stamps its status rows with the wall clock; no product rule depends on them")]
fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
