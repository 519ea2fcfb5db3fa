//! When what happens at a house: phases, milestones and what depends on what, and the company's working days.
//!
//! A milestone is next, started or done. Its planned days are moved together with what depends on it, and each move keeps its reason.
//! Progress is made of finished milestones and nothing else. Staff of every role plan; managers set the company's working days.

pub mod api;
mod calendar;
mod model;
pub mod ops;
mod plan;
mod progress;
mod ripple;

pub use calendar::Calendar;
pub use model::{
    Cause, MilestoneChange, MilestoneState, MilestoneWait, MoveRequest, NewMilestone, NewPhase, PhaseChange, PhaseState, PreviewRequest,
    WorkType,
};
pub use plan::{PlanDraw, PlanMilestone, PlanPhase, PlanWait, SchedulePlan};

kernel::id!(PhaseId, "A part of a project's work.");
kernel::id!(MilestoneId, "Something that is done at a date.");
kernel::id!(DrawId, "A part of the price that becomes due.");
