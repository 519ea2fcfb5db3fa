//! Write Plumbline plugins in Rust: implement one trait, name the type, build for WebAssembly, pack.
//!
//! ```ignore
//! use plumbline_plugin::{Content, Document, DocumentGenerator, Fact, Project, Request, document_generator};
//!
//! struct Warranty;
//!
//! impl DocumentGenerator for Warranty {
//!     fn generate(request: Request, project: &Project) -> Result<Document, String> {
//!         let details = project.details().map_err(|e| e.message)?;
//!         Ok(Content { title: "Warranty".into(), facts: vec![Fact::new("Project", details.name)], ..Content::default() }.into())
//!     }
//! }
//!
//! document_generator!(Warranty);
//! ```
//!
//! `Cargo.toml` names the world as a feature: `plumbline-plugin = { …, features = ["document-generator"] }`. Exactly one. The
//! interfaces of the host are modules: [`log`], [`clock`], [`random`], [`projects`], [`kv`], [`http`], [`secrets`]. What the
//! manifest does not ask for, or the admin did not approve, answers with a [`Failure`] whose code is `NotGranted`.

#[cfg(not(any(feature = "document-generator", feature = "notifier", feature = "event-hook")))]
compile_error!("name the plugin's world as a feature: document-generator, notifier or event-hook");

#[doc(hidden)]
pub use wit_bindgen;

#[cfg(feature = "document-generator")]
mod document_generator;
#[cfg(feature = "event-hook")]
mod event_hook;
#[cfg(feature = "notifier")]
mod notifier;
mod settings;

#[cfg(feature = "document-generator")]
pub use document_generator::*;
#[cfg(feature = "event-hook")]
pub use event_hook::*;
#[cfg(feature = "notifier")]
pub use notifier::*;
pub use settings::settings;

pub use host::{
    clock, http, kv,
    log::{self, Level},
    projects::{self, Project},
    random, secrets,
    types::{Event, Failure, FailureCode, Header, HttpMethod, HttpRequest, HttpResponse, SecretHeader},
};

#[cfg(feature = "document-generator")]
use document_generator::bindings::plumbline::plugin as host;
#[cfg(all(feature = "event-hook", not(feature = "document-generator"), not(feature = "notifier")))]
use event_hook::bindings::plumbline::plugin as host;
#[cfg(all(feature = "notifier", not(feature = "document-generator")))]
use notifier::bindings::plumbline::plugin as host;

/// Writes a line to the run's log, as `format!` does.
#[macro_export]
macro_rules! info {
    ($($arg:tt)*) => { $crate::log::write($crate::Level::Info, &format!($($arg)*)) };
}
