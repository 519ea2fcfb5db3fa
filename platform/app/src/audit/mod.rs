//! The audit log: what was read and changed, by whom, in a chain of hashes that shows every later change to it.
//!
//! Rows are written by `Cx::record` only; here they are read and the chain is checked. Owners and managers read their
//! company's log, operators that of the bare domain; members and customers read none.

pub mod api;
mod model;
pub mod ops;

pub use model::{ActivityEntry, AuditActor, AuditEntry, AuditSubject, sentence};
