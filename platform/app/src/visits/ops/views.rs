//! Visits as staff and as customers see them: two types, so that a field of the one cannot slip into the other.

use crate::{
    people::HouseholdRole,
    projects::{self, ProjectId, ProjectStatus},
    schedule::MilestoneId,
    visibility::Visibility,
    visits::{
        AppointmentId, AppointmentState,
        model::{Column, Entity, Model},
        when::{Window, time_text},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cx, Problem, Question, Result, caller::Actor};
use poem_openapi::Object;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

/// A visit as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct AppointmentView {
    /// Its id.
    pub id: AppointmentId,
    /// Where it belongs.
    pub project: AppointmentProject,
    /// What it belongs to.
    pub milestone_id: Option<MilestoneId>,
    /// Who may see it.
    pub visibility: Visibility,
    /// For example "Gutters go up".
    pub title: String,
    /// The beginning, as a moment.
    pub starts_at: DateTime<Utc>,
    /// The end, as a moment.
    pub ends_at: DateTime<Utc>,
    /// The day where the company is.
    pub day: NaiveDate,
    /// The beginning there, `08:00`.
    pub from: String,
    /// The end there, `11:00`.
    pub until: String,
    /// Who comes; may be empty.
    pub who: String,
    /// What the household should prepare; may be empty.
    pub prepare: String,
    /// Where it stands.
    pub state: AppointmentState,
    /// What the household wrote when it asked for another time; may be empty.
    pub asked_note: String,
    /// Who of the household answered; may be empty.
    pub answered_by: String,
    /// When they did.
    pub answered_at: Option<DateTime<Utc>>,
    /// Rises with each new time, and when it is cancelled.
    pub sequence: i32,
    /// It lies behind us and cannot be changed.
    pub over: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// A project by number and name.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct AppointmentProject {
    /// Its id.
    pub id: ProjectId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// A visit as a customer sees it.
#[derive(Clone, Debug)]
pub struct CustomerVisit {
    /// Its id.
    pub id: AppointmentId,
    /// Where it belongs.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: String,
    /// For example "Gutters go up".
    pub title: String,
    /// Day and times of day where the company is.
    pub window: Window,
    /// The beginning, as a moment.
    pub starts_at: DateTime<Utc>,
    /// The end, as a moment.
    pub ends_at: DateTime<Utc>,
    /// When the household had been told it would be, if it was moved.
    pub was: Option<Window>,
    /// Who comes; may be empty.
    pub who: String,
    /// What to prepare; may be empty.
    pub prepare: String,
    /// Where it stands.
    pub state: AppointmentState,
    /// What was written when another time was asked for; may be empty.
    pub asked_note: String,
    /// Who of the household answered; may be empty.
    pub answered_by: String,
    /// What an answer is about.
    pub sequence: i32,
    /// It is over.
    pub over: bool,
    /// This person may answer: it is to come, work goes on, and they sign or pay.
    pub answerable: bool,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// The visits to come that the customer of this transaction may see, of one project or of all, by time. Without those that were
/// cancelled.
pub fn mine(cx: &Cx, project: Option<ProjectId>, limit: u64) -> Question<'_, Vec<CustomerVisit>> {
    let query = for_customers(project).filter(Column::EndsAt.gt(cx.now())).filter(Column::State.ne(AppointmentState::Cancelled));
    customers(cx, query.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).limit(limit))
}

/// The visits that are over or were cancelled, the newest first.
pub fn mine_past(cx: &Cx, project: Option<ProjectId>, limit: u64) -> Question<'_, Vec<CustomerVisit>> {
    let done = Condition::any().add(Column::EndsAt.lte(cx.now())).add(Column::State.eq(AppointmentState::Cancelled));
    let query = for_customers(project).filter(done).order_by_desc(Column::StartsAt).order_by_desc(Column::Id);
    customers(cx, query.limit(limit))
}

/// The next visit to a project that its household may see, whoever asks.
pub async fn next(cx: &Cx, project: ProjectId) -> Result<Option<CustomerVisit>> {
    let query = for_customers(Some(project)).filter(Column::EndsAt.gt(cx.now())).filter(Column::State.ne(AppointmentState::Cancelled));
    let Some(row) = query.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).one(cx.db()).await? else { return Ok(None) };
    let name = projects::ops::names(cx, [project]).await?.remove(&project).map(|(_, name)| name).unwrap_or_default();
    Ok(Some(customer_view(cx, row, name, false)))
}

