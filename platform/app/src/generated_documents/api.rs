//! Documents that write themselves, over HTTP, for staff.

use super::{
    DocumentPreview, DocumentSettings, GeneratedDocumentId, NewGeneratedDocument,
    ops::{self, GeneratedDocumentView},
};
use crate::{
    callers::Staff,
    files::{FileResponse, made_meanwhile},
    projects::ProjectId,
    routes::Tag,
};
use kernel::{Result, idempotency};
use poem::Body;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path},
    payload::Json,
};

/// The endpoints of documents that write themselves.
pub struct GeneratedDocumentsApi;

/// Documents that write themselves, the newest first.
#[derive(Object)]
struct GeneratedDocumentList {
    /// At most 200.
    items: Vec<GeneratedDocumentView>,
}

#[OpenApi(tag = "Tag::GeneratedDocuments")]
impl GeneratedDocumentsApi {
    /// When documents make themselves, how they look, and the company's own texts in them.
    #[oai(path = "/document-settings", method = "get", operation_id = "get_document_settings")]
    async fn settings(&self, Staff(me): Staff) -> Result<Json<DocumentSettings>> {
        let cx = me.begin().await?;
        Ok(Json(ops::settings(&cx).await?))
    }

    /// Saves all of it. For managers and owners.
    #[oai(path = "/document-settings", method = "put", operation_id = "change_document_settings")]
    async fn change_settings(&self, Staff(me): Staff, settings: Json<DocumentSettings>) -> Result<Json<DocumentSettings>> {
        let mut cx = me.begin().await?;
        let settings = ops::change_settings(&mut cx, settings.0).await?;
        cx.commit().await?;
        Ok(Json(settings))
    }

    /// A project's documents that write themselves, each with all the times it was made.
    #[oai(path = "/projects/:project/generated-documents", method = "get", operation_id = "list_generated_documents")]
    async fn list(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<GeneratedDocumentList>> {
        let cx = me.begin().await?;
        Ok(Json(GeneratedDocumentList { items: ops::list(&cx, project.0).await? }))
    }

    /// Has a document made now; a subject that has one gets a new version of it.
    #[oai(path = "/projects/:project/generated-documents", method = "post", operation_id = "generate_document")]
    async fn generate(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewGeneratedDocument>,
    ) -> Result<Json<GeneratedDocumentView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::ask(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "generate_document", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// The pages of a document as they would be now, with settings that need not be saved. Nothing is stored.
    #[oai(path = "/projects/:project/document-previews", method = "post", operation_id = "preview_document")]
    async fn preview(&self, Staff(me): Staff, project: Path<ProjectId>, asked: Json<DocumentPreview>) -> Result<FileResponse> {
        let pdf = ops::preview(&me.caller, project.0, asked.0).await?;
        Ok(made_meanwhile("application/pdf", "Preview.pdf", Body::from_bytes(pdf.into())))
    }

    /// One document that writes itself, with all the times it was made.
    #[oai(path = "/generated-documents/:generated", method = "get", operation_id = "get_generated_document")]
    async fn get(&self, Staff(me): Staff, generated: Path<GeneratedDocumentId>) -> Result<Json<GeneratedDocumentView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, generated.0).await?))
    }

    /// Tries a failed one again.
    #[oai(path = "/generated-documents/:generated/retry", method = "post", operation_id = "retry_generated_document")]
    async fn retry(&self, Staff(me): Staff, generated: Path<GeneratedDocumentId>) -> Result<Json<GeneratedDocumentView>> {
        let mut cx = me.begin().await?;
        let view = ops::retry(&mut cx, generated.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
