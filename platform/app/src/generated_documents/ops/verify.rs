//! Whether a file is one of our documents. Answers with what the file itself says on its first page, and never with more.

use crate::{
    documents,
    generated_documents::{
        GeneratedKind, GenerationState,
        model::{generated, generation},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use kernel::{Cx, Problem, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// What a stranger is told of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is.
    pub kind: GeneratedKind,
    /// Its number.
    pub number: String,
    /// The day on its newest version.
    pub issued: NaiveDate,
    /// When the company took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// What is said of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this document, to the last bit.
    Genuine,
    /// It was this document until then.
    Older(DateTime<Utc>),
    /// It is something else, or was changed.
    Altered,
}

/// The document with this token; nothing before its first version is there.
pub async fn shown(cx: &Cx, token: &str) -> Result<Shown> {
    let row = by_token(cx, token).await?;
    let ready = generation::Entity::find().filter(generation::Column::GeneratedId.eq(row.id));
    let ready = ready.filter(generation::Column::State.eq(GenerationState::Ready)).order_by_desc(generation::Column::Version);
    let (Some(newest), Some(document)) = (ready.one(cx.db()).await?, row.document_id) else { return Err(unknown()) };
    let withdrawn_at = documents::ops::standing(cx, document).await?.withdrawn_at;
    Ok(Shown { kind: row.kind, number: row.number, issued: newest.issued, withdrawn_at })
}

/// Whether a file with this SHA-256 is the document with this token. What staff have put in its place by hand counts as well: it is what
/// the company stands for.
pub async fn judge(cx: &Cx, token: &str, sha256: [u8; 32]) -> Result<Verdict> {
    let document = by_token(cx, token).await?.document_id.ok_or_else(unknown)?;
    let standing = documents::ops::standing(cx, document).await?;
    let hash = HEXLOWER.encode(&sha256);
    // The newest of those with these bytes.
    let Some(at) = standing.versions.iter().rposition(|version| version.sha256.as_deref() == Some(&hash)) else {
        return Ok(Verdict::Altered);
    };
    let next = standing.versions.get(at + 1).and_then(|version| version.uploaded_at);
    Ok(next.map_or(Verdict::Genuine, Verdict::Older))
}

async fn by_token(cx: &Cx, token: &str) -> Result<generated::Model> {
    if token.len() != 26 || !token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(unknown());
    }
    let found = generated::Entity::find().filter(generated::Column::Token.eq(token)).one(cx.db()).await?;
    found.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("document")
}
