//! Bytes in and out. The store and the key service are slow and may fail, so no transaction is open while they work: an upload
//! has one before and one after, a read has one before.

use super::{DocumentView, empty, find, locked, row};
use crate::{
    documents::{
        DocumentId,
        jobs::SweepObject,
        model::{VersionState, document, version},
        sniff,
    },
    events::Event,
    intake::{SWEEP_AFTER, patient, remove},
    projects::ProjectId,
};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::{Stream, stream::BoxStream};
use kernel::{Caller, Cx, Problem, Result, caller::Role, jobs, limits::Limit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::{io, ops::Range, time::Duration};
use tenants::{FilesError, ObjectRef, Sealed};
use uuid::Uuid;

/// The longest that an upload may take.
const UPLOAD_LIMIT: Duration = Duration::from_secs(12 * 3600);

/// A version's bytes, as they are kept.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// The name it is downloaded under.
    pub file_name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many they are.
    pub bytes: u64,
    /// Their SHA-256, in hex.
    pub sha256: String,
    project: ProjectId,
    title: String,
    object: ObjectRef,
    header: Vec<u8>,
}

/// A version that is ready, of a document that whoever asks may see.
pub async fn file(cx: &Cx, id: DocumentId, number: i32) -> Result<StoredFile> {
    let document = row(cx, id).await?;
    let version = version_row(cx, id, number).await?;
    let (VersionState::Ready, Some(sha256), Some(header)) = (version.state, version.sha256, version.sealed_header) else {
        return Err(Problem::not_found("version"));
    };
    Ok(StoredFile {
        file_name: version.file_name,
        media_type: version.media_type,
        bytes: u64::try_from(version.bytes).map_err(Problem::internal)?,
        sha256: HEXLOWER.encode(&sha256),
        project: document.project_id,
        title: document.title,
        object: object(version.object_id, number),
        header,
    })
}

/// Opens a version, or a range of it, for reading. That it is read is on record before this answers; if it cannot be recorded
/// it is not read.
pub async fn open(
    caller: &Caller,
    id: DocumentId,
    number: i32,
    range: Option<Range<u64>>,
) -> Result<BoxStream<'static, Result<Bytes, FilesError>>> {
    let mut cx = caller.begin().await?;
    let file = file(&cx, id, number).await?;
    let words = range.as_ref().map_or("all".to_owned(), |r| format!("bytes {}-{}/{}", r.start, r.end.saturating_sub(1), file.bytes));
    cx.record(&Event::DocumentRead { document: id, project: file.project, title: file.title, number, range: words }).await?;
    cx.commit().await?;
    Ok(caller.app.tenants.files().open(&caller.tenant, &file.object, &file.header, file.bytes, range).await?)
}

/// Takes the bytes of an announced version, seals them, and makes the version ready. Of several at once exactly one wins: each
/// writes to an object of its own, and the winner's becomes the version's.
pub async fn upload(
    caller: &Caller,
    id: DocumentId,
    number: i32,
    length: Option<u64>,
    body: impl Stream<Item = io::Result<Bytes>> + Send,
) -> Result<DocumentView> {
    caller.app.limits.check(Limit::UploadTenant, &caller.tenant.id.to_string())?;
    let (version, object) = begin(caller, id, number, length).await?;
    let limit = caller.tenant.plan.max_upload_bytes;
    let sealing = caller.app.tenants.files().seal(&caller.tenant, &object, patient(body), limit);
    let sealed = match tokio::time::timeout(UPLOAD_LIMIT, sealing).await {
        Ok(sealed) => sealed?,
        Err(_) => return Err(FilesError::Body(io::ErrorKind::TimedOut.into()).into()),
    };
    match keep(caller, &version, &object, sealed).await {
        // A commit that fails may have happened all the same: the object stays, and the sweep will see whose it is.
        Ok((cx, view)) => cx.commit().await.map(|()| view),
        Err(problem) => {
            remove(caller, &object).await;
            Err(problem)
        }
    }
}

