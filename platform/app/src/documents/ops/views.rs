//! What staff and what customers see of a document: two types, so that a field of the one cannot slip into the other.

use crate::{
    documents::{
        DocumentId,
        model::{DocumentKind, VersionState, document, version},
    },
    projects::{self, ProjectId},
    visibility::Visibility,
};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use kernel::{Cx, Question, Result};
use poem_openapi::Object;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A document as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct DocumentView {
    /// Its id.
    pub id: DocumentId,
    /// Where it belongs.
    pub project: ProjectRef,
    /// For example "Roof contract".
    pub title: String,
    /// What kind of paper it is.
    pub kind: DocumentKind,
    /// Who may see it.
    pub visibility: Visibility,
    /// From the first to the newest.
    pub versions: Vec<VersionView>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last changed, or last given a version.
    pub updated_at: DateTime<Utc>,
}

/// A project by number and name.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct ProjectRef {
    /// Its id.
    pub id: ProjectId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// A version as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct VersionView {
    /// From 1.
    pub number: i32,
    /// Whether its bytes are there.
    pub state: VersionState,
    /// The name it is downloaded under.
    pub file_name: String,
    /// What its bytes are; until they are there, what the sender said.
    pub media_type: String,
    /// Its size; until the bytes are there, what the sender said.
    pub bytes: i64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: Option<String>,
    /// When its bytes were there.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// By whom.
    pub uploaded_by: String,
}

/// Documents as a customer sees them.
#[derive(Clone, Debug, Default)]
pub struct CustomerDocuments {
    /// Changed last first.
    pub documents: Vec<CustomerDocument>,
    /// How many there are, these among them.
    pub total: i64,
}

/// How a document stands, also one that was withdrawn.
#[derive(Clone, Debug)]
pub struct Standing {
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Its versions that are ready, by number.
    pub versions: Vec<VersionView>,
}

/// A document as a customer sees it: with at least one version.
#[derive(Clone, Debug, Deserialize)]
pub struct CustomerDocument {
    /// Its id.
    pub id: DocumentId,
    /// For example "Roof contract".
    pub title: String,
    /// What kind of paper it is.
    pub kind: DocumentKind,
    /// Newest first.
    pub versions: Vec<CustomerVersion>,
}

/// A version as a customer sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct CustomerVersion {
    /// From 1.
    pub number: i32,
    /// Its size.
    pub bytes: i64,
    /// When it was put there.
    pub at: DateTime<Utc>,
}

/// The views of these rows, in their order.
pub(super) async fn staff(cx: &Cx, rows: Vec<document::Model>) -> Result<Vec<DocumentView>> {
    let names = projects::ops::names(cx, rows.iter().map(|r| r.project_id)).await?;
    let mut versions: HashMap<DocumentId, Vec<VersionView>> = HashMap::new();
    for row in versions_of(cx, &rows).await? {
        versions.entry(row.document_id).or_default().push(version_view(row));
    }
    let view = |row: document::Model| {
        let (number, name) = names.get(&row.project_id).cloned().unwrap_or_default();
        DocumentView {
            id: row.id,
            project: ProjectRef { id: row.project_id, number, name },
            title: row.title,
            kind: row.kind,
            visibility: row.visibility,
            versions: versions.remove(&row.id).unwrap_or_default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

#[derive(Deserialize)]
struct CustomerRow {
    #[serde(flatten)]
    document: CustomerDocument,
    total: i64,
}

/// What the policies say, said here too, so that a mistake in one of the two shows nothing.
const FOR_CUSTOMERS: &str = "d.visibility = 'client' AND d.withdrawn_at IS NULL";

/// The newest documents of a project that the customer of this transaction may see.
pub fn mine(project: ProjectId, limit: u64) -> Question<'static, CustomerDocuments> {
    let sql = format!(
        "SELECT d.id, d.title, d.kind, count(*) OVER () AS total, v.versions FROM documents d \
         JOIN LATERAL (SELECT json_agg(json_build_object('number', v.number, 'bytes', v.bytes, 'at', coalesce(v.ready_at, v.created_at)) \
         ORDER BY v.number DESC) AS versions FROM document_versions v WHERE v.document_id = d.id AND v.state = 'ready') v ON v.versions IS NOT NULL \
         WHERE d.project_id = $1 AND {FOR_CUSTOMERS} ORDER BY d.updated_at DESC, d.id DESC LIMIT $2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Question::new(sql, [project.into(), limit.into()]).map(|rows: Vec<CustomerRow>| CustomerDocuments {
        total: rows.first().map_or(0, |row| row.total),
        documents: rows.into_iter().map(|row| row.document).collect(),
    })
}

#[derive(FromQueryResult)]
struct Titled {
    title: String,
}

/// The titles of those of these documents that their household may see now.
pub async fn shown(cx: &Cx, ids: impl IntoIterator<Item = DocumentId>) -> Result<Vec<String>> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    let sql = format!(
        "SELECT d.title FROM documents d WHERE d.id = ANY($1) AND {FOR_CUSTOMERS} \
         AND EXISTS (SELECT 1 FROM document_versions v WHERE v.document_id = d.id AND v.state = 'ready') ORDER BY d.id"
    );
    Ok(cx.rows::<Titled>(&sql, [ids.into()]).await?.into_iter().map(|row| row.title).collect())
}

/// How this document stands.
pub(super) async fn standing(cx: &Cx, row: document::Model) -> Result<Standing> {
    let withdrawn_at = row.withdrawn_at;
    let versions = versions_of(cx, &[row]).await?.into_iter().filter(|v| v.state == VersionState::Ready).map(version_view).collect();
    Ok(Standing { withdrawn_at, versions })
}

/// All versions of these documents, by number.
async fn versions_of(cx: &Cx, rows: &[document::Model]) -> Result<Vec<version::Model>> {
    let of = version::Column::DocumentId.is_in(rows.iter().map(|r| r.id));
    Ok(version::Entity::find().filter(of).order_by_asc(version::Column::Number).all(cx.db()).await?)
}

fn version_view(row: version::Model) -> VersionView {
    VersionView {
        number: row.number,
        state: row.state,
        file_name: row.file_name,
        media_type: row.media_type,
        bytes: row.bytes,
        sha256: row.sha256.map(|hash| HEXLOWER.encode(&hash)),
        uploaded_at: row.ready_at,
        uploaded_by: row.uploaded_by_name,
    }
}
