//! The operations on keys themselves: make, describe, list, name, tag, turn off and delete.

use chrono::{Duration, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::blob;
use super::store::{Key, State, Store};
use super::wire::{Failure, Outcome, encode};
use crate::machine::now;

/// `CreateKey`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateKey {
    description: String,
    tags: Vec<Tag>,
    key_spec: String,
    key_usage: String,
}

impl Default for CreateKey {
    fn default() -> CreateKey {
        CreateKey {
            description: String::new(),
            tags: Vec::new(),
            key_spec: "SYMMETRIC_DEFAULT".into(),
            key_usage: "ENCRYPT_DECRYPT".into(),
        }
    }
}

/// One tag.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    tag_key: String,
    tag_value: String,
}

/// Operations that name just a key.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ByKey {
    key_id: String,
}

/// `ListKeys` and, with a key, `ListAliases`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    key_id: Option<String>,
    limit: Option<usize>,
    marker: Option<String>,
}

/// `CreateAlias`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAlias {
    alias_name: String,
    target_key_id: String,
}

/// `ScheduleKeyDeletion`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleKeyDeletion {
    key_id: String,
    pending_window_in_days: Option<i64>,
}

/// `TagResource`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TagResource {
    key_id: String,
    tags: Vec<Tag>,
}

/// Makes a symmetric key.
pub fn create(store: &Store, input: CreateKey) -> Outcome {
    if input.key_spec != "SYMMETRIC_DEFAULT" || input.key_usage != "ENCRYPT_DECRYPT" {
        return Err(Failure::new("UnsupportedOperationException", "only symmetric keys for encryption are kept here"));
    }
    if input.description.len() > 8192 {
        return Err(Failure::validation("the description is too long"));
    }
    let mut material = [0; 32];
    blob::fill(&mut material)?;
    let mut key = Key {
        id: Uuid::new_v4(),
        material: encode(&material),
        description: input.description,
        state: State::Enabled,
        created_at: now(),
        deleted_at: None,
        tags: Default::default(),
    };
    add_tags(&mut key, input.tags)?;
    store.change(|data| {
        data.keys.insert(key.id, key.clone());
        Ok(json!({ "KeyMetadata": metadata(store, &key) }))
    })
}

/// What is known of a key.
pub fn describe(store: &Store, input: ByKey) -> Outcome {
    Ok(json!({ "KeyMetadata": metadata(store, &store.find(&input.key_id)?) }))
}

/// All keys, a page at a time.
pub fn list(store: &Store, input: Page) -> Outcome {
    let rows = store.read(|data| {
        let row = |id: &Uuid| (id.to_string(), json!({ "KeyId": id, "KeyArn": store.arn(*id) }));
        data.keys.keys().map(row).collect::<Vec<_>>()
    });
    page("Keys", rows, input.limit.unwrap_or(100), input.marker)
}

/// Names a key.
pub fn create_alias(store: &Store, input: CreateAlias) -> Outcome {
    let name = input.alias_name;
    let plain = name.strip_prefix("alias/").unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    if plain.is_empty() || name.len() > 256 || plain.starts_with("aws/") || !plain.chars().all(allowed) {
        return Err(Failure::new("InvalidAliasNameException", "an alias reads alias/ and then letters, digits, / _ -"));
    }
    store.change(|data| {
        let id = store.resolve(data, &input.target_key_id)?;
        if data.keys.get(&id).is_some_and(|key| key.state == State::PendingDeletion) {
            return Err(store.pending(id));
        }
        if data.aliases.contains_key(&name) {
            let words = format!("An alias with the name {} already exists", store.alias_arn(&name));
            return Err(Failure::new("AlreadyExistsException", words));
        }
        data.aliases.insert(name, id);
        Ok(Value::Null)
    })
}

/// All aliases, or those of one key.
pub fn list_aliases(store: &Store, input: Page) -> Outcome {
    let rows = store.read(|data| {
        let only = input.key_id.as_deref().map(|key| store.resolve(data, key)).transpose()?;
        let rows = data.aliases.iter().filter(|(_, id)| only.is_none_or(|only| only == **id));
        let row = |(name, id): (&String, &Uuid)| {
            (name.clone(), json!({ "AliasName": name, "AliasArn": store.alias_arn(name), "TargetKeyId": id }))
        };
        Ok(rows.map(row).collect::<Vec<_>>())
    })?;
    page("Aliases", rows, input.limit.unwrap_or(50), input.marker)
}

