//! The address for a calendar program: whose it is, what it shows, and how it ends.

use chrono::{Days, Duration, NaiveDate};
use icalendar::{Calendar, Component};
use kernel::clock::Clock;
use serde_json::{Value, json};
use tests::{ACME, TestApp};

fn day(app: &TestApp, n: u64) -> NaiveDate {
    app.clock.now().with_timezone(&chrono_tz::America::New_York).date_naive() + Days::new(n)
}

async fn visit(app: &TestApp, whose: &str, title: &str, day: NaiveDate) -> Value {
    let new = json!({
        "title": title, "day": day, "from": "08:00", "until": "11:00", "who": "Mel", "prepare": "Cars; away,\nplease.", "visibility": "client",
    });
    let path = format!("/api/v1/projects/{}/appointments", app.acme().house().projects[whose]);
    app.staff("mel").await.post(path).json(new).await.expect(200).json()
}

/// Makes an address by the page; its path.
async fn address(app: &TestApp) -> String {
    let page = app.customer("cora").await.post("/calendar").await.expect(200).text();
    let shown = page.split("value=\"https://").nth(1).and_then(|rest| rest.split('"').next()).expect("the address");
    assert!(page.contains(&format!("href=\"webcal://{shown}\"")), "{page}");
    let path = shown.strip_prefix(&ACME.host()).expect("our host").to_owned();
    assert!(path.ends_with(".ics") && path.len() > 50, "{path}");
    path
}

#[tokio::test]
async fn a_calendar_shows_what_its_owner_may_see() {
    let app = TestApp::start().await;
    let day = day(&app, 20);
    let seen = visit(&app, "cora", "Gutters; go up", day).await;
    visit(&app, "carl", "Chimney of carl", day).await;
    let secret = json!({ "title": "super secret", "day": day, "from": "08:00", "until": "11:00", "visibility": "internal" });
    let mel = app.staff("mel").await;
    mel.post(format!("/api/v1/projects/{}/appointments", app.acme().house().projects["cora"])).json(secret).await.expect(200);
    let path = address(&app).await;
    let visitor = app.acme().visitor();
    let answer = visitor.get(&path).await.expect(200);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert!(answer.header("cache-control").contains("private"));
    let text = answer.text();
    let id = seen["id"].as_str().expect("an id");
    for line in [
        format!("UID:visit-{id}@{}", ACME.host()),
        "SUMMARY:Gutters\\; go up".into(),
        "SEQUENCE:0".into(),
        "STATUS:TENTATIVE".into(),
        format!("DTSTART;TZID=America/New_York:{}T080000", day.format("%Y%m%d")),
        format!("DTEND;TZID=America/New_York:{}T110000", day.format("%Y%m%d")),
        "LOCATION:1 Sample Street\\, Sampleton".into(),
        "TZID:America/New_York".into(),
    ] {
        assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}: {text}");
    }
    // Another program reads in it what we wrote.
    let read: Calendar = text.parse().expect("a calendar");
    let event = read.events().find(|e| e.get_uid().is_some_and(|uid| uid.contains(id))).expect("the visit");
    assert_eq!((event.get_summary(), event.get_sequence()), (Some("Gutters; go up"), Some(0)));
    assert!(event.get_description().is_some_and(|words| words.contains("Cars; away,\nplease.")), "{event:?}");
    assert_eq!(read.get_name(), Some("acme"));
    assert!(!text.contains("Chimney of carl") && !text.contains("super secret"), "{text}");
    visitor.head(&path).await.expect(200);

    // What moves rises; what is off says so for a while.
    let at = format!("/api/v1/appointments/{id}");
    mel.patch(&at).json(json!({ "from": "09:00" })).await.expect(200);
    let text = visitor.get(&path).await.expect(200).text();
    assert!(text.contains("SEQUENCE:1\r\n") && text.contains("T090000\r\n"), "{text}");
    mel.post(format!("{at}/cancellation")).await.expect(200);
    let text = visitor.get(&path).await.expect(200).text();
    assert!(text.contains("STATUS:CANCELLED\r\n") && text.contains("SEQUENCE:2\r\n"), "{text}");
    app.clock.advance(Duration::days(31));
    assert!(!visitor.get(&path).await.expect(200).text().contains(id));
    app.run_jobs().await;
}

