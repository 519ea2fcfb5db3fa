//! Photos over HTTP, for staff.

use super::{
    PhotoId,
    model::{NewPhotos, PhotoChange},
    ops::{self, PhotoFilter, PhotoList, PhotoView},
    serve::{self, PictureResponse},
};
use crate::{
    callers::Staff,
    files::FileResponse,
    projects::ProjectId,
    routes::{NoContent, Tag},
    schedule::PhaseId,
    updates::UpdateId,
    visibility::Visibility,
};
use kernel::{
    Result, idempotency,
    paging::{Page, Paging},
};
use poem::{Body, Request, http::header};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::{Binary, Json},
};

pub use super::api_more::MorePhotosApi;

/// The endpoints of photos themselves.
pub struct PhotosApi;

#[OpenApi(tag = "Tag::Photos")]
impl PhotosApi {
    /// A project's photos, newest first.
    #[oai(path = "/projects/:project/photos", method = "get", operation_id = "list_photos")]
    #[allow(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn list(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// Only of this phase.
        phase: Query<Option<PhaseId>>,
        /// Only of this room.
        room: Query<Option<String>>,
        /// Only for these eyes.
        visibility: Query<Option<Visibility>>,
        /// Only of this daily update.
        update: Query<Option<UpdateId>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<PhotoView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = PhotoFilter { phase: phase.0, room: room.0, visibility: visibility.0, update: update.0 };
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, project.0, &filter, &paging).await?))
    }

    /// Announces photos. The bytes of each follow: `PUT` them as its content.
    #[oai(path = "/projects/:project/photos", method = "post", operation_id = "announce_photos")]
    async fn announce(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewPhotos>,
    ) -> Result<Json<PhotoList>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::announce(cx, project.0, new.0.clone()).await;
        let list = idempotency::once(&mut cx, key.0.as_deref(), "announce_photos", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(list))
    }

    /// One photo.
    #[oai(path = "/photos/:photo", method = "get", operation_id = "get_photo")]
    async fn get(&self, Staff(me): Staff, photo: Path<PhotoId>) -> Result<Json<PhotoView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, photo.0).await?))
    }

    /// Changes what is said of a photo, and who may see it.
    #[oai(path = "/photos/:photo", method = "patch", operation_id = "change_photo")]
    async fn change(&self, Staff(me): Staff, photo: Path<PhotoId>, change: Json<PhotoChange>) -> Result<Json<PhotoView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, photo.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Withdraws a photo: nobody can look at it any more.
    #[oai(path = "/photos/:photo", method = "delete", operation_id = "withdraw_photo")]
    async fn withdraw(&self, Staff(me): Staff, photo: Path<PhotoId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::withdraw(&mut cx, photo.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Takes the bytes of an announced photo, once. What is no photo makes it fail, with the code of the answer.
    #[oai(path = "/photos/:photo/content", method = "put", operation_id = "upload_photo_content")]
    async fn upload(&self, Staff(me): Staff, photo: Path<PhotoId>, request: &Request, bytes: Binary<Body>) -> Result<Json<PhotoView>> {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        Ok(Json(ops::upload(&me.caller, photo.0, length, bytes.0.into_bytes_stream()).await?))
    }

    /// An original as it came, or the one range of it that `Range` names. Every read is recorded.
    #[oai(path = "/photos/:photo/content", method = "get", operation_id = "download_photo_content")]
    async fn download(&self, Staff(me): Staff, photo: Path<PhotoId>, request: &Request) -> Result<FileResponse> {
        serve::original(&me, request, photo.0).await
    }

    /// A rendition to look at: 320, 800 or 1600 pixels on its longest side, or the next smaller one that there is.
    #[oai(path = "/photos/:photo/renditions/:size", method = "get", operation_id = "get_photo_rendition")]
    async fn rendition(&self, Staff(me): Staff, photo: Path<PhotoId>, size: Path<i32>, request: &Request) -> Result<PictureResponse> {
        serve::rendition(&me, request, photo.0, size.0).await
    }

    /// All photos of a project as one ZIP file of originals. Recorded.
    #[oai(path = "/projects/:project/photo-archive", method = "get", operation_id = "download_photos")]
    async fn archive(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<FileResponse> {
        serve::archive(&me, project.0).await
    }
}
