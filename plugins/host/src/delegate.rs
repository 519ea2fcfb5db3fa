//! What the product does for plugins. Each is implemented for one install: whoever implements it has fixed tenant and plugin.

use crate::{
    data::{Company, Milestone, Person, Photo, ProjectDetails, ProjectDocument, Visit},
    record::Recording,
    report::Run,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// Why something was not done. The plugin is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Which kind.
    pub code: FailureCode,
    /// In words for the plugin's author.
    pub message: String,
}

impl Failure {
    /// A failure in words.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The kinds of failure, as the contract has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCode {
    /// Not asked for, or not approved.
    NotGranted,
    /// No such thing, or none of this company's.
    NotFound,
    /// The handle's project may not be read any more.
    Stale,
    /// Malformed.
    Invalid,
    /// The plugin's share is used up.
    OverLimit,
    /// Took longer than one call may.
    TimedOut,
    /// The other side or the product cannot answer at present.
    Unavailable,
}

/// A part of what is known about a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Its head.
    Details,
    /// The people.
    Household,
    /// The schedule.
    Milestones,
    /// Who comes when.
    Visits,
    /// Pictures' captions.
    Photos,
    /// Papers' titles.
    Documents,
}

/// A part that was read: the variant is the part that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartData {
    /// Its head.
    Details(ProjectDetails),
    /// The people.
    Household(Vec<Person>),
    /// The schedule.
    Milestones(Vec<Milestone>),
    /// Who comes when.
    Visits(Vec<Visit>),
    /// Pictures' captions.
    Photos(Vec<Photo>),
    /// Papers' titles.
    Documents(Vec<ProjectDocument>),
}

/// The projects of one company. What is not visible to the plugin is [`FailureCode::NotFound`], whatever the reason.
#[async_trait]
pub trait Projects: Send + Sync {
    /// The company itself.
    async fn company(&self) -> Result<Company, Failure>;
    /// Whether this company has such a project. The id is whatever the plugin wrote.
    async fn open(&self, id: &str) -> Result<(), Failure>;
    /// A part of a project that was opened in this run; [`FailureCode::Stale`] if it may not be read any more.
    async fn read(&self, id: &str, part: Part) -> Result<PartData, Failure>;
}

/// What one install remembers. The product bounds how much: [`FailureCode::OverLimit`]. A key has at most 256 bytes and a value
/// 64 KiB; the host has checked that.
#[async_trait]
pub trait KeyValue: Send + Sync {
    /// The value.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Failure>;
    /// Stores or replaces.
    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), Failure>;
    /// Removes; a key that is not there is fine.
    async fn delete(&self, key: &str) -> Result<(), Failure>;
    /// Keys with this beginning, sorted, at most so many.
    async fn list(&self, prefix: &str, most: usize) -> Result<Vec<String>, Failure>;
}

/// A secret's value. It shows in no log and in no recording.
#[derive(Clone)]
pub struct SecretValue(String);

impl SecretValue {
    /// Takes it into keeping.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The secrets of one install. Values go into requests and nowhere else.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The names that the admin has filled in.
    async fn names(&self) -> Result<Vec<String>, Failure>;
    /// One value.
    async fn value(&self, name: &str) -> Result<Option<SecretValue>, Failure>;
}

/// Where runs are kept: for the history, and to be replayed.
#[async_trait]
pub trait RunRecords: Send + Sync {
    /// Keeps one. A failure is logged and changes nothing for the run.
    async fn keep(&self, run: &Run, recording: &Recording) -> Result<(), Failure>;
}

/// Where uploaded components are kept.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// The component of this SHA-256 (hexadecimal), as it was uploaded. Asked only when its translation is not at hand.
    async fn component(&self, hash: &str) -> Result<Vec<u8>, Failure>;
}

/// All that a run of one install may ask of the product.
#[derive(Clone)]
pub struct Delegate {
    /// Where its component is.
    pub uploads: Arc<dyn Uploads>,
    /// Its company's projects.
    pub projects: Arc<dyn Projects>,
    /// What it remembers.
    pub kv: Arc<dyn KeyValue>,
    /// Its secrets.
    pub secrets: Arc<dyn Secrets>,
    /// Where its runs are kept.
    pub records: Arc<dyn RunRecords>,
    /// Nothing leaves: requests are answered with [`FailureCode::Unavailable`] and stores are forgotten. For a test run and a rehearsal.
    pub dry: bool,
}
