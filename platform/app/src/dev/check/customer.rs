//! The customer's part: invitation, sign-in that scanners cannot spoil, the portal, the file.

use super::{
    browser::{Answer, Browser},
    company::Company,
    stage::{COLOR, COMPANY, CONTRACT, CUSTOMER, DESK, NOTES, PHONE, PHONE_BROWSER, PROJECT, Payload, SCANNER, Stage, code, link, sha256},
    walk::{Stopped, Walk},
};
use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use reqwest::Method;

const SESSION: &str = "__Host-pl-customer";

/// From the invitation to the signed-out page.
pub(super) async fn walk(walk: &mut Walk, stage: &Stage<'_>, company: &mut Company, payload: &Payload) -> Result<(), Stopped> {
    let mut phone = stage.browser(PHONE_BROWSER);
    let invitation = walk.step("invitation, in the company's brand", invite(stage, company)).await?;
    let page = walk.step("invitation page", open_invitation(&mut phone, &invitation)).await?;
    let (link, code) = walk.step("sign-in mail", ask(stage, &mut phone, &page)).await?;
    walk.step("a mail scanner opens the link, twice: nobody is signed in", scan(stage, &link)).await?;
    walk.step("another browser without the code: nobody is signed in", stranger(stage, &link)).await?;
    walk.step("the asking browser presses the button: signed in", press(stage, &mut phone, &link)).await?;
    walk.step("the link and its code work once", used(stage, &link, &code)).await?;
    let papers = walk.step("portal: the project and its answer", home(stage, &mut phone, company)).await?;
    let file = walk.step("portal: the documents, without the internal one", documents(&mut phone, &papers, company)).await?;
    walk.step("download: 50 MB, every byte compared", download(&mut phone, &file, payload)).await?;
    walk.step("download: a range, compared", range(&mut phone, &file, payload)).await?;
    walk.step("the internal document is not found, in the company's brand", hidden(stage, &mut phone, company)).await?;
    walk.step("devices", devices(stage, &mut phone)).await?;
    walk.step("signed out", sign_out(stage, &mut phone)).await
}

async fn invite(stage: &Stage<'_>, company: &mut Company) -> Result<String> {
    let path = stage.api(&format!("/customers/{}/invitation", company.customer));
    company.owner.call(Method::POST, &path, None).await?.expect(200)?;
    let mail = stage.mail(CUSTOMER, 1).await?;
    let html = mail.html.clone().unwrap_or_default();
    for (part, inside) in [
        ("the sender's name", mail.from.contains(COMPANY)),
        ("the company in the subject", mail.subject.contains(COMPANY)),
        ("the colour", html.to_lowercase().contains(COLOR)),
        ("the phone number", mail.text.contains(PHONE)),
        ("the welcome", mail.text.contains("Everything about your roof")),
    ] {
        ensure!(inside, "the invitation mail has not {part}: from {:?}, subject {:?}, text:\n{}", mail.from, mail.subject, mail.text);
    }
    link(&mail, "/invitation/")
}

async fn open_invitation(phone: &mut Browser, invitation: &str) -> Result<Answer> {
    phone.get(invitation).await?.expect(200)?.expect_text("Margaret")
}

/// The link and the six numbers of the mail.
async fn ask(stage: &Stage<'_>, phone: &mut Browser, page: &Answer) -> Result<(String, String)> {
    let form = page.form("/invitation/")?;
    let sent = phone.submit(page, &form).await?.expect(200)?;
    sent.form("/sign-in/code")?;
    let mail = stage.mail(CUSTOMER, 2).await?;
    Ok((link(&mail, "/sign-in/")?, code(&mail)?))
}

async fn scan(stage: &Stage<'_>, link: &str) -> Result<()> {
    let mut scanner = stage.browser(SCANNER);
    scanner.head(link).await?.expect(200)?;
    for _ in 0..2 {
        let page = scanner.get(link).await?.expect(200)?;
        ensure!(page.form("/sign-in/")?.value("code").is_some(), "another browser is not asked for the code");
    }
    ensure!(!scanner.has_cookie(SESSION), "a scanner got a session");
    Ok(())
}

async fn stranger(stage: &Stage<'_>, link: &str) -> Result<()> {
    let mut browser = stage.browser(DESK);
    let page = browser.get(link).await?.expect(200)?;
    let form = page.form("/sign-in/")?;
    browser.submit(&page, &form).await?.expect(422)?;
    ensure!(!browser.has_cookie(SESSION), "a browser without the code got a session");
    browser.get(&stage.home("/")).await?.expect_redirect("/sign-in")?;
    Ok(())
}

async fn press(stage: &Stage<'_>, phone: &mut Browser, link: &str) -> Result<()> {
    let page = phone.get(link).await?.expect(200)?;
    let form = page.form("/sign-in/")?;
    ensure!(form.value("code").is_none(), "the asking browser is asked for the code");
    let home = phone.submit(&page, &form).await?.expect_redirect("/")?;
    ensure!(home.as_str() == stage.home("/"), "expected to be sent home, not to {home}");
    ensure!(phone.has_cookie(SESSION), "no session was set");
    Ok(())
}

