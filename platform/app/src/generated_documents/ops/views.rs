//! Generated documents as staff see them, each with all the times that it was made.

use super::row;
use crate::{
    documents::DocumentId,
    generated_documents::{
        GeneratedDocumentId, GeneratedKind, GenerationId, GenerationState, Occasion,
        model::{generated, generation},
    },
    projects::{self, ProjectId},
    schedule::MilestoneId,
    urls,
};
use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use kernel::{Cx, Problem, Result};
use poem_openapi::Object;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The most that are listed of one project.
const MOST: u64 = 200;

/// A document that writes itself, as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct GeneratedDocumentView {
    /// Its id.
    pub id: GeneratedDocumentId,
    /// Where it belongs.
    pub project_id: ProjectId,
    /// Of a progress report: which milestone it is about.
    pub milestone_id: Option<MilestoneId>,
    /// What it is.
    pub kind: GeneratedKind,
    /// Of a plugin's document: which, as the plugin names it; else empty.
    pub variant: String,
    /// For example "W-2026-0003".
    pub number: String,
    /// Its title in the document centre when it was first made.
    pub title: String,
    /// Where it stands in the document centre, once there is a version of it.
    pub document_id: Option<DocumentId>,
    /// Where anybody can ask whether a file is this document.
    pub verify_url: String,
    /// Where the newest generation stands.
    pub state: GenerationState,
    /// Why it failed or waits, or what was left out of it; may be empty.
    pub reason: String,
    /// It was withdrawn from the document centre, and another one was made since.
    pub closed: bool,
    /// Each time that it was made, the newest first.
    pub generations: Vec<GenerationView>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// One time that a document was made.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct GenerationView {
    /// Its id.
    pub id: GenerationId,
    /// Where it stands.
    pub state: GenerationState,
    /// Why it failed or waits, or what was left out of it; may be empty.
    pub reason: String,
    /// Why it was made.
    pub occasion: Occasion,
    /// Who asked for it; empty if a rule did.
    pub asked_by: String,
    /// The day on it.
    pub issued: NaiveDate,
    /// Which version of the document it became.
    pub version: Option<i32>,
    /// SHA-256 of its bytes, in hex.
    pub sha256: Option<String>,
    /// SHA-256 of what it says, in hex.
    pub fingerprint: Option<String>,
    /// How many pages it has.
    pub pages: Option<i32>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it came to an end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The generated documents of a project, the newest first.
pub async fn list(cx: &Cx, project: ProjectId) -> Result<Vec<GeneratedDocumentView>> {
    projects::ops::household_of(cx, project).await?;
    let of = generated::Entity::find().filter(generated::Column::ProjectId.eq(project));
    let rows = of.order_by_desc(generated::Column::Id).limit(MOST).all(cx.db()).await?;
    views(cx, rows).await
}

/// One of them.
pub async fn find(cx: &Cx, id: GeneratedDocumentId) -> Result<GeneratedDocumentView> {
    let rows = vec![row(cx, id).await?];
    views(cx, rows).await?.pop().ok_or_else(|| Problem::not_found("generated document"))
}

/// Where anybody can ask whether a file is the document with this token.
pub(super) fn verify_url(cx: &Cx, token: &str) -> String {
    format!("{}/verify/{token}", urls::home(cx.caller()))
}

async fn views(cx: &Cx, rows: Vec<generated::Model>) -> Result<Vec<GeneratedDocumentView>> {
    let of = generation::Entity::find().filter(generation::Column::GeneratedId.is_in(rows.iter().map(|r| r.id)));
    let mut generations: HashMap<GeneratedDocumentId, Vec<GenerationView>> = HashMap::new();
    for row in of.order_by_desc(generation::Column::Id).all(cx.db()).await? {
        generations.entry(row.generated_id).or_default().push(generation_view(row));
    }
    let view = |row: generated::Model| {
        let generations = generations.remove(&row.id).unwrap_or_default();
        let newest = generations.first();
        GeneratedDocumentView {
            id: row.id,
            project_id: row.project_id,
            milestone_id: row.milestone_id,
            kind: row.kind,
            variant: row.variant,
            verify_url: verify_url(cx, &row.token),
            number: row.number,
            title: row.title,
            document_id: row.document_id,
            state: newest.map_or(GenerationState::Queued, |g| g.state),
            reason: newest.map(|g| g.reason.clone()).unwrap_or_default(),
            closed: row.closed_at.is_some(),
            generations,
            created_at: row.created_at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

fn generation_view(row: generation::Model) -> GenerationView {
    let hex = |bytes: Option<Vec<u8>>| bytes.map(|bytes| HEXLOWER.encode(&bytes));
    // A version has its number before its bytes are stored; until they are, there is nothing to open.
    let ready = row.state == GenerationState::Ready;
    GenerationView {
        id: row.id,
        state: row.state,
        reason: row.reason,
        occasion: row.occasion,
        asked_by: row.asked_by_name,
        issued: row.issued,
        version: row.version.filter(|_| ready),
        sha256: hex(row.sha256).filter(|_| ready),
        fingerprint: hex(row.fingerprint).filter(|_| ready),
        pages: row.pages.filter(|_| ready),
        created_at: row.created_at,
        ended_at: row.ended_at,
    }
}
