//! Runs plugins: WebAssembly components that a company's admin uploads, with limits, grants and nothing of the machine in reach.
//!
//! Knows no product. A product implements [`delegate`]'s traits, keeps the uploaded bytes and what the admin approved, and calls
//! [`Host::inspect`] and [`Host::prepare`] at an upload and [`Host::run`] for a run. Whatever stops a plugin comes back as a
//! [`Reason`] with a stable code and words for an office manager.

pub mod author;
pub mod breaker;
mod cache;
pub mod calls;
pub mod cli;
pub mod compile;
pub mod data;
pub mod delegate;
mod door;
pub mod egress;
mod engine;
mod error;
mod grants;
mod host;
pub mod inspect;
mod lanes;
mod limits;
pub mod manifest;
mod meter;
pub mod pack;
mod reason;
mod record;
mod report;
mod run;
mod schema;
mod slots;
mod ticker;
mod v1;

pub use data::{Input, Output};
pub use grants::{Approval, Grants};
pub use host::{Host, HostConfig, Install, Order};
pub use inspect::{Inspection, World};
pub use limits::{Budget, Limits};
pub use manifest::Manifest;
pub use reason::{Reason, Refusal, RefusalCode};
pub use record::{Exchange, Recording, digest};
pub use report::{CallLine, LogLine, Outcome, Report, Run};
pub use schema::{SettingError, with_defaults};
