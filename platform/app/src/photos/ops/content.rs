//! Bytes in. The store, the key service and the pictures take their time, so no transaction is open meanwhile: an upload has one
//! before and one after.

use super::{PhotoView, failed, find, limit, locked};
use crate::{
    events::Event,
    intake::{SWEEP_AFTER, patient, remove},
    photos::{
        PhotoId, PhotoState,
        flaw::Flaw,
        jobs::{RenderPhoto, SweepPhotoObjects},
        model::{photo, rendition},
        picture::{Picture, Rendition, develop},
        workshop::{self, Room},
    },
};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::{Stream, TryStreamExt, future::try_join_all, stream};
use kernel::{Caller, Cx, Problem, Result, limits::Limit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, FromQueryResult};
use std::{io, time::Duration};
use tenants::{FilesError, ObjectRef, Sealed};
use uuid::Uuid;

/// The longest that an upload may take: far below the time after which its objects are swept.
const UPLOAD_LIMIT: Duration = Duration::from_secs(2 * 3600);
/// What is made while the sender waits, the largest first.
const AT_ONCE: [u32; 2] = [800, 320];
/// What is made soon after, of photos that are larger than the sizes before.
pub(super) const LARGE: u32 = 1600;

/// The original, as it is sealed: bound to its object and to being an original.
pub(super) fn original(object: Uuid) -> ObjectRef {
    ObjectRef { object, version: 1, purpose: "photo" }
}

/// A rendition, as it is sealed: bound to its object and to its size.
pub(super) fn small(object: Uuid, size: i32) -> ObjectRef {
    let purpose = match size {
        320 => "photo-320",
        800 => "photo-800",
        _ => "photo-1600",
    };
    ObjectRef { object, version: 1, purpose }
}

/// One upload: the photo that waits, and the objects that this attempt writes to.
struct Upload {
    row: photo::Model,
    limit: u64,
    original: ObjectRef,
    small: [ObjectRef; AT_ONCE.len()],
}

/// Takes the bytes of an announced photo, seals them, makes the small pictures and seals them too; then the photo is ready. Of
/// several at once exactly one wins. What is no photo makes it fail, and says why.
pub async fn upload(
    caller: &Caller,
    id: PhotoId,
    length: Option<u64>,
    body: impl Stream<Item = io::Result<Bytes>> + Send,
) -> Result<PhotoView> {
    caller.app.limits.check(Limit::UploadTenant, &caller.tenant.id.to_string())?;
    let upload = begin(caller, id).await?;
    if length.is_some_and(|length| length > upload.limit) {
        return Err(refuse(caller, id, Flaw::TooLarge).await);
    }
    let mut kept = Kept::default();
    let body = patient(body).inspect_ok(|chunk| kept.push(chunk));
    let sealing = caller.app.tenants.files().seal(&caller.tenant, &upload.original, body, upload.limit);
    let sealed = match tokio::time::timeout(UPLOAD_LIMIT, sealing).await {
        Ok(Ok(sealed)) => sealed,
        Ok(Err(FilesError::TooLarge(_))) => return Err(refuse(caller, id, Flaw::TooLarge).await),
        Ok(Err(error)) => return Err(error.into()),
        Err(_) => return Err(FilesError::Body(io::ErrorKind::TimedOut.into()).into()),
    };
    match finish(caller, &upload, sealed, kept).await {
        // A commit that fails may have happened all the same: the objects stay, and the sweep will see whose they are.
        Ok((cx, view)) => cx.commit().await.map(|()| view),
        Err(problem) => {
            for object in std::iter::once(&upload.original).chain(&upload.small) {
                remove(caller, object).await;
            }
            Err(problem)
        }
    }
}

/// Looks whether the photo waits for bytes, and notes the objects they will go to, so that they are removed even if this process
/// dies at any point.
async fn begin(caller: &Caller, id: PhotoId) -> Result<Upload> {
    let mut cx = caller.begin().await?;
    let row = waiting(&cx, id).await?;
    let original = original(cx.new_uuid());
    let small = AT_ONCE.map(|size| small(cx.new_uuid(), size.cast_signed()));
    let objects = std::iter::once(&original).chain(&small).map(|o| o.object).collect();
    cx.enqueue_at(&SweepPhotoObjects { photo: id, objects }, cx.now() + SWEEP_AFTER).await?;
    let limit = limit(&cx);
    cx.commit().await?;
    Ok(Upload { row, limit, original, small })
}

/// From sealed bytes to a photo, in a transaction that is still to be committed.
async fn finish(caller: &Caller, upload: &Upload, sealed: Sealed, kept: Kept) -> Result<(Cx, PhotoView)> {
    let picture = match look(caller, upload, &sealed, kept).await? {
        Ok(picture) => picture,
        Err(flaw) => return Err(refuse(caller, upload.row.id, flaw).await),
    };
    let sealing = picture.renditions.iter().map(async |rendition| {
        let slot = AT_ONCE.iter().position(|size| *size == rendition.size).unwrap_or_default();
        seal_small(caller, upload.small[slot], rendition).await
    });
    let small = try_join_all(sealing).await?;
    keep(caller, upload, sealed, &picture, small).await
}

/// Works on the picture in the bytes.
async fn look(caller: &Caller, upload: &Upload, sealed: &Sealed, kept: Kept) -> Result<Result<Picture, Flaw>> {
    if sealed.bytes == 0 {
        return Ok(Err(Flaw::Empty));
    }
    let bench = workshop::bench().await?;
    let kept = match kept.whole() {
        Some(kept) => kept,
        None => {
            let bytes = caller.app.tenants.files().open(&caller.tenant, &upload.original, &sealed.header, sealed.bytes, None).await?;
            Kept { chunks: bytes.try_collect().await?, room: Room::none(), missing: false }
        }
    };
    let developed = bench.work(move || develop(&kept.chunks.concat(), &AT_ONCE)).await;
    Ok(developed.unwrap_or(Err(Flaw::Damaged)))
}

