//! The schedule: dates out of a template, moves with what waits, progress, days off, two at once, and what a customer sees of it.

use kernel::{Actor, ids::CustomerId};
use platform::schedule::{PhaseState, ops};
use serde_json::{Value, json};
use tests::TestApp;

fn milestones(schedule: &Value) -> Vec<(String, String, String)> {
    let text = |m: &Value, key: &str| m[key].as_str().unwrap_or_default().to_owned();
    let all = schedule["milestones"].as_array().expect("milestones").iter();
    all.map(|m| (text(m, "name"), text(m, "planned_start"), text(m, "planned_end"))).collect()
}

fn days(schedule: &Value) -> Vec<String> {
    milestones(schedule).into_iter().map(|(_, start, end)| format!("{} {}", &start[5..], &end[5..])).collect()
}

#[tokio::test]
async fn a_template_gives_dates_and_a_move_takes_along_what_waits() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let path = format!("/api/v1/projects/{}/schedule", house.projects["cora"]);
    let schedule = ada.get(&path).await.expect(200).json();
    assert_eq!(days(&schedule), ["01-05 01-06", "01-07 01-08", "01-09 01-12", "01-13 01-13"]);
    assert_eq!((schedule["percent"].as_i64(), schedule["step"].as_i64(), schedule["steps"].as_i64()), (Some(0), Some(1), Some(3)));
    assert_eq!(schedule["days_off"], json!(["2026-01-10", "2026-01-11"]));

    let front = house.milestones["cora"][1];
    let preview =
        ada.post(format!("/api/v1/milestones/{front}/move-preview")).json(json!({ "start": "2026-01-09" })).await.expect(200).json();
    assert_eq!(preview["moves"].as_array().map(Vec::len), Some(3));
    assert_eq!((preview["finish_from"].as_str(), preview["finish_to"].as_str()), (Some("2026-01-13"), Some("2026-01-15")));
    assert_eq!(days(&ada.get(&path).await.expect(200).json())[1], "01-07 01-08", "a preview moves nothing");

    let stale = preview["fingerprint"].clone();
    let moved = json!({ "start": "2026-01-09", "reason": "The crew is ill.", "fingerprint": stale });
    let schedule = ada.post(format!("/api/v1/milestones/{front}/moves")).json(moved.clone()).await.expect(200).json();
    assert_eq!(days(&schedule), ["01-05 01-06", "01-09 01-12", "01-13 01-14", "01-15 01-15"], "as the preview said");
    assert_eq!(schedule["milestones"][1]["last_move"]["reason"], "The crew is ill.");
    assert_eq!(schedule["milestones"][2]["last_move"]["cause"], "ripple");
    assert_eq!(schedule["milestones"][1]["first_start"], "2026-01-07");
    ada.post(format!("/api/v1/milestones/{front}/moves")).json(moved).await.expect_problem(409, "schedule_changed");

    // Back where it was: what had been pushed goes back with it.
    let back = json!({ "start": "2026-01-07", "reason": "" });
    let schedule = ada.post(format!("/api/v1/milestones/{front}/moves")).json(back).await.expect(200).json();
    assert_eq!(days(&schedule), ["01-05 01-06", "01-07 01-08", "01-09 01-12", "01-13 01-13"]);
}

#[tokio::test]
async fn days_off_count_and_only_managers_set_them() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let week = json!({ "days": [true, true, true, true, true, true, false], "exceptions": [{ "day": "2026-01-08", "works": false, "name": "Snow day" }] });
    app.staff("mel").await.put("/api/v1/work-calendar").json(week.clone()).await.expect(403);
    assert_eq!(ada.put("/api/v1/work-calendar").json(week.clone()).await.expect(200).json(), week);
    assert_eq!(ada.put("/api/v1/work-calendar").json(week.clone()).await.expect(200).json(), week, "saved twice is saved once");
    let front = house.milestones["cora"][1];
    let preview =
        ada.post(format!("/api/v1/milestones/{front}/move-preview")).json(json!({ "start": "2026-01-07", "end": "2026-01-09" })).await;
    let preview = preview.expect(200).json();
    assert_eq!(preview["moves"][1]["to_start"], "2026-01-10", "the Saturday is a working day now");
    for (days, code) in [(json!([true]), "not_seven"), (json!([false, false, false, false, false, false, false]), "none")] {
        let answer = ada.put("/api/v1/work-calendar").json(json!({ "days": days, "exceptions": [] })).await;
        answer.expect_problem(422, code);
    }
}

