//! The whole way in one test: from the signup of a company to its customer reading a document.

use serde_json::{Value, json};
use tests::{Client, DOMAIN, TestApp, contents};

#[tokio::test]
async fn from_a_signup_to_a_document_on_the_portal() {
    let app = TestApp::start().await;
    let console = sign_up(&app).await;
    let (customer, document) = furnish(&console).await;
    visit(&app, &console, &customer, &document).await;
    look_back(&console).await;
}

/// The company: signed up, confirmed by mail, made, and its owner in the console.
async fn sign_up(app: &TestApp) -> Client {
    let (owner, email) = (app.apex(), "dana@larkrise.example");
    owner.get("/").await.expect(200);
    let fields = [
        ("company", "Larkrise Roofing"),
        ("subdomain", "larkrise"),
        ("name", "Dana Sample"),
        ("email", email),
        ("time_zone", "Europe/Berlin"),
    ];
    owner.post("/signup").form(&fields).await.expect(200);
    app.run_jobs().await;
    let confirm = path(&app.mail(email).links, "/signup/confirm/");
    owner.get(&confirm).await.expect(200);
    let progress = owner.post(&confirm).await.expect(303).header("location").to_owned();
    owner.get(&progress).await.expect(200);
    app.run_jobs().await;
    let ready = owner.get(&progress).await.expect(200).text();
    let console = app.visitor("larkrise");
    let token = ready.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token in the page");
    let entered = console.post("/console/hand-over").form(&[("token", token)]).origin(Some(&format!("https://{DOMAIN}"))).await;
    assert_eq!(entered.expect(303).header("location"), "/console/");
    let session = console.get("/api/v1/session").await.expect(200).json();
    assert_eq!((session["person"]["name"].as_str(), session["person"]["role"].as_str()), (Some("Dana Sample"), Some("owner")));
    assert_eq!(session["tenant"]["time_zone"], "Europe/Berlin");
    console
}

/// A customer, a household, a project, a paper. Answers the ids of the customer and the paper.
async fn furnish(console: &Client) -> (String, String) {
    let new = json!({ "name": "Margaret Sample", "email": "margaret@home.example" });
    let customer = console.post("/api/v1/customers").json(new).await.expect(200).json();
    let members = json!([{ "customer_id": customer["id"], "role": "signer" }]);
    let new = json!({ "name": "The Samples", "address": "1 Sample Street", "members": members });
    let household = console.post("/api/v1/households").json(new).await.expect(200).json();
    let new = json!({ "name": "New roof", "household_id": household["id"], "address": "1 Sample Street", "status": "active" });
    let project = console.post("/api/v1/projects").json(new).await.expect(200).json();
    let project = project["id"].as_str().expect("an id");
    let bytes = contents("the journey");
    let new = json!({
        "title": "Roof contract", "kind": "contract", "visibility": "client",
        "file_name": "Roof contract.pdf", "media_type": "application/pdf", "bytes": bytes.len(),
    });
    let document = console.post(format!("/api/v1/projects/{project}/documents")).json(new).await.expect(200).json();
    let document = id(&document);
    let uploaded = console.put(format!("/api/v1/documents/{document}/versions/1/content")).file(bytes).await.expect(200).json();
    assert_eq!(uploaded["versions"][0]["state"], "ready");
    (id(&customer), document)
}

fn id(view: &Value) -> String {
    view["id"].as_str().expect("an id").to_owned()
}

/// The invitation, the sign-in by mail, the portal, and the paper.
async fn visit(app: &TestApp, console: &Client, customer: &str, document: &str) {
    console.post(format!("/api/v1/customers/{customer}/invitation")).await.expect(200);
    app.run_jobs().await;
    let portal = app.visitor("larkrise");
    let invitation = path(&app.mail("margaret@home.example").links, "/invitation/");
    let page = portal.get(&invitation).await.expect(200).text();
    assert!(page.contains("Larkrise Roofing"), "the invitation is in the company's name");
    portal.post(&invitation).await.expect(200);
    app.run_jobs().await;
    let link = path(&app.mail("margaret@home.example").links, "/sign-in/");
    portal.get(&link).await.expect(200);
    portal.post(&link).form(&[("trust_device", "on")]).await.expect(303);
    let home = portal.get("/").await.expect(200).text();
    assert!(home.contains("New roof") && home.contains("Roof contract"), "{home}");
    let read = portal.get(format!("/documents/{document}/versions/1/file")).await.expect(200);
    assert_eq!(read.body, contents("the journey"));
}

/// All of it is on record, and the checklist says what is done.
async fn look_back(console: &Client) {
    let log = console.get("/api/v1/audit?limit=100").await.expect(200).json();
    let kinds: Vec<&str> = log["items"].as_array().expect("items").iter().rev().filter_map(|e| e["kind"].as_str()).collect();
    let expected = [
        "tenant.opened",
        "session.created",
        "customer.created",
        "household.created",
        "household.member_set",
        "project.created",
        "document.created",
        "document.uploaded",
        "customer.invited",
        "session.created",
        "document.read",
    ];
    assert_eq!(kinds, expected);
    let whole = console.get("/api/v1/audit/verification").await.expect(200).json();
    assert_eq!((whole["ok"].as_bool(), whole["checked"].as_i64()), (Some(true), Some(11)));
    let setup = console.get("/api/v1/setup").await.expect(200).json();
    let done: Vec<&str> =
        setup["steps"].as_array().expect("steps").iter().filter(|s| s["done"] == true).filter_map(|s| s["key"].as_str()).collect();
    assert_eq!(done, ["customer", "project", "document", "customer_signed_in"]);
}

/// The path of the first link that contains this.
fn path(links: &[String], part: &str) -> String {
    let link = links.iter().find(|link| link.contains(part)).unwrap_or_else(|| panic!("no {part} among {links:?}"));
    let rest = link.split_once("://").expect("an address").1;
    format!("/{}", rest.split_once('/').expect("a path").1)
}
