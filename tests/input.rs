//! Bad input: wrong, huge, empty, no text at all, unknown hosts, broken cookies. Each gets a clear problem with a stable code and
//! a reference, on a page in the company's brand where a person reads it, and changes nothing.

use serde_json::{Value, json};
use tests::TestApp;

#[tokio::test]
async fn the_api_says_what_it_does_not_like() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let count = format!("SELECT count(*) FROM {}.customers", app.acme().house().schema);
    let before = app.ask(&count).await;
    for body in
        [b"".as_slice(), b"{", b"[]", b"null", b"{\"name\": 1}", b"\xff\xfe\x00", b"{\"name\": \"\\ud800\", \"email\": \"a@b.example\"}"]
    {
        let sent = ada.post("/api/v1/customers").file(body).header("content-type", "application/json");
        let problem = sent.await.expect(400).json();
        assert_eq!(problem["code"], "malformed", "{}", String::from_utf8_lossy(body));
        assert!(problem["reference"].as_str().is_some_and(|r| r.len() >= 8), "{problem}");
    }
    for (name, email) in
        [("", "a@b.example"), ("   ", "a@b.example"), ("A", "no mail"), ("A", ""), ("A", "a@b@c"), (&"x".repeat(5_000), "a@b.example")]
    {
        let problem = ada.post("/api/v1/customers").json(json!({ "name": name, "email": email })).await.expect(422).json();
        assert_eq!(problem["fields"].as_array().map(Vec::len).unwrap_or_default().min(1), 1, "{problem}");
    }
    let huge = "x".repeat(2 << 20);
    ada.post("/api/v1/customers").json(json!({ "name": huge, "email": "a@b.example" })).await.expect_problem(413, "request_too_large");
    assert_eq!(app.ask(&count).await, before, "nothing was half-written");
}

#[tokio::test]
async fn ids_and_pages_that_are_none_are_not_found_or_refused() {
    let app = TestApp::start().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    for path in [
        "/api/v1/projects/x",
        "/api/v1/projects/00000000-0000-7000-8000-000000000000",
        "/api/v1/nothing",
        "/api/v1/projects?cursor=%00",
        "/api/v1/projects?limit=-1",
    ] {
        let problem = ada.get(path).await;
        assert!((400..500).contains(&problem.status), "{path}: {}", problem.status);
        assert!(problem.header("content-type").starts_with("application/problem+json"), "{path}");
        assert!(problem.json()["code"].is_string());
    }
    for path in ["/projects/x", "/projects/%ff", "/nothing", "/documents/x/versions/1/file", "/sign-in/..%2f..", "/invitation/x"] {
        let page = cora.get(path).await;
        assert!((400..500).contains(&page.status), "{path}: {}", page.status);
        let text = page.text();
        assert!(text.contains("| acme"), "{path}: the company's brand: {text}");
        let reference = page.header("x-request-id");
        assert!(!reference.is_empty() && text.contains(reference), "{path}: the reference {reference}: {text}");
    }
}

#[tokio::test]
async fn a_broken_cookie_is_nobody() {
    let app = TestApp::start().await;
    let stranger = app.visitor("acme");
    for value in ["", "x", "%ff%fe", "a=b", "\"", &"y".repeat(3_000)] {
        stranger.set_cookie("__Host-pl-staff", value);
        stranger.set_cookie("__Host-pl-customer", value);
        stranger.get("/api/v1/session").await.expect(401);
        let home = stranger.get("/").await.expect(303);
        assert_eq!(home.header("location"), "/sign-in");
    }
}

#[tokio::test]
async fn an_unknown_host_is_told_so() {
    let app = TestApp::start().await;
    let lost = app.apex().at("nobody.localhost");
    let page = lost.get("/").await.expect(404);
    assert!(page.text().contains("No company has this address"));
    assert_eq!(lost.get("/api/v1/session").await.expect(404).json()["code"], "not_found");
    for host in ["", "acme.localhost.evil.example", "..", "acme.localhost:99999999", "[::1]"] {
        let answer = app.apex().at(host).get("/").await;
        assert!((400..500).contains(&answer.status), "{host}: {}", answer.status);
    }
}

#[tokio::test]
async fn forms_keep_what_was_typed_and_say_what_is_missing() {
    let app = TestApp::start().await;
    let visitor = app.visitor("acme");
    let page = visitor.post("/sign-in").form(&[("email", "margaret at home")]).await.expect(422).text();
    assert!(page.contains("margaret at home"), "what was typed is kept");
    let bytes: &'static [u8] = b"email=%ff%fe&email=\xff";
    visitor.post("/sign-in").file(bytes).header("content-type", "application/x-www-form-urlencoded").await.expect(422);
    let huge = "x".repeat(1 << 20);
    visitor.post("/sign-in").form(&[("email", &huge)]).await.expect(413);
    let ada = app.staff("ada").await;
    let answer: Value = ada.put("/api/v1/branding/logo").file("<svg/>".as_bytes()).await.expect(422).json();
    assert!(answer["code"].is_string());
}
