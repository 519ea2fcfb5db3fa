//! A company's own texts for pages and mails: words, order, and which of our components stand where; never the styling.
//!
//! [`published`] is the list of what can be written anew. A text is checked against every sample of its page before it is used; each
//! save is a version that stays, and one of them, or ours, is in use. What fails later all the same is replaced by ours for that reader,
//! and staff are told: the failure is kept with the text, and stands once in the audit log. Managers write them. The sandbox is the
//! kernel's (`kernel::pages`).

pub mod api;
mod components;
mod fields;
mod model;
pub mod ops;
pub mod portal;
mod preview;
mod published;
mod starter;

pub use model::{TemplateInput, TemplateText};
