//! The rows of one generation while it is made: begun, its version announced, ended. Each step is a transaction of its own and bears to
//! be done twice.

use super::{
    gather::{Draft, Stamp, draft},
    held, row, settings, views,
};
use crate::{
    documents::{self, DocumentId, NewDocument, NewVersion, VersionState, ops::DocumentView},
    events::Event,
    generated_documents::{
        GenerationId, GenerationState, Occasion,
        model::{generated, generation},
    },
};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use kernel::{Caller, Cx, Problem, Result};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

const MEDIA_TYPE: &str = "application/pdf";

/// What is to be made.
pub(super) struct Work {
    pub generation: generation::Model,
    pub document: generated::Model,
    /// Day and fingerprint of the version before.
    pub before: Option<(NaiveDate, Vec<u8>)>,
}

/// A version that waits for its bytes, or has them from a try before.
pub(super) struct Announced {
    pub document: DocumentId,
    pub version: i32,
    pub stored: bool,
}

/// Gathers the document; none if this generation has come to an end.
pub(super) async fn begin(caller: &Caller, id: GenerationId) -> Result<Option<(Work, Draft)>> {
    let cx = caller.begin().await?;
    let found = held(&cx, id).await?;
    if !found.state.is_open() {
        return Ok(None);
    }
    let document = row(&cx, found.generated_id).await?;
    let stamp = Stamp { number: document.number.clone(), issued: found.issued, verify_url: views::verify_url(&cx, &document.token) };
    let draft = draft(&cx, document.project_id, document.kind, &settings(&cx).await?, stamp).await?;
    let newest = ready(&cx, &document).await?;
    let before = newest.and_then(|before| Some((before.issued, before.fingerprint?)));
    let mut next = generation::ActiveModel::from(found);
    next.state = Set(GenerationState::Rendering);
    next.reason = Set(String::new());
    next.started_at = Set(Some(cx.now()));
    let generation = next.update(cx.db()).await?;
    cx.commit().await?;
    Ok(Some((Work { generation, document, before }, draft)))
}

/// Announces the version in the document centre, unless an earlier try did; none if this generation has come to an end meanwhile.
pub(super) async fn announce(caller: &Caller, work: &Work, made: &super::make::Finished<'_>) -> Result<Option<Announced>> {
    let mut cx = caller.begin().await?;
    let found = held(&cx, work.generation.id).await?;
    if !found.state.is_open() {
        return Ok(None);
    }
    let document = row(&cx, found.generated_id).await?;
    let known = match document.document_id {
        Some(id) => Some(documents::ops::find(&cx, id).await.map_err(|_| withdrawn())?),
        None => None,
    };
    let earlier = found.version.and_then(|number| known.as_ref()?.versions.iter().find(|v| v.number == number).cloned());
    let earlier = earlier.filter(|version| version.state != VersionState::Failed);
    let (id, version) = match (&known, &earlier) {
        (Some(view), Some(version)) => (view.id, version.number),
        _ => {
            let view = new_version(&mut cx, &document, known, made.pdf.bytes.len()).await?;
            (view.id, view.versions.last().map_or(1, |version| version.number))
        }
    };
    if document.document_id.is_none() {
        let mut next = generated::ActiveModel::from(document);
        next.document_id = Set(Some(id));
        next.update(cx.db()).await?;
    }
    let mut next = generation::ActiveModel::from(found);
    next.version = Set(Some(version));
    next.sha256 = Set(Some(digest(&SHA256, &made.pdf.bytes).as_ref().to_vec()));
    next.fingerprint = Set(Some(made.fingerprint.to_vec()));
    // Of finished pages nobody counts them.
    next.pages = Set(i32::try_from(made.pdf.pages).ok().filter(|pages| *pages > 0));
    next.update(cx.db()).await?;
    cx.commit().await?;
    let stored = earlier.is_some_and(|version| version.state == VersionState::Ready);
    Ok(Some(Announced { document: id, version, stored }))
}

