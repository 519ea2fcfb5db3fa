//! Visits for the customers: read them, answer them; and their calendar address, which a calendar program reads without a sign-in.

use super::{
    AppointmentId,
    ics::Calendar,
    ops::{self, Ask, CustomerVisit},
    pages::{CalendarPage, MadeAddress, MovePage, VisitCard, VisitNotice},
    screen,
    when::words,
};
use crate::{
    branding,
    callers::{Customer, SignedIn, Visitor},
    face, live,
    projects::ProjectId,
    urls,
};
use kernel::{Caller, Cx, Problem, Result, forms::Form, limits::Limit, problem::Kind};
use poem::{
    Body, Request, Response, handler,
    http::{StatusCode, header},
    web::{Path, Query},
};
use serde::Deserialize;

/// What was done before this page was asked for.
#[derive(Deserialize)]
struct Said {
    said: Option<String>,
    visit: Option<AppointmentId>,
}

/// `GET /projects/{project}/visits`
#[handler]
pub async fn list(Customer(me): Customer, request: &Request, Path(project): Path<ProjectId>, Query(said): Query<Said>) -> Result<Response> {
    let notice = |visits: &[CustomerVisit]| {
        let about = said.visit.and_then(|id| visits.iter().find(|v| v.id == id))?;
        done(said.said.as_deref()?, about)
    };
    show(&me, request, project, StatusCode::OK, notice).await
}

async fn show(
    me: &SignedIn,
    request: &Request,
    project: ProjectId,
    status: StatusCode,
    notice: impl FnOnce(&[CustomerVisit]) -> Option<VisitNotice>,
) -> Result<Response> {
    let cx = me.begin().await?;
    let (cursor, brand) = cx.ask_all((live::ops::cursor(), branding::ops::company(&cx))).await?;
    let page = screen::gather(&cx, project, notice).await?;
    cx.commit().await?;
    let frame = face::customer_frame(me, request, brand, Some(&page.project_id)).live(Some(cursor));
    face::show_with(me, status, &page, &frame).await
}

/// What stands above the visits after something was done; only for what is still so.
fn done(said: &str, visit: &CustomerVisit) -> Option<VisitNotice> {
    match (said, visit.state.name().as_str()) {
        ("confirmed", "confirmed") => {
            Some(notice("positive", &format!("Confirmed: {}", when(visit)), "Thank you. We remind you the day before."))
        }
        ("asked", "move_asked") => {
            let words = "We will write to you. Until then the visit stays as it is.";
            Some(notice("positive", "We know that another time would be better", words))
        }
        _ => None,
    }
}

fn notice(tone: &'static str, title: &str, words: &str) -> VisitNotice {
    VisitNotice { tone, title: title.to_owned(), words: words.to_owned() }
}

/// What is said when the time has changed since the page was opened.
const MOVED: &str = "The time of this visit has changed in the meantime";

/// The visits as they are now, and why nothing was done.
async fn refused(me: &SignedIn, request: &Request, id: AppointmentId, problem: &Problem) -> Result<Response> {
    let cx = me.begin().await?;
    let visit = ops::find_mine(&cx, id).await?;
    cx.commit().await?;
    let said = match problem.code() {
        "appointment_moved" => {
            notice("warning", MOVED, &format!("It is now on {}. Nothing was confirmed. Please look at it again.", when(&visit)))
        }
        _ => notice("warning", "Nothing was changed", problem.words()),
    };
    show(me, request, visit.project, problem.http_status(), |_| Some(said)).await
}

/// Makes it durable, or ends the transaction before anything else is asked.
async fn settled(cx: Cx, done: Result<CustomerVisit>) -> Result<CustomerVisit> {
    match done {
        Ok(visit) => cx.commit().await.map(|()| visit),
        Err(problem) => {
            drop(cx);
            Err(problem)
        }
    }
}

/// Somebody may see the visit, and cannot do this with it now.
fn is_refusal(problem: &Problem) -> bool {
    matches!(problem.kind(), Kind::Conflict | Kind::Forbidden)
}

fn when(visit: &CustomerVisit) -> String {
    format!("{}, {}", visit.window.day.format("%A, %B %-d"), words(visit.window.from, visit.window.until))
}

/// `POST /appointments/{appointment}/confirmation`
#[handler]
pub async fn confirm(Customer(me): Customer, request: &Request, Path(id): Path<AppointmentId>, body: Body) -> Result<Response> {
    let form = face::read_form(body).await?;
    let mut cx = me.begin().await?;
    let done = ops::confirm(&mut cx, id, sequence(&form)).await;
    match settled(cx, done).await {
        Ok(visit) => Ok(face::redirect(&format!("/projects/{}/visits?said=confirmed&visit={id}", visit.project))),
        Err(problem) if is_refusal(&problem) => refused(&me, request, id, &problem).await,
        Err(problem) => Err(problem),
    }
}

/// `GET /appointments/{appointment}/move`
#[handler]
pub async fn move_form(Customer(me): Customer, request: &Request, Path(id): Path<AppointmentId>) -> Result<Response> {
    let cx = me.begin().await?;
    let visit = ops::find_mine(&cx, id).await?;
    cx.commit().await?;
    if !visit.answerable {
        return Ok(face::redirect(&format!("/projects/{}/visits", visit.project)));
    }
    let form = Form::new().with("note", visit.asked_note.clone());
    form_page(&me, request, &visit, form, None, StatusCode::OK).await
}

