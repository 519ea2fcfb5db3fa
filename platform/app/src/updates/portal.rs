//! What was done on a project, day by day, for the customers.

use super::{
    ops::{self, CustomerUpdate, Place},
    pages::{UpdateRow, UpdatesPage},
};
use crate::{
    branding,
    callers::Customer,
    face, live, photos,
    projects::{self, ProjectId},
};
use kernel::Result;
use poem::{
    Request, Response, handler,
    web::{Path, Query},
};
use serde::Deserialize;

/// How many updates stand on one page.
const A_PAGE: u64 = 30;

/// How many photos stand under one update.
const PHOTOS: i64 = 3;

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
    let found = projects::ops::find_mine(&cx, project).await?;
    let questions = (ops::mine_after(project, after, A_PAGE + 1), live::ops::cursor(), branding::ops::company(&cx));
    let (mut updates, cursor, brand) = cx.ask_all(questions).await?;
    let more = updates.len() as u64 > A_PAGE;
    updates.truncate(A_PAGE as usize);
    let mut photos = photos::ops::of_updates_mine(&cx, updates.iter().map(|update| update.id), PHOTOS).await?;
    cx.commit().await?;
    let mut row = |update: CustomerUpdate| {
        let (photos, count) = photos.remove(&update.id).unwrap_or_default();
        UpdateRow::of(update).with_photos(&photos, count)
    };
    let older = updates.last().filter(|_| more).map(|last| format!("/projects/{project}/updates?after={}.{}", last.day, last.id));
    let page = UpdatesPage {
        project_id: project.to_string(),
        project_name: found.name,
        updates: updates.into_iter().map(&mut row).collect(),
        older,
        first: after.is_none(),
    };
    let frame = face::customer_frame(&me, request, brand, Some(&page.project_id)).live(Some(cursor));
    Ok(me.app.pages.page(&page, &frame)?)
}

/// `2026-06-09.0198…`: what is no place is the beginning.
fn place(text: &str) -> Option<Place> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}
