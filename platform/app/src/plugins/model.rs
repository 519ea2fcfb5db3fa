//! The rows of plugins and their versions, their states, what comes in, and which events they may hear.

use super::PluginId;
use chrono::{DateTime, Utc};
use plugin_host::{Approval, Manifest, World, breaker::Breaker};
use poem_openapi::{Enum, Object};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Kinds of event that plugins may hear. What is about people of the team, sessions or the company's own settings is not among them, nor
/// what plugins do themselves.
pub const HEARD: &[&str] = &[
    "customer.created",
    "customer.invited",
    "project.created",
    "project.changed",
    "milestone.started",
    "milestone.completed",
    "milestone.reopened",
    "milestone.moved",
    "appointment.created",
    "appointment.changed",
    "appointment.cancelled",
    "appointment.confirmed",
    "appointment.move_asked",
    "update.posted",
    "photo.uploaded",
    "weather_delay.accepted",
    "weather_delay.withdrawn",
    "document.uploaded",
    "generated_document.ready",
];

/// Whether plugins may hear of such an event.
pub fn hears(kind: &str) -> bool {
    HEARD.contains(&kind)
}

/// Where a plugin stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginState {
    /// No version has been approved.
    New,
    /// Approved, and not enabled.
    Off,
    /// It runs.
    On,
    /// It kept failing and turned itself off; it is tried again.
    Failing,
    /// An operator has stopped the version in use everywhere.
    Stopped,
}

/// What a plugin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginWorld {
    /// It makes documents.
    DocumentGenerator,
    /// It sends messages when something happens.
    Notifier,
    /// It adds notes when something happens.
    EventHook,
}

impl From<World> for PluginWorld {
    fn from(world: World) -> Self {
        match world {
            World::DocumentGenerator => Self::DocumentGenerator,
            World::Notifier => Self::Notifier,
            World::EventHook => Self::EventHook,
        }
    }
}

/// What a plugin asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginWantKind {
    /// To read projects.
    Projects,
    /// To remember things.
    Kv,
    /// To speak to a host.
    Http,
    /// To be given a secret.
    Secret,
}

/// Why a plugin ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginOccasion {
    /// Something happened.
    Event,
    /// A document was made.
    Document,
    /// Somebody tried it; nothing was sent.
    Test,
}

/// What a plugin wanted done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginMessageKind {
    /// A mail to the household or the managers.
    Mail,
    /// A line in the console.
    Notice,
    /// A request to another service.
    Webhook,
    /// A note in a project's history.
    Note,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PluginMessageState {
    /// On its way.
    Queued,
    /// Done.
    Sent,
    /// It could not be done.
    Failed,
}

/// How far a rehearsal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RehearsalState {
    /// It waits for its turn.
    Queued,
    /// It is under way.
    Running,
    /// All has been tried.
    Done,
    /// It broke off.
    Failed,
}

/// The table `plugins`.
pub mod plugin {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "plugins")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PluginId,
        pub name: String,
        pub active: Option<i32>,
        pub enabled: bool,
        pub events: Vec<String>,
        pub documents: Vec<String>,
        pub approval: Json,
        pub settings: Json,
        pub breaker: Json,
        pub heard: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// What the admin approved of the version in use.
        pub fn approval(&self) -> Approval {
            serde_json::from_value(self.approval.clone()).unwrap_or_default()
        }

        /// Whether it keeps failing.
        pub fn breaker(&self) -> Breaker {
            serde_json::from_value(self.breaker.clone()).unwrap_or_default()
        }
    }
}

/// The table `plugin_versions`.
pub mod version {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "plugin_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub plugin_id: PluginId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub version: String,
        pub hash: String,
        pub bytes: i64,
        pub wit: String,
        pub manifest: Json,
        pub checks: Json,
        pub object_id: Uuid,
        pub sealed_header: Vec<u8>,
        pub uploaded_by: Option<Uuid>,
        pub uploaded_by_name: String,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// What it says of itself. It was checked when it was uploaded.
        pub fn manifest(&self) -> kernel::Result<Manifest> {
            serde_json::from_value(self.manifest.clone()).map_err(kernel::Problem::internal)
        }
    }
}

/// Which version is to be used, and what it may do: at most what it asks for.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PluginApproval {
    /// The version's number.
    pub number: i32,
    /// It may read projects.
    pub projects: bool,
    /// It may remember things.
    pub kv: bool,
    /// The hosts that it may speak to.
    pub http: Vec<String>,
    /// The secrets that it may be given, by name.
    pub secrets: Vec<String>,
}

impl From<&PluginApproval> for Approval {
    fn from(given: &PluginApproval) -> Self {
        Self {
            projects: given.projects,
            kv: given.kv,
            http: given.http.iter().cloned().collect(),
            secrets: given.secrets.iter().cloned().collect(),
        }
    }
}

/// When a plugin runs. Saved whole.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PluginEnabling {
    /// It runs at all. A plugin that turned itself off is on again.
    pub enabled: bool,
    /// The events that it hears, of those that it is made for.
    pub events: Vec<String>,
    /// The documents that it makes, of those that it can.
    pub documents: Vec<String>,
}

/// What a plugin is tried with.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PluginTest {
    /// On this project.
    pub project_id: crate::projects::ProjectId,
    /// As if this had just happened; of a plugin that hears events.
    pub event: Option<String>,
    /// This document; of a plugin that makes documents.
    pub document: Option<String>,
}

/// Why an operator stops a plugin.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PluginStopInput {
    /// In words that the companies read.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::WORDS;

    #[test]
    fn plugins_hear_of_events_that_there_are() {
        for kind in HEARD {
            assert!(WORDS.iter().any(|(known, _)| known == kind), "{kind}");
        }
        assert!(!HEARD.iter().any(|kind| kind.starts_with("plugin.")), "a plugin that hears of itself never ends");
    }
}
