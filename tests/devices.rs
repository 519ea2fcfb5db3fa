//! Sessions: how long they live, which devices there are, and how they end.

use chrono::Duration;
use serde_json::json;
use tests::TestApp;

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() {
    let app = TestApp::start().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    for _ in 0..3 {
        app.clock.advance(Duration::minutes(29));
        ada.get("/api/v1/session").await.expect(200);
        cora.get("/").await.expect(200);
    }
    app.clock.advance(Duration::minutes(31));
    ada.get("/api/v1/session").await.expect_problem(401, "signed_out");
    assert_eq!(cora.get("/").await.expect(303).header("location"), "/sign-in");
}

#[tokio::test]
async fn a_trusted_device_stays_for_thirty_days_and_never_for_ever() {
    let app = TestApp::start().await;
    let browser = app.visitor("acme");
    browser.post("/sign-in").form(&[("email", "cora@acme.example")]).await.expect(200);
    app.run_jobs().await;
    let code = crate::signin::code(&app.mail("cora@acme.example"));
    let entered = browser.post("/sign-in/code").form(&[("code", &code), ("trust_device", "on"), ("email", "x")]).await.expect(303);
    let cookie = entered.set_cookie("__Host-pl-customer").expect("a session");
    assert!(cookie.contains(&format!("Max-Age={}", 30 * 86_400)), "{cookie}");
    for days in [29, 29, 29] {
        app.clock.advance(Duration::days(days));
        browser.get("/").await.expect(200);
    }
    app.clock.advance(Duration::days(4));
    browser.get("/").await.expect(303);
    app.run_jobs().await;
}

#[tokio::test]
async fn people_end_their_own_sessions_and_nobody_elses() {
    let app = TestApp::start().await;
    let (here, there, third, mo) = (app.staff("ada").await, app.staff("ada").await, app.staff("ada").await, app.staff("mo").await);
    let list = here.get("/api/v1/devices").await.expect(200).json();
    let devices = list["items"].as_array().expect("items");
    assert!(devices.len() >= 3 && devices[0]["current"] == true && devices[1]["current"] == false, "{list}");
    assert_eq!(devices[0]["device"], "Firefox on Linux");
    here.delete(format!("/api/v1/devices/{}", there.session.expect("a session"))).await.expect(204);
    there.get("/api/v1/session").await.expect(401);
    here.delete(format!("/api/v1/devices/{}", mo.session.expect("a session"))).await.expect(404);
    let others = here.post("/api/v1/devices/revocation").await.expect(200).json();
    assert!(others["count"].as_u64().is_some_and(|n| n >= 1), "{others}");
    third.get("/api/v1/session").await.expect(401);
    mo.get("/api/v1/session").await.expect(200);
    here.get("/api/v1/session").await.expect(200);
    let gone = here.delete("/api/v1/session").await.expect(204);
    assert!(gone.set_cookie("__Host-pl-staff").expect("a removal").contains("Max-Age=0"));
    here.get("/api/v1/session").await.expect(401);
}

#[tokio::test]
async fn customers_have_a_list_too() {
    let app = TestApp::start().await;
    let (here, there) = (app.customer("cora").await, app.customer("cora").await);
    let page = here.get("/devices").await.expect(200).text();
    assert!(page.contains("Firefox on Linux"), "{page}");
    here.post(format!("/devices/{}/revocation", there.session.expect("a session"))).await.expect(200);
    there.get("/").await.expect(303);
    let third = app.customer("cora").await;
    here.post("/devices/revocation").await.expect(200);
    third.get("/").await.expect(303);
    let out = here.post("/sign-out").await.expect(303);
    assert_eq!(out.header("location"), "/sign-in?out");
    here.get("/").await.expect(303);
    here.get("/sign-in?out").await.expect(200);
}

#[tokio::test]
async fn another_mail_address_ends_what_the_old_one_opened() {
    let app = TestApp::start().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    let id = app.acme().house().customers["cora"];
    ada.patch(format!("/api/v1/customers/{id}")).json(json!({ "name": "Cora Other" })).await.expect(200);
    cora.get("/").await.expect(200);
    ada.patch(format!("/api/v1/customers/{id}")).json(json!({ "email": "cora@new.example" })).await.expect(200);
    cora.get("/").await.expect(303);
}

#[tokio::test]
async fn broken_cookies_are_nobody() {
    let app = TestApp::start().await;
    for value in ["", "x", &"a".repeat(4000), "%00", "' OR 1=1 --"] {
        let visitor = app.visitor("acme");
        visitor.set_cookie("__Host-pl-staff", value);
        visitor.set_cookie("__Host-pl-customer", value);
        visitor.set_cookie("__Host-pl-browser", value);
        visitor.get("/api/v1/session").await.expect(401);
        visitor.get("/").await.expect(303);
        visitor.post("/sign-in/code").form(&[("code", "123456"), ("email", "x")]).await;
    }
}
