//! Customers and their households: who they are, how they are invited.
//!
//! A customer is a person with a mail address, which is unique in the company and is how they sign in. A household is who
//! lives at one address: its members are signers, payers or viewers, and each has a sign-in of their own. Projects belong to
//! households, so membership is what lets a customer see a project. A customer is new, then invited, then (with the first
//! sign-in) active. Staff of every role enter and change both.

pub mod api;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;

pub use model::{CustomerChange, CustomerState, HouseholdChange, HouseholdRole, NewCustomer, NewHousehold, NewMember};

kernel::id!(HouseholdId, "Who lives at one address.");
