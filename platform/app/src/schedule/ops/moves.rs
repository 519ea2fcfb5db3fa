//! Moving a milestone, with all that waits for it.

use super::{ScheduleView, find, held, one, views::Plan, work::done_already};
use crate::{
    events::Event,
    schedule::{
        Calendar, MilestoneId, MoveRequest,
        model::{Cause, check_days, clean_text, milestone},
        ripple::{Edge, Node, Shift, ripple},
    },
};
use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use kernel::{Cx, Problem, Result};
use poem_openapi::Object;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What would move.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct MovePreview {
    /// The one that is moved first, then what follows it.
    pub moves: Vec<PlannedMove>,
    /// The project's last day before.
    pub finish_from: NaiveDate,
    /// And after.
    pub finish_to: NaiveDate,
    /// Send it with the move: if the plan has changed since, nothing is moved.
    pub fingerprint: String,
}

/// A milestone's days before and after.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlannedMove {
    /// Which.
    pub milestone_id: MilestoneId,
    /// Its name.
    pub name: String,
    /// Before.
    pub from_start: NaiveDate,
    /// Before.
    pub from_end: NaiveDate,
    /// After.
    pub to_start: NaiveDate,
    /// After.
    pub to_end: NaiveDate,
}

/// What would move if this milestone had these days.
pub async fn preview(cx: &Cx, id: MilestoneId, start: NaiveDate, end: Option<NaiveDate>) -> Result<MovePreview> {
    let row = one(cx, id).await?;
    cx.require(kernel::caller::Role::Member)?;
    let (plan, calendar) = (Plan::of(cx, row.project_id).await?, super::calendar(cx).await?);
    let moves = moves(&plan, &calendar, &row, start, end)?;
    let finish = |of: &dyn Fn(&milestone::Model) -> NaiveDate| plan.milestones.iter().map(of).max().unwrap_or(row.planned_end);
    let after = |m: &milestone::Model| moves.iter().find(|p| p.milestone_id == m.id).map_or(m.planned_end, |p| p.to_end);
    Ok(MovePreview {
        finish_from: finish(&|m| m.planned_end),
        finish_to: finish(&after),
        fingerprint: fingerprint(&plan, &calendar),
        moves,
    })
}

/// Moves a milestone because somebody says so.
pub async fn move_milestone(cx: &mut Cx, id: MilestoneId, request: MoveRequest) -> Result<ScheduleView> {
    let row = held(cx, id).await?;
    let reason = clean_text("reason", &request.reason)?;
    if let Some(seen) = request.fingerprint {
        let plan = Plan::of(cx, row.project_id).await?;
        if seen != fingerprint(&plan, &super::calendar(cx).await?) {
            let words = "The plan has changed since you looked at it. Nothing was moved; look again at what would follow.";
            return Err(Problem::conflict("schedule_changed", words));
        }
    }
    apply(cx, row, request.start, request.end, Cause::Staff, &reason).await?;
    find_of(cx, id).await
}

/// Moves a milestone for another reason. Answers what moved, this one first; empty if it stands there already.
pub async fn shift(
    cx: &mut Cx,
    id: MilestoneId,
    start: NaiveDate,
    end: Option<NaiveDate>,
    cause: Cause,
    reason: &str,
) -> Result<Vec<PlannedMove>> {
    let row = held(cx, id).await?;
    let reason = clean_text("reason", reason)?;
    apply(cx, row, start, end, cause, &reason).await
}

async fn find_of(cx: &Cx, id: MilestoneId) -> Result<ScheduleView> {
    let project = one(cx, id).await?.project_id;
    find(cx, project).await
}

