//! What the page of a project's days shows, gathered in its reader's transaction.

use super::{
    ops::{self, CustomerUpdate, Place},
    pages::{UpdateRow, UpdatesPage},
};
use crate::{
    photos,
    projects::{self, ProjectId},
};
use kernel::{Cx, Result};

/// How many updates stand on one page.
const A_PAGE: u64 = 30;

/// How many photos stand under one update.
const PHOTOS: i64 = 3;

/// What was done on a project that the customer of this transaction may see, from this place on.
pub async fn gather(cx: &Cx, project: ProjectId, after: Option<Place>) -> Result<UpdatesPage> {
    let found = projects::ops::find_mine(cx, project).await?;
    let first = after.is_none();
    let mut updates = cx.ask(ops::mine_after(project, after, A_PAGE + 1)).await?;
    let more = updates.len() as u64 > A_PAGE;
    updates.truncate(A_PAGE as usize);
    let mut photos = photos::ops::of_updates_mine(cx, updates.iter().map(|update| update.id), PHOTOS).await?;
    let mut row = |update: CustomerUpdate| {
        let (photos, count) = photos.remove(&update.id).unwrap_or_default();
        UpdateRow::of(update).with_photos(&photos, count)
    };
    let older = updates.last().filter(|_| more).map(|last| format!("/projects/{project}/updates?after={}.{}", last.day, last.id));
    Ok(UpdatesPage {
        project_id: project.to_string(),
        project_name: found.name,
        updates: updates.into_iter().map(&mut row).collect(),
        older,
        first,
    })
}
