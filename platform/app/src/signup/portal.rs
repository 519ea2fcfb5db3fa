//! The signup pages, on the bare domain.

use super::{
    ops::{self, NewSignup},
    pages::{HandOver, SignupConfirmPage, SignupPage, SignupProgress, SignupProgressPage, SignupProgressPart, SignupSentPage},
};
use crate::{
    callers::{Visitor, cookie},
    face, signin, team,
};
use kernel::{Caller, Problem, Result, forms::Form, problem::Kind, session};
use poem::{Request, Response, handler, http::StatusCode, web::Path};
use std::sync::Arc;
use tenants::TenantId;
use uuid::Uuid;

/// Tells the browser that confirmed a signup from others: only it is handed over to the new host.
const SIGNUP_COOKIE: &str = "__Host-pl-signup";

/// `GET /` on the bare domain.
#[handler]
pub async fn form_page(Visitor(me): Visitor, request: &Request) -> Result<Response> {
    show(&me, request, Form::new(), StatusCode::OK).await
}

async fn show(me: &Caller, request: &Request, form: Form, status: StatusCode) -> Result<Response> {
    face::page(me, request, status, &SignupPage::new(form, me.app.config.web.base_domain.clone())).await
}

/// `POST /signup`
#[handler]
pub async fn submit(Visitor(me): Visitor, request: &Request, body: poem::Body) -> Result<Response> {
    let mut form = face::read_form(body).await?;
    let new = NewSignup {
        company: form.text("company", 120, "Tell us your company's name."),
        subdomain: form.value("subdomain").to_lowercase(),
        owner_name: form.text("name", 120, "Tell us your name."),
        owner_email: form.email("email", "Type your mail address."),
        time_zone: form.value("time_zone").to_owned(),
    };
    if form.is_ok() {
        let email = new.owner_email.clone();
        match ops::request(&me, new).await {
            Ok(()) => {
                let page = SignupSentPage { email, link_minutes: u32::try_from(ops::LINK_MINUTES).unwrap_or(60) };
                return face::page(&me, request, StatusCode::OK, &page).await;
            }
            Err(problem) if problem.kind() == Kind::Invalid => into_form(&problem, &mut form),
            Err(problem) => return Err(problem),
        }
    }
    show(&me, request, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn into_form(problem: &Problem, form: &mut Form) {
    for field in problem.fields() {
        form.mistake(&field.field, field.detail.clone());
    }
}

/// `GET /signup/confirm/{token}`: shows what will be made; only the button makes it.
#[handler]
pub async fn look(Visitor(me): Visitor, request: &Request, Path(token): Path<String>) -> Result<Response> {
    let cx = me.begin().await?;
    let found = ops::look(&cx, &token).await?;
    drop(cx);
    if let Some(id) = found.confirmed {
        return Ok(face::redirect(&format!("/signup/progress/{id}")));
    }
    let host = format!("{}.{}", found.subdomain, me.app.config.web.base_domain);
    let page = SignupConfirmPage { company: found.company, host, action: format!("/signup/confirm/{token}") };
    face::page(&me, request, StatusCode::OK, &page).await
}

/// `POST /signup/confirm/{token}`
#[handler]
pub async fn confirm(Visitor(me): Visitor, Path(token): Path<String>) -> Result<Response> {
    let id = ops::confirm(&me, &token).await?;
    let life = Some(std::time::Duration::from_secs(3600));
    let cookie = session::cookie(SIGNUP_COOKIE, token, life);
    Ok(face::with_cookie(face::redirect(&format!("/signup/progress/{id}")), Some(cookie)))
}

/// `GET /signup/progress/{id}`: a page, or for htmx the part of it that changes.
#[handler]
pub async fn progress(Visitor(me): Visitor, request: &Request, Path(id): Path<Uuid>) -> Result<Response> {
    let cx = me.begin().await?;
    let progress = ops::progress(&cx, id).await?;
    let mine = match cookie(request, SIGNUP_COOKIE) {
        Some(token) => ops::look(&cx, &token).await.is_ok_and(|c| c.confirmed == Some(id)),
        None => false,
    };
    drop(cx);
    let host = format!("{}.{}", progress.subdomain, me.app.config.web.base_domain);
    let home = me.app.config.web.tenant_url(&progress.subdomain);
    let ready = match progress.open {
        Some(tenant) => Some(hand_over(&me, tenant, &progress.owner_email, &home, mine).await?),
        None => None,
    };
    let failed = progress.failed.then(|| {
        "Something that your portal needs could not be made, so we removed what was there already. Your address is free again. \
         Please sign up once more in a few minutes."
            .to_owned()
    });
    let steps = SignupProgress::steps(progress.done);
    let page = SignupProgress { company: progress.company, host, poll_url: format!("/signup/progress/{id}"), steps, failed, ready };
    let frame = face::frame(&me, request, face::brand(&me).await?).form_target(home);
    let pages = &me.app.pages;
    Ok(match request.headers().contains_key("hx-request") {
        true => pages.page(&SignupProgressPart(page), &frame)?,
        false => pages.page(&SignupProgressPage(page), &frame)?,
    })
}

/// The form to the new host. The browser that confirmed gets a token that lets its owner in; any other is sent to the sign-in.
async fn hand_over(me: &Caller, tenant: TenantId, owner: &str, home: &str, mine: bool) -> Result<HandOver> {
    let action = format!("{home}/console/hand-over");
    if !mine {
        return Ok(HandOver { action, token: String::new() });
    }
    let tenant = me.app.tenants.by_id(tenant).await?.ok_or_else(|| Problem::not_found("tenant"))?;
    let system = Caller { tenant: Arc::clone(&tenant), ..Caller::system(me.app.clone(), tenant, "Signup") };
    let cx = system.begin().await?;
    let token = match team::ops::find_by_email(&cx, owner).await? {
        Some(staff) => signin::ops::make_handoff(&cx, staff.id).await?,
        None => String::new(),
    };
    cx.commit().await?;
    Ok(HandOver { action, token })
}

/// `POST /console/hand-over` on the new host: the only form that may come from the bare domain.
#[handler]
pub async fn enter(Visitor(me): Visitor, body: poem::Body) -> Result<Response> {
    let form = face::read_form(body).await?;
    match signin::ops::redeem_handoff(&me, form.value("token")).await {
        Ok(entered) => Ok(face::with_cookie(face::redirect("/console/"), Some(entered.session.cookie()))),
        // Too late or used: the owner signs in by mail like everybody else.
        Err(problem) if problem.kind() == Kind::Gone => Ok(face::redirect("/console/sign-in")),
        Err(problem) => Err(problem),
    }
}
