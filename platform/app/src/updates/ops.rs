//! The verbs and questions of updates. The only writer of the table `updates`.

use super::{
    UpdateId,
    model::{ActiveModel, Column, Entity, Model, NewUpdate, UpdateChange, check_day, clean_body},
};
use crate::{
    events::Event,
    projects::{self, ProjectId},
    visibility::Visibility,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Cx, Problem, Question, Result,
    caller::Role,
    paging::{Page, Paging},
};
use poem_openapi::Object;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use serde::{Deserialize, Serialize};

/// An update as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct UpdateView {
    /// Its id.
    pub id: UpdateId,
    /// Where it belongs.
    pub project_id: ProjectId,
    /// Who may see it.
    pub visibility: Visibility,
    /// The day it is about.
    pub day: NaiveDate,
    /// What was done, in plain words.
    pub body: String,
    /// Who wrote it.
    pub author_name: String,
    /// The reader wrote it.
    pub mine: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// An update as a customer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerUpdate {
    /// Its id.
    pub id: UpdateId,
    /// Where it belongs.
    pub project: ProjectId,
    /// The day it is about.
    pub day: NaiveDate,
    /// What was done, in plain words.
    pub body: String,
    /// Who wrote it.
    pub author_name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Where a page of a customer's list ended; the next one begins after it.
pub type Place = (NaiveDate, UpdateId);

/// Writes an update. Its author is whoever writes it.
pub async fn post(cx: &mut Cx, project: ProjectId, new: NewUpdate) -> Result<UpdateView> {
    let household = projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    projects::ops::working(cx, project).await?;
    let today = cx.today();
    let row = ActiveModel {
        id: Set(UpdateId(cx.new_uuid())),
        household_id: Set(household),
        project_id: Set(project),
        visibility: Set(new.visibility),
        day: Set(check_day(new.day.unwrap_or(today), today)?),
        body: Set(clean_body(&new.body)?),
        author_id: Set(cx.actor().id()),
        author_name: Set(cx.actor().name().to_owned()),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        withdrawn_at: Set(None),
    };
    let row = row.insert(cx.db()).await?;
    cx.record(&Event::UpdatePosted { update: row.id, project, visibility: row.visibility.name() }).await?;
    Ok(view(cx, row))
}

/// Changes words, day or visibility.
pub async fn change(cx: &mut Cx, id: UpdateId, change: UpdateChange) -> Result<UpdateView> {
    let row = locked(cx, id).await?;
    let (mut said, mut next) = (Vec::new(), ActiveModel::from(row.clone()));
    if let Some(body) = change.body.map(|b| clean_body(&b)).transpose()?.filter(|b| *b != row.body) {
        said.push("the words".to_owned());
        next.body = Set(body);
    }
    if let Some(day) = change.day.filter(|d| *d != row.day) {
        said.push(format!("day to {day}"));
        next.day = Set(check_day(day, cx.today())?);
    }
    let visibility = change.visibility.filter(|v| *v != row.visibility);
    if let Some(visibility) = visibility {
        said.push(format!("visibility to {}", visibility.name()));
        next.visibility = Set(visibility);
    }
    if said.is_empty() {
        return Ok(view(cx, row));
    }
    next.updated_at = Set(cx.now());
    let before = row.visibility;
    let row = next.update(cx.db()).await?;
    let event = Event::UpdateChanged {
        update: id,
        project: row.project_id,
        visibility: before.either(row.visibility).name(),
        change: said.join(", "),
        shown: visibility == Some(Visibility::Client),
    };
    cx.record(&event).await?;
    Ok(view(cx, row))
}

/// Takes an update back: it is gone from every list.
pub async fn withdraw(cx: &mut Cx, id: UpdateId) -> Result<()> {
    let row = locked(cx, id).await?;
    let (project, visibility) = (row.project_id, row.visibility.name());
    let mut next = ActiveModel::from(row);
    next.withdrawn_at = Set(Some(cx.now()));
    next.updated_at = Set(cx.now());
    next.update(cx.db()).await?;
    cx.record(&Event::UpdateWithdrawn { update: id, project, visibility }).await?;
    Ok(())
}

