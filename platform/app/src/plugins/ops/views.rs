//! Plugins as their admins see them.

mod operators;
mod runs;

pub use operators::{OperatorInstall, OperatorPlugin, OperatorPlugins, PluginStop};
pub use runs::{PluginCall, PluginLogLine, PluginMessage, PluginRehearsal, PluginReplay, PluginRunRow, PluginRunView, RehearsalLine};

use crate::plugins::{PluginId, PluginMessageId, PluginRunId, PluginState, PluginWantKind, PluginWorld};
use crate::projects::ProjectId;
use chrono::{DateTime, Utc};
use poem_openapi::{Object, types::Any};
use serde_json::Value;

/// The company's plugins, and how many of what it may have.
#[derive(Clone, Debug, Object)]
pub struct Plugins {
    /// By title.
    pub items: Vec<PluginRow>,
    /// How many plugins the plan allows.
    pub max_plugins: u32,
    /// Runs of the last 24 hours, tests left out.
    pub runs: i64,
    /// How many of them the plan allows.
    pub max_runs: u32,
    /// What plugins have to say to the team, the newest first; at most 20.
    pub notices: Vec<PluginNotice>,
}

/// A plugin in a list.
#[derive(Clone, Debug, Object)]
pub struct PluginRow {
    /// Its id.
    pub id: PluginId,
    /// Its stable name.
    pub name: String,
    /// For people.
    pub title: String,
    /// What it does.
    pub description: String,
    /// What it is for.
    pub world: PluginWorld,
    /// Where it stands.
    pub state: PluginState,
    /// Why it failed or was stopped; may be empty.
    pub reason: String,
    /// The version in use.
    pub version: Option<String>,
    /// A newer version that waits for approval.
    pub waiting_version: Option<String>,
    /// Runs of the last 24 hours, tests left out.
    pub runs: i64,
    /// Those of them that failed.
    pub failures: i64,
    /// The last time that it ran.
    pub last_run_at: Option<DateTime<Utc>>,
}