#[tokio::test]
async fn progress_is_made_of_what_is_done() {
    let app = TestApp::start().await;
    let (mel, house) = (app.staff("mel").await, app.acme().house());
    let all = &house.milestones["cora"];
    let complete = async |n: usize| mel.put(format!("/api/v1/milestones/{}/completion", all[n])).json(json!({})).await.expect(200).json();
    let schedule = complete(0).await;
    assert_eq!((schedule["percent"].as_i64(), schedule["step"].as_i64()), (Some(25), Some(2)));
    assert_eq!(complete(0).await["percent"], 25, "twice is once");
    assert_eq!(complete(1).await["percent"], 50);
    let schedule = mel.delete(format!("/api/v1/milestones/{}/completion", all[1])).await.expect(200).json();
    assert_eq!((schedule["percent"].as_i64(), schedule["milestones"][1]["state"].as_str()), (Some(25), Some("started")));
    mel.post(format!("/api/v1/milestones/{}/moves", all[0]))
        .json(json!({ "start": "2026-04-01", "reason": "" }))
        .await
        .expect_problem(409, "milestone_done");
    mel.put(format!("/api/v1/milestones/{}/completion", all[1]))
        .json(json!({ "day": "2199-01-01" }))
        .await
        .expect_problem(422, "in_future");
    for n in 1..4 {
        complete(n).await;
    }
    let schedule = mel.get(format!("/api/v1/projects/{}/schedule", house.projects["cora"])).await.expect(200).json();
    assert_eq!((schedule["percent"].as_i64(), schedule["step"].as_i64()), (Some(100), Some(3)));
}

#[tokio::test]
async fn a_plan_is_edited_and_nothing_impossible_is_kept() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let (project, all) = (house.projects["cora"], &house.milestones["cora"]);
    let waits = json!({ "waits_for": [{ "milestone_id": all[3], "lag_days": 0 }] });
    ada.patch(format!("/api/v1/milestones/{}", all[0])).json(waits).await.expect_problem(422, "dependency_circle");
    let foreign = json!({ "waits_for": [{ "milestone_id": house.milestones["carl"][0], "lag_days": 0 }] });
    ada.patch(format!("/api/v1/milestones/{}", all[0])).json(foreign).await.expect_problem(422, "unknown");
    ada.delete(format!("/api/v1/phases/{}", house.phases["cora"])).await.expect_problem(409, "phase_in_use");
    ada.delete(format!("/api/v1/milestones/{}", all[3])).await.expect_problem(409, "milestone_in_use");
    let draws = |share: u32| json!({ "draws": [{ "name": "All", "basis_points": share, "milestone_id": null }] });
    ada.put(format!("/api/v1/projects/{project}/draws")).json(draws(10_001)).await.expect_problem(422, "out_of_range");
    ada.put(format!("/api/v1/projects/{project}/draws")).json(draws(10_000)).await.expect(200);
    let schedule = ada.delete(format!("/api/v1/milestones/{}", all[3])).await.expect(200).json();
    assert_eq!(schedule["milestones"].as_array().map(Vec::len), Some(3), "nothing is due with it any more");
    let indoor =
        ada.patch(format!("/api/v1/milestones/{}", all[0])).json(json!({ "work_type": null, "position": 0 })).await.expect(200).json();
    assert!(indoor["milestones"][0]["work_type"].is_null());
    let first = json!({ "position": 1 });
    let schedule = ada.patch(format!("/api/v1/phases/{}", house.phases["cora"])).json(first).await.expect(200).json();
    assert_eq!(schedule["phases"][1]["name"], "Tear-off");
    ada.post(format!("/api/v1/projects/{project}/template"))
        .json(json!({ "template_id": house.template, "start": "2026-01-05" }))
        .await
        .expect_problem(409, "schedule_exists");
}

