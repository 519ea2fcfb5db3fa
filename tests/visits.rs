//! Visits: planned in the company's time, answered for the time that was seen, told once.

use chrono::{DateTime, Days, Duration, NaiveDate, TimeZone, Utc, Weekday};
use embedded::mailbox::Mail;
use kernel::{Actor, clock::Clock, ids::CustomerId};
use platform::visits::{
    AppointmentId,
    jobs::{RemindVisit, TellVisit},
};
use serde_json::{Value, json};
use tests::{Answer, Client, TestApp};
use uuid::Uuid;

const CORA: &str = "cora@acme.example";

/// The company, and cora's project without the visit of the template.
struct Site {
    app: TestApp,
    project: Uuid,
}

impl Site {
    async fn start() -> Site {
        Site::over(TestApp::start().await).await
    }

    async fn over(app: TestApp) -> Site {
        app.execute(&format!("DELETE FROM {}.appointments", app.acme().house().schema)).await;
        let project = app.acme().house().projects["cora"];
        Site { app, project }
    }

    async fn zone(&self, zone: &str) {
        self.app.execute(&format!("UPDATE platform.tenants SET time_zone = '{zone}' WHERE subdomain = 'acme'")).await;
        self.app.app.tenants.forget(&self.app.tenant(self.app.acme().house()).await.clone()).await;
    }

    async fn invite(&self) {
        let path = format!("/api/v1/customers/{}/invitation", self.app.acme().house().customers["cora"]);
        self.app.staff("ada").await.post(path).await.expect(200);
        self.app.run_jobs().await;
    }

    fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// A day in New York, some days from now.
    fn day(&self, n: u64) -> NaiveDate {
        self.now().with_timezone(&chrono_tz::America::New_York).date_naive() + Days::new(n)
    }

    async fn mel(&self) -> Client {
        self.app.staff("mel").await
    }

    async fn try_visit(&self, new: Value) -> Answer {
        self.mel().await.post(format!("/api/v1/projects/{}/appointments", self.project)).json(new).await
    }

    async fn visit(&self, day: NaiveDate, from: &str, until: &str) -> Value {
        self.try_visit(visit(day, from, until)).await.expect(200).json()
    }

    async fn change(&self, visit: &Value, change: Value) -> Answer {
        self.mel().await.patch(at(visit)).json(change).await
    }

    async fn view(&self, visit: &Value) -> Value {
        self.mel().await.get(at(visit)).await.expect(200).json()
    }

    async fn cancel(&self, visit: &Value) {
        self.mel().await.post(format!("{}/cancellation", at(visit))).await.expect(200);
    }

    async fn confirm(&self, visit: &Value, sequence: &str) -> Answer {
        self.app.customer("cora").await.post(format!("/appointments/{}/confirmation", id(visit))).form(&[("sequence", sequence)]).await
    }

    async fn ask(&self, visit: &Value, sequence: &str, note: &str) -> Answer {
        let form = [("sequence", sequence), ("note", note)];
        self.app.customer("cora").await.post(format!("/appointments/{}/move", id(visit))).form(&form).await
    }

    async fn page(&self) -> String {
        self.app.customer("cora").await.get(format!("/projects/{}/visits", self.project)).await.expect(200).text()
    }

    async fn events(&self, kind: &str) -> String {
        self.app.ask(&format!("SELECT count(*) FROM {}.events WHERE kind = '{kind}'", self.app.acme().house().schema)).await
    }

    async fn after(&self, time: Duration) {
        self.app.clock.advance(time);
        self.app.run_jobs().await;
    }

    /// The mails about visits, the oldest first.
    fn mails(&self) -> Vec<Mail> {
        let about = |mail: &Mail| mail.links.iter().any(|link| link.ends_with("/visits"));
        self.app.mails_to(CORA).into_iter().filter(about).collect()
    }
}

