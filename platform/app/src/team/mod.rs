//! The staff of a company: owners, managers, members.
//!
//! Everybody of the staff sees the team. Owners and managers invite people, change them and close their accounts; a manager
//! touches no owner and makes none. Nobody changes their own role or closes their own account, and one active owner always
//! stays. Whoever is invited is in the team at once and becomes active with the first sign-in; a closed account signs nobody
//! in and ends its sessions.

pub mod api;
pub mod jobs;
mod model;
pub mod ops;

pub use model::{NewStaff, StaffChange, StaffState};
