//! The weather: from rain in the forecast to a moved milestone and a mail, and back; and everything that may go wrong on the way.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use embedded::{
    mailbox::Mail,
    weather::{Day, Script, Trouble},
};
use futures::future::join_all;
use kernel::{Actor, Cx, clock::Clock, ids::CustomerId};
use platform::{
    projects::ProjectId,
    weather::{
        WeatherDelayId,
        jobs::{SendDelay, TellDelay},
        ops::CustomerDelay,
    },
};
use serde_json::{Value, json};
use tests::{TestApp, shared};
use uuid::Uuid;

const CORA: &str = "cora@acme.example";

/// A project with a place of its own, whose company works every day of the week, and whose household is invited.
struct Site {
    app: TestApp,
    project: Uuid,
    phase: String,
    latitude: f64,
    today: NaiveDate,
}

const LONGITUDE: f64 = -74.02;

impl Site {
    async fn start(latitude: f64) -> Site {
        Site::over(TestApp::start().await, latitude).await
    }

    async fn over(app: TestApp, latitude: f64) -> Site {
        let (ada, house) = (app.staff("ada").await, app.acme().house());
        let project = house.projects["cora"];
        ada.post(format!("/api/v1/customers/{}/invitation", house.customers["cora"])).await.expect(200);
        ada.put("/api/v1/work-calendar")
            .json(json!({ "days": [true, true, true, true, true, true, true], "exceptions": [] }))
            .await
            .expect(200);
        let details = json!({ "headline": "", "detail": "", "lead_name": "", "lead_phone": "", "latitude": latitude + 0.001, "longitude": LONGITUDE });
        ada.put(format!("/api/v1/projects/{project}/details")).json(details).await.expect(200);
        let schedule = ada.post(format!("/api/v1/projects/{project}/phases")).json(json!({ "name": "Outside", "weight": 1 })).await;
        let phase = last(&schedule.expect(200).json()["phases"])["id"].as_str().expect("an id").to_owned();
        let today = cx(&app).await.today();
        Site { app, project, phase, latitude, today }
    }

    /// A day some days from the one on which the test began.
    fn day(&self, n: u64) -> NaiveDate {
        self.today + Days::new(n)
    }

    /// Work of this kind on these days; the milestone's id.
    async fn work(&self, name: &str, work_type: &str, days: (u64, u64)) -> String {
        let new = json!({
            "name": name, "note": "", "weight": 1, "work_type": work_type, "planned_start": self.day(days.0), "planned_end": self.day(days.1), "waits_for": [],
        });
        let ada = self.app.staff("ada").await;
        let schedule = ada.post(format!("/api/v1/phases/{}/milestones", self.phase)).json(new).await.expect(200).json();
        last(&schedule["milestones"])["id"].as_str().expect("an id").to_owned()
    }

    /// Fine weather but for rain on these days.
    fn rain(&self, on: &[u64]) {
        let day = |n: u64| Day::new(self.day(n)).rain(if on.contains(&n) { 18.0 } else { 0.0 }).wind(10.0).between(12.0, 22.0);
        // From yesterday: the service may be a day behind the company's calendar.
        let yesterday = Day::new(self.today - Days::new(1)).rain(0.0).wind(10.0).between(12.0, 22.0);
        let days = std::iter::once(yesterday).chain((0..15).map(day)).collect();
        shared().embedded.weather.script(Script { latitude: self.latitude, longitude: LONGITUDE, days, trouble: None });
    }

    fn trouble(&self, trouble: Trouble) {
        shared().embedded.weather.script(Script {
            latitude: self.latitude,
            longitude: LONGITUDE,
            days: Vec::new(),
            trouble: Some(trouble),
        });
    }

    fn asked(&self) -> u64 {
        shared().embedded.weather.asked(self.latitude, LONGITUDE)
    }

    /// The look that follows what was just changed.
    async fn look(&self) {
        self.app.clock.advance(Duration::minutes(2));
        self.app.run_jobs().await;
    }

    /// The next look by the clock, with fresh forecasts.
    async fn next_look(&self) {
        self.app.clock.advance(Duration::hours(3));
        platform::app::worker(&self.app.app).run_schedules().await.expect("the schedules");
        self.app.run_jobs().await;
        // What was moved is looked at again.
        self.look().await;
    }

