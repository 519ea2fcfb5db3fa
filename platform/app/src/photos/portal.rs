//! A project's photos, for the customers: the page, the pictures on pages, and what they save.

use super::{
    PhotoId,
    ops::GalleryFilter,
    screen::{self, Wish},
    serve,
};
use crate::{branding, callers::Customer, face, live, projects::ProjectId};
use kernel::Result;
use poem::{
    IntoResponse, Request, Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

/// What the address asks for; what cannot be read does not matter.
#[derive(Deserialize)]
struct Asked {
    phase: Option<String>,
    room: Option<String>,
    update: Option<String>,
    by: Option<String>,
    after: Option<String>,
}

fn wish(project: ProjectId, asked: &Asked) -> Wish {
    let filter = GalleryFilter {
        phase: asked.phase.as_deref().and_then(|id| id.parse().ok()),
        room: asked.room.clone().filter(|room| !room.is_empty()),
        update: asked.update.as_deref().and_then(|id| id.parse().ok()),
    };
    Wish { project, filter, by_room: asked.by.as_deref() == Some("room") }
}

/// `GET /projects/{project}/photos`
#[handler]
pub async fn list(
    Customer(me): Customer,
    request: &Request,
    Path(project): Path<ProjectId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let wish = wish(project, &asked);
    let after = asked.after.as_deref().and_then(|id| id.parse().ok());
    let cx = me.begin().await?;
    let (cursor, brand) = cx.ask_all((live::ops::cursor(), branding::ops::company(&cx))).await?;
    let page = screen::gather(&cx, &wish, after).await?;
    cx.commit().await?;
    let frame = face::customer_frame(&me, request, brand, Some(&page.project_id)).live(Some(cursor));
    face::show(&me, &page, &frame).await
}

/// `GET /photos/{photo}/{size}`
#[handler]
pub async fn rendition(Customer(me): Customer, request: &Request, Path((photo, size)): Path<(PhotoId, i32)>) -> Result<Response> {
    Ok(serve::rendition(&me, request, photo, size).await?.into_response())
}

/// `GET /photos/{photo}/original`
#[handler]
pub async fn original(Customer(me): Customer, Path(photo): Path<PhotoId>) -> Result<Response> {
    Ok(serve::picture_only(&me, photo).await?.into_response())
}

/// `GET /projects/{project}/photos.zip`
#[handler]
pub async fn archive(Customer(me): Customer, Path(project): Path<ProjectId>) -> Result<Response> {
    Ok(serve::archive(&me, project).await?.into_response())
}
