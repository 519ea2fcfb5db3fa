//! The photos that a project needs, and what the company keeps of photos.

use crate::{
    events::Event,
    people::HouseholdId,
    photos::{PhotoId, ShotId},
    projects::{self, ProjectId},
    schedule::PhaseId,
};
use kernel::{Cx, Problem, Result, caller::Role};
use poem_openapi::Object;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

/// The most photos that a project may need.
const MOST: usize = 200;

/// A photo that a project needs.
#[derive(Clone, Debug, Object, Serialize, Deserialize, FromQueryResult)]
pub struct ShotView {
    /// Its id.
    pub id: ShotId,
    /// For example "Flashing at the chimney, before it is covered".
    pub name: String,
    /// The phase in which it is taken.
    pub phase_id: Option<PhaseId>,
    /// The newest photo that is it; without one it is still to be taken.
    pub photo_id: Option<PhotoId>,
}

/// A photo that a project is to need from now on.
#[derive(Clone, Debug, Object)]
pub struct ShotChange {
    /// One that there is; without it a new one is made.
    pub id: Option<ShotId>,
    /// For example "Flashing at the chimney, before it is covered".
    pub name: String,
    /// The phase in which it is taken.
    pub phase_id: Option<PhaseId>,
}

/// What is kept of photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Object, Serialize, Deserialize, FromQueryResult)]
pub struct PhotoSettings {
    /// Whether the place where a photo was taken is kept, if the camera wrote it down.
    pub keep_location: bool,
}

/// The photos that a project needs, in their order.
pub async fn shots(cx: &Cx, project: ProjectId) -> Result<Vec<ShotView>> {
    projects::ops::household_of(cx, project).await?;
    let sql = "SELECT s.id, s.name, s.phase_id, (SELECT p.id FROM photos p WHERE p.shot_id = s.id AND p.state = 'ready' \
               AND p.withdrawn_at IS NULL ORDER BY p.id DESC LIMIT 1) AS photo_id FROM shots s WHERE s.project_id = $1 ORDER BY s.position, s.id";
    Ok(cx.rows(sql, [project.into()]).await?)
}

/// Says anew which photos a project needs. One that is left out is needed no more; its photos stay.
pub async fn change_shots(cx: &mut Cx, project: ProjectId, wanted: Vec<ShotChange>) -> Result<Vec<ShotView>> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let household = projects::ops::working(cx, project).await?;
    // Two that change the list at once would mix theirs.
    cx.execute("SELECT 1 FROM shots WHERE project_id = $1 FOR UPDATE", [project.into()]).await?;
    let there = shots(cx, project).await?;
    if wanted.len() > MOST {
        return Err(Problem::invalid("shots", "too_many", format!("A project may need at most {MOST} photos.")));
    }
    let mut kept = Vec::new();
    for (position, shot) in wanted.into_iter().enumerate() {
        if let Some(id) = shot.id
            && (kept.contains(&id.0) || !there.iter().any(|s| s.id == id))
        {
            return Err(Problem::invalid("shots", "unknown", "One of these required photos is none of this project."));
        }
        kept.push(put(cx, (household, project), position, shot).await?.0);
    }
    cx.execute("DELETE FROM shots WHERE project_id = $1 AND NOT (id = ANY($2))", [project.into(), kept.clone().into()]).await?;
    cx.record(&Event::ShotsChanged { project, count: kept.len() }).await?;
    shots(cx, project).await
}

/// Adds what a template says that a project needs.
pub async fn set_shots(cx: &mut Cx, project: ProjectId, wanted: Vec<(String, Option<PhaseId>)>) -> Result<()> {
    let household = projects::ops::working(cx, project).await?;
    if wanted.is_empty() {
        return Ok(());
    }
    let first = shots(cx, project).await?.len();
    let count = first + wanted.len();
    for (n, (name, phase_id)) in wanted.into_iter().enumerate() {
        put(cx, (household, project), first + n, ShotChange { id: None, name, phase_id }).await?;
    }
    cx.record(&Event::ShotsChanged { project, count }).await?;
    Ok(())
}

async fn put(cx: &Cx, (household, project): (HouseholdId, ProjectId), position: usize, shot: ShotChange) -> Result<ShotId> {
    let name = shot.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 160 {
        return Err(Problem::invalid("shots", "name", "Each required photo needs a name of at most 160 characters."));
    }
    let id = shot.id.unwrap_or_else(|| ShotId(cx.new_uuid()));
    let sql = "INSERT INTO shots (id, household_id, project_id, phase_id, position, name) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (id) DO UPDATE SET phase_id = $4, position = $5, name = $6";
    let position = i32::try_from(position).map_err(Problem::internal)?;
    let values: [Value; 6] = [id.into(), household.into(), project.into(), shot.phase_id.into(), position.into(), name.into()];
    let put = cx.execute(sql, values).await;
    let unknown =
        || Problem::invalid("shots", "phase_unknown", "One of these required photos names a phase that the project does not have.");
    put.map_err(|e| Problem::on_constraint(e, "shots_phase_id_project_id_fkey", unknown))?;
    Ok(id)
}

/// What the company keeps of photos.
pub async fn settings(cx: &Cx) -> Result<PhotoSettings> {
    let row = cx.row::<PhotoSettings>("SELECT keep_location FROM photo_settings", []).await?;
    Ok(row.unwrap_or(PhotoSettings { keep_location: false }))
}

/// Changes what is kept. Where a place is not to be kept any more, those that were kept are forgotten.
pub async fn change_settings(cx: &mut Cx, new: PhotoSettings) -> Result<PhotoSettings> {
    cx.require(Role::Manager)?;
    if settings(cx).await? == new {
        return Ok(new);
    }
    let sql = "INSERT INTO photo_settings (one, keep_location, updated_at) VALUES (true, $1, $2) \
               ON CONFLICT (one) DO UPDATE SET keep_location = $1, updated_at = $2";
    cx.execute(sql, [new.keep_location.into(), cx.now().into()]).await?;
    if !new.keep_location {
        cx.execute("UPDATE photos SET latitude = NULL, longitude = NULL WHERE latitude IS NOT NULL OR longitude IS NOT NULL", []).await?;
    }
    let change = if new.keep_location { "places are kept" } else { "places are not kept" };
    cx.record(&Event::PhotoSettingsChanged { tenant: cx.tenant().id.0, change: change.to_owned() }).await?;
    Ok(new)
}