    async fn delays(&self, state: &str) -> Vec<Value> {
        let list = self.app.staff("mel").await.get(format!("/api/v1/weather-delays?state={state}")).await.expect(200).json();
        let here = |delay: &Value| delay["project"]["id"] == json!(self.project) && delay["decided_by"] != "Tests";
        list["items"].as_array().expect("items").iter().filter(|d| here(d)).cloned().collect()
    }

    async fn one(&self, state: &str) -> Value {
        let mut found = self.delays(state).await;
        assert_eq!(found.len(), 1, "{state}: {found:?}");
        found.remove(0)
    }

    async fn decide(&self, delay: &Value, how: &str) -> tests::Answer {
        self.app.staff("mel").await.post(format!("/api/v1/weather-delays/{}/{how}", text(&delay["id"]))).await
    }

    /// A milestone's days now, as days from the test's first one.
    async fn days_of(&self, milestone: &str) -> (i64, i64) {
        let schedule = self.app.staff("mel").await.get(format!("/api/v1/projects/{}/schedule", self.project)).await.expect(200).json();
        let found = schedule["milestones"].as_array().and_then(|all| all.iter().find(|m| m["id"] == milestone)).expect("the milestone");
        let n = |value: &Value| (day(value) - self.today).num_days();
        (n(&found["planned_start"]), n(&found["planned_end"]))
    }

    /// What the household sees.
    async fn seen(&self) -> Vec<CustomerDelay> {
        let cx = self.as_cora().await;
        cx.ask(platform::weather::ops::mine(&cx, ProjectId(self.project))).await.expect("an answer")
    }

    async fn as_cora(&self) -> Cx {
        let caller = self.app.acme().system().await;
        let id = CustomerId(self.app.acme().house().customers["cora"]);
        caller.acting_as(Actor::Customer { id, name: "Cora".into() }).begin().await.expect("a transaction")
    }

    fn mails(&self) -> Vec<Mail> {
        let about = |mail: &Mail| mail.subject.contains("has moved") || mail.subject.contains("is back on");
        self.app.mails_to(CORA).into_iter().filter(about).collect()
    }
}

async fn cx(app: &TestApp) -> Cx {
    app.acme().system().await.begin().await.expect("a transaction")
}

