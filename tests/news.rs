//! The mail of news: gathered for ten minutes, told once, without what was taken back, and to nobody else.

use chrono::Duration;
use embedded::mailbox::Mail;
use platform::{
    events::Event,
    news::jobs::{SendNews, TellNews},
    projects::ProjectId,
    schedule::MilestoneId,
};
use serde_json::json;
use tests::TestApp;
use uuid::Uuid;

const CORA: &str = "cora@acme.example";

/// The company after cora was invited, and her project.
async fn invited() -> (TestApp, Uuid) {
    let app = TestApp::start().await;
    let house = app.acme().house();
    app.staff("ada").await.post(format!("/api/v1/customers/{}/invitation", house.customers["cora"])).await.expect(200);
    app.run_jobs().await;
    (app, house.projects["cora"])
}

async fn post(app: &TestApp, project: Uuid, body: &str, visibility: &str) -> String {
    let new = json!({ "body": body, "visibility": visibility });
    let view = app.staff("mel").await.post(format!("/api/v1/projects/{project}/updates")).json(new).await.expect(200).json();
    view["id"].as_str().expect("an id").to_owned()
}

fn news(app: &TestApp, to: &str) -> Vec<Mail> {
    app.mails_to(to).into_iter().filter(|mail| mail.subject.starts_with("News")).collect()
}

async fn ten_minutes(app: &TestApp) {
    app.clock.advance(Duration::minutes(10));
    app.run_jobs().await;
}

async fn record(app: &TestApp, event: Event) {
    let mut cx = app.acme().system().await.begin().await.expect("a transaction");
    cx.record(&event).await.expect("recorded");
    cx.commit().await.expect("committed");
}

#[tokio::test]
async fn ten_minutes_are_one_mail() {
    let (app, project) = invited().await;
    post(&app, project, "The north side is covered.\nThe rest follows.", "client").await;
    app.clock.advance(Duration::minutes(9));
    app.run_jobs().await;
    assert!(news(&app, CORA).is_empty(), "more may come");
    post(&app, project, "The <cellar> & gutters are clean.", "client").await;
    post(&app, project, "Ask for the second half of the money.", "internal").await;
    for (n, visibility) in ["client", "client", "internal"].into_iter().enumerate() {
        let visibility = visibility.to_owned();
        let photo = platform::photos::PhotoId(Uuid::from_u128(n as u128));
        let event = Event::PhotoUploaded {
            photo,
            project: ProjectId(project),
            file_name: "a.jpg".into(),
            visibility,
            bytes: 1,
            sha256: String::new(),
        };
        record(&app, event).await;
    }
    let milestone = MilestoneId(app.acme().house().milestones["cora"][0]);
    let day = "2026-01-06".parse().expect("a day");
    record(&app, Event::MilestoneCompleted { milestone, project: ProjectId(project), name: "Tear-off".into(), day }).await;
    app.clock.advance(Duration::minutes(1));
    app.run_jobs().await;
    let mails = news(&app, CORA);
    assert_eq!(mails.len(), 1);
    let (text, html) = (&mails[0].text, mails[0].html.as_deref().unwrap_or_default());
    assert_eq!(mails[0].subject, "News from your project: Roof of cora");
    for words in ["Done: Tear-off", "The north side is covered.", "The <cellar> & gutters are clean.", "2 new photos"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("The rest follows") && !text.contains("second half"), "{text}");
    assert!(html.contains("The &lt;cellar&gt; &amp; gutters"), "{html}");
    let link = format!("https://acme.plumbline.example/projects/{project}");
    assert!(mails[0].links.contains(&link), "the way there carries no credential: {:?}", mails[0].links);
    assert!(app.mails_to("carl@acme.example").is_empty() && app.mails_to("gil@globex.example").is_empty());
    ten_minutes(&app).await;
    assert_eq!(news(&app, CORA).len(), 1);
    post(&app, project, "The south side, too.", "client").await;
    ten_minutes(&app).await;
    let mails = news(&app, CORA);
    assert_eq!(mails.len(), 2);
    assert!(mails[1].text.contains("The south side, too.") && !mails[1].text.contains("north side"), "{}", mails[1].text);
}

#[tokio::test]
async fn what_was_taken_back_is_not_told() {
    let (app, project) = invited().await;
    let (gone, hidden) = (post(&app, project, "Wrong house.", "client").await, post(&app, project, "For us.", "client").await);
    let mel = app.staff("mel").await;
    mel.delete(format!("/api/v1/updates/{gone}")).await.expect(204);
    mel.patch(format!("/api/v1/updates/{hidden}")).json(json!({ "visibility": "internal" })).await.expect(200);
    ten_minutes(&app).await;
    assert!(news(&app, CORA).is_empty());
    // What is shown to customers later is news then.
    mel.patch(format!("/api/v1/updates/{hidden}")).json(json!({ "visibility": "client", "body": "For you." })).await.expect(200);
    ten_minutes(&app).await;
    let mails = news(&app, CORA);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("For you.") && !mails[0].text.contains("Wrong house."), "{}", mails[0].text);
}

#[tokio::test]
async fn a_job_that_runs_twice_tells_once() {
    let (app, project) = invited().await;
    post(&app, project, "Done.", "client").await;
    ten_minutes(&app).await;
    for _ in 0..2 {
        let mut cx = app.acme().system().await.begin().await.expect("a transaction");
        cx.enqueue(&TellNews { project: ProjectId(project) }).await.expect("stored");
        cx.commit().await.expect("committed");
        app.run_jobs().await;
    }
    assert_eq!(news(&app, CORA).len(), 1);
    // A mail server that is away: later, and still one.
    post(&app, project, "Done again.", "client").await;
    app.mailbox.pause();
    ten_minutes(&app).await;
    app.mailbox.resume();
    ten_minutes(&app).await;
    assert_eq!(news(&app, CORA).len(), 2);
}

#[tokio::test]
async fn only_who_belongs_there_is_told() {
    let app = TestApp::start().await;
    let (house, project) = (app.acme().house(), app.acme().house().projects["cora"]);
    post(&app, project, "Before anybody was invited.", "client").await;
    ten_minutes(&app).await;
    app.staff("ada").await.post(format!("/api/v1/customers/{}/invitation", house.customers["cora"])).await.expect(200);
    ten_minutes(&app).await;
    assert!(news(&app, CORA).is_empty(), "old news are on the page");
    post(&app, project, "And now.", "client").await;
    app.clock.advance(Duration::minutes(10));
    // Between the gathering and the mail she leaves the household.
    let mut cx = app.acme().system().await.begin().await.expect("a transaction");
    let customer = kernel::ids::CustomerId(house.customers["cora"]);
    cx.enqueue(&SendNews { project: ProjectId(project), customer, after: 0, until: i64::MAX }).await.expect("stored");
    cx.commit().await.expect("committed");
    let path = format!("/api/v1/households/{}/members/{}", house.households["cora"], house.customers["cora"]);
    app.staff("ada").await.delete(path).await;
    app.run_jobs().await;
    assert!(news(&app, CORA).is_empty());
}
