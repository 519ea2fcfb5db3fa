//! The browser side: pages for people, JSON for tests, and nothing that another site could read or use.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::{Data, Json, Path, Query};
use poem::{Endpoint, EndpointExt, Request, Response, Route, get, handler};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::mail::Mail;
use super::pages;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("refresh.js");
/// Only our own style and script, and frames of our own; forms go nowhere else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; \
                           form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// A mail may show itself and pictures of this machine; it runs nothing and reaches nothing.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; \
                           img-src data: http://localhost:* http://*.localhost:* https://localhost:* https://*.localhost:*; \
                           frame-ancestors 'self'";

/// Every address of the browser side.
pub fn routes(shared: Arc<Shared>) -> impl Endpoint + 'static {
    Route::new()
        .at("/", get(list))
        .at("/style.css", get(style))
        .at("/refresh.js", get(script))
        .at("/version", get(version))
        .at("/clear", poem::post(clear_and_return))
        .at("/mails/:id", get(one))
        .at("/mails/:id/html", get(one_html))
        .at("/mails/:id/source", get(one_source))
        .at("/api/mails", get(api_list).delete(api_clear))
        .at("/api/mails/:id", get(api_one))
        .data(shared)
        .around(|next, request| async move {
            match refusal(&request) {
                Some(words) => Ok(respond(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", PAGE_POLICY, words)),
                None => Ok(poem::IntoResponse::into_response(next.call(request).await?)),
            }
        })
}

/// The mails carry sign-in links: no other site may read them, not even by a name that it points at this machine.
fn refusal(request: &Request) -> Option<&'static str> {
    let host = request.header("host").unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !(name == "127.0.0.1" || name == "localhost" || name.ends_with(".localhost")) {
        return Some("Open the local mailbox as localhost or 127.0.0.1.");
    }
    let site = request.header("sec-fetch-site").unwrap_or("none");
    let reads = request.method().is_safe();
    let visits = reads && request.header("sec-fetch-mode") == Some("navigate");
    (!matches!(site, "none" | "same-origin") && !visits).then_some("Another site asked for this.")
}

fn respond(status: StatusCode, media_type: &str, policy: &str, body: impl Into<poem::Body>) -> Response {
    Response::builder()
        .status(status)
        .content_type(media_type)
        .header("content-security-policy", policy)
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer")
        .header("cache-control", "no-store")
        .body(body)
}

fn page(status: StatusCode, html: String) -> Response {
    respond(status, "text/html; charset=utf-8", PAGE_POLICY, html)
}

fn or_missing(mail: Option<Response>) -> Response {
    mail.unwrap_or_else(|| page(StatusCode::NOT_FOUND, pages::missing()))
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

#[derive(Serialize)]
struct List {
    items: Vec<Mail>,
}

#[handler]
fn list(shared: Data<&Arc<Shared>>, Query(To { to }): Query<To>) -> Response {
    let mails = newest(&shared, to.as_deref());
    page(StatusCode::OK, pages::list(&mails, to.as_deref().unwrap_or_default(), &shared.store.version()))
}

fn newest(shared: &Shared, to: Option<&str>) -> Vec<Mail> {
    let mut mails = shared.store.all();
    mails.reverse();
    if let Some(to) = to.filter(|to| !to.is_empty()) {
        mails.retain(|mail| mail.is_to(to));
    }
    mails
}

#[handler]
fn one(shared: Data<&Arc<Shared>>, Path(id): Path<String>) -> Response {
    or_missing(shared.store.find(&id).map(|mail| page(StatusCode::OK, pages::one(&mail))))
}

#[handler]
fn one_html(shared: Data<&Arc<Shared>>, Path(id): Path<String>) -> Response {
    let html = shared.store.find(&id).and_then(|mail| mail.html);
    or_missing(html.map(|html| respond(StatusCode::OK, "text/html; charset=utf-8", MAIL_POLICY, pages::in_new_windows(&html))))
}

#[handler]
fn one_source(shared: Data<&Arc<Shared>>, Path(id): Path<String>) -> Response {
    let source = shared.store.source(&id);
    or_missing(source.map(|source| respond(StatusCode::OK, "text/plain; charset=utf-8", PAGE_POLICY, source)))
}

#[handler]
fn style() -> Response {
    respond(StatusCode::OK, "text/css; charset=utf-8", PAGE_POLICY, STYLE)
}

#[handler]
fn script() -> Response {
    respond(StatusCode::OK, "text/javascript; charset=utf-8", PAGE_POLICY, SCRIPT)
}

#[handler]
fn version(shared: Data<&Arc<Shared>>) -> Response {
    respond(StatusCode::OK, "text/plain; charset=utf-8", PAGE_POLICY, shared.store.version())
}

#[handler]
async fn clear_and_return(shared: Data<&Arc<Shared>>) -> poem::Result<Response> {
    clear(&shared).await?;
    Ok(Response::builder().status(StatusCode::SEE_OTHER).header("location", "/").finish())
}

#[handler]
fn api_list(shared: Data<&Arc<Shared>>, Query(To { to }): Query<To>) -> Json<List> {
    Json(List { items: newest(&shared, to.as_deref()) })
}

#[handler]
fn api_one(shared: Data<&Arc<Shared>>, Path(id): Path<String>) -> poem::Result<Json<Mail>> {
    shared.store.find(&id).map(Json).ok_or_else(|| StatusCode::NOT_FOUND.into())
}

#[handler]
async fn api_clear(shared: Data<&Arc<Shared>>) -> poem::Result<StatusCode> {
    clear(&shared).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clear(shared: &Arc<Shared>) -> poem::Result<()> {
    let shared = shared.clone();
    let cleared = tokio::task::spawn_blocking(move || shared.store.clear()).await;
    cleared.map_err(poem::error::InternalServerError)?.map_err(poem::error::InternalServerError)
}
