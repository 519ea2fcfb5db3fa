//! The verbs and questions of weather. The only writer of the tables `weather_delays`, `weather_rules`, `weather_settings`, `forecasts`.

mod look;
mod rules;
mod tell;
mod views;

pub use look::{Fetched, Wanted, is_needed, settle, store, wanted};
pub use rules::{change_rules, rules};
pub use tell::{Letter, letter, tell};
pub use views::{CustomerDelay, DayView, MilestoneRef, ProjectRef, WeatherDelayView, WeatherView, list, mine, of_project};

use super::{
    WeatherDelayId,
    model::{ActiveModel, Days, DelayState, Entity, Model, Verdict, words},
};
use crate::{
    events::Event,
    projects,
    schedule::{self, Cause, ops::OutdoorMilestone},
    visibility::Visibility,
};
use chrono::NaiveDate;
use kernel::{Actor, Cx, Problem, Result, caller::Role};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect};

/// Lets a proposed delay count: the milestone moves, and its household is told.
pub async fn accept(cx: &mut Cx, id: WeatherDelayId) -> Result<WeatherDelayView> {
    let row = held(cx, id, DelayState::Proposed).await?;
    accept_row(cx, row).await?;
    views::find(cx, id).await
}

/// Lets a proposed delay not count: the days are worked through, and are not proposed again.
pub async fn dismiss(cx: &mut Cx, id: WeatherDelayId) -> Result<WeatherDelayView> {
    let row = held(cx, id, DelayState::Proposed).await?;
    let milestone = schedule::ops::milestone(cx, row.milestone_id).await?;
    let mut next = decided(cx, &row);
    next.state = Set(DelayState::Dismissed);
    next.update(cx.db()).await?;
    let event = Event::WeatherDelayDismissed { delay: id, project: row.project_id, name: milestone.name, visibility: internal() };
    cx.record(&event).await?;
    views::find(cx, id).await
}

/// Takes an accepted delay back: the milestone returns to its days, and whoever was told of the delay is told so.
pub async fn withdraw(cx: &mut Cx, id: WeatherDelayId) -> Result<WeatherDelayView> {
    let row = held(cx, id, DelayState::Accepted).await?;
    withdraw_row(cx, row).await?;
    views::find(cx, id).await
}

/// A delay that is to be decided: held until the transaction ends, so that of two clicks one wins.
async fn held(cx: &Cx, id: WeatherDelayId, state: DelayState) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("weather delay"))?;
    cx.require(Role::Member)?;
    if row.state != state {
        return Err(Problem::conflict("delay_decided", "Somebody has decided this already. Look again to see how."));
    }
    projects::ops::working(cx, row.project_id).await?;
    Ok(row)
}

/// Moves the milestone and says so; the row is held by the caller.
async fn accept_row(cx: &mut Cx, row: Model) -> Result<()> {
    projects::ops::hold(cx, row.project_id).await?;
    let milestone = schedule::ops::milestone(cx, row.milestone_id).await?;
    still_at(&milestone, row.from_start, row.from_end)?;
    let reason = words::reason(row.hazard, row.first_day, row.last_day);
    schedule::ops::shift(cx, milestone.id, row.to_start, Some(row.to_end), Cause::Weather, &reason).await?;
    let mut next = decided(cx, &row);
    next.state = Set(DelayState::Accepted);
    next.update(cx.db()).await?;
    let event = Event::WeatherDelayAccepted {
        delay: row.id,
        project: row.project_id,
        name: milestone.name,
        hazard: row.hazard.name(),
        from: row.from_end,
        to: row.to_end,
        visibility: Visibility::Client.name(),
    };
    cx.record(&event).await?;
    Ok(())
}

