//! Where somebody is signed in.
pub mod pages;
