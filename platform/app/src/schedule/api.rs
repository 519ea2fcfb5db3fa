//! The schedule over HTTP, for staff.

use super::{
    MilestoneChange, MilestoneId, MoveRequest, NewMilestone, NewPhase, PhaseChange, PhaseId, PreviewRequest,
    ops::{self, DrawsInput, MovePreview, ScheduleView, WorkCalendar},
};
use crate::{callers::Staff, projects::ProjectId, routes::Tag};
use chrono::NaiveDate;
use kernel::{Result, idempotency};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};

/// The schedule endpoints.
pub struct ScheduleApi;

/// On which day.
#[derive(Object)]
struct OnDay {
    /// Today if absent.
    day: Option<NaiveDate>,
}

#[OpenApi(tag = "Tag::Schedule")]
impl ScheduleApi {
    /// A project's schedule.
    #[oai(path = "/projects/:project/schedule", method = "get", operation_id = "get_schedule")]
    async fn get(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<ScheduleView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, project.0).await?))
    }

    /// Adds a phase at the end.
    #[oai(path = "/projects/:project/phases", method = "post", operation_id = "create_phase")]
    async fn create_phase(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewPhase>,
    ) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create_phase(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_phase", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Changes name, weight or place of a phase.
    #[oai(path = "/phases/:phase", method = "patch", operation_id = "change_phase")]
    async fn change_phase(&self, Staff(me): Staff, phase: Path<PhaseId>, change: Json<PhaseChange>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_phase(&mut cx, phase.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Removes a phase that has no milestones.
    #[oai(path = "/phases/:phase", method = "delete", operation_id = "remove_phase")]
    async fn remove_phase(&self, Staff(me): Staff, phase: Path<PhaseId>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::remove_phase(&mut cx, phase.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Adds a milestone at the end of a phase.
    #[oai(path = "/phases/:phase/milestones", method = "post", operation_id = "create_milestone")]
    async fn create_milestone(
        &self,
        Staff(me): Staff,
        phase: Path<PhaseId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewMilestone>,
    ) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create_milestone(cx, phase.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_milestone", &(phase.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Changes everything about a milestone but its days.
    #[oai(path = "/milestones/:milestone", method = "patch", operation_id = "change_milestone")]
    async fn change_milestone(
        &self,
        Staff(me): Staff,
        milestone: Path<MilestoneId>,
        change: Json<MilestoneChange>,
    ) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_milestone(&mut cx, milestone.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Removes a milestone; what waited for it waits no more.
    #[oai(path = "/milestones/:milestone", method = "delete", operation_id = "remove_milestone")]
    async fn remove_milestone(&self, Staff(me): Staff, milestone: Path<MilestoneId>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::remove_milestone(&mut cx, milestone.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Work on a milestone began.
    #[oai(path = "/milestones/:milestone/start", method = "put", operation_id = "start_milestone")]
    async fn start(&self, Staff(me): Staff, milestone: Path<MilestoneId>, on: Json<OnDay>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::start(&mut cx, milestone.0, on.0.day).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// A milestone is done.
    #[oai(path = "/milestones/:milestone/completion", method = "put", operation_id = "complete_milestone")]
    async fn complete(&self, Staff(me): Staff, milestone: Path<MilestoneId>, on: Json<OnDay>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::complete(&mut cx, milestone.0, on.0.day).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// A milestone is not done after all.
    #[oai(path = "/milestones/:milestone/completion", method = "delete", operation_id = "reopen_milestone")]
    async fn reopen(&self, Staff(me): Staff, milestone: Path<MilestoneId>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::reopen(&mut cx, milestone.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// What would move if a milestone had these days.
    #[oai(path = "/milestones/:milestone/move-preview", method = "post", operation_id = "preview_move")]
    async fn preview(&self, Staff(me): Staff, milestone: Path<MilestoneId>, request: Json<PreviewRequest>) -> Result<Json<MovePreview>> {
        let cx = me.begin().await?;
        Ok(Json(ops::preview(&cx, milestone.0, request.0.start, request.0.end).await?))
    }

    /// Moves a milestone and all that waits for it.
    #[oai(path = "/milestones/:milestone/moves", method = "post", operation_id = "move_milestone")]
    async fn shift(
        &self,
        Staff(me): Staff,
        milestone: Path<MilestoneId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        request: Json<MoveRequest>,
    ) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::move_milestone(cx, milestone.0, request.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "move_milestone", &(milestone.0, &request.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Replaces the draws of a project.
    #[oai(path = "/projects/:project/draws", method = "put", operation_id = "change_draws")]
    async fn change_draws(&self, Staff(me): Staff, project: Path<ProjectId>, input: Json<DrawsInput>) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_draws(&mut cx, project.0, input.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// The company's working days.
    #[oai(path = "/work-calendar", method = "get", operation_id = "get_work_calendar")]
    async fn work_calendar(&self, Staff(me): Staff) -> Result<Json<WorkCalendar>> {
        let cx = me.begin().await?;
        Ok(Json(ops::work_calendar(&cx).await?))
    }

    /// Saves the working days. For managers and owners.
    #[oai(path = "/work-calendar", method = "put", operation_id = "change_work_calendar")]
    async fn change_work_calendar(&self, Staff(me): Staff, input: Json<WorkCalendar>) -> Result<Json<WorkCalendar>> {
        let mut cx = me.begin().await?;
        let view = ops::change_work_calendar(&mut cx, input.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
