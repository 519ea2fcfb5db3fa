//! An entry of the log as people read it, and the pure rules of the chain.

use crate::events::WORDS;
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use kernel::event::{Recorded, expected_hash};
use poem_openapi::{Object, types::Any};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Something that happened.
#[derive(Clone, Debug, Object)]
pub struct AuditEntry {
    /// From 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: AuditActor,
    /// What, such as `document.read`.
    pub kind: String,
    /// What, in words that follow the actor's name.
    pub words: String,
    /// What it was about.
    pub subject: AuditSubject,
    /// In which project.
    pub project_id: Option<Uuid>,
    /// From which IP address.
    pub address: String,
    /// With which browser and system.
    pub device: String,
    /// In which request; the reference in problems and logs.
    pub request_id: String,
    /// What else was kept.
    pub data: BTreeMap<String, Any<Value>>,
    /// The entry's hash in hex.
    pub hash: String,
}

/// Who did something.
#[derive(Clone, Debug, Object)]
pub struct AuditActor {
    /// `staff`, `customer`, `operator`, `system`, `plugin` or `anonymous`.
    pub kind: String,
    /// Who.
    pub id: Option<Uuid>,
    /// Their name then.
    pub name: String,
}

/// What something was about.
#[derive(Clone, Debug, Object)]
pub struct AuditSubject {
    /// For example `document`.
    pub kind: String,
    /// Which.
    pub id: Option<Uuid>,
}

impl From<Recorded> for AuditEntry {
    fn from(row: Recorded) -> Self {
        let data: Map<String, Value> = serde_json::from_str(&row.data).unwrap_or_default();
        Self {
            seq: row.seq,
            at: row.at,
            actor: AuditActor { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
            words: words(&row.kind, &data),
            kind: row.kind,
            subject: AuditSubject { kind: row.subject_kind, id: row.subject_id },
            project_id: row.project_id,
            address: row.address,
            device: row.device,
            request_id: row.request_id,
            data: data.into_iter().map(|(name, value)| (name, Any(value))).collect(),
            hash: HEXLOWER.encode(&row.hash),
        }
    }
}

/// Something that happened in a project, as its team reads it.
#[derive(Clone, Debug, Object)]
pub struct ActivityEntry {
    /// Its number among all events of the company.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `staff`, `customer`, `system` or `plugin`.
    pub actor_kind: String,
    /// Their name then.
    pub actor_name: String,
    /// What, such as `milestone.completed`.
    pub kind: String,
    /// What, in words that follow the actor's name.
    pub words: String,
    /// The kind of what it was about.
    pub subject_kind: String,
    /// Which.
    pub subject_id: Option<Uuid>,
}

impl From<Recorded> for ActivityEntry {
    fn from(row: Recorded) -> Self {
        let data: Map<String, Value> = serde_json::from_str(&row.data).unwrap_or_default();
        Self {
            seq: row.seq,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_name: row.actor_name,
            words: words(&row.kind, &data),
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
        }
    }
}

/// Who did what, as one sentence.
pub fn sentence(row: &Recorded) -> String {
    let data: Map<String, Value> = serde_json::from_str(&row.data).unwrap_or_default();
    format!("{} {}.", row.actor_name, words(&row.kind, &data))
}

/// The words of a kind with its fields filled in; a kind that is no longer known says its own name.
fn words(kind: &str, data: &Map<String, Value>) -> String {
    let known = WORDS.iter().find(|(k, _)| *k == kind);
    known.map_or_else(|| kind.to_owned(), |(_, template)| fill(template, data))
}

fn fill(template: &str, data: &Map<String, Value>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((field, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        match data.get(field) {
            Some(Value::String(text)) => out.push_str(text),
            Some(Value::Null) | None => out.push('?'),
            Some(other) => out.push_str(&other.to_string()),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The chain up to a row.
pub struct Chain {
    /// The last row that fits.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl Chain {
    /// Before the first row.
    pub fn new() -> Self {
        Self { seq: 0, hash: vec![0; 32] }
    }

    /// Takes the next row if it follows without a gap and is as it was written.
    pub fn follow(&mut self, row: &Recorded) -> bool {
        let fits = row.seq == self.seq + 1 && row.prev_hash == self.hash && row.hash == expected_hash(&self.hash, row);
        if fits {
            self.seq = row.seq;
            self.hash.clone_from(&row.hash);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(chain: &Chain, name: &str) -> Recorded {
        let mut row = Recorded {
            seq: chain.seq + 1,
            at: DateTime::UNIX_EPOCH,
            actor_kind: "staff".into(),
            actor_id: Some(Uuid::from_u128(1)),
            actor_name: name.into(),
            kind: "document.read".into(),
            subject_kind: "document".into(),
            subject_id: Some(Uuid::from_u128(2)),
            project_id: None,
            address: "192.0.2.1".into(),
            device: "Firefox on Linux".into(),
            request_id: "7Q2-418".into(),
            data: r#"{"title":"Contract","number":2}"#.into(),
            prev_hash: chain.hash.clone(),
            hash: Vec::new(),
        };
        row.hash = expected_hash(&chain.hash, &row).to_vec();
        row
    }

    #[test]
    fn the_chain_shows_every_change() {
        let mut chain = Chain::new();
        let first = row(&chain, "Dana");
        assert!(chain.follow(&first));
        let second = row(&chain, "Joss");
        for change in [
            |r: &mut Recorded| r.actor_name = "Dana".into(),
            |r: &mut Recorded| r.seq = 3,
            |r: &mut Recorded| r.at += chrono::Duration::microseconds(1),
            |r: &mut Recorded| r.subject_id = None,
            |r: &mut Recorded| r.data = r#"{"title":"Contract","number": 2}"#.into(),
            |r: &mut Recorded| r.prev_hash = vec![0; 32],
            |r: &mut Recorded| r.hash[0] ^= 1,
            |r: &mut Recorded| (r.address, r.device) = ("192.0.2.1F".into(), "irefox on Linux".into()),
        ] {
            let mut changed = second.clone();
            change(&mut changed);
            assert!(!chain.follow(&changed), "{changed:?}");
        }
        assert!(chain.follow(&second));
        assert!(!chain.follow(&second), "twice");
    }

    #[test]
    fn words_are_filled_from_the_data() {
        let entry = AuditEntry::from(row(&Chain::new(), "Dana"));
        assert_eq!(entry.words, "read Contract, version 2");
        assert_eq!(words("no.such", &Map::new()), "no.such");
        assert_eq!(fill("made {member} a {role", &Map::new()), "made ? a role");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let data = serde_json::from_str(r#"{"name":"{change}","change":"x"}"#).unwrap();
        assert_eq!(fill("changed {name}: {change}", &data), "changed {change}: x");
    }
}
