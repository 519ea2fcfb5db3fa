//! Telling the household: once that a delay counts, and once that it was taken back.

use super::views::{self, CustomerDelay};
use crate::{
    people::{self, ops::CustomerPerson},
    projects::{self, ProjectId},
    weather::{
        WeatherDelayId,
        model::{DelayState, Entity},
    },
};
use kernel::{Cx, Result, ids::CustomerId};
use sea_orm::EntityTrait;

/// What a person is written about a delay.
pub struct Letter {
    /// To whom.
    pub person: CustomerPerson,
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The delay as it stands now.
    pub delay: CustomerDelay,
}

/// Whom to write that a delay counts, or that it was withdrawn. Notes that they are being told, so the second who asks gets nobody.
/// A delay that was withdrawn before anybody was told of it is never spoken of.
pub async fn tell(cx: &Cx, id: WeatherDelayId, withdrawn: bool) -> Result<Vec<CustomerId>> {
    let sql = match withdrawn {
        false => "UPDATE weather_delays SET told_at = $2 WHERE id = $1 AND state = 'accepted' AND told_at IS NULL",
        true => {
            "UPDATE weather_delays SET withdrawal_told_at = $2 \
             WHERE id = $1 AND state = 'withdrawn' AND told_at IS NOT NULL AND withdrawal_told_at IS NULL"
        }
    };
    if cx.execute(sql, [id.into(), cx.now().into()]).await? == 0 {
        return Ok(Vec::new());
    }
    let Some(row) = Entity::find_by_id(id).one(cx.db()).await? else { return Ok(Vec::new()) };
    Ok(people::ops::told(cx, row.household_id).await?.into_iter().map(|person| person.id).collect())
}

/// What one of them reads; none if it is no longer true, or they no longer belong there.
pub async fn letter(cx: &Cx, id: WeatherDelayId, withdrawn: bool, to: CustomerId) -> Result<Option<Letter>> {
    let state = if withdrawn { DelayState::Withdrawn } else { DelayState::Accepted };
    let Some((project, delay)) = views::shown(cx, id, state).await? else { return Ok(None) };
    let household = projects::ops::household_of(cx, project).await?;
    let person = people::ops::told(cx, household).await?.into_iter().find(|person| person.id == to);
    let project_name = projects::ops::names(cx, [project]).await?.remove(&project).map(|(_, name)| name).unwrap_or_default();
    Ok(person.map(|person| Letter { person, project, project_name, delay }))
}
