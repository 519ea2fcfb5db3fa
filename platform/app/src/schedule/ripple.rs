//! What else moves when one milestone moves. Pure; the preview and the save both ask here, so they cannot differ.
//!
//! Three rules. What waits for something begins after it has ended, and moves as little as that needs. What is done or has begun stays
//! where it is. What an earlier move had pushed goes back when the push ends, as far as everything it waits for allows and never
//! before where it stood.

use super::{Calendar, MilestoneId};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// A milestone as the ripple sees it.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub id: MilestoneId,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// Has begun or is done: it does not move by itself.
    pub fixed: bool,
    /// Where it stood before a ripple pushed it to where it is.
    pub pushed_from: Option<NaiveDate>,
}

/// `milestone` waits for `waits_for`, and `lag` working days more.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub milestone: MilestoneId,
    pub waits_for: MilestoneId,
    pub lag: i64,
}

/// New days of a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub id: MilestoneId,
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// What moves when `moved` gets new days: itself first, then what follows, in the order in which it is done.
pub fn ripple(calendar: &Calendar, nodes: &[Node], edges: &[Edge], moved: Shift) -> Vec<Shift> {
    let mut ends: HashMap<MilestoneId, NaiveDate> = nodes.iter().map(|n| (n.id, n.end)).collect();
    ends.insert(moved.id, moved.end);
    let by_id: HashMap<MilestoneId, &Node> = nodes.iter().map(|n| (n.id, n)).collect();
    let (mut shifts, mut changed) = (vec![moved], HashSet::from([moved.id]));
    for id in order(nodes.iter().map(|n| n.id), edges).unwrap_or_default() {
        let Some(node) = by_id.get(&id).filter(|n| n.id != moved.id && !n.fixed) else { continue };
        let waits = || edges.iter().filter(|e| e.milestone == id);
        if !waits().any(|e| changed.contains(&e.waits_for)) {
            continue;
        }
        let Some(earliest) = waits().filter_map(|e| Some(calendar.after(*ends.get(&e.waits_for)?, e.lag))).max() else { continue };
        let start = match node.pushed_from {
            Some(before) if earliest < node.start => earliest.max(calendar.next_working(before)),
            _ => earliest.max(node.start),
        };
        if start == node.start {
            continue;
        }
        let end = calendar.last_day(start, calendar.length(node.start, node.end));
        ends.insert(id, end);
        changed.insert(id);
        shifts.push(Shift { id, start, end });
    }
    shifts
}

/// The ids so that each comes after what it waits for; none if they wait in a circle.
pub fn order(ids: impl IntoIterator<Item = MilestoneId>, edges: &[Edge]) -> Option<Vec<MilestoneId>> {
    let mut left: Vec<MilestoneId> = ids.into_iter().collect();
    let mut done = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waiting: HashSet<MilestoneId> = left.iter().copied().collect();
        let blocked = |id: &MilestoneId| edges.iter().any(|e| e.milestone == *id && waiting.contains(&e.waits_for));
        let (later, ready): (Vec<_>, Vec<_>) = left.into_iter().partition(blocked);
        if ready.is_empty() {
            return None;
        }
        done.extend(ready);
        left = later;
    }
    Some(done)
}

#[cfg(test)]
#[path = "ripple_tests.rs"]
mod tests;
