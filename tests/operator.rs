//! What operators see: the tenants, and the platform's own log.

use tests::{OPERATOR, TestApp};

#[tokio::test]
async fn operators_see_tenants_and_nothing_of_their_content() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let list = operator.get("/api/v1/operator/tenants").await.expect(200).json();
    let names: Vec<&str> = list["items"].as_array().expect("items").iter().filter_map(|t| t["subdomain"].as_str()).collect();
    assert_eq!(names, ["globex", "acme"], "newest first");
    let acme = &list["items"][1];
    assert_eq!((acme["state"].as_str(), acme["provision"]["step"].as_str()), (Some("active"), Some("active")));
    assert_eq!(acme["owner_email"], "ada@acme.example");
    assert_eq!(acme["schema_version"], migrations::Set::tenant().version());
    let id = acme["id"].as_str().expect("an id");
    assert_eq!(operator.get(format!("/api/v1/operator/tenants/{id}")).await.expect(200).json()["subdomain"], "acme");
    operator.get(format!("/api/v1/operator/tenants/{}", uuid::Uuid::now_v7())).await.expect(404);
    for (query, count) in [("q=glob", 1), ("q=%25", 0), ("q=ADA@", 1), ("state=suspended", 0), ("state=active", 2), ("limit=1", 1)] {
        let list = operator.get(format!("/api/v1/operator/tenants?{query}")).await.expect(200).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(count), "{query}");
    }
}

#[tokio::test]
async fn the_platform_has_a_log_of_its_own() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let log = operator.get("/api/v1/operator/audit").await.expect(200).json();
    let kinds: Vec<&str> = log["items"].as_array().expect("items").iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|k| **k == "signup.confirmed").count(), 2, "{kinds:?}");
    assert_eq!(operator.get("/api/v1/operator/audit/verification").await.expect(200).json()["ok"], true);
    let session = operator.get("/api/v1/session").await.expect(200).json();
    assert_eq!((session["person"]["kind"].as_str(), session["tenant"].is_null()), (Some("operator"), true));
}

#[tokio::test]
async fn operators_sign_in_by_mail_on_the_bare_domain() {
    let app = TestApp::start().await;
    let browser = app.apex();
    browser.post("/api/v1/session/link").json(serde_json::json!({ "email": OPERATOR })).await.expect(202);
    app.run_jobs().await;
    let code = crate::signin::code(&app.mail(OPERATOR));
    let session = browser.post("/api/v1/session/code").json(serde_json::json!({ "code": code })).await.expect(200);
    assert_eq!(session.json()["person"]["role"], "operator");
    browser.get("/api/v1/operator/tenants").await.expect(200);
    browser.get("/api/v1/team").await.expect(401);
    browser.delete("/api/v1/session").await.expect(204);
    browser.get("/api/v1/session").await.expect(401);
}
