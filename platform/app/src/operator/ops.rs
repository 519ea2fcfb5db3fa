//! The questions of operators. Writes the table `operators`; reads the registry.

use super::TenantRef;
use chrono::{DateTime, Utc};
use kernel::{
    Actor, Cx, Problem, Result,
    ids::OperatorId,
    paging::{Page, Paging},
};
use poem_openapi::{Enum, Object};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// Somebody who runs the deployment.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OperatorPerson {
    /// Who.
    pub id: OperatorId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Where a tenant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum TenantStateView {
    /// Being made.
    Provisioning,
    /// In use.
    Active,
    /// Closed by an operator.
    Suspended,
    /// Could not be made; cleaned up.
    Failed,
}

/// How far the making of a tenant has come.
#[derive(Clone, Debug, Object)]
pub struct ProvisionView {
    /// registered, key, schema, sealed or active.
    pub step: String,
    /// Attempts that failed.
    pub attempts: i32,
    /// What the last of them said.
    pub error: Option<String>,
}

/// A tenant as operators see it: nothing of its content.
#[derive(Clone, Debug, Object)]
pub struct TenantView {
    /// Its id.
    pub id: TenantRef,
    /// The company.
    pub name: String,
    /// Its subdomain.
    pub subdomain: String,
    /// Where it stands.
    pub state: TenantStateView,
    /// Its plan.
    pub plan: String,
    /// Its time zone.
    pub time_zone: String,
    /// Whom to write to.
    pub owner_email: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The newest migration that its schema has; null before the first.
    pub schema_version: Option<String>,
    /// Its portal.
    pub portal_url: String,
    /// How far the making has come.
    pub provision: ProvisionView,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    subdomain: String,
    state: String,
    plan: String,
    time_zone: String,
    owner_email: String,
    created_at: DateTime<Utc>,
    schema_version: Option<String>,
    provision_step: String,
    provision_attempts: i32,
    provision_error: Option<String>,
}

/// Which tenants a list holds.
#[derive(Clone, Debug, Default)]
pub struct TenantFilter {
    /// In this state.
    pub state: Option<TenantStateView>,
    /// With this text in name, subdomain or owner's address.
    pub text: Option<String>,
}

const SELECT: &str = "SELECT t.id, t.name, t.subdomain, t.state, t.plan, t.time_zone, t.owner_email, t.created_at, t.provision_step, \
    t.provision_attempts, t.provision_error, \
    (SELECT max(m.version) FROM tenant_migrations m WHERE m.tenant_id = t.id AND m.state = 'done') AS schema_version FROM tenants t";

/// Tenants, newest first.
pub async fn tenants(cx: &Cx, filter: &TenantFilter, paging: &Paging) -> Result<Page<TenantView>> {
    require_operator(cx)?;
    let text = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(crate::people::ops::containing);
    let sql = format!(
        "{SELECT} WHERE ($1::uuid IS NULL OR t.id < $1) AND ($2::text IS NULL OR t.state = $2) \
         AND ($3::text IS NULL OR t.name ILIKE $3 OR t.subdomain ILIKE $3 OR t.owner_email ILIKE $3) ORDER BY t.id DESC LIMIT $4"
    );
    let limit = i64::try_from(paging.limit + 1).map_err(Problem::internal)?;
    let values: [Value; 4] = [paging.after.into(), filter.state.map(state_name).into(), text.into(), limit.into()];
    let rows = cx.rows::<Row>(&sql, values).await?;
    Ok(Page::new(rows, paging, |r| r.id, |r| view(cx, r)))
}

/// One tenant.
pub async fn tenant(cx: &Cx, id: TenantRef) -> Result<TenantView> {
    require_operator(cx)?;
    let sql = format!("{SELECT} WHERE t.id = $1");
    let row = cx.row::<Row>(&sql, [id.into()]).await?;
    row.map(|r| view(cx, r)).ok_or_else(|| Problem::not_found("tenant"))
}

/// The operator with this id, unless deactivated.
pub async fn active(cx: &Cx, id: OperatorId) -> Result<Option<OperatorPerson>> {
    person(cx, "id = $1", id.into()).await
}

/// The operator with this address, unless deactivated.
pub async fn find_by_email(cx: &Cx, email: &str) -> Result<Option<OperatorPerson>> {
    person(cx, "email = lower($1)", email.into()).await
}

/// Makes sure that the operators named in the configuration exist. Never takes anybody out.
pub async fn ensure(cx: &Cx, emails: &[String]) -> Result<()> {
    for email in emails {
        let name = email.split('@').next().unwrap_or(email);
        let sql = "INSERT INTO operators (id, email, name, created_at) VALUES ($1, lower($2), $3, $4) ON CONFLICT DO NOTHING";
        let values: [Value; 4] = [cx.new_uuid().into(), email.as_str().into(), name.into(), cx.now().into()];
        cx.execute(sql, values).await?;
    }
    Ok(())
}

async fn person(cx: &Cx, condition: &str, value: Value) -> Result<Option<OperatorPerson>> {
    let sql = format!("SELECT id, name, email FROM operators WHERE {condition} AND deactivated_at IS NULL");
    Ok(cx.row::<OperatorPerson>(&sql, [value]).await?)
}

fn require_operator(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::Operator { .. } | Actor::System(_) => Ok(()),
        _ => Err(Problem::not_found("page")),
    }
}

fn state_name(state: TenantStateView) -> &'static str {
    match state {
        TenantStateView::Provisioning => "provisioning",
        TenantStateView::Active => "active",
        TenantStateView::Suspended => "suspended",
        TenantStateView::Failed => "failed",
    }
}

fn view(cx: &Cx, row: Row) -> TenantView {
    let state = match row.state.as_str() {
        "active" => TenantStateView::Active,
        "suspended" => TenantStateView::Suspended,
        "failed" => TenantStateView::Failed,
        _ => TenantStateView::Provisioning,
    };
    TenantView {
        id: TenantRef(row.id),
        portal_url: cx.caller().app.config.web.tenant_url(&row.subdomain),
        name: row.name,
        subdomain: row.subdomain,
        state,
        plan: row.plan,
        time_zone: row.time_zone,
        owner_email: row.owner_email,
        created_at: row.created_at,
        schema_version: row.schema_version,
        provision: ProvisionView { step: row.provision_step, attempts: row.provision_attempts, error: row.provision_error },
    }
}
