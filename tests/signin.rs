//! Signing in by mail: scanners, other browsers, wrong codes, time, strangers, and everybody at once.

use embedded::mailbox::Mail;
use futures::future::join_all;
use serde_json::json;
use tests::{Answer, Client, TestApp};

const CORA: &str = "cora@acme.example";
const SCRIPTED: &str = "/api/v1/session/link/redemption";

/// The six digits of a sign-in mail.
pub fn code(mail: &Mail) -> String {
    let digits: String = mail.subject.chars().filter(|c| !c.is_whitespace()).take(6).collect();
    assert!(digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()), "the subject begins with the code: {}", mail.subject);
    digits
}

/// The path of the sign-in link.
fn link(mail: &Mail) -> String {
    let link = mail.links.iter().find(|l| l.contains("/sign-in/")).expect("a link in the mail");
    link.split_once(".plumbline.example").expect("on our host").1.to_owned()
}

async fn ask(app: &TestApp, browser: &Client, email: &str) -> Answer {
    let page = browser.post("/sign-in").form(&[("email", email)]).await.expect(200);
    app.run_jobs().await;
    page
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

#[tokio::test]
async fn a_link_signs_in_the_browser_that_asked_once() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    ask(&app, &browser, " Cora@Acme.example ").await;
    let link = link(&app.mail(CORA));
    // Scanners look at links, and some post nothing but follow everything.
    for _ in 0..3 {
        app.visitor("acme").get(&link).await.expect(200);
        app.visitor("acme").head(&link).await;
    }
    assert_eq!(app.ask(&format!("SELECT count(*) FROM {}.sessions WHERE person_kind = 'customer'", app.acme().house().schema)).await, "0");
    let page = browser.get(&link).await.expect(200).text();
    assert!(!page.contains("name=\"code\""), "the browser that asked needs no code");
    let entered = browser.post(&link).form(&[]).await.expect(303);
    assert_eq!(entered.header("location"), "/");
    let cookie = entered.set_cookie("__Host-pl-customer").expect("a session");
    for part in ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Domain"), "ends with the browser, on this host only: {cookie}");
    browser.get("/").await.expect(200);
    browser.post(&link).form(&[]).await.expect(410);
    app.visitor("acme").get(&link).await.expect(410);
}

#[tokio::test]
async fn another_browser_types_the_code() {
    let app = TestApp::start().await;
    ask(&app, &app.visitor("acme"), CORA).await;
    let mail = app.mail(CORA);
    let (other, link, code) = (app.visitor("acme"), link(&mail), code(&mail));
    assert!(other.get(&link).await.expect(200).text().contains("name=\"code\""));
    other.post(&link).form(&[]).await.expect(422);
    other.post(&link).form(&[("code", "12")]).await.expect(422);
    other.post(&link).form(&[("code", &wrong(&code))]).await.expect(422);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    other.post(&link).form(&[("code", &spaced), ("trust_device", "on")]).await.expect(303);
    other.get("/").await.expect(200);
    let kept = app.ask(&format!("SELECT trusted FROM {}.sessions WHERE person_kind = 'customer'", app.acme().house().schema)).await;
    assert_eq!(kept, "true");
}

#[tokio::test]
async fn five_wrong_codes_burn_it() {
    let app = TestApp::start().await;
    let asking = app.visitor("acme");
    asking.post("/api/v1/session/link").json(json!({ "email": "mel@acme.example" })).await.expect(202);
    app.run_jobs().await;
    let mail = app.mail("mel@acme.example");
    let (code, token) = (code(&mail), link(&mail).rsplit('/').next().expect("a token").to_owned());
    let other = app.visitor("acme");
    other.post(SCRIPTED).json(json!({ "token": token })).await.expect_problem(409, "code_required");
    for _ in 0..4 {
        other.post(SCRIPTED).json(json!({ "token": token, "code": wrong(&code) })).await.expect_problem(422, "code_wrong");
    }
    other.post(SCRIPTED).json(json!({ "token": token, "code": wrong(&code) })).await.expect_problem(410, "code_burnt");
    other.post(SCRIPTED).json(json!({ "token": token, "code": code })).await.expect_problem(410, "code_burnt");
    // The code alone is burnt as well; the button in the browser that asked is not.
    asking.post("/api/v1/session/code").json(json!({ "code": code })).await.expect(422);
    asking.post(SCRIPTED).json(json!({ "token": token })).await.expect(200);
}