async fn apply(
    cx: &mut Cx,
    row: milestone::Model,
    start: NaiveDate,
    end: Option<NaiveDate>,
    cause: Cause,
    reason: &str,
) -> Result<Vec<PlannedMove>> {
    let (plan, calendar) = (Plan::of(cx, row.project_id).await?, super::calendar(cx).await?);
    let moves = moves(&plan, &calendar, &row, start, end)?;
    if moves.is_empty() {
        return Ok(moves);
    }
    let ids: Vec<Uuid> = moves.iter().map(|m| m.milestone_id.0).collect();
    let days = |of: fn(&PlannedMove) -> NaiveDate| moves.iter().map(of).collect::<Vec<_>>();
    let sql = "UPDATE milestones m SET planned_start = n.start, planned_end = n.finish, updated_at = $4 \
               FROM unnest($1::uuid[], $2::date[], $3::date[]) AS n (id, start, finish) WHERE m.id = n.id";
    cx.execute(sql, [ids.clone().into(), days(|m| m.to_start).into(), days(|m| m.to_end).into(), cx.now().into()]).await?;
    let causes: Vec<String> = (0..moves.len()).map(|n| if n == 0 { cause.name() } else { Cause::Ripple.name() }).collect();
    let sql = "INSERT INTO milestone_moves (id, household_id, project_id, milestone_id, from_start, from_end, to_start, to_end, cause, reason, moved_at) \
               SELECT n.id, $1, $2, n.milestone_id, n.from_start, n.from_end, n.to_start, n.to_end, n.cause, $3, $4 \
               FROM unnest($5::uuid[], $6::uuid[], $7::date[], $8::date[], $9::date[], $10::date[], $11::text[]) \
               AS n (id, milestone_id, from_start, from_end, to_start, to_end, cause)";
    let fresh: Vec<Uuid> = moves.iter().map(|_| cx.new_uuid()).collect();
    let values: [Value; 11] = [
        row.household_id.0.into(),
        row.project_id.0.into(),
        reason.into(),
        cx.now().into(),
        fresh.into(),
        ids.into(),
        days(|m| m.from_start).into(),
        days(|m| m.from_end).into(),
        days(|m| m.to_start).into(),
        days(|m| m.to_end).into(),
        causes.into(),
    ];
    cx.execute(sql, values).await?;
    let event = Event::MilestoneMoved {
        milestone: row.id,
        project: row.project_id,
        name: row.name,
        from: row.planned_start,
        to: start,
        cause: cause.name(),
        reason: reason.to_owned(),
        also: moves.len() - 1,
    };
    cx.record(&event).await?;
    Ok(moves)
}

/// What moves; empty if the milestone has these days already.
fn moves(plan: &Plan, calendar: &Calendar, row: &milestone::Model, start: NaiveDate, end: Option<NaiveDate>) -> Result<Vec<PlannedMove>> {
    if row.actual_end.is_some() {
        return Err(done_already());
    }
    let length = calendar.length(row.planned_start, row.planned_end);
    let end = end.unwrap_or_else(|| calendar.last_day(start, length));
    check_days(start, end)?;
    if (start, end) == (row.planned_start, row.planned_end) {
        return Ok(Vec::new());
    }
    let node = |m: &milestone::Model| Node {
        id: m.id,
        start: m.planned_start,
        end: m.planned_end,
        fixed: m.actual_start.is_some(),
        pushed_from: plan
            .moves
            .get(&m.id)
            .filter(|v| v.cause == Cause::Ripple && v.to_start == m.planned_start && v.from_start < v.to_start)
            .map(|v| v.from_start),
    };
    let nodes: Vec<Node> = plan.milestones.iter().map(node).collect();
    let edges: Vec<Edge> =
        plan.dependencies.iter().map(|d| Edge { milestone: d.milestone_id, waits_for: d.waits_for_id, lag: d.lag_days.into() }).collect();
    let shifts = ripple(calendar, &nodes, &edges, Shift { id: row.id, start, end });
    let planned = |s: Shift| {
        let before = plan.milestones.iter().find(|m| m.id == s.id)?;
        Some(PlannedMove {
            milestone_id: s.id,
            name: before.name.clone(),
            from_start: before.planned_start,
            from_end: before.planned_end,
            to_start: s.start,
            to_end: s.end,
        })
    };
    Ok(shifts.into_iter().filter_map(planned).collect())
}

/// Changes whenever something that a move depends on does.
fn fingerprint(plan: &Plan, calendar: &Calendar) -> String {
    let mut hash = Sha256::new();
    for m in &plan.milestones {
        hash.update(m.id.0);
        hash.update(format!("{} {} {:?} {:?}", m.planned_start, m.planned_end, m.actual_start, m.actual_end));
        let off = calendar.days_off(m.planned_start, m.planned_end);
        hash.update(format!("{off:?}"));
    }
    let mut edges: Vec<_> = plan.dependencies.iter().map(|d| (d.milestone_id, d.waits_for_id, d.lag_days)).collect();
    edges.sort_unstable();
    hash.update(format!("{edges:?}"));
    HEXLOWER.encode(&hash.finalize()[..16])
}