/// Removes what an upload left behind, unless it won.
pub async fn sweep(caller: &Caller, id: DocumentId, number: i32, attempt: Uuid) -> Result<()> {
    let cx = caller.begin().await?;
    let version = version::Entity::find_by_id((id, number)).one(cx.db()).await?;
    cx.commit().await?;
    if version.is_some_and(|v| v.object_id == attempt) {
        return Ok(());
    }
    Ok(caller.app.tenants.files().delete(&caller.tenant, &object(attempt, number)).await?)
}

/// Looks whether the version waits for bytes, and notes the object they will go to, so that it is removed even if this process
/// dies at any point.
async fn begin(caller: &Caller, id: DocumentId, number: i32, length: Option<u64>) -> Result<(version::Model, ObjectRef)> {
    let cx = caller.begin().await?;
    let version = waiting(&cx, id, number).await?;
    let limit = cx.tenant().plan.max_upload_bytes;
    match length {
        Some(0) => return Err(empty()),
        Some(length) if length > limit => return Err(FilesError::TooLarge(limit).into()),
        _ => {}
    }
    let object = object(cx.new_uuid(), number);
    jobs::enqueue(cx.db(), &SweepObject { document: id, number, object: object.object }, cx.now() + SWEEP_AFTER).await?;
    cx.commit().await?;
    Ok((version, object))
}

/// Makes the version ready, in a transaction that is still to be committed.
async fn keep(caller: &Caller, version: &version::Model, object: &ObjectRef, sealed: Sealed) -> Result<(Cx, DocumentView)> {
    if sealed.bytes == 0 {
        return Err(empty());
    }
    let media_type = sniff::media_type(&sealed.head, &version.file_name, &version.media_type)?;
    let bytes = i64::try_from(sealed.bytes).map_err(Problem::internal)?;
    let (id, number) = (version.document_id, version.number);
    let mut cx = caller.begin().await?;
    let row = locked(&cx, id, Role::Member).await?;
    let ready = version::ActiveModel {
        state: Set(VersionState::Ready),
        media_type: Set(media_type.to_owned()),
        bytes: Set(bytes),
        sha256: Set(Some(sealed.sha256.to_vec())),
        sealed_header: Set(Some(sealed.header)),
        object_id: Set(object.object),
        uploaded_by: Set(cx.actor().id()),
        uploaded_by_name: Set(cx.actor().name().to_owned()),
        ready_at: Set(Some(cx.now())),
        ..Default::default()
    };
    let kept = version::Entity::update_many()
        .set(ready)
        .filter(version::Column::DocumentId.eq(id))
        .filter(version::Column::Number.eq(number))
        .filter(version::Column::State.eq(VersionState::Uploading))
        .exec(cx.db())
        .await?;
    if kept.rows_affected == 0 {
        return Err(not_waiting(version_row(&cx, id, number).await?.state));
    }
    let (project, title, visibility) = (row.project_id, row.title.clone(), row.visibility.name());
    let mut touched = document::ActiveModel::from(row);
    touched.updated_at = Set(cx.now());
    touched.update(cx.db()).await?;
    let sha256 = HEXLOWER.encode(&sealed.sha256);
    cx.record(&Event::DocumentUploaded { document: id, project, title, visibility, number, bytes, sha256 }).await?;
    let view = find(&cx, id).await?;
    Ok((cx, view))
}

async fn waiting(cx: &Cx, id: DocumentId, number: i32) -> Result<version::Model> {
    locked(cx, id, Role::Member).await?;
    let version = version_row(cx, id, number).await?;
    if version.state == VersionState::Uploading { Ok(version) } else { Err(not_waiting(version.state)) }
}

fn not_waiting(state: VersionState) -> Problem {
    match state {
        VersionState::Failed => {
            Problem::conflict("upload_expired", "This version waited a day for its file and was given up. Add a new version.")
        }
        _ => Problem::conflict("version_ready", "This version has its file already. Add a new version instead."),
    }
}

async fn version_row(cx: &Cx, id: DocumentId, number: i32) -> Result<version::Model> {
    version::Entity::find_by_id((id, number)).one(cx.db()).await?.ok_or_else(|| Problem::not_found("version"))
}

/// What is sealed is bound to this: the object's own id, the version's number and the purpose.
fn object(object: Uuid, version: i32) -> ObjectRef {
    ObjectRef { object, version, purpose: "document" }
}
