//! Project templates over HTTP, for staff.

use super::{
    ApplyTemplate, ProjectFromTemplate, ProjectTemplateId, ProjectTemplateInput,
    ops::{self, ProjectTemplateView, ProjectTemplates},
};
use crate::{
    callers::Staff,
    projects::{ProjectId, ops::ProjectView},
    routes::{NoContent, Tag},
    schedule::ops::ScheduleView,
};
use kernel::{Result, idempotency};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

/// The project template endpoints.
pub struct ProjectTemplatesApi;

#[OpenApi(tag = "Tag::Projects")]
impl ProjectTemplatesApi {
    /// All templates in use, by name.
    #[oai(path = "/project-templates", method = "get", operation_id = "list_project_templates")]
    async fn list(&self, Staff(me): Staff) -> Result<Json<ProjectTemplates>> {
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx).await?))
    }

    /// Makes a template. For managers and owners.
    #[oai(path = "/project-templates", method = "post", operation_id = "create_project_template")]
    async fn create(
        &self,
        Staff(me): Staff,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<ProjectTemplateInput>,
    ) -> Result<Json<ProjectTemplateView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create(cx, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_project_template", &new.0, work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One template.
    #[oai(path = "/project-templates/:template", method = "get", operation_id = "get_project_template")]
    async fn get(&self, Staff(me): Staff, template: Path<ProjectTemplateId>) -> Result<Json<ProjectTemplateView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, template.0).await?))
    }

    /// Saves a template whole. For managers and owners.
    #[oai(path = "/project-templates/:template", method = "put", operation_id = "change_project_template")]
    async fn change(
        &self,
        Staff(me): Staff,
        template: Path<ProjectTemplateId>,
        input: Json<ProjectTemplateInput>,
    ) -> Result<Json<ProjectTemplateView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, template.0, input.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Puts a template away. For managers and owners.
    #[oai(path = "/project-templates/:template", method = "delete", operation_id = "archive_project_template")]
    async fn archive(&self, Staff(me): Staff, template: Path<ProjectTemplateId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::archive(&mut cx, template.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Makes a project with the template's schedule.
    #[oai(path = "/project-templates/:template/projects", method = "post", operation_id = "create_project_from_template")]
    async fn create_project(
        &self,
        Staff(me): Staff,
        template: Path<ProjectTemplateId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<ProjectFromTemplate>,
    ) -> Result<Json<ProjectView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create_project(cx, template.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_project_from_template", &(template.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Gives a project that has no schedule the template's.
    #[oai(path = "/projects/:project/template", method = "post", operation_id = "apply_project_template")]
    async fn apply(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<ApplyTemplate>,
    ) -> Result<Json<ScheduleView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::apply(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "apply_project_template", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
