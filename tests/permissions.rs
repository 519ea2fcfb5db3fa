//! Role by operation: what owners, managers and members may do. A new operation needs a line.

use serde_json::{Value, json};
use tests::{Client, House, Operation, Sent, TestApp, body, operations};

/// Who may: everybody of the staff, managers and owners, or nobody of the staff.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    Staff,
    Managers,
    Operators,
    Anybody,
}
use May::{Anybody, Managers, Operators, Staff};

const TABLE: &[(&str, May)] = &[
    ("list_audit", Managers),
    ("verify_audit", Managers),
    ("get_branding", Staff),
    ("change_branding", Managers),
    ("set_logo", Managers),
    ("remove_logo", Managers),
    ("preview_palette", Staff),
    ("list_customers", Staff),
    ("create_customer", Staff),
    ("get_customer", Staff),
    ("change_customer", Staff),
    ("invite_customer", Staff),
    ("list_devices", Staff),
    ("revoke_other_devices", Staff),
    ("revoke_device", Staff),
    ("list_documents", Staff),
    ("list_project_documents", Staff),
    ("create_document", Staff),
    ("get_document", Staff),
    ("change_document", Staff),
    ("withdraw_document", Managers),
    ("add_document_version", Staff),
    ("upload_document_content", Staff),
    ("download_document_content", Staff),
    ("look_at_document_content", Staff),
    ("get_document_settings", Staff),
    ("change_document_settings", Managers),
    ("list_generated_documents", Staff),
    ("generate_document", Staff),
    ("preview_document", Staff),
    ("get_generated_document", Staff),
    ("retry_generated_document", Staff),
    ("list_households", Staff),
    ("create_household", Staff),
    ("get_household", Staff),
    ("change_household", Staff),
    ("set_household_member", Staff),
    ("remove_household_member", Staff),
    ("list_operator_audit", Operators),
    ("verify_operator_audit", Operators),
    ("list_tenants", Operators),
    ("get_tenant", Operators),
    ("list_passkeys", Staff),
    ("begin_passkey", Staff),
    ("add_passkey", Staff),
    ("remove_passkey", Staff),
    ("list_photos", Staff),
    ("announce_photos", Staff),
    ("get_photo", Staff),
    ("change_photo", Staff),
    ("withdraw_photo", Staff),
    ("upload_photo_content", Staff),
    ("download_photo_content", Staff),
    ("get_photo_rendition", Staff),
    ("download_photos", Staff),
    ("get_photo_markup", Staff),
    ("mark_up_photo", Staff),
    ("list_photo_pairs", Staff),
    ("pair_photos", Staff),
    ("unpair_photos", Staff),
    ("list_shots", Staff),
    ("change_shots", Staff),
    ("get_photo_settings", Staff),
    ("change_photo_settings", Managers),
    ("list_plugins", Managers),
    ("upload_plugin", Managers),
    ("list_plugin_documents", Staff),
    ("get_plugin", Managers),
    ("delete_plugin", Managers),
    ("approve_plugin", Managers),
    ("enable_plugin", Managers),
    ("change_plugin_settings", Managers),
    ("set_plugin_secret", Managers),
    ("remove_plugin_secret", Managers),
    ("test_plugin", Managers),
    ("list_plugin_runs", Managers),
    ("get_plugin_run", Managers),
    ("get_plugin_run_document", Managers),
    ("get_plugin_recording", Managers),
    ("replay_plugin_run", Managers),
    ("rehearse_plugin", Managers),
    ("list_plugin_rehearsals", Managers),
    ("list_operator_plugins", Operators),
    ("stop_plugin", Operators),
    ("release_plugin", Operators),
    ("list_projects", Staff),
    ("create_project", Staff),
    ("get_project", Staff),
    ("change_project", Staff),
    ("get_project_details", Staff),
    ("change_project_details", Staff),
    ("list_project_templates", Staff),
    ("create_project_template", Managers),
    ("get_project_template", Staff),
    ("change_project_template", Managers),
    ("archive_project_template", Managers),
    ("create_project_from_template", Staff),
    ("apply_project_template", Staff),
    ("get_schedule", Staff),
    ("create_phase", Staff),
    ("change_phase", Staff),
    ("remove_phase", Staff),
    ("create_milestone", Staff),
    ("change_milestone", Staff),
    ("remove_milestone", Staff),
    ("start_milestone", Staff),
    ("complete_milestone", Staff),
    ("reopen_milestone", Staff),
    ("preview_move", Staff),
    ("move_milestone", Staff),
    ("change_draws", Staff),
    ("get_work_calendar", Staff),
    ("change_work_calendar", Managers),
    ("get_session", Staff),
    ("sign_out", Staff),
    ("request_link", Anybody),
    ("redeem_code", Anybody),
    ("redeem_link", Anybody),
    ("begin_passkey_sign_in", Anybody),
    ("redeem_passkey", Anybody),
    ("get_setup", Staff),
    ("list_project_appointments", Staff),
    ("list_appointments", Staff),
    ("create_appointment", Staff),
    ("get_appointment", Staff),
    ("change_appointment", Staff),
    ("cancel_appointment", Staff),
    ("list_updates", Staff),
    ("list_activity", Staff),
    ("post_update", Staff),
    ("change_update", Staff),
    ("withdraw_update", Staff),
    ("get_weather", Staff),
    ("list_weather_delays", Staff),
    ("accept_weather_delay", Staff),
    ("dismiss_weather_delay", Staff),
    ("withdraw_weather_delay", Staff),
    ("get_weather_rules", Staff),
    ("change_weather_rules", Managers),
    ("find_places", Staff),
    ("list_template_overrides", Managers),
    ("get_template_override", Managers),
    ("save_template_override", Managers),
    ("preview_template_override", Managers),
    ("restore_template_override", Managers),
    ("switch_off_template_override", Managers),
    ("list_template_override_versions", Managers),
    ("get_template_override_version", Managers),
    ("list_team", Staff),
    ("invite_staff", Managers),
    ("change_staff", Managers),
    ("invite_staff_again", Managers),
    ("deactivate_staff", Managers),
    ("reactivate_staff", Managers),
];

