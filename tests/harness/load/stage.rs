//! The whole program over a database server of its own, in a folder that goes with it.

use super::Company;
use anyhow::{Context, Result, ensure};
use embedded::{
    Embedded, Options,
    postgres::{Postgres, Role},
};
use kernel::{
    App,
    clock::{SystemClock, SystemRandom},
    config::{Config, Secret},
};
use poem::{EndpointExt, Response, endpoint::BoxEndpoint};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{net::SocketAddr, os::unix::fs::PermissionsExt, path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The program, as a server calls it.
pub type Program = Arc<BoxEndpoint<'static, Response>>;

const DATABASE: &str = "tenants";
/// Few, so that many tenants share one.
const CONNECTIONS: u32 = 4;
/// As docs/operations.md asks for a thousand tenants.
const CACHE_MB: u32 = 2048;

/// Services and program.
pub struct Stage {
    /// The program.
    pub app: Arc<App>,
    /// Its pages.
    pub program: Program,
    embedded: Embedded,
    folder: TempDir,
}

impl Stage {
    /// Starts everything; the platform's schema is there, and no tenant.
    pub async fn start() -> Result<Self> {
        Self::with(CONNECTIONS).await
    }

    /// The same with so many connections.
    pub async fn with(connections: u32) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("plumbline-load-").tempdir()?;
        // As root the database server runs as somebody else, who must pass through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let options = Options { durable: false, cache_mb: CACHE_MB, bucket: "load".into(), ..Options::default() };
        let embedded = Embedded::start(&folder.path().join("services"), options).await?;
        embedded.postgres.create_database(DATABASE).await?;
        let app = platform::app::build(config(&embedded, connections), Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
        app.tenants.fleet()?.migrate_platform().await?;
        platform::app::prepare(&app).await?;
        let program: Program = Arc::new(platform::app::endpoint(&app).boxed());
        Ok(Self { app, program, embedded, folder })
    }

    /// A folder for files that go with the stage.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's version.
    pub fn major(&self) -> u32 {
        self.embedded.postgres.major()
    }

    /// Who owns all schemas.
    pub fn owner_url(&self) -> String {
        self.embedded.postgres.url(Role::Owner, DATABASE)
    }

    /// A connection as the owner.
    pub async fn owner(&self) -> Result<PgConnection> {
        PgConnection::connect(&self.owner_url()).await.context("the owner's connection")
    }

    /// Puts so many more tenants into the registry and into `all`, without schemas yet; answers the new ones.
    pub async fn register(&self, all: &mut Vec<Company>, count: usize) -> Result<Vec<Company>> {
        let new = (all.len()..all.len() + count).map(|n| Company {
            id: Uuid::now_v7(),
            subdomain: format!("bench{n}"),
            schema: tenants::random_schema(self.app.random()),
            token: format!("token-of-the-owner-of-bench{n}"),
        });
        let new: Vec<Company> = new.collect();
        let rows = new.iter().map(|Company { id, subdomain, schema, .. }| {
            format!("('{id}', '{subdomain}', 'Bench', '{schema}', 'active', 'standard', 'UTC', 'none', 'o@bench.example', 'Olga', 'active', now(), now())")
        });
        let sql = format!(
            "INSERT INTO platform.tenants (id, subdomain, name, schema, state, plan, time_zone, key_arn, owner_email, owner_name, \
             provision_step, created_at, updated_at) VALUES {}",
            rows.collect::<Vec<_>>().join(", ")
        );
        self.execute(sql).await?;
        all.extend_from_slice(&new);
        Ok(new)
    }

    /// Lets the owner of each sign in, gives each its projects, and lets the server tidy up as it would over night.
    pub async fn furnish(&self, companies: &[Company]) -> Result<()> {
        for some in companies.chunks(50) {
            self.execute(some.iter().map(Company::furniture).collect()).await?;
        }
        self.execute("ANALYZE".into()).await
    }

    /// Statements as the owner.
    pub async fn execute(&self, sql: String) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.owner().await?).await?;
        Ok(())
    }

    /// Brings the stage to so many tenants, by the fleet migrator, and lets somebody sign in at each.
    pub async fn fill(&self, companies: &mut Vec<Company>, count: usize) -> Result<()> {
        self.register(companies, count - companies.len()).await?;
        let (progress, mut news) = mpsc::unbounded_channel::<migrations::Progress>();
        let listener = tokio::spawn(async move {
            while let Some(news) = news.recv().await {
                if let migrations::Outcome::Failed { error } = &news.outcome {
                    println!("filling: {}: {error}", news.schema);
                }
                if news.settled % 100 == 0 || news.settled == news.total {
                    println!("filling: {} of {} tenants", news.settled, news.total);
                }
            }
        });
        let report = self.app.tenants.fleet()?.migrate(&migrations::Options::default(), Some(progress)).await?;
        listener.await?;
        ensure!(report.failed == 0 && report.done + report.unchanged == count, "not all tenants were migrated: {report:?}");
        self.furnish(companies).await
    }

    /// Serves the program at a free port until the token is cancelled.
    pub async fn serve(&self, stop: CancellationToken) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(platform::app::serve(self.app.clone(), listener, stop));
        Ok(address)
    }

    /// The database server.
    pub fn postgres(&self) -> &Postgres {
        &self.embedded.postgres
    }

    /// The address of the database for a role.
    pub fn url(&self, role: Role) -> String {
        self.embedded.postgres.url(role, DATABASE)
    }

    /// Ends everything.
    pub async fn stop(self) -> Result<()> {
        drop((self.program, self.app));
        self.embedded.stop().await
    }
}

fn config(embedded: &Embedded, connections: u32) -> Config {
    let mut config = Config::default();
    config.web.base_domain = crate::DOMAIN.into();
    config.database.url = Secret::new(embedded.postgres.url(Role::App, DATABASE));
    config.database.owner_url = Secret::new(embedded.postgres.url(Role::Owner, DATABASE));
    config.database.max_connections = connections;
    config.storage.endpoint = embedded.s3.endpoint();
    config.storage.bucket = embedded.s3.bucket().to_owned();
    config.storage.path_style = true;
    config.kms.endpoint = embedded.kms.endpoint();
    config.weather.base_url = embedded.weather.url();
    config.weather.geocoding_url = embedded.weather.url();
    let access = || Secret::new(Options::default().access_key);
    let secret = || Secret::new(Options::default().secret_key);
    (config.storage.access_key, config.storage.secret_key) = (access(), secret());
    (config.kms.access_key, config.kms.secret_key) = (access(), secret());
    config.mail.smtp_url = Secret::new(embedded.mailbox.smtp_url());
    config.auth.pepper = Secret::new(data_encoding::BASE64.encode(&[7; 32]));
    // All pages are asked for from one address.
    let plenty = "1000000/1m".parse().expect("a rate");
    for rate in [&mut config.limits.api_address, &mut config.limits.api_account, &mut config.limits.api_tenant] {
        *rate = plenty;
    }
    config
}
