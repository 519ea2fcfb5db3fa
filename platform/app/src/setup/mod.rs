//! The checklist of a new company: what is left until the first customer has signed in. Nothing is stored for it.

pub mod api;
pub mod ops;