#[tokio::test]
async fn steps_are_whole_days() {
    let app = TestApp::start().await;
    let (mel, phase, first) = (app.staff("mel").await, app.acme().house().phases["cora"], day(&app, 5));
    let new = json!({
        "name": "Skylight", "note": "", "weight": 1, "work_type": null, "planned_start": first, "planned_end": first + Days::new(1), "waits_for": [],
    });
    mel.post(format!("/api/v1/phases/{phase}/milestones")).json(new).await.expect(200);
    let text = app.acme().visitor().get(address(&app).await).await.expect(200).text();
    let whole = format!(
        "DTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\nSUMMARY:Skylight\r\n",
        first.format("%Y%m%d"),
        (first + Days::new(2)).format("%Y%m%d")
    );
    assert!(text.contains(&whole), "{text}");
    app.clock.advance(Duration::minutes(10));
    app.run_jobs().await;
}

#[tokio::test]
async fn an_address_is_replaced_and_ended() {
    let app = TestApp::start().await;
    let visitor = app.acme().visitor();
    assert!(app.customer("cora").await.get("/calendar").await.expect(200).text().contains("Make my calendar address"));
    let old = address(&app).await;
    let new = address(&app).await;
    assert_eq!(visitor.get(&old).await.expect(410).text(), "", "the old one has ended");
    visitor.get(&new).await.expect(200);
    // Nothing else of the person is behind it, and it is nothing elsewhere.
    app.globex().visitor().get(&new).await.expect(404);
    app.apex().get(&new).await.expect(404);
    let token = new.trim_start_matches("/calendar/").trim_end_matches(".ics");
    assert_eq!(
        app.ask(&format!("SELECT count(*) FROM {}.calendar_feeds f WHERE f::text LIKE '%{token}%'", app.acme().house().schema)).await,
        "0"
    );
    for path in [
        format!("/calendar/{token}"),
        "/calendar/x.ics".into(),
        "/calendar/.ics".into(),
        format!("{new}.ics"),
        format!("/calendar/{}.ics", "x".repeat(5000)),
    ] {
        assert_eq!(visitor.get(&path).await.expect(404).text(), "", "{path}");
    }
    let to = app.customer("cora").await.post("/calendar/revocation").await.expect(303).header("location").to_owned();
    assert!(app.customer("cora").await.get(to).await.expect(200).text().contains("The address has ended"));
    assert_eq!(visitor.get(&new).await.expect(410).text(), "");
    app.customer("cora").await.post("/calendar/revocation").await.expect(303);
    let count =
        async |kind: &str| app.ask(&format!("SELECT count(*) FROM {}.events WHERE kind = '{kind}'", app.acme().house().schema)).await;
    assert_eq!((count("calendar_feed.created").await.as_str(), count("calendar_feed.revoked").await.as_str()), ("2", "1"));
}

#[tokio::test]
async fn who_leaves_the_household_reads_nothing() {
    let app = TestApp::start().await;
    let seen = visit(&app, "cora", "Gutters go up", day(&app, 20)).await;
    let (path, visitor, house) = (address(&app).await, app.acme().visitor(), app.acme().house());
    assert!(visitor.get(&path).await.expect(200).text().contains(seen["id"].as_str().expect("an id")));
    let member = format!("/api/v1/households/{}/members/{}", house.households["cora"], house.customers["cora"]);
    app.staff("ada").await.delete(member).await.expect(200);
    let text = visitor.get(&path).await.expect(200).text();
    assert!(text.contains("BEGIN:VCALENDAR") && !text.contains("BEGIN:VEVENT"), "{text}");
    app.clock.advance(Duration::minutes(1));
    app.run_jobs().await;
}

#[tokio::test]
async fn reading_is_noted_by_the_hour_and_has_a_rate() {
    let app = TestApp::with(|config| config.limits.feed_address = "4/1h".parse().expect("a rate")).await;
    let (path, visitor) = (address(&app).await, app.acme().visitor());
    let read = async || app.ask(&format!("SELECT last_read_at FROM {}.calendar_feeds", app.acme().house().schema)).await;
    assert_eq!(read().await, "");
    visitor.get(&path).await.expect(200);
    let first = read().await;
    app.clock.advance(Duration::minutes(10));
    visitor.get(&path).await.expect(200);
    assert_eq!(read().await, first, "at most once an hour");
    app.clock.advance(Duration::minutes(51));
    visitor.get(&path).await.expect(200);
    assert_ne!(read().await, first);
    assert!(app.customer("cora").await.get("/calendar").await.expect(200).text().contains("<dd>Today</dd>"));
    let mut left = 10;
    while visitor.get("/calendar/guess.ics").await.status == 404 {
        left -= 1;
        assert!(left > 0, "guessing has a rate");
    }
    visitor.get(&path).await.expect(429);
}
