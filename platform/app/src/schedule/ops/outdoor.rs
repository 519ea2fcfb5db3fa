//! What other slices ask about milestones: those that the weather matters to, and one by its id.

use crate::{
    people::HouseholdId,
    projects::ProjectId,
    schedule::{MilestoneId, model::WorkType},
};
use chrono::NaiveDate;
use kernel::{Cx, Result};
use sea_orm::FromQueryResult;

/// A milestone of outdoor work that is not done.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OutdoorMilestone {
    /// Its id.
    pub id: MilestoneId,
    /// Of which project.
    pub project: ProjectId,
    /// Whose house it is.
    pub household: HouseholdId,
    /// For example "Gutters".
    pub name: String,
    /// What weather it bears.
    pub work_type: WorkType,
    /// The first day of work.
    pub planned_start: NaiveDate,
    /// The last one.
    pub planned_end: NaiveDate,
    /// It has begun.
    pub started: bool,
}

/// A milestone as other slices see it.
#[derive(Clone, Debug)]
pub struct MilestoneRef {
    /// Its id.
    pub id: MilestoneId,
    /// Of which project.
    pub project: ProjectId,
    /// Whose house it is.
    pub household: HouseholdId,
    /// For example "Gutters".
    pub name: String,
    /// The first day of work.
    pub planned_start: NaiveDate,
    /// The last one.
    pub planned_end: NaiveDate,
    /// It is done.
    pub done: bool,
}

/// Outdoor work that is not done and lies, in part at least, between these days, in projects that are planned or active.
pub async fn outdoor(cx: &Cx, from: NaiveDate, until: NaiveDate) -> Result<Vec<OutdoorMilestone>> {
    let sql = "SELECT m.id, m.project_id AS project, m.household_id AS household, m.name, m.work_type, m.planned_start, m.planned_end, \
               m.actual_start IS NOT NULL AS started FROM milestones m JOIN projects p ON p.id = m.project_id \
               WHERE m.work_type IS NOT NULL AND m.actual_end IS NULL AND m.planned_start <= $2 AND m.planned_end >= $1 \
               AND p.status IN ('planned', 'active') ORDER BY m.project_id, m.planned_start, m.id";
    Ok(cx.rows::<OutdoorMilestone>(sql, [from.into(), until.into()]).await?)
}

/// One milestone.
pub async fn milestone(cx: &Cx, id: MilestoneId) -> Result<MilestoneRef> {
    let row = super::one(cx, id).await?;
    Ok(MilestoneRef {
        id,
        project: row.project_id,
        household: row.household_id,
        name: row.name,
        planned_start: row.planned_start,
        planned_end: row.planned_end,
        done: row.actual_end.is_some(),
    })
}
