//! A PostgreSQL of its own, the platform's schema, two companies, and jobs that tell what they did.

use embedded::postgres::{DATABASE, Postgres, PostgresOptions, Role};
use kernel::{
    App, Caller, Problem, Result,
    assets::Assets,
    clock::{SystemRandom, TestClock},
    config::{Config, Secret},
    jobs::{Attempt, Job, JobTable, Worker},
    limits::Limits,
    mail::Mailer,
    pages::Pages,
};
use migrations::Names;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tenants::{Scope, Tenant, TenantId, Tenants};
use uuid::Uuid;

#[derive(rust_embed::RustEmbed)]
#[folder = "tests/jobs/templates"]
struct Templates;

/// Everything a test stands on.
pub struct Ground {
    pub postgres: Option<Postgres>,
    pub options: PostgresOptions,
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub acme: Arc<Tenant>,
    pub globex: Arc<Tenant>,
    _folder: TempDir,
}

impl Ground {
    /// With leases of a second, so that a lost one is soon noticed.
    pub async fn new() -> Self {
        Self::with_lease(1).await
    }

    pub async fn with_lease(seconds: u64) -> Self {
        let folder = tempfile::Builder::new().prefix("plumbline-jobs-").tempdir().expect("a folder");
        let data_dir = folder.path().join("postgres");
        let mut options = PostgresOptions { data_dir, port: None, durable: false, max_connections: 60, cache_mb: 128 };
        let postgres = Postgres::start(options.clone()).await.expect("a database server");
        options.port = Some(postgres.port());

        let mut config = Config::default();
        config.database.url = Secret::new(postgres.url(Role::App, DATABASE));
        config.database.owner_url = Secret::new(postgres.url(Role::Owner, DATABASE));
        config.storage.bucket = "none".into();
        for secret in
            [&mut config.storage.access_key, &mut config.storage.secret_key, &mut config.kms.access_key, &mut config.kms.secret_key]
        {
            *secret = Secret::new("none");
        }
        config.jobs.lease_seconds = seconds;
        config.jobs.poll_ms = 50;
        config.jobs.shutdown_seconds = 1;
        let tenants = Tenants::connect(config.tenants()).await.expect("the boundary");
        tenants.fleet().expect("an owner").migrate_platform().await.expect("the platform's schema");
        let clock = Arc::new(TestClock::new());
        let acme = company(&tenants, "acme", 'a').await;
        let globex = company(&tenants, "globex", 'b').await;
        let app = App {
            pages: Pages::new::<Templates>(&Assets::default()).expect("templates"),
            mailer: Mailer::new(&config.mail).expect("a mailer"),
            limits: Limits::new(&config.limits, clock.clone()),
            signals: kernel::signals::Signals::default(),
            children: tokio::sync::Semaphore::new(1),
            parts: http::Extensions::new(),
            config: Arc::new(config),
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            tenants,
        };
        Self { postgres: Some(postgres), options, app: Arc::new(app), clock, acme, globex, _folder: folder }
    }

    /// A worker that knows the jobs of these tests.
    pub fn worker(&self) -> Worker {
        Worker::new(self.app.clone(), table(self.acme.id.to_string()))
    }

    pub fn caller(&self, tenant: &Arc<Tenant>) -> Caller {
        Caller::system(self.app.clone(), tenant.clone(), "test")
    }

    /// Stores a job as this company, and commits.
    pub async fn enqueue<J: Job>(&self, tenant: &Arc<Tenant>, job: &J) {
        let mut cx = self.caller(tenant).begin().await.expect("a transaction");
        cx.enqueue(job).await.expect("stored");
        cx.commit().await.expect("committed");
    }

