//! A schedule out of a plan: a template's phases and milestones get ids and dates.

use super::{
    edit::{DrawInput, insert_draws, whole},
    hold,
};
use crate::{
    events::Event,
    projects::ProjectId,
    schedule::{
        MilestoneId, PhaseId, PlanMilestone, SchedulePlan,
        model::{check_days, dependency, milestone, phase},
    },
};
use chrono::NaiveDate;
use kernel::{Cx, Problem, Result};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::HashMap;

/// Gives a project that has no plan this one, beginning on `start` or the next working day. Answers the phases in their order.
pub async fn make(cx: &mut Cx, project: ProjectId, plan: &SchedulePlan, start: NaiveDate) -> Result<Vec<PhaseId>> {
    let household = hold(cx, project).await?;
    check_days(start, start)?;
    if phase::Entity::find().filter(phase::Column::ProjectId.eq(project)).count(cx.db()).await? > 0 {
        return Err(Problem::conflict("schedule_exists", "This project has a schedule already. Remove its phases first, or change them."));
    }
    let calendar = super::calendar(cx).await?;
    let dates = plan.dates(&calendar, start)?;
    let ids: HashMap<&str, MilestoneId> = plan.milestones().map(|m| (m.key.as_str(), MilestoneId(cx.new_uuid()))).collect();
    let (mut phases, mut milestones, mut waits, mut made) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (at, part) in plan.phases.iter().enumerate() {
        let phase_id = PhaseId(cx.new_uuid());
        made.push(phase_id);
        phases.push(phase::ActiveModel {
            id: Set(phase_id),
            household_id: Set(household),
            project_id: Set(project),
            position: Set(whole(at)?),
            name: Set(part.name.clone()),
            weight: Set(part.weight),
        });
        for (place, m) in part.milestones.iter().enumerate() {
            let (Some(id), Some((first, last))) = (ids.get(m.key.as_str()), dates.get(m.key.as_str())) else { continue };
            milestones.push(milestone::ActiveModel {
                id: Set(*id),
                household_id: Set(household),
                project_id: Set(project),
                phase_id: Set(phase_id),
                position: Set(whole(place)?),
                ..planned(cx, m, *first, *last)
            });
            waits.extend(m.waits_for.iter().filter_map(|wait| {
                let waits_for_id = Set(*ids.get(wait.key.as_str())?);
                Some(dependency::ActiveModel {
                    milestone_id: Set(*id),
                    waits_for_id,
                    project_id: Set(project),
                    lag_days: Set(wait.lag_days),
                })
            }));
        }
    }
    if !phases.is_empty() {
        phase::Entity::insert_many(phases).exec_without_returning(cx.db()).await?;
    }
    if !milestones.is_empty() {
        milestone::Entity::insert_many(milestones).exec_without_returning(cx.db()).await?;
    }
    if !waits.is_empty() {
        dependency::Entity::insert_many(waits).exec_without_returning(cx.db()).await?;
    }
    let draw = |d: &crate::schedule::PlanDraw| DrawInput {
        name: d.name.clone(),
        basis_points: d.basis_points,
        milestone_id: d.milestone_key.as_deref().and_then(|key| ids.get(key).copied()),
    };
    insert_draws(cx, project, household, plan.draws.iter().map(draw).collect()).await?;
    cx.record(&Event::PlanChanged { project, change: format!("made it from a template, beginning on {start}") }).await?;
    Ok(made)
}

/// A milestone of a plan on its days, without its place.
fn planned(cx: &Cx, m: &PlanMilestone, first: NaiveDate, last: NaiveDate) -> milestone::ActiveModel {
    milestone::ActiveModel {
        name: Set(m.name.clone()),
        note: Set(m.note.clone()),
        weight: Set(m.weight),
        work_type: Set(m.work_type),
        planned_start: Set(first),
        planned_end: Set(last),
        first_start: Set(first),
        first_end: Set(last),
        actual_start: Set(None),
        actual_end: Set(None),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        ..Default::default()
    }
}
