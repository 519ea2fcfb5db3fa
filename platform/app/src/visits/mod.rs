//! Visits: when somebody comes to a house, what is to be prepared for it, and what the household says to it.
//!
//! An appointment is proposed, then confirmed by the household, or they ask for another time; staff move it, keep it or cancel it. A new
//! time is a new proposal, and an answer counts only for the time it was given to (`sequence`). Staff of every role plan visits;
//! signers and payers of the household answer, viewers look. What the household was shown is cancelled and never hidden.
//!
//! Each customer may have one address for their calendar program. It opens their visits and steps and nothing else, also without a
//! sign-in, and ends when they say so.

pub mod api;
mod ics;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
pub mod screen;
pub mod when;
mod zone;

pub use model::{AppointmentChange, AppointmentState, NewAppointment};

kernel::id!(AppointmentId, "A visit at the house.");
kernel::id!(CalendarFeedId, "A customer's address for their calendar program.");