/// Seals a small picture into its object; answers its row.
pub(super) async fn seal_small(caller: &Caller, object: ObjectRef, made: &Rendition) -> Result<rendition::ActiveModel> {
    let body = stream::iter([Ok(Bytes::copy_from_slice(&made.bytes))]);
    let sealed = caller.app.tenants.files().seal(&caller.tenant, &object, body, made.bytes.len() as u64).await?;
    Ok(rendition::ActiveModel {
        size: Set(made.size.cast_signed()),
        media_type: Set("image/webp".to_owned()),
        width: Set(made.width.cast_signed()),
        height: Set(made.height.cast_signed()),
        bytes: Set(i64::try_from(sealed.bytes).map_err(Problem::internal)?),
        sealed_header: Set(sealed.header),
        object_id: Set(object.object),
        created_at: Set(caller.app.clock.now()),
        ..Default::default()
    })
}

async fn keep(
    caller: &Caller,
    upload: &Upload,
    sealed: Sealed,
    picture: &Picture,
    small: Vec<rendition::ActiveModel>,
) -> Result<(Cx, PhotoView)> {
    let mut cx = caller.begin().await?;
    let row = waiting(&cx, upload.row.id).await?;
    let (photo, project, file_name, visibility) = (row.id, row.project_id, row.file_name.clone(), row.visibility.name());
    let bytes = i64::try_from(sealed.bytes).map_err(Problem::internal)?;
    let place = if super::settings(&cx).await?.keep_location { picture.notes.place } else { None };
    let mut next = photo::ActiveModel::from(row);
    next.state = Set(PhotoState::Ready);
    next.media_type = Set(picture.format.media_type().to_owned());
    next.bytes = Set(bytes);
    next.taken_at = Set(picture.notes.taken_at);
    next.latitude = Set(place.map(|(latitude, _)| latitude));
    next.longitude = Set(place.map(|(_, longitude)| longitude));
    next.width = Set(Some(picture.width.cast_signed()));
    next.height = Set(Some(picture.height.cast_signed()));
    next.sha256 = Set(Some(sealed.sha256.to_vec()));
    next.sealed_header = Set(Some(sealed.header));
    next.object_id = Set(upload.original.object);
    next.uploaded_by = Set(cx.actor().id());
    next.uploaded_by_name = Set(cx.actor().name().to_owned());
    next.ready_at = Set(Some(cx.now()));
    next.update(cx.db()).await?;
    let small = small.into_iter().map(|row| rendition::ActiveModel { photo_id: Set(photo), ..row });
    rendition::Entity::insert_many(small).exec_without_returning(cx.db()).await?;
    if picture.width.max(picture.height) > AT_ONCE[0] {
        cx.enqueue(&RenderPhoto { photo }).await?;
    }
    let sha256 = HEXLOWER.encode(&sealed.sha256);
    cx.record(&Event::PhotoUploaded { photo, project, file_name, visibility, bytes, sha256 }).await?;
    let view = find(&cx, photo).await?;
    Ok((cx, view))
}

/// Lets the photo fail, unless another upload was faster; answers what to tell the sender.
async fn refuse(caller: &Caller, id: PhotoId, flaw: Flaw) -> Problem {
    let failing = async {
        let mut cx = caller.begin().await?;
        let row = waiting(&cx, id).await?;
        failed(&mut cx, row, flaw).await?;
        cx.commit().await
    };
    match failing.await {
        Ok(()) => flaw.problem(),
        Err(problem) => problem,
    }
}

async fn waiting(cx: &Cx, id: PhotoId) -> Result<photo::Model> {
    let row = locked(cx, id).await?;
    match row.state {
        PhotoState::Uploading => Ok(row),
        PhotoState::Failed => Err(Problem::conflict("photo_failed", "This photo was given up. Add it again to send another file.")),
        PhotoState::Ready => Err(Problem::conflict("photo_ready", "This photo is there already.")),
    }
}

/// Removes what an upload left behind, unless it won.
pub async fn sweep(caller: &Caller, id: PhotoId, objects: Vec<Uuid>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Used {
        object_id: Uuid,
    }
    let cx = caller.begin().await?;
    let sql = "SELECT object_id FROM photos WHERE id = $1 UNION ALL SELECT object_id FROM photo_renditions WHERE photo_id = $1";
    let used = cx.rows::<Used>(sql, [id.into()]).await?;
    cx.commit().await?;
    for object in objects.into_iter().filter(|object| used.iter().all(|u| u.object_id != *object)) {
        caller.app.tenants.files().delete(&caller.tenant, &original(object)).await?;
    }
    Ok(())
}

/// The bytes of an upload, kept beside the sealing as long as there is room in the workshop. Without room they are read back.
struct Kept {
    chunks: Vec<Bytes>,
    room: Room,
    missing: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self { chunks: Vec::new(), room: Room::none(), missing: false }
    }
}

impl Kept {
    fn push(&mut self, chunk: &Bytes) {
        if !self.missing && self.room.grow(chunk.len()) {
            self.chunks.push(chunk.clone());
        } else {
            *self = Self { missing: true, ..Self::default() };
        }
    }

    fn whole(self) -> Option<Self> {
        (!self.missing).then_some(self)
    }
}