#[tokio::test]
async fn wrong_codes_without_the_link_burn_it_too() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    ask(&app, &browser, CORA).await;
    let code = code(&app.mail(CORA));
    for _ in 0..5 {
        browser.post("/sign-in/code").form(&[("code", &wrong(&code)), ("email", CORA)]).await.expect(422);
    }
    browser.post("/sign-in/code").form(&[("code", &code), ("email", CORA)]).await.expect(422);
    // A new mail is a new code.
    ask(&app, &browser, CORA).await;
    let fresh = crate::signin::code(&app.mail(CORA));
    browser.post("/sign-in/code").form(&[("code", &fresh), ("email", CORA)]).await.expect(303);
}

#[tokio::test]
async fn a_code_lives_ten_minutes_and_a_link_fifteen() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    ask(&app, &browser, CORA).await;
    let mail = app.mail(CORA);
    let (link, code) = (link(&mail), code(&mail));
    app.clock.advance(chrono::Duration::minutes(9));
    let other = app.visitor("acme");
    assert!(other.get(&link).await.expect(200).text().contains("name=\"code\""));
    app.clock.advance(chrono::Duration::seconds(61));
    browser.post("/sign-in/code").form(&[("code", &code), ("email", CORA)]).await.expect(422);
    other.post(&link).form(&[("code", &code)]).await.expect(410);
    browser.get(&link).await.expect(200);
    app.clock.advance(chrono::Duration::minutes(5));
    browser.get(&link).await.expect(410);
    browser.post(&link).form(&[]).await.expect(410);
    browser.get("/").await.expect(303);
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer() {
    let app = TestApp::start().await;
    let (known, unknown) = (app.visitor("acme"), app.visitor("acme"));
    let yes = known.post("/sign-in").form(&[("email", CORA)]).await.expect(200);
    let no = unknown.post("/sign-in").form(&[("email", "nora@acme.example")]).await.expect(200);
    let plain = |a: &Answer| a.text().replace("nora@", "cora@").replace(a.header("x-request-id"), "");
    assert_eq!(plain(&yes), plain(&no));
    let names = |a: &Answer| a.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&yes), names(&no));
    app.run_jobs().await;
    assert_eq!(app.mails_to(CORA).len(), 1);
    assert_eq!(app.mails_to("nora@acme.example").len(), 0, "nobody is told");
    // A customer is no staff, staff no customer, and nobody is known elsewhere.
    app.visitor("acme").post("/api/v1/session/link").json(json!({ "email": CORA })).await.expect(202);
    app.visitor("acme").post("/sign-in").form(&[("email", "ada@acme.example")]).await.expect(200);
    app.visitor("globex").post("/sign-in").form(&[("email", CORA)]).await.expect(200);
    app.run_jobs().await;
    assert_eq!((app.mails_to(CORA).len(), app.mails_to("ada@acme.example").len()), (1, 0));
    let mut wrongs = Vec::new();
    for browser in [&known, &unknown] {
        let code = wrong(&code(&app.mail(CORA)));
        wrongs.push(browser.post("/sign-in/code").form(&[("code", &code), ("email", "x@acme.example")]).await.expect(422));
    }
    assert_eq!(plain(&wrongs[0]), plain(&wrongs[1]), "the next step does not tell either");
}

#[tokio::test]
async fn many_redemptions_at_once_make_one_session() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    ask(&app, &browser, CORA).await;
    let link = link(&app.mail(CORA));
    let answers = join_all((0..20).map(|_| {
        // Each with the cookie of the browser that asked, and a jar of its own.
        browser.at(&browser.host).post(&link).form(&[]).into_future()
    }))
    .await;
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1], statuses[19]), (303, 410, 410), "{statuses:?}");
    let sessions = app.ask(&format!("SELECT count(*) FROM {}.sessions WHERE person_kind = 'customer'", app.acme().house().schema)).await;
    assert_eq!(sessions, "1");
}

