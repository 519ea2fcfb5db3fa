//! Plugins as they come: good ones from the examples, and hostile ones that are written here as text.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "all/egress.rs"]
mod egress;
#[path = "all/examples.rs"]
mod examples;
#[path = "all/fixtures.rs"]
mod fixtures;
#[path = "all/grants.rs"]
mod grants;
#[path = "all/handles.rs"]
mod handles;
#[path = "all/hostile.rs"]
mod hostile;
#[path = "all/load.rs"]
mod load;
#[path = "all/product.rs"]
mod product;
#[path = "all/refusals.rs"]
mod refusals;
#[path = "all/replay.rs"]
mod replay;
