//! What happened: one row in the transaction that did it, in a hash chain per tenant. Audit log, activity feed, mails, live
//! updates, webhooks and plugins read these rows or subscribe to them.

use crate::{
    cx::Cx,
    jobs::JobSpec,
    problem::{Problem, Result},
};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// For example `document`.
    pub kind: &'static str,
    /// Which; none for the tenant as a whole.
    pub id: Option<Uuid>,
}

/// One kind of thing that happens. The product's list is one enum, `events.rs`.
pub trait Event: Send + Sync {
    /// `document.read`: subject and past participle, stable for ever.
    fn kind(&self) -> &'static str;
    /// What it is about.
    fn subject(&self) -> Subject;
    /// The project it belongs to, if any.
    fn project(&self) -> Option<Uuid> {
        None
    }
    /// What else is worth keeping, as a JSON object. No secrets, no file contents.
    fn data(&self) -> Result<serde_json::Value>;
    /// The work that follows from it.
    fn subscribers(&self) -> Vec<JobSpec> {
        Vec::new()
    }
}

/// A row of the log.
#[derive(Clone, Debug, FromQueryResult, Serialize)]
pub struct Recorded {
    /// From 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, see [`crate::Actor::kind`].
    pub actor_kind: String,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// Their name then.
    pub actor_name: String,
    /// What.
    pub kind: String,
    /// About what.
    pub subject_kind: String,
    /// About which.
    pub subject_id: Option<Uuid>,
    /// In which project.
    pub project_id: Option<Uuid>,
    /// IP address.
    pub address: String,
    /// Browser and system.
    pub device: String,
    /// Request id.
    pub request_id: String,
    /// The JSON text as it was hashed.
    pub data: String,
    /// The row before.
    pub prev_hash: Vec<u8>,
    /// This row.
    pub hash: Vec<u8>,
}

/// The columns of [`Recorded`], with the JSON as its original text.
pub const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_name, kind, subject_kind, subject_id, project_id, address, device, \
                           request_id, data::text AS data, prev_hash, hash";

pub(crate) async fn append(cx: &Cx, event: &(impl Event + ?Sized)) -> Result<i64> {
    let (actor, origin, subject) = (cx.actor(), cx.origin(), event.subject());
    let data = event.data()?.to_string();
    let row = cx
        .one(
            "SELECT record_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS seq",
            [
                cx.now().into(),
                actor.kind().into(),
                actor.id().into(),
                actor.name().into(),
                event.kind().into(),
                subject.kind.into(),
                subject.id.into(),
                event.project().into(),
                origin.address.as_str().into(),
                origin.device.as_str().into(),
                origin.request_id.as_str().into(),
                data.into(),
            ],
        )
        .await?
        .ok_or_else(|| Problem::internal(anyhow::anyhow!("record_event answered nothing")))?;
    Ok(row.try_get("", "seq")?)
}

/// The hash that a row must have after `prev`: computed here again, apart from the database function that wrote it.
pub fn expected_hash(prev: &[u8], row: &Recorded) -> [u8; 32] {
    let mut text = Vec::with_capacity(512);
    text.extend_from_slice(prev);
    text.extend_from_slice(&row.seq.to_be_bytes());
    text.extend_from_slice(&row.at.timestamp_micros().to_be_bytes());
    let (actor_id, subject_id, project_id) =
        (row.actor_id.map(|id| id.to_string()), row.subject_id.map(|id| id.to_string()), row.project_id.map(|id| id.to_string()));
    for field in [
        Some(row.actor_kind.as_str()),
        actor_id.as_deref(),
        Some(&row.actor_name),
        Some(&row.kind),
        Some(&row.subject_kind),
        subject_id.as_deref(),
        project_id.as_deref(),
        Some(&row.address),
        Some(&row.device),
        Some(&row.request_id),
        Some(&row.data),
    ] {
        // A length before each field; -1 says that there is none.
        let length = field.map_or(-1, |f| i32::try_from(f.len()).unwrap_or(i32::MAX));
        text.extend_from_slice(&length.to_be_bytes());
        text.extend_from_slice(field.unwrap_or_default().as_bytes());
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, &text).as_ref());
    out
}
