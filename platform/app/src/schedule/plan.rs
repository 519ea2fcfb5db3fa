//! A plan without dates, as a template holds it: what follows what and how many working days it takes. Pure.

use super::{
    Calendar, MilestoneId, WorkType,
    model::{check_lag, check_weight, clean_name, clean_text},
    ripple::{Edge, order},
};
use chrono::NaiveDate;
use kernel::{Problem, Result};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Phases with their milestones, and the draws.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchedulePlan {
    /// In their order.
    pub phases: Vec<PlanPhase>,
    /// In their order.
    pub draws: Vec<PlanDraw>,
}

/// A phase of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlanPhase {
    /// For example "Shingles".
    pub name: String,
    /// 0 to 1000.
    pub weight: i32,
    /// In their order.
    pub milestones: Vec<PlanMilestone>,
}

/// A milestone of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlanMilestone {
    /// What others name it by; unique in the plan.
    pub key: String,
    /// For example "Gutters".
    pub name: String,
    /// A sentence for the customer; may be empty.
    pub note: String,
    /// 0 to 1000.
    pub weight: i32,
    /// Of outdoor work.
    pub work_type: Option<WorkType>,
    /// Working days, at least one.
    pub days: i32,
    /// What has to be done before.
    pub waits_for: Vec<PlanWait>,
}

/// What a milestone of a plan waits for.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlanWait {
    /// Another milestone's key.
    pub key: String,
    /// So many working days more.
    pub lag_days: i32,
}

/// A part of the price.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlanDraw {
    /// For example "Deposit".
    pub name: String,
    /// Hundredths of a percent of the price: 2500 is a quarter.
    pub basis_points: i32,
    /// Due when this milestone is done; none: on signing.
    pub milestone_key: Option<String>,
}

const MAX_PHASES: usize = 20;
const MAX_MILESTONES: usize = 200;
const MAX_DRAWS: usize = 20;

impl SchedulePlan {
    /// The plan as it is kept, or what is wrong with it.
    pub fn check(mut self) -> Result<Self> {
        let count: usize = self.phases.iter().map(|p| p.milestones.len()).sum();
        if self.phases.len() > MAX_PHASES || count > MAX_MILESTONES || self.draws.len() > MAX_DRAWS {
            let words = format!("A plan has at most {MAX_PHASES} phases, {MAX_MILESTONES} milestones and {MAX_DRAWS} draws.");
            return Err(Problem::invalid("plan", "too_large", words));
        }
        for phase in &mut self.phases {
            phase.name = clean_name(&phase.name)?;
            check_weight(phase.weight)?;
            for milestone in &mut phase.milestones {
                milestone.name = clean_name(&milestone.name)?;
                milestone.note = clean_text("note", &milestone.note)?;
                check_weight(milestone.weight)?;
                if !(1..=500).contains(&milestone.days) {
                    return Err(Problem::invalid("days", "out_of_range", format!("{} takes 1 to 500 working days.", milestone.name)));
                }
            }
        }
        let ids = self.ids();
        if ids.len() != count {
            return Err(Problem::invalid("plan", "key_twice", "Two milestones have the same key."));
        }
        if order(ids.values().copied(), &self.edges(&ids)?).is_none() {
            return Err(dependency_circle());
        }
        for draw in &mut self.draws {
            draw.name = clean_name(&draw.name)?;
            if draw.milestone_key.as_ref().is_some_and(|key| !ids.contains_key(key)) {
                return Err(unknown_key());
            }
        }
        check_shares(self.draws.iter().map(|d| d.basis_points))?;
        Ok(self)
    }

    /// First and last day of each milestone, by its key, when work begins on `start`.
    pub(super) fn dates(&self, calendar: &Calendar, start: NaiveDate) -> Result<HashMap<&str, (NaiveDate, NaiveDate)>> {
        let ids = self.ids();
        let edges = self.edges(&ids)?;
        let by_id: HashMap<MilestoneId, &PlanMilestone> = self.milestones().filter_map(|m| Some((*ids.get(&m.key)?, m))).collect();
        let mut dates: HashMap<&str, (NaiveDate, NaiveDate)> = HashMap::new();
        for id in order(ids.values().copied(), &edges).ok_or_else(dependency_circle)? {
            let Some(milestone) = by_id.get(&id) else { continue };
            let after = |wait: &PlanWait| dates.get(wait.key.as_str()).map(|(_, end)| calendar.after(*end, wait.lag_days.into()));
            let first = milestone.waits_for.iter().filter_map(after).max().unwrap_or_else(|| calendar.next_working(start));
            dates.insert(&milestone.key, (first, calendar.last_day(first, milestone.days.into())));
        }
        Ok(dates)
    }

