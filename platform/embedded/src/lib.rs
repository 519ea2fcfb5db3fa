//! Local stand-ins for development and tests: each speaks the real protocol on loopback and keeps its data in a folder.

mod folder;
pub mod kms;
pub mod postgres;
mod serve;
