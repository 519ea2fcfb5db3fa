//! How far a project is: made of finished milestones and nothing else. Pure.

use super::model::{MilestoneState, PhaseState};

/// A phase for the count: its weight, and weight and state of its milestones.
#[derive(Clone, Debug)]
pub struct Part {
    pub weight: i32,
    pub milestones: Vec<(i32, MilestoneState)>,
}

/// What becomes of the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whole percent: 100 only when everything is done, 0 only when nothing is.
    pub percent: u8,
    /// The step that is being worked on, from 1; 0 if there are no steps.
    pub step: usize,
    /// Phases that have milestones.
    pub steps: usize,
    /// In the order of the parts.
    pub parts: Vec<(PhaseState, u8)>,
}

/// Counts. A phase without milestones is no step and weighs nothing.
pub fn progress(parts: &[Part]) -> Progress {
    let real: Vec<&Part> = parts.iter().filter(|p| !p.milestones.is_empty()).collect();
    let any_begun = real.iter().flat_map(|p| &p.milestones).any(|(_, state)| *state != MilestoneState::Next);
    let first_open = real.iter().position(|p| !is_done(p));
    let mut at = 0;
    let state = |part: &Part| {
        if part.milestones.is_empty() {
            return (PhaseState::Next, 0);
        }
        let index = at;
        at += 1;
        let state = match first_open {
            _ if is_done(part) => PhaseState::Done,
            Some(open) if open == index && any_begun => PhaseState::Current,
            _ => PhaseState::Next,
        };
        (state, whole(share(part), part.milestones.iter().map(|(_, s)| *s)))
    };
    let states = parts.iter().map(state).collect();
    // Weights of nothing at all count as equal ones.
    let even = real.iter().all(|p| p.weight <= 0);
    let weight = |part: &&&Part| if even { 1.0 } else { f64::from(part.weight.max(0)) };
    let total: f64 = real.iter().map(|p| weight(&p)).sum();
    let done: f64 = real.iter().map(|p| weight(&p) * share(p)).sum();
    let share = if total > 0.0 { done / total } else { 0.0 };
    Progress {
        percent: whole(share, real.iter().flat_map(|p| p.milestones.iter().map(|(_, s)| *s))),
        step: if real.is_empty() { 0 } else { first_open.map_or(real.len(), |open| open + 1) },
        steps: real.len(),
        parts: states,
    }
}

fn is_done(part: &Part) -> bool {
    part.milestones.iter().all(|(_, state)| *state == MilestoneState::Done)
}

/// From 0 to 1: the weight of what is done.
fn share(part: &Part) -> f64 {
    let even = part.milestones.iter().all(|(weight, _)| *weight <= 0);
    let weight = |w: i32| if even { 1.0 } else { f64::from(w.max(0)) };
    let total: f64 = part.milestones.iter().map(|(w, _)| weight(*w)).sum();
    let done: f64 = part.milestones.iter().filter(|(_, s)| *s == MilestoneState::Done).map(|(w, _)| weight(*w)).sum();
    if total > 0.0 { done / total } else { 0.0 }
}

/// Rounded, but never to the ends before they are reached.
fn whole(share: f64, states: impl Iterator<Item = MilestoneState>) -> u8 {
    let (mut all, mut any) = (true, false);
    for state in states {
        all &= state == MilestoneState::Done;
        any |= state == MilestoneState::Done;
    }
    match (all && any, any) {
        (true, _) => 100,
        (_, false) => 0,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 99")]
        _ => (share * 100.0).round().clamp(1.0, 99.0) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MilestoneState::{Done, Next, Started};

    fn part(weight: i32, milestones: &[(i32, MilestoneState)]) -> Part {
        Part { weight, milestones: milestones.to_vec() }
    }

    #[test]
    fn weights_of_phases_and_milestones_make_the_percent() {
        let counted = progress(&[part(1, &[(1, Done)]), part(2, &[(1, Done), (3, Started)]), part(1, &[(1, Next)]), part(0, &[])]);
        assert_eq!((counted.percent, counted.step, counted.steps), (38, 2, 3), "(1 + 2/4) of 4");
        assert_eq!(counted.parts, [(PhaseState::Done, 100), (PhaseState::Current, 25), (PhaseState::Next, 0), (PhaseState::Next, 0)]);
    }

    #[test]
    fn the_ends_are_reached_only_at_the_ends() {
        let nearly = progress(&[part(1000, &[(1000, Done)]), part(1, &[(1, Next)])]);
        assert_eq!(nearly.percent, 99);
        let hardly = progress(&[part(1000, &[(1000, Started)]), part(1, &[(1, Done)])]);
        assert_eq!((hardly.percent, hardly.step), (1, 1), "out of order: the first open step is the one");
        assert_eq!(progress(&[part(1, &[(0, Done)])]).percent, 100, "weights of nothing count as equal");
        assert_eq!(progress(&[part(0, &[(1, Done)]), part(0, &[(1, Next)])]).percent, 50);
    }

    #[test]
    fn before_the_start_nothing_is_current() {
        let planned = progress(&[part(1, &[(1, Next)]), part(1, &[(1, Next)])]);
        assert_eq!((planned.percent, planned.step, planned.steps), (0, 1, 2));
        assert!(planned.parts.iter().all(|(state, _)| *state == PhaseState::Next));
        assert_eq!(progress(&[]), Progress { percent: 0, step: 0, steps: 0, parts: vec![] });
    }
}
