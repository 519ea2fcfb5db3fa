//! What a stand-in, being a service of its own, takes from the machine: the time, and where programs are.

use std::ffi::OsString;

use chrono::{DateTime, Utc};

/// The machine's time, as a foreign service would have it.
#[expect(clippy::disallowed_methods, reason = "a stand-in is another machine: a test that turns our clock does not turn its")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A variable that says where programs are; an empty one counts as absent.
#[expect(clippy::disallowed_methods, reason = "the search path and its like belong to the machine, not to the product's settings")]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
