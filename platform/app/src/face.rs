//! What all page handlers share: the frame around a page, forms in, redirects and cookies out.

use crate::{branding, callers::SignedIn, pages, template_overrides};
use data_encoding::BASE64URL_NOPAD;
use kernel::{
    Caller, Problem, Result,
    forms::Form,
    pages::{BrandView, Face, Frame, Page},
    problem::reference,
    session::{self, BROWSER_COOKIE},
};
use poem::{
    Body, IntoResponse, Request, Response,
    http::{StatusCode, header},
    web::cookie::Cookie,
};

/// Instead of a request's number, on a page that no request of its reader asked for.
pub const NO_REFERENCE: &str = "preview";

/// The largest form that is read.
const FORM_BYTES: usize = 64 << 10;
const BROWSER_LIFE: std::time::Duration = std::time::Duration::from_secs(3600);

/// The brand of this host: the company's, or our own on the bare domain.
pub async fn brand(caller: &Caller) -> Result<BrandView> {
    if caller.tenant.is_platform() {
        return Ok(branding::view::plumbline());
    }
    let cx = caller.begin().await?;
    branding::ops::brand(&cx).await
}

/// The frame of a visitor's page.
pub fn frame(caller: &Caller, request: &Request, brand: BrandView) -> Frame {
    let face = if caller.tenant.is_platform() { Face::Apex } else { Face::Portal };
    Frame::new(face, brand, caller.tenant.time_zone, caller.app.clock.now(), reference()).of_request(request)
}

/// The frame of a customer's page, with the navigation.
pub fn customer_frame(me: &SignedIn, request: &Request, brand: BrandView, project: Option<&str>) -> Frame {
    let nav = pages::portal_nav(request.uri().path(), project);
    frame(&me.caller, request, brand).signed_in(me.actor.name().to_owned(), nav).of_project(project)
}

/// A page for somebody who is not signed in.
pub async fn page<P: Page>(caller: &Caller, request: &Request, status: StatusCode, page: &P) -> Result<Response> {
    let frame = frame(caller, request, brand(caller).await?);
    show_with(caller, status, page, &frame).await
}

/// A page with status 200: in the company's own words where it has some.
pub async fn show<P: Page>(caller: &Caller, page: &P, frame: &Frame) -> Result<Response> {
    show_with(caller, StatusCode::OK, page, frame).await
}

/// The same with another status. A text of the company's that fails is replaced by ours, and staff are told.
pub async fn show_with<P: Page>(caller: &Caller, status: StatusCode, page: &P, frame: &Frame) -> Result<Response> {
    let theirs = template_overrides::ops::in_use(caller, frame.brand.stamp).await;
    let Some(active) = theirs.of(P::TEMPLATE) else { return Ok(caller.app.pages.page_with(status, page, frame)?) };
    let (response, flaw) = caller.app.pages.page_or_ours(status, page, frame, active)?;
    if let Some(flaw) = flaw {
        template_overrides::ops::failed(caller, active, &flaw).await;
    }
    Ok(response)
}

/// The page that a problem ends in, in the brand of the host as far as that can be had.
pub async fn problem_page(caller: &Caller, request: &Request, problem: &Problem) -> Response {
    problem.log();
    let brand = match brand(caller).await {
        Ok(brand) => brand,
        Err(_) => branding::view::plain(&caller.tenant.name, branding::view::HOUSE_COLOUR),
    };
    let frame = frame(caller, request, brand);
    let status = problem.http_status();
    // What our own rules say is meant for people; the usual words are better for the rest.
    let words = (!matches!(status.as_u16(), 401 | 404 | 500)).then(|| problem.words());
    let rendered = match frame.face {
        Face::Apex => caller.app.pages.page_with(status, &pages::ApexErrorPage::of_status(status.as_u16(), words), &frame),
        Face::Portal => caller.app.pages.page_with(status, &pages::ErrorPage::of_status(status.as_u16(), words), &frame),
    };
    let mut response = rendered.unwrap_or_else(|error| Problem::internal(error).json_response());
    if let Some(seconds) = problem.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Reads a posted form.
pub async fn read_form(body: Body) -> Result<Form> {
    let bytes = body.into_bytes_limit(FORM_BYTES).await;
    let bytes = bytes.map_err(|e| Problem::too_large("form_too_large", "That is more than this form takes.").caused_by(e))?;
    Ok(Form::parse(&bytes))
}

/// 303: the browser asks for that page next.
pub fn redirect(to: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, to).header(header::CACHE_CONTROL, "no-store").finish()
}

/// Sets a cookie, if there is one to set.
pub fn with_cookie(response: impl IntoResponse, cookie: Option<Cookie>) -> Response {
    let mut response = response.into_response();
    if let Some(value) = cookie.and_then(|c| c.to_string().parse().ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The value that tells this browser from others, and the cookie to set if it has none yet.
pub fn browser(caller: &Caller, request: &Request) -> (String, Option<Cookie>) {
    match crate::callers::cookie(request, BROWSER_COOKIE).filter(|v| v.len() == 43) {
        Some(known) => (known, None),
        None => {
            let value = BASE64URL_NOPAD.encode(&caller.app.random::<32>());
            let cookie = session::cookie(BROWSER_COOKIE, value.clone(), Some(BROWSER_LIFE));
            (value, Some(cookie))
        }
    }
}
