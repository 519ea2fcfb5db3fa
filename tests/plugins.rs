//! Plugins: uploaded, approved, enabled, run when something happens and when documents are made, tried, rehearsed, turned off by
//! themselves and by operators, and gone.

#[path = "../plugins/host/tests/all/fixtures.rs"]
#[allow(dead_code, reason = "the host's tests use more of it")]
mod fixtures;

use chrono::Duration;
use fixtures::{Guest, NOTHING};
use plugin_host::{inspect::inspect, pack::pack};
use serde_json::{Value, json};
use tests::{Client, LETTERS, TestApp};
use uuid::Uuid;

const ROOFING: &[u8] = include_bytes!("../plugins/examples/roofing-warranty/roofing-warranty.wasm");
const WAIVER: &[u8] = include_bytes!("../plugins/examples/lien-waiver/lien-waiver.wasm");
const CORA: &str = "cora@acme.example";

fn cora(app: &TestApp) -> Uuid {
    app.acme().house().projects["cora"]
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

async fn upload(client: &Client, wasm: &[u8]) -> Value {
    client.post("/api/v1/plugins").file(wasm.to_vec()).await.expect(200).json()
}

/// Approves all that a version asks for.
async fn approve(client: &Client, plugin: &Value, number: i64) -> Value {
    let version = plugin["versions"].as_array().expect("versions").iter().find(|v| v["number"] == number).expect("the version");
    let wants = version["wants"].as_array().expect("wants");
    let has = |kind: &str| wants.iter().any(|w| w["kind"] == kind);
    let names = |kind: &str| wants.iter().filter(|w| w["kind"] == kind).map(|w| w["name"].clone()).collect::<Vec<_>>();
    let approval = json!({
        "number": number, "projects": has("projects"), "kv": has("kv"), "http": names("http"), "secrets": names("secret"),
    });
    client.put(at(plugin, "/active")).json(approval).await.expect(200).json()
}

fn at(plugin: &Value, rest: &str) -> String {
    format!("/api/v1/plugins/{}{rest}", text(&plugin["id"]))
}

async fn enable(client: &Client, plugin: &Value, events: &[&str], documents: &[&str]) -> Value {
    let enabling = json!({ "enabled": true, "events": events, "documents": documents });
    client.put(at(plugin, "/enabling")).json(enabling).await.expect(200).json()
}

/// Uploaded, approved and turned on.
async fn installed(client: &Client, wasm: &[u8], events: &[&str], documents: &[&str]) -> Value {
    let plugin = upload(client, wasm).await["plugin"].clone();
    let plugin = approve(client, &plugin, 1).await;
    enable(client, &plugin, events, documents).await
}

async fn runs(client: &Client, plugin: &Value) -> Vec<Value> {
    client.get(at(plugin, "/runs")).await.expect(200).json()["items"].as_array().expect("runs").clone()
}

async fn run(client: &Client, plugin: &Value, run: &Value) -> Value {
    client.get(at(plugin, &format!("/runs/{}", text(&run["id"])))).await.expect(200).json()
}

/// A document made by hand, with what is known of it afterwards.
async fn document(app: &TestApp, client: &Client, new: Value) -> Value {
    let made = client.post(format!("/api/v1/projects/{}/generated-documents", cora(app))).json(new).await.expect(200).json();
    app.run_jobs().await;
    client.get(format!("/api/v1/generated-documents/{}", text(&made["id"]))).await.expect(200).json()
}

/// A milestone of cora's project is done; the ones before it are, too.
async fn complete(app: &TestApp, client: &Client, nth: usize) {
    let milestone = app.acme().house().milestones["cora"][nth];
    client.put(format!("/api/v1/milestones/{milestone}/completion")).json(json!({ "day": null })).await.expect(200);
}

/// The same plugin as another version, and with another title.
fn version(wasm: &[u8], version: &str, change: impl FnOnce(&mut plugin_host::Manifest)) -> Vec<u8> {
    let mut manifest = inspect(wasm).expect("a plugin").manifest;
    manifest.version = version.parse().expect("a version");
    change(&mut manifest);
    pack(wasm, &manifest).expect("packed")
}

#[tokio::test]
async fn an_upload_is_checked_and_does_nothing_until_it_is_approved() {
    let app = TestApp::start().await;
    let (mo, mel) = (app.staff("mo").await, app.staff("mel").await);
    mel.post("/api/v1/plugins").file(ROOFING.to_vec()).await.expect_problem(403, "not_allowed");
    for (bytes, code, words) in [
        (b"GIF89a".to_vec(), "not-wasm", "not a WebAssembly file"),
        (b"\x7fELF\x02".to_vec(), "precompiled", "machine code"),
        (Guest::hook(NOTHING).bare(), "no-manifest", "no description"),
        (Vec::new(), "not-wasm", "empty"),
    ] {
        let refused = mo.post("/api/v1/plugins").file(bytes).await.expect_problem(422, code);
        assert!(refused.text().contains(words), "{}", refused.text());
    }
    let done = upload(&mo, ROOFING).await;
    let plugin = &done["plugin"];
    assert_eq!((text(&plugin["state"]), done["number"].as_i64(), done["known"].as_bool()), ("new", Some(1), Some(false)));
    let version = &plugin["versions"][0];
    assert!(text(&version["checks"][1]).contains("makes documents"), "{version}");
    assert_eq!((text(&version["wants"][0]["kind"]), version["wants"][0]["is_new"].as_bool()), ("projects", Some(true)));
    assert!(version["never"].as_array().is_some_and(|never| never.iter().any(|n| n == "Reach any website.")));
    mo.put(at(plugin, "/enabling"))
        .json(json!({ "enabled": true, "events": [], "documents": ["warranty"] }))
        .await
        .expect_problem(409, "plugin_not_approved");
    assert_eq!(upload(&mo, ROOFING).await["known"], json!(true), "the same file again is the same version");
    let plugin = approve(&mo, plugin, 1).await;
    assert_eq!((text(&plugin["state"]), plugin["approval"]["projects"].as_bool()), ("off", Some(true)));
    assert!(mo.get("/api/v1/audit").await.expect(200).text().contains("uploaded the plugin Roofing warranty 1.0.0"));
}

#[tokio::test]
async fn a_warranty_is_the_plugins_work_and_ours_where_it_fails() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    let plugin = installed(&mo, ROOFING, &[], &["warranty"]).await;
    let made = document(&app, &mo, json!({ "kind": "warranty", "visibility": "client" })).await;
    assert_eq!((text(&made["state"]), text(&made["reason"])), ("ready", "Made by the plugin Roofing warranty."), "{made}");
    let path = format!("/documents/{}/versions/1/file", text(&made["document_id"]));
    let pdf = app.customer("cora").await.get(&path).await.expect(200).body.to_vec();
    assert!(pdf.starts_with(b"%PDF-"));
    let all = runs(&mo, &plugin).await;
    assert_eq!((all.len(), text(&all[0]["occasion"]), all[0]["ok"].as_bool()), (1, "document", Some(true)), "{all:?}");
    let detail = run(&mo, &plugin, &all[0]).await;
    assert!(detail["log"][0]["message"].as_str().is_some_and(|m| m.contains("rows, finished on")), "{detail}");
    assert_eq!((detail["has_document"].as_bool(), detail["replayable"].as_bool()), (Some(true), Some(true)));
    let again = mo.post(at(&plugin, &format!("/runs/{}/replay", text(&all[0]["id"])))).await.expect(200).json();
    assert_eq!((again["same"].as_bool(), &again["recorded"]), (Some(true), &again["now"]), "{again}");
    let pages = mo.get(at(&plugin, &format!("/runs/{}/document", text(&all[0]["id"])))).await.expect(200).body;
    assert!(pages.starts_with(b"%PDF-"));
    let recording = mo.get(at(&plugin, &format!("/runs/{}/recording", text(&all[0]["id"])))).await.expect(200).json();
    assert_eq!(recording["settings"]["workmanship_years"], json!(10), "a recording is whole");

    // What cannot be used is said, and the household gets our own.
    let broken = json!({ "settings": { "manufacturer": "North", "workmanship_years": 10, "bundles": ["no serial number"] } });
    mo.put(at(&plugin, "/settings")).json(broken).await.expect(200);
    let made = document(&app, &mo, json!({ "kind": "warranty" })).await;
    assert_eq!(text(&made["state"]), "ready");
    let reason = text(&made["reason"]);
    assert!(reason.contains("standard document") && reason.contains("slope; serial number; count"), "{reason}");
    mo.put(at(&plugin, "/settings"))
        .json(json!({ "settings": { "workmanship_years": 500, "colour": "red" } }))
        .await
        .expect_problem(422, "setting_invalid");
}

