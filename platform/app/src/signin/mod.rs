//! Signing in to a portal by mail: a button for the browser that asked, a code for any other.
pub mod pages;