#[tokio::test]
async fn nothing_that_signs_in_is_kept() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    ask(&app, &browser, CORA).await;
    let mail = app.mail(CORA);
    let (token, code) = (link(&mail).rsplit('/').next().expect("a token").to_owned(), code(&mail));
    browser.post("/sign-in/code").form(&[("code", &code), ("email", CORA)]).await.expect(303);
    let session = browser.cookie("__Host-pl-customer").expect("a session");
    let nonce = browser.cookie("__Host-pl-browser").expect("a nonce");
    let schema = &app.acme().house().schema;
    for table in ["login_links", "sessions", "mails", "events"] {
        let text = app.ask(&format!("SELECT string_agg(t::text, '') FROM {schema}.{table} t")).await;
        for secret in [&token, &session, &nonce, &code, &format!("{} {}", &code[..3], &code[3..])] {
            let hex = data_encoding::HEXLOWER.encode(secret.as_bytes());
            assert!(!text.contains(secret.as_str()) && !text.contains(&hex), "{secret} stands in {table}: {text}");
        }
    }
    let queue = app.ask("SELECT string_agg(payload::text, '') FROM platform.jobs").await;
    assert!(!queue.contains(&token) && !queue.contains(&nonce) && !queue.contains(&code), "{queue}");
}

#[tokio::test]
async fn too_many_tries_have_to_wait() {
    let usual = kernel::config::Config::default().limits;
    let app = TestApp::with(|config| config.limits = usual).await;
    let browser = app.visitor("acme");
    for _ in 0..5 {
        browser.post("/sign-in").form(&[("email", CORA)]).await.expect(200);
    }
    let refused = browser.post("/sign-in").form(&[("email", CORA)]).await.expect(429);
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=180).contains(&wait), "{wait}");
    let stranger = app.visitor("acme");
    for n in 0..4 {
        stranger.post("/sign-in").form(&[("email", &format!("n{n}@acme.example"))]).await.expect(200);
    }
    let refused = stranger.post("/api/v1/session/link").json(json!({ "email": "last@acme.example" })).await.expect_problem(429, "too_many");
    assert!(!refused.header("retry-after").is_empty());
    app.clock.advance(chrono::Duration::minutes(4));
    browser.post("/sign-in").form(&[("email", CORA)]).await.expect(200);
    app.run_jobs().await;
}

#[tokio::test]
async fn who_has_lost_access_does_not_come_in() {
    let app = TestApp::start().await;
    let mel = app.visitor("acme");
    mel.post("/api/v1/session/link").json(json!({ "email": "mel@acme.example" })).await.expect(202);
    app.run_jobs().await;
    let code = code(&app.mail("mel@acme.example"));
    let id = app.acme().house().staff["mel"];
    app.staff("ada").await.post(format!("/api/v1/team/{id}/deactivation")).await.expect(200);
    mel.post("/api/v1/session/code").json(json!({ "code": code })).await.expect(410);
    mel.post("/api/v1/session/link").json(json!({ "email": "mel@acme.example" })).await.expect(202);
    app.run_jobs().await;
    assert_eq!(app.mails_to("mel@acme.example").len(), 1, "no second mail");
}

#[tokio::test]
async fn an_invitation_is_no_key() {
    let app = TestApp::start().await;
    let id = app.acme().house().customers["cora"];
    app.staff("ada").await.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    app.run_jobs().await;
    let mail = app.mail(CORA);
    let path = mail.links.iter().find(|l| l.contains("/invitation/")).expect("a link").split_once(".example").expect("a host").1.to_owned();
    let anybody = app.visitor("acme");
    let page = anybody.get(&path).await.expect(200).text();
    assert!(!page.contains(CORA), "whoever has the address does not learn the mail address: {page}");
    let sent = anybody.post(&path).await.expect(200).text();
    assert!(!sent.contains(CORA));
    anybody.get("/").await.expect(303);
    app.run_jobs().await;
    assert_eq!(app.mails_to(CORA).len(), 2);
    app.visitor("globex").get(&path).await.expect(410);
}