/// `POST /appointments/{appointment}/move`
#[handler]
pub async fn ask_to_move(Customer(me): Customer, request: &Request, Path(id): Path<AppointmentId>, body: Body) -> Result<Response> {
    let mut form = face::read_form(body).await?;
    let ask = Ask { sequence: sequence(&form), note: form.value("note").to_owned() };
    let mut cx = me.begin().await?;
    let done = ops::ask_to_move(&mut cx, id, ask).await;
    let (notice, status) = match settled(cx, done).await {
        Ok(visit) => return Ok(face::redirect(&format!("/projects/{}/visits?said=asked&visit={id}", visit.project))),
        Err(problem) if problem.kind() == Kind::Invalid => {
            for field in problem.fields() {
                form.mistake(&field.field, field.detail.clone());
            }
            (None, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(problem) if problem.code() == "appointment_moved" => {
            let words = "The new time is below. If it does not suit you either, what you typed is still here.";
            (Some(notice("warning", MOVED, words)), StatusCode::CONFLICT)
        }
        Err(problem) if is_refusal(&problem) => return refused(&me, request, id, &problem).await,
        Err(problem) => return Err(problem),
    };
    let cx = me.begin().await?;
    let visit = ops::find_mine(&cx, id).await?;
    cx.commit().await?;
    form_page(&me, request, &visit, form, notice, status).await
}

async fn form_page(
    me: &SignedIn,
    request: &Request,
    visit: &CustomerVisit,
    form: Form,
    notice: Option<VisitNotice>,
    status: StatusCode,
) -> Result<Response> {
    let page = MovePage { visit: VisitCard::of(visit), form, notice };
    let frame = face::customer_frame(me, request, face::brand(me).await?, Some(&page.visit.project_id));
    Ok(me.app.pages.page_with(status, &page, &frame)?)
}

/// The time that the sender of a form saw; a form without one saw none.
fn sequence(form: &Form) -> i32 {
    form.value("sequence").parse().unwrap_or(-1)
}

/// `GET /calendar`
#[handler]
pub async fn address(Customer(me): Customer, request: &Request, Query(said): Query<Said>) -> Result<Response> {
    let cx = me.begin().await?;
    let feed = ops::find_feed(&cx).await?.map(Into::into);
    cx.commit().await?;
    let ended = said.said.as_deref() == Some("ended") && feed.is_none();
    let notice = ended.then(|| notice("positive", "The address has ended", "Calendar programs that ask it get nothing any more."));
    calendar_page(&me, request, CalendarPage { feed, made: None, notice }).await
}

/// `POST /calendar`: makes an address, or another one. It is in this answer and nowhere else.
#[handler]
pub async fn make_address(Customer(me): Customer, request: &Request) -> Result<Response> {
    let mut cx = me.begin().await?;
    let made = ops::make_feed(&mut cx).await?;
    cx.commit().await?;
    let url = format!("{}/calendar/{}.ics", urls::home(&me), made.token);
    let open = url.split_once("://").map_or_else(|| url.clone(), |(_, rest)| format!("webcal://{rest}"));
    let page = CalendarPage { feed: Some(made.feed.into()), made: Some(MadeAddress { address: url, open }), notice: None };
    calendar_page(&me, request, page).await
}

/// `POST /calendar/revocation`
#[handler]
pub async fn end_address(Customer(me): Customer) -> Result<Response> {
    let mut cx = me.begin().await?;
    ops::revoke_feed(&mut cx).await?;
    cx.commit().await?;
    Ok(face::redirect("/calendar?said=ended"))
}

async fn calendar_page(me: &SignedIn, request: &Request, page: CalendarPage) -> Result<Response> {
    let frame = face::customer_frame(me, request, face::brand(me).await?, None);
    Ok(me.app.pages.page(&page, &frame)?)
}

/// `GET` and `HEAD /calendar/{token}.ics`: for calendar programs, which sign in nowhere. What is no address of ours, or has ended, is
/// an empty answer.
#[handler]
pub async fn read(Visitor(me): Visitor, Path(file): Path<String>) -> Result<Response> {
    match calendar_file(&me, &file).await {
        Ok(text) => Ok(Response::builder()
            .content_type("text/calendar; charset=utf-8")
            .header(header::CACHE_CONTROL, "private, no-cache")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header("x-robots-tag", "noindex")
            .body(text)),
        Err(problem) if matches!(problem.kind(), Kind::NotFound | Kind::Gone) => {
            Ok(Response::builder().status(problem.http_status()).header(header::CACHE_CONTROL, "no-store").finish())
        }
        Err(problem) => Err(problem),
    }
}

async fn calendar_file(me: &Caller, file: &str) -> Result<String> {
    me.app.limits.check_address(Limit::FeedAddress, &me.origin.address)?;
    let token = file.strip_suffix(".ics").ok_or_else(|| Problem::not_found("calendar"))?;
    let cx = me.begin().await?;
    let owner = ops::read_feed(&cx, token).await?;
    cx.commit().await?;
    // From here on it is the customer who reads: what they may not see is not in it.
    let cx = me.acting_as(owner).begin().await?;
    let entries = ops::entries(&cx).await?;
    let (brand, now) = (branding::ops::brand(&cx).await?, cx.now());
    cx.commit().await?;
    let home = urls::home(me);
    let host = home.split_once("://").map_or(home.as_str(), |(_, host)| host);
    let calendar = Calendar { company: &brand.name, host, home: &home, zone: me.tenant.time_zone, now };
    Ok(calendar.file(&entries))
}
