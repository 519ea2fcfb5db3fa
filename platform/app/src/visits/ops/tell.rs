//! Telling the household: each new time once, that a visit is off once, and a reminder on the day before.

use crate::{
    people::{self, ops::CustomerPerson},
    projects::{self, ProjectId},
    visibility::Visibility,
    visits::{
        AppointmentId, AppointmentState,
        model::{Entity, Model},
        ops::views::is_open,
        when::Window,
    },
};
use kernel::{Cx, Result, ids::CustomerId};
use schemars::JsonSchema;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

/// Why a household is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// They did not know of it.
    Proposed,
    /// There is a new time.
    Moved,
    /// They asked for another time, and there is none.
    Kept,
    /// Nobody comes.
    Cancelled,
    /// It is tomorrow.
    Reminder,
}

/// What a person is written about a visit.
pub struct Letter {
    /// To whom.
    pub person: CustomerPerson,
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// For example "Gutters go up".
    pub title: String,
    /// When it is.
    pub window: Window,
    /// When they had been told it would be.
    pub was: Option<Window>,
    /// Who comes.
    pub who: String,
    /// What to prepare.
    pub prepare: String,
    /// They have not said yet that it suits them.
    pub unanswered: bool,
}

/// Whom to write what about a visit as it stands now, and of which time. Notes that they are being told, so the second who asks gets
/// nobody. What was cancelled before anybody was told of it is never spoken of.
pub async fn tell(cx: &Cx, id: AppointmentId) -> Result<Option<(Occasion, i32, Vec<CustomerId>)>> {
    let Some(row) = shown(cx, id).await? else { return Ok(None) };
    let cancelled = row.state == AppointmentState::Cancelled;
    let occasion = match row.told_sequence {
        Some(told) if told >= row.sequence => return Ok(None),
        Some(_) if cancelled => Occasion::Cancelled,
        Some(_) if row.was_starts_at.is_some() => Occasion::Moved,
        Some(_) => Occasion::Kept,
        None if cancelled => return Ok(None),
        None => Occasion::Proposed,
    };
    let sql = "UPDATE appointments SET told_sequence = $2 WHERE id = $1 AND sequence = $2 AND told_sequence IS NOT DISTINCT FROM $3";
    if cx.execute(sql, [id.into(), row.sequence.into(), row.told_sequence.into()]).await? == 0 {
        return Ok(None);
    }
    Ok(Some((occasion, row.sequence, told(cx, &row).await?)))
}

/// Whom to remind of this time of a visit; nobody if there is another time by now, or they were reminded.
pub async fn remind(cx: &Cx, id: AppointmentId, sequence: i32) -> Result<Vec<CustomerId>> {
    let Some(row) = shown(cx, id).await? else { return Ok(Vec::new()) };
    if row.state == AppointmentState::Cancelled || row.starts_at <= cx.now() {
        return Ok(Vec::new());
    }
    let sql = "UPDATE appointments SET reminded_sequence = $2 WHERE id = $1 AND sequence = $2 AND reminded_sequence IS DISTINCT FROM $2";
    match cx.execute(sql, [id.into(), sequence.into()]).await? {
        0 => Ok(Vec::new()),
        _ => told(cx, &row).await,
    }
}

/// What one of them reads; none if it is no longer true, or they no longer belong there.
pub async fn letter(cx: &Cx, id: AppointmentId, sequence: i32, to: CustomerId) -> Result<Option<Letter>> {
    let Some(row) = shown(cx, id).await?.filter(|row| row.sequence == sequence) else { return Ok(None) };
    let person = people::ops::told(cx, row.household_id).await?.into_iter().find(|person| person.id == to);
    let Some(person) = person else { return Ok(None) };
    let zone = cx.tenant().time_zone;
    let project_name = projects::ops::names(cx, [row.project_id]).await?.remove(&row.project_id).map(|(_, name)| name);
    Ok(Some(Letter {
        person,
        project: row.project_id,
        project_name: project_name.unwrap_or_default(),
        window: row.span().window(zone),
        was: row.was().map(|was| was.window(zone)),
        unanswered: row.state == AppointmentState::Proposed,
        title: row.title,
        who: row.who,
        prepare: row.prepare,
    }))
}

async fn told(cx: &Cx, row: &Model) -> Result<Vec<CustomerId>> {
    Ok(people::ops::told(cx, row.household_id).await?.into_iter().map(|person| person.id).collect())
}

/// A visit that a household is written about: theirs to see, not over, on a project that is not finished.
async fn shown(cx: &Cx, id: AppointmentId) -> Result<Option<Model>> {
    let row = Entity::find_by_id(id).one(cx.db()).await?;
    let Some(row) = row.filter(|row| row.visibility == Visibility::Client && !row.is_over(cx.now())) else { return Ok(None) };
    let project = projects::ops::find(cx, row.project_id).await?;
    Ok(is_open(project.status).then_some(row))
}
