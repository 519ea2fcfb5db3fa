//! The papers of a project, and each of them, for the customers.

use super::{
    DocumentId, download, ops,
    pages::{DocumentRow, DocumentsPage},
};
use crate::{
    branding,
    callers::Customer,
    face,
    projects::{self, ProjectId},
};
use kernel::Result;
use poem::{IntoResponse, Request, Response, handler, web::Path};

/// The most papers on one page; a house has dozens.
const MOST: u64 = 500;

/// `GET /projects/{project}/documents`
#[handler]
pub async fn list(Customer(me): Customer, request: &Request, Path(project): Path<ProjectId>) -> Result<Response> {
    let cx = me.begin().await?;
    let found = projects::ops::find_mine(&cx, project).await?;
    let (papers, brand) = cx.ask_all((ops::mine(project, MOST), branding::ops::company(&cx))).await?;
    cx.commit().await?;
    let rows = papers.documents.into_iter().filter_map(DocumentRow::of).collect();
    let page = DocumentsPage::new(project.to_string(), found.name, rows);
    let frame = face::customer_frame(&me, request, brand, Some(&page.project_id));
    Ok(me.app.pages.page(&page, &frame)?)
}

/// `GET` and `HEAD /documents/{document}/versions/{number}/file`
#[handler]
pub async fn file(Customer(me): Customer, request: &Request, Path((document, number)): Path<(DocumentId, i32)>) -> Result<Response> {
    Ok(download::respond(&me, request, document, number).await?.into_response())
}
