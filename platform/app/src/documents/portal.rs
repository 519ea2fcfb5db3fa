//! The papers of a project, and each of them, for the customers.

use super::{DocumentId, download, screen};
use crate::{branding, callers::Customer, face, projects::ProjectId};
use kernel::Result;
use poem::{IntoResponse, Request, Response, handler, web::Path};

/// `GET /projects/{project}/documents`
#[handler]
pub async fn list(Customer(me): Customer, request: &Request, Path(project): Path<ProjectId>) -> Result<Response> {
    let cx = me.begin().await?;
    let page = screen::gather(&cx, project).await?;
    let brand = cx.ask(branding::ops::company(&cx)).await?;
    cx.commit().await?;
    let frame = face::customer_frame(&me, request, brand, Some(&page.project_id));
    face::show(&me, &page, &frame).await
}

/// `GET` and `HEAD /documents/{document}/versions/{number}/file`
#[handler]
pub async fn file(Customer(me): Customer, request: &Request, Path((document, number)): Path<(DocumentId, i32)>) -> Result<Response> {
    Ok(download::respond(&me, request, document, number).await?.into_response())
}
