//! Plugins of all companies as operators see them.

use chrono::{DateTime, Utc};
use poem_openapi::Object;

/// All plugins of all companies, for operators: one entry a component.
#[derive(Clone, Debug, Object)]
pub struct OperatorPlugins {
    /// Those with the newest failures first.
    pub items: Vec<OperatorPlugin>,
}

/// A component, and who has it.
#[derive(Clone, Debug, Object)]
pub struct OperatorPlugin {
    /// SHA-256 of the file, in hex.
    pub hash: String,
    /// Its stable name.
    pub name: String,
    /// For people.
    pub title: String,
    /// As its author counts.
    pub version: String,
    /// It is stopped everywhere.
    pub stop: Option<PluginStop>,
    /// Who has it in use.
    pub installs: Vec<OperatorInstall>,
}

/// That a component is stopped everywhere.
#[derive(Clone, Debug, Object)]
pub struct PluginStop {
    /// In words that the companies read.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A company that has a component in use.
#[derive(Clone, Debug, Object)]
pub struct OperatorInstall {
    /// Which company.
    pub tenant_id: uuid::Uuid,
    /// Its name.
    pub company: String,
    /// Its subdomain.
    pub subdomain: String,
    /// It is meant to run.
    pub enabled: bool,
    /// Why it turned itself off; may be empty.
    pub off_reason: String,
    /// All its runs, tests left out.
    pub runs: i64,
    /// Those of them that failed.
    pub failures: i64,
    /// The last one.
    pub last_run_at: Option<DateTime<Utc>>,
    /// The last one that failed.
    pub last_failure_at: Option<DateTime<Utc>>,
    /// How that ended, in words; may be empty.
    pub last_failure: String,
}