fn visit(day: NaiveDate, from: &str, until: &str) -> Value {
    json!({
        "title": "Gutters go up", "day": day, "from": from, "until": until, "who": "Mel and two roofers",
        "prepare": "Move the cars.\nLock <up> the dog.", "visibility": "client",
    })
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

fn id(visit: &Value) -> &str {
    visit["id"].as_str().expect("an id")
}

fn at(visit: &Value) -> String {
    format!("/api/v1/appointments/{}", id(visit))
}

fn words(day: NaiveDate) -> String {
    day.format("%A, %B %-d").to_string()
}

#[tokio::test]
async fn a_visit_is_proposed_and_confirmed() {
    let site = Site::start().await;
    let day = site.day(40);
    let visit = site.visit(day, "08:00", "11:30").await;
    let starts = chrono_tz::America::New_York.from_local_datetime(&day.and_hms_opt(8, 0, 0).expect("a time")).unwrap().to_utc();
    assert_eq!(visit["starts_at"].as_str().expect("a moment").parse::<DateTime<Utc>>().expect("a moment"), starts);
    assert_eq!((visit["day"].clone(), visit["from"].as_str(), visit["until"].as_str()), (json!(day), Some("08:00"), Some("11:30")));
    assert_eq!(
        (visit["state"].as_str(), visit["sequence"].as_i64(), visit["project"]["name"].as_str()),
        (Some("proposed"), Some(0), Some("Roof of cora"))
    );
    site.try_visit(with(super_secret(day), "visibility", json!("internal"))).await.expect(200);

    let page = site.page().await;
    assert!(page.contains("8 to 11:30 am") && page.contains("Mel and two roofers") && page.contains("Lock &lt;up&gt; the dog."), "{page}");
    assert!(!page.contains("super secret") && page.contains("data-live=\"visits\""), "{page}");
    for (who, status) in [("carl", 404), ("cora", 200)] {
        site.app.customer(who).await.get(format!("/projects/{}/visits", site.project)).await.expect(status);
        site.app.customer(who).await.get(format!("/appointments/{}/move", id(&visit))).await.expect(status);
    }
    for stranger in [site.app.customer("carl").await, site.app.globex().customer("gil").await] {
        for (act, form) in [("confirmation", [("sequence", "0"), ("note", "")]), ("move", [("sequence", "0"), ("note", "No.")])] {
            stranger.post(format!("/appointments/{}/{act}", id(&visit))).form(&form).await.expect(404);
        }
    }

    let to = site.confirm(&visit, "0").await.expect(303).header("location").to_owned();
    let page = site.app.customer("cora").await.get(&to).await.expect(200).text();
    assert!(page.contains(&format!("Confirmed: {}, 8 to 11:30 am", words(day))) && page.contains("Confirmed by Cora Sample"), "{page}");
    assert!(!page.contains("/confirmation"), "there is nothing to confirm any more");
    site.confirm(&visit, "0").await.expect(303);
    assert_eq!(site.events("appointment.confirmed").await, "1", "said twice it is said once");
    let view = site.view(&visit).await;
    assert_eq!((view["state"].as_str(), view["answered_by"].as_str()), (Some("confirmed"), Some("Cora Sample")));
    site.after(Duration::minutes(1)).await;
}

fn super_secret(day: NaiveDate) -> Value {
    with(visit(day, "09:00", "10:00"), "title", json!("super secret"))
}

#[tokio::test]
async fn another_time_is_asked_for_and_answered() {
    let site = Site::start().await;
    let visit = site.visit(site.day(40), "08:00", "11:00").await;
    let form = site.app.customer("cora").await.get(format!("/appointments/{}/move", id(&visit))).await.expect(200).text();
    assert!(form.contains("name=\"sequence\" value=\"0\"") && form.contains("<textarea"), "{form}");
    let long = "Please. ".repeat(90);
    for (typed, words) in [("  ", "Tell us which days"), (long.as_str(), "At most 600 characters")] {
        let page = site.ask(&visit, "0", typed).await.expect(422).text();
        assert!(page.contains(words) && page.contains(typed.trim()), "{page}");
    }
    let note = "After <noon>.\nOr Thursday.";
    let to = site.ask(&visit, "0", note).await.expect(303).header("location").to_owned();
    let page = site.app.customer("cora").await.get(&to).await.expect(200).text();
    assert!(page.contains("another time would be better") && page.contains("After &lt;noon&gt;."), "{page}");
    site.ask(&visit, "0", note).await.expect(303);
    assert_eq!(site.events("appointment.move_asked").await, "1");
    let view = site.view(&visit).await;
    assert_eq!((view["state"].as_str(), view["asked_note"].as_str()), (Some("move_asked"), Some(note)));

    // Other words are no answer; a new time is one.
    assert_eq!(site.change(&visit, json!({ "who": "Mel" })).await.expect(200).json()["state"], "move_asked");
    let moved = site.change(&visit, json!({ "from": "13:00", "until": "15:00" })).await.expect(200).json();
    assert_eq!((moved["state"].as_str(), moved["sequence"].as_i64(), moved["asked_note"].as_str()), (Some("proposed"), Some(1), Some("")));
    assert_eq!((moved["answered_by"].as_str(), moved["answered_at"].is_null(), moved["who"].as_str()), (Some(""), true, Some("Mel")));
    // The same time again is none.
    let same = site.change(&visit, json!({ "day": site.day(40), "from": "13:00", "until": "15:00", "keep_time": true })).await.expect(200);
    assert_eq!(same.json()["sequence"], 1);
    site.ask(&visit, "1", "No.").await.expect(303);
    let kept = site.change(&visit, json!({ "keep_time": true })).await.expect(200).json();
    assert_eq!((kept["state"].as_str(), kept["sequence"].as_i64(), kept["from"].as_str()), (Some("proposed"), Some(2), Some("13:00")));
    site.confirm(&visit, "2").await.expect(303);
    assert_eq!(site.change(&visit, json!({ "keep_time": true })).await.expect(200).json()["state"], "confirmed");
    site.after(Duration::minutes(1)).await;
}

#[tokio::test]
async fn an_answer_is_to_the_time_that_was_seen() {
    let site = Site::start().await;
    let (day, later) = (site.day(40), site.day(41));
    let visit = site.visit(day, "08:00", "11:00").await;
    site.change(&visit, json!({ "day": later })).await.expect(200);
    for old in ["0", "2", "-1", "", "x", "99999999999"] {
        let page = site.confirm(&visit, old).await.expect(409).text();
        assert!(page.contains("has changed in the meantime") && page.contains(&words(later)) && page.contains("value=\"1\""), "{page}");
    }
    let page = site.ask(&visit, "0", "Not then.").await.expect(409).text();
    assert!(
        page.contains("has changed in the meantime") && page.contains("Not then.</textarea>") && page.contains("value=\"1\""),
        "{page}"
    );
    assert_eq!(site.view(&visit).await["state"], "proposed");
    site.confirm(&visit, "1").await.expect(303);
    let page = site.page().await;
    assert!(!page.contains("in the meantime"), "{page}");
    // A link to what was done shows it only as long as it is so.
    site.change(&visit, json!({ "day": day })).await.expect(200);
    let old = format!("/projects/{}/visits?said=confirmed&visit={}", site.project, id(&visit));
    assert!(!site.app.customer("cora").await.get(old).await.expect(200).text().contains("Confirmed:"));
    site.after(Duration::minutes(1)).await;
}

#[tokio::test]
async fn clocks_that_are_set_skip_no_visit() {
    let site = Site::start().await;
    let year = chrono::Datelike::year(&site.now()) + 1;
    let sunday = |month, n| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, n).expect("a Sunday");
    let last = |month| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, 5).unwrap_or_else(|| sunday(month, 4));
    for (zone, spring, autumn, first) in
        [("America/New_York", sunday(3, 2), sunday(11, 1), ("01:30", "05:30")), ("Europe/Berlin", last(3), last(10), ("02:30", "00:30"))]
    {
        site.zone(zone).await;
        let refused = site.try_visit(visit(spring, "02:30", "05:00")).await.expect_problem(422, "time_does_not_exist").json();
        assert!(refused.to_string().contains("set forward"), "{refused}");
        site.try_visit(visit(spring, "01:00", "02:30")).await.expect_problem(422, "time_does_not_exist");
        let short = site.visit(spring, "01:00", "03:00").await;
        assert_eq!(length(&short), 60, "{zone}: an hour is skipped");
        // Moving the day into the gap is refused, too, and changes nothing.
        let other = site.visit(spring - Days::new(1), "02:30", "05:00").await;
        site.change(&other, json!({ "day": spring })).await.expect_problem(422, "time_does_not_exist");
        assert_eq!(site.view(&other).await["sequence"], 0);
        let twice = site.visit(autumn, first.0, "04:00").await;
        assert!(twice["starts_at"].as_str().expect("a moment").contains(&format!("T{}", first.1)), "{zone}: the first counts: {twice}");
        assert_eq!((twice["from"].as_str(), twice["day"].clone()), (Some(first.0), json!(autumn)));
    }
    site.after(Duration::minutes(1)).await;
}

