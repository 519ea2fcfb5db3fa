//! The confirmation mail and the provisioning saga.

use super::ops::{self, LINK_MINUTES};
use crate::{
    branding,
    email::first_name,
    events::Event,
    mails::SignupConfirmMail,
    outbox::{self, Recipient},
    signin, team,
};
use chrono::Duration;
use kernel::{
    Caller, Problem, Result, idempotency,
    jobs::{Attempt, Job},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tenants::{Tenant, TenantId};
use uuid::Uuid;

/// Sends the mail that confirms a signup.
#[derive(Serialize, Deserialize)]
pub struct SendConfirmation {
    /// Which.
    pub signup: Uuid,
}

impl Job for SendConfirmation {
    const KIND: &'static str = "signup.send_confirmation";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let Some((signup, token)) = ops::fresh_token(&cx, self.signup).await? else { return Ok(()) };
        let now = cx.now();
        cx.commit().await?;
        let web = &caller.app.config.web;
        let mail = SignupConfirmMail {
            first_name: first_name(&signup.owner_name).to_owned(),
            host: format!("{}.{}", signup.subdomain, web.base_domain),
            company: signup.company,
            link: format!("{}/signup/confirm/{token}", web.apex_url()),
            link_until: now + Duration::minutes(LINK_MINUTES),
        };
        let to = Recipient { kind: "signup", id: Some(signup.id), name: signup.owner_name, email: signup.owner_email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}

/// Makes a registered tenant: the saga's driver. Every step can be repeated.
#[derive(Serialize, Deserialize)]
pub struct Provision {
    /// Which.
    pub tenant: Uuid,
}

impl Job for Provision {
    const KIND: &'static str = "signup.provision";
    const MAX_ATTEMPTS: i32 = 6;

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let (tenants, id) = (&caller.app.tenants, TenantId(self.tenant));
        let tenant = match tenants.provision(id).await {
            Ok(tenant) => tenant,
            Err(error) => {
                tenants.note_failure(id, &error.to_string()).await?;
                return Err(error.into());
            }
        };
        furnish(&caller, tenant.clone()).await?;
        tenants.activate(&tenant).await?;
        Ok(())
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        let id = TenantId(self.tenant);
        let company = match caller.app.tenants.by_id(id).await {
            Ok(Some(tenant)) => tenant.name.clone(),
            _ => String::new(),
        };
        if let Err(error) = caller.app.tenants.abandon(id).await {
            tracing::error!(tenant = %id, error = %error, "a tenant that could not be made could not be taken down either");
            return;
        }
        let noted = async {
            let mut cx = caller.begin().await?;
            cx.record(&Event::TenantFailed { tenant: id.0, company, error: problem.code().to_owned() }).await?;
            cx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(tenant = %id, error = %error, "the failure was not recorded");
        }
    }
}

/// The first rows: the brand in the company's name, the owner, the first line of its log.
async fn furnish(caller: &Caller, tenant: Arc<Tenant>) -> Result<()> {
    let owner = caller.app.tenants.owner(tenant.id).await?.ok_or_else(|| Problem::not_found("tenant"))?;
    let system = Caller::system(caller.app.clone(), tenant.clone(), "Provisioning");
    let mut cx = system.begin().await?;
    if branding::ops::seed(&cx, &tenant.name).await? {
        team::ops::create_owner(&cx, &owner.name, &owner.email).await?;
        cx.record(&Event::TenantOpened { tenant: tenant.id.0, company: tenant.name.clone() }).await?;
    }
    cx.commit().await
}

/// Removes unconfirmed signups, old login links and old idempotency keys of every realm.
#[derive(Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "signup.sweep";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        ops::sweep(&cx).await?;
        signin::ops::sweep(&cx).await?;
        idempotency::sweep(&cx).await?;
        cx.commit().await?;
        for tenant in caller.app.tenants.active().await? {
            let cx = Caller::system(caller.app.clone(), tenant, "Housekeeping").begin().await?;
            signin::ops::sweep(&cx).await?;
            idempotency::sweep(&cx).await?;
            cx.commit().await?;
        }
        Ok(())
    }
}
