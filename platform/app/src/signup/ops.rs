//! The verbs of signup. The only writer of the table `signups`; registers tenants.

use super::{
    jobs::{Provision, SendConfirmation},
    model::{Signup, subdomain_mistake},
};
use crate::events::Event;
use chrono::Duration;
use kernel::{
    Caller, Cx, Problem, Result,
    limits::Limit,
    session::{new_token, token_hash},
};
use sea_orm::Value;
use tenants::{TenantId, random_schema};
use uuid::Uuid;

const COLUMNS: &str = "id, company, subdomain, owner_name, owner_email, time_zone, tenant_id, expires_at, confirmed_at";
/// A confirmation mail may wait in a slow mailbox for an hour.
pub(super) const LINK_MINUTES: i64 = 60;
const PLAN: &str = "standard";

/// What a company tells about itself.
#[derive(Clone, Debug)]
pub struct NewSignup {
    /// The company's name.
    pub company: String,
    /// The wanted name of its host.
    pub subdomain: String,
    /// Who signs up.
    pub owner_name: String,
    /// Where the confirmation goes.
    pub owner_email: String,
    /// IANA name.
    pub time_zone: String,
}

/// What the page of a confirmation mail shows.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The company's name.
    pub company: String,
    /// Its host to be.
    pub subdomain: String,
    /// Already confirmed: where its progress is.
    pub confirmed: Option<Uuid>,
}

/// How far the making of a tenant is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The company's name.
    pub company: String,
    /// Its subdomain.
    pub subdomain: String,
    /// Steps that are done, of five.
    pub done: usize,
    /// Given up and cleaned up.
    pub failed: bool,
    /// The tenant, once it is open.
    pub open: Option<TenantId>,
    /// Who signed up.
    pub owner_email: String,
}

/// Enters a signup and has the confirmation sent.
pub async fn request(caller: &Caller, new: NewSignup) -> Result<()> {
    caller.app.limits.check_address(Limit::SignupAddress, &caller.origin.address)?;
    check(&new)?;
    let mut cx = caller.begin().await?;
    if is_taken(&cx, &new.subdomain).await? {
        return Err(taken());
    }
    let id = cx.new_uuid();
    // The token is made by the mail's job and lives in the mail only; until then nothing matches this hash.
    let nobody = token_hash(&new_token(&cx));
    cx.execute(
        "INSERT INTO signups (id, company, subdomain, owner_name, owner_email, time_zone, token_hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            id.into(),
            new.company.as_str().into(),
            new.subdomain.as_str().into(),
            new.owner_name.into(),
            new.owner_email.into(),
            new.time_zone.into(),
            nobody.into(),
            cx.now().into(),
            (cx.now() + Duration::minutes(LINK_MINUTES)).into(),
        ],
    )
    .await?;
    cx.record(&Event::SignupRequested { signup: id, company: new.company, subdomain: new.subdomain }).await?;
    cx.enqueue(&SendConfirmation { signup: id }).await?;
    cx.commit().await
}

/// Gives a signup a fresh token for its mail.
pub(super) async fn fresh_token(cx: &Cx, id: Uuid) -> Result<Option<(Signup, String)>> {
    let Some(signup) = find(cx, "id = $1", id.into(), "").await?.filter(|s| s.confirmed_at.is_none()) else { return Ok(None) };
    let token = new_token(cx);
    cx.execute("UPDATE signups SET token_hash = $2 WHERE id = $1", [id.into(), token_hash(&token).into()]).await?;
    Ok(Some((signup, token)))
}

/// What the mail's page shows; changes nothing.
pub async fn look(cx: &Cx, token: &str) -> Result<Confirmation> {
    let signup = find(cx, "token_hash = $1", token_hash(token).into(), "").await?;
    let signup = signup.filter(|s| s.confirmed_at.is_some() || s.expires_at > cx.now()).ok_or_else(gone)?;
    let confirmed = signup.confirmed_at.and(Some(signup.id));
    Ok(Confirmation { company: signup.company, subdomain: signup.subdomain, confirmed })
}

