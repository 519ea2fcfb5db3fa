//! Documents over HTTP, for staff.

use super::{
    DocumentChange, DocumentId, DocumentKind, NewDocument, NewVersion, Visibility, download,
    ops::{self, DocumentFilter, DocumentView},
};
use crate::{
    callers::Staff,
    files::FileResponse,
    projects::ProjectId,
    routes::{NoContent, Tag},
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

/// The document endpoints.
pub struct DocumentsApi;

#[OpenApi(tag = "Tag::Documents")]
impl DocumentsApi {
    /// Documents, newest first.
    #[oai(path = "/documents", method = "get", operation_id = "list_documents")]
    #[allow(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// Only of this project.
        project: Query<Option<ProjectId>>,
        /// Only of this kind.
        kind: Query<Option<DocumentKind>>,
        /// Only for these eyes.
        visibility: Query<Option<Visibility>>,
        /// Only with this text in the title.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<DocumentView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = DocumentFilter { project: project.0, kind: kind.0, visibility: visibility.0, text: q.0 };
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, &filter, &paging).await?))
    }

    /// A project's documents, newest first.
    #[oai(path = "/projects/:project/documents", method = "get", operation_id = "list_project_documents")]
    async fn list_of_project(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<DocumentView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = DocumentFilter { project: Some(project.0), ..Default::default() };
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, &filter, &paging).await?))
    }

    /// Announces a document. Its bytes follow: `PUT` them as version 1.
    #[oai(path = "/projects/:project/documents", method = "post", operation_id = "create_document")]
    async fn create(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewDocument>,
    ) -> Result<Json<DocumentView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_document", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One document.
    #[oai(path = "/documents/:document", method = "get", operation_id = "get_document")]
    async fn get(&self, Staff(me): Staff, document: Path<DocumentId>) -> Result<Json<DocumentView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, document.0).await?))
    }

    /// Changes title, kind or visibility.
    #[oai(path = "/documents/:document", method = "patch", operation_id = "change_document")]
    async fn change(&self, Staff(me): Staff, document: Path<DocumentId>, change: Json<DocumentChange>) -> Result<Json<DocumentView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, document.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Withdraws a document: nobody can read it any more. For managers and owners.
    #[oai(path = "/documents/:document", method = "delete", operation_id = "withdraw_document")]
    async fn withdraw(&self, Staff(me): Staff, document: Path<DocumentId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::withdraw(&mut cx, document.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Announces another version. Its bytes follow: `PUT` them under its number.
    #[oai(path = "/documents/:document/versions", method = "post", operation_id = "add_document_version")]
    async fn add_version(
        &self,
        Staff(me): Staff,
        document: Path<DocumentId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewVersion>,
    ) -> Result<Json<DocumentView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::add_version(cx, document.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "add_document_version", &(document.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Takes the bytes of an announced version, once.
    #[oai(path = "/documents/:document/versions/:number/content", method = "put", operation_id = "upload_document_content")]
    async fn upload(
        &self,
        Staff(me): Staff,
        document: Path<DocumentId>,
        number: Path<i32>,
        request: &Request,
        bytes: Binary<Body>,
    ) -> Result<Json<DocumentView>> {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        let view = ops::upload(&me.caller, document.0, number.0, length, bytes.0.into_bytes_stream()).await?;
        Ok(Json(view))
    }

    /// A version's bytes, or the one range of them that `Range` names. Every read is recorded.
    #[oai(path = "/documents/:document/versions/:number/content", method = "get", operation_id = "download_document_content")]
    async fn download(&self, Staff(me): Staff, document: Path<DocumentId>, number: Path<i32>, request: &Request) -> Result<FileResponse> {
        download::respond(&me, request, document.0, number.0).await
    }

    /// Size, name and hash of a version's bytes; no read.
    #[oai(path = "/documents/:document/versions/:number/content", method = "head", operation_id = "look_at_document_content")]
    async fn head(&self, Staff(me): Staff, document: Path<DocumentId>, number: Path<i32>, request: &Request) -> Result<FileResponse> {
        download::respond(&me, request, document.0, number.0).await
    }
}
