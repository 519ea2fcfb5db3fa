//! The mechanisms that know no feature: who asks, the transaction, problems, events, jobs, mail, pages, sessions.
//!
//! Must never be: a slice of the product, Stripe or wasmtime in here.

pub mod assets;
pub mod caller;
pub mod clock;
pub mod config;
pub mod cx;
pub mod event;
pub mod forms;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod pages;
pub mod paging;
pub mod problem;
pub mod question;
pub mod session;
pub mod signals;
pub mod telemetry;

pub use caller::{Actor, App, Caller, Origin};
pub use cx::Cx;
pub use problem::{Problem, Result};
pub use question::Question;