/// One visit that the customer of this transaction may see.
pub async fn find_mine(cx: &Cx, id: AppointmentId) -> Result<CustomerVisit> {
    let found = cx.ask(customers(cx, for_customers(None).filter(Column::Id.eq(id)))).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("appointment"))
}

/// The policies say the same; said here too, so that a mistake in one of the two shows nothing.
pub(super) fn for_customers(project: Option<ProjectId>) -> sea_orm::Select<Entity> {
    let query = Entity::find().filter(Column::Visibility.eq(Visibility::Client));
    match project {
        Some(project) => query.filter(Column::ProjectId.eq(project)),
        None => query,
    }
}

#[derive(Deserialize)]
struct CustomerRow {
    #[serde(flatten)]
    visit: Model,
    project_name: String,
    project_status: ProjectStatus,
    role: Option<HouseholdRole>,
}

/// What the customer of this transaction sees of the visits of a query, in its order: with their projects, and the reader's role.
pub(super) fn customers(cx: &Cx, query: sea_orm::Select<Entity>) -> Question<'_, Vec<CustomerVisit>> {
    let me = match cx.actor() {
        Actor::Customer { id, .. } => Some(id.0),
        _ => None,
    };
    let of = |table: &'static str, column: &'static str| Expr::col((Alias::new(table), Alias::new(column)));
    let mut query = query.into_query();
    query
        .expr_as(of("projects", "name"), "project_name")
        .expr_as(of("projects", "status"), "project_status")
        .expr(of("household_members", "role"))
        .inner_join("projects", of("projects", "id").equals((Entity, Column::ProjectId)))
        .left_join(
            "household_members",
            of("household_members", "household_id")
                .equals((Entity, Column::HouseholdId))
                .and(of("household_members", "customer_id").eq(me)),
        );
    Question::of(query).map(|rows: Vec<CustomerRow>| {
        let view = |row: CustomerRow| {
            let open = !row.visit.is_over(cx.now()) && row.visit.state != AppointmentState::Cancelled && is_open(row.project_status);
            customer_view(cx, row.visit, row.project_name, open && row.role.is_some_and(may_answer))
        };
        rows.into_iter().map(view).collect()
    })
}

/// Viewers look.
pub(super) fn may_answer(role: HouseholdRole) -> bool {
    matches!(role, HouseholdRole::Signer | HouseholdRole::Payer)
}

/// What is finished is there to be read.
pub(super) fn is_open(status: ProjectStatus) -> bool {
    !matches!(status, ProjectStatus::Completed | ProjectStatus::Archived)
}

pub(super) fn customer_view(cx: &Cx, row: Model, project_name: String, answerable: bool) -> CustomerVisit {
    let zone = cx.tenant().time_zone;
    CustomerVisit {
        window: row.span().window(zone),
        was: row.was().map(|was| was.window(zone)),
        over: row.is_over(cx.now()),
        answerable,
        id: row.id,
        project: row.project_id,
        project_name,
        title: row.title,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        who: row.who,
        prepare: row.prepare,
        state: row.state,
        asked_note: row.asked_note,
        answered_by: row.answered_by,
        sequence: row.sequence,
        updated_at: row.updated_at,
    }
}

pub(super) async fn one(cx: &Cx, row: Model) -> Result<AppointmentView> {
    all(cx, vec![row]).await?.pop().ok_or_else(|| Problem::not_found("appointment"))
}

pub(super) async fn all(cx: &Cx, rows: Vec<Model>) -> Result<Vec<AppointmentView>> {
    let names = projects::ops::names(cx, rows.iter().map(|r| r.project_id)).await?;
    let view = |row: Model| {
        let (number, name) = names.get(&row.project_id).cloned().unwrap_or_default();
        staff_view(cx, row, number, name)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn staff_view(cx: &Cx, row: Model, number: i64, name: String) -> AppointmentView {
    let window = row.span().window(cx.tenant().time_zone);
    AppointmentView {
        over: row.is_over(cx.now()),
        id: row.id,
        project: AppointmentProject { id: row.project_id, number, name },
        milestone_id: row.milestone_id,
        visibility: row.visibility,
        title: row.title,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        day: window.day,
        from: time_text(window.from),
        until: time_text(window.until),
        who: row.who,
        prepare: row.prepare,
        state: row.state,
        asked_note: row.asked_note,
        answered_by: row.answered_by,
        answered_at: row.answered_at,
        sequence: row.sequence,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
