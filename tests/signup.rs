//! Signing up: names, confirmation, and a saga that is resumed or taken down, never half done.

use chrono::Duration;
use embedded::postgres::Role;
use sqlx::Connection;
use tests::{Client, TestApp};

fn form<'a>(subdomain: &'a str, email: &'a str) -> [(&'static str, &'a str); 5] {
    [("company", "Sample Company"), ("subdomain", subdomain), ("name", "Sam Sample"), ("email", email), ("time_zone", "Europe/Berlin")]
}

/// Asks, and answers the path of the confirmation.
async fn ask(app: &TestApp, browser: &Client, subdomain: &str) -> String {
    let email = format!("owner@{subdomain}.example");
    browser.post("/signup").form(&form(subdomain, &email)).await.expect(200);
    app.run_jobs().await;
    let link = app.mail(&email).links.into_iter().find(|l| l.contains("/signup/confirm/")).expect("a link");
    link.split_once(".example").expect("a host").1.to_owned()
}

/// A company of its own: its owner signed in, and the path of its progress.
pub async fn company(app: &TestApp, subdomain: &str) -> (Client, String) {
    let browser = app.apex();
    let confirm = ask(app, &browser, subdomain).await;
    let progress = browser.post(&confirm).await.expect(303).header("location").to_owned();
    app.run_jobs().await;
    (enter(app, &browser, &progress, subdomain).await, progress)
}

async fn enter(app: &TestApp, browser: &Client, progress: &str, subdomain: &str) -> Client {
    let page = browser.get(progress).await.expect(200).text();
    let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let owner = app.visitor(subdomain);
    let entered = owner.post("/console/hand-over").form(&[("token", &token)]).origin(Some("https://plumbline.example")).await.expect(303);
    assert_eq!(entered.header("location"), "/console/");
    // The token is for one use.
    let again =
        app.visitor(subdomain).post("/console/hand-over").form(&[("token", &token)]).origin(Some("https://plumbline.example")).await;
    assert_eq!(again.expect(303).header("location"), "/console/sign-in");
    owner
}

async fn state(app: &TestApp, subdomain: &str) -> String {
    app.ask(&format!(
        "SELECT string_agg(state || ' ' || provision_step, ', ' ORDER BY id) FROM platform.tenants WHERE subdomain = '{subdomain}'"
    ))
    .await
}

#[tokio::test]
async fn names_that_will_not_do_are_said_beside_the_field() {
    let app = TestApp::start().await;
    let browser = app.apex();
    for name in
        ["", "ab", "www", "admin", "-lark", "lark-", "a--b", "xn--lark", "lärk", "lark.rise", "lark rise", "acme", "ACME", &"a".repeat(41)]
    {
        let page = browser.post("/signup").form(&form(name, "x@new.example")).await.expect(422).text();
        assert!(page.contains("Sample Company"), "what was typed stays: {name}");
    }
    for (field, value) in [("company", ""), ("name", ""), ("email", "no address"), ("time_zone", "Mars/Olympus")] {
        let mut fields = form("newname", "x@new.example");
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|f| f.1 = value);
        browser.post("/signup").form(&fields).await.expect(422);
    }
    assert_eq!(app.ask("SELECT count(*) FROM platform.signups WHERE confirmed_at IS NULL").await, "0");
    app.visitor("acme").post("/signup").form(&form("other", "x@new.example")).await.expect(404);
}

#[tokio::test]
async fn looking_confirms_nothing_and_the_button_works_once() {
    let app = TestApp::start().await;
    let browser = app.apex();
    let confirm = ask(&app, &browser, "larkrise").await;
    for _ in 0..3 {
        app.apex().get(&confirm).await.expect(200);
    }
    assert_eq!(state(&app, "larkrise").await, "");
    let progress = browser.post(&confirm).await.expect(303).header("location").to_owned();
    assert_eq!(browser.post(&confirm).await.expect(303).header("location"), progress, "twice is once");
    assert_eq!(state(&app, "larkrise").await, "provisioning registered");
    app.visitor("larkrise").get("/").await.expect(503);
    app.run_jobs().await;
    assert_eq!(state(&app, "larkrise").await, "active active");
    // Only the browser that confirmed is handed over.
    let stranger = app.apex().get(&progress).await.expect(200).text();
    assert!(stranger.split("name=\"token\" value=\"").nth(1).is_none_or(|rest| rest.starts_with('"')), "a token for a stranger");
    enter(&app, &browser, &progress, "larkrise").await.get("/api/v1/session").await.expect(200);
}

#[tokio::test]
async fn a_confirmation_ends_after_an_hour() {
    let app = TestApp::start().await;
    let browser = app.apex();
    let confirm = ask(&app, &browser, "larkrise").await;
    app.clock.advance(Duration::minutes(61));
    browser.get(&confirm).await.expect(410);
    browser.post(&confirm).await.expect(410);
    browser.get("/signup/confirm/none").await.expect(410);
    assert_eq!(state(&app, "larkrise").await, "");
}

