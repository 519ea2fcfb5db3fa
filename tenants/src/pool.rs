//! The database pools, and the check that their login role can do no harm by itself.

use crate::TenantsConfig;
use anyhow::{Context, Result, ensure};
use sqlx::{
    Executor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};

/// Planning takes a few MB. Once its memory is full of many tenants' catalogues, the server's C library (glibc) gives those MB back
/// to the kernel after each statement and takes them again, zeroed page by page, for the next: a sixth of the server's time. It
/// keeps them once a piece of memory as large as this has been freed (mallopt(3), M_TRIM_THRESHOLD); elsewhere this does nothing.
const KEEP_MEMORY: &str = "SELECT pg_catalog.octet_length(pg_catalog.repeat('x', 8388608))";

/// Opens the runtime's pool lazily: the program may start before the database does.
pub(crate) fn runtime(config: &TenantsConfig) -> Result<PgPool> {
    let options = connect_options(&config.database_url, config.statement_timeout)?;
    Ok(PgPoolOptions::new()
        .max_connections(config.max_connections)
        .acquire_timeout(Duration::from_secs(10))
        // A round trip for every request saved; Tx::begin tries again when a connection turns out dead.
        .test_before_acquire(false)
        .max_lifetime(Duration::from_secs(3600))
        .after_connect(|connection, _| Box::pin(async move { connection.execute(KEEP_MEMORY).await.map(drop) }))
        .connect_lazy_with(options))
}

/// A connection apart from the pool, for whoever waits on it for good.
pub(crate) fn listener(config: &TenantsConfig) -> Result<PgPool> {
    let options = connect_options(&config.database_url, Duration::ZERO)?;
    Ok(PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(options))
}

/// Opens the owner's pool, for provisioning and migrations; statements there may take long.
pub(crate) fn owner(url: &str, workers: u32) -> Result<PgPool> {
    let options = connect_options(url, Duration::ZERO)?.statement_cache_capacity(0);
    Ok(PgPoolOptions::new().max_connections(workers + 1).acquire_timeout(Duration::from_secs(30)).connect_lazy_with(options))
}

fn connect_options(url: &str, timeout: Duration) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url).context("the database URL is not one")?;
    Ok(options.application_name("plumbline").options([("statement_timeout", timeout.as_millis().to_string())]))
}

/// The user name in a database URL.
pub(crate) fn login(url: &str) -> Result<String> {
    Ok(PgConnectOptions::from_str(url).context("the database URL is not one")?.get_username().to_owned())
}

/// Name, superuser, BYPASSRLS, inherits, may create roles, search path, number of objects that it owns.
type Login = (String, bool, bool, bool, bool, String, i64);

/// Refuses a login role that would make the isolation a matter of good manners.
pub(crate) async fn check_login(pool: &PgPool) -> Result<()> {
    let login: Login = sqlx::query_as(
        "SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypass, r.rolinherit AS inherit, \
         r.rolcreaterole AS create_role, current_setting('search_path') AS search_path, \
         (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) + (SELECT count(*) FROM pg_namespace n WHERE n.nspowner = r.oid) AS owned \
         FROM pg_roles r WHERE r.rolname = session_user",
    )
    .fetch_one(pool)
    .await
    .context("the database does not answer")?;
    let (name, superuser, bypass, inherit, create_role, search_path, owned) = login;
    ensure!(!superuser, "database role {name} is a superuser; use a role without any power of its own");
    ensure!(!bypass, "database role {name} has BYPASSRLS; row-level security would not hold");
    ensure!(!inherit, "database role {name} inherits from its roles; make it NOINHERIT, else every tenant is open without SET ROLE");
    ensure!(!create_role, "database role {name} may create roles; only the owner role may");
    ensure!(
        search_path.trim_matches('"').is_empty(),
        "database role {name} has the search path {:?}; ALTER ROLE {name} SET search_path = ''",
        search_path
    );
    ensure!(owned == 0, "database role {name} owns {} objects; the owner role should", owned);
    Ok(())
}