/// The bytes are stored: the generation is ready. `note`: what was left out, for staff; may be empty.
pub(super) async fn finish(caller: &Caller, id: GenerationId, note: String) -> Result<()> {
    let mut cx = caller.begin().await?;
    let found = held(&cx, id).await?;
    if !found.state.is_open() {
        return Ok(());
    }
    let document = row(&cx, found.generated_id).await?;
    let (Some(at), Some(version)) = (document.document_id, found.version) else {
        return Err(Problem::internal(anyhow::anyhow!("a generation that was stored nowhere")));
    };
    let stored = documents::ops::find(&cx, at).await.map_err(|_| withdrawn())?;
    let bytes = stored.versions.iter().find(|v| v.number == version && v.state == VersionState::Ready).and_then(|v| v.sha256.clone());
    let sha256 = bytes.ok_or_else(|| Problem::internal(anyhow::anyhow!("a version that was stored is not there")))?;
    let first = ready(&cx, &document).await?.is_none();
    let mut next = generation::ActiveModel::from(found);
    next.state = Set(GenerationState::Ready);
    next.reason = Set(note);
    next.sha256 = Set(Some(HEXLOWER.decode(sha256.as_bytes()).map_err(Problem::internal)?));
    next.ended_at = Set(Some(cx.now()));
    next.update(cx.db()).await?;
    let event = Event::GeneratedDocumentReady {
        document: at,
        project: document.project_id,
        generated: document.id,
        title: stored.title,
        visibility: stored.visibility.name(),
        version,
        sha256,
        first,
    };
    cx.record(&event).await?;
    cx.commit().await
}

/// A rule asked, and there is nothing new.
pub(super) async fn leave(caller: &Caller, work: &Work) -> Result<()> {
    let reason = "Nothing is new since the version before.".to_owned();
    let Some((mut cx, document)) = end(caller, work.generation.id, GenerationState::Unchanged, reason).await? else { return Ok(()) };
    let event = Event::GeneratedDocumentUnchanged { generated: document.id, project: document.project_id, title: document.title };
    cx.record(&event).await?;
    cx.commit().await
}

/// It cannot be made.
pub(super) async fn fail(caller: &Caller, id: GenerationId, reason: &str) -> Result<()> {
    let Some((mut cx, document)) = end(caller, id, GenerationState::Failed, reason.to_owned()).await? else { return Ok(()) };
    let event = Event::GeneratedDocumentFailed {
        generated: document.id,
        project: document.project_id,
        title: document.title,
        reason: reason.to_owned(),
    };
    cx.record(&event).await?;
    cx.commit().await
}

/// It waits for another try; staff see why.
pub(super) async fn wait(caller: &Caller, id: GenerationId, reason: &str) -> Result<()> {
    let cx = caller.begin().await?;
    let found = held(&cx, id).await?;
    if found.state.is_open() {
        let mut next = generation::ActiveModel::from(found);
        next.state = Set(GenerationState::Queued);
        next.reason = Set(format!("{reason} It is tried again by itself."));
        next.update(cx.db()).await?;
    }
    cx.commit().await
}

/// Ends a generation that is open; its document, in the transaction that is still to be committed.
async fn end(caller: &Caller, id: GenerationId, state: GenerationState, reason: String) -> Result<Option<(Cx, generated::Model)>> {
    let cx = caller.begin().await?;
    let found = held(&cx, id).await?;
    if !found.state.is_open() {
        return Ok(None);
    }
    let document = row(&cx, found.generated_id).await?;
    let mut next = generation::ActiveModel::from(found);
    next.state = Set(state);
    next.reason = Set(reason);
    next.ended_at = Set(Some(cx.now()));
    next.update(cx.db()).await?;
    Ok(Some((cx, document)))
}

/// The newest generation of a document that is ready.
async fn ready(cx: &Cx, document: &generated::Model) -> Result<Option<generation::Model>> {
    let of = generation::Entity::find().filter(generation::Column::GeneratedId.eq(document.id));
    let of = of.filter(generation::Column::State.eq(GenerationState::Ready));
    Ok(of.order_by_desc(generation::Column::Version).one(cx.db()).await?)
}

async fn new_version(cx: &mut Cx, document: &generated::Model, known: Option<DocumentView>, bytes: usize) -> Result<DocumentView> {
    let file_name = format!("{} {}.pdf", document.number, document.kind.words());
    let (media_type, bytes) = (MEDIA_TYPE.to_owned(), bytes as u64);
    match known {
        Some(view) => documents::ops::add_version(cx, view.id, NewVersion { file_name, media_type, bytes }).await,
        None => {
            let (title, kind, visibility) = (document.title.clone(), document.kind.document_kind(), document.visibility);
            documents::ops::create(cx, document.project_id, NewDocument { title, kind, visibility, file_name, media_type, bytes }).await
        }
    }
}

fn withdrawn() -> Problem {
    Problem::conflict("document_withdrawn", "It was withdrawn from the documents while it was made. Make it again if it is needed.")
}

/// Whether a version of this document is worth making: always by hand, for a rule only if something is new.
pub(super) fn is_new(work: &Work, order: &typeset::Order) -> bool {
    let Some((issued, fingerprint)) = &work.before else { return true };
    // The day alone is nothing new.
    let as_before = typeset::Order { issued: *issued, ..order.clone() };
    work.generation.occasion == Occasion::ByHand || as_before.fingerprint().as_slice() != fingerprint
}
