//! The schedule as staff see it, read whole.

use crate::{
    projects::{self, ProjectId},
    schedule::{
        DrawId, MilestoneId, PhaseId,
        model::{Cause, MilestoneState, MilestoneWait, PhaseState, WorkType, dependency, draw, milestone, phase},
        progress::{Part, progress},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cx, Result};
use poem_openapi::Object;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A project's schedule.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct ScheduleView {
    /// Whose.
    pub project_id: ProjectId,
    /// Whole percent, by the weights of what is done.
    pub percent: u8,
    /// The phase that is worked on, from 1; 0 without a plan.
    pub step: usize,
    /// Phases that have milestones.
    pub steps: usize,
    /// The last planned day.
    pub finish: Option<NaiveDate>,
    /// The last day as it was first planned.
    pub first_finish: Option<NaiveDate>,
    /// In their order.
    pub phases: Vec<PhaseView>,
    /// By phase, in their order.
    pub milestones: Vec<MilestoneView>,
    /// In their order.
    pub draws: Vec<DrawView>,
    /// Days between the first and the last on which nobody works.
    pub days_off: Vec<NaiveDate>,
}

/// A phase.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct PhaseView {
    /// Its id.
    pub id: PhaseId,
    /// Its place, from 0.
    pub position: i32,
    /// For example "Shingles".
    pub name: String,
    /// Against the other phases.
    pub weight: i32,
    /// Where it stands.
    pub state: PhaseState,
    /// Whole percent.
    pub percent: u8,
}

/// A milestone.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct MilestoneView {
    /// Its id.
    pub id: MilestoneId,
    /// In which phase.
    pub phase_id: PhaseId,
    /// Its place in the phase, from 0.
    pub position: i32,
    /// For example "Gutters".
    pub name: String,
    /// A sentence for the customer.
    pub note: String,
    /// Against the other milestones of the phase.
    pub weight: i32,
    /// Of outdoor work.
    pub work_type: Option<WorkType>,
    /// The first day of work as planned now.
    pub planned_start: NaiveDate,
    /// The last one.
    pub planned_end: NaiveDate,
    /// As it was first planned.
    pub first_start: NaiveDate,
    /// As it was first planned.
    pub first_end: NaiveDate,
    /// When it began.
    pub actual_start: Option<NaiveDate>,
    /// When it was done.
    pub actual_end: Option<NaiveDate>,
    /// Where it stands.
    pub state: MilestoneState,
    /// What has to be done before.
    pub waits_for: Vec<MilestoneWait>,
    /// Why it stands where it does, if it moved.
    pub last_move: Option<MoveView>,
}

/// A move of a milestone.
#[derive(Clone, Debug, Object, Serialize, Deserialize, FromQueryResult)]
pub struct MoveView {
    /// Before.
    pub from_start: NaiveDate,
    /// Before.
    pub from_end: NaiveDate,
    /// After.
    pub to_start: NaiveDate,
    /// After.
    pub to_end: NaiveDate,
    /// Why.
    pub cause: Cause,
    /// In words; may be empty.
    pub reason: String,
    /// When it was moved.
    pub moved_at: DateTime<Utc>,
}

/// A part of the price.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct DrawView {
    /// Its id.
    pub id: DrawId,
    /// For example "Deposit".
    pub name: String,
    /// Hundredths of a percent of the price.
    pub basis_points: i32,
    /// Due when it is done; none: on signing.
    pub milestone_id: Option<MilestoneId>,
}

#[derive(FromQueryResult)]
struct LastMove {
    milestone_id: MilestoneId,
    from_start: NaiveDate,
    from_end: NaiveDate,
    to_start: NaiveDate,
    to_end: NaiveDate,
    cause: Cause,
    reason: String,
    moved_at: DateTime<Utc>,
}

/// The rows of a project's plan.
pub(super) struct Plan {
    pub phases: Vec<phase::Model>,
    /// By phase, in their order.
    pub milestones: Vec<milestone::Model>,
    pub dependencies: Vec<dependency::Model>,
    /// The newest of each milestone.
    pub moves: HashMap<MilestoneId, MoveView>,
}

