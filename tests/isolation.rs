//! Strangers get nothing: every operation of the specification, with the ids of another company's things, in both
//! directions; without a session; with another company's session; on the wrong host. A new operation joins by existing.

use kernel::session::PersonKind;
use tests::{ACME, Client, DOMAIN, GLOBEX, House, Operation, Sent, TestApp, body, operations};

/// Operations that nobody has to be signed in for, and why. This list only shrinks.
const OPEN: &[(&str, &str)] = &[
    ("request_link", "asks for a sign-in mail; answers the same to everybody"),
    ("redeem_code", "signs in"),
    ("redeem_link", "signs in"),
    ("begin_passkey_sign_in", "signs in; says nothing about anybody"),
    ("redeem_passkey", "signs in"),
];

/// Whose things are named in paths: in this house, with a session of its own.
fn id_of(operation: &Operation, name: &str, house: &House, session: &str) -> String {
    let first = house.first();
    let section = operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default();
    match (section, name) {
        ("customers", "id") | ("households", "customer_id") => house.customers[first].to_string(),
        ("households", "id") => house.households[first].to_string(),
        ("project-templates", "template") => house.template.to_string(),
        // What a template is called is the same in every company, so there is no name of theirs; that their texts are not mine,
        // template_overrides.rs says.
        ("template-overrides", "template") => "theirs".into(),
        ("template-overrides", "number") => "1".into(),
        ("phases", "phase") => house.phases[first].to_string(),
        ("milestones", "milestone") => house.milestones[first][0].to_string(),
        ("projects", "project") => house.projects[first].to_string(),
        ("documents", "document") => house.documents[first].to_string(),
        ("documents", "number") => "1".into(),
        ("generated-documents", "generated") => house.generated.to_string(),
        ("updates", "update") => house.update.to_string(),
        ("appointments", "appointment") => house.visit.to_string(),
        ("weather-delays", "delay") => house.delay.to_string(),
        ("photos", "photo") => house.photos[first].to_string(),
        ("photos", "size") => "320".into(),
        ("plugins", "plugin") => house.plugin.to_string(),
        ("plugins", "run") => house.run.to_string(),
        ("plugins", "name") => "chat-token".into(),
        ("operator", "hash") => "0".repeat(64),
        ("photo-pairs", "pair") => house.pair.to_string(),
        ("team", "id") => house.staff.values().next_back().expect("staff").to_string(),
        ("passkeys", "passkey") => house.passkey.to_string(),
        ("devices", "device") => session.to_owned(),
        ("operator", "tenant") => house.tenant.to_string(),
        _ => panic!("{} {}: say here what a stranger's {{{name}}} is", operation.method, operation.path),
    }
}

#[tokio::test]
async fn ids_of_another_company_are_not_found() {
    let app = TestApp::start().await;
    for (me, them) in [(app.acme(), app.globex()), (app.globex(), app.acme())] {
        let (mine, theirs) = (me.boss().await, them.boss().await);
        let session = theirs.session.expect("a session").to_string();
        let before = log_of(&app, them.house()).await;
        for operation in operations() {
            if operation.names().is_empty() || !operation.doors.iter().any(|d| d == "Staff") {
                continue;
            }
            let path = operation.at(|name| id_of(&operation, name, them.house(), &session));
            let answer = mine.send(&operation, path, body(&operation.id, me.house())).await;
            assert_eq!(answer.status, 404, "{} ({}): {}", answer.asked, operation.id, answer.text());
        }
        assert_eq!(log_of(&app, them.house()).await, before, "nothing was read or changed over there");
    }
}

