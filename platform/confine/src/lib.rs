//! Work that may run away, done by a child process: one input, one output, bounded in memory, processor time, time and size.
//!
//! The parent calls [`Program::run`]; the child is usually this same program with another argument, and calls [`work`] first
//! thing. The child has an empty environment, `/` as its folder, and no open file but its three pipes. It ends with its parent's
//! interest: dropping the future kills it.

mod child;
mod parent;

pub use child::work;
pub use parent::{Program, Stopped};

use std::time::Duration;

/// What a child may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space.
    pub memory: u64,
    /// Processor time, in whole seconds; a part of one counts as one.
    pub cpu: Duration,
    /// Time from start to end, waiting included.
    pub time: Duration,
    /// Bytes of its answer.
    pub output: usize,
}
