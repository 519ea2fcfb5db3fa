//! The verbs and questions of the schedule. The only writer of the tables `phases`, `milestones`, `milestone_dependencies`,
//! `milestone_moves`, `draws`, `work_week` and `work_exceptions`.

mod customer;
mod edit;
mod make;
mod moves;
mod outdoor;
mod views;
mod work;
mod work_calendar;

pub use customer::{CustomerMilestone, CustomerMove, CustomerPhase, CustomerSchedule, mine, mine_of};
pub use edit::{
    DrawInput, DrawsInput, change_draws, change_milestone, change_phase, create_milestone, create_phase, remove_milestone, remove_phase,
};
pub use make::make;
pub use moves::{MovePreview, PlannedMove, move_milestone, preview, shift};
pub use outdoor::{MilestoneRef, OutdoorMilestone, milestone, outdoor};
pub use views::{DrawView, MilestoneView, MoveView, PhaseView, ScheduleView, find};
pub use work::{complete, reopen, start};
pub use work_calendar::{WorkCalendar, WorkException, calendar, change_work_calendar, work_calendar};

use super::{
    MilestoneId, PhaseId,
    model::{milestone as row, phase},
};
use crate::{people::HouseholdId, projects, projects::ProjectId};
use chrono::NaiveDate;
use kernel::{Cx, Problem, Result, caller::Role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What day it is for the company.
pub fn today(cx: &Cx) -> NaiveDate {
    cx.today()
}

/// Whether the project has this phase.
pub async fn has_phase(cx: &Cx, project: ProjectId, id: PhaseId) -> Result<bool> {
    Ok(phase::Entity::find_by_id(id).filter(phase::Column::ProjectId.eq(project)).one(cx.db()).await?.is_some())
}

/// The project's phases by name, in their order.
pub async fn phase_names(cx: &Cx, project: ProjectId) -> Result<Vec<(PhaseId, String)>> {
    let query = phase::Entity::find().select_only().columns([phase::Column::Id, phase::Column::Name]);
    let query = query.filter(phase::Column::ProjectId.eq(project)).order_by_asc(phase::Column::Position).order_by_asc(phase::Column::Id);
    Ok(query.into_tuple().all(cx.db()).await?)
}

/// A phase that is to be changed; its whole project's plan is held until the transaction ends, so two cannot plan at once.
async fn held_phase(cx: &Cx, id: PhaseId) -> Result<phase::Model> {
    let found = phase::Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("phase"))?;
    hold(cx, found.project_id).await?;
    phase::Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("phase"))
}

/// A milestone that is to be changed, held likewise.
async fn held(cx: &Cx, id: MilestoneId) -> Result<row::Model> {
    let found = one(cx, id).await?;
    hold(cx, found.project_id).await?;
    one(cx, id).await
}

/// For staff of every role, on a project that is worked on.
async fn hold(cx: &Cx, project: ProjectId) -> Result<HouseholdId> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    projects::ops::hold(cx, project).await
}

async fn one(cx: &Cx, id: MilestoneId) -> Result<row::Model> {
    row::Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("milestone"))
}