/// Confirms a signup: registers the tenant and starts the saga. A second time changes nothing. Answers the signup's id.
pub async fn confirm(caller: &Caller, token: &str) -> Result<Uuid> {
    let mut cx = caller.begin().await?;
    let signup = find(&cx, "token_hash = $1", token_hash(token).into(), "FOR UPDATE").await?.ok_or_else(gone)?;
    if signup.confirmed_at.is_some() {
        return Ok(signup.id);
    }
    if signup.expires_at <= cx.now() {
        return Err(gone());
    }
    let tenant = cx.new_uuid();
    let inserted = cx
        .execute(
            "INSERT INTO tenants (id, subdomain, name, schema, state, plan, time_zone, owner_email, owner_name, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, 'provisioning', $5, $6, $7, $8, $9, $9) ON CONFLICT (subdomain) WHERE state <> 'failed' DO NOTHING",
            [
                tenant.into(),
                signup.subdomain.into(),
                signup.company.as_str().into(),
                random_schema(cx.caller().app.random()).into(),
                PLAN.into(),
                signup.time_zone.into(),
                signup.owner_email.into(),
                signup.owner_name.into(),
                cx.now().into(),
            ],
        )
        .await?;
    if inserted == 0 {
        return Err(taken());
    }
    cx.execute("UPDATE signups SET confirmed_at = $2, tenant_id = $3 WHERE id = $1", [signup.id.into(), cx.now().into(), tenant.into()])
        .await?;
    cx.record(&Event::SignupConfirmed { signup: signup.id, company: signup.company, tenant }).await?;
    cx.enqueue(&Provision { tenant }).await?;
    cx.commit().await?;
    Ok(signup.id)
}

/// How far a confirmed signup's tenant is.
pub async fn progress(cx: &Cx, id: Uuid) -> Result<Progress> {
    let signup = find(cx, "id = $1", id.into(), "").await?;
    let signup = signup.ok_or_else(|| Problem::not_found("signup"))?;
    let tenant = signup.tenant_id.ok_or_else(|| Problem::not_found("signup"))?;
    let row = cx
        .one("SELECT state, provision_step FROM tenants WHERE id = $1", [tenant.into()])
        .await?
        .ok_or_else(|| Problem::not_found("signup"))?;
    let (state, step): (String, String) = (row.try_get("", "state")?, row.try_get("", "provision_step")?);
    let done = match step.as_str() {
        "registered" => 1,
        "key" => 2,
        "schema" => 3,
        "sealed" => 4,
        _ => 5,
    };
    Ok(Progress {
        company: signup.company,
        subdomain: signup.subdomain,
        done,
        failed: state == "failed",
        open: (state == "active").then_some(TenantId(tenant)),
        owner_email: signup.owner_email,
    })
}

/// Removes signups that nobody confirmed, a day after their end.
pub async fn sweep(cx: &Cx) -> Result<()> {
    let before: Value = (cx.now() - Duration::days(1)).into();
    cx.execute("DELETE FROM signups WHERE confirmed_at IS NULL AND expires_at < $1", [before]).await?;
    Ok(())
}

fn check(new: &NewSignup) -> Result<()> {
    if let Some(mistake) = subdomain_mistake(&new.subdomain) {
        return Err(Problem::invalid("subdomain", "subdomain_unfit", mistake));
    }
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(Problem::invalid("time_zone", "unknown", "Choose a time zone from the list."));
    }
    Ok(())
}

fn taken() -> Problem {
    Problem::invalid("subdomain", "subdomain_taken", "Another company has this name already. Please choose another.")
}

fn gone() -> Problem {
    Problem::gone(
        "signup_expired",
        "This link no longer works. Nothing is lost. Sign up again with the same address and we send a fresh one.",
    )
}

async fn is_taken(cx: &Cx, subdomain: &str) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM tenants WHERE subdomain = $1 AND state <> 'failed'";
    Ok(cx.one(sql, [subdomain.into()]).await?.is_some())
}

async fn find(cx: &Cx, condition: &str, value: Value, lock: &str) -> Result<Option<Signup>> {
    let sql = format!("SELECT {COLUMNS} FROM signups WHERE {condition} {lock}");
    Ok(cx.row::<Signup>(&sql, [value]).await?)
}
