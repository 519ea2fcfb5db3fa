//! The outermost of our own middleware: which host is this, whose realm, may this request write, and how does a problem look
//! here. Everything behind it finds an anonymous [`Caller`] in the request.

use crate::face;
use kernel::{
    Actor, App, Caller, Origin, Problem, Result,
    limits::Limit,
    problem::Kind,
    session::device_name,
    telemetry::{Arrival, note_tenant},
};
use poem::{
    Endpoint, IntoResponse, Request, Response,
    endpoint::BoxEndpoint,
    http::{Method, header},
};
use std::sync::Arc;
use tenants::{Tenant, TenantState};

/// The two houses behind one door.
pub struct Realms {
    /// The running program.
    pub app: Arc<App>,
    /// The bare domain: signup and operators.
    pub apex: BoxEndpoint<'static, Response>,
    /// A company's host: portal, console and API.
    pub portal: BoxEndpoint<'static, Response>,
    /// For whoever watches the process; the same on every host.
    pub health: BoxEndpoint<'static, Response>,
}

/// The one form that comes from another origin of ours: the signup hands the owner over to the new host.
const HAND_OVER: &str = "/console/hand-over";

impl Endpoint for Realms {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if request.uri().path().starts_with("/health/") {
            return self.health.call(request).await;
        }
        let tenant = match self.tenant(&request).await {
            Ok(tenant) => tenant,
            Err(problem) => return Ok(self.refuse(self.app.tenants.platform(), &request, problem).await),
        };
        note_tenant(&tenant.subdomain);
        let caller = self.caller(tenant.clone(), &request);
        if let Err(problem) = self.admit(&caller, &request) {
            return Ok(self.refuse(tenant, &request, problem).await);
        }
        request.set_data(caller.clone());
        // What is needed of the request to draw a problem's page after the request itself is gone.
        let shadow = shadow(&request);
        let inner = if tenant.is_platform() { &self.apex } else { &self.portal };
        match inner.call(request).await {
            Ok(response) => Ok(response),
            Err(error) => Ok(answer(&caller, &shadow, error).await),
        }
    }
}

impl Realms {
    async fn tenant(&self, request: &Request) -> Result<Arc<Tenant>> {
        let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).or_else(|| request.uri().host()).unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
        if name.eq_ignore_ascii_case(&self.app.config.web.base_domain) {
            return Ok(self.app.tenants.platform());
        }
        let tenant = self.app.tenants.by_host(name).await?.ok_or_else(|| Problem::not_found("page"))?;
        match tenant.state {
            TenantState::Active => Ok(tenant),
            TenantState::Provisioning => {
                Err(Problem::unavailable("not_ready", "This portal is still being made. It will be ready in a minute."))
            }
            TenantState::Suspended => Err(Problem::forbidden("suspended", "This portal is closed for now. Please call the company.")),
            TenantState::Failed => Err(Problem::not_found("page")),
        }
    }

    fn caller(&self, tenant: Arc<Tenant>, request: &Request) -> Caller {
        let arrival = Arrival::of(request);
        let agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let origin = Origin { address: arrival.client.to_string(), device: device_name(agent), request_id: arrival.id };
        Caller { app: self.app.clone(), tenant, actor: Actor::Anonymous, origin }
    }

    /// Rates, and the origin of whatever may change something.
    fn admit(&self, caller: &Caller, request: &Request) -> Result<()> {
        if is_api(request) {
            self.json_fits(request)?;
            caller.app.limits.check_address(Limit::ApiAddress, &caller.origin.address)?;
            caller.app.limits.check(Limit::ApiTenant, &caller.tenant.id.to_string())?;
        }
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let value = |name: header::HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
        let home = crate::urls::home(caller);
        let own = match value(header::ORIGIN) {
            Some(origin) => origin == home || (request.uri().path() == HAND_OVER && origin == caller.app.config.web.apex_url()),
            // Old browsers send no Origin with a plain form; Sec-Fetch-Site is the browser's own word too.
            None => request.headers().get("sec-fetch-site").is_some_and(|v| v == "same-origin"),
        };
        match own {
            true => Ok(()),
            false => Err(Problem::forbidden("foreign_origin", "This request came from another page than ours, so nothing was changed.")),
        }
    }

    /// A JSON body is read whole, so its length is told and small.
    fn json_fits(&self, request: &Request) -> Result<()> {
        let header = |name: header::HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
        if !header(header::CONTENT_TYPE).is_some_and(|t| t.starts_with("application/json")) {
            return Ok(());
        }
        match header(header::CONTENT_LENGTH).and_then(|v| v.parse::<usize>().ok()) {
            Some(length) if length <= self.app.config.web.max_json_bytes => Ok(()),
            Some(_) => Err(Problem::too_large("request_too_large", "The request is larger than this address takes.")),
            None => Err(Problem::malformed("length_required", "Say how long the JSON is, in Content-Length.")),
        }
    }

    async fn refuse(&self, tenant: Arc<Tenant>, request: &Request, problem: Problem) -> Response {
        let caller = self.caller(tenant, request);
        respond(&caller, request, problem).await
    }
}

fn is_api(request: &Request) -> bool {
    request.uri().path().starts_with("/api/")
}

/// Method, address and headers of a request without its body.
fn shadow(request: &Request) -> Request {
    let mut builder = Request::builder().method(request.method().clone()).uri(request.uri().clone());
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    builder.finish()
}

/// An error of a handler. A framework's error that carries a finished response of ours stays that.
async fn answer(caller: &Caller, request: &Request, error: poem::Error) -> Response {
    respond(caller, request, Problem::from_poem(error)).await
}

/// A problem as this address speaks: JSON for the API, a page for people, the sign-in for who has to sign in first.
async fn respond(caller: &Caller, request: &Request, problem: Problem) -> Response {
    if is_api(request) {
        return problem.into_response();
    }
    let is_page = *request.method() == Method::GET && !request.headers().contains_key("hx-request");
    if problem.kind() == Kind::Unauthenticated && is_page && !caller.tenant.is_platform() {
        return face::redirect("/sign-in");
    }
    face::problem_page(caller, request, &problem).await
}
