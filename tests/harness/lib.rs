//! What the tests stand on: one set of local services for the whole run, a database of its own for every test with two
//! companies in it, and clients that speak to the program as browsers do.
//!
//! `TestApp::start().await` is the whole program over a fresh copy of the template; `app.staff("ada").await` is a browser in
//! which she is signed in. A test that leaves work in the queue that is due fails when its app goes out of scope.

mod answer;
mod app;
mod cast;
mod client;
pub mod load;
mod operations;
mod shared;
mod socket;
mod template;

pub use answer::Answer;
pub use app::TestApp;
pub use cast::{ACME, Cast, GLOBEX, House, LETTERS, contents, delay_sql, generated_sql, photo};
pub use client::{Call, Client};
pub use operations::{Operation, Sent, body, operations, template_body, tomorrow};
pub use shared::{Shared, shared, stored};
pub use socket::{Served, Socket};

/// Where all companies of the tests live.
pub const DOMAIN: &str = "plumbline.example";
/// The operator of the tests.
pub const OPERATOR: &str = "olga@operators.example";