#[tokio::test]
async fn ids_of_another_company_in_a_body_are_refused() {
    let app = TestApp::start().await;
    let (mine, them) = (app.acme().boss().await, app.globex());
    let (household, customer) = (them.house().households["gil"], them.house().customers["gil"]);
    let new = serde_json::json!({ "name": "Roof", "address": "1 Sample Street", "household_id": household, "status": "planned" });
    mine.post("/api/v1/projects").json(new).await.expect_problem(422, "unknown");
    let members = serde_json::json!([{ "customer_id": customer, "role": "viewer" }]);
    let new = serde_json::json!({ "name": "House", "address": "1 Sample Street", "members": members });
    mine.post("/api/v1/households").json(new).await.expect_problem(422, "member_unknown");
    for query in [format!("projects?household={household}"), format!("audit?actor={customer}"), format!("audit?subject={household}")] {
        let list = mine.get(format!("/api/v1/{query}")).await.expect(200).json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "{query}");
    }
    let project = them.house().projects["gil"];
    mine.get(format!("/api/v1/documents?project={project}")).await.expect(404);
}

#[tokio::test]
async fn every_operation_asks_who_is_there() {
    let app = TestApp::start().await;
    let (me, them) = (app.acme(), app.globex());
    let session = me.boss().await.session.expect("a session").to_string();
    let here = me.boss().await;
    let knocks: [(&str, Client); 5] = [
        ("nobody", me.visitor()),
        ("a stranger's session", them.boss().await.at(&ACME.host())),
        ("a customer's cookie under the staff's name", renamed(&me.customer("cora").await)),
        ("an operator's cookie under the staff's name", renamed(&app.operator().await).at(&ACME.host())),
        ("an invented session", invented(&me.visitor())),
    ];
    for operation in operations() {
        if OPEN.iter().any(|(open, _)| *open == operation.id) {
            assert!(operation.doors.is_empty(), "{} is on the list of open operations without need", operation.id);
            continue;
        }
        assert!(!operation.doors.is_empty(), "{} asks nobody who they are: give it a door or a reason in OPEN", operation.id);
        let path = operation.at(|name| id_of(&operation, name, me.house(), &session));
        for (who, client) in &knocks {
            let answer = client.send(&operation, path.clone(), body(&operation.id, me.house())).await;
            assert_eq!(answer.status, 401, "{who}: {} ({}): {}", answer.asked, operation.id, answer.text());
        }
        if !operation.doors.iter().any(|d| d == "Staff") {
            here.send(&operation, path, body(&operation.id, me.house())).await.expect(401);
        }
    }
}

#[tokio::test]
async fn operators_and_staff_do_not_meet() {
    let app = TestApp::start().await;
    let (operator, boss, house) = (app.operator().await, app.acme().boss().await, app.acme().house());
    let session = boss.session.expect("a session").to_string();
    let (apex_boss, tenant_operator) = (boss.at(DOMAIN), operator.at(&ACME.host()));
    for operation in operations() {
        let path = operation.at(|name| id_of(&operation, name, house, &session));
        let sent = || body(&operation.id, house);
        let (for_staff, for_operators) = (door(&operation, "Staff"), door(&operation, "Operator"));
        if for_staff {
            apex_boss.send(&operation, path.clone(), sent()).await.expect(401);
        }
        if for_operators {
            tenant_operator.send(&operation, path.clone(), sent()).await.expect(401);
        }
        if for_staff && !for_operators {
            operator.send(&operation, path, sent()).await.expect(401);
        }
    }
    for path in ["/operator/", "/signup/progress/00000000-0000-0000-0000-000000000000"] {
        app.visitor("acme").get(path).await.expect(404);
    }
    for path in ["/console/", "/sign-in", "/devices", "/projects/00000000-0000-0000-0000-000000000000"] {
        app.apex().get(path).await.expect(404);
    }
}

