//! Local stand-ins for development and tests: each speaks the real protocol on loopback and keeps its data in a folder.

mod folder;
pub mod kms;
mod machine;
pub mod mailbox;
pub mod postgres;
pub mod s3;
mod serve;
pub mod weather;

use std::path::Path;

use anyhow::{Context, Result};

use folder::FolderLock;
use kms::{Kms, KmsOptions};
use mailbox::{Mailbox, MailboxOptions};
use postgres::{Postgres, PostgresOptions};
use s3::{S3, S3Options};
use weather::{Weather, WeatherOptions};

/// Ports and names of the stand-ins; a port of `None` takes a free one.
#[derive(Clone, Debug)]
pub struct Options {
    /// PostgreSQL's port.
    pub postgres_port: Option<u16>,
    /// False for tests: commits need not reach the disk.
    pub durable: bool,
    /// How many connections PostgreSQL takes at once.
    pub max_connections: u32,
    /// PostgreSQL's own cache, in MB.
    pub cache_mb: u32,
    /// The object store's port.
    pub s3_port: Option<u16>,
    /// The bucket that is made.
    pub bucket: String,
    /// The key service's port.
    pub kms_port: Option<u16>,
    /// The region of the key service.
    pub region: String,
    /// The account of the key service, twelve digits.
    pub account: String,
    /// The access key of both services.
    pub access_key: String,
    /// The secret key of both services.
    pub secret_key: String,
    /// The mailbox's port for mail.
    pub smtp_port: Option<u16>,
    /// The mailbox's port for the browser.
    pub mailbox_port: Option<u16>,
    /// The weather service's port.
    pub weather_port: Option<u16>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            postgres_port: None,
            durable: true,
            max_connections: 100,
            // PostgreSQL's default.
            cache_mb: 128,
            s3_port: None,
            bucket: "plumbline-local".into(),
            kms_port: None,
            region: "us-east-1".into(),
            account: "000000000000".into(),
            access_key: "local".into(),
            secret_key: "local-secret".into(),
            smtp_port: None,
            mailbox_port: None,
            weather_port: None,
        }
    }
}

/// All five stand-ins, running.
#[derive(Debug)]
pub struct Embedded {
    /// The database server.
    pub postgres: Postgres,
    /// The object store.
    pub s3: S3,
    /// The key service.
    pub kms: Kms,
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The weather service.
    pub weather: Weather,
    _lock: FolderLock,
}

impl Embedded {
    /// Starts all five in one folder.
    pub async fn start(folder: &Path, options: Options) -> Result<Embedded> {
        let lock = FolderLock::take(folder)?;
        let Options { access_key, secret_key, region, account, bucket, .. } = options;
        let kms = KmsOptions { dir: folder.join("kms"), port: options.kms_port, region, account, access_key: access_key.clone() };
        let s3 = S3Options { dir: folder.join("s3"), port: options.s3_port, access_key, secret_key, bucket };
        let mailbox = MailboxOptions { dir: folder.join("mailbox"), smtp_port: options.smtp_port, http_port: options.mailbox_port };
        let postgres = PostgresOptions {
            data_dir: folder.join("postgres"),
            port: options.postgres_port,
            durable: options.durable,
            max_connections: options.max_connections,
            cache_mb: options.cache_mb,
        };
        Ok(Embedded {
            kms: Kms::start(kms).await.context("the local key service does not start")?,
            s3: S3::start(s3).await.context("the local object store does not start")?,
            mailbox: Mailbox::start(mailbox).await.context("the local mailbox does not start")?,
            weather: Weather::start(WeatherOptions { port: options.weather_port }).await.context("the local weather does not start")?,
            postgres: Postgres::start(postgres).await.context("the local PostgreSQL does not start")?,
            _lock: lock,
        })
    }

    /// What runs where, a line each, for a person at a terminal.
    pub fn summary(&self) -> String {
        [
            format!("PostgreSQL {:<5} 127.0.0.1:{}", self.postgres.major(), self.postgres.port()),
            format!("object store     {} (bucket {})", self.s3.endpoint(), self.s3.bucket()),
            format!("key service      {}", self.kms.endpoint()),
            format!("weather          {} (made up)", self.weather.url()),
            format!("mailbox          {} (takes mail at {})", self.mailbox.http_url(), self.mailbox.smtp_url()),
        ]
        .join("\n")
    }

    /// Ends all five; their data stays in the folder.
    pub async fn stop(self) -> Result<()> {
        self.mailbox.stop().await;
        self.weather.stop().await;
        self.s3.stop().await;
        self.kms.stop().await;
        self.postgres.stop().await
    }
}
