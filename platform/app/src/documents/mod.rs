//! Documents of a project and their versions.
pub mod pages;