fn length(visit: &Value) -> i64 {
    let moment = |name: &str| visit[name].as_str().and_then(|m| m.parse::<DateTime<Utc>>().ok()).expect("a moment");
    (moment("ends_at") - moment("starts_at")).num_minutes()
}

#[tokio::test]
async fn days_are_the_companys() {
    let site = Site::start().await;
    for (zone, hours) in [("Pacific/Auckland", 12), ("Etc/GMT+12", -12), ("Pacific/Kiritimati", 14)] {
        site.zone(zone).await;
        let day = (site.now() + Duration::hours(hours)).date_naive() + Days::new(30);
        let (early, late) = (site.visit(day, "00:00", "00:30").await, site.visit(day, "23:00", "23:59").await);
        for visit in [&early, &late] {
            assert_eq!(visit["day"], json!(day), "{zone}");
        }
        let list = async |from: NaiveDate, to: NaiveDate| {
            let answer = site.mel().await.get(format!("/api/v1/appointments?from={from}&to={to}")).await.expect(200).json();
            let items = answer["items"].as_array().expect("items").iter().filter(|v| v["state"] != "cancelled");
            items.map(|v| id(v).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list(day, day).await, [id(&early), id(&late)], "{zone}");
        assert!(
            list(day - Days::new(1), day - Days::new(1)).await.is_empty() && list(day + Days::new(1), day + Days::new(1)).await.is_empty()
        );
        let page = site.page().await;
        assert!(
            page.contains(&format!("datetime=\"{day}\"")) && page.contains("midnight to 12:30 am") && page.contains("11 to 11:59 pm"),
            "{page}"
        );
        site.cancel(&early).await;
        site.cancel(&late).await;
    }
    site.after(Duration::minutes(1)).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let site = Site::start().await;
    let day = site.day(3);
    let good = || visit(day, "08:00", "11:00");
    let foreign = site.app.acme().house().milestones["carl"][0];
    for (new, code) in [
        (with(good(), "title", json!(" ")), "title_missing"),
        (with(good(), "title", json!("x".repeat(121))), "title_too_long"),
        (with(good(), "prepare", json!("x".repeat(601))), "too_long"),
        (with(good(), "from", json!("8 am")), "time_format"),
        (with(good(), "until", json!("24:00")), "time_format"),
        (with(good(), "until", json!("08:00")), "until_before_from"),
        (with(good(), "day", json!(site.day(0) - Days::new(1))), "time_past"),
        (with(good(), "day", json!("2099-01-01")), "day_out_of_range"),
        (with(good(), "milestone_id", json!(foreign)), "unknown"),
        (with(good(), "milestone_id", json!(Uuid::now_v7())), "unknown"),
    ] {
        site.try_visit(new).await.expect_problem(422, code);
    }
    let own = site.app.acme().house().milestones["cora"][0];
    let visit = site.try_visit(with(good(), "milestone_id", json!(own))).await.expect(200).json();
    assert_eq!(site.change(&visit, json!({ "milestone_id": null })).await.expect(200).json()["milestone_id"], Value::Null);
    site.change(&visit, json!({ "visibility": "internal" })).await.expect_problem(409, "visit_shown");
    for (query, code) in [("from=2026-01-02&to=2026-01-01", "range_backwards"), ("from=2026-01-01&to=2026-03-04", "range_too_long")] {
        site.mel().await.get(format!("/api/v1/appointments?{query}")).await.expect_problem(422, code);
    }
    let send = || site.app.staff("mo");
    let path = format!("/api/v1/projects/{}/appointments", site.project);
    let first = send().await.post(&path).json(good()).header("idempotency-key", "v-1").await.expect(200).json();
    let mo = send().await;
    assert_eq!(mo.post(&path).json(good()).header("idempotency-key", "v-1").await.expect(200).json()["id"], first["id"]);
    let list = mo.get(&path).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    site.after(Duration::minutes(1)).await;
}

#[tokio::test]
async fn what_is_over_or_off_or_finished_is_read_only() {
    let site = Site::start().await;
    let day = site.day(3);
    let (off, over, closed) = (
        site.visit(day, "08:00", "09:00").await,
        site.visit(day, "10:00", "11:00").await,
        site.visit(site.day(30), "10:00", "11:00").await,
    );
    site.cancel(&off).await;
    for refused in [site.confirm(&off, "1").await, site.ask(&off, "1", "No.").await] {
        let page = refused.expect(409).text();
        assert!(page.contains("was called off") && page.contains("Called off"), "{page}");
    }
    site.change(&off, json!({ "who": "Mo" })).await.expect_problem(409, "appointment_cancelled");
    site.mel().await.post(format!("{}/cancellation", at(&off))).await.expect_problem(409, "appointment_cancelled");

    site.after(Duration::days(4)).await;
    assert!(site.confirm(&over, "0").await.expect(409).text().contains("This visit is over"));
    site.change(&over, json!({ "who": "Mo" })).await.expect_problem(409, "appointment_over");
    assert_eq!(site.view(&over).await["over"], true);
    let form = site.app.customer("cora").await.get(format!("/appointments/{}/move", id(&over))).await.expect(303);
    assert!(form.header("location").ends_with("/visits"));

    // Viewers look.
    let (house, ada) = (site.app.acme().house(), site.app.staff("ada").await);
    let member = format!("/api/v1/households/{}/members/{}", house.households["cora"], house.customers["cora"]);
    ada.put(&member).json(json!({ "role": "viewer" })).await.expect(200);
    assert!(!site.page().await.contains("/confirmation"));
    assert!(site.confirm(&closed, "0").await.expect(403).text().contains("Somebody who signs or pays"));
    ada.put(&member).json(json!({ "role": "payer" })).await.expect(200);
    assert!(site.page().await.contains("/confirmation"));

    for status in ["completed", "archived"] {
        site.mel().await.patch(format!("/api/v1/projects/{}", site.project)).json(json!({ "status": status })).await.expect(200);
        assert!(!site.page().await.contains("/confirmation"));
        assert!(site.confirm(&closed, "0").await.expect(409).text().contains("This project is finished"), "{status}");
    }
    site.try_visit(visit(site.day(9), "08:00", "09:00")).await.expect_problem(409, "project_archived");
    site.change(&closed, json!({ "who": "Mo" })).await.expect_problem(409, "project_archived");
    assert_eq!(site.events("appointment.confirmed").await, "0");
    site.after(Duration::minutes(1)).await;
}

#[tokio::test]
async fn each_time_is_told_once() {
    let site = Site::start().await;
    site.invite().await;
    let day = site.day(30);
    let visit = site.visit(day, "08:00", "11:00").await;
    site.try_visit(with(super_secret(day), "visibility", json!("internal"))).await.expect(200);
    site.cancel(&site.visit(day, "15:00", "16:00").await).await;
    site.after(Duration::minutes(1)).await;
    let mails = site.mails();
    assert_eq!(mails.len(), 1, "what was called off at once is never spoken of");
    assert!(mails[0].subject.starts_with("A visit on ") && mails[0].subject.ends_with("8 to 11 am: Gutters go up"), "{}", mails[0].subject);
    for words in ["Mel and two roofers", "Lock <up> the dog.", "Please tell us whether this suits you"] {
        assert!(mails[0].text.contains(words), "{}", mails[0].text);
    }
    assert!(mails[0].html.as_deref().is_some_and(|html| html.contains("Lock &lt;up&gt; the dog.")));
    // Twice the same job, and words that change, are no news.
    site.change(&visit, json!({ "who": "Mo" })).await.expect(200);
    again(&site, &visit).await;
    assert_eq!(site.mails().len(), 1);

    // Two moves in a row are one, from what was told.
    site.change(&visit, json!({ "from": "12:00", "until": "14:00" })).await.expect(200);
    site.change(&visit, json!({ "from": "09:00", "until": "12:00" })).await.expect(200);
    site.after(Duration::minutes(1)).await;
    let moved = site.mails();
    assert_eq!(moved.len(), 2);
    assert!(moved[1].subject.starts_with("New time: ") && moved[1].text.contains("9 am to noon"), "{}", moved[1].text);
    assert!(
        moved[1].text.contains("Was: ") && moved[1].text.contains("8 to 11 am") && !moved[1].text.contains("2 pm"),
        "{}",
        moved[1].text
    );
    assert!(site.page().await.contains("Moved from"));

    site.ask(&visit, "2", "Later, please.").await.expect(303);
    site.change(&visit, json!({ "keep_time": true })).await.expect(200);
    site.after(Duration::minutes(1)).await;
    assert!(site.mails()[2].text.contains("You asked for another time. We looked, and there is none"), "{}", site.mails()[2].text);
    site.cancel(&visit).await;
    site.after(Duration::minutes(1)).await;
    again(&site, &visit).await;
    let mails = site.mails();
    assert_eq!(mails.len(), 4);
    assert!(mails[3].subject.starts_with("Called off: Gutters go up") && !mails[3].text.contains("Lock <up>"), "{}", mails[3].text);
    assert!(site.app.mails_to("carl@acme.example").is_empty());
}

async fn again(site: &Site, visit: &Value) {
    let appointment: AppointmentId = id(visit).parse().expect("an id");
    for _ in 0..2 {
        let mut cx = site.app.acme().system().await.begin().await.expect("a transaction");
        cx.enqueue(&TellVisit { appointment }).await.expect("stored");
        cx.commit().await.expect("committed");
        site.after(Duration::minutes(1)).await;
    }
}

#[tokio::test]
async fn a_reminder_is_of_the_time_that_counts() {
    let site = Site::start().await;
    site.invite().await;
    let moved = site.visit(site.day(10), "08:00", "11:00").await;
    let fixed = site.visit(site.day(20), "08:00", "11:00").await;
    site.after(Duration::minutes(1)).await;
    site.change(&moved, json!({ "day": site.day(15) })).await.expect(200);
    site.confirm(&fixed, "0").await.expect(303);
    site.after(Duration::minutes(1)).await;
    assert_eq!(site.mails().len(), 3);
    let mut days = Vec::new();
    for quarter in 1..=80 {
        site.after(Duration::hours(6)).await;
        days.extend(site.mails().iter().skip(3 + days.len()).map(|_| quarter / 4).collect::<Vec<_>>());
    }
    assert_eq!(days.len(), 2, "{days:?}");
    assert!((14..=15).contains(&days[0]) && (19..=20).contains(&days[1]), "on the day before: {days:?}");
    let mails = site.mails();
    assert!(
        mails[3].text.contains("Please tell us whether this suits you") && mails[4].text.contains("If something has come up"),
        "{}",
        mails[4].text
    );
    // What was reminded of once, and what is off, is not reminded of again.
    let late = site.visit(site.day(5), "08:00", "11:00").await;
    site.after(Duration::minutes(1)).await;
    let appointment: AppointmentId = id(&late).parse().expect("an id");
    for (sequence, mails) in [(0, 7), (0, 7), (1, 7)] {
        let mut cx = site.app.acme().system().await.begin().await.expect("a transaction");
        cx.enqueue(&RemindVisit { appointment, sequence }).await.expect("stored");
        cx.commit().await.expect("committed");
        site.app.run_jobs().await;
        assert_eq!(site.mails().len(), mails);
    }
    site.cancel(&late).await;
    site.after(Duration::minutes(1)).await;
    assert_eq!(site.mails().len(), 8, "and that it is off is told");
}

#[tokio::test]
async fn customers_write_their_answer_and_nothing_else() {
    let site = Site::start().await;
    let visit = site.visit(site.day(10), "08:00", "11:00").await;
    site.after(Duration::minutes(1)).await;
    let caller = site.app.acme().system().await;
    let as_customer = |name: &str| {
        let id = CustomerId(site.app.acme().house().customers[name]);
        caller.acting_as(Actor::Customer { id, name: name.to_owned() })
    };
    for sql in [
        "UPDATE appointments SET title = 'Mine'",
        "UPDATE appointments SET starts_at = now()",
        "UPDATE appointments SET visibility = 'internal'",
        "UPDATE appointments SET state = 'cancelled'",
        "UPDATE appointments SET state = 'proposed'",
        "DELETE FROM appointments",
        "UPDATE calendar_feeds SET token_hash = sha256('x')",
    ] {
        let cx = as_customer("cora").begin().await.expect("a transaction");
        assert!(cx.execute(sql, []).await.is_err(), "{sql}");
    }
    for (who, rows) in [("cora", 1), ("carl", 0)] {
        let cx = as_customer(who).begin().await.expect("a transaction");
        assert_eq!(cx.execute("UPDATE appointments SET state = 'confirmed'", []).await.expect("allowed"), rows, "{who}");
    }
    assert_eq!(site.view(&visit).await["state"], "proposed");
}
