//! The sign-in pages of the portal.

use super::{
    ops::{self, Entered, Proof},
    pages::{SignInLinkPage, SignInPage, SignInSentPage},
};
use crate::{
    callers::{Customer, Visitor, cookie},
    email::first_name,
    face,
    people::{self, pages::InvitationPage},
};
use kernel::{
    Caller, Problem, Result,
    forms::Form,
    problem::Kind,
    session::{BROWSER_COOKIE, PersonKind},
};
use poem::{Request, Response, handler, http::StatusCode, web::Path};
use uuid::Uuid;

const KIND: PersonKind = PersonKind::Customer;

/// `GET /sign-in`
#[handler]
pub async fn form_page(Visitor(me): Visitor, request: &Request) -> Result<Response> {
    let notice = match request.uri().query() {
        Some("out") => Some("You are signed out on this device.".to_owned()),
        _ => None,
    };
    face::page(&me, request, StatusCode::OK, &SignInPage { form: Form::new(), notice }).await
}

/// `POST /sign-in`: asks for the mail. The next page is the same whether or not anybody has the address.
#[handler]
pub async fn ask(Visitor(me): Visitor, request: &Request, body: poem::Body) -> Result<Response> {
    let mut form = face::read_form(body).await?;
    let email = form.email("email", "Type your mail address.");
    if !form.is_ok() {
        return face::page(&me, request, StatusCode::UNPROCESSABLE_ENTITY, &SignInPage { form, notice: None }).await;
    }
    ask_for(&me, request, &email).await
}

async fn ask_for(me: &Caller, request: &Request, email: &str) -> Result<Response> {
    let (browser, set) = face::browser(me, request);
    ops::request_link(me, KIND, email, &browser).await?;
    let page = SignInSentPage { email: email.to_owned(), code_minutes: me.app.config.auth.code_minutes, form: Form::new() };
    let response = face::page(me, request, StatusCode::OK, &page).await?;
    Ok(face::with_cookie(response, set))
}

/// `POST /sign-in/code`: the code, in the browser that asked.
#[handler]
pub async fn enter_code(Visitor(me): Visitor, request: &Request, body: poem::Body) -> Result<Response> {
    let mut form = face::read_form(body).await?;
    let code = form.code("code");
    let email = form.value("email").to_owned();
    if form.is_ok() {
        let browser = cookie(request, BROWSER_COOKIE);
        let proof = Proof { token: None, browser: browser.as_deref(), code: Some(&code), trust_device: form.is_on("trust_device") };
        match ops::redeem(&me, KIND, &proof).await {
            Ok(entered) => return Ok(enter(entered)),
            Err(problem) => into_form(problem, &mut form)?,
        }
    }
    form.forget("code");
    let page = SignInSentPage { email, code_minutes: me.app.config.auth.code_minutes, form };
    face::page(&me, request, StatusCode::UNPROCESSABLE_ENTITY, &page).await
}

/// `GET /sign-in/{token}`: only shows the button. Scanners come here too.
#[handler]
pub async fn link(Visitor(me): Visitor, request: &Request, Path(token): Path<String>) -> Result<Response> {
    link_page(&me, request, &token, Form::new(), StatusCode::OK).await
}

/// `POST /sign-in/{token}`: the button, or the code in another browser.
#[handler]
pub async fn redeem(Visitor(me): Visitor, request: &Request, Path(token): Path<String>, body: poem::Body) -> Result<Response> {
    let mut form = face::read_form(body).await?;
    let code = (!form.value("code").is_empty()).then(|| form.code("code"));
    let browser = cookie(request, BROWSER_COOKIE);
    if form.is_ok() {
        let proof =
            Proof { token: Some(&token), browser: browser.as_deref(), code: code.as_deref(), trust_device: form.is_on("trust_device") };
        match ops::redeem(&me, KIND, &proof).await {
            Ok(entered) => return Ok(enter(entered)),
            Err(problem) => into_form(problem, &mut form)?,
        }
    }
    form.forget("code");
    link_page(&me, request, &token, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn link_page(me: &Caller, request: &Request, token: &str, form: Form, status: StatusCode) -> Result<Response> {
    let browser = cookie(request, BROWSER_COOKIE);
    let cx = me.begin().await?;
    let state = ops::look_at_link(&cx, KIND, token, browser.as_deref()).await?;
    drop(cx);
    let page = SignInLinkPage { same_browser: state.same_browser, action: format!("/sign-in/{token}"), form };
    face::page(me, request, status, &page).await
}

/// `GET /invitation/{id}`: greets, and offers the mail. The address carries no credential.
#[handler]
pub async fn invitation(Visitor(me): Visitor, request: &Request, Path(id): Path<Uuid>) -> Result<Response> {
    let person = invited(&me, id).await?;
    let page = InvitationPage {
        name: first_name(&person.name).to_owned(),
        email_hint: people::pages::hide_mail(&person.email),
        action: format!("/invitation/{id}"),
    };
    face::page(&me, request, StatusCode::OK, &page).await
}

/// `POST /invitation/{id}`: sends the sign-in mail to the invited address.
#[handler]
pub async fn accept(Visitor(me): Visitor, request: &Request, Path(id): Path<Uuid>) -> Result<Response> {
    let person = invited(&me, id).await?;
    let (browser, set) = face::browser(&me, request);
    ops::request_link(&me, KIND, &person.email, &browser).await?;
    // The whole address is not shown to whoever holds the invitation's address.
    let email = people::pages::hide_mail(&person.email);
    let page = SignInSentPage { email, code_minutes: me.app.config.auth.code_minutes, form: Form::new() };
    let response = face::page(&me, request, StatusCode::OK, &page).await?;
    Ok(face::with_cookie(response, set))
}

async fn invited(me: &Caller, id: Uuid) -> Result<people::ops::CustomerPerson> {
    let cx = me.begin().await?;
    let person = people::ops::by_invitation(&cx, id).await?;
    person.ok_or_else(|| Problem::gone("invitation_unknown", "This invitation no longer works. Ask your contractor for a new one."))
}

/// `POST /sign-out`
#[handler]
pub async fn sign_out(Customer(me): Customer) -> Result<Response> {
    crate::sessions::ops::sign_out(&me).await?;
    Ok(face::with_cookie(face::redirect("/sign-in?out"), Some(kernel::session::removal(KIND.cookie_name()))))
}

fn enter(entered: Entered) -> Response {
    face::with_cookie(face::redirect("/"), Some(entered.session.cookie()))
}

/// A field's problem goes beside the field and the page is shown again; `code_required` just shows the field.
fn into_form(problem: Problem, form: &mut Form) -> Result<()> {
    match problem.kind() {
        Kind::Invalid => {
            for field in problem.fields() {
                form.mistake(&field.field, field.detail.clone());
            }
            Ok(())
        }
        Kind::Conflict if problem.code() == "code_required" => {
            form.mistake("code", "Type the six numbers from the mail.");
            Ok(())
        }
        _ => Err(problem),
    }
}
