//! What customers read about a project, and where it lies. An absent row is empty texts and no place.

use super::{hold, household_of, names};
use crate::{
    events::Event,
    projects::{
        ProjectDetails, ProjectId,
        model::details::{ActiveModel, Column, Entity, Model},
    },
};
use kernel::{Cx, Question, Result, caller::Role};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, sea_query::OnConflict};
use std::collections::HashMap;

/// Where a project is, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

/// The details of one project that whoever asks may see.
pub async fn details(cx: &Cx, id: ProjectId) -> Result<ProjectDetails> {
    household_of(cx, id).await?;
    Ok(Entity::find_by_id(id).one(cx.db()).await?.map(ProjectDetails::from).unwrap_or_default())
}

/// The details of several projects; those without are left out.
pub async fn details_of(cx: &Cx, ids: impl IntoIterator<Item = ProjectId>) -> Result<HashMap<ProjectId, ProjectDetails>> {
    let rows = Entity::find().filter(Column::ProjectId.is_in(ids)).all(cx.db()).await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.into())).collect())
}

/// The details of all projects that the customer of this transaction may see.
pub fn details_mine() -> Question<'static, HashMap<ProjectId, ProjectDetails>> {
    Question::of(Entity::find().into_query()).map(|rows: Vec<Model>| rows.into_iter().map(|row| (row.project_id, row.into())).collect())
}

/// Where several projects are; those without a place are left out.
pub async fn places(cx: &Cx, ids: impl IntoIterator<Item = ProjectId>) -> Result<HashMap<ProjectId, Place>> {
    let place = |(id, d): (ProjectId, ProjectDetails)| Some((id, Place { latitude: d.latitude?, longitude: d.longitude? }));
    Ok(details_of(cx, ids).await?.into_iter().filter_map(place).collect())
}

/// Saves the details whole.
pub async fn change_details(cx: &mut Cx, id: ProjectId, input: ProjectDetails) -> Result<ProjectDetails> {
    household_of(cx, id).await?;
    cx.require(Role::Member)?;
    let household = hold(cx, id).await?;
    let (before, input) = (details(cx, id).await?, input.clean()?);
    if before == input {
        return Ok(input);
    }
    let saved = input.clone();
    let row = ActiveModel {
        project_id: Set(id),
        household_id: Set(household),
        headline: Set(input.headline),
        detail: Set(input.detail),
        lead_name: Set(input.lead_name),
        lead_phone: Set(input.lead_phone),
        latitude: Set(input.latitude),
        longitude: Set(input.longitude),
        updated_at: Set(cx.now()),
    };
    let mut known = OnConflict::column(Column::ProjectId);
    known.update_columns([
        Column::Headline,
        Column::Detail,
        Column::LeadName,
        Column::LeadPhone,
        Column::Latitude,
        Column::Longitude,
        Column::UpdatedAt,
    ]);
    Entity::insert(row).on_conflict(known).exec_without_returning(cx.db()).await?;
    let name = names(cx, [id]).await?.remove(&id).map(|(_, name)| name).unwrap_or_default();
    cx.record(&Event::ProjectDetailsChanged { project: id, name }).await?;
    Ok(saved)
}
