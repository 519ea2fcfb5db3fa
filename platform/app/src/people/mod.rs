//! Staff and customers: who they are, how they are invited.
pub mod pages;
