//! A PostgreSQL server of our own: found on the machine, started as a child, gone when we are gone.

mod find;
mod roles;
mod server;
mod user;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use crate::folder::{FolderLock, create_private};
use roles::Passwords;
use server::Server;
use user::User;

/// The name of the superuser, who can only come through the private socket.
const SUPERUSER: &str = "postgres";
/// The database that `platform dev` uses.
pub const DATABASE: &str = "plumbline";

/// How to run the server.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Its folder: data, socket, log and passwords.
    pub data_dir: PathBuf,
    /// The port on 127.0.0.1; `None` takes a free one.
    pub port: Option<u16>,
    /// False for tests: commits need not reach the disk.
    pub durable: bool,
    /// How many connections at once.
    pub max_connections: u32,
    /// The server's own cache (`shared_buffers`), in MB; taken as it is used.
    pub cache_mb: u32,
}

/// The two roles that a program may sign in as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `plumbline_owner`: migrates and provisions.
    Owner,
    /// `plumbline_app`: serves requests and jobs.
    App,
}

impl Role {
    /// The role's name.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "plumbline_owner",
            Role::App => "plumbline_app",
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    server: Server,
    socket: PathBuf,
    port: u16,
    major: u32,
    passwords: Passwords,
    _lock: FolderLock,
}

impl Postgres {
    /// Starts the server; the first time it also makes the data, the roles and the database.
    pub async fn start(options: PostgresOptions) -> Result<Postgres> {
        let lock = FolderLock::take(&options.data_dir)?;
        let folder = options.data_dir.canonicalize()?;
        let data = folder.join("data");
        let user = User::for_folder(&data)?;
        user.check_reach(&folder)?;
        let programs = find::programs(&user, find::version_of(&data)?)?;
        let socket = socket_folder(&folder, &user)?;
        let passwords = Passwords::load(&folder)?;

        server::stop_leftover(&data).await?;
        if !data.is_dir() {
            server::init(&programs, &user, &folder, options.durable).await?;
        }
        let mut attempt = 1;
        let (server, port) = loop {
            let port = options.port.map_or_else(free_port, Ok)?;
            match Server::start(&programs, &user, &folder, &socket, port, &options).await {
                Ok(server) => break (server, port),
                // The port may have been taken meanwhile, or a killed run's memory is not released yet.
                Err(error) if attempt < 4 => tracing::debug!(%error, attempt, "PostgreSQL did not start, trying again"),
                Err(error) => return Err(error),
            }
            attempt += 1;
            tokio::time::sleep(Duration::from_millis(500)).await;
        };
        let postgres = Postgres { server, socket, port, major: programs.major, passwords, _lock: lock };
        roles::ensure(&postgres).await?;
        Ok(postgres)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The major version, such as 15 or 18.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The connection URL of a role for a database.
    pub fn url(&self, role: Role, database: &str) -> String {
        let password = self.passwords.of(role);
        format!("postgres://{}:{password}@127.0.0.1:{}/{database}?sslmode=disable", role.name(), self.port)
    }

    /// Makes an empty database that belongs to the owner role.
    pub async fn create_database(&self, name: &str) -> Result<()> {
        self.create(name, "template0").await
    }

    /// Copies a database that nobody is connected to.
    pub async fn create_database_from_template(&self, name: &str, template: &str) -> Result<()> {
        self.create(name, template).await
    }

    /// Drops a database, and whoever is connected to it.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let name = quoted(name)?;
        self.run("postgres", &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]).await
    }

    async fn create(&self, name: &str, template: &str) -> Result<()> {
        let (name, template) = (quoted(name)?, quoted(template)?);
        let statements = [
            format!("CREATE DATABASE {name} OWNER {} TEMPLATE {template}", Role::Owner.name()),
            format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
            format!("GRANT CONNECT ON DATABASE {name} TO {}", Role::App.name()),
        ];
        self.run("postgres", &statements).await
    }

    /// Has the server write every statement and its values into its log, or stop that: for measurements that repeat them.
    pub async fn log_statements(&self, on: bool) -> Result<()> {
        let set = if on { "ALTER SYSTEM SET log_statement = 'all'" } else { "ALTER SYSTEM RESET log_statement" };
        self.run("postgres", &[set.to_owned(), "SELECT pg_reload_conf()".to_owned()]).await
    }

    /// The server's log.
    pub fn log(&self) -> std::path::PathBuf {
        self.server.log()
    }

    /// Runs statements as the superuser, one by one.
    async fn run(&self, database: &str, statements: &[String]) -> Result<()> {
        let mut connection = connect(&self.socket, self.port, database).await?;
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Shuts down at once: sessions are ended, everything committed is kept.
    pub async fn stop(mut self) -> Result<()> {
        self.server.stop().await
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.server.interrupt();
        if !self.socket.starts_with(self.server.folder()) {
            // Only a convenience: an empty folder in the temporary one.
            let _ = std::fs::remove_dir_all(&self.socket);
        }
    }
}

/// Connects as the superuser through the socket.
async fn connect(socket: &Path, port: u16, database: &str) -> Result<PgConnection, sqlx::Error> {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(port)
        .username(SUPERUSER)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
        .disable_statement_logging()
        .connect()
        .await
}

/// A name that is safe inside a statement.
fn quoted(name: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > 63 || !name.chars().all(plain) {
        bail!("{name:?} is no database name: use up to 63 of a-z, 0-9 and _");
    }
    Ok(format!("\"{name}\""))
}

/// The private folder of the socket; a path too long for a socket gets a short one elsewhere.
fn socket_folder(folder: &Path, user: &User) -> Result<PathBuf> {
    let mut socket = folder.join("socket");
    // sun_path holds 108 bytes, and "/.s.PGSQL.65535.lock" comes on top.
    if socket.as_os_str().len() > 80 {
        let name = format!("plumbline-{}", uuid::Uuid::new_v4().simple());
        socket = std::env::temp_dir().join(name);
    }
    create_private(&socket)?;
    user.own_privately(&socket)?;
    Ok(socket)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
