//! Provisioning as a saga: every step is remembered when it is done, each can be repeated, and a tenant that cannot be finished
//! is taken down again. There is no half tenant.

use crate::{FilesError, KeyError, ObjectRef, Scope, Tenant, TenantId, Tenants};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use std::sync::Arc;
use thiserror::Error;
use uuid::Uuid;

/// How far a tenant's provisioning has come; kept in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The row exists and the name is taken.
    Registered,
    /// The KMS key exists.
    Key,
    /// Schema and roles exist and are migrated.
    Schema,
    /// A probe was sealed, read back and removed: key and bucket work together.
    Sealed,
    /// The product has put in its first rows; the portal is open.
    Active,
}

impl Step {
    /// As in the registry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Key => "key",
            Self::Schema => "schema",
            Self::Sealed => "sealed",
            Self::Active => "active",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Registered, Self::Key, Self::Schema, Self::Sealed, Self::Active].into_iter().find(|s| s.name() == text)
    }
}

/// Why a step failed. All of it may be tried again.
#[derive(Debug, Error)]
pub enum ProvisionError {
    /// No such tenant.
    #[error("there is no such tenant")]
    Unknown,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The key service.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The bucket.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// This process has no owner URL.
    #[error(transparent)]
    Setup(#[from] anyhow::Error),
}

#[derive(FromQueryResult)]
struct Progress {
    provision_step: String,
}

/// Who signed a tenant up.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Owner {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
}

const PROBE: &[u8] = b"plumbline";

impl Tenants {
    /// Takes a registered tenant through key, schema and a sealed probe, from wherever an earlier attempt stopped.
    /// The tenant is usable by the system afterwards; [`Tenants::activate`] opens it.
    pub async fn provision(&self, id: TenantId) -> Result<Arc<Tenant>, ProvisionError> {
        let step = self.step(id).await?;
        if step < Step::Key {
            let arn = self.keys().create(id).await?;
            self.advance(id, Step::Key, Some(arn)).await?;
        }
        let tenant = self.by_id(id).await?.ok_or(ProvisionError::Unknown)?;
        if step < Step::Schema {
            self.fleet()?.migrate_tenant(id.0, &tenant.names.schema).await?;
            self.advance(id, Step::Schema, None).await?;
        }
        if step < Step::Sealed {
            self.probe(&tenant).await?;
            self.advance(id, Step::Sealed, None).await?;
        }
        Ok(tenant)
    }

    /// Opens a provisioned tenant.
    pub async fn activate(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        self.platform_sql(
            "UPDATE tenants SET state = 'active', provision_step = 'active', provision_error = NULL, updated_at = now() \
             WHERE id = $1 AND state = 'provisioning'",
            [tenant.id.0.into()],
        )
        .await?;
        self.forget(tenant).await;
        Ok(())
    }

    /// Remembers a failed attempt for the operator's eyes.
    pub async fn note_failure(&self, id: TenantId, error: &str) -> Result<(), DbErr> {
        self.platform_sql(
            "UPDATE tenants SET provision_attempts = provision_attempts + 1, provision_error = $2, updated_at = now() WHERE id = $1",
            [id.0.into(), error.into()],
        )
        .await
    }

    /// Takes down what there is of a tenant that never opened: schema, roles and key; its name is free again. Safe to repeat.
    pub async fn abandon(&self, id: TenantId) -> Result<(), ProvisionError> {
        let Some(tenant) = self.by_id(id).await? else { return Ok(()) };
        if self.step(id).await? == Step::Active {
            return Ok(());
        }
        self.platform_sql("UPDATE tenants SET state = 'failed', updated_at = now() WHERE id = $1", [id.0.into()]).await?;
        self.fleet()?.drop_tenant(id.0, &tenant.names).await?;
        if !tenant.key_arn.is_empty() {
            self.keys().schedule_deletion(&tenant.key_arn).await?;
        }
        self.forget(&tenant).await;
        Ok(())
    }

    /// Who signed a tenant up.
    pub async fn owner(&self, id: TenantId) -> Result<Option<Owner>, DbErr> {
        let platform = self.platform();
        let tx = self.begin(&platform, Scope::Staff).await?;
        let sql = "SELECT owner_name AS name, owner_email AS email FROM tenants WHERE id = $1";
        Owner::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.0.into()])).one(&tx).await
    }

    async fn probe(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let object = ObjectRef { object: Uuid::nil(), version: 1, purpose: "probe" };
        let body = futures::stream::iter([Ok(Bytes::from_static(PROBE))]);
        let sealed = self.files().seal(tenant, &object, body, 1024).await?;
        let opened = self.files().open(tenant, &object, &sealed.header, sealed.bytes, None).await?;
        let read: Vec<Bytes> = opened.boxed().try_collect().await?;
        if read.concat() != PROBE {
            return Err(FilesError::Damaged("the probe came back changed".into()).into());
        }
        Ok(self.files().delete(tenant, &object).await?)
    }

    async fn step(&self, id: TenantId) -> Result<Step, ProvisionError> {
        let platform = self.platform();
        let tx = self.begin(&platform, Scope::Staff).await?;
        let sql = "SELECT provision_step FROM tenants WHERE id = $1";
        let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [id.0.into()])).await?;
        let row = row.ok_or(ProvisionError::Unknown)?;
        let progress = Progress::from_query_result(&row, "")?;
        Step::parse(&progress.provision_step).ok_or(ProvisionError::Unknown)
    }

    async fn advance(&self, id: TenantId, step: Step, key_arn: Option<String>) -> Result<(), DbErr> {
        self.platform_sql(
            "UPDATE tenants SET provision_step = $2, key_arn = coalesce($3, key_arn), provision_error = NULL, updated_at = now() WHERE id = $1",
            [id.0.into(), step.name().into(), key_arn.into()],
        )
        .await
    }

    async fn platform_sql<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<(), DbErr> {
        let platform = self.platform();
        let tx = self.begin(&platform, Scope::Staff).await?;
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        tx.commit().await
    }
}
