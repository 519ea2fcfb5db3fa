//! From what the engine says to a [`Reason`].

use crate::reason::Reason;
use std::fmt;
use wasmtime::{Error, PoolConcurrencyLimitError, Trap};

/// Carries a reason out through the guest.
#[derive(Debug)]
pub(crate) struct Halt(pub(crate) Reason);

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code())
    }
}

impl std::error::Error for Halt {}

impl Halt {
    pub(crate) fn error(reason: Reason) -> Error {
        Error::new(Self(reason))
    }
}

/// Why a call into the guest did not come back.
pub(crate) fn reason(error: &Error) -> Reason {
    if let Some(Halt(reason)) = error.downcast_ref() {
        return reason.clone();
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Reason::Host { detail: error.to_string() };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Reason::Fuel,
        Some(Trap::Interrupt) => Reason::CpuTime,
        Some(Trap::StackOverflow) => Reason::StackOverflow,
        Some(Trap::UnreachableCodeReached) => Reason::Crashed { how: "it gave up (unreachable)".to_owned() },
        Some(trap) => Reason::Crashed { how: trap.to_string() },
        None => by_words(error),
    }
}

/// Instantiating failed, and not by what the guest did: its functions are of other types than the contract's.
pub(crate) fn is_misfit(error: &Error) -> bool {
    !(error.is::<Halt>() || error.is::<Trap>() || error.is::<PoolConcurrencyLimitError>())
}

/// The component model's own complaints have no types.
fn by_words(error: &Error) -> Reason {
    let words = format!("{error:#}");
    if words.contains("too much data is being copied") {
        Reason::TooMuchAtOnce
    } else if ["handle index", "is not a resource", "is not an own resource", "borrow handles still remain"]
        .iter()
        .any(|mark| words.contains(mark))
    {
        Reason::BadHandle
    } else {
        Reason::Crashed { how: words.lines().next().unwrap_or_default().chars().take(300).collect() }
    }
}
