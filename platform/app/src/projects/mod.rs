//! A project: work at one household's house, with a number that people can say on the phone.
//!
//! Staff of every role make and change projects. Customers see the projects of their households. A project is planned, active,
//! on hold, completed or archived; any state may follow any other, because building work does that.

pub mod api;
mod model;
pub mod ops;

pub use model::{NewProject, ProjectChange, ProjectDetails, ProjectStatus};

kernel::id!(ProjectId, "A project.");