impl Plan {
    pub async fn of(cx: &Cx, project: ProjectId) -> Result<Self> {
        let phases = phase::Entity::find().filter(phase::Column::ProjectId.eq(project));
        let phases = phases.order_by_asc(phase::Column::Position).order_by_asc(phase::Column::Id).all(cx.db()).await?;
        let milestones = milestone::Entity::find().filter(milestone::Column::ProjectId.eq(project));
        let milestones = milestones.order_by_asc(milestone::Column::Position).order_by_asc(milestone::Column::Id).all(cx.db()).await?;
        let place: HashMap<PhaseId, usize> = phases.iter().enumerate().map(|(n, p)| (p.id, n)).collect();
        let mut milestones = milestones;
        milestones.sort_by_key(|m| place.get(&m.phase_id).copied());
        let dependencies = dependency::Entity::find().filter(dependency::Column::ProjectId.eq(project)).all(cx.db()).await?;
        let sql = "SELECT DISTINCT ON (milestone_id) milestone_id, from_start, from_end, to_start, to_end, cause, reason, moved_at \
                   FROM milestone_moves WHERE milestone_id = ANY($1) ORDER BY milestone_id, id DESC";
        let ids: Vec<uuid::Uuid> = milestones.iter().map(|m| m.id.0).collect();
        let moves = cx.rows::<LastMove>(sql, [ids.into()]).await?.into_iter().map(|m| {
            let LastMove { milestone_id, from_start, from_end, to_start, to_end, cause, reason, moved_at } = m;
            (milestone_id, MoveView { from_start, from_end, to_start, to_end, cause, reason, moved_at })
        });
        Ok(Self { phases, milestones, dependencies, moves: moves.collect() })
    }

    pub fn parts(&self) -> Vec<Part> {
        let of = |id: PhaseId| self.milestones.iter().filter(move |m| m.phase_id == id).map(|m| (m.weight, m.state())).collect();
        self.phases.iter().map(|p| Part { weight: p.weight, milestones: of(p.id) }).collect()
    }
}

/// A project's schedule, for staff.
pub async fn find(cx: &Cx, project: ProjectId) -> Result<ScheduleView> {
    projects::ops::household_of(cx, project).await?;
    let plan = Plan::of(cx, project).await?;
    let draws = draw::Entity::find().filter(draw::Column::ProjectId.eq(project));
    let draws = draws.order_by_asc(draw::Column::Position).order_by_asc(draw::Column::Id).all(cx.db()).await?;
    let calendar = super::calendar(cx).await?;
    let counted = progress(&plan.parts());
    let (first, finish) = (plan.milestones.iter().map(|m| m.planned_start.min(m.first_start)).min(), last_day(&plan.milestones));
    let days_off = first.zip(finish).map(|(first, last)| calendar.days_off(first, last)).unwrap_or_default();
    let phases = plan.phases.iter().zip(&counted.parts).map(|(p, (state, percent))| PhaseView {
        id: p.id,
        position: p.position,
        name: p.name.clone(),
        weight: p.weight,
        state: *state,
        percent: *percent,
    });
    let mut waits: HashMap<MilestoneId, Vec<MilestoneWait>> = HashMap::new();
    for d in &plan.dependencies {
        waits.entry(d.milestone_id).or_default().push(MilestoneWait { milestone_id: d.waits_for_id, lag_days: d.lag_days });
    }
    Ok(ScheduleView {
        project_id: project,
        percent: counted.percent,
        step: counted.step,
        steps: counted.steps,
        finish,
        first_finish: plan.milestones.iter().map(|m| m.first_end).max(),
        phases: phases.collect(),
        draws: draws.into_iter().map(draw_view).collect(),
        days_off,
        milestones: plan.milestones.iter().map(|m| view(m, &mut waits, &plan.moves)).collect(),
    })
}

/// The last day of what is planned, or was done later than planned.
fn last_day(milestones: &[milestone::Model]) -> Option<NaiveDate> {
    milestones.iter().map(|m| m.actual_end.unwrap_or(m.planned_end)).max()
}

fn view(
    m: &milestone::Model,
    waits: &mut HashMap<MilestoneId, Vec<MilestoneWait>>,
    moves: &HashMap<MilestoneId, MoveView>,
) -> MilestoneView {
    MilestoneView {
        id: m.id,
        phase_id: m.phase_id,
        position: m.position,
        name: m.name.clone(),
        note: m.note.clone(),
        weight: m.weight,
        work_type: m.work_type,
        planned_start: m.planned_start,
        planned_end: m.planned_end,
        first_start: m.first_start,
        first_end: m.first_end,
        actual_start: m.actual_start,
        actual_end: m.actual_end,
        state: m.state(),
        waits_for: waits.remove(&m.id).unwrap_or_default(),
        last_move: moves.get(&m.id).cloned(),
    }
}

fn draw_view(row: draw::Model) -> DrawView {
    DrawView { id: row.id, name: row.name, basis_points: row.basis_points, milestone_id: row.milestone_id }
}
