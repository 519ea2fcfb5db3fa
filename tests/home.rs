//! The customers' dashboard: the sentence, the ring, what is asked, several projects, the archive, and a schema of the version before.

use kernel::{
    Caller,
    session::{self, PersonKind},
};
use migrations::{Fleet, Set};
use serde_json::json;
use sqlx::postgres::PgPoolOptions;
use tests::{Client, TestApp};
use uuid::Uuid;

async fn complete(ada: &Client, milestone: Uuid) {
    ada.put(format!("/api/v1/milestones/{milestone}/completion")).json(json!({})).await.expect(200);
}

/// Jobs that wait for their hour are not what is looked at here.
async fn settle(app: &TestApp) {
    app.clock.advance(chrono::Duration::hours(1));
    app.run_jobs().await;
}

#[tokio::test]
async fn the_first_screen_answers() {
    let app = TestApp::start().await;
    let (ada, cora, house) = (app.staff("ada").await, app.customer("cora").await, app.acme().house());
    let project = house.projects["cora"];
    let page = cora.get("/").await.expect(200).text();
    assert!(page.contains("Work on your project begins soon."), "{page}");
    assert!(page.contains("Step 1 of 3, about 0 percent done"), "{page}");

    complete(&ada, house.milestones["cora"][0]).await;
    let headline =
        json!({ "headline": "Your roof is <i>going on</i>.", "detail": "", "lead_name": "Ada Sample", "lead_phone": "(555) 010-0100" });
    ada.put(format!("/api/v1/projects/{project}/details")).json(headline).await.expect(200);
    let day = (app.app.clock.now() + chrono::Duration::days(2)).date_naive();
    let visit = json!({ "title": "Shingles", "day": day, "from": "08:00", "until": "11:00", "who": "Ada and two roofers", "prepare": "", "visibility": "client" });
    ada.post(format!("/api/v1/projects/{project}/appointments")).json(visit).await.expect(200);
    let page = cora.get("/").await.expect(200).text();
    assert!(page.contains("Your roof is &lt;i&gt;going on&lt;/i&gt;.") && page.contains("Ada Sample"), "{page}");
    assert!(!page.contains("about 0 percent"), "{page}");
    assert!(page.contains("Does this time suit you?") && page.contains("This time suits me"), "{page}");
    assert!(page.contains("data-cursor=\""), "the page says what it knows");
    assert!(!cora.get(format!("/projects/{project}")).await.expect(200).text().contains("All your projects"));
    app.customer("carl").await.get(format!("/projects/{project}")).await.expect(404);
    app.globex().customer("gil").await.get(format!("/projects/{project}")).await.expect(404);
    settle(&app).await;
}

#[tokio::test]
async fn several_projects_and_the_archive() {
    let app = TestApp::start().await;
    let (ada, cora, house) = (app.staff("ada").await, app.customer("cora").await, app.acme().house());
    let new = json!({ "name": "Porch", "address": "1 Sample Street", "household_id": house.households["cora"], "status": "completed" });
    ada.post("/api/v1/projects").json(new).await.expect(200);
    let page = cora.get("/").await.expect(200).text();
    assert!(page.contains("you have 2 projects with us") && page.contains("Porch") && page.contains("1 of 3"), "{page}");

    let project = house.projects["cora"];
    ada.patch(format!("/api/v1/projects/{project}")).json(json!({ "status": "archived" })).await.expect(200);
    let page = cora.get(format!("/projects/{project}")).await.expect(200).text();
    assert!(page.contains("finished and filed") && !page.contains("Needs you") && !page.contains("Next visit"), "{page}");
    assert!(page.contains("All your projects") && page.contains("All the steps"), "{page}");
    settle(&app).await;
}

