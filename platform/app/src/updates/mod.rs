//! A daily update: what was done on a day, in a few sentences, for the household or for the company alone.
//!
//! Staff of every role write them, and change or withdraw their own; managers everybody's. Customers see those that are for clients
//! and were not withdrawn. The words are plain text: nothing in them is markup.

pub mod api;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
pub mod screen;

pub use model::{NewUpdate, UpdateChange};

kernel::id!(UpdateId, "What was done on a day.");