/// Operations that a browser's own secret is needed for: allowed, but answered so.
const ANSWERS: &[(&str, u16)] = &[
    ("add_passkey", 410),
    ("remove_passkey", 404),
    // A run of a plugin that makes no documents.
    ("get_plugin_run_document", 404),
];

#[tokio::test]
async fn every_role_may_what_the_table_says() {
    let app = TestApp::start().await;
    let known: Vec<String> = operations().into_iter().map(|o| o.id).collect();
    for (id, _) in TABLE {
        assert!(known.iter().any(|k| k == id), "{id} is in the table and not in the specification");
    }
    for operation in operations() {
        let Some((_, may)) = TABLE.iter().find(|(id, _)| *id == operation.id) else {
            panic!("{} is not in the table of tests/permissions.rs: who may do it?", operation.id)
        };
        if *may == Anybody {
            continue;
        }
        for (name, manager) in [("mel", false), ("mo", true), ("ada", true)] {
            // The owner who prepares is fresh each time: some operations end all other sessions.
            let (ada, client) = (app.staff("ada").await, app.staff(name).await);
            let (path, sent) = prepare(&app, &ada, &client, &operation).await;
            let answer = client.send(&operation, path, sent).await;
            let usual = ANSWERS.iter().find(|(id, _)| *id == operation.id).map(|(_, status)| *status);
            match may {
                Operators => assert_eq!(answer.status, 401, "{name}: {}", answer.asked),
                Managers if !manager => assert_eq!(answer.status, 403, "{name}: {} {}", answer.asked, answer.text()),
                _ => match usual {
                    Some(status) => assert_eq!(answer.status, status, "{name}: {} {}", answer.asked, answer.text()),
                    None => assert!((200..300).contains(&answer.status), "{name}: {} {} {}", answer.status, answer.asked, answer.text()),
                },
            }
        }
    }
    app.run_jobs().await;
}

