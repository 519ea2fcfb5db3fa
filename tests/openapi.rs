//! The committed specification is the one that the program has.

use platform::cli::openapi;
use std::fs;

#[test]
fn the_committed_specification_is_the_programs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../platform/app/openapi.json");
    let committed = fs::read_to_string(path).expect("platform/app/openapi.json");
    let current = openapi::text().expect("a specification");
    let drift = committed.lines().zip(current.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert!(committed == current, "platform openapi > platform/app/openapi.json; first difference: {drift:?}");
}

#[test]
fn operations_are_named_once() {
    let mut ids: Vec<String> = tests::operations().into_iter().map(|o| o.id).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "two operations have one operation_id");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = tests::TestApp::start().await;
    let boss = app.staff("ada").await;
    let missing = boss.get("/api/v1/nothing").await.expect_problem(404, "not_found");
    assert_eq!(missing.header("content-type"), "application/problem+json");
    assert!(!missing.json()["reference"].as_str().expect("a reference").is_empty());
    assert_eq!(missing.header("x-request-id"), missing.json()["reference"].as_str().expect("a reference"));
    assert_eq!(boss.call("PUT", "/api/v1/customers").await.code(), "method_not_allowed");
    for (body, kind) in
        [("{", "application/json"), ("[]", "application/json"), ("{\"name\":1}", "application/json"), ("name=x", "text/plain")]
    {
        let answer = boss.post("/api/v1/customers").file(body).header("content-type", kind).await;
        assert!(matches!(answer.status, 400 | 415 | 422), "{body}: {} {}", answer.status, answer.text());
        assert!(!answer.code().is_empty(), "{body}: {}", answer.text());
    }
    let broken = boss.post("/api/v1/customers").file(vec![0xff, 0xfe, 0x00]).header("content-type", "application/json").await;
    assert!(matches!(broken.status, 400 | 422), "{}", broken.text());
    for id in ["x", "%ff%fe", "00000000", "..%2f..%2fetc"] {
        let answer = boss.get(format!("/api/v1/customers/{id}")).await;
        assert!(matches!(answer.status, 400 | 404 | 422), "{id}: {} {}", answer.status, answer.text());
    }
    let huge = boss.post("/api/v1/customers").json(serde_json::json!({ "name": "x".repeat(3_000_000), "email": "x@y.example" })).await;
    assert!(matches!(huge.status, 400 | 413 | 422), "{} {}", huge.status, huge.text());
    boss.get("/api/v1/customers?cursor=none").await.expect_problem(422, "cursor_unknown");
    assert_eq!(boss.get("/api/v1/customers?limit=1").await.expect(200).json()["items"].as_array().map(Vec::len), Some(1));
}
