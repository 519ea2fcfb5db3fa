//! Updates over HTTP, for staff.

use super::{
    NewUpdate, UpdateChange, UpdateId,
    ops::{self, UpdateView},
};
use crate::{
    callers::Staff,
    projects::ProjectId,
    routes::{NoContent, Tag},
};
use kernel::{
    Result, idempotency,
    paging::{Page, Paging},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

/// The update endpoints.
pub struct UpdatesApi;

#[OpenApi(tag = "Tag::Updates")]
impl UpdatesApi {
    /// A project's updates, those that were written last first.
    #[oai(path = "/projects/:project/updates", method = "get", operation_id = "list_updates")]
    async fn list(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<UpdateView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, project.0, &paging).await?))
    }

    /// Writes an update.
    #[oai(path = "/projects/:project/updates", method = "post", operation_id = "post_update")]
    async fn post(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewUpdate>,
    ) -> Result<Json<UpdateView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::post(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "post_update", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Changes words, day or visibility: one's own update, or for managers and owners anybody's.
    #[oai(path = "/updates/:update", method = "patch", operation_id = "change_update")]
    async fn change(&self, Staff(me): Staff, update: Path<UpdateId>, change: Json<UpdateChange>) -> Result<Json<UpdateView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, update.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Withdraws an update: one's own, or for managers and owners anybody's.
    #[oai(path = "/updates/:update", method = "delete", operation_id = "withdraw_update")]
    async fn withdraw(&self, Staff(me): Staff, update: Path<UpdateId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::withdraw(&mut cx, update.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }
}