#[tokio::test]
async fn a_plugin_that_keeps_failing_turns_itself_off_and_is_tried_again() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    complete(&app, &mo, 0).await;
    let plugin = installed(&mo, ROOFING, &[], &["warranty"]).await;
    let settings = |bundle: &str| json!({ "settings": { "manufacturer": "N", "workmanship_years": 10, "bundles": [bundle] } });
    mo.put(at(&plugin, "/settings")).json(settings("broken")).await.expect(200);
    for _ in 0..5 {
        document(&app, &mo, json!({ "kind": "warranty" })).await;
    }
    let now = mo.get(at(&plugin, "")).await.expect(200).json();
    assert_eq!(text(&now["state"]), "failing");
    assert!(text(&now["reason"]).contains("5 times in a row"), "{now}");
    let mail = app.mail("mo@acme.example");
    assert_eq!(mail.subject, "The plugin Roofing warranty turned itself off");
    assert!(app.mails_to("mel@acme.example").is_empty(), "members have nothing to do with it");
    let seen = app.operator().await.get("/api/v1/operator/plugins").await.expect(200).json();
    let row = seen["items"].as_array().expect("items").iter().find(|i| i["name"] == "roofing-warranty").expect("seen by operators");
    assert_eq!((row["installs"][0]["failures"].as_i64(), row["installs"][0]["runs"].as_i64()), (Some(5), Some(5)), "{row}");
    assert!(text(&row["installs"][0]["last_failure"]).contains("slope"), "{row}");

    mo.put(at(&plugin, "/settings")).json(settings("North slope; RL50; 18")).await.expect(200);
    let made = document(&app, &mo, json!({ "kind": "warranty" })).await;
    assert!(text(&made["reason"]).contains("Turned off"), "not before its time: {made}");
    assert_eq!(runs(&mo, &plugin).await.len(), 5);
    app.clock.advance(Duration::minutes(6));
    let made = document(&app, &app.staff("mo").await, json!({ "kind": "warranty" })).await;
    assert_eq!(text(&made["reason"]), "Made by the plugin Roofing warranty.");
    assert_eq!(text(&app.staff("mo").await.get(at(&plugin, "")).await.expect(200).json()["state"]), "on");
}