#[tokio::test]
async fn a_customer_sees_one_household() {
    let app = TestApp::start().await;
    let (acme, globex) = (app.acme(), app.globex());
    let cora = acme.customer("cora").await;
    let neighbour = acme.customer("carl").await.session.expect("a session");
    let (mine, theirs) = (acme.house(), globex.house());
    let foreign = [(mine.projects["carl"], mine.documents["carl"]), (theirs.projects["gil"], theirs.documents["gil"])];
    for (project, document) in foreign {
        cora.get(format!("/projects/{project}")).await.expect(404);
        cora.get(format!("/projects/{project}/documents")).await.expect(404);
        cora.get(format!("/projects/{project}/updates")).await.expect(404);
        cora.get(format!("/projects/{project}/visits")).await.expect(404);
        cora.get(format!("/documents/{document}/versions/1/file")).await.expect(404);
        cora.head(format!("/documents/{document}/versions/1/file")).await.expect(404);
        cora.get(format!("/projects/{project}/photos.zip")).await.expect(404);
    }
    cora.get(format!("/documents/{}/versions/1/file", mine.internal)).await.expect(404);
    for photo in [mine.photos["carl"], theirs.photos["gil"], mine.internal_photo] {
        for what in ["320", "800", "1600", "original"] {
            cora.get(format!("/photos/{photo}/{what}")).await.expect(404);
        }
    }
    cora.get(format!("/photos/{}/320", mine.photos["cora"])).await.expect(200);
    cora.get(format!("/documents/{}/versions/2/file", mine.documents["cora"])).await.expect(404);
    cora.post(format!("/devices/{neighbour}/revocation")).await.expect(404);
    let page = cora.get(format!("/projects/{}/documents", mine.projects["cora"])).await.expect(200).text();
    assert!(page.contains("Contract of cora") && !page.contains("internal"), "{page}");
    let home = cora.get("/").await.expect(200).text();
    assert!(home.contains("Roof of cora") && !home.contains("Roof of carl") && !home.contains("internal"));
    cora.get(format!("/documents/{}/versions/1/file", mine.documents["cora"])).await.expect(200);
}

#[tokio::test]
async fn portal_pages_ask_who_is_there() {
    let app = TestApp::start().await;
    let (acme, house) = (app.acme(), app.acme().house());
    let (project, document) = (house.projects["cora"], house.documents["cora"]);
    let knocks = [acme.visitor(), app.globex().customer("gil").await.at(&ACME.host()), acme.boss().await];
    let pages = [
        "/".to_owned(),
        "/devices".into(),
        format!("/projects/{project}"),
        format!("/projects/{project}/documents"),
        format!("/projects/{project}/updates"),
        format!("/projects/{project}/visits"),
        format!("/appointments/{}/move", house.visit),
        "/calendar".into(),
        format!("/documents/{document}/versions/1/file"),
        format!("/projects/{project}/photos"),
        format!("/projects/{project}/photos.zip"),
        format!("/photos/{}/320", house.photos["cora"]),
        format!("/photos/{}/original", house.photos["cora"]),
    ];
    for client in &knocks {
        for page in &pages {
            assert_eq!(client.get(page).await.expect(303).header("location"), "/sign-in", "{page}");
        }
        for page in [
            "/devices/revocation".to_owned(),
            format!("/devices/{}/revocation", house.tenant),
            "/sign-out".into(),
            format!("/appointments/{}/confirmation", house.visit),
            format!("/appointments/{}/move", house.visit),
            "/calendar".into(),
            "/calendar/revocation".into(),
        ] {
            client.post(page).await.expect(401);
        }
    }
}

#[tokio::test]
async fn foreign_origins_change_nothing() {
    let app = TestApp::start().await;
    let boss = app.acme().boss().await;
    let before = log_of(&app, app.acme().house()).await;
    let origins =
        [None, Some("https://evil.example"), Some("https://globex.plumbline.example"), Some("https://plumbline.example"), Some("null")];
    for origin in origins {
        let new = serde_json::json!({ "name": "New", "email": "new@customers.example" });
        let answer = boss.post("/api/v1/customers").json(new).origin(origin).await;
        answer.expect_problem(403, "foreign_origin");
        boss.post("/sign-in").form(&[("email", "cora@acme.example")]).origin(origin).await.expect(403);
    }
    let site = boss.post("/api/v1/branding/palette").origin(None).header("sec-fetch-site", "cross-site");
    site.json(serde_json::json!({ "color": "#123456" })).await.expect(403);
    assert_eq!(log_of(&app, app.acme().house()).await, before);
}

