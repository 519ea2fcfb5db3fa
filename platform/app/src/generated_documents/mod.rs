//! Documents that write themselves: a welcome packet, progress reports, a completion certificate, a warranty.
//!
//! Rules of the company say which are made when a project starts, when milestones are done and when it is completed, and who sees
//! them; staff of every role make one by hand, managers change the rules. Out of the box all rules are on. A warranty is for the team
//! alone until somebody has read what the company promises in it.
//!
//! A document has a number and stands in the document centre like any other. Each time it is made is a generation: `queued`,
//! `rendering`, and then `ready` (the sealed bytes are stored), `unchanged` (a rule asked, and there was nothing new) or `failed`, with a
//! reason. Making it again makes a new version. Only what customers may see goes into it. Anybody who holds one can ask `/verify/…`
//! whether it is genuine.

pub mod api;
pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
mod render;
mod source;

pub use model::{
    DocumentLocale, DocumentPreview, DocumentRule, DocumentSettings, GeneratedKind, GenerationState, NewGeneratedDocument, Occasion,
    PaperSize, ReportAt, entries,
};
pub use source::{Author, Wanted, Work, Written};

kernel::id!(GeneratedDocumentId, "A document that writes itself.");
kernel::id!(GenerationId, "One time that such a document was made.");