fn last(list: &Value) -> Value {
    list.as_array().and_then(|l| l.last()).cloned().expect("a row")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn day(value: &Value) -> NaiveDate {
    text(value).parse().expect("a day")
}

#[tokio::test]
async fn rain_moves_the_work_and_the_sun_moves_it_back() {
    let site = Site::start(40.01).await;
    let gutters = site.work("Gutters", "gutters", (3, 4)).await;
    site.rain(&[3, 5]);
    site.look().await;
    let delay = site.one("proposed").await;
    let of = |delay: &Value, key: &str| (day(&delay[key]) - site.today).num_days();
    let span = |delay: &Value| ["first_day", "last_day", "from_start", "from_end", "to_start", "to_end"].map(|key| of(delay, key));
    assert_eq!(span(&delay), [3, 5, 3, 4, 4, 6]);
    assert_eq!((text(&delay["hazard"]), delay["working_days"].as_i64()), ("rain", Some(2)));
    assert_eq!((text(&delay["milestone"]["name"]), &delay["milestone"]["id"]), ("Gutters", &json!(gutters)));
    assert!(text(&delay["reason"]).starts_with("Rain is forecast between "), "{delay}");
    assert_eq!(site.days_of(&gutters).await, (3, 4), "nothing moves by itself");
    assert!(site.seen().await.is_empty() && site.mails().is_empty(), "and nobody is told");

    let accepted = site.decide(&delay, "acceptance").await.expect(200).json();
    assert_eq!((text(&accepted["state"]), text(&accepted["decided_by"])), ("accepted", "Mel Sample"));
    assert_eq!(site.days_of(&gutters).await, (4, 6));
    site.look().await;
    assert!(site.delays("proposed").await.is_empty(), "the same rain is not counted twice");
    let mail = site.mails().remove(0);
    assert_eq!(mail.subject, "Rain has moved “Gutters” by two working days");
    let english = |n: u64| site.day(n).format("%a, %B %-d").to_string();
    for words in
        [format!("Was: {} to {}", english(3), english(4)), format!("Now: {} to {}", english(4), english(6)), "nothing for you to do".into()]
    {
        assert!(mail.text.contains(&words), "{words}: {}", mail.text);
    }
    assert!(mail.links.contains(&format!("https://acme.plumbline.example/projects/{}", site.project)), "{:?}", mail.links);
    // The jobs run once more: told is told.
    let id = WeatherDelayId(text(&delay["id"]).parse().expect("an id"));
    let mut again = cx(&site.app).await;
    again.enqueue(&TellDelay { delay: id, withdrawn: false }).await.expect("stored");
    again.commit().await.expect("committed");
    site.app.run_jobs().await;
    assert_eq!(site.mails().len(), 1);
    let seen = site.seen().await;
    assert_eq!((seen.len(), seen[0].withdrawn, seen[0].title().as_str()), (1, false, mail.subject.as_str()));

    site.rain(&[5]);
    site.next_look().await;
    assert!(site.one("accepted").await["over_since"].is_null(), "one of the two days is still wet");
    site.rain(&[]);
    site.next_look().await;
    let over = site.one("accepted").await;
    assert!(!over["over_since"].is_null(), "{over}");
    assert_eq!(site.days_of(&gutters).await, (4, 6), "people decide");
    site.rain(&[3]);
    site.next_look().await;
    assert!(site.one("accepted").await["over_since"].is_null(), "the rain has come back");
    site.rain(&[]);
    site.next_look().await;
    let withdrawn = site.decide(&over, "withdrawal").await.expect(200).json();
    assert_eq!(text(&withdrawn["state"]), "withdrawn");
    assert_eq!(site.days_of(&gutters).await, (3, 4));
    site.look().await;
    let mails = site.mails();
    assert_eq!((mails.len(), mails[1].subject.as_str()), (2, "“Gutters” is back on its earlier date"));
    assert!(mails[1].text.contains("The forecast has turned: no rain any more"), "{}", mails[1].text);
    assert!(mails[1].text.contains(&format!("Now: {} to {}", english(3), english(4))), "{}", mails[1].text);
    assert_eq!(site.seen().await.iter().map(|delay| delay.withdrawn).collect::<Vec<_>>(), [true]);
    site.app.clock.advance(Duration::days(4));
    assert!(site.seen().await.is_empty(), "old news");
    site.app.run_jobs().await;
}

#[tokio::test]
async fn automatically_means_nobody_clicks() {
    let site = Site::start(40.02).await;
    let rules = json!({ "accept": "automatically", "rules": [] });
    site.app.staff("mo").await.put("/api/v1/weather-rules").json(rules).await.expect(200);
    let gutters = site.work("Gutters", "gutters", (4, 4)).await;
    site.rain(&[4]);
    site.look().await;
    let delay = site.one("accepted").await;
    assert_eq!(text(&delay["decided_by"]), "Automatically");
    assert_eq!(site.days_of(&gutters).await, (5, 5));
    assert_eq!(site.mails().len(), 1);
    site.rain(&[]);
    site.next_look().await;
    assert_eq!(site.days_of(&gutters).await, (4, 4));
    assert_eq!(site.mails().len(), 2);
    assert_eq!(site.delays("withdrawn").await.len(), 1);
    // It rains after all: a new delay, and a new mail.
    site.rain(&[4]);
    site.next_look().await;
    assert_eq!(site.days_of(&gutters).await, (5, 5));
    assert_eq!(site.mails().len(), 3);
}

#[tokio::test]
async fn a_proposal_follows_the_forecast_unheard() {
    let site = Site::start(40.03).await;
    let gutters = site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    site.look().await;
    let first = site.one("proposed").await;
    site.next_look().await;
    assert_eq!(site.one("proposed").await["id"], first["id"], "the same forecast says nothing new");
    site.rain(&[3, 4]);
    site.next_look().await;
    let second = site.one("proposed").await;
    assert_ne!(second["id"], first["id"]);
    site.decide(&first, "acceptance").await.expect_problem(409, "delay_decided");
    site.rain(&[]);
    site.next_look().await;
    assert!(site.delays("proposed").await.is_empty());
    assert_eq!(site.days_of(&gutters).await, (3, 3));
    assert!(site.mails().is_empty() && site.seen().await.is_empty(), "nobody has heard of any of it");
}

#[tokio::test]
async fn dismissed_days_are_worked_through() {
    let site = Site::start(40.04).await;
    let gutters = site.work("Gutters", "gutters", (3, 4)).await;
    site.rain(&[3]);
    site.look().await;
    let delay = site.one("proposed").await;
    assert_eq!(text(&site.decide(&delay, "dismissal").await.expect(200).json()["state"]), "dismissed");
    for how in ["acceptance", "dismissal", "withdrawal"] {
        site.decide(&delay, how).await.expect_problem(409, "delay_decided");
    }
    site.next_look().await;
    assert!(site.delays("proposed").await.is_empty());
    site.rain(&[3, 4]);
    site.next_look().await;
    let other = site.one("proposed").await;
    assert_eq!((day(&other["first_day"]), day(&other["to_end"])), (site.day(4), site.day(5)), "another day is another question");
    // Taken back by hand while it still rains: somebody knows better, and is not asked again.
    site.decide(&other, "acceptance").await.expect(200);
    site.decide(&other, "withdrawal").await.expect(200);
    site.next_look().await;
    assert!(site.delays("proposed").await.is_empty());
    assert_eq!(site.days_of(&gutters).await, (3, 4));
    assert!(site.mails().is_empty(), "withdrawn before anybody was told: there is nothing to tell");
}

#[tokio::test]
async fn of_many_clicks_one_counts() {
    let site = Site::start(40.05).await;
    let gutters = site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    site.look().await;
    let delay = site.one("proposed").await;
    let mel = site.app.staff("mel").await;
    let path = format!("/api/v1/weather-delays/{}/acceptance", text(&delay["id"]));
    let answers = join_all((0..6).map(|_| mel.post(&path).into_future())).await;
    assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 1);
    assert!(answers.iter().all(|a| a.status == 200 || (a.status == 409 && a.json()["code"] == "delay_decided")));
    let moves = format!("SELECT count(*) FROM {}.milestone_moves WHERE milestone_id = '{gutters}'", site.app.acme().house().schema);
    assert_eq!(site.app.ask(&moves).await, "1");
    site.look().await;
    assert_eq!(site.mails().len(), 1);
}