#[tokio::test]
async fn what_only_a_plugin_makes_is_a_document_of_its_own() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    let new = json!({ "kind": "plugin", "variant": "lien_waiver_final", "visibility": "client" });
    let project = format!("/api/v1/projects/{}/generated-documents", cora(&app));
    mo.post(&project).json(new.clone()).await.expect_problem(422, "unknown");
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    let plugin = installed(&mo, WAIVER, &[], &["lien_waiver_final", "lien_waiver_progress"]).await;
    let second = upload(&mo, &version(WAIVER, "1.0.0", |manifest| manifest.name = "other-waiver".to_owned())).await["plugin"].clone();
    let second = approve(&mo, &second, 1).await;
    let both = json!({ "enabled": true, "events": [], "documents": ["lien_waiver_final"] });
    let taken = mo.put(at(&second, "/enabling")).json(both).await.expect_problem(409, "document_taken");
    assert!(taken.text().contains("The plugin Lien waiver makes this document already."), "{}", taken.text());
    let kinds = app.staff("mel").await.get("/api/v1/plugin-documents").await.expect(200).json();
    assert_eq!(kinds["items"].as_array().map(Vec::len), Some(2), "{kinds}");
    let made = document(&app, &mo, new.clone()).await;
    assert_eq!(text(&made["state"]), "ready", "{made}");
    assert!(text(&made["title"]).starts_with("Lien waiver, final payment (D-20"), "{made}");
    let other = document(&app, &mo, json!({ "kind": "plugin", "variant": "lien_waiver_progress" })).await;
    assert_ne!(made["id"], other["id"], "another variant is another document");
    let pdf = app.customer("cora").await.get(format!("/documents/{}/versions/1/file", text(&made["document_id"]))).await.expect(200).body;
    assert!(pdf.starts_with(b"%PDF-"));
    assert!(mo.get(at(&plugin, "")).await.expect(200).json()["remembered"].as_i64() > Some(0), "it counts its waivers");
    // A preview counts nothing.
    let before = mo.get(at(&plugin, "")).await.expect(200).json()["remembered"].clone();
    let preview = format!("/api/v1/projects/{}/document-previews", cora(&app));
    mo.post(preview).json(json!({ "kind": "plugin", "variant": "lien_waiver_final" })).await.expect(200);
    assert_eq!(mo.get(at(&plugin, "")).await.expect(200).json()["remembered"], before);
    mo.put(at(&plugin, "/enabling")).json(json!({ "enabled": false, "events": [], "documents": [] })).await.expect(200);
    mo.post(&project).json(new).await.expect_problem(422, "unknown");
}

