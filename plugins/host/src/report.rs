//! What a run came to, for the history that the company's admin reads.

use crate::{calls::Level, data::Output, reason::Reason};
use serde::{Deserialize, Serialize};

/// A run: its report, and its answer if it was not stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What it came to.
    pub report: Report,
    /// Its answer; only with [`Outcome::Done`].
    pub output: Option<Output>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// With an answer.
    Done,
    /// It said itself that it cannot, in these words.
    Declined {
        /// The plugin's own.
        message: String,
    },
    /// It was stopped, or did not begin.
    Stopped {
        /// Why.
        reason: Reason,
    },
}

impl Outcome {
    /// Stable: `done`, `declined` or the reason's code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Declined { .. } => "declined",
            Self::Stopped { reason } => reason.code(),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Done => "Finished.".to_owned(),
            Self::Declined { message } => format!("The plugin said: {message}"),
            Self::Stopped { reason } => reason.words(),
        }
    }

    /// Whether the breaker counts it as a failure, as a success, or not at all (`None`).
    pub fn verdict(&self) -> Option<bool> {
        match self {
            Self::Done => Some(true),
            Self::Declined { .. } => Some(false),
            Self::Stopped { reason } => reason.is_plugins_fault().then_some(false),
        }
    }
}

/// What a run used, wrote and asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Instructions used, about.
    pub fuel_used: u64,
    /// What it may use.
    pub fuel_limit: u64,
    /// Computing, in microseconds.
    pub cpu_us: u64,
    /// From start to end, in microseconds.
    pub time_us: u64,
    /// The most memory it had, in bytes.
    pub memory_peak: u64,
    /// What it may have.
    pub memory_limit: u64,
    /// Bytes of its answer, about.
    pub output_bytes: u64,
    /// What it wrote.
    pub log: Vec<LogLine>,
    /// It wrote more than is kept.
    pub log_cut: bool,
    /// What it asked for, in order; the first 200.
    pub calls: Vec<CallLine>,
    /// How often it asked, small things included.
    pub calls_total: u64,
    /// How many requests it sent.
    pub http_calls: u64,
}

impl Report {
    /// The part of its fuel that is left, from 0 to 1.
    pub fn headroom(&self) -> f64 {
        match self.fuel_limit {
            0 => 0.0,
            limit => 1.0 - (self.fuel_used.min(limit) as f64 / limit as f64),
        }
    }
}

/// A line of a run's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// How much it matters.
    pub level: Level,
    /// The line.
    pub message: String,
}

/// One thing that a run asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLine {
    /// What, as "read the project's household".
    pub what: String,
    /// Why it was not done, if it was not.
    pub failure: Option<String>,
    /// How long it took, in microseconds.
    pub time_us: u64,
}
