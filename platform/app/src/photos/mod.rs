//! Photos of a project: announced, uploaded, looked at and made small; sealed like documents.
//!
//! A photo is announced (`uploading`) and gets its bytes once. They are sealed as they came, the original, and shown as renditions
//! that are drawn anew and carry nothing but the picture; then it is `ready`. What is no photo, or does not come within a day, has
//! `failed`, and says why. Staff of every role add, change and withdraw photos, draw over them, pair them and say which ones a project
//! needs; managers say whether the place of a photo is kept. Customers of the household see the ready photos that are for clients,
//! and save their originals without what the camera wrote beside the picture. Reading originals is recorded, looking is not.

pub mod api;
mod api_more;
mod camera;
mod drawing;
mod flaw;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
mod picture;
pub mod portal;
pub mod screen;
mod serve;
mod strip;
mod workshop;

pub use model::{Markup, NewPhoto, NewPhotos, PhotoChange, PhotoState, Shape, ShapeColor, ShapeKind};

kernel::id!(PhotoId, "A photo of a project.");
kernel::id!(ShotId, "A photo that a project needs.");
kernel::id!(PhotoPairId, "The same spot before and after.");