#[tokio::test]
async fn events_reach_a_notifier_once_and_its_letters_the_household() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    mo.post(format!("/api/v1/customers/{}/invitation", app.acme().house().customers["cora"])).await.expect(200);
    app.run_jobs().await;
    // Not turned on: nothing is stored for it.
    complete(&app, &mo, 0).await;
    assert_eq!(app.ask("SELECT count(*)::text FROM platform.jobs WHERE kind = 'plugins.hear'").await, "0");
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    app.run_jobs().await;
    assert!(runs(&mo, &plugin).await.iter().all(|r| r["occasion"] == "test"), "what happened before is not made up for");
    complete(&app, &mo, 1).await;
    app.run_jobs().await;
    let all = runs(&mo, &plugin).await;
    assert_eq!((text(&all[0]["occasion"]), all[0]["ok"].as_bool()), ("event", Some(true)), "{all:?}");
    let mails: Vec<_> = app.mails_to(CORA).into_iter().filter(|m| m.subject.contains("is done")).collect();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Roof of cora: Front is done");
    assert!(mails[0].text.contains("We have good news from your house."), "{}", mails[0].text);
    let detail = run(&mo, &plugin, &all[0]).await;
    assert_eq!((text(&detail["messages"][0]["kind"]), text(&detail["messages"][0]["state"])), ("mail", "sent"), "{detail}");

    // Done again after it was reopened: the plugin remembers.
    let milestone = app.acme().house().milestones["cora"][1];
    mo.delete(format!("/api/v1/milestones/{milestone}/completion")).await.expect(200);
    complete(&app, &mo, 1).await;
    app.run_jobs().await;
    assert_eq!(app.mails_to(CORA).iter().filter(|m| m.subject.contains("is done")).count(), 1);
    // A try sends nothing.
    let test = json!({ "project_id": cora(&app), "event": "milestone.completed" });
    let tried = mo.post(at(&plugin, "/tests")).json(test).await.expect(200).json();
    assert_eq!(tried["run"]["ok"], json!(true), "{tried}");
    app.run_jobs().await;
    assert_eq!(app.mails_to(CORA).iter().filter(|m| m.subject.contains("is done")).count(), 1);
    // The same event delivered twice is one run.
    let count = runs(&mo, &plugin).await.len();
    app.execute("UPDATE platform.jobs SET state = 'queued', attempts = 1, run_at = now() - interval '1 hour', finished_at = NULL WHERE kind = 'plugins.deliver'").await;
    app.run_jobs().await;
    assert_eq!(runs(&mo, &plugin).await.len(), count);
}

