//! Every way in which a plugin is stopped or refused: a stable code, and words that an office manager understands.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a run was stopped. Nothing of a stopped run is kept but its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// It used up its instructions.
    Fuel,
    /// It computed too long.
    CpuTime,
    /// It took too long, waiting included.
    Time,
    /// It wanted too much memory.
    Memory,
    /// It wanted too large a table.
    Tables,
    /// It asked the host too often.
    TooManyCalls,
    /// It handed the host too much at once.
    TooMuchAtOnce,
    /// Its answer is too large.
    OutputTooLarge,
    /// Its answer is not what it should be.
    BadOutput {
        /// What is wrong with it.
        what: String,
    },
    /// It used a handle that is not, or no longer, its own.
    BadHandle,
    /// It called itself too deep.
    StackOverflow,
    /// It crashed.
    Crashed {
        /// How, for its author.
        how: String,
    },
    /// The replayed run asks something else than the recorded one did.
    Diverged {
        /// Where.
        at: String,
    },
    /// What it was asked is not in its manifest, or a recording cannot be replayed.
    NotForIt {
        /// What does not fit.
        what: String,
    },
    /// Too many runs at once; this one did not begin.
    Busy,
    /// The host could not run it.
    Host {
        /// For the operator; never shown to a company.
        detail: String,
    },
}

impl Reason {
    /// Stable; for lists and programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::CpuTime => "cpu-time",
            Self::Time => "time",
            Self::Memory => "memory",
            Self::Tables => "tables",
            Self::TooManyCalls => "too-many-calls",
            Self::TooMuchAtOnce => "too-much-at-once",
            Self::OutputTooLarge => "output-too-large",
            Self::BadOutput { .. } => "bad-output",
            Self::BadHandle => "bad-handle",
            Self::StackOverflow => "stack-overflow",
            Self::Crashed { .. } => "crashed",
            Self::Diverged { .. } => "diverged",
            Self::NotForIt { .. } => "not-for-it",
            Self::Busy => "busy",
            Self::Host { .. } => "host",
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        let why = match self {
            Self::Fuel => "it used up its fuel",
            Self::CpuTime => "it computed for longer than it may",
            Self::Time => "it took longer than it may",
            Self::Memory => "it wanted more memory than it may have",
            Self::Tables => "it wanted larger tables than it may have",
            Self::TooManyCalls => "it asked for something too often",
            Self::TooMuchAtOnce => "it handed over more at once than it may",
            Self::OutputTooLarge => "its answer is larger than it may be",
            Self::BadOutput { what } => return format!("Stopped: its answer cannot be used: {what}. Nothing was saved."),
            Self::BadHandle => "it used something that it was not given, or had given back",
            Self::StackOverflow => "it called itself without end",
            Self::Crashed { .. } => "it crashed",
            Self::Diverged { at } => return format!("Stopped: this run differs from the recorded one at {at}."),
            Self::NotForIt { what } => return format!("Not started: {what}."),
            Self::Busy => return "Not started: other runs of your plugins are still going on. It can be tried again.".to_owned(),
            Self::Host { .. } => {
                return "Not finished: the fault is ours and not the plugin's. Nothing was saved; it can be tried again.".to_owned();
            }
        };
        format!("Stopped: {why}. Nothing was saved.")
    }

    /// Whether it counts against the plugin. What the host did wrong, and what never began, does not.
    pub fn is_plugins_fault(&self) -> bool {
        !matches!(self, Self::Busy | Self::Host { .. } | Self::NotForIt { .. } | Self::Diverged { .. })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

/// Why a file is not taken as a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{words}")]
pub struct Refusal {
    /// Stable; for programs.
    pub code: RefusalCode,
    /// For the one who uploaded it.
    pub words: String,
    /// For the plugin's author; may be empty.
    pub detail: String,
}

impl Refusal {
    pub(crate) fn new(code: RefusalCode, words: impl Into<String>) -> Self {
        Self { code, words: words.into(), detail: String::new() }
    }

    pub(crate) fn detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = detail.to_string();
        self
    }
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// Larger than it may be.
    TooLarge,
    /// No WebAssembly at all.
    NotWasm,
    /// Machine code.
    Precompiled,
    /// A core module, no component.
    CoreModule,
    /// Damaged.
    Invalid,
    /// No manifest in it.
    NoManifest,
    /// The manifest has mistakes.
    BadManifest,
    /// Wants something that no plugin gets.
    UnknownImport,
    /// Made for a version of the contract that this host has not.
    UnknownVersion,
    /// Offers nothing that this host calls, or several things.
    NoWorld,
    /// Uses something that its manifest does not ask for.
    NotDeclared,
    /// Takes too long to translate.
    CompileTime,
    /// Takes too much memory to translate.
    CompileMemory,
    /// Its translation is too large.
    CompileSize,
    /// Its functions are not of the contract's types.
    DoesNotFit,
    /// Cannot be started.
    DoesNotStart,
    /// The host could not look at it; the same file may be tried again.
    Host,
}

impl RefusalCode {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotWasm => "not-wasm",
            Self::Precompiled => "precompiled",
            Self::CoreModule => "core-module",
            Self::Invalid => "invalid",
            Self::NoManifest => "no-manifest",
            Self::BadManifest => "bad-manifest",
            Self::UnknownImport => "unknown-import",
            Self::UnknownVersion => "unknown-version",
            Self::NoWorld => "no-world",
            Self::NotDeclared => "not-declared",
            Self::CompileTime => "compile-time",
            Self::CompileMemory => "compile-memory",
            Self::CompileSize => "compile-size",
            Self::DoesNotFit => "does-not-fit",
            Self::DoesNotStart => "does-not-start",
            Self::Host => "host",
        }
    }
}