/// Fresh things for what can be done once only, the template's for the rest.
#[expect(clippy::too_many_lines, reason = "a table: an arm for each operation that needs something fresh")]
async fn prepare(app: &TestApp, owner: &Client, me: &Client, operation: &Operation) -> (String, Sent) {
    let house = app.acme().house();
    let mut sent = body(&operation.id, house);
    let mut ids: Vec<(&str, String)> =
        vec![("number", "1".into()), ("tenant", house.tenant.to_string()), ("passkey", house.passkey.to_string())];
    match operation.id.as_str() {
        "withdraw_document" | "upload_document_content" | "add_document_version" => {
            let project = house.projects["cora"];
            let new = json!({
                "title": "Fresh", "kind": "other", "visibility": "internal", "file_name": "f.pdf", "media_type": "application/pdf", "bytes": 200,
            });
            ids.push(("document", id(owner.post(format!("/api/v1/projects/{project}/documents")).json(new).await.expect(200).json())));
        }
        "withdraw_photo" | "upload_photo_content" => ids.push(("photo", announced(owner, house).await)),
        "pair_photos" | "unpair_photos" => {
            let before = announced(owner, house).await;
            owner.put(format!("/api/v1/photos/{before}/content")).file(tests::photo("before")).await.expect(200);
            let pair = json!({ "before_id": before, "after_id": house.photos["cora"], "title": "The roof" });
            match operation.id.as_str() {
                "pair_photos" => sent = Sent::Json(pair),
                _ => {
                    let list = format!("/api/v1/projects/{}/photo-pairs", house.projects["cora"]);
                    ids.push(("pair", id(owner.post(list).json(pair).await.expect(200).json())));
                }
            }
        }
        "change_staff" | "invite_staff_again" | "deactivate_staff" | "reactivate_staff" => {
            let Sent::Json(new) = body("invite_staff", house) else { unreachable!() };
            ids.push(("id", id(owner.post("/api/v1/team").json(new).await.expect(200).json())));
        }
        "set_household_member" | "remove_household_member" => {
            let Sent::Json(new) = body("create_customer", house) else { unreachable!() };
            let customer = id(owner.post("/api/v1/customers").json(new).await.expect(200).json());
            let household = house.households["cora"];
            let path = format!("/api/v1/households/{household}/members/{customer}");
            owner.put(path).json(json!({ "role": "viewer" })).await.expect(200);
            ids.extend([("customer_id", customer), ("id", household.to_string())]);
        }
        "change_update" | "withdraw_update" => {
            // One's own: whose others' are, updates.rs says.
            let project = house.projects["cora"];
            let new = me.post(format!("/api/v1/projects/{project}/updates")).json(json!({ "body": "Fresh.", "visibility": "internal" }));
            ids.push(("update", id(new.await.expect(200).json())));
        }
        "cancel_appointment" | "change_appointment" | "get_appointment" => {
            let Sent::Json(new) = body("create_appointment", house) else { unreachable!() };
            let list = format!("/api/v1/projects/{}/appointments", house.projects["cora"]);
            ids.push(("appointment", id(owner.post(list).json(new).await.expect(200).json())));
        }
        "archive_project_template" => {
            let Sent::Json(new) = body("create_project_template", house) else { unreachable!() };
            ids.push(("template", id(owner.post("/api/v1/project-templates").json(new).await.expect(200).json())));
        }
        "apply_project_template" => {
            let Sent::Json(new) = body("create_project", house) else { unreachable!() };
            ids.push(("project", id(owner.post("/api/v1/projects").json(new).await.expect(200).json())));
        }
        "remove_phase" | "remove_milestone" | "move_milestone" | "preview_move" | "start_milestone" => {
            let (phase, milestone) = planned(owner, house, operation.id != "remove_phase").await;
            ids.extend(milestone.map(|milestone| ("milestone", milestone)));
            ids.push(("phase", phase));
        }
        "accept_weather_delay" | "dismiss_weather_delay" | "withdraw_weather_delay" => {
            let (_, milestone) = planned(owner, house, true).await;
            let (delay, milestone) = (uuid::Uuid::now_v7(), milestone.and_then(|m| m.parse().ok()).expect("a milestone"));
            let state = if operation.id == "withdraw_weather_delay" { "accepted" } else { "proposed" };
            app.execute(&format!("SET search_path TO {}; {}", house.schema, tests::delay_sql(delay, milestone, state))).await;
            ids.push(("delay", delay.to_string()));
        }
        "retry_generated_document" => {
            let generated = uuid::Uuid::now_v7();
            let sql = tests::generated_sql(generated, house.projects["cora"]);
            app.execute(&format!("SET search_path TO {}; {sql}", house.schema)).await;
            ids.push(("generated", generated.to_string()));
        }
        "restore_template_override" | "get_template_override_version" => {
            let Sent::Json(text) = body("save_template_override", house) else { unreachable!() };
            owner.put("/api/v1/template-overrides/mail_invitation").json(text).await.expect(200);
        }
        operation if operation.contains("plugin") && !matches!(operation, "upload_plugin" | "stop_plugin" | "release_plugin") => {
            let (plugin, run) = fresh_plugin(owner, house).await;
            ids.extend([("plugin", plugin), ("run", run)]);
        }
        "create_household" => sent = Sent::Json(json!({ "name": "House", "address": "1 Sample Street", "members": [] })),
        _ => {}
    }
    let section = operation.path.split('/').nth(3).unwrap_or_default().to_owned();
    let path = operation.at(|name| match ids.iter().find(|(known, _)| *known == name) {
        Some((_, id)) => id.clone(),
        None => match (section.as_str(), name) {
            ("customers", "id") => house.customers["cora"].to_string(),
            ("households", "id") => house.households["cora"].to_string(),
            ("documents", "document") => house.documents["cora"].to_string(),
            ("generated-documents", "generated") => house.generated.to_string(),
            ("photos", "photo") => house.photos["cora"].to_string(),
            ("photos", "size") => "800".into(),
            ("project-templates", "template") => house.template.to_string(),
            ("template-overrides", "template") => "mail_invitation".into(),
            ("phases", "phase") => house.phases["cora"].to_string(),
            ("milestones", "milestone") => house.milestones["cora"][0].to_string(),
            ("projects", "project") => house.projects["cora"].to_string(),
            ("plugins", "plugin") => house.plugin.to_string(),
            ("plugins", "name") => "chat-token".into(),
            ("operator", "hash") => "0".repeat(64),
            ("devices", "device") => me.session.expect("a session").to_string(),
            _ => panic!("{}: say here what {{{name}}} is", operation.path),
        },
    });
    (path, sent)
}

