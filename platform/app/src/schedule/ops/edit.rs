//! The plan itself: phases, milestones and draws come, change and go. One project's plan is changed by one at a time.

use super::{ScheduleView, find, held, held_phase, hold};
use crate::{
    events::Event,
    people::HouseholdId,
    projects::ProjectId,
    schedule::{
        DrawId, MilestoneChange, MilestoneId, MilestoneWait, NewMilestone, NewPhase, PhaseChange, PhaseId,
        model::{check_days, check_lag, check_weight, clean_name, clean_text, dependency, draw, milestone, phase},
        plan::{check_shares, dependency_circle},
        ripple::{Edge, order},
    },
};
use kernel::{Cx, Problem, Result};
use poem_openapi::{Object, types::MaybeUndefined};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, RuntimeErr, Value,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// All draws of a project.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct DrawsInput {
    /// In their order; together at most the whole price.
    pub draws: Vec<DrawInput>,
}

/// One draw.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct DrawInput {
    /// For example "Deposit".
    pub name: String,
    /// Hundredths of a percent of the price.
    pub basis_points: i32,
    /// Due when it is done; none: on signing.
    pub milestone_id: Option<MilestoneId>,
}

/// Adds a phase at the end.
pub async fn create_phase(cx: &mut Cx, project: ProjectId, new: NewPhase) -> Result<ScheduleView> {
    let household = hold(cx, project).await?;
    let name = clean_name(&new.name)?;
    let position = phases(cx, project).await?.len();
    let row = phase::ActiveModel {
        id: Set(PhaseId(cx.new_uuid())),
        household_id: Set(household),
        project_id: Set(project),
        position: Set(whole(position)?),
        name: Set(name.clone()),
        weight: Set(check_weight(new.weight)?),
    };
    row.insert(cx.db()).await?;
    said(cx, project, format!("added the phase {name}")).await
}

/// Changes name, weight or place of a phase.
pub async fn change_phase(cx: &mut Cx, id: PhaseId, change: PhaseChange) -> Result<ScheduleView> {
    let row = held_phase(cx, id).await?;
    let (project, before) = (row.project_id, row.name.clone());
    let mut next = phase::ActiveModel::from(row);
    if let Some(name) = change.name {
        next.name = Set(clean_name(&name)?);
    }
    if let Some(weight) = change.weight {
        next.weight = Set(check_weight(weight)?);
    }
    if next.is_changed() {
        next.update(cx.db()).await?;
    }
    if let Some(position) = change.position {
        let ids: Vec<Uuid> = phases(cx, project).await?.into_iter().map(|p| p.id.0).collect();
        place(
            cx,
            "UPDATE phases SET position = n.position FROM unnest($1::uuid[], $2::int[]) AS n (id, position) WHERE phases.id = n.id",
            ids,
            id.0,
            position,
        )
        .await?;
    }
    said(cx, project, format!("changed the phase {before}")).await
}

/// Removes a phase that has no milestones.
pub async fn remove_phase(cx: &mut Cx, id: PhaseId) -> Result<ScheduleView> {
    let row = held_phase(cx, id).await?;
    let (project, name) = (row.project_id, row.name);
    let removed = phase::Entity::delete_by_id(id).exec(cx.db()).await;
    removed.map_err(|e| in_use(e, "phase_in_use", "This phase still has milestones or photos. Move or remove them first."))?;
    said(cx, project, format!("removed the phase {name}")).await
}

