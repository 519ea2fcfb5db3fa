//! What staff and what customers see of a photo: two types, so that a field of the one cannot slip into the other.

use crate::{
    photos::{PhotoId, PhotoState, ShotId, flaw::Flaw},
    projects::ProjectId,
    schedule::PhaseId,
    updates::UpdateId,
    visibility::Visibility,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use kernel::{Cx, Result};
use poem_openapi::Object;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

/// A photo as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct PhotoView {
    /// Its id.
    pub id: PhotoId,
    /// Where it belongs.
    pub project_id: ProjectId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it is there.
    pub state: PhotoState,
    /// Why it failed, as a stable code.
    pub error: Option<String>,
    /// Why it failed, and what to do.
    pub error_words: Option<String>,
    /// The phase that it belongs to.
    pub phase_id: Option<PhaseId>,
    /// The daily update that it belongs to.
    pub update_id: Option<UpdateId>,
    /// The required photo that this is.
    pub shot_id: Option<ShotId>,
    /// For example "Kitchen"; may be empty.
    pub room: String,
    /// May be empty.
    pub caption: String,
    /// By the camera's own clock, without a zone.
    pub taken_at: Option<NaiveDateTime>,
    /// Where it was taken, if the company keeps that.
    pub latitude: Option<f64>,
    /// Where it was taken, if the company keeps that.
    pub longitude: Option<f64>,
    /// The name that the original is downloaded under.
    pub file_name: String,
    /// The original's size; until its bytes are there, what the sender said.
    pub bytes: i64,
    /// Upright, in pixels.
    pub width: Option<i32>,
    /// Upright, in pixels.
    pub height: Option<i32>,
    /// The renditions that there are, by the longest side they were made for.
    pub sizes: Vec<i32>,
    /// Whether something is drawn over it.
    pub marked: bool,
    /// By whom.
    pub uploaded_by: String,
    /// When it was announced.
    pub created_at: DateTime<Utc>,
    /// When it was there.
    pub ready_at: Option<DateTime<Utc>>,
}

/// A photo as a customer sees it.
#[derive(Clone, Debug)]
pub struct CustomerPhoto {
    /// Its id.
    pub id: PhotoId,
    /// Where it belongs.
    pub project: ProjectId,
    /// For example "Kitchen"; may be empty.
    pub room: String,
    /// May be empty.
    pub caption: String,
    /// The phase that it belongs to.
    pub phase_id: Option<PhaseId>,
    /// The daily update that it belongs to.
    pub update_id: Option<UpdateId>,
    /// By the camera's own clock, without a zone.
    pub taken_at: Option<NaiveDateTime>,
    /// When it was announced.
    pub created_at: DateTime<Utc>,
    /// Upright, in pixels.
    pub width: i32,
    /// Upright, in pixels.
    pub height: i32,
    /// Whether it can be looked at.
    pub ready: bool,
    /// Whether something is drawn over it.
    pub marked: bool,
}

// One statement a list: sizes and markup are looked up beside each row.
const SIZES: &str =
    "coalesce((SELECT string_agg(r.size::text, ',' ORDER BY r.size) FROM photo_renditions r WHERE r.photo_id = p.id), '') AS sizes";
const MARKED: &str = "EXISTS (SELECT 1 FROM photo_markups m WHERE m.photo_id = p.id) AS marked";

#[derive(FromQueryResult)]
struct StaffRow {
    id: PhotoId,
    project_id: ProjectId,
    visibility: Visibility,
    state: PhotoState,
    error: Option<String>,
    phase_id: Option<PhaseId>,
    update_id: Option<UpdateId>,
    shot_id: Option<ShotId>,
    room: String,
    caption: String,
    taken_at: Option<NaiveDateTime>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    file_name: String,
    bytes: i64,
    width: Option<i32>,
    height: Option<i32>,
    uploaded_by_name: String,
    created_at: DateTime<Utc>,
    ready_at: Option<DateTime<Utc>>,
    sizes: String,
    marked: bool,
}

/// Photos as staff see them; `which` is what follows WHERE, over `p`.
pub(super) async fn staff(cx: &Cx, which: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<PhotoView>> {
    let sql = format!(
        "SELECT p.id, p.project_id, p.visibility, p.state, p.error, p.phase_id, p.update_id, p.shot_id, p.room, p.caption, p.taken_at, \
         p.latitude, p.longitude, p.file_name, p.bytes, p.width, p.height, p.uploaded_by_name, p.created_at, p.ready_at, {SIZES}, {MARKED} \
         FROM photos p WHERE p.withdrawn_at IS NULL AND {which}"
    );
    Ok(cx.rows::<StaffRow>(&sql, values).await?.into_iter().map(staff_view).collect())
}

fn staff_view(row: StaffRow) -> PhotoView {
    let flaw = row.error.as_deref().map(|code| Flaw::of(code, row.width, row.height));
    PhotoView {
        id: row.id,
        project_id: row.project_id,
        visibility: row.visibility,
        state: row.state,
        error: row.error,
        error_words: flaw.map(Flaw::words),
        phase_id: row.phase_id,
        update_id: row.update_id,
        shot_id: row.shot_id,
        room: row.room,
        caption: row.caption,
        taken_at: row.taken_at,
        latitude: row.latitude,
        longitude: row.longitude,
        file_name: row.file_name,
        bytes: row.bytes,
        width: row.width,
        height: row.height,
        sizes: sizes(&row.sizes),
        marked: row.marked,
        uploaded_by: row.uploaded_by_name,
        created_at: row.created_at,
        ready_at: row.ready_at,
    }
}

/// What the policies say, said here too, so that a mistake in one of the two shows nothing.
pub(super) const FOR_CUSTOMERS: &str = "p.visibility = 'client' AND p.withdrawn_at IS NULL";

/// The columns of a [`CustomerRow`], over `p`. Which renditions there are follows from the photo's sides.
pub(super) fn customer_columns() -> String {
    format!(
        "p.id, p.project_id, p.room, p.caption, p.phase_id, p.update_id, p.taken_at, p.created_at, coalesce(p.width, 0) AS width, \
         coalesce(p.height, 0) AS height, p.state = 'ready' AS ready, {MARKED}"
    )
}

#[derive(FromQueryResult, Deserialize)]
pub(super) struct CustomerRow {
    id: PhotoId,
    project_id: ProjectId,
    room: String,
    caption: String,
    phase_id: Option<PhaseId>,
    update_id: Option<UpdateId>,
    taken_at: Option<NaiveDateTime>,
    created_at: DateTime<Utc>,
    width: i32,
    height: i32,
    ready: bool,
    marked: bool,
}

impl From<CustomerRow> for CustomerPhoto {
    fn from(row: CustomerRow) -> Self {
        Self {
            id: row.id,
            project: row.project_id,
            room: row.room,
            caption: row.caption,
            phase_id: row.phase_id,
            update_id: row.update_id,
            taken_at: row.taken_at,
            created_at: row.created_at,
            width: row.width,
            height: row.height,
            ready: row.ready,
            marked: row.marked,
        }
    }
}

/// Ready photos as customers see them; `which` is what follows `AND`, over `p`.
pub(super) async fn customer(cx: &Cx, which: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<CustomerPhoto>> {
    let sql = format!("SELECT {} FROM photos p WHERE {FOR_CUSTOMERS} AND p.state = 'ready' AND {which}", customer_columns());
    Ok(cx.rows::<CustomerRow>(&sql, values).await?.into_iter().map(CustomerPhoto::from).collect())
}

fn sizes(text: &str) -> Vec<i32> {
    text.split(',').filter_map(|size| size.parse().ok()).collect()
}
