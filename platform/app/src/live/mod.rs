//! Live updates: what happens shows on open pages without a reload. A page holds one WebSocket, which tells it that something
//! happened and to what, never what it is: the page asks for that by the usual ways, with the usual rights. Each event has a
//! number, so a page that was away says where it stood and hears the rest.
//!
//! Owns no table; it reads the events through [`ops`].

pub mod api;
mod frames;
mod hub;
pub mod model;
pub mod ops;
mod room;
pub mod socket;

pub use hub::Hub;
