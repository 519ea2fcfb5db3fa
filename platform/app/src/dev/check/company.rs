//! The contractor's part: signup, confirmation, the new host, and the first rows.

use super::{
    browser::{Answer, Browser, Form},
    stage::{COLOR, COMPANY, CONTRACT, CUSTOMER, DESK, MATE, NOTES, OWNER, PHONE, PROJECT, Payload, SUBDOMAIN, Stage, code, link},
    walk::{Stopped, Walk},
};
use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const READY_PATIENCE: Duration = Duration::from_secs(60);

/// The owner, signed in, and what they made.
pub(super) struct Company {
    pub owner: Browser,
    pub customer: String,
    pub project: String,
    /// Client-visible.
    pub contract: String,
    /// Internal.
    pub notes: String,
}

/// From the signup page to a ready document.
pub(super) async fn walk(walk: &mut Walk, stage: &Stage<'_>, payload: &Payload) -> Result<Company, Stopped> {
    let mut owner = stage.browser(DESK);
    let (page, form) = walk.step("signup page", signup_page(stage, &mut owner)).await?;
    walk.step("a reserved name is refused beside its field", reserved(&mut owner, &page, &form)).await?;
    walk.step("signup", signup(&mut owner, &page, &form)).await?;
    let confirm = walk.step("confirmation mail", confirmation(stage)).await?;
    let page = walk.step("looking at the confirmation does nothing", look(stage, &mut owner, &confirm)).await?;
    let progress = walk.step("confirmation", confirm_it(&mut owner, &page)).await?;
    let ready = walk.step("the portal is made: key, schema, sealed probe, first rows", wait(&mut owner, &progress)).await?;
    walk.step("hand-over to the new host, console", hand_over(stage, &mut owner, &ready)).await?;
    walk.step("branding", branding(stage, &mut owner)).await?;
    let (customer, project) = walk.step("household, customer and project", rows(stage, &mut owner)).await?;
    walk.step("a team mate is invited and signs in by code", team_mate(stage, &mut owner)).await?;
    walk.step("bad input is a problem with a code", bad_input(stage, &mut owner)).await?;
    let contract =
        walk.step("a document is announced", announce(stage, &mut owner, &project, CONTRACT, "client", payload.bytes.len())).await?;
    walk.step("50 MB are uploaded, sealed and hashed", upload(stage, &mut owner, &contract, payload)).await?;
    let notes = walk.step("an internal document", internal(stage, &mut owner, &project)).await?;
    Ok(Company { owner, customer, project, contract, notes })
}

async fn signup_page(stage: &Stage<'_>, owner: &mut Browser) -> Result<(Answer, Form)> {
    let page = owner.get(&stage.apex("/")).await?.expect(200)?;
    let style = page.link("/assets/portal.css")?;
    owner.get(&style).await?.expect(200).context("the style sheet of the pages; is it built?")?;
    let form = page.form("/signup")?;
    let form = form.fill("company", COMPANY)?.fill("subdomain", SUBDOMAIN)?.fill("name", "Dana Whitlock")?;
    let form = form.fill("email", OWNER)?.fill("time_zone", "America/Chicago")?;
    Ok((page, form))
}

async fn reserved(owner: &mut Browser, page: &Answer, form: &Form) -> Result<()> {
    let again = owner.submit(page, &form.clone().fill("subdomain", "www")?).await?.expect(422)?.expect_text("reserved")?;
    let kept = again.form("/signup")?.value("company").map(str::to_owned);
    ensure!(kept.as_deref() == Some(COMPANY), "what was typed is lost: the company is {kept:?}");
    Ok(())
}

async fn signup(owner: &mut Browser, page: &Answer, form: &Form) -> Result<()> {
    owner.submit(page, form).await?.expect(200)?.expect_text(OWNER)?;
    Ok(())
}

async fn confirmation(stage: &Stage<'_>) -> Result<String> {
    let mail = stage.mail(OWNER, 1).await?;
    ensure!(mail.subject.contains(COMPANY), "the subject does not name the company: {:?}", mail.subject);
    link(&mail, "/signup/confirm/")
}

