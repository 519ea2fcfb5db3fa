//! Builds the template by the product's own ways: two signups, and what their owners do next.

use crate::{ACME, Cast, Client, GLOBEX, House, TestApp, contents, delay_sql, generated_sql, photo};
use kernel::{
    config::Config,
    session::{self, PersonKind},
};
use serde_json::{Value, json};
use tenants::TenantId;
use uuid::Uuid;

/// Migrates an empty database and fills it.
pub async fn build(config: Config) -> [House; 2] {
    let database = "template".to_owned();
    let app = TestApp::over(config, database, false).await;
    let fleet = app.app.tenants.fleet().expect("an owner");
    fleet.migrate(&migrations::Options::default(), None).await.expect("the platform's schema");
    platform::app::prepare(&app.app).await.expect("a database that is safe and migrated");
    let houses = [company(&app, &ACME).await, company(&app, &GLOBEX).await];
    // What waits after the things above (news of them, a look at the weather) is done here and not again in each test.
    app.clock.advance(chrono::Duration::minutes(11));
    app.run_jobs().await;
    houses
}

async fn company(app: &TestApp, cast: &Cast) -> House {
    let mut house = sign_up(app, cast).await;
    let owner = owner(app, &house).await;
    for (name, role) in &cast.staff[1..] {
        let new = json!({ "email": cast.email(name), "name": full(name), "role": role });
        house.staff.insert((*name).to_owned(), id(&owner.post("/api/v1/team").json(new).await.expect(200).json()));
    }
    house.template = id(&owner.post("/api/v1/project-templates").json(crate::template_body("Roof replacement")).await.expect(200).json());
    for name in cast.customers {
        family(&owner, cast, name, &mut house).await;
    }
    let project = house.projects[cast.customers[0]];
    house.internal = document(&owner, project, "internal", "internal").await;
    let update = json!({ "body": "The old tiles are off.", "visibility": "client" });
    house.update = id(&owner.post(format!("/api/v1/projects/{project}/updates")).json(update).await.expect(200).json());
    house.visit = visit(&owner, project).await;
    let (before, after) = (photo_of(&owner, project, "before", "client").await, house.photos[cast.customers[0]]);
    let pair = json!({ "before_id": before, "after_id": after, "title": "The roof from the street" });
    house.pair = id(&owner.post(format!("/api/v1/projects/{project}/photo-pairs")).json(pair).await.expect(200).json());
    house.internal_photo = photo_of(&owner, project, "internal", "internal").await;
    house.passkey = passkey(app, &house).await;
    house.delay = delay(app, &house).await;
    (house.plugin, house.run) = plugin(&owner, project).await;
    house.generated = Uuid::now_v7();
    by_hand(app, &house, &generated_sql(house.generated, project)).await;
    app.run_jobs().await;
    house
}

async fn sign_up(app: &TestApp, cast: &Cast) -> House {
    let (owner, _) = cast.staff[0];
    let (email, browser) = (cast.email(owner), app.apex());
    let fields = [
        ("company", cast.company),
        ("subdomain", cast.company),
        ("name", &full(owner)),
        ("email", &email),
        ("time_zone", "America/New_York"),
    ];
    browser.post("/signup").form(&fields).await.expect(200);
    app.run_jobs().await;
    let link = app.mail(&email).links.into_iter().find(|l| l.contains("/signup/confirm/")).expect("a link in the mail");
    let path = link.split_once(crate::DOMAIN).expect("a link to us").1.to_owned();
    let progress = browser.post(&path).await.expect(303).header("location").to_owned();
    app.run_jobs().await;
    browser.get(progress).await.expect(200);

    let host = format!("{}.{}", cast.company, crate::DOMAIN);
    let tenant = app.app.tenants.by_host(&host).await.expect("the registry").expect("a tenant");
    let mut house = House {
        tenant: tenant.id.0,
        company: cast.company.to_owned(),
        schema: tenant.names.schema.clone(),
        key_arn: tenant.key_arn.clone(),
        ..House::default()
    };
    let system = kernel::Caller::system(app.app.clone(), tenant, "Tests");
    let cx = system.begin().await.expect("a transaction");
    let person = platform::team::ops::find_by_email(&cx, &email).await.expect("a question").expect("the owner");
    house.staff.insert(owner.to_owned(), person.id.0);
    house
}

/// The owner's browser, before the template is there to ask.
async fn owner(app: &TestApp, house: &House) -> Client {
    let tenant = app.app.tenants.by_id(TenantId(house.tenant)).await.expect("the registry").expect("a tenant");
    let cx = kernel::Caller::system(app.app.clone(), tenant, "Tests").begin().await.expect("a transaction");
    let person = *house.staff.values().next().expect("the owner");
    let issued = session::create(&cx, PersonKind::Staff, person, false).await.expect("a session");
    cx.commit().await.expect("committed");
    let id = issued.id.0;
    app.visitor(&house.company).with_session(&issued.cookie(), id)
}