async fn used(stage: &Stage<'_>, link: &str, code: &str) -> Result<()> {
    let mut browser = stage.browser(DESK);
    let page = browser.get(link).await?.expect(410)?;
    let mut form = page.form("/text-size").context("the page of a used link")?;
    form.action = link.parse()?;
    let answer = browser.submit(&page, &form.with("code", code)).await?;
    ensure!(answer.status == 410 && !browser.has_cookie(SESSION), "{}: a used link was answered with {}", answer.url, answer.status);
    Ok(())
}

async fn home(stage: &Stage<'_>, phone: &mut Browser, company: &Company) -> Result<String> {
    let page = phone.get(&stage.home("/")).await?.expect(200)?.expect_text(PROJECT)?.expect_text("under way")?;
    let papers = page.link(&format!("/projects/{}/documents", company.project))?;
    phone.get(&stage.home(&format!("/projects/{}", company.project))).await?.expect(200)?.expect_text(PROJECT)?;
    Ok(papers)
}

async fn documents(phone: &mut Browser, papers: &str, company: &Company) -> Result<String> {
    let page = phone.get(papers).await?.expect(200)?.expect_text(CONTRACT)?;
    ensure!(!page.text().contains(NOTES), "the internal document stands on the customer's page");
    page.link(&format!("/documents/{}/versions/1/file", company.contract))
}

async fn download(phone: &mut Browser, file: &str, payload: &Payload) -> Result<()> {
    let response = phone.open(file, &[]).await?;
    if response.status() != 200 {
        bail!(Answer::read(response).await?.expect(200).err().context("an answer of two minds")?);
    }
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    ensure!(header("content-disposition").starts_with("attachment"), "not sent as an attachment: {}", header("content-disposition"));
    ensure!(
        header("content-length") == payload.bytes.len().to_string(),
        "expected {} bytes, said {}",
        payload.bytes.len(),
        header("content-length")
    );
    ensure!(header("content-type") == "application/pdf", "expected a PDF, said {}", header("content-type"));
    let (mut stream, mut at, mut all) = (response.bytes_stream(), 0, Vec::with_capacity(payload.bytes.len()));
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.with_context(|| format!("the download broke off after {at} bytes"))?;
        let same = payload.bytes.get(at..at + chunk.len()) == Some(&chunk[..]);
        ensure!(same, "the bytes from {at} on are others than those that were uploaded");
        at += chunk.len();
        all.extend_from_slice(&chunk);
    }
    ensure!(at == payload.bytes.len() && sha256(&all) == payload.sha256, "{at} bytes came, expected {}", payload.bytes.len());
    Ok(())
}

async fn range(phone: &mut Browser, file: &str, payload: &Payload) -> Result<()> {
    let size = payload.bytes.len();
    for (asked, first, end) in
        [("bytes=65530-65545", 65_530, 65_546), ("bytes=31234567-32345678", 31_234_567, 32_345_679), ("bytes=-1000", size - 1000, size)]
    {
        let response = phone.open(file, &[("range", asked.to_owned())]).await?;
        let answer = Answer::read(response).await?.expect(206)?;
        let said = format!("bytes {first}-{}/{size}", end - 1);
        ensure!(answer.header("content-range") == said, "expected {said}, got {}", answer.header("content-range"));
        ensure!(answer.body[..] == payload.bytes[first..end], "{asked}: others than the uploaded bytes");
    }
    let response = phone.open(file, &[("range", format!("bytes={size}-"))]).await?;
    Answer::read(response).await?.expect(416).context("a range behind the end")?;
    Ok(())
}

async fn hidden(stage: &Stage<'_>, phone: &mut Browser, company: &Company) -> Result<()> {
    let page = phone.get(&stage.home(&format!("/documents/{}/versions/1/file", company.notes))).await?.expect(404)?;
    let reference = page.header("x-request-id");
    ensure!(!reference.is_empty(), "the answer has no reference");
    page.expect_text(COMPANY)?.expect_text(&reference)?;
    // A customer's session is none of the API's.
    phone.call(Method::GET, &stage.api(&format!("/documents/{}", company.notes)), None).await?.expect_problem(401, "signed_out")?;
    Ok(())
}

async fn devices(stage: &Stage<'_>, phone: &mut Browser) -> Result<()> {
    phone.get(&stage.home("/devices")).await?.expect(200)?.expect_text("Safari on iPhone")?.expect_text("This device")?;
    Ok(())
}

async fn sign_out(stage: &Stage<'_>, phone: &mut Browser) -> Result<()> {
    let page = phone.get(&stage.home("/devices")).await?.expect(200)?;
    let form = page.form("/sign-out")?;
    phone.submit(&page, &form).await?.expect_redirect("/sign-in")?;
    ensure!(!phone.has_cookie(SESSION), "the session's cookie stays");
    phone.get(&stage.home("/devices")).await?.expect_redirect("/sign-in")?;
    Ok(())
}
