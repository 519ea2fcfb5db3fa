//! The verbs of sign-in. The only writer of the table `login_links`.

use super::{
    jobs::SendLink,
    model::{Found, Link, WRONG_CODES, code_hash, digits, link_path, new_code},
};
use crate::{callers, events::Event, operator, people, team};
use chrono::Duration;
use kernel::{
    Caller, Cx, Problem, Result,
    ids::{CustomerId, StaffId},
    limits::Limit,
    session::{self, Issued, PersonKind, token_hash},
};
use uuid::Uuid;

const COLUMNS: &str = "id, purpose, person_kind, person_id, browser_hash, code_hash, wrong_codes, expires_at, code_expires_at, used_at";

/// A person who has just signed in.
pub struct Entered {
    /// The new session, with its cookie.
    pub session: Issued,
    /// The person, as the caller of what comes next.
    pub caller: Caller,
}

/// What a link's page needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkState {
    /// The asking browser is the one that asked for the mail; another must type the code.
    pub same_browser: bool,
}

/// How a person wants to be let in.
#[derive(Clone, Debug, Default)]
pub struct Proof<'a> {
    /// From the link, if one was opened.
    pub token: Option<&'a str>,
    /// The cookie of the browser that asked.
    pub browser: Option<&'a str>,
    /// As typed.
    pub code: Option<&'a str>,
    /// Stay signed in for 30 days.
    pub trust_device: bool,
}

/// Asks for a sign-in mail. Says nothing about whether anybody has this address; a job finds out.
pub async fn request_link(caller: &Caller, kind: PersonKind, email: &str, browser: &str) -> Result<()> {
    let (limits, tenant) = (&caller.app.limits, caller.tenant.id);
    limits.check_address(Limit::SignInAddress, &caller.origin.address)?;
    limits.check(Limit::SignInAccount, &format!("{tenant} {kind:?} {email}"))?;
    limits.check(Limit::SignInTenant, &tenant.to_string())?;
    let mut cx = caller.begin().await?;
    cx.enqueue(&SendLink { kind, email: email.to_owned(), browser_hash: data_encoding::HEXLOWER.encode(&token_hash(browser)) }).await?;
    cx.commit().await
}

/// Makes a link for the person with this address, if there is one. Answers the person, the link and the code.
pub(super) async fn make_link(cx: &Cx, job: &SendLink) -> Result<Option<(Found, String, String)>> {
    let Some(person) = find(cx, job.kind, &job.email).await? else { return Ok(None) };
    let app = &cx.caller().app;
    let (id, token, code) = (cx.new_uuid(), session::new_token(cx), new_code(app.random()));
    let auth = &app.config.auth;
    let browser = data_encoding::HEXLOWER.decode(job.browser_hash.as_bytes()).map_err(Problem::internal)?;
    cx.execute("INSERT INTO login_links (id, purpose, person_kind, person_id, token_hash, browser_hash, code_hash, created_at, expires_at, code_expires_at) \
         VALUES ($1, 'sign_in', $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            id.into(),
            job.kind.name().into(),
            person.id.into(),
            token_hash(&token).into(),
            browser.into(),
            code_hash(&auth.pepper_bytes(), id, &code).into(),
            cx.now().into(),
            (cx.now() + Duration::minutes(i64::from(auth.link_minutes))).into(),
            (cx.now() + Duration::minutes(i64::from(auth.code_minutes))).into(),
        ],
    )
    .await?;
    Ok(Some((person, link_path(job.kind, &token), code)))
}

/// A single-use token that lets the new owner of a company in on the new host; two minutes.
pub async fn make_handoff(cx: &Cx, staff: StaffId) -> Result<String> {
    let token = session::new_token(cx);
    cx.execute("INSERT INTO login_links (id, purpose, person_kind, person_id, token_hash, created_at, expires_at) VALUES ($1, 'handoff', 'staff', $2, $3, $4, $5)",
        [cx.new_uuid().into(), staff.0.into(), token_hash(&token).into(), cx.now().into(), (cx.now() + Duration::minutes(2)).into()],
    )
    .await?;
    Ok(token)
}

