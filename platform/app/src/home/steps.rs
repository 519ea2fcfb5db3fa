//! All the steps of a project as a line through time: what is done, where we are, what comes, and what has moved.

use crate::schedule::{
    MilestoneState, PhaseState,
    ops::{CustomerMilestone, CustomerSchedule},
};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

/// One step. Days are texts such as `2026-06-09`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// For example "Shingles".
    pub name: String,
    /// `done`, `now` or `next`.
    pub state: &'static str,
    /// When it was done, when it begins, when it ends.
    pub days: Days,
    /// How many of its parts are done.
    pub done: usize,
    /// What it is made of, if of more than one thing.
    pub parts: Vec<Part>,
}

/// A part of a step: a milestone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Part {
    /// For example "Front side".
    pub name: String,
    /// A sentence about it; may be empty.
    pub note: String,
    /// `done`, `now` or `next`.
    pub state: &'static str,
    /// When.
    pub days: Days,
}

/// When something was or will be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Days {
    /// The day it was done.
    pub done: Option<String>,
    /// The first day as planned.
    pub from: String,
    /// The last day as planned.
    pub until: String,
    /// The first day before it was last moved.
    pub was: Option<String>,
    /// Why it was moved; may be empty.
    pub reason: String,
}

/// The steps of a schedule.
pub fn steps(schedule: &CustomerSchedule) -> Vec<Step> {
    let step = |(at, phase): (usize, &crate::schedule::ops::CustomerPhase)| {
        let own: Vec<&CustomerMilestone> = schedule.milestones.iter().filter(|m| m.phase_position == at).collect();
        let single = own.len() == 1;
        let days = match own.as_slice() {
            [one] => days(one),
            several => Days {
                done: several.iter().map(|m| m.actual_end).max().flatten().filter(|_| phase.state == PhaseState::Done).map(text),
                from: several.iter().map(|m| m.planned_start).min().map(text).unwrap_or_default(),
                until: several.iter().map(|m| m.planned_end).max().map(text).unwrap_or_default(),
                was: None,
                reason: String::new(),
            },
        };
        Step {
            number: at + 1,
            name: phase.name.clone(),
            state: match phase.state {
                PhaseState::Done => "done",
                PhaseState::Current => "now",
                PhaseState::Next => "next",
            },
            days,
            done: own.iter().filter(|m| m.state == MilestoneState::Done).count(),
            parts: if single { Vec::new() } else { own.into_iter().map(part).collect() },
        }
    };
    schedule.phases.iter().enumerate().map(step).collect()
}

fn part(milestone: &CustomerMilestone) -> Part {
    let state = match milestone.state {
        MilestoneState::Done => "done",
        MilestoneState::Started => "now",
        MilestoneState::Next => "next",
    };
    Part { name: milestone.name.clone(), note: milestone.note.clone(), state, days: days(milestone) }
}

fn days(milestone: &CustomerMilestone) -> Days {
    let moved = milestone.moved.as_ref().filter(|_| milestone.actual_end.is_none());
    Days {
        done: milestone.actual_end.map(text),
        from: text(milestone.planned_start),
        until: text(milestone.planned_end),
        was: moved.map(|m| if m.from_start == milestone.planned_start { m.from_end } else { m.from_start }).map(text),
        reason: moved.map(|m| m.reason.clone()).unwrap_or_default(),
    }
}

fn text(day: NaiveDate) -> String {
    day.to_string()
}

/// Believable steps of a roof.
pub fn samples() -> Vec<Step> {
    let step = |number: usize, name: &str, state: &'static str, done: Option<&str>, from: &str, until: &str| Step {
        number,
        name: name.to_owned(),
        state,
        days: Days { done: done.map(str::to_owned), from: from.to_owned(), until: until.to_owned(), ..Days::default() },
        ..Step::default()
    };
    let part = |name: &str, state: &'static str, done: Option<&str>, day: &str| Part {
        name: name.to_owned(),
        note: if state == "next" { "It will be noisy until lunch.".to_owned() } else { String::new() },
        state,
        days: Days { done: done.map(str::to_owned), from: day.to_owned(), until: day.to_owned(), ..Days::default() },
    };
    let mut steps = vec![
        step(1, "Inspection and quote", "done", Some("2026-04-21"), "2026-04-21", "2026-04-21"),
        step(2, "Old roof taken off", "done", Some("2026-06-02"), "2026-06-01", "2026-06-02"),
        step(3, "Wood deck and waterproof layer", "done", Some("2026-06-04"), "2026-06-03", "2026-06-04"),
        step(4, "Shingles", "now", None, "2026-06-05", "2026-06-10"),
        step(5, "Gutters", "next", None, "2026-06-16", "2026-06-16"),
        step(6, "Final walk-through with you", "next", None, "2026-06-17", "2026-06-17"),
    ];
    steps[3].done = 1;
    steps[3].parts = vec![
        part("Front of the house", "done", Some("2026-06-08"), "2026-06-08"),
        part("Back of the house", "now", None, "2026-06-09"),
        part("Ridge and chimney", "next", None, "2026-06-10"),
    ];
    steps[4].days.was = Some("2026-06-12".to_owned());
    steps[4].days.reason = "Rain is forecast for Thursday and Friday.".to_owned();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{MilestoneId, ops::CustomerPhase};
    use uuid::Uuid;

    fn milestone(position: usize, state: MilestoneState, start: &str, end: Option<&str>) -> CustomerMilestone {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        CustomerMilestone {
            id: MilestoneId(Uuid::nil()),
            name: "One".into(),
            note: String::new(),
            state,
            phase_position: position,
            planned_start: day(start),
            planned_end: day(start),
            first_start: day(start),
            first_end: day(start),
            actual_start: None,
            actual_end: end.map(day),
            moved: None,
        }
    }

    #[test]
    fn a_step_is_done_on_the_day_of_its_last_part() {
        let schedule = CustomerSchedule {
            phases: vec![
                CustomerPhase { name: "A".into(), state: PhaseState::Done },
                CustomerPhase { name: "B".into(), state: PhaseState::Next },
            ],
            milestones: vec![
                milestone(0, MilestoneState::Done, "2026-06-01", Some("2026-06-03")),
                milestone(0, MilestoneState::Done, "2026-06-02", Some("2026-06-02")),
                milestone(1, MilestoneState::Next, "2026-06-09", None),
            ],
            ..Default::default()
        };
        let steps = steps(&schedule);
        assert_eq!(steps[0].days.done.as_deref(), Some("2026-06-03"));
        assert_eq!((steps[0].parts.len(), steps[1].parts.len()), (2, 0));
        assert_eq!(steps[1].days.from, "2026-06-09");
    }
}
