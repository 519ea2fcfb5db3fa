//! The rules of the team: owners, the last of them, and who may touch whom.

use futures::future::join;
use serde_json::json;
use tests::TestApp;

#[tokio::test]
async fn the_last_owner_stays() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let (owner, manager) = (house.staff["ada"], house.staff["mo"]);
    let member = json!({ "role": "member" });
    // Nobody changes their own role or closes their own account.
    let refused = ada.patch(format!("/api/v1/team/{owner}")).json(member.clone()).await;
    assert!(matches!(refused.status, 403 | 409), "{}", refused.text());
    let refused = ada.post(format!("/api/v1/team/{owner}/deactivation")).await;
    assert!(matches!(refused.status, 403 | 409), "{}", refused.text());
    // With a second owner, one of the two can go, never both.
    ada.patch(format!("/api/v1/team/{manager}")).json(json!({ "role": "owner" })).await.expect(200);
    let mo = app.staff("mo").await;
    let one = ada.patch(format!("/api/v1/team/{manager}")).json(member.clone()).into_future();
    let two = mo.patch(format!("/api/v1/team/{owner}")).json(member).into_future();
    let (one, two) = join(one, two).await;
    let owners = app.ask(&format!("SELECT count(*) FROM {}.staff WHERE role = 'owner'", house.schema)).await;
    assert_eq!(owners, "1", "{} {}", one.text(), two.text());
}

#[tokio::test]
async fn managers_do_not_touch_owners() {
    let app = TestApp::start().await;
    let (mo, house) = (app.staff("mo").await, app.acme().house());
    let (owner, member) = (house.staff["ada"], house.staff["mel"]);
    mo.patch(format!("/api/v1/team/{owner}")).json(json!({ "name": "Other" })).await.expect_problem(403, "owners_only");
    mo.post(format!("/api/v1/team/{owner}/deactivation")).await.expect_problem(403, "owners_only");
    mo.patch(format!("/api/v1/team/{member}")).json(json!({ "role": "owner" })).await.expect_problem(403, "owners_only");
    let new = json!({ "email": "new@acme.example", "name": "New", "role": "owner" });
    mo.post("/api/v1/team").json(new).await.expect_problem(403, "owners_only");
    mo.patch(format!("/api/v1/team/{member}")).json(json!({ "role": "manager" })).await.expect(200);
    // A role takes effect with the next request, not with the next sign-in.
    app.staff("mel").await.get("/api/v1/audit").await.expect(200);
}

#[tokio::test]
async fn invited_then_active_then_closed() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let new = json!({ "email": " New@Acme.example ", "name": "  Nina   Sample ", "role": "member" });
    let nina = ada.post("/api/v1/team").json(new.clone()).await.expect(200).json();
    assert_eq!(
        (nina["state"].as_str(), nina["email"].as_str(), nina["name"].as_str()),
        (Some("invited"), Some("new@acme.example"), Some("Nina Sample"))
    );
    ada.post("/api/v1/team").json(new).await.expect_problem(422, "email_taken");
    app.run_jobs().await;
    let mail = app.mail("new@acme.example");
    assert!(mail.text.contains("Ada") && mail.links.iter().any(|l| l.contains("/console/sign-in")), "{}", mail.text);
    assert!(!mail.links.iter().any(|l| l.contains("/console/sign-in/")), "an invitation is no key");
    let path = format!("/api/v1/team/{}", nina["id"].as_str().expect("an id"));

    let browser = app.visitor("acme");
    browser.post("/api/v1/session/link").json(json!({ "email": "new@acme.example" })).await.expect(202);
    app.run_jobs().await;
    let code = crate::signin::code(&app.mail("new@acme.example"));
    browser.post("/api/v1/session/code").json(json!({ "code": code })).await.expect(200);
    ada.post(format!("{path}/invitation")).await.expect_problem(409, "already_joined");
    let closed = ada.post(format!("{path}/deactivation")).await.expect(200).json();
    assert_eq!(closed["state"], "deactivated");
    browser.get("/api/v1/session").await.expect(401);
    ada.post(format!("{path}/invitation")).await.expect_problem(409, "deactivated");
    assert_eq!(ada.post(format!("{path}/reactivation")).await.expect(200).json()["state"], "active");
    browser.get("/api/v1/session").await.expect(401);
    app.run_jobs().await;
}