#[tokio::test]
async fn an_archived_project_is_only_read() {
    let app = TestApp::start().await;
    let (ada, house) = (app.staff("ada").await, app.acme().house());
    let (project, milestone) = (house.projects["cora"], house.milestones["cora"][0]);
    ada.patch(format!("/api/v1/projects/{project}")).json(json!({ "status": "archived" })).await.expect(200);
    ada.put(format!("/api/v1/milestones/{milestone}/completion")).json(json!({})).await.expect_problem(409, "project_archived");
    ada.post(format!("/api/v1/projects/{project}/phases"))
        .json(json!({ "name": "More", "weight": 1 }))
        .await
        .expect_problem(409, "project_archived");
    ada.get(format!("/api/v1/projects/{project}/schedule")).await.expect(200);
}

#[tokio::test]
async fn two_who_move_at_once_do_it_one_after_the_other() {
    let app = TestApp::start().await;
    let (ada, mo, house) = (app.staff("ada").await, app.staff("mo").await, app.acme().house());
    let all = &house.milestones["cora"];
    let push = |who: tests::Client, n: usize, start: &'static str| {
        let path = format!("/api/v1/milestones/{}/moves", all[n]);
        async move { who.post(path).json(json!({ "start": start, "reason": "" })).await }
    };
    let (a, b) = tokio::join!(push(ada.clone(), 0, "2026-02-02"), push(mo, 1, "2026-03-02"));
    a.expect(200);
    b.expect(200);
    let schedule = ada.get(format!("/api/v1/projects/{}/schedule", house.projects["cora"])).await.expect(200).json();
    assert_eq!(days(&schedule), ["02-02 02-03", "03-02 03-03", "03-04 03-05", "03-06 03-06"], "whoever was first");
}

#[tokio::test]
async fn today_is_the_companys_day() {
    let app = TestApp::start().await;
    // The clock of the tests stands somewhere in the middle of a day; at the ends of the earth it is another one.
    for (zone, house) in [("Etc/GMT+12", app.acme().house()), ("Etc/GMT-12", app.globex().house())] {
        app.execute(&format!("UPDATE platform.tenants SET time_zone = '{zone}' WHERE id = '{}'", house.tenant)).await;
        let tenant = app.tenant(house).await;
        app.app.tenants.forget(&tenant).await;
        let zone: chrono_tz::Tz = zone.parse().expect("a zone");
        let today = kernel::clock::Clock::now(&*app.clock).with_timezone(&zone).date_naive();
        let company = if house.company == "acme" { app.acme() } else { app.globex() };
        let (boss, milestone) = (company.boss().await, house.milestones[house.first()][0]);
        let path = format!("/api/v1/milestones/{milestone}/completion");
        let tomorrow = today.succ_opt().expect("a day");
        boss.put(&path).json(json!({ "day": tomorrow })).await.expect_problem(422, "in_future");
        let schedule = boss.put(&path).json(json!({})).await.expect(200).json();
        assert_eq!(schedule["milestones"][0]["actual_end"], json!(today), "{zone}");
    }
}

#[tokio::test]
async fn a_customer_sees_the_steps_of_their_own_house() {
    let app = TestApp::start().await;
    let house = app.acme().house();
    let cora = Actor::Customer { id: CustomerId(house.customers["cora"]), name: "Cora".into() };
    let cx = app.acme().system().await.acting_as(cora).begin().await.expect("a transaction");
    let mine = cx.ask(ops::mine(platform::projects::ProjectId(house.projects["cora"]))).await.expect("a schedule");
    assert_eq!((mine.steps, mine.step, mine.milestones.len()), (3, 1, 4));
    assert!(mine.phases.iter().all(|p| p.state == PhaseState::Next));
    assert_eq!((mine.current.as_deref(), mine.next.as_deref()), (None, Some("Tear-off")));
    let theirs = cx.ask(ops::mine(platform::projects::ProjectId(house.projects["carl"]))).await.expect("an answer");
    assert_eq!(theirs.steps, 0, "the neighbour's plan is not there");
}