#[tokio::test]
async fn five_mails_a_day_to_a_household_are_enough() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    mo.post(format!("/api/v1/customers/{}/invitation", app.acme().house().customers["cora"])).await.expect(200);
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    let schema = &app.acme().house().schema;
    for nth in 0..7 {
        complete(&app, &mo, 0).await;
        // It forgets, so that it writes again.
        app.run_jobs().await;
        app.execute(&format!("DELETE FROM {schema}.plugin_values")).await;
        let milestone = app.acme().house().milestones["cora"][0];
        mo.delete(format!("/api/v1/milestones/{milestone}/completion")).await.expect(200);
        let sent = app.mails_to(CORA).iter().filter(|m| m.subject.contains("is done")).count();
        assert_eq!(sent, (nth + 1).min(5));
    }
    let newest = run(&mo, &plugin, &runs(&mo, &plugin).await[0]).await;
    assert_eq!(text(&newest["messages"][0]["state"]), "failed");
    assert!(text(&newest["messages"][0]["detail"]).contains("5 mails a day"), "{newest}");
    app.run_jobs().await;
}

#[tokio::test]
async fn secrets_are_sealed_and_what_is_sent_goes_by_the_rules_of_the_moment() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    mo.put(at(&plugin, "/secrets/other")).json(json!({ "value": "x" })).await.expect(404);
    let set = mo.put(at(&plugin, "/secrets/chat-token")).json(json!({ "value": "sesame-7788" })).await.expect(200);
    assert!(!set.text().contains("sesame") && text(&set.json()["secrets"][0]["set_by"]).starts_with("Mo"), "{}", set.text());
    let schema = &app.acme().house().schema;
    let stored = app.ask(&format!("SELECT encode(sealed, 'escape') FROM {schema}.plugin_secrets WHERE name = 'chat-token'")).await;
    assert!(!stored.contains("sesame") && stored.contains("plugin-secret"), "{stored}");
    assert!(!app.staff("ada").await.get("/api/v1/audit").await.expect(200).text().contains("sesame"));
    // There is no such host: the request is tried again, and given up.
    mo.put(at(&plugin, "/settings")).json(json!({ "settings": { "greeting": "Hello.", "chat": true } })).await.expect(200);
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    let newest = runs(&mo, &plugin).await[0].clone();
    let webhook = |detail: &Value| {
        detail["messages"].as_array().expect("messages").iter().find(|m| m["kind"] == "webhook").cloned().expect("a webhook")
    };
    let waiting = webhook(&run(&mo, &plugin, &newest).await);
    assert_eq!((text(&waiting["state"]), text(&waiting["to"])), ("queued", "chat.example.com"), "{waiting}");
    // Turned off meanwhile, nothing of it goes out any more.
    mo.put(at(&plugin, "/enabling")).json(json!({ "enabled": false, "events": [], "documents": [] })).await.expect(200);
    app.clock.advance(Duration::hours(2));
    app.run_jobs().await;
    let given_up = webhook(&run(&app.staff("mo").await, &plugin, &newest).await);
    assert_eq!((text(&given_up["state"]), text(&given_up["detail"])), ("failed", "The plugin was turned off before it was sent."));
}

