//! Updates: who writes, changes and takes back, on which day, and what a household reads of them.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use tests::{Client, TestApp};
use uuid::Uuid;

async fn post(by: &Client, project: Uuid, new: Value) -> Value {
    by.post(format!("/api/v1/projects/{project}/updates")).json(new).await.expect(200).json()
}

fn client(body: &str) -> Value {
    json!({ "body": body, "visibility": "client" })
}

#[tokio::test]
async fn an_update_is_read_by_its_household() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, app.acme().house().projects["cora"]);
    let view = post(&mel, project, client(" First line.\r\nSecond line.\n\n<b>Third</b> & last. ")).await;
    assert_eq!(view["body"], "First line.\nSecond line.\n\n<b>Third</b> & last.");
    assert_eq!((view["mine"].as_bool(), view["author_name"].as_str()), (Some(true), Some("Mel Sample")));
    post(&mel, project, json!({ "body": "The cellar is damp, ask the owner.", "visibility": "internal" })).await;

    let page = app.customer("cora").await.get(format!("/projects/{project}/updates")).await.expect(200).text();
    assert!(page.contains("First line.\nSecond line.</p>") && page.contains("&lt;b&gt;Third&lt;/b&gt; &amp; last."), "{page}");
    assert!(page.contains("Mel Sample") && page.contains("Today") && !page.contains("cellar"), "{page}");
    assert!(page.contains("data-live=\"updates photos\""));
    app.customer("carl").await.get(format!("/projects/{project}/updates")).await.expect(404);
    app.globex().customer("gil").await.get(format!("/projects/{project}/updates")).await.expect(404);

    let list = app.staff("mo").await.get(format!("/api/v1/projects/{project}/updates")).await.expect(200).json();
    let items = list["items"].as_array().expect("items");
    assert_eq!(items[0]["visibility"], "internal", "the newest first");
    assert!(items.iter().all(|u| u["mine"] == false));
}

#[tokio::test]
async fn what_is_typed_is_cleaned_or_refused() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, app.acme().house().projects["cora"]);
    let today: NaiveDate = post(&mel, project, client("Done.")).await["day"].as_str().expect("a day").parse().expect("a day");
    let cases = [
        (json!({ "body": " \n ", "visibility": "client" }), "body_missing"),
        (json!({ "body": "x".repeat(4_001), "visibility": "client" }), "body_too_long"),
        (json!({ "body": "x", "visibility": "client", "day": today + Duration::days(1) }), "day_to_come"),
        (json!({ "body": "x", "visibility": "client", "day": "0206-06-09" }), "day_too_old"),
    ];
    for (new, code) in cases {
        mel.post(format!("/api/v1/projects/{project}/updates")).json(new).await.expect_problem(422, code);
    }
    for new in [json!({ "body": "x" }), json!({ "body": "x", "visibility": "everybody" }), json!({ "visibility": "client" })] {
        assert!(matches!(mel.post(format!("/api/v1/projects/{project}/updates")).json(new).await.status, 400 | 422));
    }
    let yesterday = today - Duration::days(1);
    assert_eq!(post(&mel, project, json!({ "body": "x", "visibility": "client", "day": yesterday })).await["day"], json!(yesterday));
}

#[tokio::test]
async fn the_day_is_the_companys() {
    let app = TestApp::start().await;
    let project = app.acme().house().projects["cora"];
    // Fourteen hours ahead and twelve behind: between the two there are always two days.
    for (zone, hours) in [("Pacific/Kiritimati", 14), ("Etc/GMT+12", -12)] {
        app.execute(&format!("UPDATE platform.tenants SET time_zone = '{zone}' WHERE subdomain = 'acme'")).await;
        app.app.tenants.forget(&app.tenant(app.acme().house()).await.clone()).await;
        let here = (kernel::clock::Clock::now(&*app.clock) + Duration::hours(hours)).date_naive();
        let mel = app.staff("mel").await;
        assert_eq!(post(&mel, project, client("Done.")).await["day"], json!(here), "{zone}");
        let late = json!({ "body": "x", "visibility": "client", "day": here + Duration::days(1) });
        mel.post(format!("/api/v1/projects/{project}/updates")).json(late).await.expect_problem(422, "day_to_come");
        let page = app.customer("cora").await.get(format!("/projects/{project}/updates")).await.expect(200).text();
        assert!(page.contains(&format!("datetime=\"{here}\">Today")), "{zone}: {page}");
        app.execute(&format!("DELETE FROM {}.updates", app.acme().house().schema)).await;
    }
}

