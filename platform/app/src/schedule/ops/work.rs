//! Work itself: a milestone begins, is done, or is not done after all.

use super::{ScheduleView, find, held};
use crate::{
    events::Event,
    schedule::{MilestoneId, model::milestone::ActiveModel},
};
use chrono::NaiveDate;
use kernel::{Cx, Problem, Result};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

/// Work on a milestone began, today unless a day is said.
pub async fn start(cx: &mut Cx, id: MilestoneId, day: Option<NaiveDate>) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let day = check_day(cx, day)?;
    if row.actual_end.is_some() {
        return Err(done_already());
    }
    let (project, name) = (row.project_id, row.name.clone());
    if row.actual_start != Some(day) {
        let next = ActiveModel { actual_start: Set(Some(day)), updated_at: Set(cx.now()), ..row.into() };
        next.update(cx.db()).await?;
        cx.record(&Event::MilestoneStarted { milestone: id, project, name, day }).await?;
    }
    find(cx, project).await
}

/// A milestone is done, today unless a day is said. Twice is once.
pub async fn complete(cx: &mut Cx, id: MilestoneId, day: Option<NaiveDate>) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let day = check_day(cx, day)?;
    let (project, name) = (row.project_id, row.name.clone());
    if row.actual_end.is_none() {
        // What nobody said had begun began when it was planned to, and at the latest when it was done.
        let began = row.actual_start.unwrap_or(row.planned_start).min(day);
        let next = ActiveModel { actual_start: Set(Some(began)), actual_end: Set(Some(day)), updated_at: Set(cx.now()), ..row.into() };
        next.update(cx.db()).await?;
        cx.record(&Event::MilestoneCompleted { milestone: id, project, name, day }).await?;
    }
    find(cx, project).await
}

/// A milestone is not done after all; that it had begun stays.
pub async fn reopen(cx: &mut Cx, id: MilestoneId) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let (project, name) = (row.project_id, row.name.clone());
    if row.actual_end.is_some() {
        let next = ActiveModel { actual_end: Set(None), updated_at: Set(cx.now()), ..row.into() };
        next.update(cx.db()).await?;
        cx.record(&Event::MilestoneReopened { milestone: id, project, name }).await?;
    }
    find(cx, project).await
}

fn check_day(cx: &Cx, day: Option<NaiveDate>) -> Result<NaiveDate> {
    let today = super::today(cx);
    match day.unwrap_or(today) {
        day if day > today => Err(Problem::invalid("day", "in_future", "This day is still to come.")),
        day if (today - day).num_days() > 3660 => Err(Problem::invalid("day", "out_of_range", "This day is too long ago.")),
        day => Ok(day),
    }
}

pub(super) fn done_already() -> Problem {
    Problem::conflict("milestone_done", "This milestone is done. Reopen it first.")
}
