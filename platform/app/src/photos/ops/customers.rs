//! What the household sees: its newest photos, a page of them by phase and room, and the pairs of before and after.

use super::views::{CustomerPhoto, CustomerRow, FOR_CUSTOMERS, customer, customer_columns};
use crate::{
    photos::{PhotoId, PhotoPairId, Shape, model::Markup},
    projects::ProjectId,
    schedule::PhaseId,
    updates::UpdateId,
};
use chrono::Duration;
use kernel::{Cx, Problem, Question, Result};
use sea_orm::{FromQueryResult, Value};
use serde::Deserialize;
use std::collections::HashMap;

/// An announced photo counts as arriving for so long; after that nobody waits for it any more.
const ARRIVING: Duration = Duration::hours(1);

/// The same spot before and after.
#[derive(Clone, Debug)]
pub struct CustomerPair {
    /// Its id.
    pub id: PhotoPairId,
    /// For example "The kitchen from the hall".
    pub title: String,
    /// How it was.
    pub before: CustomerPhoto,
    /// How it is.
    pub after: CustomerPhoto,
}

/// Which of a project's photos somebody wants to see; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct GalleryFilter {
    /// Of this phase.
    pub phase: Option<PhaseId>,
    /// Of this room.
    pub room: Option<String>,
    /// Of this daily update.
    pub update: Option<UpdateId>,
}

/// A page of a project's photos, with what is needed around it.
#[derive(Clone, Debug)]
pub struct Gallery {
    /// Newest first.
    pub photos: Vec<CustomerPhoto>,
    /// What is drawn over them.
    pub layers: HashMap<PhotoId, Vec<Shape>>,
    /// Whether others follow.
    pub more: bool,
    /// The rooms that have photos, by name; the empty one is left out.
    pub rooms: Vec<String>,
    /// The phases that have photos.
    pub phases: Vec<PhaseId>,
    /// How many photos there are, whatever is chosen.
    pub total: i64,
    /// How many are on their way, and of how many that were announced with them.
    pub arriving: (i64, i64),
}

#[derive(Deserialize)]
struct Newest {
    #[serde(flatten)]
    photo: CustomerRow,
    ready_count: i64,
    arriving_count: i64,
}

/// The newest ready photos of a project that the customer may see, how many there are, and how many are arriving.
pub fn newest_mine(cx: &Cx, project: ProjectId, limit: u64) -> Question<'static, (Vec<CustomerPhoto>, i64, i64)> {
    let sql = format!(
        "SELECT {}, count(*) FILTER (WHERE p.state = 'ready') OVER () AS ready_count, \
         count(*) FILTER (WHERE p.state = 'uploading') OVER () AS arriving_count FROM photos p \
         WHERE {FOR_CUSTOMERS} AND p.project_id = $1 AND (p.state = 'ready' OR (p.state = 'uploading' AND p.created_at > $2)) \
         ORDER BY (p.state = 'ready') DESC, p.id DESC LIMIT $3",
        customer_columns()
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [project.into(), (cx.now() - ARRIVING).into(), limit.max(1).into()];
    Question::new(sql, values).map(|rows: Vec<Newest>| {
        let (ready, arriving) = rows.first().map_or((0, 0), |row| (row.ready_count, row.arriving_count));
        let photos = rows.into_iter().map(|row| CustomerPhoto::from(row.photo)).filter(|photo| photo.ready);
        (photos.collect(), ready, arriving)
    })
}

#[derive(FromQueryResult)]
struct PairRow {
    id: PhotoPairId,
    title: String,
    before_id: PhotoId,
    after_id: PhotoId,
}