/// Adds a milestone at the end of a phase.
pub async fn create_milestone(cx: &mut Cx, phase: PhaseId, new: NewMilestone) -> Result<ScheduleView> {
    let of = held_phase(cx, phase).await?;
    let name = clean_name(&new.name)?;
    check_days(new.planned_start, new.planned_end)?;
    let id = MilestoneId(cx.new_uuid());
    let row = milestone::ActiveModel {
        id: Set(id),
        household_id: Set(of.household_id),
        project_id: Set(of.project_id),
        phase_id: Set(phase),
        position: Set(whole(in_phase(cx, phase).await?.len())?),
        name: Set(name.clone()),
        note: Set(clean_text("note", &new.note)?),
        weight: Set(check_weight(new.weight)?),
        work_type: Set(new.work_type),
        planned_start: Set(new.planned_start),
        planned_end: Set(new.planned_end),
        first_start: Set(new.planned_start),
        first_end: Set(new.planned_end),
        actual_start: Set(None),
        actual_end: Set(None),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
    };
    row.insert(cx.db()).await?;
    set_waits(cx, of.project_id, id, &new.waits_for).await?;
    said(cx, of.project_id, format!("added {name}")).await
}

/// Changes everything about a milestone but its days.
pub async fn change_milestone(cx: &mut Cx, id: MilestoneId, change: MilestoneChange) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let (project, before, mut phase) = (row.project_id, row.name.clone(), row.phase_id);
    let mut next = milestone::ActiveModel::from(row);
    if let Some(name) = change.name {
        next.name = Set(clean_name(&name)?);
    }
    if let Some(note) = change.note {
        next.note = Set(clean_text("note", &note)?);
    }
    if let Some(weight) = change.weight {
        next.weight = Set(check_weight(weight)?);
    }
    match change.work_type {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => next.work_type = Set(None),
        MaybeUndefined::Value(kind) => next.work_type = Set(Some(kind)),
    }
    if let Some(to) = change.phase_id.filter(|to| *to != phase) {
        if !super::has_phase(cx, project, to).await? {
            return Err(Problem::invalid("phase_id", "unknown", "This project has no such phase."));
        }
        next.position = Set(whole(in_phase(cx, to).await?.len())?);
        next.phase_id = Set(to);
        phase = to;
    }
    next.updated_at = Set(cx.now());
    next.update(cx.db()).await?;
    if let Some(waits) = change.waits_for {
        set_waits(cx, project, id, &waits).await?;
    }
    if let Some(position) = change.position {
        let ids = in_phase(cx, phase).await?;
        place(
            cx,
            "UPDATE milestones SET position = n.position FROM unnest($1::uuid[], $2::int[]) AS n (id, position) WHERE milestones.id = n.id",
            ids,
            id.0,
            position,
        )
        .await?;
    }
    said(cx, project, format!("changed {before}")).await
}

/// Removes a milestone; what waited for it waits no more.
pub async fn remove_milestone(cx: &mut Cx, id: MilestoneId) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let (project, name) = (row.project_id, row.name);
    let removed = milestone::Entity::delete_by_id(id).exec(cx.db()).await;
    removed.map_err(|e| in_use(e, "milestone_in_use", "A draw belongs to this milestone. Change that first."))?;
    said(cx, project, format!("removed {name}")).await
}

/// Replaces the draws of a project.
pub async fn change_draws(cx: &mut Cx, project: ProjectId, input: DrawsInput) -> Result<ScheduleView> {
    let household = hold(cx, project).await?;
    if input.draws.len() > 20 {
        return Err(Problem::invalid("draws", "too_many", "At most 20 draws."));
    }
    check_shares(input.draws.iter().map(|d| d.basis_points))?;
    draw::Entity::delete_many().filter(draw::Column::ProjectId.eq(project)).exec(cx.db()).await?;
    insert_draws(cx, project, household, input.draws).await?;
    said(cx, project, "changed the draws".to_owned()).await
}

pub(super) async fn insert_draws(cx: &mut Cx, project: ProjectId, household: HouseholdId, draws: Vec<DrawInput>) -> Result<()> {
    let mut rows = Vec::new();
    for (n, input) in draws.into_iter().enumerate() {
        rows.push(draw::ActiveModel {
            id: Set(DrawId(cx.new_uuid())),
            household_id: Set(household),
            project_id: Set(project),
            milestone_id: Set(input.milestone_id),
            position: Set(whole(n)?),
            name: Set(clean_name(&input.name)?),
            basis_points: Set(input.basis_points),
        });
    }
    if rows.is_empty() {
        return Ok(());
    }
    let inserted = draw::Entity::insert_many(rows).exec_without_returning(cx.db()).await;
    let unknown = || Problem::invalid("milestone_id", "unknown", "This project has no such milestone.");
    inserted.map(drop).map_err(|e| Problem::on_constraint(e, "draws_milestone_id_project_id_fkey", unknown))
}