#[tokio::test]
async fn unknown_and_closed_hosts_say_so() {
    let app = TestApp::start().await;
    for host in ["nobody", "acme.acme", "", "platform", "t_x"] {
        app.visitor(host).get("/sign-in").await.expect(404);
        app.visitor(host).get("/api/v1/session").await.expect_problem(404, "not_found");
    }
    let stranger = app.acme().boss().await.at("evil.example");
    stranger.get("/api/v1/session").await.expect(404);
    app.execute("UPDATE platform.tenants SET state = 'suspended' WHERE subdomain = 'globex'").await;
    let boss = app.globex().boss().await;
    app.app.tenants.forget(&app.tenant(app.globex().house()).await.clone()).await;
    boss.get("/api/v1/session").await.expect_problem(403, "suspended");
    app.globex().visitor().get("/").await.expect(403);
}

#[tokio::test]
async fn customers_transactions_see_their_household_whatever_is_asked() {
    let app = TestApp::start().await;
    let caller = app.acme().system().await;
    let cora = kernel::Actor::Customer { id: kernel::ids::CustomerId(app.acme().house().customers["cora"]), name: "Cora".into() };
    assert_eq!(PersonKind::Customer.name(), cora.kind());
    let cx = caller.acting_as(cora).begin().await.expect("a transaction");
    for (table, rows) in [
        ("customers", 1),
        ("households", 1),
        ("household_members", 1),
        ("projects", 1),
        ("documents", 1),
        ("document_versions", 1),
        ("photos", 2),
        ("photo_pairs", 1),
        ("appointments", 1),
        ("calendar_feeds", 0),
    ] {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let row =
            sea_orm::ConnectionTrait::query_one_raw(cx.db(), sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await;
        let n: i64 = row.expect("an answer").expect("a row").try_get("", "n").expect("a number");
        assert_eq!(n, rows, "{table}");
    }
}

fn door(operation: &Operation, name: &str) -> bool {
    operation.doors.iter().any(|d| d == name)
}

async fn log_of(app: &TestApp, house: &House) -> String {
    app.ask(&format!("SELECT seq FROM {}.event_head", house.schema)).await
}

/// The token of another kind of session, shown as a staff's and as an operator's.
fn renamed(client: &Client) -> Client {
    let token = ["__Host-pl-customer", "__Host-pl-operator"].into_iter().find_map(|name| client.cookie(name)).expect("a session");
    let client = client.at(&client.host);
    client.set_cookie("__Host-pl-staff", &token);
    client
}

fn invented(client: &Client) -> Client {
    client.set_cookie("__Host-pl-staff", "==%00;drop table");
    client.set_cookie("__Host-pl-operator", &"x".repeat(5000));
    client.clone()
}

#[test]
fn bodies_are_there_for_what_needs_one() {
    // `body` falls back to nothing: what the specification wants a body for must not.
    let spec: serde_json::Value = serde_json::from_str(&platform::cli::openapi::text().expect("a specification")).expect("JSON");
    let one = |name: &str| [(name.to_owned(), uuid::Uuid::nil())].into();
    let house = House { company: GLOBEX.company.into(), households: one("gil"), photos: one("gil"), ..House::default() };
    for operation in operations() {
        let wants = !spec["paths"][&operation.path][operation.method.to_lowercase()]["requestBody"].is_null();
        assert_eq!(wants, !matches!(body(&operation.id, &house), Sent::Nothing), "{}: see tests/harness/operations.rs", operation.id);
    }
}
