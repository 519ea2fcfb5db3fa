//! Papers for customers: an order in, a PDF out. Typst sets them, in this process or in a child that [`confine`] bounds.
//!
//! A paper depends on its order and on nothing else: no disk, no network, no clock, no fonts but the ones in this program. The
//! same order gives the same bytes. Texts reach the layouts as data and are never read as code.

mod art;
mod check;
mod content;
mod data;
mod failure;
mod fingerprint;
mod fonts;
mod locale;
mod order;
mod picture;
mod render;
mod text;
mod tones;
mod world;

pub use content::{
    Block, CompletionCertificate, Content, Custom, DoneStep, Fact, Kind, Moved, Person, Photo, PlannedStep, ProgressReport, Section,
    Signature, SignatureLine, Step, StepState, Update, Visit, Warranty, WelcomePacket,
};
pub use failure::Failure;
pub use order::{Brand, Font, Locale, Order, Paper};
pub use picture::Picture;
pub use render::{Pdf, child, default_limits, render, render_here};