/// What a milestone waits for, from now on.
async fn set_waits(cx: &Cx, project: ProjectId, id: MilestoneId, waits: &[MilestoneWait]) -> Result<()> {
    dependency::Entity::delete_many().filter(dependency::Column::MilestoneId.eq(id)).exec(cx.db()).await?;
    let known: Vec<MilestoneId> = milestone::Entity::find()
        .select_only()
        .column(milestone::Column::Id)
        .filter(milestone::Column::ProjectId.eq(project))
        .into_tuple()
        .all(cx.db())
        .await?;
    let all = dependency::Entity::find().filter(dependency::Column::ProjectId.eq(project)).all(cx.db()).await?;
    let mut edges: Vec<Edge> =
        all.iter().map(|d| Edge { milestone: d.milestone_id, waits_for: d.waits_for_id, lag: d.lag_days.into() }).collect();
    let (mut seen, mut rows) = (HashSet::new(), Vec::new());
    for wait in waits.iter().filter(|w| seen.insert(w.milestone_id)) {
        if !known.contains(&wait.milestone_id) {
            return Err(Problem::invalid("waits_for", "unknown", "This project has no such milestone."));
        }
        let lag = check_lag(wait.lag_days)?;
        edges.push(Edge { milestone: id, waits_for: wait.milestone_id, lag: lag.into() });
        rows.push(dependency::ActiveModel {
            milestone_id: Set(id),
            waits_for_id: Set(wait.milestone_id),
            project_id: Set(project),
            lag_days: Set(lag),
        });
    }
    if order(known, &edges).is_none() {
        return Err(dependency_circle());
    }
    if !rows.is_empty() {
        dependency::Entity::insert_many(rows).exec_without_returning(cx.db()).await?;
    }
    Ok(())
}

async fn said(cx: &mut Cx, project: ProjectId, change: String) -> Result<ScheduleView> {
    cx.record(&Event::PlanChanged { project, change }).await?;
    find(cx, project).await
}

async fn phases(cx: &Cx, project: ProjectId) -> Result<Vec<phase::Model>> {
    let query = phase::Entity::find().filter(phase::Column::ProjectId.eq(project));
    Ok(query.order_by_asc(phase::Column::Position).order_by_asc(phase::Column::Id).all(cx.db()).await?)
}

async fn in_phase(cx: &Cx, id: PhaseId) -> Result<Vec<Uuid>> {
    let query = milestone::Entity::find().select_only().column(milestone::Column::Id).filter(milestone::Column::PhaseId.eq(id));
    Ok(query.order_by_asc(milestone::Column::Position).order_by_asc(milestone::Column::Id).into_tuple().all(cx.db()).await?)
}

/// Puts one of them at a place and numbers all of them anew.
async fn place(cx: &Cx, sql: &str, mut ids: Vec<Uuid>, id: Uuid, position: u32) -> Result<()> {
    ids.retain(|other| *other != id);
    let at = usize::try_from(position).unwrap_or(usize::MAX).min(ids.len());
    ids.insert(at, id);
    let positions: Vec<i32> = (0..ids.len()).map(whole).collect::<Result<_>>()?;
    let values: [Value; 2] = [ids.into(), positions.into()];
    cx.execute(sql, values).await?;
    Ok(())
}

pub(super) fn whole(n: usize) -> Result<i32> {
    i32::try_from(n).map_err(Problem::internal)
}

/// A row that others name cannot go.
fn in_use(error: DbErr, code: &'static str, words: &'static str) -> Problem {
    match &error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
            if cause.as_database_error().is_some_and(|e| e.code().is_some_and(|c| c == "23503")) =>
        {
            Problem::conflict(code, words)
        }
        _ => error.into(),
    }
}