/// Moves the milestone back and says so; the row is held by the caller.
async fn withdraw_row(cx: &mut Cx, row: Model) -> Result<()> {
    if row.first_day < cx.today() {
        return Err(Problem::conflict("delay_begun", "The days of this delay have begun. Move the milestone by hand if it needs to move."));
    }
    projects::ops::hold(cx, row.project_id).await?;
    let milestone = schedule::ops::milestone(cx, row.milestone_id).await?;
    still_at(&milestone, row.to_start, row.to_end)?;
    let reason = words::back_reason(row.over_since.is_some(), row.hazard, row.first_day, row.last_day);
    schedule::ops::shift(cx, milestone.id, row.from_start, Some(row.from_end), Cause::Weather, &reason).await?;
    let (delay, project, told) = (row.id, row.project_id, row.told_at.is_some());
    set_withdrawn(cx, row).await?;
    let visibility = Visibility::Client.name();
    cx.record(&Event::WeatherDelayWithdrawn { delay, project, name: milestone.name, told, visibility }).await?;
    Ok(())
}

/// Takes back a proposal that nobody has decided: customers have not heard of it and do not now.
async fn drop_proposal(cx: &mut Cx, row: Model) -> Result<()> {
    let (delay, project) = (row.id, row.project_id);
    let name = match schedule::ops::milestone(cx, row.milestone_id).await {
        Ok(milestone) => milestone.name,
        Err(_) => String::new(),
    };
    set_withdrawn(cx, row).await?;
    cx.record(&Event::WeatherDelayWithdrawn { delay, project, name, told: false, visibility: internal() }).await?;
    Ok(())
}

/// Writes a proposal down.
async fn propose(cx: &mut Cx, work: &OutdoorMilestone, verdict: Verdict) -> Result<Model> {
    let (first_day, last_day) = match verdict.lost.as_slice() {
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
        [] => return Err(Problem::internal(anyhow::anyhow!("a delay without a lost day"))),
    };
    let row = ActiveModel {
        id: Set(WeatherDelayId(cx.new_uuid())),
        household_id: Set(work.household),
        project_id: Set(work.project),
        milestone_id: Set(work.id),
        state: Set(DelayState::Proposed),
        work_type: Set(work.work_type),
        hazard: Set(verdict.hazard),
        first_day: Set(first_day),
        last_day: Set(last_day),
        lost_days: Set(Days(verdict.lost)),
        from_start: Set(work.planned_start),
        from_end: Set(work.planned_end),
        to_start: Set(verdict.to_start),
        to_end: Set(verdict.to_end),
        working_days: Set(verdict.working_days),
        over_since: Set(None),
        proposed_at: Set(cx.now()),
        decided_at: Set(None),
        decided_by: Set(String::new()),
        told_at: Set(None),
        withdrawn_at: Set(None),
        withdrawal_told_at: Set(None),
    };
    let row = row.insert(cx.db()).await?;
    let event = Event::WeatherDelayProposed {
        delay: row.id,
        project: row.project_id,
        name: work.name.clone(),
        hazard: row.hazard.name(),
        from: row.from_end,
        to: row.to_end,
        visibility: internal(),
    };
    cx.record(&event).await?;
    Ok(row)
}

/// The milestone stands where the delay says, and is not done.
fn still_at(milestone: &schedule::ops::MilestoneRef, start: NaiveDate, end: NaiveDate) -> Result<()> {
    if milestone.done || (milestone.planned_start, milestone.planned_end) != (start, end) {
        return Err(Problem::conflict(
            "milestone_moved",
            "This milestone was moved or finished in the meantime. Move it by hand if it needs to move.",
        ));
    }
    Ok(())
}

/// The row as somebody has decided it now.
fn decided(cx: &Cx, row: &Model) -> ActiveModel {
    let by = match cx.actor() {
        Actor::System(_) => "Automatically".to_owned(),
        person => person.name().to_owned(),
    };
    ActiveModel { id: Set(row.id), decided_at: Set(Some(cx.now())), decided_by: Set(by), ..Default::default() }
}

async fn set_withdrawn(cx: &Cx, row: Model) -> Result<()> {
    let next = ActiveModel { id: Set(row.id), state: Set(DelayState::Withdrawn), withdrawn_at: Set(Some(cx.now())), ..Default::default() };
    next.update(cx.db()).await?;
    Ok(())
}

fn internal() -> String {
    Visibility::Internal.name()
}
