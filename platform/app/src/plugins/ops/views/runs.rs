//! Runs and rehearsals of plugins as their admins see them.

use crate::{
    plugins::{PluginMessageKind, PluginMessageState, PluginOccasion, PluginRehearsalId, PluginRunId, RehearsalState},
    projects::ProjectId,
};
use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// A run in a list.
#[derive(Clone, Debug, Object)]
pub struct PluginRunRow {
    /// Its id.
    pub id: PluginRunId,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it ran.
    pub occasion: PluginOccasion,
    /// What it was about, in a few words.
    pub about: String,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// Who tried it; else empty.
    pub asked_by: String,
    /// Of which version.
    pub version: String,
    /// It did what it should.
    pub ok: bool,
    /// Stable: `done`, `declined`, `fuel`, `time` and the like.
    pub outcome: String,
    /// How it ended, in words.
    pub words: String,
    /// Instructions used, about.
    pub fuel_used: u64,
    /// What it may use.
    pub fuel_limit: u64,
    /// The part of its fuel that was left, from 0 to 1.
    pub headroom: f64,
    /// From start to end, in microseconds.
    pub time_us: u64,
}

/// A run.
#[derive(Clone, Debug, Object)]
pub struct PluginRunView {
    /// As in the list.
    pub run: PluginRunRow,
    /// Computing, in microseconds.
    pub cpu_us: u64,
    /// The most memory it had, in bytes.
    pub memory_peak: u64,
    /// What it may have.
    pub memory_limit: u64,
    /// Bytes of its answer, about.
    pub output_bytes: u64,
    /// What it wrote.
    pub log: Vec<PluginLogLine>,
    /// It wrote more than is kept.
    pub log_cut: bool,
    /// What it asked for, in order.
    pub calls: Vec<PluginCall>,
    /// How often it asked, small things included.
    pub calls_total: u64,
    /// How many requests it sent.
    pub http_calls: u64,
    /// What it wanted sent or noted. Of a test nothing was.
    pub messages: Vec<PluginMessage>,
    /// It made a document that can be looked at.
    pub has_document: bool,
    /// It can be run again.
    pub replayable: bool,
}

/// A line of a run's log.
#[derive(Clone, Debug, Object)]
pub struct PluginLogLine {
    /// `debug`, `info`, `warning` or `error`.
    pub level: String,
    /// The line.
    pub message: String,
}

/// One thing that a run asked for.
#[derive(Clone, Debug, Object)]
pub struct PluginCall {
    /// What, as "read the project's household".
    pub what: String,
    /// Why it was not done; empty if it was.
    pub failure: String,
    /// How long it took, in microseconds.
    pub time_us: u64,
}

/// Something that a run wanted sent or noted.
#[derive(Clone, Debug, Object)]
pub struct PluginMessage {
    /// What kind of thing.
    pub kind: PluginMessageKind,
    /// To whom: `household`, `managers`, or a webhook's host; else empty.
    pub to: String,
    /// A subject or title; of a webhook its method and address.
    pub title: String,
    /// What it says; of a webhook what is sent, if it is text.
    pub text: String,
    /// What became of it; none of a test.
    pub state: Option<PluginMessageState>,
    /// Why it failed or waits; may be empty.
    pub detail: String,
}

/// A run that was run again.
#[derive(Clone, Debug, Object)]
pub struct PluginReplay {
    /// It ended as before, with the same bytes.
    pub same: bool,
    /// How it ended now, in words.
    pub words: String,
    /// SHA-256 of the recorded answer.
    pub recorded: Option<String>,
    /// SHA-256 of the answer now.
    pub now: Option<String>,
    /// Instructions used now, about.
    pub fuel_used: u64,
    /// From start to end now, in microseconds.
    pub time_us: u64,
}

/// A version over what has happened in the last 90 days, with nothing sent.
#[derive(Clone, Debug, Object)]
pub struct PluginRehearsal {
    /// Its id.
    pub id: PluginRehearsalId,
    /// Of which version.
    pub number: i32,
    /// As its author counts.
    pub version: String,
    /// Compared with which version; none if none was in use.
    pub against: Option<String>,
    /// How far it has come.
    pub state: RehearsalState,
    /// Why it broke off; may be empty.
    pub reason: String,
    /// How many runs there are to do.
    pub total: i32,
    /// How many are done.
    pub done: i32,
    /// Those with the same answer as the version in use; without one, all that ended well.
    pub same: i32,
    /// Those with another answer.
    pub different: i32,
    /// Those that failed.
    pub failed: i32,
    /// The least part of its fuel that a run had left, from 0 to 1.
    pub least_headroom: Option<f64>,
    /// What differs or failed; the first 100.
    pub lines: Vec<RehearsalLine>,
    /// Who asked for it.
    pub asked_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it came to an end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// One run of a rehearsal that differs or failed.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct RehearsalLine {
    /// When what it is about happened.
    pub at: DateTime<Utc>,
    /// What it is about, in a few words.
    pub about: String,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// It failed.
    pub failed: bool,
    /// What the version in use does; may be empty.
    pub before: String,
    /// What the new one does.
    pub after: String,
    /// The part of its fuel that was left, from 0 to 1.
    pub headroom: f64,
}
