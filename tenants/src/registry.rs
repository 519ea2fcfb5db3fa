//! The registry: which host is which tenant, and the door to each one's data, keys and files.

use crate::{
    Files, Keys, Plan, Scope, Tenant, TenantId, TenantState, TenantsConfig, Tx,
    pool::{self, check_login},
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use migrations::{Fleet, Names, Set};
use moka::future::Cache;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use sqlx::PgPool;
use std::{collections::HashMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// The isolation boundary. Cheap to clone.
#[derive(Clone)]
pub struct Tenants {
    inner: Arc<Inner>,
}

struct Inner {
    config: TenantsConfig,
    /// By the registry's database column.
    pools: HashMap<String, PgPool>,
    fleet: Option<Fleet>,
    platform: Arc<Tenant>,
    by_host: Cache<String, Option<Arc<Tenant>>>,
    by_schema: Cache<String, Option<Arc<Tenant>>>,
    keys: Keys,
    files: Files,
}

/// A suspension or a new domain is seen by every process after at most this long.
const REGISTRY_AGE: Duration = Duration::from_secs(5);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    subdomain: String,
    name: String,
    schema: String,
    state: String,
    plan: String,
    time_zone: String,
    key_arn: Option<String>,
    database: String,
    created_at: DateTime<Utc>,
}

const COLUMNS: &str = "t.id, t.subdomain, t.name, t.schema, t.state, t.plan, t.time_zone, t.key_arn, t.database, t.created_at";

impl Tenants {
    /// Builds the boundary. Connections are made when they are needed; see [`Tenants::check`].
    pub async fn connect(config: TenantsConfig) -> Result<Self> {
        let fleet = match &config.owner_url {
            Some(url) => {
                let owner = pool::owner(url, 4)?;
                Some(Fleet::new(owner.into(), &pool::login(&config.database_url)?, Set::platform(), Set::tenant()))
            }
            None => None,
        };
        let keys = Keys::new(&config.kms).await;
        let files = Files::new(&config.storage, keys.clone()).await;
        let pools = HashMap::from([("main".to_owned(), pool::runtime(&config)?)]);
        let cache = || Cache::builder().max_capacity(10_000).time_to_live(REGISTRY_AGE).build();
        let platform = Arc::new(Tenant::platform());
        Ok(Self { inner: Arc::new(Inner { config, pools, fleet, platform, by_host: cache(), by_schema: cache(), keys, files }) })
    }

    /// Refuses to go on with a login role that could see across tenants.
    pub async fn check(&self) -> Result<()> {
        for (name, pool) in &self.inner.pools {
            check_login(pool).await.with_context(|| format!("database {name}"))?;
        }
        Ok(())
    }

    /// The operators' realm.
    pub fn platform(&self) -> Arc<Tenant> {
        self.inner.platform.clone()
    }

    /// The fleet migrator; absent in processes that have no owner URL.
    pub fn fleet(&self) -> Result<&Fleet> {
        self.inner.fleet.as_ref().context("database.owner_url is not set, so this process cannot create or migrate schemas")
    }

    /// The keys of all tenants.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// The sealed files of all tenants.
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// Opens a transaction that stands in this tenant's schema, under this tenant's role.
    pub async fn begin(&self, tenant: &Tenant, scope: Scope) -> Result<Tx, DbErr> {
        let pool = self.inner.pools.get(&tenant.database);
        let pool = pool.ok_or_else(|| DbErr::Custom(format!("no database {:?} is configured", tenant.database)))?;
        Tx::begin(pool, tenant, scope).await
    }

    /// The tenant of a host name without port: a subdomain of the base domain, or a verified domain of its own.
    pub async fn by_host(&self, host: &str) -> Result<Option<Arc<Tenant>>, DbErr> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if let Some(known) = self.inner.by_host.get(&host).await {
            return Ok(known);
        }
        let suffix = format!(".{}", self.inner.config.base_domain);
        let found = match host.strip_suffix(&suffix) {
            Some(subdomain) => self.find("t.subdomain = $1 AND t.state <> 'failed'", subdomain.into()).await?,
            None => {
                self.find(
                    "t.id = (SELECT d.tenant_id FROM tenant_domains d WHERE d.host = $1 AND d.verified_at IS NOT NULL)",
                    host.as_str().into(),
                )
                .await?
            }
        };
        self.inner.by_host.insert(host, found.clone()).await;
        Ok(found)
    }

    /// The tenant of a database role, as the queue has it; the platform's role is the platform.
    pub async fn by_role(&self, role: &str) -> Result<Option<Arc<Tenant>>, DbErr> {
        if role == self.inner.platform.names.staff {
            return Ok(Some(self.platform()));
        }
        let Some((schema, _)) = role.rsplit_once('_') else { return Ok(None) };
        if let Some(known) = self.inner.by_schema.get(schema).await {
            return Ok(known);
        }
        let found = self.find("t.schema = $1", schema.into()).await?;
        self.inner.by_schema.insert(schema.to_owned(), found.clone()).await;
        Ok(found)
    }

    /// A tenant by its id, fresh from the registry.
    pub async fn by_id(&self, id: TenantId) -> Result<Option<Arc<Tenant>>, DbErr> {
        self.find("t.id = $1", id.0.into()).await
    }

    /// All active tenants, oldest first.
    pub async fn active(&self) -> Result<Vec<Arc<Tenant>>, DbErr> {
        self.find_all("t.state = $1 ORDER BY t.id", "active".into()).await
    }

    /// Forgets what is cached of a tenant: its hosts and its data keys.
    pub async fn forget(&self, tenant: &Tenant) {
        self.inner.by_schema.invalidate(&tenant.names.schema).await;
        self.inner.by_host.invalidate_all();
        self.inner.keys.forget(tenant.id);
    }

    pub(crate) fn pools(&self) -> &HashMap<String, PgPool> {
        &self.inner.pools
    }

    pub(crate) fn config(&self) -> &TenantsConfig {
        &self.inner.config
    }

    async fn find(&self, condition: &str, value: Value) -> Result<Option<Arc<Tenant>>, DbErr> {
        Ok(self.find_all(condition, value).await?.pop())
    }

    async fn find_all(&self, condition: &str, value: Value) -> Result<Vec<Arc<Tenant>>, DbErr> {
        let tx = self.begin(&self.inner.platform, Scope::Staff).await?;
        let sql = format!("SELECT {COLUMNS} FROM tenants t WHERE {condition}");
        let rows = tx.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [value])).await?;
        tx.commit().await?;
        rows.iter().map(|row| self.tenant(Row::from_query_result(row, "")?)).collect()
    }

    fn tenant(&self, row: Row) -> Result<Arc<Tenant>, DbErr> {
        let broken = |what: &str| DbErr::Custom(format!("tenant {} has {what}", row.id));
        Ok(Arc::new(Tenant {
            id: TenantId(row.id),
            names: Names::tenant(&row.schema),
            state: TenantState::parse(&row.state).ok_or_else(|| broken("an unknown state"))?,
            plan: self.plan(&row.plan).ok_or_else(|| broken("a plan that is not configured"))?,
            time_zone: row.time_zone.parse().map_err(|_| broken("an unknown time zone"))?,
            key_arn: row.key_arn.unwrap_or_default(),
            subdomain: row.subdomain,
            name: row.name,
            database: row.database,
            created_at: row.created_at,
        }))
    }

    fn plan(&self, name: &str) -> Option<Plan> {
        self.inner.config.plans.get(name).cloned()
    }
}
