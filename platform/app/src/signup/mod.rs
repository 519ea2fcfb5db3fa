//! Signing up a company on the bare domain.
pub mod pages;