#[tokio::test]
async fn a_new_version_is_rehearsed_before_it_is_enabled() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    complete(&app, &mo, 0).await;
    complete(&app, &mo, 1).await;
    app.run_jobs().await;
    let next = version(LETTERS, "1.1.0", |manifest| {
        manifest.title = "Milestone letters, new".to_owned();
        manifest.settings["required"] = json!([]);
    });
    let done = upload(&mo, &next).await;
    assert_eq!((done["number"].as_i64(), text(&done["plugin"]["title"])), (Some(2), "Milestone letters"), "the old one stays in use");
    let mails = app.mails_to(CORA).len();
    mo.post(at(&plugin, "/rehearsals")).json(json!({ "number": 2 })).await.expect(200);
    app.run_jobs().await;
    let list = mo.get(at(&plugin, "/rehearsals")).await.expect(200).json();
    let seen = &list["items"][0];
    assert_eq!((text(&seen["state"]), seen["total"].as_i64(), seen["same"].as_i64()), ("done", Some(2), Some(2)), "{seen}");
    assert!(seen["least_headroom"].as_f64().is_some_and(|room| room > 0.5), "{seen}");
    assert_eq!(app.mails_to(CORA).len(), mails, "nothing is sent");

    // One that fails where the old one did not is shown beside it.
    let failing = pack(&Guest::hook("(loop (br 0)) unreachable").bare(), &{
        let mut manifest = Guest::hook(NOTHING).manifest();
        manifest.name = "hook".to_owned();
        manifest
    });
    let quiet = pack(&Guest::hook(NOTHING).bare(), &{
        let mut manifest = Guest::hook(NOTHING).manifest();
        manifest.name = "hook".to_owned();
        manifest
    });
    let hook = installed(&mo, &quiet.expect("packed"), &["milestone.completed"], &[]).await;
    let two = upload(&mo, &failing.expect("packed")).await;
    mo.post(at(&hook, "/rehearsals")).json(json!({ "number": two["number"] })).await.expect(200);
    app.run_jobs().await;
    let list = mo.get(at(&hook, "/rehearsals")).await.expect(200).json();
    let seen = &list["items"][0];
    assert_eq!((seen["failed"].as_i64(), seen["least_headroom"].as_f64()), (Some(2), Some(0.0)), "{seen}");
    assert!(text(&seen["lines"][0]["after"]).contains("used up its fuel"), "{seen}");
    // And back to the old one is an approval as any other.
    let newer = approve(&mo, &upload(&mo, &next).await["plugin"].clone(), 2).await;
    assert_eq!(text(&newer["title"]), "Milestone letters, new");
    assert_eq!(approve(&mo, &newer, 1).await["active"], json!(1));
}

#[tokio::test]
async fn what_misbehaves_is_stopped_with_words_and_others_go_on() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    let bomb = Guest::hook("(drop (memory.grow (i32.const 60000))) unreachable").packed();
    let plugin = installed(&mo, &bomb, &["milestone.completed"], &[]).await;
    let letters = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    let seen = &runs(&mo, &plugin).await[0];
    assert_eq!(
        (text(&seen["outcome"]), text(&seen["words"])),
        ("memory", "Stopped: it wanted more memory than it may have. Nothing was saved.")
    );
    assert_eq!(runs(&mo, &letters).await[0]["ok"], json!(true));
}

#[tokio::test]
async fn an_operator_stops_a_component_everywhere() {
    let app = TestApp::start().await;
    let (mo, max, olga) = (app.staff("mo").await, app.globex().staff("max").await, app.operator().await);
    let mine = installed(&mo, ROOFING, &[], &["warranty"]).await;
    let theirs = installed(&max, ROOFING, &[], &["warranty"]).await;
    let hash = text(&mine["versions"][0]["hash"]).to_owned();
    let seen = olga.get("/api/v1/operator/plugins").await.expect(200).json();
    let row = seen["items"].as_array().expect("items").iter().find(|i| i["hash"] == hash.as_str()).expect("the component");
    assert_eq!(row["installs"].as_array().map(Vec::len), Some(2), "{row}");
    olga.put(format!("/api/v1/operator/plugins/{}/stop", "0".repeat(64))).json(json!({ "reason": "x" })).await.expect(404);
    olga.put(format!("/api/v1/operator/plugins/{hash}/stop")).json(json!({ "reason": "It prints wrong years." })).await.expect(200);
    for (client, plugin) in [(&mo, &mine), (&max, &theirs)] {
        let now = client.get(at(plugin, "")).await.expect(200).json();
        assert_eq!(text(&now["state"]), "stopped");
        assert!(text(&now["reason"]).contains("It prints wrong years."), "{now}");
    }
    let approval = json!({ "number": 1, "projects": true, "kv": false, "http": [], "secrets": [] });
    mo.put(at(&mine, "/active")).json(approval).await.expect_problem(409, "plugin_stopped");
    let made = document(&app, &mo, json!({ "kind": "warranty" })).await;
    assert!(text(&made["reason"]).contains("It prints wrong years."), "{made}");
    assert!(runs(&mo, &mine).await.is_empty(), "it did not run");
    olga.delete(format!("/api/v1/operator/plugins/{hash}/stop")).await.expect(200);
    assert_eq!(text(&mo.get(at(&mine, "")).await.expect(200).json()["state"]), "on");
    let log = olga.get("/api/v1/operator/audit").await.expect(200).text();
    assert!(log.contains("stopped the plugin Roofing warranty everywhere"), "{log}");
}

