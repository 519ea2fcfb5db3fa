//! A project's photos, for the customers: the pictures on its pages, and what they save.

use super::{PhotoId, serve};
use crate::{callers::Customer, projects::ProjectId};
use kernel::Result;
use poem::{IntoResponse, Request, Response, handler, web::Path};

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