/// A line from a plugin to the team.
#[derive(Clone, Debug, Object)]
pub struct PluginNotice {
    /// Its id.
    pub id: PluginMessageId,
    /// From which plugin.
    pub plugin_id: PluginId,
    /// The plugin's name.
    pub plugin: String,
    /// In which run.
    pub run_id: PluginRunId,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// About which project.
    pub project_id: Option<ProjectId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A plugin.
#[derive(Clone, Debug, Object)]
pub struct PluginView {
    /// Its id.
    pub id: PluginId,
    /// Its stable name.
    pub name: String,
    /// For people.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Who made it; may be empty.
    pub author: String,
    /// What it is for.
    pub world: PluginWorld,
    /// Where it stands.
    pub state: PluginState,
    /// Why it failed or was stopped; may be empty.
    pub reason: String,
    /// It is meant to run.
    pub enabled: bool,
    /// The number of the version in use.
    pub active: Option<i32>,
    /// The newest first.
    pub versions: Vec<PluginVersionView>,
    /// What the version in use may do.
    pub approval: Option<PluginApprovalView>,
    /// JSON Schema of the settings, of the version in use or else the newest: an object of texts, numbers, yes or no, choices (`enum`)
    /// and lists of texts, each with a title.
    pub settings_schema: Any<Value>,
    /// The settings, with the schema's defaults.
    pub settings: Any<Value>,
    /// What has to be filled in before it can run.
    pub settings_flaws: Vec<PluginSettingFlaw>,
    /// The secrets that it asks for.
    pub secrets: Vec<PluginSecret>,
    /// The events that it is made for.
    pub events: Vec<PluginEvent>,
    /// The documents that it can make.
    pub documents: Vec<PluginDocument>,
    /// What one run may use.
    pub limits: PluginLimits,
    /// Bytes that it remembers.
    pub remembered: i64,
    /// How many it may.
    pub max_remembered: i64,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What a version may do.
#[derive(Clone, Debug, Object)]
pub struct PluginApprovalView {
    /// It may read projects.
    pub projects: bool,
    /// It may remember things.
    pub kv: bool,
    /// The hosts that it may speak to.
    pub http: Vec<String>,
    /// The secrets that it may be given, by name.
    pub secrets: Vec<String>,
}

/// A version of a plugin.
#[derive(Clone, Debug, Object)]
pub struct PluginVersionView {
    /// From 1, by upload.
    pub number: i32,
    /// As its author counts.
    pub version: String,
    /// SHA-256 of the file, in hex.
    pub hash: String,
    /// Its size.
    pub bytes: i64,
    /// The version of the plugin contract.
    pub wit: String,
    /// What was checked, a sentence each.
    pub checks: Vec<String>,
    /// What it asks for.
    pub wants: Vec<PluginWant>,
    /// What it can never do, a few words each.
    pub never: Vec<String>,
    /// It is the one in use.
    pub in_use: bool,
    /// Why an operator stopped it everywhere; empty if none did.
    pub stopped: String,
    /// By whom.
    pub uploaded_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Something that a version asks for.
#[derive(Clone, Debug, Object)]
pub struct PluginWant {
    /// What kind of thing.
    pub kind: PluginWantKind,
    /// A host, or a secret's name; else empty.
    pub name: String,
    /// In a sentence, with its limits.
    pub words: String,
    /// The author's reason.
    pub why: String,
    /// The technical name.
    pub technical: String,
    /// The version in use does not have it: it did not ask for it, or was not given it.
    pub is_new: bool,
}

/// What is wrong with a setting.
#[derive(Clone, Debug, Object)]
pub struct PluginSettingFlaw {
    /// Its name; empty for all of them.
    pub name: String,
    /// In words.
    pub words: String,
}

/// A secret that a plugin asks for.
#[derive(Clone, Debug, Object)]
pub struct PluginSecret {
    /// Its name.
    pub name: String,
    /// For people.
    pub title: String,
    /// Where it may be sent.
    pub hosts: Vec<String>,
    /// The author's reason.
    pub why: String,
    /// It may be given to the plugin.
    pub approved: bool,
    /// When it was filled in.
    pub set_at: Option<DateTime<Utc>>,
    /// By whom; may be empty.
    pub set_by: String,
}

/// An event that a plugin is made for.
#[derive(Clone, Debug, Object)]
pub struct PluginEvent {
    /// Its kind, as `milestone.completed`.
    pub kind: String,
    /// It is heard.
    pub enabled: bool,
    /// There is such an event here.
    pub known: bool,
}

/// A document that a plugin can make.
#[derive(Clone, Debug, Object)]
pub struct PluginDocument {
    /// Its kind, as the plugin names it.
    pub kind: String,
    /// For people.
    pub title: String,
    /// The plugin makes it.
    pub enabled: bool,
    /// It takes the place of one that we make.
    pub replaces_ours: bool,
}

/// A document that a plugin of the company makes and we do not.
#[derive(Clone, Debug, Object)]
pub struct PluginDocumentKind {
    /// Its kind, as the plugin names it.
    pub kind: String,
    /// For people.
    pub title: String,
    /// The plugin's.
    pub plugin: String,
}

/// What one run may use.
#[derive(Clone, Debug, Object)]
pub struct PluginLimits {
    /// Instructions, about.
    pub fuel: u64,
    /// Bytes.
    pub memory: u64,
    /// Computing, in seconds.
    pub cpu_seconds: u64,
    /// From start to end, in seconds.
    pub seconds: u64,
    /// Requests to other services.
    pub http_calls: u64,
    /// Bytes of its answer.
    pub output: u64,
}

/// What an upload came to.
#[derive(Clone, Debug, Object)]
pub struct PluginUpload {
    /// The plugin, with the version that was uploaded.
    pub plugin: PluginView,
    /// The version's number.
    pub number: i32,
    /// It was there before; nothing has changed.
    pub known: bool,
}

impl From<plugin_host::Approval> for PluginApprovalView {
    fn from(given: plugin_host::Approval) -> Self {
        let (http, secrets) = (given.http.into_iter().collect(), given.secrets.into_iter().collect());
        Self { projects: given.projects, kv: given.kv, http, secrets }
    }
}
