//! The logo as pages and mails show it: public, and unchanging at the address with its hash.

use super::ops;
use crate::callers::Visitor;
use kernel::{Problem, Result};
use poem::{
    Request, Response, handler,
    http::{StatusCode, header},
};

/// `GET /brand/logo?v={hash}`
#[handler]
pub async fn logo(Visitor(me): Visitor, request: &Request) -> Result<Response> {
    let cx = me.begin().await?;
    let logo = ops::logo(&cx).await?.ok_or_else(|| Problem::not_found("logo"))?;
    drop(cx);
    let etag = format!("\"{}\"", logo.hash);
    let asked_by_hash = request.uri().query().is_some_and(|query| query == format!("v={}", logo.hash));
    let caching = if asked_by_hash { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let known = request.header(header::IF_NONE_MATCH).is_some_and(|value| value.contains(&etag));
    let response = Response::builder()
        .header(header::CACHE_CONTROL, caching)
        .header(header::ETAG, etag)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(match known {
        true => response.status(StatusCode::NOT_MODIFIED).finish(),
        false => response.content_type("image/png").body(logo.png),
    })
}
