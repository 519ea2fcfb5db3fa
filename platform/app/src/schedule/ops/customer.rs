//! The schedule as a customer sees it: one statement, however many projects.

use crate::{
    projects::ProjectId,
    schedule::{
        MilestoneId,
        model::{Cause, MilestoneState, PhaseState, state},
        progress::{Part, progress},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Question;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A project's schedule, for the people who live there.
#[derive(Clone, Debug, Default)]
pub struct CustomerSchedule {
    /// Whole percent, by the weights of what is done.
    pub percent: u8,
    /// The step that is worked on, from 1; 0 without a plan.
    pub step: usize,
    /// How many there are.
    pub steps: usize,
    /// The last planned day.
    pub finish: Option<NaiveDate>,
    /// The last day as it was first planned.
    pub first_finish: Option<NaiveDate>,
    /// The step that is worked on, by name.
    pub current: Option<String>,
    /// The step after that.
    pub next: Option<String>,
    /// The steps.
    pub phases: Vec<CustomerPhase>,
    /// By step, in their order.
    pub milestones: Vec<CustomerMilestone>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct CustomerPhase {
    /// For example "Shingles".
    pub name: String,
    /// Where it stands.
    pub state: PhaseState,
}

/// What is done at a date.
#[derive(Clone, Debug)]
pub struct CustomerMilestone {
    /// Its id.
    pub id: MilestoneId,
    /// For example "Gutters".
    pub name: String,
    /// A sentence about it; may be empty.
    pub note: String,
    /// Where it stands.
    pub state: MilestoneState,
    /// Which of [`CustomerSchedule::phases`] it belongs to.
    pub phase_position: usize,
    /// The first day of work as planned now.
    pub planned_start: NaiveDate,
    /// The last one.
    pub planned_end: NaiveDate,
    /// As it was first planned.
    pub first_start: NaiveDate,
    /// As it was first planned.
    pub first_end: NaiveDate,
    /// When work on it began.
    pub actual_start: Option<NaiveDate>,
    /// When it was done.
    pub actual_end: Option<NaiveDate>,
    /// Why it is not where it was first planned.
    pub moved: Option<CustomerMove>,
}

/// The newest move of something.
#[derive(Clone, Debug)]
pub struct CustomerMove {
    /// Before.
    pub from_start: NaiveDate,
    /// Before.
    pub from_end: NaiveDate,
    /// Why.
    pub cause: Cause,
    /// In words; may be empty.
    pub reason: String,
    /// When it was moved.
    pub at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Row {
    project_id: ProjectId,
    phase_id: Uuid,
    phase_name: String,
    phase_weight: i32,
    id: MilestoneId,
    name: String,
    note: String,
    weight: i32,
    planned_start: NaiveDate,
    planned_end: NaiveDate,
    first_start: NaiveDate,
    first_end: NaiveDate,
    actual_start: Option<NaiveDate>,
    actual_end: Option<NaiveDate>,
    from_start: Option<NaiveDate>,
    from_end: Option<NaiveDate>,
    cause: Option<Cause>,
    reason: Option<String>,
    moved_at: Option<DateTime<Utc>>,
}

const SQL: &str = "SELECT p.project_id, p.id AS phase_id, p.name AS phase_name, p.weight AS phase_weight, m.id, m.name, m.note, m.weight, \
     m.planned_start, m.planned_end, m.first_start, m.first_end, m.actual_start, m.actual_end, \
     v.from_start, v.from_end, v.cause, v.reason, v.moved_at \
     FROM phases p JOIN milestones m ON m.phase_id = p.id \
     LEFT JOIN LATERAL (SELECT w.from_start, w.from_end, w.cause, w.reason, w.moved_at FROM milestone_moves w \
     WHERE w.milestone_id = m.id ORDER BY w.id DESC LIMIT 1) v ON true \
     WHERE p.project_id = ANY($1) ORDER BY p.project_id, p.position, p.id, m.position, m.id";

/// The schedule of one project that the customer of this transaction may see; empty where there is none.
pub fn mine(project: ProjectId) -> Question<'static, CustomerSchedule> {
    mine_of([project]).map(move |mut all| all.remove(&project).unwrap_or_default())
}

/// The schedules of several projects; those without a plan are left out.
pub fn mine_of(projects: impl IntoIterator<Item = ProjectId>) -> Question<'static, HashMap<ProjectId, CustomerSchedule>> {
    let ids: Vec<Uuid> = projects.into_iter().map(|p| p.0).collect();
    Question::new(SQL, [ids.into()]).map(|rows: Vec<Row>| {
        let mut by_project: HashMap<ProjectId, Vec<Row>> = HashMap::new();
        for row in rows {
            by_project.entry(row.project_id).or_default().push(row);
        }
        by_project.into_iter().map(|(project, rows)| (project, schedule(rows))).collect()
    })
}

fn schedule(rows: Vec<Row>) -> CustomerSchedule {
    let (mut names, mut parts, mut milestones, mut last) = (Vec::new(), Vec::<Part>::new(), Vec::new(), None);
    for row in rows {
        let now = state(row.actual_start, row.actual_end);
        if last != Some(row.phase_id) {
            last = Some(row.phase_id);
            names.push(row.phase_name.clone());
            parts.push(Part { weight: row.phase_weight, milestones: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.milestones.push((row.weight, now));
        }
        milestones.push(milestone(row, now, parts.len().saturating_sub(1)));
    }
    let counted = progress(&parts);
    let open = counted.parts.iter().position(|(state, _)| *state != PhaseState::Done);
    let under_way = counted.parts.iter().any(|(state, _)| *state == PhaseState::Current);
    let name = |at: Option<usize>| at.and_then(|at| names.get(at).cloned());
    CustomerSchedule {
        percent: counted.percent,
        step: counted.step,
        steps: counted.steps,
        finish: milestones.iter().map(|m| m.actual_end.unwrap_or(m.planned_end)).max(),
        first_finish: milestones.iter().map(|m| m.first_end).max(),
        current: name(open.filter(|_| under_way)),
        next: name(open.map(|at| at + usize::from(under_way))),
        phases: names.iter().zip(&counted.parts).map(|(name, (state, _))| CustomerPhase { name: name.clone(), state: *state }).collect(),
        milestones,
    }
}

fn milestone(row: Row, state: MilestoneState, phase_position: usize) -> CustomerMilestone {
    let moved = match (row.from_start, row.from_end, row.cause, row.moved_at) {
        (Some(from_start), Some(from_end), Some(cause), Some(at))
            if (row.planned_start, row.planned_end) != (row.first_start, row.first_end) =>
        {
            Some(CustomerMove { from_start, from_end, cause, reason: row.reason.unwrap_or_default(), at })
        }
        _ => None,
    };
    CustomerMilestone {
        id: row.id,
        name: row.name,
        note: row.note,
        state,
        phase_position,
        planned_start: row.planned_start,
        planned_end: row.planned_end,
        first_start: row.first_start,
        first_end: row.first_end,
        actual_start: row.actual_start,
        actual_end: row.actual_end,
        moved,
    }
}
