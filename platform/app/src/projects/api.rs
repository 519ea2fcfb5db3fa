//! Projects over HTTP, for staff.

use super::{
    NewProject, ProjectChange, ProjectDetails, ProjectId, ProjectStatus,
    ops::{self, ProjectFilter, ProjectView},
};
use crate::{callers::Staff, people::HouseholdId, routes::Tag};
use kernel::{
    Result, idempotency,
    paging::{Page, Paging},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

/// The project endpoints.
pub struct ProjectsApi;

#[OpenApi(tag = "Tag::Projects")]
impl ProjectsApi {
    /// Projects, newest first.
    #[oai(path = "/projects", method = "get", operation_id = "list_projects")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// Only of this status.
        status: Query<Option<ProjectStatus>>,
        /// Only of this household.
        household: Query<Option<HouseholdId>>,
        /// Only with this text in name or address, or with this number.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ProjectView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = ProjectFilter { status: status.0, household: household.0, text: q.0 };
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, &filter, &paging).await?))
    }

    /// Makes a project.
    #[oai(path = "/projects", method = "post", operation_id = "create_project")]
    async fn create(
        &self,
        Staff(me): Staff,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewProject>,
    ) -> Result<Json<ProjectView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create(cx, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_project", &new.0, work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One project.
    #[oai(path = "/projects/:project", method = "get", operation_id = "get_project")]
    async fn get(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<ProjectView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, project.0).await?))
    }

    /// Changes name, address or status.
    #[oai(path = "/projects/:project", method = "patch", operation_id = "change_project")]
    async fn change(&self, Staff(me): Staff, project: Path<ProjectId>, change: Json<ProjectChange>) -> Result<Json<ProjectView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, project.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// What customers read about a project, and where it lies.
    #[oai(path = "/projects/:project/details", method = "get", operation_id = "get_project_details")]
    async fn details(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<ProjectDetails>> {
        let cx = me.begin().await?;
        Ok(Json(ops::details(&cx, project.0).await?))
    }

    /// Saves what customers read about a project, and where it lies.
    #[oai(path = "/projects/:project/details", method = "put", operation_id = "change_project_details")]
    async fn change_details(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        input: Json<ProjectDetails>,
    ) -> Result<Json<ProjectDetails>> {
        let mut cx = me.begin().await?;
        let details = ops::change_details(&mut cx, project.0, input.0).await?;
        cx.commit().await?;
        Ok(Json(details))
    }
}
