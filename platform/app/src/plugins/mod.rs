//! Plugins of a company: WebAssembly components that its admin uploads, approves and enables, and that run when something happens or
//! when a document is made.
//!
//! An upload is checked, translated and started before it is kept; it is a version and does nothing. Approving a version (all or some of
//! what it asks for) makes it the one in use; a version that wants more is approved anew, and going back to an older one is approving it
//! again. Enabled, it hears the events that were chosen and makes the documents that were chosen. A plugin that keeps failing turns
//! itself off and is tried again (`plugin_host::breaker`); meanwhile documents are ours. An operator can stop a component everywhere.
//! Managers and owners do all of this; every run is kept with what it used, wrote and asked, and can be run again.

pub mod api;
mod author;
mod delegate;
pub mod jobs;
mod model;
pub mod operator_api;
pub mod ops;
mod runner;

pub use author::PluginAuthor;
pub use model::{
    HEARD, PluginApproval, PluginEnabling, PluginMessageKind, PluginMessageState, PluginOccasion, PluginState, PluginStopInput, PluginTest,
    PluginWantKind, PluginWorld, RehearsalState, hears,
};
pub use runner::PluginRunner;

kernel::id!(PluginId, "A plugin as a company has it.");
kernel::id!(PluginRunId, "One time that a plugin ran.");
kernel::id!(PluginMessageId, "Something that a plugin wanted sent or noted.");
kernel::id!(PluginRehearsalId, "A new version over what has happened.");
