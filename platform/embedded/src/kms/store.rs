//! The keys, their states, aliases and tags: in memory, and before any answer in one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::wire::Failure;
use crate::folder::write_atomic;
use crate::machine::now;

/// What a key may be used for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// For everything.
    Enabled,
    /// For nothing until it is enabled.
    Disabled,
    /// For nothing; gone after its date.
    PendingDeletion,
}

/// One key.
#[derive(Clone, Serialize, Deserialize)]
pub struct Key {
    /// Its id; the last part of its ARN.
    pub id: Uuid,
    /// The secret, in base64.
    pub material: String,
    /// Words of whoever made it.
    pub description: String,
    /// Its state.
    pub state: State,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it goes, while deletion is pending.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// Everything in the file.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Data {
    /// By id.
    pub keys: BTreeMap<Uuid, Key>,
    /// From `alias/<name>` to the id of a key.
    pub aliases: BTreeMap<String, Uuid>,
}

/// The file and what it says.
pub struct Store {
    path: PathBuf,
    prefix: String,
    data: Mutex<Data>,
}

impl Store {
    /// Reads the folder's file, or begins an empty one.
    pub fn open(dir: &Path, region: &str, account: &str) -> anyhow::Result<Store> {
        let path = dir.join("keys.json");
        let data = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| format!("{} cannot be read", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Data::default(),
            Err(error) => return Err(error).with_context(|| format!("cannot open {}", path.display())),
        };
        Ok(Store { path, prefix: format!("arn:aws:kms:{region}:{account}:"), data: Mutex::new(data) })
    }

    fn lock(&self) -> MutexGuard<'_, Data> {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        let Data { keys, aliases } = &mut *data;
        keys.retain(|_, key| key.deleted_at.is_none_or(|at| at > now));
        aliases.retain(|_, id| keys.contains_key(id));
        data
    }

    /// Looks something up.
    pub fn read<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        look(&self.lock())
    }

    /// Changes something; the change is on the disk before it is seen, or it did not happen.
    pub fn change<T>(&self, change: impl FnOnce(&mut Data) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut data = self.lock();
        let mut next = data.clone();
        let answer = change(&mut next)?;
        let bytes = serde_json::to_vec_pretty(&next).map_err(|error| Failure::internal(error.to_string()))?;
        write_atomic(&self.path, &bytes).map_err(|error| Failure::internal(error.to_string()))?;
        *data = next;
        Ok(answer)
    }

    /// The ARN of a key.
    pub fn arn(&self, id: Uuid) -> String {
        format!("{}key/{id}", self.prefix)
    }

    /// The ARN of an alias.
    pub fn alias_arn(&self, alias: &str) -> String {
        format!("{}{alias}", self.prefix)
    }

    /// The account in the ARNs.
    pub fn account(&self) -> &str {
        self.prefix.trim_end_matches(':').rsplit(':').next().unwrap_or_default()
    }

    /// The id behind an id, an ARN, an alias or an alias ARN.
    pub fn resolve(&self, data: &Data, reference: &str) -> Result<Uuid, Failure> {
        let name = match reference.strip_prefix(&self.prefix) {
            Some(local) => local.strip_prefix("key/").unwrap_or(local),
            None => reference,
        };
        let id = if name.starts_with("alias/") { data.aliases.get(name).copied() } else { Uuid::parse_str(name).ok() };
        id.filter(|id| data.keys.contains_key(id)).ok_or_else(|| match reference.starts_with("alias/") {
            true => Failure::not_found(&format!("Alias {}", self.alias_arn(reference))),
            false if reference.starts_with("arn:") => Failure::not_found(&format!("Key '{reference}'")),
            false => Failure::not_found(&format!("Key '{}key/{reference}'", self.prefix)),
        })
    }

    /// A copy of the key behind a reference, in whatever state.
    pub fn find(&self, reference: &str) -> Result<Key, Failure> {
        self.read(|data| {
            let id = self.resolve(data, reference)?;
            data.keys.get(&id).cloned().ok_or_else(|| Failure::not_found(reference))
        })
    }

    /// A copy of the key behind a reference, if it may be used now.
    pub fn usable(&self, reference: &str) -> Result<Key, Failure> {
        let key = self.find(reference)?;
        match key.state {
            State::Enabled => Ok(key),
            State::Disabled => Err(Failure::new("DisabledException", format!("{} is disabled.", self.arn(key.id)))),
            State::PendingDeletion => Err(self.pending(key.id)),
        }
    }

    /// The error for a key whose deletion is pending.
    pub fn pending(&self, id: Uuid) -> Failure {
        Failure::new("KMSInvalidStateException", format!("{} is pending deletion.", self.arn(id)))
    }

    /// Changes one key.
    pub fn change_key<T>(&self, reference: &str, change: impl FnOnce(&mut Key) -> Result<T, Failure>) -> Result<T, Failure> {
        self.change(|data| {
            let id = self.resolve(data, reference)?;
            let key = data.keys.get_mut(&id).ok_or_else(|| Failure::not_found(reference))?;
            change(key)
        })
    }

    /// Turns a key on or off.
    pub fn set_enabled(&self, reference: &str, enabled: bool) -> Result<(), Failure> {
        self.change_key(reference, |key| {
            if key.state == State::PendingDeletion {
                return Err(self.pending(key.id));
            }
            key.state = if enabled { State::Enabled } else { State::Disabled };
            Ok(())
        })
    }
}
