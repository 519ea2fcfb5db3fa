//! One transaction in one tenant's schema under one tenant's role. The only door to tenant data.

use crate::Tenant;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sea_query::Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Connection, Database, Executor, PgPool, Postgres, SqlSafeStr, pool::PoolConnection};
use sqlx_core::transaction::TransactionManager;
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;
use uuid::Uuid;

type Manager = <Postgres as Database>::TransactionManager;

/// For whom a transaction sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Staff and system work: the whole company.
    Staff,
    /// One customer: what the policies allow this id.
    Customer(Uuid),
}

/// An open transaction. Implements sea-orm's [`ConnectionTrait`]; dropped without [`Tx::commit`] it rolls back.
pub struct Tx {
    lease: Mutex<Lease>,
}

/// A connection out of the pool that goes back only when its transaction is known to have ended.
struct Lease {
    connection: Option<PoolConnection<Postgres>>,
    /// A statement's shape changed under it: forget the prepared statements before somebody else meets them.
    stale: bool,
}

const ROLLBACK_PATIENCE: Duration = Duration::from_secs(5);
const BEGIN_TRIES: usize = 4;

impl Tx {
    /// One round trip: BEGIN, role, search path and customer id, all of them local to the transaction.
    pub(crate) async fn begin(pool: &PgPool, tenant: &Tenant, scope: Scope) -> Result<Self, DbErr> {
        let names = &tenant.names;
        let sql = match scope {
            Scope::Staff => format!("BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path TO {}", names.staff, names.schema),
            Scope::Customer(id) => format!(
                "BEGIN; SET LOCAL ROLE {}; SET LOCAL search_path TO {}; SET LOCAL app.customer_id = '{id}'",
                names.customer, names.schema
            ),
        };
        // The pool does not test a connection before it lends it; nothing has happened yet, so trying again is safe.
        let mut tries = 0;
        loop {
            tries += 1;
            let connection = pool.acquire().await.map_err(query_error)?;
            let mut lease = Lease { connection: Some(connection), stale: false };
            match Manager::begin(lease.get()?, Some(AssertSqlSafe(sql.clone()).into_sql_str())).await {
                Ok(()) => return Ok(Self { lease: Mutex::new(lease) }),
                Err(error) if is_connection_error(&error) && tries < BEGIN_TRIES => lease.discard(),
                Err(error) => return Err(query_error(error)),
            }
        }
    }

    /// Makes the changes durable. An error says that it is not known whether they are.
    pub async fn commit(self) -> Result<(), DbErr> {
        let mut lease = self.lease.into_inner();
        Manager::commit(lease.get()?).await.map_err(query_error)?;
        // Committed: the connection may go back without the detour of Drop.
        drop(lease.connection.take());
        Ok(())
    }

    async fn run<'q, T>(&self, run: impl AsyncFnOnce(&mut PoolConnection<Postgres>) -> Result<T, sqlx::Error>) -> Result<T, DbErr> {
        let mut lease = self.lease.lock().await;
        let result = run(lease.get()?).await;
        if let Err(error) = &result {
            lease.stale |= is_stale_plan(error);
        }
        result.map_err(query_error)
    }
}

impl Lease {
    fn get(&mut self) -> Result<&mut PoolConnection<Postgres>, DbErr> {
        self.connection.as_mut().ok_or_else(|| DbErr::Custom("the transaction has ended".into()))
    }

    fn discard(mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let stale = self.stale;
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            connection.close_on_drop();
            return;
        };
        // The request may have been cancelled in the middle of a statement. Only a confirmed rollback lets the connection live.
        runtime.spawn(async move {
            let rolled_back = tokio::time::timeout(ROLLBACK_PATIENCE, async {
                Manager::rollback(&mut connection).await?;
                if stale { connection.clear_cached_statements().await } else { Ok(()) }
            });
            if !matches!(rolled_back.await, Ok(Ok(()))) {
                connection.close_on_drop();
            }
        });
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let values = values(&statement);
        self.run(async |c| c.execute(sqlx::query_with(AssertSqlSafe(statement.sql), values)).await).await.map(ExecResult::from)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        self.run(async |c| c.execute(sql).await).await.map(ExecResult::from)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let values = values(&statement);
        let row = self.run(async |c| c.fetch_optional(sqlx::query_with(AssertSqlSafe(statement.sql), values)).await).await?;
        Ok(row.map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let values = values(&statement);
        let rows = self.run(async |c| c.fetch_all(sqlx::query_with(AssertSqlSafe(statement.sql), values)).await).await?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

fn values(statement: &Statement) -> SqlxValues {
    SqlxValues(statement.values.clone().unwrap_or_else(|| Values(Vec::new())))
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn is_connection_error(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        // 57P01..03: the server is shutting down, crashed, or starting up.
        sqlx::Error::Database(e) => e.code().is_some_and(|c| c.starts_with("57P") || c.starts_with("08")),
        _ => false,
    }
}

fn is_stale_plan(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(e) if e.message().contains("cached plan must not change result type"))
}
