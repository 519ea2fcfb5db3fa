//! The portal's first page and a project's page: where the work stands, what is needed, the newest papers.
//!
//! Owns no table; it shows what projects and documents know.

pub mod pages;
pub mod portal;