async fn look(stage: &Stage<'_>, owner: &mut Browser, confirm: &str) -> Result<Answer> {
    owner.head(confirm).await?.expect(200)?;
    owner.get(confirm).await?.expect(200)?;
    let page = owner.get(confirm).await?.expect(200)?.expect_text(COMPANY)?;
    owner.get(&stage.home("/sign-in")).await?.expect(404).context("the company's host before the confirmation")?;
    Ok(page)
}

async fn confirm_it(owner: &mut Browser, page: &Answer) -> Result<String> {
    let form = page.form("/signup/confirm/")?;
    Ok(owner.submit(page, &form).await?.expect_redirect("/signup/progress/")?.into())
}

async fn wait(owner: &mut Browser, progress: &str) -> Result<Answer> {
    let deadline = tokio::time::Instant::now() + READY_PATIENCE;
    loop {
        let page = owner.get(progress).await?.expect(200)?;
        if page.form("/console/hand-over").is_ok() {
            return Ok(page);
        }
        if page.text().contains("This did not work") {
            bail!("the portal could not be made; the log and the operators' page tell why");
        }
        if tokio::time::Instant::now() > deadline {
            bail!("the portal was not ready within {} s", READY_PATIENCE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn hand_over(stage: &Stage<'_>, owner: &mut Browser, ready: &Answer) -> Result<()> {
    let form = ready.form("/console/hand-over")?;
    ensure!(form.value("token").is_some_and(|t| !t.is_empty()), "the browser that confirmed gets no token");
    let console = owner.submit(ready, &form).await?.expect_redirect("/console/")?;
    ensure!(owner.has_cookie("__Host-pl-staff"), "no session of staff was set");
    owner.get(console.as_str()).await?.expect(200).context("the console's page; is it built?")?.expect_text("<script")?;
    let session = owner.call(Method::GET, &stage.api("/session"), None).await?.expect(200)?.json()?;
    ensure!(session["person"]["role"] == "owner", "expected the owner to be signed in, got {}", session["person"]);
    let again = stage.browser(DESK).submit(ready, &form).await?;
    again.expect_redirect("/console/sign-in").context("the hand-over token a second time")?;
    Ok(())
}

async fn branding(stage: &Stage<'_>, owner: &mut Browser) -> Result<()> {
    let brand = json!({
        "name": COMPANY, "tagline": "Roofs that stay dry", "color": COLOR, "font": "archivo", "phone": PHONE, "hours": "Mon to Fri, 8 to 5",
        "welcome": "Everything about your roof is here.", "signature": "Dana and the crew",
    });
    let saved = owner.call(Method::PUT, &stage.api("/branding"), Some(&brand)).await?.expect(200)?.json()?;
    ensure!(saved["color"] == COLOR, "the colour was saved as {}", saved["color"]);
    owner.get(&stage.home("/sign-in")).await?.expect(200)?.expect_text(PHONE)?;
    Ok(())
}

async fn rows(stage: &Stage<'_>, owner: &mut Browser) -> Result<(String, String)> {
    let address = "14 Quillfeather Lane, Sampleton";
    let customer = json!({ "name": "Margaret Ellery", "email": CUSTOMER, "phone": "(555) 010-0117" });
    let customer = id(&post(stage, owner, "/customers", &customer).await?)?;
    let members = json!([{ "customer_id": customer, "role": "signer" }]);
    let household = json!({ "name": "The Ellerys", "address": address, "members": members });
    let household = id(&post(stage, owner, "/households", &household).await?)?;
    let project = json!({ "name": PROJECT, "household_id": household, "address": address, "status": "active" });
    let project = id(&post(stage, owner, "/projects", &project).await?)?;
    Ok((customer, project))
}

async fn team_mate(stage: &Stage<'_>, owner: &mut Browser) -> Result<()> {
    let invited = json!({ "email": MATE, "name": "Joss Varga", "role": "member" });
    post(stage, owner, "/team", &invited).await?;
    let mail = stage.mail(MATE, 1).await?;
    ensure!(
        mail.from.contains(COMPANY) && mail.text.contains("Dana Whitlock"),
        "not in the company's or the inviter's name: {}",
        mail.text
    );
    let mut mate = stage.browser(DESK);
    mate.get(&link(&mail, "/console/")?).await?.expect(200)?;
    mate.call(Method::POST, &stage.api("/session/link"), Some(&json!({ "email": MATE }))).await?.expect(202)?;
    let code = code(&stage.mail(MATE, 2).await?)?;
    let proof = json!({ "code": code, "trust_device": false });
    stage.browser(DESK).call(Method::POST, &stage.api("/session/code"), Some(&proof)).await?.expect(410).context("in another browser")?;
    let session = mate.call(Method::POST, &stage.api("/session/code"), Some(&proof)).await?.expect(200)?.json()?;
    ensure!(session["person"]["role"] == "member", "expected a member to be signed in, got {}", session["person"]);
    mate.call(Method::GET, &stage.api("/audit"), None).await?.expect_problem(403, "not_allowed").context("a member's look at the log")?;
    Ok(())
}

async fn bad_input(stage: &Stage<'_>, owner: &mut Browser) -> Result<()> {
    let stranger = stage.api("/projects/01985b2e-0000-7000-8000-000000000000");
    owner.call(Method::GET, &stranger, None).await?.expect_problem(404, "not_found")?;
    let twice = json!({ "name": "Tom Ellery", "email": CUSTOMER, "phone": null });
    owner.call(Method::POST, &stage.api("/customers"), Some(&twice)).await?.expect_problem(422, "email_taken")?;
    stage.browser(DESK).call(Method::GET, &stage.api("/projects"), None).await?.expect_problem(401, "signed_out")?;
    owner.get(&stage.host("nobody", "/")).await?.expect(404).context("a host that nobody has")?;
    Ok(())
}

async fn announce(stage: &Stage<'_>, owner: &mut Browser, project: &str, title: &str, visibility: &str, bytes: usize) -> Result<String> {
    let (kind, file) = if visibility == "client" { ("contract", "roof-contract.pdf") } else { ("other", "margin.txt") };
    let media_type = if visibility == "client" { "application/pdf" } else { "text/plain" };
    let new =
        json!({ "title": title, "kind": kind, "visibility": visibility, "file_name": file, "media_type": media_type, "bytes": bytes });
    let document = post(stage, owner, &format!("/projects/{project}/documents"), &new).await?;
    ensure!(document["versions"][0]["state"] == "uploading", "expected a version that waits, got {}", document["versions"]);
    id(&document)
}

async fn upload(stage: &Stage<'_>, owner: &mut Browser, document: &str, payload: &Payload) -> Result<()> {
    let url = stage.api(&format!("/documents/{document}/versions/1/content"));
    let view = owner.put(&url, payload.bytes.len(), payload.stream()).await?.expect(200)?.json()?;
    let version = &view["versions"][0];
    ensure!(version["state"] == "ready", "expected a version that is ready, got {version}");
    ensure!(version["sha256"] == payload.sha256, "expected the hash {}, got {}", payload.sha256, version["sha256"]);
    let again = owner.put(&url, 1, "x".into()).await?;
    again.expect_problem(409, "version_ready").context("the same version a second time")?;
    Ok(())
}

async fn internal(stage: &Stage<'_>, owner: &mut Browser, project: &str) -> Result<String> {
    let text = "What we earn with this roof.";
    let document = announce(stage, owner, project, NOTES, "internal", text.len()).await?;
    let url = stage.api(&format!("/documents/{document}/versions/1/content"));
    owner.put(&url, text.len(), text.into()).await?.expect(200)?;
    Ok(document)
}

async fn post(stage: &Stage<'_>, owner: &mut Browser, path: &str, body: &Value) -> Result<Value> {
    owner.call(Method::POST, &stage.api(path), Some(body)).await?.expect(200)?.json()
}

fn id(view: &Value) -> Result<String> {
    Ok(view["id"].as_str().with_context(|| format!("no id in {view}"))?.to_owned())
}