#[tokio::test]
async fn what_was_moved_or_finished_is_left_alone() {
    let site = Site::start(40.06).await;
    let gutters = site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    site.look().await;
    let stale = site.one("proposed").await;
    let by_hand = json!({ "start": site.day(5), "reason": "The crane comes later" });
    site.app.staff("ada").await.post(format!("/api/v1/milestones/{gutters}/moves")).json(by_hand).await.expect(200);
    site.decide(&stale, "acceptance").await.expect_problem(409, "milestone_moved");
    site.look().await;
    assert!(site.delays("proposed").await.is_empty(), "the new day is dry");
    site.rain(&[5]);
    site.next_look().await;
    let delay = site.one("proposed").await;
    site.decide(&delay, "acceptance").await.expect(200);
    let by_hand = json!({ "start": site.day(8), "reason": "The gutters are not there yet" });
    site.app.staff("ada").await.post(format!("/api/v1/milestones/{gutters}/moves")).json(by_hand).await.expect(200);
    site.rain(&[]);
    site.next_look().await;
    assert!(site.one("accepted").await["over_since"].is_null(), "the plan has gone on");
    site.decide(&delay, "withdrawal").await.expect_problem(409, "milestone_moved");
    assert!(site.seen().await.is_empty(), "what customers read must be true");
    // A proposal for work that is done meanwhile goes without a word.
    let paint = site.work("Paint", "painting", (2, 2)).await;
    site.rain(&[2]);
    site.next_look().await;
    site.one("proposed").await;
    site.app.staff("ada").await.put(format!("/api/v1/milestones/{paint}/completion")).json(json!({})).await.expect(200);
    site.next_look().await;
    assert!(site.delays("proposed").await.is_empty());
}