/// A page of a project's updates, those that were written last first.
pub async fn list(cx: &Cx, project: ProjectId, paging: &Paging) -> Result<Page<UpdateView>> {
    projects::ops::household_of(cx, project).await?;
    let mut query = Entity::find().filter(Column::ProjectId.eq(project)).filter(Column::WithdrawnAt.is_null());
    if let Some(after) = paging.after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.order_by_desc(Column::Id).limit(paging.limit + 1).all(cx.db()).await?;
    Ok(Page::new(rows, paging, |r| r.id.0, |r| view(cx, r)))
}

/// Whether this is an update of this project: a photo may be hung on it.
pub async fn belongs(cx: &Cx, project: ProjectId, id: UpdateId) -> Result<bool> {
    let query = Entity::find_by_id(id).filter(Column::ProjectId.eq(project)).filter(Column::WithdrawnAt.is_null());
    Ok(query.count(cx.db()).await? > 0)
}

/// The updates of a project that its household may see, by day, the newest first.
pub fn mine(project: ProjectId, limit: u64) -> Question<'static, Vec<CustomerUpdate>> {
    mine_after(project, None, limit)
}

/// The same, from this place on.
pub fn mine_after(project: ProjectId, after: Option<Place>, limit: u64) -> Question<'static, Vec<CustomerUpdate>> {
    let mut query = for_customers().filter(Column::ProjectId.eq(project));
    if let Some((day, id)) = after {
        let same_day = Condition::all().add(Column::Day.eq(day)).add(Column::Id.lt(id));
        query = query.filter(Condition::any().add(Column::Day.lt(day)).add(same_day));
    }
    let query = query.order_by_desc(Column::Day).order_by_desc(Column::Id).limit(limit);
    Question::of(query.into_query()).map(|rows: Vec<Model>| rows.into_iter().map(customer_view).collect())
}

/// Those of these updates that a household may see now, by day, the oldest first.
pub async fn shown(cx: &Cx, ids: impl IntoIterator<Item = UpdateId>) -> Result<Vec<CustomerUpdate>> {
    let query = for_customers().filter(Column::Id.is_in(ids)).order_by_asc(Column::Day).order_by_asc(Column::Id);
    Ok(query.all(cx.db()).await?.into_iter().map(customer_view).collect())
}

/// The policies say the same; said here too, so that a mistake in one of the two shows nothing.
fn for_customers() -> Select<Entity> {
    Entity::find().filter(Column::Visibility.eq(Visibility::Client)).filter(Column::WithdrawnAt.is_null())
}

/// An update that is to be changed: held until the transaction ends, the actor's own or the actor a manager.
async fn locked(cx: &Cx, id: UpdateId) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("update"))?;
    cx.require(if is_mine(cx, &row) { Role::Member } else { Role::Manager })?;
    if row.withdrawn_at.is_some() {
        return Err(Problem::conflict("update_withdrawn", "This update was withdrawn. Write it anew if it is needed again."));
    }
    projects::ops::working(cx, row.project_id).await?;
    Ok(row)
}

fn is_mine(cx: &Cx, row: &Model) -> bool {
    row.author_id.is_some() && row.author_id == cx.actor().id()
}

fn view(cx: &Cx, row: Model) -> UpdateView {
    UpdateView {
        mine: is_mine(cx, &row),
        id: row.id,
        project_id: row.project_id,
        visibility: row.visibility,
        day: row.day,
        body: row.body,
        author_name: row.author_name,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn customer_view(row: Model) -> CustomerUpdate {
    CustomerUpdate {
        id: row.id,
        project: row.project_id,
        day: row.day,
        body: row.body,
        author_name: row.author_name,
        created_at: row.created_at,
    }
}
