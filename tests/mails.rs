//! What becomes of mails: refused, late, and never twice.

use chrono::Duration;
use tests::TestApp;

const CORA: &str = "cora@acme.example";

#[tokio::test]
async fn a_refused_mail_is_shown_on_the_customer() {
    let app = TestApp::start().await;
    let (ada, id) = (app.staff("ada").await, app.acme().house().customers["cora"]);
    app.mailbox.reject(CORA, 550).expect("a refusal");
    let queued = ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200).json();
    assert_eq!((queued["state"].as_str(), queued["mail"]["state"].as_str()), (Some("invited"), Some("queued")));
    app.run_jobs().await;
    let card = ada.get(format!("/api/v1/customers/{id}")).await.expect(200).json();
    assert_eq!(card["mail"]["state"], "failed");
    assert!(card["mail"]["detail"].as_str().is_some_and(|d| d.contains("550")), "{card}");
    app.mailbox.accept(CORA);
    ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    app.run_jobs().await;
    assert_eq!(ada.get(format!("/api/v1/customers/{id}")).await.expect(200).json()["mail"]["state"], "sent");
    assert_eq!(app.mails_to(CORA).len(), 1);
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again() {
    let app = TestApp::start().await;
    let (ada, id) = (app.staff("ada").await, app.acme().house().customers["cora"]);
    app.mailbox.pause();
    ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    app.run_jobs().await;
    let card = ada.get(format!("/api/v1/customers/{id}")).await.expect(200).json();
    assert_eq!(card["mail"]["state"], "queued", "{card}");
    assert!(!card["mail"]["detail"].is_null(), "{card}");
    app.mailbox.resume();
    app.clock.advance(Duration::minutes(2));
    app.run_jobs().await;
    let card = app.staff("ada").await.get(format!("/api/v1/customers/{id}")).await.expect(200).json();
    assert_eq!((card["mail"]["state"].as_str(), card["mail"]["detail"].is_null()), (Some("sent"), true), "{card}");
    assert_eq!(app.mails_to(CORA).len(), 1);
}

#[tokio::test]
async fn a_server_that_stays_away_is_given_up() {
    let app = TestApp::start().await;
    let (ada, id) = (app.staff("ada").await, app.acme().house().customers["cora"]);
    app.mailbox.reject(CORA, 451).expect("a refusal");
    ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    for _ in 0..10 {
        app.run_jobs().await;
        app.clock.advance(Duration::hours(2));
    }
    app.run_jobs().await;
    let card = app.staff("ada").await.get(format!("/api/v1/customers/{id}")).await.expect(200).json();
    assert_eq!(card["mail"]["state"], "failed", "{card}");
    assert_eq!(app.ask("SELECT state FROM platform.jobs WHERE kind = 'people.send_invitation' AND state <> 'done'").await, "failed");
}

#[tokio::test]
async fn mails_come_in_the_companys_name() {
    let app = TestApp::start().await;
    let (ada, id) = (app.staff("ada").await, app.acme().house().customers["cora"]);
    ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    ada.post(format!("/api/v1/customers/{id}/invitation")).await.expect(200);
    app.run_jobs().await;
    let mails = app.mails_to(CORA);
    assert_eq!(mails.len(), 1, "two invitations before the first is sent are one mail");
    assert!(mails[0].from.contains("acme"), "{}", mails[0].from);
    assert!(mails[0].html.as_deref().is_some_and(|h| h.contains("acme")) && !mails[0].text.is_empty());
    let elsewhere = |l: &&String| !l.starts_with("https://acme.plumbline.example/") && !l.starts_with("http://www.w3.org/");
    assert_eq!(mails[0].links.iter().find(elsewhere), None, "every address in it is the company's");
}
