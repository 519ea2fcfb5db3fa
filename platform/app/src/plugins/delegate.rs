//! What plugins may ask of the product, for one plugin of one company: the only way in. Everything is asked as that plugin
//! ([`Actor::Plugin`]), of the operations that serve people, and only what the household may see.

mod memory;
mod projects;

pub(super) use memory::remembered;

use super::{PluginId, model::version, ops::bytes_of};
use async_trait::async_trait;
use kernel::{Actor, Caller, Problem, problem::Kind};
use plugin_host::{
    Recording, Run,
    delegate::{Delegate, Failure, FailureCode, KeyValue, Projects, RunRecords, Secrets, Uploads},
};
use std::sync::{Arc, Mutex, PoisonError};

/// How much a plugin may remember, in bytes: keys and values together.
pub(super) const MOST_REMEMBERED: i64 = 1 << 20;

/// Answers one plugin.
pub(super) struct Desk {
    caller: Caller,
    plugin: PluginId,
    version: version::Model,
}

impl Desk {
    /// For a version of a plugin; `title` is what its doings are noted under.
    pub fn new(caller: &Caller, version: version::Model, title: &str) -> Arc<Self> {
        let plugin = version.plugin_id;
        let caller = caller.acting_as(Actor::Plugin { id: plugin.0, name: title.to_owned() });
        Arc::new(Self { caller, plugin, version })
    }

    /// All of it as the host takes it, and where the run's recording will be.
    pub fn delegate(self: &Arc<Self>, dry: bool) -> (Delegate, Arc<Kept>) {
        let kept = Arc::new(Kept::default());
        let delegate = Delegate {
            uploads: Arc::clone(self) as Arc<dyn Uploads>,
            projects: Arc::clone(self) as Arc<dyn Projects>,
            kv: Arc::clone(self) as Arc<dyn KeyValue>,
            secrets: Arc::clone(self) as Arc<dyn Secrets>,
            records: Arc::clone(&kept) as Arc<dyn RunRecords>,
            dry,
        };
        (delegate, kept)
    }
}

#[async_trait]
impl Uploads for Desk {
    async fn component(&self, hash: &str) -> Result<Vec<u8>, Failure> {
        if hash != self.version.hash {
            return Err(Failure::new(FailureCode::NotFound, "That is another plugin's component."));
        }
        bytes_of(&self.caller, &self.version).await.map_err(failure)
    }
}

/// Holds a run's recording until the run is written down.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<Recording>>);

impl Kept {
    /// The recording, once.
    pub fn take(&self) -> Option<Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[async_trait]
impl RunRecords for Kept {
    async fn keep(&self, _: &Run, recording: &Recording) -> Result<(), Failure> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(recording.clone());
        Ok(())
    }
}

/// What a plugin is told of a problem: nothing of how we are built.
fn failure(problem: Problem) -> Failure {
    match problem.kind() {
        Kind::NotFound | Kind::Forbidden => Failure::new(FailureCode::NotFound, "There is no such thing."),
        _ => {
            problem.log();
            Failure::new(FailureCode::Unavailable, "This cannot be answered at the moment.")
        }
    }
}