#[tokio::test]
async fn a_plan_bounds_plugins_and_runs() {
    let app = TestApp::with(|config| {
        for plan in config.plans.values_mut() {
            (plan.max_plugins, plan.plugin_runs_per_day) = (2, 1);
        }
    })
    .await;
    let mo = app.staff("mo").await;
    let plugin = installed(&mo, ROOFING, &[], &["warranty"]).await;
    mo.post("/api/v1/plugins").file(WAIVER.to_vec()).await.expect_problem(409, "plugins_used_up");
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    assert!(text(&document(&app, &mo, json!({ "kind": "warranty" })).await["reason"]).starts_with("Made by"));
    let second = document(&app, &mo, json!({ "kind": "warranty" })).await;
    assert!(text(&second["reason"]).contains("used up"), "{second}");
    assert_eq!(runs(&mo, &plugin).await.len(), 1);
    let list = mo.get("/api/v1/plugins").await.expect(200).json();
    assert_eq!((list["runs"].as_i64(), list["max_runs"].as_i64(), list["max_plugins"].as_i64()), (Some(1), Some(1), Some(2)));
}

#[tokio::test]
async fn events_wait_until_the_plan_has_runs_again() {
    let app = TestApp::with(|config| {
        for plan in config.plans.values_mut() {
            plan.plugin_runs_per_day = 1;
        }
    })
    .await;
    let mo = app.staff("mo").await;
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    // Whoever was away for a day signs in again.
    let told = async || runs(&app.staff("mo").await, &plugin).await.iter().filter(|run| run["occasion"] == "event").count();
    let next_day = async || {
        app.clock.advance(Duration::hours(25));
        app.run_jobs().await;
    };
    for nth in 0..2 {
        complete(&app, &mo, nth).await;
        app.run_jobs().await;
        assert_eq!(told().await, 1);
    }
    next_day().await;
    assert_eq!(told().await, 2);
    // Where the runs stay used up, there comes a day when it would be no news any more.
    complete(&app, &app.staff("mo").await, 2).await;
    app.run_jobs().await;
    let schema = &app.acme().house().schema;
    for _ in 0..3 {
        app.execute(&format!("UPDATE {schema}.plugin_runs SET created_at = created_at + interval '25 hours'")).await;
        next_day().await;
        assert_eq!(told().await, 2);
    }
    next_day().await;
    assert_eq!(told().await, 2);
}

#[tokio::test]
async fn a_deleted_plugin_leaves_nothing() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    let plugin = installed(&mo, LETTERS, &["milestone.completed"], &[]).await;
    complete(&app, &mo, 0).await;
    mo.put(at(&plugin, "/secrets/chat-token")).json(json!({ "value": "sesame" })).await.expect(200);
    app.run_jobs().await;
    mo.delete(at(&plugin, "")).await.expect(204);
    mo.get(at(&plugin, "")).await.expect(404);
    app.run_jobs().await;
    let schema = &app.acme().house().schema;
    for table in ["plugins", "plugin_versions", "plugin_secrets", "plugin_values", "plugin_runs", "plugin_messages"] {
        assert_eq!(app.ask(&format!("SELECT count(*)::text FROM {schema}.{table}")).await, "0", "{table}");
    }
    assert_eq!(app.ask(&format!("SELECT count(*)::text FROM platform.plugin_installs WHERE tenant_role = '{schema}_staff'")).await, "0");
    complete(&app, &mo, 1).await;
    app.run_jobs().await;
}

