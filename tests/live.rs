//! Live updates over real sockets: who hears what, what was missed, whose origin, revocation, and two processes.

use kernel::session::PersonKind;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{Client, TestApp};
use uuid::Uuid;

/// Lets something happen that staff and the household see.
async fn complete(ada: &Client, milestone: Uuid) {
    ada.put(format!("/api/v1/milestones/{milestone}/completion")).json(json!({})).await.expect(200);
}

/// What `text` does to a project's updates.
async fn post(ada: &Client, project: Uuid, visibility: &str) {
    let new = json!({ "visibility": visibility, "body": "The north side is covered." });
    ada.post(format!("/api/v1/projects/{project}/updates")).json(new).await.expect(200);
}

/// The topics of the frames.
fn topics(frames: &[Value]) -> Vec<&str> {
    frames.iter().filter(|frame| frame["type"] == "event").filter_map(|frame| frame["topic"].as_str()).collect()
}

#[tokio::test]
async fn staff_and_the_household_hear_and_nobody_else() {
    let app = TestApp::start().await;
    let served = app.serve().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let (cora, carl) = (app.customer("cora").await, app.customer("carl").await);
    let mut console = served.socket(&ada, "/api/v1/live").await;
    let mut hers = served.socket(&cora, "/live").await;
    let mut his = served.socket(&carl, "/live").await;
    let mut strangers = served.socket(&app.globex().boss().await, "/api/v1/live").await;
    let mut customer = served.socket(&app.globex().customer("gil").await, "/live").await;
    for socket in [&mut console, &mut hers, &mut his, &mut strangers, &mut customer] {
        assert_eq!(socket.greeting().await[0]["type"], "hello");
    }

    complete(&ada, house.milestones["cora"][0]).await;
    let seen = console.next().await;
    assert_eq!((seen["kind"].as_str(), seen["topic"].as_str()), (Some("milestone.completed"), Some("schedule")));
    assert_eq!(seen["actor"], "Ada Sample");
    let heard = hers.next().await;
    assert_eq!(heard["project"], house.projects["cora"].to_string());
    assert_eq!(heard.get("actor"), None, "customers ask the page who it was");

    post(&ada, house.projects["cora"], "internal").await;
    assert_eq!(console.next().await["kind"], "update.posted");
    for socket in [&mut hers, &mut his, &mut strangers, &mut customer] {
        socket.quiet().await;
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn a_page_that_was_away_hears_the_rest() {
    let app = TestApp::start().await;
    let served = app.serve().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let cora = app.customer("cora").await;
    let mut first = served.socket(&cora, "/live").await;
    let cursor = first.greeting().await[0]["cursor"].as_i64().expect("a number");
    drop(first);
    for n in 0..50 {
        post(&ada, house.projects["cora"], if n % 2 == 0 { "client" } else { "internal" }).await;
    }
    let mut again = served.socket(&cora, &format!("/live?after={cursor}")).await;
    let frames = again.greeting().await;
    assert_eq!(topics(&frames), ["updates"; 25], "what is internal was not for her");
    assert_eq!(frames.last().expect("a hello")["cursor"], cursor + 50);

    // Too much, or a number that is none of ours: read everything again.
    for cursor in [-1, cursor + 1_000_000] {
        let mut lost = served.socket(&cora, &format!("/live?after={cursor}")).await;
        assert_eq!(lost.greeting().await[0]["type"], "gap");
    }
    app.clock.advance(chrono::Duration::hours(1));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_revoked_session_loses_its_socket_within_five_seconds() {
    let app = TestApp::start().await;
    let served = app.serve().await;
    let (mel, cora) = (app.staff("mel").await, app.customer("cora").await);
    let mut console = served.socket(&mel, "/api/v1/live").await;
    let mut portal = served.socket(&cora, "/live").await;
    console.greeting().await;
    portal.greeting().await;
    let begun = Instant::now();
    // By another hand, without an event; and by the product's own way, with one.
    app.execute(&format!(
        "UPDATE {}.sessions SET revoked_at = now() WHERE id = '{}'",
        app.acme().house().schema,
        cora.session.expect("hers")
    ))
    .await;
    assert_eq!(portal.closed().await, 4401);
    let boss = app.acme().boss().await;
    boss.post(format!("/api/v1/team/{}/deactivation", app.acme().house().staff["mel"])).await.expect(200);
    assert_eq!(console.closed().await, 4401);
    assert!(begun.elapsed() < Duration::from_secs(10), "two in turn, each within five seconds");
    let mut refused = served.socket(&mel, "/api/v1/live").await;
    assert_eq!(refused.closed().await, 4401);
}

#[tokio::test]
async fn only_our_own_pages_open_sockets() {
    let app = TestApp::start().await;
    let served = app.serve().await;
    let ada = app.staff("ada").await;
    let globex = format!("https://{}", app.globex().visitor().host);
    for origin in [None, Some("https://evil.example"), Some("null"), Some(globex.as_str())] {
        assert_eq!(served.knock(&ada, "/api/v1/live", origin).await.err(), Some(403), "{origin:?}");
    }
    // A cookie of the other company, or of the other kind of person, opens nothing.
    let stranger = ada.at(&app.globex().visitor().host);
    assert_eq!(served.socket(&stranger, "/api/v1/live").await.closed().await, 4401);
    assert_eq!(served.socket(&ada, "/live").await.closed().await, 4401);
    assert_eq!(served.socket(&app.customer("cora").await, "/api/v1/live").await.closed().await, 4401);
    assert!(ada.cookie(PersonKind::Staff.cookie_name()).is_some());
}

#[tokio::test]
async fn processes_hear_each_other() {
    let app = TestApp::start().await;
    let twin = app.twin().await;
    let (served, other) = (app.serve().await, twin.serve().await);
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    let (mut here, mut there) = (served.socket(&cora, "/live").await, other.socket(&cora, "/live").await);
    here.greeting().await;
    there.greeting().await;
    complete(&ada, app.acme().house().milestones["cora"][0]).await;
    assert_eq!(here.next().await["kind"], "milestone.completed");
    assert_eq!(there.next().await["kind"], "milestone.completed", "said by the other process");
    app.clock.advance(chrono::Duration::hours(1));
    app.run_jobs().await;
}

#[tokio::test]
async fn joining_and_leaving_a_household_counts_at_once() {
    let app = TestApp::start().await;
    let served = app.serve().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let carl = app.customer("carl").await;
    let mut his = served.socket(&carl, "/live").await;
    his.greeting().await;
    let member = format!("/api/v1/households/{}/members/{}", house.households["cora"], house.customers["carl"]);
    ada.put(&member).json(json!({ "role": "viewer" })).await.expect(200);
    post(&ada, house.projects["cora"], "client").await;
    assert_eq!(his.next().await["topic"], "updates");
    ada.delete(&member).await.expect(200);
    post(&ada, house.projects["cora"], "client").await;
    his.quiet().await;
    app.clock.advance(chrono::Duration::hours(1));
    app.run_jobs().await;
}

#[tokio::test]
async fn sockets_are_bounded_and_take_no_speeches() {
    let app = TestApp::with(|config| config.live.max_sockets = 2).await;
    let served = app.serve().await;
    let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
    let mut first = served.socket(&ada, "/api/v1/live").await;
    let second = served.socket(&cora, "/live").await;
    assert_eq!(served.knock(&ada, "/api/v1/live", Some(&format!("https://{}", ada.host))).await.err(), Some(503));
    drop(second);
    first.greeting().await;
    first.say("x".repeat(64 << 10)).await;
    first.closed().await;
    // Both have gone, so there is room again.
    for _ in 0..50 {
        if let Ok(mut socket) = served.knock(&ada, "/api/v1/live", Some(&format!("https://{}", ada.host))).await {
            socket.greeting().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a seat is never given free");
}

#[tokio::test]
async fn a_projects_history_is_in_words() {
    let app = TestApp::start().await;
    let (mel, house) = (app.staff("mel").await, app.acme().house());
    let path = format!("/api/v1/projects/{}/activity", house.projects["cora"]);
    complete(&mel, house.milestones["cora"][0]).await;
    let history = mel.get(format!("{path}?limit=2")).await.expect(200).json();
    let newest = &history["items"][0];
    assert!(newest["words"].as_str().is_some_and(|words| words.starts_with("completed ")), "{newest}");
    assert_eq!(newest["actor_name"], "Mel Sample");
    assert_eq!(newest.get("address"), None, "addresses are the audit log's");
    let next = history["next"].as_str().expect("more");
    assert!(mel.get(format!("{path}?cursor={next}")).await.expect(200).json()["items"][0]["seq"].as_i64() < newest["seq"].as_i64());
    app.clock.advance(chrono::Duration::hours(1));
    app.run_jobs().await;
}