/// The pairs of a project whose photos the customer may both see, newest first.
pub async fn pairs_mine(cx: &Cx, project: ProjectId) -> Result<Vec<CustomerPair>> {
    let sql = "SELECT id, title, before_id, after_id FROM photo_pairs WHERE project_id = $1 ORDER BY id DESC LIMIT 50";
    let rows = cx.rows::<PairRow>(sql, [project.into()]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = rows.iter().flat_map(|row| [row.before_id.0, row.after_id.0]).collect();
    let photos: HashMap<_, _> = customer(cx, "p.id = ANY($1)", [ids.into()]).await?.into_iter().map(|p| (p.id, p)).collect();
    let pair = |row: PairRow| {
        let (before, after) = (photos.get(&row.before_id)?.clone(), photos.get(&row.after_id)?.clone());
        Some(CustomerPair { id: row.id, title: row.title, before, after })
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}

#[derive(FromQueryResult)]
struct Place {
    room: String,
    phase_id: Option<PhaseId>,
    count: i64,
}

#[derive(FromQueryResult)]
struct Arriving {
    open: i64,
    all: i64,
}

#[derive(FromQueryResult)]
struct OfUpdate {
    #[sea_orm(nested)]
    photo: CustomerRow,
    update_count: i64,
}

#[derive(FromQueryResult)]
struct Layer {
    photo_id: PhotoId,
    shapes: serde_json::Value,
}

/// A page of the photos that the customer may see, of one phase, room or update if they chose one.
pub async fn gallery_mine(cx: &Cx, project: ProjectId, filter: &GalleryFilter, after: Option<PhotoId>, limit: u64) -> Result<Gallery> {
    let which = "p.project_id = $1 AND ($2::uuid IS NULL OR p.phase_id = $2) AND ($3::text IS NULL OR p.room = $3) \
                 AND ($4::uuid IS NULL OR p.id < $4) AND ($6::uuid IS NULL OR p.update_id = $6) ORDER BY p.id DESC LIMIT $5";
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let values: [Value; 6] =
        [project.into(), filter.phase.into(), filter.room.clone().into(), after.into(), most.into(), filter.update.into()];
    let mut photos = customer(cx, which, values).await?;
    let more = photos.len() as u64 > limit;
    photos.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let sql = format!(
        "SELECT p.room, p.phase_id, count(*) AS count FROM photos p WHERE {FOR_CUSTOMERS} AND p.state = 'ready' AND p.project_id = $1 \
         GROUP BY p.room, p.phase_id ORDER BY p.room"
    );
    let places = cx.rows::<Place>(&sql, [project.into()]).await?;
    let mut rooms: Vec<_> = places.iter().map(|p| p.room.clone()).filter(|r| !r.is_empty()).collect();
    rooms.dedup();
    let mut phases: Vec<_> = places.iter().filter_map(|p| p.phase_id).collect();
    phases.sort();
    phases.dedup();
    let total = places.iter().map(|p| p.count).sum();
    Ok(Gallery { layers: layers(cx, &photos).await?, photos, more, rooms, phases, total, arriving: arriving(cx, project).await? })
}

/// The first photos of each of these updates that the customer may see, at most so many, and how many each one has.
pub async fn of_updates_mine(
    cx: &Cx,
    updates: impl IntoIterator<Item = UpdateId>,
    each: i64,
) -> Result<HashMap<UpdateId, (Vec<CustomerPhoto>, i64)>> {
    let updates: Vec<_> = updates.into_iter().map(|id| id.0).collect();
    if updates.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT * FROM (SELECT {}, count(*) OVER of_update AS update_count, row_number() OVER (of_update ORDER BY p.id DESC) AS place \
         FROM photos p WHERE {FOR_CUSTOMERS} AND p.state = 'ready' AND p.update_id = ANY($1) WINDOW of_update AS (PARTITION BY p.update_id)) \
         AS ranked WHERE place <= $2 ORDER BY place",
        customer_columns()
    );
    let mut found: HashMap<_, (Vec<_>, i64)> = HashMap::new();
    for row in cx.rows::<OfUpdate>(&sql, [updates.into(), each.into()]).await? {
        let photo = CustomerPhoto::from(row.photo);
        let Some(update) = photo.update_id else { continue };
        let entry = found.entry(update).or_default();
        entry.0.push(photo);
        entry.1 = row.update_count;
    }
    Ok(found)
}

/// How many photos are on their way, of how many that were announced at the same moments.
async fn arriving(cx: &Cx, project: ProjectId) -> Result<(i64, i64)> {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE p.state = 'uploading') AS open, count(*) AS all FROM photos p \
         WHERE {FOR_CUSTOMERS} AND p.project_id = $1 AND p.created_at IN (SELECT q.created_at FROM photos q \
         WHERE q.project_id = $1 AND q.visibility = 'client' AND q.withdrawn_at IS NULL AND q.state = 'uploading' AND q.created_at > $2)"
    );
    let row = cx.row::<Arriving>(&sql, [project.into(), (cx.now() - ARRIVING).into()]).await?;
    Ok(row.map_or((0, 0), |row| (row.open, row.all)))
}

async fn layers(cx: &Cx, photos: &[CustomerPhoto]) -> Result<HashMap<PhotoId, Vec<Shape>>> {
    let marked: Vec<_> = photos.iter().filter(|p| p.marked).map(|p| p.id.0).collect();
    if marked.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = cx.rows::<Layer>("SELECT photo_id, shapes FROM photo_markups WHERE photo_id = ANY($1)", [marked.into()]).await?;
    let layer = |row: Layer| Ok((row.photo_id, serde_json::from_value::<Markup>(row.shapes).map_err(Problem::internal)?.shapes));
    rows.into_iter().map(layer).collect()
}
