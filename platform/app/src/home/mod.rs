//! The customer's start page and a project's page: how far along, what is next, what is needed of me. Owns no table; it stands above
//! the slices whose things it shows.

mod answer;
pub mod dashboard;
pub mod pages;
pub mod portal;
mod ring;
mod steps;
