//! The database roles: one NOLOGIN role for the platform, two for each tenant, all granted to the one login role, which may
//! only SET ROLE to them.

use crate::Names;
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Creates the schema and its roles where they are missing and lets `login` switch to them. Safe to repeat.
/// Role changes are rare (a login role with thousands of memberships re-reads them after each), so all of a tenant's come
/// in one batch.
pub async fn ensure(db: &impl ConnectionTrait, names: &Names, login: &str) -> Result<(), DbErr> {
    let with = if server_version(db).await? >= 160_000 { " WITH INHERIT FALSE, SET TRUE" } else { "" };
    let mut sql = String::new();
    let mut roles = vec![&names.staff, &names.customer];
    roles.dedup();
    for role in roles {
        sql += &format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF; END $$;\n\
             GRANT {role} TO {login}{with};\n"
        );
    }
    sql += &format!("CREATE SCHEMA IF NOT EXISTS {};", names.schema);
    db.execute_unprepared(&sql).await.map(drop)
}

/// Removes a tenant's schema with everything in it, and its roles. Safe to repeat.
pub async fn drop_tenant(db: &impl ConnectionTrait, names: &Names) -> Result<(), DbErr> {
    // One at a time, as for the grants in the tenants' first migration.
    let lock = "LOCK TABLE platform.jobs IN SHARE UPDATE EXCLUSIVE MODE";
    let mut sql = format!("DROP SCHEMA IF EXISTS {} CASCADE;\n{lock};\n", names.schema);
    for role in [&names.staff, &names.customer] {
        sql += &format!(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN \
             REVOKE ALL ON platform.jobs FROM {role}; REVOKE ALL ON SCHEMA platform FROM {role}; DROP ROLE {role}; END IF; END $$;\n"
        );
    }
    db.execute_unprepared(&sql).await.map(drop)
}

async fn server_version(db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), "SELECT current_setting('server_version_num')::int AS v"))
        .await?
        .ok_or_else(|| DbErr::Custom("the server does not tell its version".into()))?;
    row.try_get("", "v")
}