/// What the page of a link shows; changes nothing.
pub async fn look_at_link(cx: &Cx, kind: PersonKind, token: &str, browser: Option<&str>) -> Result<LinkState> {
    let link = by_token(cx, token, "").await?.filter(|l| l.kind() == Some(kind) && l.purpose == "sign_in");
    let link = usable(cx, link)?;
    Ok(LinkState { same_browser: link.is_from(browser.map(token_hash).as_deref()) })
}

/// Signs in by link, link and code, or code alone in the browser that asked. Exactly one of any number of equal requests succeeds.
pub async fn redeem(caller: &Caller, kind: PersonKind, proof: &Proof<'_>) -> Result<Entered> {
    caller.app.limits.check_address(Limit::CodeAddress, &caller.origin.address)?;
    let mut cx = caller.begin().await?;
    let checked = match proof.token {
        Some(token) => check_link(&cx, kind, token, proof).await,
        None => check_code(&cx, kind, proof).await,
    };
    match checked {
        Ok(link) => {
            let entered = enter(&mut cx, kind, link.person_id, proof.trust_device, "link").await?;
            cx.commit().await?;
            Ok(entered)
        }
        // A wrong code has been counted: that must last although the answer is no.
        Err(problem) => {
            cx.commit().await?;
            Err(problem)
        }
    }
}

/// Lets the new owner in with the token that the signup handed over.
pub async fn redeem_handoff(caller: &Caller, token: &str) -> Result<Entered> {
    caller.app.limits.check_address(Limit::CodeAddress, &caller.origin.address)?;
    let mut cx = caller.begin().await?;
    let link = by_token(&cx, token, "FOR UPDATE").await?.filter(|l| l.purpose == "handoff");
    let link = usable(&cx, link)?;
    let entered = enter(&mut cx, PersonKind::Staff, link.person_id, false, "signup").await?;
    cx.commit().await?;
    Ok(entered)
}

/// The last step of every way in: a fresh session, the person's other links used up, the event recorded in their name.
pub async fn enter(cx: &mut Cx, kind: PersonKind, person: Uuid, trust_device: bool, by: &'static str) -> Result<Entered> {
    let actor = callers::actor(cx, kind, person).await?.ok_or_else(link_unknown)?;
    cx.execute(
        "UPDATE login_links SET used_at = $3 WHERE person_id = $1 AND person_kind = $2 AND used_at IS NULL",
        [person.into(), kind.name().into(), cx.now().into()],
    )
    .await?;
    let session = session::create(cx, kind, person, trust_device).await?;
    match kind {
        PersonKind::Staff => team::ops::note_sign_in(cx, StaffId(person)).await?,
        PersonKind::Customer => people::ops::note_sign_in(cx, CustomerId(person)).await?,
        PersonKind::Operator => {}
    }
    cx.act_as(actor.clone());
    let device = cx.origin().device.clone();
    cx.record(&Event::SignedIn { person, session: session.id, device, by }).await?;
    Ok(Entered { session, caller: cx.caller().acting_as(actor) })
}

/// Removes links that ended a day ago.
pub async fn sweep(cx: &Cx) -> Result<()> {
    cx.execute("DELETE FROM login_links WHERE expires_at < $1", [(cx.now() - Duration::days(1)).into()]).await?;
    Ok(())
}

async fn check_link(cx: &Cx, kind: PersonKind, token: &str, proof: &Proof<'_>) -> Result<Link> {
    let link = by_token(cx, token, "FOR UPDATE").await?.filter(|l| l.kind() == Some(kind) && l.purpose == "sign_in");
    let link = usable(cx, link)?;
    if link.is_from(proof.browser.map(token_hash).as_deref()) {
        return Ok(link);
    }
    let code = proof.code.ok_or_else(|| {
        Problem::conflict("code_required", "This is not the browser that asked for the mail. Type the six numbers from the same mail.")
    })?;
    let code = digits(code).ok_or_else(code_format)?;
    if !link.code_lives(cx.now()) {
        return Err(code_burnt());
    }
    if link.code_is(&cx.caller().app.config.auth.pepper_bytes(), &code) {
        return Ok(link);
    }
    cx.execute("UPDATE login_links SET wrong_codes = wrong_codes + 1 WHERE id = $1", [link.id.into()]).await?;
    Err(code_wrong(link.wrong_codes + 1))
}

