//! Two believable contractor companies. All people, firms, addresses and numbers are invented and stay on this machine.
//!
//! They come about as every company does: they sign up, confirm by the mail that lies in the mailbox, are provisioned by the
//! worker, and their owners fill in the rest by the same operations as the console. A second time changes nothing; a run
//! that was cut short is taken up again.

mod album;
mod cast;
mod copperpan;
mod drawings;
mod larkrise;
mod others;
mod papers;
mod pdf;
mod plugins;
mod rows;
mod sky;
mod stories;
mod tell;

use crate::{
    signup::ops::{self as signup, NewSignup},
    team,
};
use anyhow::{Context, Result, bail};
use cast::Company;
use embedded::{Embedded, mailbox::Mailbox};
use kernel::{Actor, App, Caller, Origin};
use std::{sync::Arc, time::Duration};
use tenants::Tenant;
use tokio::time::{Instant, sleep};

static COMPANIES: [&Company; 2] = [&larkrise::COMPANY, &copperpan::COMPANY];
const PATIENCE: Duration = Duration::from_secs(90);
const GLANCE: Duration = Duration::from_millis(50);

/// Fills the demo companies in, unless they are there.
pub(super) async fn fill(app: &Arc<App>, embedded: &Embedded) -> Result<()> {
    for company in COMPANIES {
        let Some(tenant) = open(app, &embedded.mailbox, company).await.with_context(|| format!("{} cannot be opened", company.name))?
        else {
            tracing::warn!(subdomain = company.subdomain, "another company has this name; nothing is filled in there");
            continue;
        };
        rows::fill(app, &tenant, company).await.with_context(|| format!("the customers of {}", company.name))?;
        papers::fill(app, &tenant, company).await.with_context(|| format!("the papers of {}", company.name))?;
        tell::fill(app, &tenant, company, &embedded.weather).await.with_context(|| format!("what happens at {}", company.name))?;
        others::fill(app, &tenant, company).await.with_context(|| format!("the other customers of {}", company.name))?;
        if company.subdomain == larkrise::COMPANY.subdomain {
            plugins::fill(app, &tenant, company).await.with_context(|| format!("the plugins of {}", company.name))?;
        }
    }
    Ok(())
}

/// Says what the weather is over the houses that there are: before anybody looks at it, because the stand-in forgets.
pub(super) async fn weather(app: &Arc<App>, embedded: &Embedded) -> Result<()> {
    for company in COMPANIES {
        let tenant = app.tenants.active().await?.into_iter().find(|tenant| tenant.subdomain == company.subdomain);
        if let Some(tenant) = tenant {
            sky::script(app, &tenant, company, &embedded.weather).await?;
        }
    }
    Ok(())
}

/// Whom to sign in as.
pub(super) fn hint(subdomain: &str, staff: bool) -> String {
    let company = COMPANIES.into_iter().find(|company| company.subdomain == subdomain);
    let who = company.map(|company| if staff { company.owner.email } else { company.guest });
    who.map(|who| format!("   (sign in as {who}; the mail is in the mailbox)")).unwrap_or_default()
}

/// The company's tenant, signed up and open; none if the name belongs to somebody else.
async fn open(app: &Arc<App>, mailbox: &Mailbox, company: &Company) -> Result<Option<Arc<Tenant>>> {
    let host = format!("{}.{}", company.subdomain, app.config.web.base_domain);
    let known = app.tenants.by_host(&host).await?;
    if let Some(tenant) = &known
        && app.tenants.owner(tenant.id).await?.is_none_or(|owner| owner.email != company.owner.email)
    {
        return Ok(None);
    }
    if known.is_none() {
        sign_up(app, mailbox, company).await?;
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        let tenant = app.tenants.active().await?.into_iter().find(|tenant| tenant.subdomain == company.subdomain);
        if tenant.is_some() {
            return Ok(tenant);
        }
        if Instant::now() > deadline {
            bail!("it was not ready within {} s", PATIENCE.as_secs());
        }
        sleep(GLANCE).await;
    }
}

async fn sign_up(app: &Arc<App>, mailbox: &Mailbox, company: &Company) -> Result<()> {
    let visitor = Caller { actor: Actor::Anonymous, origin: origin(), ..Caller::system(app.clone(), app.tenants.platform(), "Demo") };
    let before = mailbox.mails_to(company.owner.email).len();
    let new = NewSignup {
        company: company.name.into(),
        subdomain: company.subdomain.into(),
        owner_name: company.owner.name.into(),
        owner_email: company.owner.email.into(),
        time_zone: company.time_zone.into(),
    };
    signup::request(&visitor, new).await?;
    let deadline = Instant::now() + PATIENCE;
    let mail = loop {
        if let Some(mail) = mailbox.mails_to(company.owner.email).into_iter().nth(before) {
            break mail;
        }
        if Instant::now() > deadline {
            bail!("the confirmation mail did not come within {} s", PATIENCE.as_secs());
        }
        sleep(GLANCE).await;
    };
    let token = mail.links.iter().find_map(|link| link.split_once("/signup/confirm/")).map(|(_, token)| token);
    signup::confirm(&visitor, token.context("the confirmation mail has no link")?).await?;
    Ok(())
}

/// Somebody of the company, as the caller of what they do.
async fn staff(app: &Arc<App>, tenant: &Arc<Tenant>, email: &str) -> Result<Caller> {
    let system = Caller { origin: origin(), ..Caller::system(app.clone(), tenant.clone(), "Demo") };
    let cx = system.begin().await?;
    let person = team::ops::find_by_email(&cx, email).await?.with_context(|| format!("{email} is not of the team"))?;
    drop(cx);
    Ok(system.acting_as(Actor::Staff { id: person.id, name: person.name, role: person.role }))
}

fn origin() -> Origin {
    Origin { address: "127.0.0.1".into(), device: "Demo data".into(), request_id: "demo".into() }
}