    pub(super) fn milestones(&self) -> impl Iterator<Item = &PlanMilestone> {
        self.phases.iter().flat_map(|p| &p.milestones)
    }

    /// Stand-ins for ids, so that the rules for real milestones can be asked.
    fn ids(&self) -> HashMap<String, MilestoneId> {
        self.milestones().enumerate().map(|(n, m)| (m.key.clone(), MilestoneId(Uuid::from_u128(n as u128 + 1)))).collect()
    }

    fn edges(&self, ids: &HashMap<String, MilestoneId>) -> Result<Vec<Edge>> {
        let mut edges = Vec::new();
        for milestone in self.milestones() {
            for wait in &milestone.waits_for {
                let (Some(milestone), Some(waits_for)) = (ids.get(&milestone.key), ids.get(&wait.key)) else { return Err(unknown_key()) };
                edges.push(Edge { milestone: *milestone, waits_for: *waits_for, lag: check_lag(wait.lag_days)?.into() });
            }
        }
        Ok(edges)
    }
}

/// Shares of a price: each of them something, together at most all of it.
pub(super) fn check_shares(shares: impl Iterator<Item = i32>) -> Result<()> {
    let mut sum = 0_i64;
    for share in shares {
        if !(1..=10_000).contains(&share) {
            return Err(Problem::invalid("draws", "out_of_range", "A draw is more than nothing and at most all of the price."));
        }
        sum += i64::from(share);
    }
    match sum {
        0..=10_000 => Ok(()),
        _ => Err(Problem::invalid("draws", "too_much", "Together the draws are more than the whole price.")),
    }
}

/// 422: milestones wait for each other.
pub(super) fn dependency_circle() -> Problem {
    Problem::invalid("waits_for", "dependency_circle", "These milestones wait for each other in a circle, so none could ever begin.")
}

fn unknown_key() -> Problem {
    Problem::invalid("waits_for", "unknown", "There is no milestone with this key in the plan.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milestone(key: &str, days: i32, waits_for: &[(&str, i32)]) -> PlanMilestone {
        let waits_for = waits_for.iter().map(|(key, lag_days)| PlanWait { key: (*key).to_owned(), lag_days: *lag_days }).collect();
        PlanMilestone { key: key.to_owned(), name: key.to_owned(), note: String::new(), weight: 1, work_type: None, days, waits_for }
    }

    fn plan(milestones: Vec<PlanMilestone>) -> SchedulePlan {
        SchedulePlan { phases: vec![PlanPhase { name: "All".to_owned(), weight: 1, milestones }], draws: Vec::new() }
    }

    #[test]
    fn dates_follow_from_the_first_day() {
        let plan = plan(vec![milestone("c", 1, &[("a", 0), ("b", 1)]), milestone("a", 3, &[]), milestone("b", 2, &[("a", 0)])]);
        let dates = plan.dates(&Calendar::default(), "2026-06-06".parse().unwrap()).unwrap();
        let days = |key: &str| (dates[key].0.to_string(), dates[key].1.to_string());
        assert_eq!(days("a"), ("2026-06-08".into(), "2026-06-10".into()), "a Saturday begins on Monday");
        assert_eq!(days("b"), ("2026-06-11".into(), "2026-06-12".into()));
        assert_eq!(days("c"), ("2026-06-16".into(), "2026-06-16".into()), "a working day in between");
    }

    #[test]
    fn a_plan_that_cannot_be_is_refused() {
        let code = |plan: SchedulePlan| plan.check().unwrap_err().fields()[0].code.clone();
        assert_eq!(code(plan(vec![milestone("a", 1, &[("b", 0)]), milestone("b", 1, &[("a", 0)])])), "dependency_circle");
        assert_eq!(code(plan(vec![milestone("a", 1, &[("x", 0)])])), "unknown");
        assert_eq!(code(plan(vec![milestone("a", 1, &[]), milestone("a", 1, &[])])), "key_twice");
        assert_eq!(code(plan(vec![milestone("a", 0, &[])])), "out_of_range");
        let draw = |basis_points| PlanDraw { name: "Deposit".into(), basis_points, milestone_key: None };
        let priced = |shares: &[i32]| SchedulePlan { draws: shares.iter().map(|s| draw(*s)).collect(), ..plan(vec![]) };
        assert_eq!(code(priced(&[6000, 5000])), "too_much");
        assert_eq!(code(priced(&[0])), "out_of_range");
        assert!(priced(&[6000, 4000]).check().is_ok());
    }
}