async fn check_code(cx: &Cx, kind: PersonKind, proof: &Proof<'_>) -> Result<Link> {
    let code = digits(proof.code.unwrap_or_default()).ok_or_else(code_format)?;
    let browser = proof.browser.map(token_hash).ok_or_else(code_burnt)?;
    // The newest few: a person who asked twice may type the code of either mail.
    let sql = format!(
        "SELECT {COLUMNS} FROM login_links WHERE browser_hash = $1 AND person_kind = $2 AND purpose = 'sign_in' AND used_at IS NULL \
         AND code_expires_at > $3 ORDER BY created_at DESC LIMIT 3 FOR UPDATE"
    );
    let links = cx.rows::<Link>(&sql, [browser.into(), kind.name().into(), cx.now().into()]).await?;
    let pepper = cx.caller().app.config.auth.pepper_bytes();
    let living: Vec<Link> = links.into_iter().filter(|l| l.code_lives(cx.now())).collect();
    if let Some(link) = living.iter().find(|l| l.code_is(&pepper, &code)) {
        return Ok(link.clone());
    }
    for link in &living {
        cx.execute("UPDATE login_links SET wrong_codes = wrong_codes + 1 WHERE id = $1", [link.id.into()]).await?;
    }
    // Perhaps nobody has the address at all: the words and the limit are the same for both, so the answer does not tell.
    cx.caller().app.limits.check(Limit::CodeAccount, &browser_key(proof))?;
    Err(Problem::invalid("code", "code_wrong", "These are not the six numbers from the newest mail. Look again, or ask for a new mail."))
}

fn browser_key(proof: &Proof<'_>) -> String {
    format!("browser {}", proof.browser.unwrap_or_default())
}

fn usable(cx: &Cx, link: Option<Link>) -> Result<Link> {
    let link = link.ok_or_else(link_unknown)?;
    if link.used_at.is_some() {
        return Err(Problem::gone("link_used", "This link was used already. Nothing is lost. We can send you a fresh one now."));
    }
    if link.expires_at <= cx.now() {
        return Err(Problem::gone("link_expired", "This link no longer works. Nothing is lost. We can send you a fresh one now."));
    }
    Ok(link)
}

fn link_unknown() -> Problem {
    Problem::gone("link_expired", "This link no longer works. Nothing is lost. We can send you a fresh one now.")
}

fn code_format() -> Problem {
    Problem::invalid("code", "code_format", "The code has six numbers. Look again in the mail.")
}

fn code_burnt() -> Problem {
    Problem::gone("code_burnt", "This code no longer works. Nothing is lost. Ask for a new mail.")
}

fn code_wrong(wrong: i32) -> Problem {
    match WRONG_CODES - wrong {
        left if left > 1 => {
            Problem::invalid("code", "code_wrong", format!("These are not the numbers from the mail. You have {left} tries left."))
        }
        1 => Problem::invalid("code", "code_wrong", "These are not the numbers from the mail. You have one try left."),
        _ => code_burnt(),
    }
}

async fn find(cx: &Cx, kind: PersonKind, email: &str) -> Result<Option<Found>> {
    Ok(match kind {
        PersonKind::Staff => team::ops::find_by_email(cx, email).await?.map(|p| Found::staff(p.id, p.name, p.email)),
        PersonKind::Customer => people::ops::find_by_email(cx, email).await?.map(|p| Found::customer(p.id, p.name, p.email)),
        PersonKind::Operator => operator::ops::find_by_email(cx, email).await?.map(|p| Found::operator(p.id, p.name, p.email)),
    })
}

async fn by_token(cx: &Cx, token: &str, lock: &str) -> Result<Option<Link>> {
    let sql = format!("SELECT {COLUMNS} FROM login_links WHERE token_hash = $1 {lock}");
    Ok(cx.row::<Link>(&sql, [token_hash(token).into()]).await?)
}
