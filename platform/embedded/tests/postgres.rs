//! The PostgreSQL launcher: roles and what they may not, databases for tests, restarts, and runs that are killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use embedded::postgres::{DATABASE, Postgres, PostgresOptions, Role};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    // As root the server runs as somebody else, who must pass through.
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let path = dir.path().join("postgres");
    (dir, path)
}

async fn start(folder: &Path, durable: bool) -> Postgres {
    let options = PostgresOptions { data_dir: folder.to_owned(), port: None, durable, max_connections: 20, cache_mb: 128 };
    Postgres::start(options).await.unwrap()
}

async fn connect(postgres: &Postgres, role: Role, database: &str) -> PgConnection {
    PgConnection::connect(&postgres.url(role, database)).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.map(drop)
}

#[tokio::test]
async fn the_roles_can_what_they_must_and_no_more() {
    let (_dir, folder) = folder();
    let postgres = start(&folder, false).await;
    let mut owner = connect(&postgres, Role::Owner, DATABASE).await;
    run(&mut owner, "CREATE ROLE t_demo NOLOGIN").await.unwrap();
    let how = if postgres.major() >= 16 { " WITH INHERIT FALSE, SET TRUE" } else { "" };
    run(&mut owner, &format!("GRANT t_demo TO plumbline_app{how}")).await.unwrap();
    run(&mut owner, "CREATE SCHEMA t_demo; CREATE TABLE t_demo.notes (text text)").await.unwrap();
    run(&mut owner, "GRANT USAGE ON SCHEMA t_demo TO t_demo; GRANT SELECT, INSERT ON t_demo.notes TO t_demo").await.unwrap();
    assert!(run(&mut owner, "CREATE ROLE boss SUPERUSER").await.is_err());

    let mut app = connect(&postgres, Role::App, DATABASE).await;
    assert!(run(&mut app, "SELECT * FROM t_demo.notes").await.is_err(), "nothing is inherited");
    let path: String = sqlx::query("SHOW search_path").fetch_one(&mut app).await.unwrap().get(0);
    assert_eq!(path, "\"\"");
    for forbidden in ["CREATE ROLE x", "CREATE SCHEMA x", "CREATE TABLE public.x ()", "CREATE DATABASE x"] {
        assert!(run(&mut app, forbidden).await.is_err(), "{forbidden}");
    }
    let mut tx = app.begin().await.unwrap();
    run(&mut tx, "SET LOCAL ROLE t_demo; SET LOCAL search_path TO t_demo; INSERT INTO notes VALUES ('a')").await.unwrap();
    tx.commit().await.unwrap();

    let superuser = format!("postgres://postgres@127.0.0.1:{}/postgres", postgres.port());
    assert!(PgConnection::connect(&superuser).await.is_err(), "the superuser never comes by network");
    let guessed = postgres.url(Role::App, DATABASE).replace("plumbline_app:", "plumbline_app:x");
    assert!(PgConnection::connect(&guessed).await.is_err());
    let mode = std::fs::metadata(folder.join("passwords.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn databases_are_made_copied_and_dropped() {
    let (_dir, folder) = folder();
    let postgres = start(&folder, false).await;
    postgres.create_database("template_demo").await.unwrap();
    let mut owner = connect(&postgres, Role::Owner, "template_demo").await;
    run(&mut owner, "CREATE TABLE one AS SELECT 1 AS n").await.unwrap();
    owner.close().await.unwrap();
    postgres.create_database_from_template("copy_1", "template_demo").await.unwrap();
    let mut copy = connect(&postgres, Role::Owner, "copy_1").await;
    assert!(run(&mut copy, "INSERT INTO one VALUES (2)").await.is_ok());
    postgres.drop_database("copy_1").await.unwrap();
    assert!(PgConnection::connect(&postgres.url(Role::Owner, "copy_1")).await.is_err());
    assert!(postgres.create_database("no\"name").await.is_err());

    let again = PostgresOptions { data_dir: folder.clone(), port: None, durable: false, max_connections: 20, cache_mb: 128 };
    assert!(Postgres::start(again).await.unwrap_err().to_string().contains("in use by another run"));
    postgres.stop().await.unwrap();
    let postgres = start(&folder, false).await;
    let mut owner = connect(&postgres, Role::Owner, "template_demo").await;
    assert!(run(&mut owner, "SELECT n FROM one").await.is_ok());
    postgres.stop().await.unwrap();
}

/// What the next test kills; on its own it does nothing.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the way from one run of the test program to another")]
async fn a_run_to_be_killed() {
    let Ok(folder) = std::env::var("EMBEDDED_TEST_KILLED") else { return };
    let postgres = start(Path::new(&folder), true).await;
    let mut owner = connect(&postgres, Role::Owner, DATABASE).await;
    run(&mut owner, "CREATE TABLE kept AS SELECT 42 AS n").await.unwrap();
    std::fs::write(Path::new(&folder).join("acknowledged"), "yes").unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_killed_run_takes_its_server_along_and_loses_nothing() {
    let (_dir, folder) = folder();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_run_to_be_killed"])
        .env("EMBEDDED_TEST_KILLED", &folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !folder.join("acknowledged").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the other run does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let note = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let process = PathBuf::from("/proc").join(note.lines().next().unwrap());
    child.kill().unwrap();
    child.wait().unwrap();
    let postgres = start(&folder, true).await;
    // Whoever adopts the dead may be slow to bury them: a process that is no more has no current folder.
    assert!(std::fs::read_link(process.join("cwd")).is_err(), "the old server is gone");
    let mut owner = connect(&postgres, Role::Owner, DATABASE).await;
    let kept: i32 = sqlx::query("SELECT n FROM kept").fetch_one(&mut owner).await.unwrap().get(0);
    assert_eq!(kept, 42);
    postgres.stop().await.unwrap();
}
