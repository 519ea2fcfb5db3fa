//! What was done on a project, day by day, for the customers.

use super::{ops::Place, screen};
use crate::{branding, callers::Customer, face, live, projects::ProjectId};
use kernel::Result;
use poem::{
    Request, Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

/// Where the page before ended.
#[derive(Deserialize)]
struct From {
    after: Option<String>,
}

/// `GET /projects/{project}/updates`
#[handler]
pub async fn list(
    Customer(me): Customer,
    request: &Request,
    Path(project): Path<ProjectId>,
    Query(From { after }): Query<From>,
) -> Result<Response> {
    let after = after.as_deref().and_then(place);
    let cx = me.begin().await?;
    let (cursor, brand) = cx.ask_all((live::ops::cursor(), branding::ops::company(&cx))).await?;
    let page = screen::gather(&cx, project, after).await?;
    cx.commit().await?;
    let frame = face::customer_frame(&me, request, brand, Some(&page.project_id)).live(Some(cursor));
    face::show(&me, &page, &frame).await
}

/// `2026-06-09.0198…`: what is no place is the beginning.
fn place(text: &str) -> Option<Place> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}