#[tokio::test]
async fn a_day_is_the_companys_day_everywhere() {
    for (zone, sentence) in [("Pacific/Auckland", "Done tomorrow"), ("Etc/GMT+12", "Done yesterday"), ("UTC", "Done today")] {
        let app = TestApp::start().await;
        let house = app.acme().house();
        app.execute(&format!("UPDATE platform.tenants SET time_zone = '{zone}' WHERE id = '{}'", house.tenant)).await;
        let (ada, cora) = (app.staff("ada").await, app.customer("cora").await);
        let today = app.app.clock.now().with_timezone(&zone.parse::<chrono_tz::Tz>().expect("a zone")).date_naive();
        let done = json!({ "day": today });
        ada.put(format!("/api/v1/milestones/{}/completion", house.milestones["cora"][0])).json(done).await.expect(200);
        let page = cora.get("/").await.expect(200).text();
        assert!(page.contains("Done today"), "{zone} ({sentence} elsewhere): {page}");
        settle(&app).await;
    }
}

#[tokio::test]
async fn a_schema_that_waits_for_its_migration_works_as_before() {
    let app = TestApp::start().await;
    let (id, schema) = (Uuid::now_v7(), tenants::random_schema(*Uuid::new_v4().as_bytes()));
    app.execute(&format!(
        "INSERT INTO platform.tenants (id, subdomain, name, schema, state, plan, time_zone, owner_email, owner_name, provision_step, created_at, updated_at) \
         VALUES ('{id}', 'older', 'Older Roofs', '{schema}', 'active', 'standard', 'UTC', 'x@x.example', 'X', 'active', now(), now())"
    ))
    .await;
    let pool = PgPoolOptions::new().max_connections(2).connect(app.app.config.database.owner_url.expose()).await.expect("the owner");
    let before = Set(Set::tenant().0[..1].to_vec());
    Fleet::new(pool.into(), "plumbline_app", Set::platform(), before).migrate_tenant(id, &schema).await.expect("the version before");
    let (staff, customer, household, project) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    app.execute(&format!(
        "SET search_path TO {schema};\
         INSERT INTO staff (id, email, name, role, joined_at, created_at) VALUES ('{staff}', 's@older.example', 'Sam Sample', 'owner', now(), now());\
         INSERT INTO customers (id, email, name, created_at, updated_at) VALUES ('{customer}', 'c@older.example', 'Cleo Sample', now(), now());\
         INSERT INTO households (id, name, address, created_at, updated_at) VALUES ('{household}', 'H', 'A', now(), now());\
         INSERT INTO household_members (household_id, customer_id, role) VALUES ('{household}', '{customer}', 'signer');\
         INSERT INTO projects (id, household_id, name, address, status, created_at, updated_at) VALUES ('{project}', '{household}', 'Old roof', 'A', 'active', now(), now());"
    ))
    .await;
    let tenant = app.app.tenants.by_id(tenants::TenantId(id)).await.expect("the registry").expect("a tenant");
    let sign_in = async |kind, person| {
        let cx = Caller::system(app.app.clone(), tenant.clone(), "Tests").begin().await.expect("a transaction");
        platform::branding::ops::seed(&cx, "Older Roofs").await.expect("a brand");
        let issued = session::create(&cx, kind, person, false).await.expect("a session");
        cx.commit().await.expect("committed");
        let session = issued.id.0;
        app.visitor("older").with_session(&issued.cookie(), session)
    };
    let (sam, cleo) = (sign_in(PersonKind::Staff, staff).await, sign_in(PersonKind::Customer, customer).await);
    let page = cleo.get("/").await.expect(200).text();
    assert!(page.contains("Work on your project is under way.") && page.contains("We are improving this page"), "{page}");
    assert!(!page.contains("data-cursor"), "no live updates without a cursor");
    cleo.get(format!("/projects/{project}")).await.expect(200);
    cleo.get(format!("/projects/{project}/documents")).await.expect(200);
    cleo.get(format!("/projects/{project}/updates")).await.expect(503);
    sam.get("/api/v1/projects").await.expect(200);
    sam.get(format!("/api/v1/projects/{project}/schedule")).await.expect_problem(503, "updating");
}