/// `EnableKey` and `DisableKey`.
pub fn set_enabled(store: &Store, input: ByKey, enabled: bool) -> Outcome {
    store.set_enabled(&input.key_id, enabled).map(|()| Value::Null)
}

/// Takes a key out of use and sets the day it goes.
pub fn schedule_deletion(store: &Store, input: ScheduleKeyDeletion) -> Outcome {
    let days = input.pending_window_in_days.unwrap_or(30);
    if !(7..=30).contains(&days) {
        return Err(Failure::validation("PendingWindowInDays is between 7 and 30"));
    }
    store.change_key(&input.key_id, |key| {
        if key.state == State::PendingDeletion {
            return Err(store.pending(key.id));
        }
        let at = now() + Duration::days(days);
        key.state = State::PendingDeletion;
        key.deleted_at = Some(at);
        Ok(json!({
            "KeyId": store.arn(key.id),
            "DeletionDate": seconds(at),
            "KeyState": "PendingDeletion",
            "PendingWindowInDays": days,
        }))
    })
}

/// Keeps a key after all; it comes back disabled.
pub fn cancel_deletion(store: &Store, input: ByKey) -> Outcome {
    store.change_key(&input.key_id, |key| {
        if key.state != State::PendingDeletion {
            let words = format!("{} is not pending deletion.", store.arn(key.id));
            return Err(Failure::new("KMSInvalidStateException", words));
        }
        key.state = State::Disabled;
        key.deleted_at = None;
        Ok(json!({ "KeyId": store.arn(key.id) }))
    })
}

/// Adds or replaces tags.
pub fn tag(store: &Store, input: TagResource) -> Outcome {
    store.change_key(&input.key_id, |key| {
        if key.state == State::PendingDeletion {
            return Err(store.pending(key.id));
        }
        add_tags(key, input.tags).map(|()| Value::Null)
    })
}

/// The tags of a key.
pub fn list_tags(store: &Store, input: Page) -> Outcome {
    let key = store.find(input.key_id.as_deref().unwrap_or_default())?;
    let row = |(name, value): (&String, &String)| (name.clone(), json!({ "TagKey": name, "TagValue": value }));
    page("Tags", key.tags.iter().map(row).collect(), input.limit.unwrap_or(50), input.marker)
}

fn add_tags(key: &mut Key, tags: Vec<Tag>) -> Result<(), Failure> {
    for tag in tags {
        let reserved = tag.tag_key.to_ascii_lowercase().starts_with("aws:");
        if tag.tag_key.is_empty() || tag.tag_key.len() > 128 || tag.tag_value.len() > 256 || reserved {
            return Err(Failure::new("TagException", "a tag has a name of 1 to 128 and a value of up to 256 characters"));
        }
        key.tags.insert(tag.tag_key, tag.tag_value);
    }
    if key.tags.len() > 50 {
        return Err(Failure::new("LimitExceededException", "a key has at most 50 tags"));
    }
    Ok(())
}

/// Cuts rows, sorted by their name, after the marker and at the limit.
fn page(member: &str, rows: Vec<(String, Value)>, limit: usize, marker: Option<String>) -> Outcome {
    let limit = limit.clamp(1, 1000);
    let mut left = rows.into_iter().filter(|(name, _)| marker.as_ref().is_none_or(|marker| name > marker)).peekable();
    let mut shown = Vec::new();
    let mut last = None;
    while shown.len() < limit
        && let Some((name, row)) = left.next()
    {
        last = Some(name);
        shown.push(row);
    }
    let mut answer = json!({ member: shown, "Truncated": left.peek().is_some() });
    if left.peek().is_some() {
        answer["NextMarker"] = json!(last);
    }
    Ok(answer)
}

fn metadata(store: &Store, key: &Key) -> Value {
    let mut metadata = json!({
        "AWSAccountId": store.account(),
        "KeyId": key.id,
        "Arn": store.arn(key.id),
        "CreationDate": seconds(key.created_at),
        "Enabled": key.state == State::Enabled,
        "Description": key.description,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": key.state,
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": false,
    });
    if let Some(at) = key.deleted_at {
        metadata["DeletionDate"] = json!(seconds(at));
    }
    metadata
}

/// Times are seconds since 1970 with a fraction.
fn seconds(at: chrono::DateTime<Utc>) -> f64 {
    at.timestamp_millis() as f64 / 1000.0
}
