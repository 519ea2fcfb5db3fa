//! Customers and households: what is refused, what is kept, what a repeated request does.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::TestApp;

#[tokio::test]
async fn a_repeated_request_happens_once() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let new = json!({ "name": "Once Sample", "email": "once@customers.example" });
    let send = || ada.post("/api/v1/customers").json(new.clone()).header("idempotency-key", "key-1");
    let (first, second) = (send().await.expect(200).json(), send().await.expect(200).json());
    assert_eq!(first, second);
    let other = json!({ "name": "Other", "email": "other@customers.example" });
    ada.post("/api/v1/customers")
        .json(other.clone())
        .header("idempotency-key", "key-1")
        .await
        .expect_problem(409, "idempotency_key_reused");
    let house = json!({ "name": "House", "address": "1 Sample Street", "members": [] });
    ada.post("/api/v1/households").json(house).header("idempotency-key", "key-1").await.expect_problem(409, "idempotency_key_reused");
    // Another person's key is another key; a failed try does not use it up.
    app.staff("mo").await.post("/api/v1/customers").json(other.clone()).header("idempotency-key", "key-1").await.expect(200);
    ada.post("/api/v1/customers").json(other).header("idempotency-key", "key-2").await.expect_problem(422, "email_taken");
    let good = json!({ "name": "Third", "email": "third@customers.example" });
    ada.post("/api/v1/customers").json(good).header("idempotency-key", "key-2").await.expect(200);
    ada.post("/api/v1/customers")
        .json(new.clone())
        .header("idempotency-key", "x".repeat(201))
        .await
        .expect_problem(422, "idempotency_key_length");
}

#[tokio::test]
async fn at_the_same_time_it_happens_once_too() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let new =
        json!({ "name": "Race", "household_id": app.acme().house().households["cora"], "address": "1 Sample Street", "status": "planned" });
    let all =
        join_all((0..8).map(|_| ada.post("/api/v1/projects").json(new.clone()).header("idempotency-key", "race").into_future())).await;
    let ids: Vec<Value> = all.into_iter().filter(|a| a.status == 200).map(|a| a.json()["id"].clone()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(app.ask(&format!("SELECT count(*) FROM {}.projects WHERE name = 'Race'", app.acme().house().schema)).await, "1");
}

#[tokio::test]
async fn what_is_typed_is_cleaned_or_refused() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    let cases = [
        (json!({ "name": "", "email": "a@b.example" }), "name_missing"),
        (json!({ "name": "\u{7}", "email": "a@b.example" }), "name_missing"),
        (json!({ "name": "x".repeat(121), "email": "a@b.example" }), "name_too_long"),
        (json!({ "name": "A", "email": "" }), "email_missing"),
        (json!({ "name": "A", "email": "no address" }), "email_format"),
        (json!({ "name": "A", "email": "CORA@acme.example" }), "email_taken"),
    ];
    for (new, code) in cases {
        ada.post("/api/v1/customers").json(new).await.expect_problem(422, code);
    }
    let kept = ada
        .post("/api/v1/customers")
        .json(json!({ "name": " Zoë \r\n Sample\0 ", "email": " Zoe@B.example ", "phone": " " }))
        .await
        .expect(200)
        .json();
    assert_eq!((kept["name"].as_str(), kept["email"].as_str(), kept["phone"].is_null()), (Some("Zoë Sample"), Some("zoe@b.example"), true));
    // The same person may be another company's customer.
    let gus = app.globex().boss().await;
    gus.post("/api/v1/customers").json(json!({ "name": "Zoë", "email": "zoe@b.example" })).await.expect(200);
}

#[tokio::test]
async fn who_leaves_a_household_sees_nothing_of_it() {
    let app = TestApp::start().await;
    let (ada, cora, carl) = (app.staff("ada").await, app.customer("cora").await, app.customer("carl").await);
    let house = app.acme().house();
    let (household, document) = (house.households["cora"], house.documents["cora"]);
    let member = format!("/api/v1/households/{household}/members/{}", house.customers["carl"]);
    let file = format!("/documents/{document}/versions/1/file");
    ada.put(&member).json(json!({ "role": "payer" })).await.expect(200);
    carl.get(&file).await.expect(200);
    let home = carl.get("/").await.expect(200).text();
    assert!(home.contains("Roof of cora") && home.contains("Roof of carl"));
    ada.delete(&member).await.expect(200);
    carl.get(&file).await.expect(404);
    ada.delete(&member).await.expect(404);
    cora.get(&file).await.expect(200);
}

#[tokio::test]
async fn lists_are_paged_and_searched_by_plain_text() {
    let app = TestApp::start().await;
    let ada = app.staff("ada").await;
    for n in 0..5 {
        let new = json!({ "name": format!("Row {n} 100%"), "email": format!("row{n}@customers.example") });
        ada.post("/api/v1/customers").json(new).await.expect(200);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ada.get(format!("/api/v1/customers?limit=2{cursor}")).await.expect(200).json();
        seen.extend(page["items"].as_array().expect("items").iter().filter_map(|c| c["email"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert_eq!(seen[0], "row4@customers.example");
    for (query, count) in [("100%25", 5), ("row 3", 1), ("ROW3@", 1), ("%25%25", 0), ("_", 0), ("'", 0), ("\\", 0)] {
        let list = ada.get(format!("/api/v1/customers?q={}", query.replace(' ', "%20").replace('\\', "%5C"))).await.expect(200).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(count), "{query}");
    }
}