#[tokio::test]
async fn two_for_one_name_the_first_to_confirm_has_it() {
    let app = TestApp::start().await;
    let (one, two) = (app.apex(), app.apex());
    let (first, second) = (ask(&app, &one, "larkrise").await, {
        two.post("/signup").form(&form("larkrise", "other@late.example")).await.expect(200);
        app.run_jobs().await;
        let link = app.mail("other@late.example").links.into_iter().find(|l| l.contains("/signup/confirm/")).expect("a link");
        link.split_once(".example").expect("a host").1.to_owned()
    });
    let (a, b) = tokio::join!(one.post(&first).into_future(), two.post(&second).into_future());
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    app.run_jobs().await;
    assert_eq!(state(&app, "larkrise").await, "active active");
}

#[tokio::test]
async fn a_step_that_fails_is_tried_again_from_there() {
    let app = TestApp::start().await;
    let browser = app.apex();
    let confirm = ask(&app, &browser, "larkrise").await;
    // The schema's step fails: the migration's status row cannot be written.
    app.execute("ALTER TABLE platform.tenant_migrations ADD CONSTRAINT none CHECK (false) NOT VALID").await;
    let progress = browser.post(&confirm).await.expect(303).header("location").to_owned();
    app.run_jobs().await;
    assert_eq!(state(&app, "larkrise").await, "provisioning key", "as far as it came");
    let key = app.ask("SELECT key_arn FROM platform.tenants WHERE subdomain = 'larkrise'").await;
    let waiting = browser.get(&progress).await.expect(200).text();
    assert!(!waiting.contains("hand-over"), "{waiting}");
    let operator = app.operator().await.get("/api/v1/operator/tenants?q=larkrise").await.expect(200).json();
    let shown = &operator["items"][0]["provision"];
    assert_eq!((shown["attempts"].as_i64(), shown["error"].is_null()), (Some(1), false), "{shown}");
    app.execute("ALTER TABLE platform.tenant_migrations DROP CONSTRAINT none").await;
    app.clock.advance(Duration::minutes(1));
    app.run_jobs().await;
    assert_eq!(state(&app, "larkrise").await, "active active");
    assert_eq!(app.ask("SELECT key_arn FROM platform.tenants WHERE subdomain = 'larkrise'").await, key, "the same key, not another");
    enter(&app, &browser, &progress, "larkrise").await.get("/api/v1/session").await.expect(200);
    assert_eq!(app.mails_to("owner@larkrise.example").len(), 1);
}

#[tokio::test]
async fn what_cannot_be_made_is_taken_down_and_its_name_is_free() {
    // The bucket is out of reach: key and schema are made, the probe never succeeds.
    let app = TestApp::with(|config| config.storage.endpoint = "http://127.0.0.1:9".into()).await;
    let browser = app.apex();
    let confirm = ask(&app, &browser, "larkrise").await;
    let progress = browser.post(&confirm).await.expect(303).header("location").to_owned();
    app.run_jobs().await;
    assert_eq!(state(&app, "larkrise").await, "provisioning schema");
    let schema = app.ask("SELECT schema FROM platform.tenants WHERE subdomain = 'larkrise'").await;
    let roles = format!("SELECT count(*) FROM pg_roles WHERE rolname LIKE '{schema}%'");
    assert_eq!(app.ask(&roles).await, "2");
    for _ in 0..6 {
        app.clock.advance(Duration::hours(2));
        app.run_jobs().await;
    }
    assert_eq!(state(&app, "larkrise").await, "failed schema");
    assert_eq!(app.ask(&roles).await, "0");
    assert_eq!(app.ask(&format!("SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'")).await, "0");
    assert!(browser.get(&progress).await.expect(200).text().contains("free again"));
    app.visitor("larkrise").get("/").await.expect(404);
    let log = app.operator().await.get("/api/v1/operator/audit?kind=tenant.failed").await.expect(200).json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    // Somebody else may have the name now.
    let again = ask(&app, &app.apex(), "larkrise").await;
    app.apex().get(&again).await.expect(200);
}

#[tokio::test]
async fn no_database_is_said_and_passes() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    ada.get("/api/v1/session").await.expect(200);
    // Every connection is cut: the next requests get fresh ones.
    for _ in 0..3 {
        let url = tests::shared().embedded.postgres.url(Role::App, &app.database);
        let mut login = sqlx::PgConnection::connect(&url).await.expect("a connection");
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user";
        let _ = sqlx::raw_sql(cut).execute(&mut login).await.expect("cut");
        ada.get("/api/v1/projects").await.expect(200);
        app.visitor("acme").get("/health/ready").await.expect(200);
    }
    let lost = TestApp::with(|config| {
        config.database.url = kernel::config::Secret::new("postgres://plumbline_app:x@127.0.0.1:9/none?sslmode=disable");
    })
    .await;
    let answer = lost.visitor("acme").get("/api/v1/session").await.expect(503);
    assert!(!answer.code().is_empty() && !answer.header("retry-after").is_empty(), "{}", answer.text());
    lost.visitor("acme").get("/health/ready").await.expect(503);
    lost.visitor("acme").get("/health/live").await.expect(200);
    let page = lost.visitor("acme").get("/sign-in").await.expect(503);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.text());
}
