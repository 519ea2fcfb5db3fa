//! The verbs and questions of project templates. The only writer of the table `project_templates`.

use super::{
    ApplyTemplate, ProjectFromTemplate, ProjectTemplateId, ProjectTemplateInput, TemplatePlan,
    model::{ActiveModel, Column, Entity, Model},
};
use crate::{
    events::Event,
    photos,
    projects::{self, NewProject, ProjectId, ops::ProjectView},
    schedule::{self, ops::ScheduleView},
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cx, Problem, Result, caller::Role};
use poem_openapi::Object;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

/// A template.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct ProjectTemplateView {
    /// Its id.
    pub id: ProjectTemplateId,
    /// For example "Roof replacement".
    pub name: String,
    /// When to use it; may be empty.
    pub note: String,
    /// What a project starts with.
    pub plan: TemplatePlan,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// All templates.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct ProjectTemplates {
    /// By name.
    pub items: Vec<ProjectTemplateView>,
}

const MAX_TEMPLATES: u64 = 200;

/// Makes a template.
pub async fn create(cx: &mut Cx, input: ProjectTemplateInput) -> Result<ProjectTemplateView> {
    cx.require(Role::Manager)?;
    let input = input.clean()?;
    let row = ActiveModel {
        id: Set(ProjectTemplateId(cx.new_uuid())),
        name: Set(input.name),
        note: Set(input.note),
        plan: Set(input.plan),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        archived_at: Set(None),
    };
    let row = row.insert(cx.db()).await?;
    cx.record(&Event::ProjectTemplateCreated { template: row.id, name: row.name.clone() }).await?;
    Ok(view(row))
}

/// Saves a template whole.
pub async fn change(cx: &mut Cx, id: ProjectTemplateId, input: ProjectTemplateInput) -> Result<ProjectTemplateView> {
    let row = row(cx, id).await?;
    cx.require(Role::Manager)?;
    let input = input.clean()?;
    if (&row.name, &row.note, &row.plan) == (&input.name, &input.note, &input.plan) {
        return Ok(view(row));
    }
    let next = ActiveModel { name: Set(input.name), note: Set(input.note), plan: Set(input.plan), updated_at: Set(cx.now()), ..row.into() };
    let row = next.update(cx.db()).await?;
    cx.record(&Event::ProjectTemplateChanged { template: id, name: row.name.clone() }).await?;
    Ok(view(row))
}

/// Puts a template away. Projects that were made from it stay as they are.
pub async fn archive(cx: &mut Cx, id: ProjectTemplateId) -> Result<()> {
    let row = row(cx, id).await?;
    cx.require(Role::Manager)?;
    let name = row.name.clone();
    let next = ActiveModel { archived_at: Set(Some(cx.now())), updated_at: Set(cx.now()), ..row.into() };
    next.update(cx.db()).await?;
    cx.record(&Event::ProjectTemplateArchived { template: id, name }).await?;
    Ok(())
}

/// All templates in use, by name.
pub async fn list(cx: &Cx) -> Result<ProjectTemplates> {
    let query = Entity::find().filter(Column::ArchivedAt.is_null()).order_by_asc(Column::Name).order_by_asc(Column::Id);
    let rows = query.limit(MAX_TEMPLATES).all(cx.db()).await?;
    Ok(ProjectTemplates { items: rows.into_iter().map(view).collect() })
}

/// One template.
pub async fn find(cx: &Cx, id: ProjectTemplateId) -> Result<ProjectTemplateView> {
    row(cx, id).await.map(view)
}

/// Makes a project with a schedule, all of it or nothing.
pub async fn create_project(cx: &mut Cx, id: ProjectTemplateId, new: ProjectFromTemplate) -> Result<ProjectView> {
    let template = row(cx, id).await?;
    let ProjectFromTemplate { name, household_id, address, status, start } = new;
    let project = projects::ops::create(cx, NewProject { name, household_id, address, status }).await?;
    make(cx, project.id, &template.plan, start).await?;
    Ok(project)
}

/// Gives a project that has no schedule the template's.
pub async fn apply(cx: &mut Cx, project: ProjectId, apply: ApplyTemplate) -> Result<ScheduleView> {
    projects::ops::household_of(cx, project).await?;
    let template = row(cx, apply.template_id).await.map_err(|problem| match problem.code() {
        "not_found" => Problem::invalid("template_id", "unknown", "There is no such template."),
        _ => problem,
    })?;
    make(cx, project, &template.plan, apply.start).await?;
    schedule::ops::find(cx, project).await
}

async fn make(cx: &mut Cx, project: ProjectId, plan: &TemplatePlan, start: NaiveDate) -> Result<()> {
    let phases = schedule::ops::make(cx, project, &plan.schedule(), start).await?;
    let phase = |n: Option<u32>| n.and_then(|n| phases.get(usize::try_from(n).ok()?).copied());
    let shots = plan.shots.iter().map(|shot| (shot.name.clone(), phase(shot.phase))).collect();
    photos::ops::set_shots(cx, project, shots).await
}

async fn row(cx: &Cx, id: ProjectTemplateId) -> Result<Model> {
    let query = Entity::find_by_id(id).filter(Column::ArchivedAt.is_null());
    query.one(cx.db()).await?.ok_or_else(|| Problem::not_found("project template"))
}

fn view(row: Model) -> ProjectTemplateView {
    let Model { id, name, note, plan, created_at, updated_at, .. } = row;
    ProjectTemplateView { id, name, note, plan, created_at, updated_at }
}
