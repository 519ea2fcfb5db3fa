//! A project template: phases, milestones, draws and shots that new projects start with. Managers write them, all staff use them.
//!
//! A template is one document, read and written whole. A project that was made from it is its own: later changes to the template
//! do not reach it. One that is put away stays in no list.

pub mod api;
mod model;
pub mod ops;

pub use model::{ApplyTemplate, PlanShot, ProjectFromTemplate, ProjectTemplateInput, TemplatePlan};

kernel::id!(ProjectTemplateId, "A template of projects.");