#[tokio::test]
async fn customers_see_what_counts_and_nothing_else() {
    let site = Site::start(40.07).await;
    let (house, schema) = (site.app.acme().house(), &site.app.acme().house().schema);
    for (n, state) in ["proposed", "accepted", "dismissed", "withdrawn"].into_iter().enumerate() {
        let sql = tests::delay_sql(Uuid::from_u128(n as u128 + 1), house.milestones["cora"][n.min(2)], state);
        site.app.execute(&format!("SET search_path TO {schema}; {sql}")).await;
    }
    // Withdrawn before it was decided: the household never hears of it.
    let unheard = tests::delay_sql(Uuid::from_u128(9), house.milestones["cora"][0], "withdrawn");
    site.app
        .execute(&format!(
            "SET search_path TO {schema}; {unheard}; UPDATE weather_delays SET decided_at = NULL WHERE id = '{}'",
            Uuid::from_u128(9)
        ))
        .await;
    let seen = async |cx: Cx| -> Vec<String> {
        let row = cx.one("SELECT coalesce(string_agg(state, ' ' ORDER BY state), '') AS all FROM weather_delays", []).await;
        let all: String = row.expect("an answer").expect("a row").try_get("", "all").expect("a text");
        all.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(seen(site.as_cora().await).await, ["accepted", "withdrawn"]);
    let carl = Actor::Customer { id: CustomerId(house.customers["carl"]), name: "Carl".into() };
    assert!(seen(site.app.acme().system().await.acting_as(carl).begin().await.expect("a transaction")).await.is_empty());
    for table in ["forecasts", "weather_rules", "weather_settings"] {
        let cora = site.as_cora().await;
        assert!(cora.one(&format!("SELECT count(*) FROM {table}"), []).await.is_err(), "{table}");
    }
    site.look().await;
}

#[tokio::test]
async fn a_service_in_trouble_leaves_nothing_half_done() {
    for (n, trouble) in
        [Trouble::Down, Trouble::Busy, Trouble::Slow, Trouble::Garbage, Trouble::Nonsense, Trouble::Endless, Trouble::Redirect]
            .into_iter()
            .enumerate()
    {
        let site = Site::start(41.0 + n as f64 / 10.0).await;
        site.work("Gutters", "gutters", (3, 3)).await;
        site.trouble(trouble);
        site.look().await;
        let job = "SELECT state || ' ' || attempts FROM platform.jobs WHERE kind = 'weather.look' AND state <> 'done'";
        assert_eq!(site.app.ask(job).await, "queued 1", "{trouble:?}: it is tried again");
        assert_eq!(site.asked(), 1, "{trouble:?}");
        assert_eq!(site.app.ask(&format!("SELECT count(*) FROM {}.forecasts", site.app.acme().house().schema)).await, "0", "{trouble:?}");
        let weather = site.app.staff("mel").await.get(format!("/api/v1/projects/{}/weather", site.project)).await.expect(200).json();
        assert_eq!((weather["place"].as_bool(), weather["days"].as_array().map(Vec::len)), (Some(true), Some(0)));
        assert!(weather["fetched_at"].is_null());
        site.rain(&[3]);
        site.look().await;
        site.one("proposed").await;
    }
}

#[tokio::test]
async fn one_place_in_trouble_does_not_hold_up_another() {
    let site = Site::start(42.01).await;
    let gutters = site.work("Gutters", "gutters", (3, 3)).await;
    let (ada, carls) = (site.app.staff("ada").await, site.app.acme().house().projects["carl"]);
    let details = json!({ "headline": "", "detail": "", "lead_name": "", "lead_phone": "", "latitude": 42.51, "longitude": LONGITUDE });
    ada.put(format!("/api/v1/projects/{carls}/details")).json(details).await.expect(200);
    let elsewhere = Site { app: site.app, project: carls, phase: String::new(), latitude: 42.51, today: site.today };
    let phase =
        ada.post(format!("/api/v1/projects/{carls}/phases")).json(json!({ "name": "Outside", "weight": 1 })).await.expect(200).json();
    let elsewhere = Site { phase: text(&last(&phase["phases"])["id"]).to_owned(), ..elsewhere };
    elsewhere.work("Gutters", "gutters", (3, 3)).await;
    elsewhere.trouble(Trouble::Down);
    let site = Site { project: site.project, phase: site.phase, latitude: 42.01, ..elsewhere };
    site.rain(&[3]);
    site.look().await;
    site.one("proposed").await;
    assert_eq!(site.asked(), 1);
    // Tried again, only what is missing is fetched.
    site.look().await;
    assert_eq!((site.asked(), shared().embedded.weather.asked(42.51, LONGITUDE)), (1, 2));
    assert_eq!(site.days_of(&gutters).await, (3, 3));
    shared().embedded.weather.script(Script { latitude: 42.51, longitude: LONGITUDE, ..Script::default() });
    site.look().await;
    // A company whose schema is behind does not keep the others from their forecasts.
    site.app.execute(&format!("ALTER TABLE {}.weather_delays RENAME TO elsewhere", site.app.globex().house().schema)).await;
    let before = site.asked();
    site.next_look().await;
    assert_eq!(site.asked(), before + 1);
}

#[tokio::test]
async fn forecasts_are_asked_for_by_rounded_places_and_not_too_often() {
    let site = Site::start(43.01).await;
    site.rain(&[]);
    site.look().await;
    assert_eq!(site.asked(), 0, "no outdoor work, no question");
    site.work("Gutters", "gutters", (3, 4)).await;
    site.work("Paint", "painting", (5, 6)).await;
    site.work("Later", "painting", (30, 31)).await;
    site.look().await;
    assert_eq!(site.asked(), 1);
    for _ in 0..2 {
        site.app.clock.advance(Duration::hours(1));
        platform::app::worker(&site.app.app).run_schedules().await.expect("the schedules");
        site.app.run_jobs().await;
    }
    assert_eq!(site.asked(), 1, "a forecast keeps for three hours");
    site.next_look().await;
    assert_eq!(site.asked(), 2);
    let weather = site.app.staff("mel").await.get(format!("/api/v1/projects/{}/weather", site.project)).await.expect(200).json();
    assert_eq!(weather["days"][0]["day"].as_str().map(str::len), Some(10));
    let fetched: DateTime<Utc> = text(&weather["fetched_at"]).parse().expect("a time");
    assert!(site.app.clock.now() - fetched < Duration::minutes(5));
    // The project is somewhere else: what was fetched for the old place says nothing.
    let details = json!({ "headline": "", "detail": "", "lead_name": "", "lead_phone": "", "latitude": null, "longitude": null });
    let ada = site.app.staff("ada").await;
    ada.put(format!("/api/v1/projects/{}/details", site.project)).json(details).await.expect(200);
    let weather = ada.get(format!("/api/v1/projects/{}/weather", site.project)).await.expect(200).json();
    assert_eq!((weather["place"].as_bool(), weather["days"].as_array().map(Vec::len)), (Some(false), Some(0)));
    site.next_look().await;
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn switched_off_means_off() {
    let app = TestApp::with(|config| config.weather.enabled = false).await;
    let site = Site::over(app, 43.51).await;
    site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    site.look().await;
    site.next_look().await;
    assert_eq!(site.asked(), 0);
    let mel = site.app.staff("mel").await;
    mel.get("/api/v1/places?q=Sampleton").await.expect_problem(409, "weather_off");
    mel.get(format!("/api/v1/projects/{}/weather", site.project)).await.expect(200);
}

#[tokio::test]
async fn days_are_the_companys() {
    for (n, zone) in ["Pacific/Auckland", "Etc/GMT+12", "Pacific/Kiritimati"].into_iter().enumerate() {
        let app = TestApp::start().await;
        app.execute(&format!("UPDATE platform.tenants SET time_zone = '{zone}' WHERE subdomain = 'acme'")).await;
        app.app.tenants.forget(&app.tenant(app.acme().house()).await.clone()).await;
        let site = Site::over(app, 44.01 + n as f64 / 10.0).await;
        site.work("Gutters", "gutters", (1, 1)).await;
        site.rain(&[1]);
        site.look().await;
        let weather = site.app.staff("mel").await.get(format!("/api/v1/projects/{}/weather", site.project)).await.expect(200).json();
        let days: Vec<NaiveDate> = weather["days"].as_array().expect("days").iter().map(|d| day(&d["day"])).collect();
        assert_eq!((days.len(), days[0]), (10, site.today), "{zone}");
        let wet: Vec<&Value> = weather["days"].as_array().expect("days").iter().filter(|d| d["rain_mm"] == 18.0).collect();
        assert_eq!((wet.len(), day(&wet[0]["day"])), (1, site.day(1)), "{zone}");
        assert!(wet[0]["lost_for"].as_array().is_some_and(|l| l.contains(&json!("gutters"))));
        let delay = site.one("proposed").await;
        assert_eq!((day(&delay["first_day"]), day(&delay["to_start"])), (site.day(1), site.day(2)), "{zone}");
        let english = site.day(1).format("%A, %B %-d").to_string();
        assert!(text(&delay["reason"]).contains(&english), "{zone}: {delay}");
    }
}

#[tokio::test]
async fn rules_are_the_companys() {
    let site = Site::start(45.01).await;
    site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    let (mel, mo) = (site.app.staff("mel").await, site.app.staff("mo").await);
    let usual = mel.get("/api/v1/weather-rules").await.expect(200).json();
    assert_eq!((text(&usual["accept"]), usual["rules"].as_array().map(Vec::len)), ("by_staff", Some(8)));
    let rule = |rain: f64| json!({ "work_type": "gutters", "max_rain_mm": rain });
    for (rules, code) in [
        (json!({ "accept": "by_staff", "rules": [rule(-1.0)] }), "limit_range"),
        (json!({ "accept": "by_staff", "rules": [rule(1.0), rule(2.0)] }), "rule_twice"),
    ] {
        mo.put("/api/v1/weather-rules").json(rules).await.expect_problem(422, code);
    }
    mel.put("/api/v1/weather-rules").json(usual.clone()).await.expect_problem(403, "not_allowed");
    // Nineteen millimetres are borne here, and no other limit counts.
    let changed = mo.put("/api/v1/weather-rules").json(json!({ "accept": "by_staff", "rules": [rule(19.0)] })).await.expect(200).json();
    let gutters = changed["rules"].as_array().and_then(|r| r.iter().find(|r| r["work_type"] == "gutters")).cloned().expect("a rule");
    assert_eq!((gutters["max_rain_mm"].as_f64(), gutters["max_wind_kmh"].is_null()), (Some(19.0), true));
    site.look().await;
    assert!(site.delays("proposed").await.is_empty());
    let back = site.app.staff("mo").await.put("/api/v1/weather-rules").json(json!({ "accept": "by_staff", "rules": [] })).await;
    assert_eq!(back.expect(200).json(), usual);
    site.look().await;
    site.one("proposed").await;
}

#[tokio::test]
async fn mails_go_only_where_they_belong() {
    let site = Site::start(46.01).await;
    site.work("Gutters", "gutters", (3, 3)).await;
    site.rain(&[3]);
    site.look().await;
    let delay = site.one("proposed").await;
    site.decide(&delay, "acceptance").await.expect(200);
    let id = WeatherDelayId(text(&delay["id"]).parse().expect("an id"));
    let house = site.app.acme().house();
    let mut cx = cx(&site.app).await;
    for name in ["carl", "cora"] {
        // Neither a neighbour, nor cora about a withdrawal that is none.
        let send = SendDelay { delay: id, withdrawn: name == "cora", customer: CustomerId(house.customers[name]) };
        cx.enqueue(&send).await.expect("stored");
    }
    cx.commit().await.expect("committed");
    site.app.run_jobs().await;
    assert!(site.app.mails_to("carl@acme.example").is_empty());
    assert_eq!(site.mails().len(), 1);
    site.look().await;
}

#[tokio::test]
async fn places_are_found_by_name() {
    let app = TestApp::start().await;
    let mel = app.staff("mel").await;
    let found = mel.get("/api/v1/places?q=sampleton").await.expect(200).json();
    let first = &found["items"][0];
    assert_eq!((text(&first["name"]), text(&first["region"]), first["latitude"].as_f64()), ("Sampleton", "New York", Some(41.52)));
    for q in ["?q=nowhere+at+all", "?q=s", "?q=", ""] {
        assert_eq!(mel.get(format!("/api/v1/places{q}")).await.expect(200).json()["items"], json!([]), "{q}");
    }
    mel.get(format!("/api/v1/places?q={}", "x".repeat(101))).await.expect_problem(422, "too_long");
    let away = TestApp::with(|config| config.weather.geocoding_url = "http://127.0.0.1:9".into()).await;
    away.staff("mel").await.get("/api/v1/places?q=sampleton").await.expect_problem(503, "weather_unavailable");
}
