//! What happened in a project, for its team.

use super::ops;
use crate::{audit::ActivityEntry, callers::Staff, projects::ProjectId, routes::Tag};
use kernel::{
    Result,
    paging::{Page, Paging},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

/// A project's history.
pub struct ActivityApi;

#[OpenApi(tag = "Tag::Projects")]
impl ActivityApi {
    /// What happened in a project, the newest first.
    #[oai(path = "/projects/:project/activity", method = "get", operation_id = "list_activity")]
    async fn list(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ActivityEntry>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::activity(&cx, project.0, &paging).await?))
    }
}
