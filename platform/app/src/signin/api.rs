//! Sign-in and the session over HTTP, for the console (staff, on a company's host) and the operator UI (on the bare domain).

use super::{
    model::permissions,
    ops::{self, Entered, Proof},
};
use crate::{
    branding::{self, ops::BrandingView},
    callers::{Person, Visitor, cookie},
    email, face,
    routes::Tag,
    sessions,
};
use kernel::{
    Actor, Caller, Result,
    session::{self, BROWSER_COOKIE, PersonKind},
};
use poem::Request;
use poem_openapi::{ApiResponse, Object, OpenApi, payload::Json};
use uuid::Uuid;

/// The session endpoints.
pub struct SessionApi;

/// A person who is signed in.
#[derive(Object)]
struct PersonView {
    /// Their id.
    id: Uuid,
    /// `staff` or `operator`.
    kind: String,
    /// Their name.
    name: String,
    /// `owner`, `manager`, `member`; `operator` for operators.
    role: String,
}

/// The company of this host.
#[derive(Object)]
struct TenantSummary {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// Its subdomain.
    subdomain: String,
    /// IANA name; what "today" means.
    time_zone: String,
    /// What it has paid for.
    plan: PlanView,
    /// Where its customers go.
    portal_url: String,
}

/// What a company has paid for.
#[derive(Object)]
struct PlanView {
    /// For example "standard".
    name: String,
    /// The largest single document.
    max_upload_bytes: u64,
}

/// The session that asks.
#[derive(Object)]
pub struct Session {
    /// Who.
    person: PersonView,
    /// For which company; null for operators.
    tenant: Option<TenantSummary>,
    /// What this person may do, such as `team.manage`.
    permissions: Vec<String>,
    /// The company's brand; null for operators.
    branding: Option<BrandingView>,
}

/// How long a mail works.
#[derive(Object)]
struct LinkSent {
    /// The six numbers.
    code_minutes: u32,
    /// The button.
    link_minutes: u32,
}

/// Asks for a sign-in mail.
#[derive(Object)]
struct LinkRequest {
    /// Whose.
    email: String,
}

/// The six numbers, in the browser that asked.
#[derive(Object)]
struct CodeProof {
    /// Spaces are fine.
    code: String,
    /// Stay signed in for 30 days.
    #[oai(default)]
    trust_device: bool,
}

/// A link's token, with the six numbers in any other browser.
#[derive(Object)]
struct LinkProof {
    /// From the link.
    token: String,
    /// Needed in another browser than the one that asked.
    code: Option<String>,
    /// Stay signed in for 30 days.
    #[oai(default)]
    trust_device: bool,
}

/// A mail is on its way, if anybody has the address.
#[derive(ApiResponse)]
enum Sent {
    /// Accepted.
    #[oai(status = 202)]
    Accepted(Json<LinkSent>, #[oai(header = "Set-Cookie")] Option<String>),
}

/// Signed in.
#[derive(ApiResponse)]
pub enum In {
    /// With the session's cookie.
    #[oai(status = 200)]
    Welcome(Json<Session>, #[oai(header = "Set-Cookie")] String),
}

/// Signed out.
#[derive(ApiResponse)]
enum Out {
    /// Nobody is signed in here any more.
    #[oai(status = 204)]
    Done(#[oai(header = "Set-Cookie")] String),
}

#[OpenApi(tag = "Tag::Session")]
impl SessionApi {
    /// Who is signed in.
    #[oai(path = "/session", method = "get", operation_id = "get_session")]
    async fn get(&self, me: Person) -> Result<Json<Session>> {
        Ok(Json(view(&me.signed_in().caller).await?))
    }

    /// Asks for a sign-in mail. The answer is the same whether or not anybody has the address.
    #[oai(path = "/session/link", method = "post", operation_id = "request_link")]
    async fn link(&self, Visitor(me): Visitor, request: &Request, body: Json<LinkRequest>) -> Result<Sent> {
        let address = email::clean("email", &body.0.email)?;
        let (browser, cookie) = face::browser(&me, request);
        ops::request_link(&me, kind(&me), &address, &browser).await?;
        let auth = &me.app.config.auth;
        let sent = LinkSent { code_minutes: auth.code_minutes, link_minutes: auth.link_minutes };
        Ok(Sent::Accepted(Json(sent), cookie.map(|c| c.to_string())))
    }

    /// Signs in with the six numbers, in the browser that asked.
    #[oai(path = "/session/code", method = "post", operation_id = "redeem_code")]
    async fn code(&self, Visitor(me): Visitor, request: &Request, body: Json<CodeProof>) -> Result<In> {
        let browser = cookie(request, BROWSER_COOKIE);
        let proof = Proof { token: None, browser: browser.as_deref(), code: Some(&body.0.code), trust_device: body.0.trust_device };
        welcome(ops::redeem(&me, kind(&me), &proof).await?).await
    }

    /// Signs in with a link: alone in the browser that asked, with the six numbers in any other.
    #[oai(path = "/session/link/redemption", method = "post", operation_id = "redeem_link")]
    async fn redeem(&self, Visitor(me): Visitor, request: &Request, body: Json<LinkProof>) -> Result<In> {
        let browser = cookie(request, BROWSER_COOKIE);
        let LinkProof { token, code, trust_device } = body.0;
        let proof = Proof { token: Some(&token), browser: browser.as_deref(), code: code.as_deref(), trust_device };
        welcome(ops::redeem(&me, kind(&me), &proof).await?).await
    }

    /// Signs out.
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, me: Person) -> Result<Out> {
        let me = me.signed_in();
        sessions::ops::sign_out(&me).await?;
        Ok(Out::Done(session::removal(me.kind.cookie_name()).to_string()))
    }
}

/// Staff on a company's host, operators on the bare domain.
pub fn kind(caller: &Caller) -> PersonKind {
    if caller.tenant.is_platform() { PersonKind::Operator } else { PersonKind::Staff }
}

/// The answer to everybody who has just signed in.
pub async fn welcome(entered: Entered) -> Result<In> {
    let session = view(&entered.caller).await?;
    Ok(In::Welcome(Json(session), entered.session.cookie().to_string()))
}

async fn view(me: &Caller) -> Result<Session> {
    let (kind, role, permissions) = match &me.actor {
        Actor::Staff { role, .. } => ("staff", role.name().to_owned(), permissions(*role)),
        _ => ("operator", "operator".to_owned(), vec!["tenants.read".into(), "audit.read".into()]),
    };
    let person = PersonView { id: me.actor.id().unwrap_or_default(), kind: kind.into(), name: me.actor.name().to_owned(), role };
    if me.tenant.is_platform() {
        return Ok(Session { person, tenant: None, permissions, branding: None });
    }
    let cx = me.begin().await?;
    let branding = branding::ops::get(&cx).await?;
    let plan = PlanView { name: me.tenant.plan.name.clone(), max_upload_bytes: me.tenant.plan.max_upload_bytes };
    let tenant = TenantSummary {
        id: me.tenant.id.0,
        name: me.tenant.name.clone(),
        subdomain: me.tenant.subdomain.clone(),
        time_zone: me.tenant.time_zone.name().to_owned(),
        plan,
        portal_url: crate::urls::home(me),
    };
    Ok(Session { person, tenant: Some(tenant), permissions, branding: Some(branding) })
}