#[tokio::test]
async fn companies_write_their_own_rows_of_the_platforms_list_and_no_others() {
    let app = TestApp::start().await;
    let (acme, globex) = (&app.acme().house().schema, &app.globex().house().schema);
    let acme_tenant = app.tenant(app.acme().house()).await;
    let cora = tenants::Scope::Customer(app.acme().house().customers["cora"]);
    for (scope, may) in [(tenants::Scope::Staff, true), (cora, false)] {
        let count = async |sql: &str| {
            let tx = app.app.tenants.begin(&acme_tenant, scope).await.expect("a transaction");
            sea_orm::ConnectionTrait::execute_unprepared(&tx, sql).await.map(|done| done.rows_affected()).map_err(|e| e.to_string())
        };
        let foreign = format!("UPDATE platform.plugin_installs SET title = 'x' WHERE tenant_role = '{globex}_staff'");
        assert_eq!(count(&foreign).await, Ok(0), "{scope:?}");
        assert_eq!(count(&format!("DELETE FROM platform.plugin_installs WHERE tenant_role = '{globex}_staff'")).await, Ok(0));
        let own = count(&format!("UPDATE platform.plugin_installs SET title = 'x' WHERE tenant_role = '{acme}_staff'")).await;
        assert_eq!(own, Ok(u64::from(may)), "{scope:?}");
        let forged = format!(
            "INSERT INTO platform.plugin_installs (tenant_role, plugin_id, name, title, version, hash, enabled, events, updated_at) \
             VALUES ('{globex}_staff', gen_random_uuid(), 'x', 'x', '', '', true, '{{}}', now())"
        );
        assert!(count(&forged).await.is_err_and(|e| e.contains("row-level security")), "{scope:?}");
        assert!(count("DELETE FROM platform.stopped_plugins").await.is_err_and(|e| e.contains("permission denied")), "{scope:?}");
    }
}

#[tokio::test]
async fn runs_of_a_day_are_counted_however_many_and_older_ones_go() {
    let app = TestApp::start().await;
    let mo = app.staff("mo").await;
    complete(&app, &mo, 0).await;
    app.run_jobs().await;
    let plugin = installed(&mo, ROOFING, &[], &["warranty"]).await;
    document(&app, &mo, json!({ "kind": "warranty" })).await;
    let (schema, id) = (&app.acme().house().schema, text(&plugin["id"]));
    // Ids of long ago sort before all others, as those of older runs do.
    let more = |days: u32| {
        format!(
            "INSERT INTO {schema}.plugin_runs SELECT ('00000000-{days:04}-7000-8000-' || lpad(n::text, 12, '0'))::uuid, plugin_id, number, occasion, \
             about, NULL, project_id, '', outcome, words, report, NULL, NULL, created_at - interval '{days} days' \
             FROM {schema}.plugin_runs, generate_series(1, 600) n WHERE plugin_id = '{id}' AND recording IS NOT NULL"
        )
    };
    app.execute(&more(2)).await;
    app.execute(&more(0)).await;
    document(&app, &mo, json!({ "kind": "warranty" })).await;
    let list = mo.get("/api/v1/plugins").await.expect(200).json();
    assert_eq!(list["runs"].as_i64(), Some(602), "more than are kept of older ones");
    let old = app.ask(&format!("SELECT count(*)::text FROM {schema}.plugin_runs WHERE created_at < now() - interval '1 day'")).await;
    // The newest 500 are the two of today and 498 of these.
    assert_eq!(old.parse(), Ok(498), "of those beyond the newest 500 the old ones go");
}
