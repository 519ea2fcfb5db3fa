//! The log: gapless, in the actor's name, and whoever touches a row is found out at that row.

use futures::future::join_all;
use serde_json::json;
use tests::{Client, TestApp};

async fn verify(client: &Client) -> (bool, i64, Option<i64>) {
    let found = client.get("/api/v1/audit/verification").await.expect(200).json();
    (found["ok"].as_bool().expect("ok"), found["checked"].as_i64().expect("checked"), found["first_bad_seq"].as_i64())
}

#[tokio::test]
async fn writers_at_the_same_time_leave_no_gap() {
    let app = TestApp::start().await;
    let (ada, mo) = (app.staff("ada").await, app.staff("mo").await);
    let before = verify(&ada).await.1;
    let all = join_all((0..20).map(|n| {
        let client = if n % 2 == 0 { &ada } else { &mo };
        // Every third is refused half-way and takes its place in the log back with it.
        let email = if n % 3 == 0 { "cora@acme.example".to_owned() } else { format!("n{n}@customers.example") };
        client.post("/api/v1/customers").json(json!({ "name": format!("N {n}"), "email": email })).into_future()
    }))
    .await;
    let made = i64::try_from(all.iter().filter(|a| a.status == 200).count()).expect("a number");
    assert_eq!(made, 13);
    assert_eq!(verify(&ada).await, (true, before + made, None));
    let log = ada.get("/api/v1/audit?kind=customer.created&limit=13").await.expect(200).json();
    let entries = log["items"].as_array().expect("items");
    let names: Vec<_> = entries.iter().filter_map(|e| e["actor"]["name"].as_str()).collect();
    assert!(names.contains(&"Ada Sample") && names.contains(&"Mo Sample"), "{names:?}");
    assert!(entries.iter().all(|e| e["device"] == "Firefox on Linux" && e["hash"].as_str().is_some_and(|h| h.len() == 64)));
}

#[tokio::test]
async fn tampering_is_found_at_the_row() {
    let app = TestApp::start().await;
    let (ada, schema) = (app.staff("ada").await, &app.acme().house().schema);
    let (ok, checked, _) = verify(&ada).await;
    assert!(ok && checked > 8, "{checked}");
    let columns = [
        "actor_name = 'Somebody else'",
        "at = at + interval '1 microsecond'",
        "kind = 'document.written'",
        "data = '{}'",
        "address = '10.0.0.1'",
        "subject_id = NULL",
        "actor_id = gen_random_uuid()",
        "hash = sha256('x')",
        "prev_hash = sha256('x')",
    ];
    app.execute(&format!("CREATE TABLE {schema}.kept AS SELECT * FROM {schema}.events WHERE seq = 5")).await;
    for change in columns {
        app.execute(&format!("UPDATE {schema}.events SET {change} WHERE seq = 5")).await;
        assert_eq!(verify(&ada).await, (false, 4, Some(5)), "{change}");
        app.execute(&format!("DELETE FROM {schema}.events WHERE seq = 5; INSERT INTO {schema}.events SELECT * FROM {schema}.kept")).await;
        assert!(verify(&ada).await.0, "{change} undone");
    }
    app.execute(&format!("DELETE FROM {schema}.events WHERE seq = 5")).await;
    assert_eq!(verify(&ada).await, (false, 4, Some(5)), "a row taken out");
    app.execute(&format!("INSERT INTO {schema}.events SELECT * FROM {schema}.kept; DELETE FROM {schema}.events WHERE seq = {checked}"))
        .await;
    assert_eq!(verify(&ada).await, (false, checked - 1, Some(checked)), "the newest row taken off");
    app.execute(&format!("UPDATE {schema}.event_head SET seq = {checked} - 1, hash = sha256('y')")).await;
    assert_eq!(verify(&ada).await, (false, checked - 1, Some(checked - 1)), "and the head forged");
    // Globex's log is another chain.
    assert!(verify(&app.globex().boss().await).await.0);
}

#[tokio::test]
async fn the_program_itself_cannot_rewrite_the_log() {
    let app = TestApp::start().await;
    let caller = app.acme().system().await;
    for sql in [
        "UPDATE events SET actor_name = 'x' WHERE seq = 1",
        "DELETE FROM events",
        "INSERT INTO events SELECT * FROM events LIMIT 1",
        "UPDATE event_head SET seq = 0",
        "TRUNCATE events",
        "ALTER TABLE events DISABLE ROW LEVEL SECURITY",
    ] {
        let cx = caller.begin().await.expect("a transaction");
        let refused = sea_orm::ConnectionTrait::execute_unprepared(cx.db(), sql).await.expect_err(sql).to_string();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn every_document_that_leaves_is_on_record() {
    let app = TestApp::start().await;
    let (ada, cora, house) = (app.staff("ada").await, app.customer("cora").await, app.acme().house());
    let document = house.documents["cora"];
    cora.get(format!("/documents/{document}/versions/1/file")).header("range", "bytes=10-19").await.expect(206);
    cora.head(format!("/documents/{document}/versions/1/file")).await.expect(200);
    ada.get(format!("/api/v1/documents/{document}/versions/1/content")).await.expect(200);
    let log = ada.get(format!("/api/v1/audit?kind=document.read&subject={document}")).await.expect(200).json();
    let entries = log["items"].as_array().expect("items");
    assert_eq!(entries.len(), 2, "a look at the size is no read: {log}");
    assert_eq!((entries[0]["actor"]["kind"].as_str(), entries[1]["actor"]["kind"].as_str()), (Some("staff"), Some("customer")));
    assert!(entries[1]["data"]["range"].as_str().is_some_and(|r| r.starts_with("bytes 10-19/")), "{log}");
    assert!(entries[1]["words"].as_str().is_some_and(|w| w.contains("Contract of cora")), "{log}");
}

#[tokio::test]
async fn verify_audit_covers_all_logs() {
    let app = TestApp::start().await;
    let found = platform::audit::ops::verify_all(&app.app, None, |_, _, _| {}).await.expect("a verification");
    let names: Vec<&str> = found.iter().map(|v| v.tenant.as_str()).collect();
    assert_eq!(names, ["platform", "acme", "globex"]);
    assert!(found.iter().all(platform::audit::ops::TenantVerification::is_ok));
    app.execute(&format!("UPDATE {}.events SET actor_name = 'x' WHERE seq = 1", app.globex().house().schema)).await;
    let found = platform::audit::ops::verify_all(&app.app, None, |_, _, _| {}).await.expect("a verification");
    let broken: Vec<&str> = found.iter().filter(|v| !v.is_ok()).map(|v| v.tenant.as_str()).collect();
    assert_eq!(broken, ["globex"]);
}
