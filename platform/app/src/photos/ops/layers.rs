//! What is laid over and beside photos: shapes over one, and pairs of two.

use super::locked;
use crate::{
    events::Event,
    photos::{PhotoId, PhotoPairId, PhotoState, model::Markup},
    projects::{self, ProjectId},
};
use chrono::{DateTime, Utc};
use kernel::{Cx, Problem, Result, caller::Role};
use poem_openapi::Object;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

/// Two photos that are to be put side by side.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewPhotoPair {
    /// How it was.
    pub before_id: PhotoId,
    /// How it is.
    pub after_id: PhotoId,
    /// For example "The kitchen from the hall".
    pub title: String,
}

/// The same spot before and after.
#[derive(Clone, Debug, Object, Serialize, Deserialize, FromQueryResult)]
pub struct PhotoPairView {
    /// Its id.
    pub id: PhotoPairId,
    /// Where it belongs.
    pub project_id: ProjectId,
    /// For example "The kitchen from the hall".
    pub title: String,
    /// How it was.
    pub before_id: PhotoId,
    /// How it is.
    pub after_id: PhotoId,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Shapes {
    shapes: Option<serde_json::Value>,
}

/// What is drawn over a photo.
pub async fn markup(cx: &Cx, id: PhotoId) -> Result<Markup> {
    let sql = "SELECT m.shapes FROM photos p LEFT JOIN photo_markups m ON m.photo_id = p.id WHERE p.id = $1 AND p.withdrawn_at IS NULL";
    let row = cx.row::<Shapes>(sql, [id.into()]).await?.ok_or_else(|| Problem::not_found("photo"))?;
    let shapes = row.shapes.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
    Ok(shapes.unwrap_or(Markup { shapes: Vec::new() }))
}

/// Draws anew what is drawn over a photo; with no shapes it is wiped off. The photo itself stays as it is.
pub async fn mark_up(cx: &mut Cx, id: PhotoId, new: Markup) -> Result<Markup> {
    let row = locked(cx, id).await?;
    let new = new.clean()?;
    if row.state != PhotoState::Ready {
        return Err(Problem::conflict("photo_not_ready", "This photo is not there yet. Draw on it when it is."));
    }
    if markup(cx, id).await? == new {
        return Ok(new);
    }
    if new.shapes.is_empty() {
        cx.execute("DELETE FROM photo_markups WHERE photo_id = $1", [id.into()]).await?;
    } else {
        let sql = "INSERT INTO photo_markups (photo_id, shapes, updated_by_name, updated_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (photo_id) DO UPDATE SET shapes = $2, updated_by_name = $3, updated_at = $4";
        let shapes = serde_json::to_value(&new).map_err(Problem::internal)?;
        cx.execute(sql, [id.into(), shapes.into(), cx.actor().name().to_owned().into(), cx.now().into()]).await?;
    }
    let (project, file_name, visibility) = (row.project_id, row.file_name, row.visibility.name());
    cx.record(&Event::PhotoMarkedUp { photo: id, project, file_name, visibility }).await?;
    Ok(new)
}

/// Puts two photos of a project side by side.
pub async fn pair(cx: &mut Cx, project: ProjectId, new: NewPhotoPair) -> Result<PhotoPairView> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let household = projects::ops::working(cx, project).await?;
    let title = title(&new.title)?;
    if new.before_id == new.after_id {
        return Err(Problem::invalid("after_id", "same", "Before and after are the same photo."));
    }
    for (field, id) in [("before_id", new.before_id), ("after_id", new.after_id)] {
        let sql = "SELECT 1 FROM photos WHERE id = $1 AND project_id = $2 AND state = 'ready' AND withdrawn_at IS NULL";
        if cx.one(sql, [id.into(), project.into()]).await?.is_none() {
            return Err(Problem::invalid(field, "unknown", "There is no such photo in this project."));
        }
    }
    let id = PhotoPairId(cx.new_uuid());
    let sql = "INSERT INTO photo_pairs (id, household_id, project_id, before_id, after_id, title, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (before_id, after_id) DO NOTHING";
    let values: [sea_orm::Value; 7] =
        [id.into(), household.into(), project.into(), new.before_id.into(), new.after_id.into(), title.clone().into(), cx.now().into()];
    if cx.execute(sql, values).await? == 0 {
        return Err(Problem::conflict("already_paired", "These two photos are a pair already."));
    }
    cx.record(&Event::PhotosPaired { pair: id, project, title: title.clone() }).await?;
    Ok(PhotoPairView { id, project_id: project, title, before_id: new.before_id, after_id: new.after_id, created_at: cx.now() })
}

fn title(title: &str) -> Result<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(Problem::invalid("title", "missing", "Give the pair a title, for example \"The kitchen from the hall\".")),
        n if n > 160 => Err(Problem::invalid("title", "too_long", "At most 160 characters fit here.")),
        _ => Ok(title),
    }
}

/// Takes a pair apart; the photos stay.
pub async fn unpair(cx: &mut Cx, id: PhotoPairId) -> Result<()> {
    let sql = "SELECT id, project_id, title, before_id, after_id, created_at FROM photo_pairs WHERE id = $1 FOR UPDATE";
    let row = cx.row::<PhotoPairView>(sql, [id.into()]).await?.ok_or_else(|| Problem::not_found("pair"))?;
    cx.require(Role::Member)?;
    projects::ops::working(cx, row.project_id).await?;
    cx.execute("DELETE FROM photo_pairs WHERE id = $1", [id.into()]).await?;
    cx.record(&Event::PhotosUnpaired { pair: id, project: row.project_id, title: row.title }).await?;
    Ok(())
}

/// The pairs of a project, newest first, without those of which a photo was withdrawn.
pub async fn pairs(cx: &Cx, project: ProjectId) -> Result<Vec<PhotoPairView>> {
    projects::ops::household_of(cx, project).await?;
    let sql = "SELECT q.id, q.project_id, q.title, q.before_id, q.after_id, q.created_at FROM photo_pairs q \
               JOIN photos b ON b.id = q.before_id AND b.withdrawn_at IS NULL JOIN photos a ON a.id = q.after_id AND a.withdrawn_at IS NULL \
               WHERE q.project_id = $1 ORDER BY q.id DESC LIMIT 200";
    Ok(cx.rows(sql, [project.into()]).await?)
}
