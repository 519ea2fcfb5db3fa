//! A set of SQL migrations as a value, and its application to one schema.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, migrator::MigratorTraitSelf};

/// One step: a name that sorts after those before it, and the SQL texts that run in order.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// For example `0001_foundation`. Never renamed once released.
    pub name: &'static str,
    /// SQL, several statements a text; `{schema}`, `{staff}`, `{customer}` are filled in.
    pub sql: &'static [&'static str],
}

/// The schema and the roles that a migration's placeholders stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `platform` or `t_` and 26 characters of base32: generated, never user text.
    pub schema: String,
    /// The NOLOGIN role of staff and system work.
    pub staff: String,
    /// The NOLOGIN role of customers; the platform has none and names its staff role again.
    pub customer: String,
}

impl Names {
    /// The schema of the deployment itself.
    pub fn platform() -> Self {
        Self { schema: "platform".into(), staff: "plumbline_platform".into(), customer: "plumbline_platform".into() }
    }

    /// The names that follow from a tenant's schema.
    pub fn tenant(schema: &str) -> Self {
        Self { schema: schema.into(), staff: format!("{schema}_staff"), customer: format!("{schema}_customer") }
    }

    fn fill(&self, sql: &str) -> String {
        sql.replace("{schema}", &self.schema).replace("{staff}", &self.staff).replace("{customer}", &self.customer)
    }
}

/// An ordered list of migrations; a value, so that a test can run half of it.
#[derive(Clone, Debug)]
pub struct Set(pub Vec<Migration>);

const REALM: &str = include_str!("shared/0001_realm.sql");

impl Set {
    /// The migrations of the schema `platform`.
    pub fn platform() -> Self {
        Self(vec![
            Migration { name: "0001_foundation", sql: &[REALM, include_str!("platform/0001_foundation.sql")] },
            Migration { name: "0002_plugins", sql: &[include_str!("platform/0002_plugins.sql")] },
        ])
    }

    /// The migrations of every tenant schema.
    pub fn tenant() -> Self {
        let dashboard = &[
            include_str!("tenant/0002_schedule.sql"),
            include_str!("tenant/0002_updates.sql"),
            include_str!("tenant/0002_photos.sql"),
            include_str!("tenant/0002_weather.sql"),
        ];
        Self(vec![
            Migration { name: "0001_foundation", sql: &[REALM, include_str!("tenant/0001_foundation.sql")] },
            Migration { name: "0002_dashboard", sql: dashboard },
            Migration { name: "0003_generated_documents", sql: &[include_str!("tenant/0003_generated_documents.sql")] },
            Migration { name: "0003_template_overrides", sql: &[include_str!("tenant/0003_template_overrides.sql")] },
            Migration { name: "0004_plugins", sql: &[include_str!("tenant/0004_plugins.sql")] },
        ])
    }

    /// The name of the newest migration.
    pub fn version(&self) -> &'static str {
        self.0.last().map_or("", |m| m.name)
    }
}

struct Step {
    migration: Migration,
    names: Names,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.migration.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in self.migration.sql {
            manager.get_connection().execute_unprepared(&self.names.fill(sql)).await?;
        }
        Ok(())
    }
}

struct Run {
    set: Set,
    names: Names,
}

impl MigratorTraitSelf for Run {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        self.set.0.iter().map(|m| Box::new(Step { migration: *m, names: self.names.clone() }) as Box<dyn MigrationTrait>).collect()
    }
}

/// Brings one schema up to the set's version inside the caller's transaction, under a lock on that schema.
/// The schema must exist. Applied steps are remembered in the schema's own `seaql_migrations`.
pub async fn apply(tx: &DatabaseTransaction, set: &Set, names: &Names) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!(
        "SELECT pg_advisory_xact_lock(hashtextextended('{schema}', 7)); SET LOCAL search_path TO {schema}; SET LOCAL client_min_messages TO warning",
        schema = names.schema
    ))
    .await?;
    Run { set: set.clone(), names: names.clone() }.up(tx, None).await
}
