//! The weather over the demo's houses: dry and mild, but for the days on which a story wants rain.

use super::{cast::Company, staff, tell};
use crate::{
    projects::ProjectId,
    schedule,
    weather::{DelayState, jobs::Look, ops},
};
use anyhow::Result;
use chrono::Duration;
use embedded::weather::{Day, Script, Weather};
use kernel::{
    App, Caller, Problem,
    jobs::{Attempt, Job},
};
use std::{
    sync::Arc,
    time::{self, Instant},
};
use tenants::Tenant;
use uuid::Uuid;

/// The weather service answers for so many days.
const AHEAD: i64 = 20;

/// Says what the weather is. A step's first planned days never change, so a later start says the same.
pub(super) async fn script(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company, weather: &Weather) -> Result<(), Problem> {
    let Ok(manager) = staff(app, tenant, company.manager.email).await else { return Ok(()) };
    for story in company.stories {
        let Some(project) = tell::find(&manager, story).await? else { continue };
        let cx = manager.begin().await?;
        let plan = schedule::ops::find(&cx, project).await?;
        let wet = story.rain.as_ref().and_then(|rain| plan.milestones.iter().find(|m| m.name == rain.step));
        let day = |ahead: i64| {
            let day = Day::new(cx.today() + Duration::days(ahead)).wind(18.0).between(9.0, 17.0);
            let rains = wet.is_some_and(|m| (m.first_start..=m.first_end).contains(&day.day));
            day.rain(if rains { 22.0 } else { 0.0 })
        };
        let (latitude, longitude) = story.place;
        // Several stories may share a place: rain is not taken back by a dry one.
        if story.rain.is_some() || !company.stories.iter().any(|other| other.place == story.place && other.rain.is_some()) {
            weather.script(Script { latitude, longitude, days: (0..AHEAD).map(day).collect(), trouble: None });
        }
    }
    Ok(())
}

/// Looks at the weather now, as the clock would within the hour.
pub(super) async fn look(app: &Arc<App>, tenant: &Arc<Tenant>) -> Result<(), Problem> {
    let deadline = Instant::now() + time::Duration::from_secs(120);
    let attempt = Attempt { job: Uuid::nil(), number: 1, last: true, deadline };
    Look {}.run(Caller::system(app.clone(), tenant.clone(), "Demo"), attempt).await
}

/// Lets the delay of a step count.
pub(super) async fn accept(manager: &Caller, project: ProjectId, step: &str) -> Result<(), Problem> {
    let mut cx = manager.begin().await?;
    let proposed = ops::list(&cx, Some(DelayState::Proposed)).await?;
    if let Some(delay) = proposed.iter().find(|delay| delay.project.id == project && delay.milestone.name == step) {
        ops::accept(&mut cx, delay.id).await?;
    }
    cx.commit().await
}
