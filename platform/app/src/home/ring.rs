//! The progress ring: one arc a step, drawn from the top; only the step that is worked on may be half filled.

use crate::schedule::{PhaseState, ops::CustomerSchedule};
use schemars::JsonSchema;
use serde::Serialize;
use std::f64::consts::PI;

const RADIUS: f64 = 54.0;
const GAP: f64 = 5.0;
/// More steps than this are grouped: thinner arcs cannot be told apart.
const MOST: usize = 9;

/// A ring as its template draws it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ring {
    /// The step that is worked on, from 1.
    pub step: usize,
    /// How many there are.
    pub steps: usize,
    /// Whole percent.
    pub percent: u8,
    /// The step that is worked on, or the next one, by name.
    pub now: Option<String>,
    /// The one after that.
    pub next: Option<String>,
    /// Everything is done.
    pub done: bool,
    /// In their order.
    pub arcs: Vec<Arc>,
}

/// One arc, in the units of the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Arc {
    /// How long it is.
    pub length: f64,
    /// How much of it is filled.
    pub filled: f64,
    /// Where it begins, in degrees.
    pub turn: f64,
}

impl Ring {
    /// The ring of a schedule; none without steps.
    pub fn of(schedule: &CustomerSchedule) -> Option<Ring> {
        if schedule.steps == 0 {
            return None;
        }
        let states: Vec<PhaseState> = schedule.phases.iter().map(|phase| phase.state).collect();
        let fills = grouped(&states);
        let around = 2.0 * PI * RADIUS;
        let count = fills.len().max(1) as f64;
        let gap = if fills.len() > 1 { GAP } else { 0.0 };
        let length = around / count - gap;
        let arc = |(at, fill): (usize, f64)| Arc {
            length: tenth(length),
            filled: tenth(length * fill),
            turn: tenth(at as f64 * 360.0 / count - 90.0 + gap / 2.0 / around * 360.0),
        };
        Some(Ring {
            step: schedule.step,
            steps: schedule.steps,
            percent: schedule.percent,
            now: schedule.current.clone().or_else(|| schedule.next.clone()),
            next: schedule.next.clone().filter(|_| schedule.current.is_some()),
            done: schedule.percent == 100,
            arcs: fills.into_iter().enumerate().map(arc).collect(),
        })
    }
}

/// How full each arc is: whole, half or empty.
fn grouped(states: &[PhaseState]) -> Vec<f64> {
    let groups = states.len().min(MOST);
    let fill = |at: usize| {
        let part = &states[at * states.len() / groups..(at + 1) * states.len() / groups];
        if part.iter().all(|state| *state == PhaseState::Done) {
            1.0
        } else if part.iter().all(|state| *state == PhaseState::Next) {
            0.0
        } else {
            0.5
        }
    };
    (0..groups).map(fill).collect()
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use PhaseState::{Current, Done, Next};

    #[test]
    fn one_arc_a_step_and_never_more_than_nine() {
        assert_eq!(grouped(&[Done, Done, Done, Current, Next, Next]), [1.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
        let many = grouped(&[[Done; 6].as_slice(), &[Current], &[Next; 6]].concat());
        assert_eq!(many.len(), 9);
        assert_eq!(many.iter().filter(|fill| **fill == 0.5).count(), 1, "only the current one is half filled: {many:?}");
        assert_eq!(grouped(&[]), Vec::<f64>::new());
    }

    #[test]
    fn arcs_begin_at_the_top() {
        let phase = |state| crate::schedule::ops::CustomerPhase { name: String::new(), state };
        let phases = [Done, Current, Next].map(phase).to_vec();
        let ring = Ring::of(&CustomerSchedule { steps: 3, step: 2, phases, ..Default::default() }).expect("a ring");
        assert_eq!(ring.arcs[0].turn, -87.3);
        assert_eq!(ring.arcs[1].filled, 54.0);
        assert_eq!(Ring::of(&CustomerSchedule::default()), None);
    }
}