    /// One value out of the queue, as text.
    pub async fn ask(&self, sql: &str) -> String {
        let tx = self.app.tenants.begin(&Tenant::platform(), Scope::Staff).await.expect("a transaction");
        let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, format!("SELECT ({sql})::text AS v"))).await;
        row.expect("a question").expect("a row").try_get::<Option<String>>("", "v").expect("a text").unwrap_or_default()
    }

    /// States of the test jobs and how many there are of each, such as `done 2, queued 1`.
    pub async fn states(&self) -> String {
        self.ask(
            "SELECT string_agg(state || ' ' || n, ', ' ORDER BY state) FROM \
             (SELECT state, count(*) AS n FROM jobs WHERE kind LIKE 'test.%' GROUP BY state) s",
        )
        .await
    }

    /// Waits until the states are these.
    pub async fn until(&self, states: &str, patience: Duration) {
        let began = std::time::Instant::now();
        loop {
            let now = self.states().await;
            if now == states {
                return;
            }
            assert!(began.elapsed() < patience, "still {now} after {patience:?}, not {states}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

/// Runs a statement as the company itself.
pub async fn run(app: &App, tenant: &Tenant, scope: Scope, sql: &str, values: Vec<Value>) -> Result<u64, sea_orm::DbErr> {
    let tx = app.tenants.begin(tenant, scope).await?;
    let result = tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    tx.commit().await?;
    Ok(result.rows_affected())
}

async fn company(tenants: &Tenants, name: &str, letter: char) -> Arc<Tenant> {
    let id = TenantId(Uuid::now_v7());
    let names = Names::tenant(&format!("t_{}", letter.to_string().repeat(26)));
    let sql = "INSERT INTO tenants (id, subdomain, name, schema, state, plan, time_zone, owner_email, owner_name, provision_step, \
               created_at, updated_at) VALUES ($1, $2, $2, $3, 'active', 'standard', 'UTC', 'o@company.example', 'O', 'active', now(), now())";
    let values: [Value; 3] = [id.0.into(), name.into(), names.schema.as_str().into()];
    let tx = tenants.begin(&Tenant::platform(), Scope::Staff).await.expect("a transaction");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.expect("a company");
    tx.commit().await.expect("committed");
    tenants.fleet().expect("an owner").migrate_tenant(id.0, &names.schema).await.expect("its schema");
    tenants.by_id(id).await.expect("an answer").expect("the company")
}

/// What the jobs of this process did. Every test has a process or at least jobs with texts of its own.
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub fn note(line: impl Into<String>) {
    LOG.lock().expect("the log").push(line.into());
}

/// The lines that begin so.
pub fn noted(begin: &str) -> Vec<String> {
    LOG.lock().expect("the log").iter().filter(|line| line.starts_with(begin)).cloned().collect()
}

fn table(ground: String) -> JobTable {
    let table = JobTable::new().job::<Note>().job::<Once>().job::<Break>().job::<Sleep>();
    table.job::<Tick>().every(Duration::from_secs(600), Tick { ground })
}

/// Comes by the clock.
#[derive(Serialize, Deserialize)]
pub struct Tick {
    ground: String,
}

impl Job for Tick {
    const KIND: &'static str = "clock.tick";
    async fn run(self, caller: Caller, _: Attempt) -> Result<()> {
        assert!(caller.tenant.is_platform());
        note(format!("tick {}", self.ground));
        Ok(())
    }
}

/// Notes its text and the company.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub text: String,
}

impl Job for Note {
    const KIND: &'static str = "test.note";
    async fn run(self, caller: Caller, _: Attempt) -> Result<()> {
        note(format!("{} {}", self.text, caller.tenant.subdomain));
        Ok(())
    }
}

/// Has a key.
#[derive(Serialize, Deserialize)]
pub struct Once {
    pub key: String,
}

impl Job for Once {
    const KIND: &'static str = "test.once";
    fn dedupe(&self) -> Option<String> {
        Some(self.key.clone())
    }
    async fn run(self, _: Caller, _: Attempt) -> Result<()> {
        note(format!("once {}", self.key));
        Ok(())
    }
}

/// Fails until its try number `good`, by error, panic or taking too long in turns.
#[derive(Serialize, Deserialize)]
pub struct Break {
    pub name: String,
    pub good: i32,
}

impl Job for Break {
    const KIND: &'static str = "test.break";
    const MAX_ATTEMPTS: i32 = 4;
    const TIME_LIMIT: Duration = Duration::from_millis(200);
    async fn run(self, _: Caller, attempt: Attempt) -> Result<()> {
        note(format!("{} try {} last {}", self.name, attempt.number, attempt.last));
        match attempt.number {
            n if n >= self.good => Ok(()),
            1 => Err(Problem::conflict("test", "The gutter is full.")),
            2 => panic!("the ladder fell"),
            _ => std::future::pending().await,
        }
    }
    async fn failed(self, caller: Caller, problem: &Problem) {
        note(format!("{} failed at {}: {problem}", self.name, caller.tenant.subdomain));
    }
}

/// Takes its time.
#[derive(Serialize, Deserialize)]
pub struct Sleep {
    pub name: String,
    pub millis: u64,
}

impl Job for Sleep {
    const KIND: &'static str = "test.sleep";
    async fn run(self, _: Caller, _: Attempt) -> Result<()> {
        note(format!("{} begins", self.name));
        tokio::time::sleep(Duration::from_millis(self.millis)).await;
        note(format!("{} ends", self.name));
        Ok(())
    }
}