#[tokio::test]
async fn ones_own_or_a_managers_hand() {
    let app = TestApp::start().await;
    let (mel, mo, project) = (app.staff("mel").await, app.staff("mo").await, app.acme().house().projects["cora"]);
    let (own, other) = (post(&mel, project, client("Mine.")).await, post(&mo, project, client("Of Mo.")).await);
    let at = |view: &Value| format!("/api/v1/updates/{}", view["id"].as_str().expect("an id"));
    mel.patch(at(&other)).json(json!({ "body": "Of Mel." })).await.expect_problem(403, "not_allowed");
    mel.delete(at(&other)).await.expect_problem(403, "not_allowed");
    assert_eq!(mel.patch(at(&own)).json(json!({ "body": "Mine, better." })).await.expect(200).json()["body"], "Mine, better.");
    let changed = mo.patch(at(&own)).json(json!({ "visibility": "internal" })).await.expect(200).json();
    assert_eq!(
        (changed["visibility"].as_str(), changed["mine"].as_bool(), changed["author_name"].as_str()),
        (Some("internal"), Some(false), Some("Mel Sample"))
    );
    let page = async || app.customer("cora").await.get(format!("/projects/{project}/updates")).await.expect(200).text();
    assert!(!page().await.contains("Mine, better."));

    mo.delete(at(&own)).await.expect(204);
    mel.delete(at(&own)).await.expect_problem(409, "update_withdrawn");
    mel.patch(at(&own)).json(json!({ "body": "Again." })).await.expect_problem(409, "update_withdrawn");
    mo.delete(at(&other)).await.expect(204);
    let list = mel.get(format!("/api/v1/projects/{project}/updates")).await.expect(200).json();
    assert!(list["items"].as_array().is_some_and(|items| items.iter().all(|u| u["id"] != own["id"] && u["id"] != other["id"])));
    assert!(!page().await.contains("Of Mo."));
}

#[tokio::test]
async fn an_archived_project_takes_nothing_more() {
    let app = TestApp::start().await;
    let (mo, project) = (app.staff("mo").await, app.acme().house().projects["cora"]);
    let view = post(&mo, project, client("While we worked.")).await;
    mo.patch(format!("/api/v1/projects/{project}")).json(json!({ "status": "archived" })).await.expect(200);
    mo.post(format!("/api/v1/projects/{project}/updates")).json(client("Late.")).await.expect_problem(409, "project_archived");
    let at = format!("/api/v1/updates/{}", view["id"].as_str().expect("an id"));
    mo.patch(&at).json(json!({ "body": "Late." })).await.expect_problem(409, "project_archived");
    mo.delete(&at).await.expect_problem(409, "project_archived");
    let page = app.customer("cora").await.get(format!("/projects/{project}/updates")).await.expect(200).text();
    assert!(page.contains("While we worked."), "an archive is there to be read");
}

#[tokio::test]
async fn a_repeated_request_posts_once() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, app.acme().house().projects["cora"]);
    let send = || mel.post(format!("/api/v1/projects/{project}/updates")).json(client("Once.")).header("idempotency-key", "u-1");
    let (first, second) = (send().await.expect(200).json(), send().await.expect(200).json());
    assert_eq!(first["id"], second["id"]);
    assert_eq!(app.ask(&format!("SELECT count(*) FROM {}.updates WHERE body = 'Once.'", app.acme().house().schema)).await, "1");
}

#[tokio::test]
async fn many_days_come_thirty_at_a_time() {
    let app = TestApp::start().await;
    let (schema, project) = (&app.acme().house().schema, app.acme().house().projects["cora"]);
    app.execute(&format!("DELETE FROM {schema}.updates")).await;
    // Two a day, written in the wrong order, and one that is nobody's business.
    app.execute(&format!(
        "INSERT INTO {schema}.updates (id, household_id, project_id, visibility, day, body, author_name, created_at, updated_at) \
         SELECT gen_random_uuid(), p.household_id, p.id, CASE n WHEN 40 THEN 'internal' ELSE 'client' END, date '2026-01-01' + n / 2, \
         'entry ' || n || '.', 'Mel', now(), now() FROM {schema}.projects p, generate_series(0, 69) n WHERE p.id = '{project}' ORDER BY random()"
    ))
    .await;
    let cora = app.customer("cora").await;
    let (mut seen, mut next) = (Vec::new(), Some(format!("/projects/{project}/updates")));
    let mut pages = 0;
    while let Some(path) = next {
        let text = cora.get(path).await.expect(200).text();
        let days: Vec<String> = text.split("datetime=\"").skip(1).map(|rest| rest[..10].to_owned()).collect();
        seen.extend(days);
        pages += 1;
        next = text
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap_or_default().replace("&#x2f;", "/"))
            .find(|h| h.contains("?after="));
    }
    assert_eq!((pages, seen.len()), (3, 69));
    assert!(seen.is_sorted_by(|a, b| a >= b), "{seen:?}");
    for odd in ["?after=x", "?after=2026-01-01.x", "?after=", "?after=9999-99-99.00000000-0000-0000-0000-000000000000"] {
        cora.get(format!("/projects/{project}/updates{odd}")).await.expect(200);
    }
    let (mut cursor, mut count) = (String::new(), 0);
    loop {
        let list = app.staff("mel").await.get(format!("/api/v1/projects/{project}/updates?limit=25{cursor}")).await.expect(200).json();
        count += list["items"].as_array().map_or(0, Vec::len);
        match list["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(count, 70);
}