/// A customer with household, project and a document.
async fn family(owner: &Client, cast: &Cast, name: &str, house: &mut House) {
    let new = json!({ "name": full(name), "email": cast.email(name), "phone": "(555) 010-0100" });
    let customer = id(&owner.post("/api/v1/customers").json(new).await.expect(200).json());
    let members = json!([{ "customer_id": customer, "role": "signer" }]);
    let new = json!({ "name": format!("House of {name}"), "address": "1 Sample Street, Sampleton", "members": members });
    let household = id(&owner.post("/api/v1/households").json(new).await.expect(200).json());
    let new = json!({ "name": format!("Roof of {name}"), "address": "1 Sample Street, Sampleton", "household_id": household, "status": "active" });
    let project = id(&owner.post("/api/v1/projects").json(new).await.expect(200).json());
    let document = document(owner, project, name, "client").await;
    // Long ago, so that work may have begun on whatever day a test plays.
    let apply = json!({ "template_id": house.template, "start": "2026-01-05" });
    let schedule = owner.post(format!("/api/v1/projects/{project}/template")).json(apply).await.expect(200).json();
    house.phases.insert(name.to_owned(), id(&schedule["phases"][0]));
    let milestones = schedule["milestones"].as_array().expect("milestones").iter().map(id).collect();
    house.milestones.insert(name.to_owned(), milestones);
    house.customers.insert(name.to_owned(), customer);
    house.households.insert(name.to_owned(), household);
    house.projects.insert(name.to_owned(), project);
    house.documents.insert(name.to_owned(), document);
    house.photos.insert(name.to_owned(), photo_of(owner, project, name, "client").await);
}

/// A photo, really uploaded.
async fn photo_of(owner: &Client, project: Uuid, of: &str, visibility: &str) -> Uuid {
    let bytes = photo(of);
    let file = json!({ "file_name": format!("{of}.jpg"), "media_type": "image/jpeg", "bytes": bytes.len() });
    let new = json!({ "photos": [file], "visibility": visibility, "room": "Roof" });
    let list = owner.post(format!("/api/v1/projects/{project}/photos")).json(new).await.expect(200).json();
    let photo = id(&list["items"][0]);
    owner.put(format!("/api/v1/photos/{photo}/content")).file(bytes).await.expect(200);
    photo
}

/// A document with one version, really uploaded.
async fn document(owner: &Client, project: Uuid, of: &str, visibility: &str) -> Uuid {
    let bytes = contents(of);
    let new = json!({
        "title": format!("Contract of {of}"), "kind": "contract", "visibility": visibility,
        "file_name": format!("{of}.pdf"), "media_type": "application/pdf", "bytes": bytes.len(),
    });
    let document = id(&owner.post(format!("/api/v1/projects/{project}/documents")).json(new).await.expect(200).json());
    owner.put(format!("/api/v1/documents/{document}/versions/1/content")).file(bytes).await.expect(200);
    document
}

/// A plugin that was approved and tried once.
async fn plugin(owner: &Client, project: Uuid) -> (Uuid, Uuid) {
    let plugin = id(&owner.post("/api/v1/plugins").file(crate::LETTERS.to_vec()).await.expect(200).json()["plugin"]);
    let approval = json!({ "number": 1, "projects": true, "kv": true, "http": ["chat.example.com"], "secrets": ["chat-token"] });
    owner.put(format!("/api/v1/plugins/{plugin}/active")).json(approval).await.expect(200);
    let test = json!({ "project_id": project, "event": "milestone.completed" });
    let run = owner.post(format!("/api/v1/plugins/{plugin}/tests")).json(test).await.expect(200).json();
    (plugin, id(&run["run"]))
}

/// A row that only has to be there; nobody's, for its credential is none.
async fn passkey(app: &TestApp, house: &House) -> Uuid {
    let (id, person) = (Uuid::now_v7(), Uuid::now_v7());
    let sql = format!(
        "INSERT INTO passkeys (id, person_kind, person_id, credential_id, name, credential, created_at) \
         VALUES ('{id}', 'staff', '{person}', decode('{}', 'hex'), 'Key of the tests', '{{}}', now())",
        id.simple()
    );
    by_hand(app, house, &sql).await;
    id
}

/// Likewise: it is dismissed, so that nothing follows from it.
async fn delay(app: &TestApp, house: &House) -> Uuid {
    let (id, milestone) = (Uuid::now_v7(), house.milestones[house.first()][0]);
    by_hand(app, house, &delay_sql(id, milestone, "dismissed")).await;
    id
}

/// A statement in the company's schema.
async fn by_hand(app: &TestApp, house: &House, sql: &str) {
    let tenant = app.app.tenants.by_id(TenantId(house.tenant)).await.expect("the registry").expect("a tenant");
    let tx = app.app.tenants.begin(&tenant, tenants::Scope::Staff).await.expect("a transaction");
    let done = sea_orm::ConnectionTrait::execute_unprepared(&tx, sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    assert_eq!(done.rows_affected(), 1, "{sql}");
    tx.commit().await.expect("committed");
}

/// A visit so far away that nobody is reminded of it in a test.
async fn visit(owner: &Client, project: Uuid) -> Uuid {
    let day = crate::tomorrow() + chrono::Days::new(365);
    let new = json!({ "title": "We look at the roof", "day": day, "from": "08:00", "until": "11:00", "visibility": "client" });
    id(&owner.post(format!("/api/v1/projects/{project}/appointments")).json(new).await.expect(200).json())
}

fn id(view: &Value) -> Uuid {
    view["id"].as_str().and_then(|id| id.parse().ok()).expect("an id in the answer")
}

/// `Ada Sample`.
fn full(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest} Sample", first.to_uppercase())
}
