//! What lies over and beside photos, over HTTP, for staff: markup, pairs, required photos, settings.

use super::{
    PhotoId, PhotoPairId,
    model::Markup,
    ops::{self, NewPhotoPair, PhotoPairView, PhotoSettings, ShotChange, ShotView},
};
use crate::{
    callers::Staff,
    projects::ProjectId,
    routes::{NoContent, Tag},
};
use kernel::{Result, idempotency};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};

/// The endpoints around photos.
pub struct MorePhotosApi;

/// Pairs of photos.
#[derive(Debug, Object)]
struct PhotoPairList {
    /// Newest first.
    items: Vec<PhotoPairView>,
}

/// The photos that a project needs.
#[derive(Debug, Object)]
struct ShotList {
    /// In their order.
    items: Vec<ShotView>,
}

/// The photos that a project is to need.
#[derive(Debug, Object)]
struct ShotsChange {
    /// In their order.
    shots: Vec<ShotChange>,
}

#[OpenApi(tag = "Tag::Photos")]
impl MorePhotosApi {
    /// What is drawn over a photo.
    #[oai(path = "/photos/:photo/markup", method = "get", operation_id = "get_photo_markup")]
    async fn markup(&self, Staff(me): Staff, photo: Path<PhotoId>) -> Result<Json<Markup>> {
        let cx = me.begin().await?;
        Ok(Json(ops::markup(&cx, photo.0).await?))
    }

    /// Draws anew what is drawn over a photo; no shapes wipe it off. The photo itself stays as it is.
    #[oai(path = "/photos/:photo/markup", method = "put", operation_id = "mark_up_photo")]
    async fn mark_up(&self, Staff(me): Staff, photo: Path<PhotoId>, markup: Json<Markup>) -> Result<Json<Markup>> {
        let mut cx = me.begin().await?;
        let markup = ops::mark_up(&mut cx, photo.0, markup.0).await?;
        cx.commit().await?;
        Ok(Json(markup))
    }

    /// A project's pairs of before and after.
    #[oai(path = "/projects/:project/photo-pairs", method = "get", operation_id = "list_photo_pairs")]
    async fn pairs(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<PhotoPairList>> {
        let cx = me.begin().await?;
        Ok(Json(PhotoPairList { items: ops::pairs(&cx, project.0).await? }))
    }

    /// Puts two photos of a project side by side.
    #[oai(path = "/projects/:project/photo-pairs", method = "post", operation_id = "pair_photos")]
    async fn pair(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewPhotoPair>,
    ) -> Result<Json<PhotoPairView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::pair(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "pair_photos", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Takes a pair apart; the photos stay.
    #[oai(path = "/photo-pairs/:pair", method = "delete", operation_id = "unpair_photos")]
    async fn unpair(&self, Staff(me): Staff, pair: Path<PhotoPairId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::unpair(&mut cx, pair.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// The photos that a project needs, and which of them were taken.
    #[oai(path = "/projects/:project/shots", method = "get", operation_id = "list_shots")]
    async fn shots(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<ShotList>> {
        let cx = me.begin().await?;
        Ok(Json(ShotList { items: ops::shots(&cx, project.0).await? }))
    }

    /// Says anew which photos a project needs. One that is left out is needed no more.
    #[oai(path = "/projects/:project/shots", method = "put", operation_id = "change_shots")]
    async fn change_shots(&self, Staff(me): Staff, project: Path<ProjectId>, change: Json<ShotsChange>) -> Result<Json<ShotList>> {
        let mut cx = me.begin().await?;
        let items = ops::change_shots(&mut cx, project.0, change.0.shots).await?;
        cx.commit().await?;
        Ok(Json(ShotList { items }))
    }

    /// What the company keeps of photos.
    #[oai(path = "/photo-settings", method = "get", operation_id = "get_photo_settings")]
    async fn settings(&self, Staff(me): Staff) -> Result<Json<PhotoSettings>> {
        let cx = me.begin().await?;
        Ok(Json(ops::settings(&cx).await?))
    }

    /// Changes what the company keeps of photos. For managers and owners.
    #[oai(path = "/photo-settings", method = "put", operation_id = "change_photo_settings")]
    async fn change_settings(&self, Staff(me): Staff, settings: Json<PhotoSettings>) -> Result<Json<PhotoSettings>> {
        let mut cx = me.begin().await?;
        let settings = ops::change_settings(&mut cx, settings.0).await?;
        cx.commit().await?;
        Ok(Json(settings))
    }
}
