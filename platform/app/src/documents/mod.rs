//! A document: a paper of a project, with a title, a kind and versions.
//!
//! A version is announced (`uploading`), gets its bytes once (`ready`) and never changes again; one whose bytes do not come is
//! `failed` after a day. Staff of every role add and change documents; managers withdraw them. Customers of the project's
//! household see the ready versions of documents that are for clients. Every read is recorded before its first byte leaves.

pub mod api;
mod download;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
pub mod screen;
mod sniff;

pub use crate::visibility::Visibility;
pub use model::{DocumentChange, DocumentKind, NewDocument, NewVersion, VersionState};

kernel::id!(DocumentId, "A document.");