/// A photo whose bytes are to come.
async fn announced(owner: &Client, house: &tests::House) -> String {
    let Sent::Json(new) = body("announce_photos", house) else { unreachable!() };
    let list = format!("/api/v1/projects/{}/photos", house.projects["cora"]);
    id(owner.post(list).json(new).await.expect(200).json()["items"][0].clone())
}

/// The plugin of the template, whether or not somebody has deleted it, approved and tried.
async fn fresh_plugin(owner: &Client, house: &House) -> (String, String) {
    let plugin = id(owner.post("/api/v1/plugins").file(tests::LETTERS.to_vec()).await.expect(200).json()["plugin"].clone());
    let Sent::Json(approval) = body("approve_plugin", house) else { unreachable!() };
    owner.put(format!("/api/v1/plugins/{plugin}/active")).json(approval).await.expect(200);
    let Sent::Json(test) = body("test_plugin", house) else { unreachable!() };
    let run = owner.post(format!("/api/v1/plugins/{plugin}/tests")).json(test).await.expect(200).json();
    (plugin, id(run["run"].clone()))
}

/// A fresh phase, and a milestone in it if there is to be one.
async fn planned(owner: &Client, house: &House, milestone: bool) -> (String, Option<String>) {
    let project = house.projects["cora"];
    let extra = json!({ "name": "Extra", "weight": 1 });
    let schedule = owner.post(format!("/api/v1/projects/{project}/phases")).json(extra).await.expect(200).json();
    let phase = id(schedule["phases"].as_array().and_then(|p| p.last()).expect("a phase").clone());
    if !milestone {
        return (phase, None);
    }
    let Sent::Json(new) = body("create_milestone", house) else { unreachable!() };
    let schedule = owner.post(format!("/api/v1/phases/{phase}/milestones")).json(new).await.expect(200).json();
    let milestone = schedule["milestones"].as_array().and_then(|m| m.last()).expect("a milestone").clone();
    (phase, Some(id(milestone)))
}

fn id(view: Value) -> String {
    view["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn the_screens_are_told_the_same() {
    let app = TestApp::start().await;
    for (name, managers) in [("ada", true), ("mo", true), ("mel", false)] {
        let session = app.staff(name).await.get("/api/v1/session").await.expect(200).json();
        let has = |p: &str| session["permissions"].as_array().expect("permissions").iter().any(|x| x == p);
        for everybody in ["people.write", "projects.write", "documents.write"] {
            assert!(has(everybody), "{name}: {everybody}");
        }
        for chief in ["documents.delete", "branding.write", "audit.read", "team.manage"] {
            assert_eq!(has(chief), managers, "{name}: {chief}");
        }
    }
}
