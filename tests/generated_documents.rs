//! Documents that write themselves: by rule and by hand, once each, with numbers without gaps, with nothing internal in them, and
//! genuine or not for whoever asks.

use chrono::Duration;
use futures::future::join_all;
use kernel::config::Config;
use platform::{
    generated_documents::{
        DocumentSettings, GeneratedKind, GenerationId,
        jobs::{Consider, Render},
        ops::Moment,
    },
    projects::ProjectId,
    visibility::Visibility,
};
use serde_json::{Value, json};
use sha2::Digest;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};
use tests::{Client, TestApp};
use uuid::Uuid;

const CORA: &str = "cora@acme.example";

fn cora(app: &TestApp) -> Uuid {
    app.acme().house().projects["cora"]
}

/// A project of cora's household that is planned.
async fn planned(app: &TestApp, staff: &Client) -> Uuid {
    let household = app.acme().house().households["cora"];
    let new = json!({ "name": "Porch", "address": "3 Sample Street", "household_id": household, "status": "planned" });
    let project = staff.post("/api/v1/projects").json(new).await.expect(200).json();
    project["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

async fn set_status(staff: &Client, project: Uuid, status: &str) {
    staff.patch(format!("/api/v1/projects/{project}")).json(json!({ "status": status })).await.expect(200);
}

/// What rules wait for, and the work that follows.
async fn minutes(app: &TestApp, minutes: i64) {
    app.clock.advance(Duration::minutes(minutes));
    app.run_jobs().await;
}

async fn ask(app: &TestApp, project: Uuid, new: Value) -> Value {
    let view = app.staff("mel").await.post(format!("/api/v1/projects/{project}/generated-documents")).json(new).await.expect(200).json();
    app.run_jobs().await;
    app.staff("mel").await.get(format!("/api/v1/generated-documents/{}", text(&view["id"]))).await.expect(200).json()
}

async fn list(app: &TestApp, project: Uuid) -> Vec<Value> {
    let list = app.staff("mel").await.get(format!("/api/v1/projects/{project}/generated-documents")).await.expect(200).json();
    list["items"].as_array().expect("items").clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn kinds(list: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = list.iter().map(|d| text(&d["kind"])).collect();
    kinds.sort_unstable();
    kinds
}

/// The bytes of a version, as staff download them.
async fn file(app: &TestApp, view: &Value, version: i64) -> Vec<u8> {
    let path = format!("/api/v1/documents/{}/versions/{version}/content", text(&view["document_id"]));
    app.staff("mel").await.get(path).await.expect(200).body.to_vec()
}

/// The text of a PDF; none where the tool for it is not installed or cannot read it.
fn words(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pdf");
    fs::write(&path, pdf).expect("written");
    let done = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

async fn versions(app: &TestApp, view: &Value) -> Vec<Value> {
    let document = app.staff("mel").await.get(format!("/api/v1/documents/{}", text(&view["document_id"]))).await.expect(200).json();
    document["versions"].as_array().expect("versions").clone()
}

#[tokio::test]
async fn a_document_is_made_by_hand() {
    let app = TestApp::start().await;
    let view = ask(&app, cora(&app), json!({ "kind": "completion_certificate" })).await;
    assert_eq!((text(&view["state"]), text(&view["reason"])), ("ready", ""), "{view}");
    let number = text(&view["number"]).to_owned();
    assert!(number.starts_with("C-20") && number.ends_with("-0001"), "{number}");
    assert_eq!(text(&view["title"]), format!("Completion certificate ({number})"));
    let made = &view["generations"][0];
    assert_eq!((text(&made["occasion"]), text(&made["asked_by"]), made["version"].as_i64()), ("by_hand", "Mel Sample", Some(1)));
    let pdf = file(&app, &view, 1).await;
    assert!(pdf.starts_with(b"%PDF-1."), "{:?}", &pdf[..20]);
    assert_eq!(text(&versions(&app, &view).await[0]["sha256"]), text(&made["sha256"]));
    if let Some(words) = words(&pdf) {
        for part in [number.as_str(), "Cora Sample", "Roof of cora", "acme"] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }
    // The household finds it among its papers, and nobody else does.
    let page = app.customer("cora").await.get(format!("/projects/{}/documents", cora(&app))).await.expect(200).text();
    assert!(page.contains(&number), "{page}");
    let read = format!("/documents/{}/versions/1/file", text(&view["document_id"]));
    assert_eq!(app.customer("cora").await.get(&read).await.expect(200).body, pdf);
    app.customer("carl").await.get(&read).await.expect(404);
    let words = app.staff("ada").await.get("/api/v1/audit").await.expect(200).text();
    assert!(words.contains("asked for Completion certificate") && words.contains("made Completion certificate"), "{words}");
}

#[tokio::test]
async fn rules_make_documents_when_their_time_comes() {
    let app = TestApp::start().await;
    let (mel, ada) = (app.staff("mel").await, app.staff("ada").await);
    ada.post(format!("/api/v1/customers/{}/invitation", app.acme().house().customers["cora"])).await.expect(200);
    let project = planned(&app, &mel).await;
    minutes(&app, 12).await;
    assert!(list(&app, project).await.is_empty());
    set_status(&mel, project, "active").await;
    minutes(&app, 2).await;
    assert_eq!(kinds(&list(&app, project).await), ["welcome_packet"]);
    // The household is told once, in the mail of its news.
    minutes(&app, 12).await;
    let news = || app.mails_to(CORA).into_iter().filter(|m| m.subject.starts_with("News")).collect::<Vec<_>>();
    assert_eq!(news().len(), 1);
    assert!(news()[0].text.contains("New in your documents: Welcome packet (P-20"), "{}", news()[0].text);
    // It waits and goes on: a project starts once.
    set_status(&mel, project, "on_hold").await;
    set_status(&mel, project, "active").await;
    minutes(&app, 12).await;
    assert_eq!((list(&app, project).await.len(), news().len()), (1, 1));
    // Completed and, a moment later, not: nothing is made.
    set_status(&mel, project, "completed").await;
    set_status(&mel, project, "active").await;
    minutes(&app, 2).await;
    assert_eq!(list(&app, project).await.len(), 1);
    set_status(&mel, project, "completed").await;
    minutes(&app, 2).await;
    let made = list(&app, project).await;
    assert_eq!(kinds(&made), ["completion_certificate", "warranty", "welcome_packet"]);
    assert!(made.iter().all(|d| d["state"] == "ready"), "{made:?}");
    // A warranty is a promise: the team reads it first.
    let page = app.customer("cora").await.get(format!("/projects/{project}/documents")).await.expect(200).text();
    assert!(page.contains("Completion certificate (") && !page.contains("Warranty ("), "{page}");
    // Completed again with nothing new: no second version.
    set_status(&mel, project, "active").await;
    set_status(&mel, project, "completed").await;
    minutes(&app, 2).await;
    let certificate = list(&app, project).await.into_iter().find(|d| d["kind"] == "completion_certificate").expect("it");
    assert_eq!((text(&certificate["state"]), versions(&app, &certificate).await.len()), ("unchanged", 1));
}

#[tokio::test]
async fn reports_come_when_a_phase_ends_or_after_each_milestone() {
    let app = TestApp::start().await;
    let (mel, ada, project) = (app.staff("mel").await, app.staff("ada").await, cora(&app));
    let milestones = app.acme().house().milestones["cora"].clone();
    let complete = async |at: usize| {
        mel.put(format!("/api/v1/milestones/{}/completion", milestones[at])).json(json!({ "day": null })).await.expect(200);
        minutes(&app, 2).await;
        list(&app, project).await.into_iter().filter(|d| d["title"].as_str().is_some_and(|t| t.contains(": "))).collect::<Vec<_>>()
    };
    // The first phase has one milestone, the second has two.
    let made = complete(0).await;
    assert!(made.len() == 1 && text(&made[0]["title"]).starts_with("Progress report: Old roof off (R-"), "{made:?}");
    assert_eq!(complete(1).await.len(), 1, "the phase goes on");
    assert_eq!(complete(2).await.len(), 2);
    let mut settings = DocumentSettings::default();
    settings.rules.iter_mut().for_each(|rule| rule.enabled = false);
    ada.put("/api/v1/document-settings").json(serde_json::to_value(&settings).expect("JSON")).await.expect(200);
    assert_eq!(complete(3).await.len(), 2, "the rule is off");
}

#[tokio::test]
async fn twice_the_same_job_is_one_document() {
    let app = TestApp::start().await;
    let project = cora(&app);
    let store = async |moments: usize, generation: Option<GenerationId>| {
        let mut cx = app.acme().system().await.begin().await.expect("a transaction");
        for _ in 0..moments {
            cx.enqueue(&Consider { project: ProjectId(project), moment: Moment::Completed }).await.expect("stored");
        }
        if let Some(generation) = generation {
            cx.enqueue(&Render { generation }).await.expect("stored");
        }
        cx.commit().await.expect("committed");
        app.run_jobs().await;
    };
    set_status(&app.staff("mel").await, project, "completed").await;
    store(3, None).await;
    minutes(&app, 2).await;
    let made: Vec<Value> = list(&app, project).await.into_iter().filter(|d| d["state"] != "failed").collect();
    assert_eq!(kinds(&made), ["completion_certificate", "warranty"]);
    for view in &made {
        assert_eq!(versions(&app, view).await.len(), 1);
    }
    // Its worker died after the bytes were stored and before that was written down.
    let warranty = made.iter().find(|d| d["kind"] == "warranty").expect("it");
    let ready = warranty["generations"].as_array().expect("them").iter().find(|g| g["state"] == "ready").expect("one");
    let id: Uuid = text(&ready["id"]).parse().expect("an id");
    let schema = &app.acme().house().schema;
    app.execute(&format!("UPDATE {schema}.generations SET state = 'rendering', ended_at = NULL WHERE id = '{id}'")).await;
    store(0, Some(GenerationId(id))).await;
    store(0, Some(GenerationId(id))).await;
    let again = list(&app, project).await.into_iter().find(|d| d["kind"] == "warranty").expect("it");
    let same = again["generations"].as_array().expect("them").iter().find(|g| g["id"] == ready["id"]).expect("it").clone();
    assert_eq!((text(&same["state"]), &same["sha256"], versions(&app, &again).await.len()), ("ready", &ready["sha256"], 1));
}

/// A program in the place of ours.
fn script(folder: &Path, body: &str) -> String {
    let path = folder.join("program");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("may run");
    path.display().to_string()
}

async fn failing(change: impl FnOnce(&mut Config)) -> (TestApp, Value) {
    let app = TestApp::with(change).await;
    let view = ask(&app, cora(&app), json!({ "kind": "welcome_packet" })).await;
    (app, view)
}

#[tokio::test]
async fn what_runs_away_is_ended_and_staff_are_told_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, view) = failing(|c| c.documents.memory_mb = 64).await;
    assert_eq!(text(&view["state"]), "failed");
    assert!(text(&view["reason"]).starts_with("It needs more room"), "{view}");
    let log = app.staff("ada").await.get("/api/v1/audit").await.expect(200).text();
    assert!(log.contains("could not make Welcome packet"), "{log}");
    let sleeper = script(folder.path(), "/bin/cat >/dev/null; exec /bin/sleep 60");
    let (_app, view) = failing(|c| (c.documents.program, c.documents.seconds) = (sleeper, 1)).await;
    assert!(text(&view["state"]) == "failed" && text(&view["reason"]).starts_with("Making it took longer"), "{view}");
    let (_app, view) = failing(|c| c.documents.max_bytes = 1_000).await;
    assert!(text(&view["state"]) == "failed" && text(&view["reason"]).starts_with("It needs more room"), "{view}");
}

#[tokio::test]
async fn what_may_go_later_is_tried_again_and_then_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = script(folder.path(), "/bin/cat >/dev/null; exit 9");
    let app = TestApp::with(|config| config.documents.program.clone_from(&broken)).await;
    let view = ask(&app, cora(&app), json!({ "kind": "welcome_packet" })).await;
    assert_eq!(text(&view["state"]), "queued");
    assert_eq!(text(&view["reason"]), "The program that makes documents broke off. It is tried again by itself.");
    assert!(view["document_id"].is_null(), "nothing is announced before there are pages");
    for _ in 0..10 {
        minutes(&app, 70).await;
    }
    let path = format!("/api/v1/generated-documents/{}", text(&view["id"]));
    let mel = app.staff("mel").await;
    let view = mel.get(&path).await.expect(200).json();
    assert_eq!((text(&view["state"]), text(&view["reason"])), ("failed", "The program that makes documents broke off."));
    // Repaired: the same file by another content.
    let real = TestApp::start().await.app.config.documents.program.clone();
    fs::write(&broken, format!("#!/bin/sh\nexec {real} \"$@\"\n")).expect("written");
    let again = mel.post(format!("{path}/retry")).await.expect(200).json();
    assert_eq!(text(&again["state"]), "queued");
    app.run_jobs().await;
    let view = mel.get(&path).await.expect(200).json();
    assert_eq!((text(&view["state"]), view["generations"].as_array().map(Vec::len)), ("ready", Some(1)), "{view}");
    mel.post(format!("{path}/retry")).await.expect_problem(409, "not_failed");
}

#[tokio::test]
async fn nothing_is_ready_before_its_bytes_are_stored() {
    let app = TestApp::with(|config| config.storage.endpoint = "http://127.0.0.1:1".into()).await;
    let view = ask(&app, cora(&app), json!({ "kind": "warranty", "visibility": "client" })).await;
    assert!(text(&view["state"]) == "queued" && text(&view["reason"]).ends_with("It is tried again by itself."), "{view}");
    assert_eq!((text(&versions(&app, &view).await[0]["state"]), &view["generations"][0]["version"]), ("uploading", &Value::Null));
    let papers = format!("/projects/{}/documents", cora(&app));
    assert!(!app.customer("cora").await.get(&papers).await.expect(200).text().contains("Warranty ("));
    let verify = text(&view["verify_url"]).trim_start_matches("https://acme.plumbline.example").to_owned();
    app.visitor("acme").get(&verify).await.expect(404);
    // Another worker, which reaches the store, takes it up where it stood.
    let other = app.twin_with(|config| config.storage.endpoint = tests::shared().embedded.s3.endpoint()).await;
    other.clock.advance(Duration::minutes(5));
    other.run_jobs().await;
    let view = list(&app, cora(&app)).await.into_iter().find(|d| d["id"] == view["id"]).expect("it");
    assert_eq!((text(&view["state"]), versions(&app, &view).await.len()), ("ready", 1), "{view}");
    app.visitor("acme").get(&verify).await.expect(200);
}

#[tokio::test]
async fn making_it_again_is_a_new_version_and_withdrawing_ends_a_number() {
    let app = TestApp::start().await;
    let (project, ada) = (cora(&app), app.staff("ada").await);
    let one = ask(&app, project, json!({ "kind": "warranty", "visibility": "client" })).await;
    ada.patch(format!("/api/v1/projects/{project}")).json(json!({ "name": "New roof" })).await.expect(200);
    let two = ask(&app, project, json!({ "kind": "warranty" })).await;
    assert_eq!((&one["id"], &one["number"], &one["document_id"]), (&two["id"], &two["number"], &two["document_id"]));
    let made: Vec<_> = two["generations"].as_array().expect("them").iter().map(|g| g["version"].as_i64()).collect();
    assert_eq!(made, [Some(2), Some(1)]);
    assert_ne!(two["generations"][0]["fingerprint"], two["generations"][1]["fingerprint"]);
    let page = app.customer("cora").await.get(format!("/projects/{project}/documents")).await.expect(200).text();
    assert!(page.contains("One older version"), "{page}");
    ada.delete(format!("/api/v1/documents/{}", text(&one["document_id"]))).await.expect(204);
    let three = ask(&app, project, json!({ "kind": "warranty" })).await;
    assert!(three["id"] != two["id"] && text(&three["number"]).ends_with("-0002"), "{three}");
    let old = list(&app, project).await.into_iter().find(|d| d["id"] == two["id"]).expect("it stays on record");
    assert_eq!(old["closed"], true);
}

#[tokio::test]
async fn numbers_have_no_gaps_under_pressure() {
    let app = TestApp::start().await;
    let mel = app.staff("mel").await;
    let mut projects = Vec::new();
    for _ in 0..8 {
        projects.push(planned(&app, &mel).await);
    }
    // Each twice at the same moment: the second finds the first's.
    let both = projects.iter().chain(&projects);
    let calls = both.map(|project| {
        let path = format!("/api/v1/projects/{project}/generated-documents");
        async { mel.post(path).json(json!({ "kind": "warranty" })).await.expect(200).json()["number"].as_str().map(str::to_owned) }
    });
    let mut numbers: Vec<String> = join_all(calls).await.into_iter().flatten().collect();
    numbers.sort();
    numbers.dedup();
    let ends: Vec<&str> = numbers.iter().map(|n| &n[n.len() - 4..]).collect();
    assert_eq!(ends, ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008"]);
    // Somebody who is refused takes none.
    let new = json!({ "kind": "warranty", "milestone_id": Uuid::now_v7() });
    mel.post(format!("/api/v1/projects/{}/generated-documents", cora(&app))).json(new).await.expect_problem(422, "not_of_this_kind");
    let next =
        mel.post(format!("/api/v1/projects/{}/generated-documents", cora(&app))).json(json!({ "kind": "warranty" })).await.expect(200);
    assert!(text(&next.json()["number"]).ends_with("-0009"));
    app.run_jobs().await;
}

#[tokio::test]
async fn a_key_asks_once() {
    let app = TestApp::start().await;
    let (mel, path) = (app.staff("mel").await, format!("/api/v1/projects/{}/generated-documents", cora(&app)));
    let call = || mel.post(&path).json(json!({ "kind": "warranty" })).header("idempotency-key", "once");
    let first = call().await.expect(200).json();
    app.run_jobs().await;
    assert_eq!(call().await.expect(200).json(), first);
    app.run_jobs().await;
    let view = list(&app, cora(&app)).await.into_iter().find(|d| d["id"] == first["id"]).expect("it");
    assert_eq!(view["generations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn nothing_internal_gets_into_a_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = folder.path().join("order.json");
    // Keeps what a document would be made of.
    let keeper = script(folder.path(), &format!("/bin/cat > {}; exit 3", order.display()));
    let app = TestApp::with(|config| config.documents.program = keeper).await;
    let (mel, project) = (app.staff("mel").await, cora(&app));
    let day = tests::tomorrow();
    for (visibility, word) in [("internal", "SECRETWORD"), ("client", "OPENWORD")] {
        let update = json!({ "body": format!("{word} of an update"), "visibility": visibility });
        mel.post(format!("/api/v1/projects/{project}/updates")).json(update).await.expect(200);
        let visit = json!({
            "title": format!("{word} of a visit"), "day": day, "from": if visibility == "internal" { "08:00" } else { "09:00" }, "until": "11:00",
            "who": "", "prepare": "", "visibility": visibility,
        });
        mel.post(format!("/api/v1/projects/{project}/appointments")).json(visit).await.expect(200);
        let photo = if visibility == "internal" { app.acme().house().internal_photo } else { app.acme().house().photos["cora"] };
        let caption = json!({ "caption": format!("{word} of a photo") });
        mel.patch(format!("/api/v1/photos/{photo}")).json(caption).await.expect(200);
    }
    for kind in ["progress_report", "welcome_packet", "completion_certificate", "warranty"] {
        let view = ask(&app, project, json!({ "kind": kind })).await;
        assert_eq!(text(&view["state"]), "failed", "the keeper makes nothing");
        let read = fs::read_to_string(&order).expect("an order");
        assert!(read.contains("Roof of cora") && !read.contains("SECRETWORD"), "{kind}");
        if kind == "progress_report" {
            for what in ["an update", "a visit", "a photo"] {
                assert!(read.contains(&format!("OPENWORD of {what}")), "{what}: this test would not see it");
            }
            let photos = serde_json::from_str::<Value>(&read).expect("JSON")["content"]["photos"].as_array().map(Vec::len);
            assert_eq!(photos, Some(2), "those that the household sees");
        }
    }
    minutes(&app, 12).await;
}

#[tokio::test]
async fn anybody_can_ask_whether_it_is_genuine() {
    let app = TestApp::start().await;
    let (project, ada) = (cora(&app), app.staff("ada").await);
    let view = ask(&app, project, json!({ "kind": "warranty", "visibility": "client" })).await;
    let one = file(&app, &view, 1).await;
    ada.patch(format!("/api/v1/projects/{project}")).json(json!({ "name": "New roof" })).await.expect(200);
    let view = ask(&app, project, json!({ "kind": "warranty" })).await;
    let two = file(&app, &view, 2).await;
    let path = text(&view["verify_url"]).trim_start_matches("https://acme.plumbline.example").to_owned();
    let stranger = app.visitor("acme");
    let page = stranger.get(&path).await.expect(200).text();
    assert!(page.contains(text(&view["number"])) && page.contains("Warranty") && page.contains("acme"), "{page}");
    for secret in ["Cora", "Sample Street", "Roof of cora", "workmanship"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
    let mut flipped = two.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (bytes, words) in [(&two, "Genuine</p>"), (&one, "Genuine, but an older version"), (&flipped, "Altered, or not this document")] {
        let hash = sha256(bytes);
        let answer = stranger.post(&path).form(&[("sha256", hash.as_str())]).await.expect(200).text();
        assert!(answer.contains(words), "{words}: {answer}");
        let answer = send(&stranger, &path, bytes).await.expect(200).text();
        assert!(answer.contains(words), "without script: {words}: {answer}");
    }
    for sent in ["", "zz", "00"] {
        assert!(stranger.post(&path).form(&[("sha256", sent)]).await.expect(200).text().contains("There was no file"));
    }
    assert!(send(&stranger, &path, b"").await.expect(200).text().contains("There was no file"));
    send(&stranger, &path, &vec![7; (64 << 20) + 1]).await.expect(413);
    // What nobody issued, and what another company did.
    for token in ["mfrggzdfmztwq2lknnwg23tpoa", "preview", "..", "%00"] {
        stranger.get(format!("/verify/{token}")).await.expect(404);
    }
    app.visitor("globex").get(&path).await.expect(404);
    app.visitor("globex").post(&path).form(&[("sha256", sha256(&two).as_str())]).await.expect(404);
    ada.delete(format!("/api/v1/documents/{}", text(&view["document_id"]))).await.expect(204);
    let answer = stranger.post(&path).form(&[("sha256", sha256(&two).as_str())]).await.expect(200).text();
    assert!(answer.contains("Genuine, but taken back"), "{answer}");
}

#[tokio::test]
async fn asking_too_often_is_slowed_down() {
    let app = TestApp::with(|config| config.limits.verify_address = "3/1h".parse().expect("a rate")).await;
    let stranger = app.visitor("acme");
    for _ in 0..3 {
        stranger.get("/verify/mfrggzdfmztwq2lknnwg23tpoa").await.expect(404);
    }
    stranger.get("/verify/mfrggzdfmztwq2lknnwg23tpoa").await.expect(429);
}

#[tokio::test]
async fn a_preview_stores_nothing() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, cora(&app));
    let before = app.ask(&format!("SELECT seq FROM {}.event_head", app.acme().house().schema)).await;
    let settings = DocumentSettings { covered: "Everything under the moon.".into(), ..Default::default() };
    let asked = json!({ "kind": "warranty", "settings": serde_json::to_value(&settings).expect("JSON") });
    let answer = mel.post(format!("/api/v1/projects/{project}/document-previews")).json(asked).await.expect(200);
    assert!(answer.body.starts_with(b"%PDF-1.") && answer.header("content-type") == "application/pdf");
    assert!(
        answer.header("content-disposition").starts_with("attachment;") && answer.header("content-security-policy").contains("sandbox")
    );
    if let Some(words) = words(&answer.body) {
        assert!(words.contains("Everything under the moon.") && words.contains("Preview"), "{words}");
    }
    assert_eq!(app.ask(&format!("SELECT seq FROM {}.event_head", app.acme().house().schema)).await, before);
    assert!(list(&app, project).await.iter().all(|d| d["state"] == "failed"), "only the template's");
    let settings = DocumentSettings { currency: "dollars".into(), ..settings };
    let asked = json!({ "kind": "warranty", "settings": serde_json::to_value(&settings).expect("JSON") });
    mel.post(format!("/api/v1/projects/{project}/document-previews")).json(asked).await.expect_problem(422, "currency_unknown");
}

#[tokio::test]
async fn settings_are_kept_and_on_record() {
    let app = TestApp::start().await;
    let (ada, path) = (app.staff("ada").await, "/api/v1/document-settings");
    let usual: DocumentSettings = serde_json::from_value(ada.get(path).await.expect(200).json()).expect("settings");
    assert_eq!(usual, DocumentSettings::default());
    let mut changed = DocumentSettings { footer: "Licence 4711".into(), warranty_years: Some(5), ..usual };
    changed.rules.iter_mut().filter(|r| r.kind == GeneratedKind::Warranty).for_each(|r| r.visibility = Visibility::Client);
    let body = serde_json::to_value(&changed).expect("JSON");
    ada.put(path).json(body.clone()).await.expect(200);
    let kept: DocumentSettings = serde_json::from_value(ada.get(path).await.expect(200).json()).expect("settings");
    assert_eq!(kept, changed);
    let log = ada.get("/api/v1/audit").await.expect(200).text();
    assert!(log.contains("changed the documents that write themselves: footer, rules, warranty years"), "{log}");
    let mut long = body.clone();
    long["footer"] = "x".repeat(300).into();
    ada.put(path).json(long).await.expect_problem(422, "too_long");
    app.staff("mel").await.put(path).json(body).await.expect(403);
    // What was promised before is as it was; what is made from now on is not.
    let view = ask(&app, cora(&app), json!({ "kind": "warranty" })).await;
    if let Some(words) = words(&file(&app, &view, 1).await) {
        assert!(words.contains("Licence 4711"), "{words}");
    }
    assert!(app.customer("cora").await.get(format!("/projects/{}/documents", cora(&app))).await.text().contains("Warranty (W-"));
}

#[tokio::test]
async fn signs_without_a_font_are_left_out_and_letters_are_not() {
    let app = TestApp::start().await;
    let (mel, project) = (app.staff("mel").await, cora(&app));
    let update = json!({ "body": "The roof is dry \u{1f44d}\u{1f3e0}.", "visibility": "client" });
    mel.post(format!("/api/v1/projects/{project}/updates")).json(update).await.expect(200);
    let view = ask(&app, project, json!({ "kind": "progress_report" })).await;
    assert_eq!(text(&view["state"]), "ready", "{view}");
    assert!(text(&view["reason"]).contains('\u{1f44d}'), "{view}");
    mel.patch(format!("/api/v1/projects/{project}")).json(json!({ "name": "屋顶" })).await.expect(200);
    let view = ask(&app, project, json!({ "kind": "warranty" })).await;
    assert!(text(&view["state"]) == "failed" && text(&view["reason"]).contains('屋'), "{view}");
    minutes(&app, 12).await;
}

fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(sha2::Sha256::digest(bytes).as_slice())
}

/// A form with a file, as a browser without script sends it.
async fn send(client: &Client, path: &str, bytes: &[u8]) -> tests::Answer {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    client.post(path).file(body).header("content-type", "multipart/form-data; boundary=b").await
}
