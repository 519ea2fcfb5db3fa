//! The verbs and questions of projects. The only writer of the tables `projects` and `project_details`.

mod details;

pub use details::{Place, change_details, details, details_mine, details_of, places};

use super::{
    ProjectId,
    model::{ActiveModel, Column, Entity, Model, NewProject, ProjectChange, ProjectStatus, clean_address, clean_name},
};
use crate::{
    events::Event,
    people::{self, HouseholdId},
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Problem, Question, Result,
    caller::Role,
    paging::{Page, Paging},
};
use poem_openapi::Object;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A project as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct ProjectView {
    /// Its id.
    pub id: ProjectId,
    /// Its number, counted in each company from 101.
    pub number: i64,
    /// For example "New roof".
    pub name: String,
    /// Where the work happens.
    pub address: String,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Whose house it is.
    pub household: HouseholdRef,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// A household by name.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct HouseholdRef {
    /// Its id.
    pub id: HouseholdId,
    /// Its name.
    pub name: String,
}

/// A project as a customer sees it.
#[derive(Clone, Debug)]
pub struct CustomerProject {
    /// Its id.
    pub id: ProjectId,
    /// For example "New roof".
    pub name: String,
    /// Where the work happens.
    pub address: String,
    /// Where it stands.
    pub status: ProjectStatus,
}

/// Which projects a list holds.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilter {
    /// Of this status.
    pub status: Option<ProjectStatus>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// With this text in name or address, or this number.
    pub text: Option<String>,
}

/// Makes a project.
pub async fn create(cx: &mut Cx, new: NewProject) -> Result<ProjectView> {
    cx.require(Role::Member)?;
    let household = people::ops::household_name(cx, new.household_id)
        .await?
        .ok_or_else(|| Problem::invalid("household_id", "unknown", "There is no such household."))?;
    let id = ProjectId(cx.new_uuid());
    let row = ActiveModel {
        id: Set(id),
        household_id: Set(new.household_id),
        name: Set(clean_name(&new.name)?),
        address: Set(clean_address(&new.address)?),
        status: Set(new.status),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        ..Default::default()
    };
    let row = row.insert(cx.db()).await?;
    cx.record(&Event::ProjectCreated { project: id, name: row.name.clone() }).await?;
    Ok(view(row, household))
}

/// Changes name, address or status.
pub async fn change(cx: &mut Cx, id: ProjectId, change: ProjectChange) -> Result<ProjectView> {
    let row = row(cx, id).await?;
    cx.require(Role::Member)?;
    let before = row.status;
    let (mut said, mut next) = (Vec::new(), ActiveModel::from(row.clone()));
    if let Some(name) = change.name.map(|n| clean_name(&n)).transpose()?.filter(|n| *n != row.name) {
        said.push(format!("name to {name}"));
        next.name = Set(name);
    }
    if let Some(address) = change.address.map(|a| clean_address(&a)).transpose()?.filter(|a| *a != row.address) {
        said.push(format!("address to {address}"));
        next.address = Set(address);
    }
    if let Some(status) = change.status.filter(|s| *s != row.status) {
        said.push(format!("status to {}", status.name()));
        next.status = Set(status);
    }
    if !said.is_empty() {
        next.updated_at = Set(cx.now());
        let row = next.update(cx.db()).await?;
        let (from, to) = if row.status == before { (None, None) } else { (Some(before), Some(row.status)) };
        cx.record(&Event::ProjectChanged { project: id, name: row.name, change: said.join(", "), from, to }).await?;
    }
    find(cx, id).await
}

/// One project.
pub async fn find(cx: &Cx, id: ProjectId) -> Result<ProjectView> {
    let row = row(cx, id).await?;
    let mut views = views(cx, vec![row]).await?;
    views.pop().ok_or_else(|| Problem::not_found("project"))
}

/// A page of projects, newest first.
pub async fn list(cx: &Cx, filter: &ProjectFilter, paging: &Paging) -> Result<Page<ProjectView>> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(paging.limit + 1);
    if let Some(after) = paging.after {
        query = query.filter(Column::Id.lt(after));
    }
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(household) = filter.household {
        query = query.filter(Column::HouseholdId.eq(household));
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        let like = people::ops::containing(text);
        let mut any =
            sea_orm::Condition::any().add(people::ops::matches(Column::Name, &like)).add(people::ops::matches(Column::Address, &like));
        if let Ok(number) = text.trim_start_matches('#').parse::<i64>() {
            any = any.add(Column::Number.eq(number));
        }
        query = query.filter(any);
    }
    let rows = query.all(cx.db()).await?;
    let page = Page::<String>::new(rows.clone(), paging, |r| r.id.0, |r| r.id.to_string());
    let kept = rows.into_iter().take(page.items.len()).collect();
    Ok(Page { items: views(cx, kept).await?, next: page.next })
}

/// The projects that the customer of this transaction may see, newest first.
pub fn mine() -> Question<'static, Vec<CustomerProject>> {
    let query = Entity::find().order_by_desc(Column::Id).limit(100);
    Question::of(query.into_query()).map(|rows: Vec<Model>| rows.into_iter().map(customer_view).collect())
}

/// The ids of the projects that whoever asks may see.
pub async fn visible(cx: &Cx) -> Result<Vec<ProjectId>> {
    Ok(Entity::find().select_only().column(Column::Id).into_tuple().all(cx.db()).await?)
}

/// One project that the customer of this transaction may see.
pub async fn find_mine(cx: &Cx, id: ProjectId) -> Result<CustomerProject> {
    row(cx, id).await.map(customer_view)
}

/// The household of a project: documents repeat it for the customers' policy.
pub async fn household_of(cx: &Cx, id: ProjectId) -> Result<HouseholdId> {
    Ok(row(cx, id).await?.household_id)
}

/// The household of a project that is still worked on. An archived one is there to be read and takes nothing more.
pub async fn working(cx: &Cx, id: ProjectId) -> Result<HouseholdId> {
    let row = row(cx, id).await?;
    match row.status {
        ProjectStatus::Archived => {
            Err(Problem::conflict("project_archived", "This project is archived. Change its status first if work goes on."))
        }
        _ => Ok(row.household_id),
    }
}

/// The same, and nobody else plans this project until the transaction ends.
pub async fn hold(cx: &Cx, id: ProjectId) -> Result<HouseholdId> {
    let row = Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    row.map(drop).ok_or_else(|| Problem::not_found("project"))?;
    working(cx, id).await
}

/// Number and name of several projects.
pub async fn names(cx: &Cx, ids: impl IntoIterator<Item = ProjectId>) -> Result<HashMap<ProjectId, (i64, String)>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(cx.db()).await?;
    Ok(rows.into_iter().map(|r| (r.id, (r.number, r.name))).collect())
}

async fn row(cx: &Cx, id: ProjectId) -> Result<Model> {
    Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("project"))
}

async fn views(cx: &Cx, rows: Vec<Model>) -> Result<Vec<ProjectView>> {
    let households = people::ops::household_names(cx, rows.iter().map(|r| r.household_id)).await?;
    let view = |row: Model| {
        let household = households.get(&row.household_id).cloned().unwrap_or_default();
        view(row, household)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: Model, household: String) -> ProjectView {
    ProjectView {
        id: row.id,
        number: row.number,
        name: row.name,
        address: row.address,
        status: row.status,
        household: HouseholdRef { id: row.household_id, name: household },
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn customer_view(row: Model) -> CustomerProject {
    CustomerProject { id: row.id, name: row.name, address: row.address, status: row.status }
}
