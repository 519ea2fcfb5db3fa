//! Bytes out: renditions to look at, which are not recorded, and originals, which are, before their first byte.

use super::content::{original as sealed_original, small};
use crate::{
    events::Event,
    photos::{
        PhotoId, camera,
        picture::Format,
        strip,
        workshop::{self, Room},
    },
    projects::ProjectId,
};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::{TryStreamExt, stream::BoxStream};
use image::codecs::jpeg::JpegEncoder;
use kernel::{Actor, Caller, Cx, Problem, Result, caller::Role};
use sea_orm::FromQueryResult;
use std::ops::Range;
use tenants::{FilesError, ObjectRef};
use uuid::Uuid;

/// A rendition that whoever asked may see.
#[derive(Clone, Debug)]
pub struct Look {
    /// Tells it from what may be there later.
    pub etag: String,
    /// Whether it will always be the answer; a smaller one stands in until the one that was asked for is made.
    pub lasting: bool,
    /// What its bytes are.
    pub media_type: String,
    object: ObjectRef,
    header: Vec<u8>,
    bytes: u64,
}

#[derive(FromQueryResult)]
struct RenditionRow {
    size: i32,
    media_type: String,
    bytes: i64,
    sealed_header: Vec<u8>,
    object_id: Uuid,
    longest: i32,
}

/// Looks up the rendition of this size, or the next smaller one that there is.
pub async fn rendition(cx: &Cx, id: PhotoId, size: i32) -> Result<Look> {
    // The policies say the same of customers.
    let sql = "SELECT r.size, r.media_type, r.bytes, r.sealed_header, r.object_id, greatest(p.width, p.height) AS longest \
               FROM photos p JOIN photo_renditions r ON r.photo_id = p.id \
               WHERE p.id = $1 AND r.size <= $2 AND p.state = 'ready' AND p.withdrawn_at IS NULL AND (p.visibility = 'client' OR NOT $3) \
               ORDER BY r.size DESC LIMIT 1";
    let known = matches!(size, 320 | 800 | 1600);
    let row = match known {
        true => cx.row::<RenditionRow>(sql, [id.into(), size.into(), is_customer(cx).into()]).await?,
        false => None,
    };
    let row = row.ok_or_else(|| Problem::not_found("photo"))?;
    Ok(Look {
        etag: format!("\"{id}-{}\"", row.size),
        lasting: row.size == size || row.longest <= row.size,
        media_type: row.media_type,
        object: small(row.object_id, row.size),
        header: row.sealed_header,
        bytes: u64::try_from(row.bytes).map_err(Problem::internal)?,
    })
}

impl Look {
    /// Opens it. No transaction is open meanwhile.
    pub async fn open(&self, caller: &Caller) -> Result<Bytes> {
        let files = caller.app.tenants.files();
        let chunks: Vec<Bytes> = files.open(&caller.tenant, &self.object, &self.header, self.bytes, None).await?.try_collect().await?;
        Ok(chunks.concat().into())
    }
}

/// How good a JPEG that is made from a rendition is.
const JPEG_QUALITY: u8 = 84;

impl Look {
    /// Opens it as JPEG, for what reads nothing newer. None if it cannot be unpacked.
    pub async fn jpeg(&self, caller: &Caller) -> Result<Option<Vec<u8>>> {
        let bench = workshop::bench().await?;
        let bytes = self.open(caller).await?;
        let made = bench.work(move || {
            let picture = image::load_from_memory(&bytes).ok()?.to_rgb8();
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&picture).ok()?;
            Some(jpeg)
        });
        Ok(made.await.flatten())
    }
}

/// An original that whoever asked may have.
#[derive(Clone, Debug)]
pub struct Original {
    /// The name it is saved under.
    pub file_name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many they are.
    pub bytes: u64,
    /// Their SHA-256, in hex.
    pub sha256: String,
    project: ProjectId,
    object: ObjectRef,
    header: Vec<u8>,
}

#[derive(FromQueryResult)]
pub(super) struct OriginalRow {
    file_name: String,
    media_type: String,
    bytes: i64,
    sha256: Vec<u8>,
    sealed_header: Vec<u8>,
    object_id: Uuid,
    project_id: ProjectId,
}

impl TryFrom<OriginalRow> for Original {
    type Error = Problem;

    fn try_from(row: OriginalRow) -> Result<Self> {
        Ok(Self {
            file_name: row.file_name,
            media_type: row.media_type,
            bytes: u64::try_from(row.bytes).map_err(Problem::internal)?,
            sha256: HEXLOWER.encode(&row.sha256),
            project: row.project_id,
            object: sealed_original(row.object_id),
            header: row.sealed_header,
        })
    }
}

/// Looks up an original.
pub async fn original(cx: &Cx, id: PhotoId) -> Result<Original> {
    let sql = "SELECT p.file_name, p.media_type, p.bytes, p.sha256, p.sealed_header, p.object_id, p.project_id FROM photos p \
               WHERE p.id = $1 AND p.state = 'ready' AND p.withdrawn_at IS NULL AND (p.visibility = 'client' OR NOT $2)";
    let row = cx.row::<OriginalRow>(sql, [id.into(), is_customer(cx).into()]).await?;
    row.ok_or_else(|| Problem::not_found("photo"))?.try_into()
}

/// Opens an original, or a range of it, as it came, for staff. That it is read is on record before this answers.
pub async fn open_original(
    caller: &Caller,
    id: PhotoId,
    range: Option<Range<u64>>,
) -> Result<BoxStream<'static, Result<Bytes, FilesError>>> {
    let mut cx = caller.begin().await?;
    let file = original(&cx, id).await?;
    cx.require(Role::Member)?;
    record(&mut cx, id, &file).await?;
    cx.commit().await?;
    Ok(caller.app.tenants.files().open(&caller.tenant, &file.object, &file.header, file.bytes, range).await?)
}

/// An original for its household: as it came, but with nothing beside the picture. That it is read is on record before this answers.
/// The third is the room that its bytes take until they are sent.
pub async fn picture_only(caller: &Caller, id: PhotoId) -> Result<(Original, Vec<u8>, Room)> {
    let mut cx = caller.begin().await?;
    let file = original(&cx, id).await?;
    record(&mut cx, id, &file).await?;
    cx.commit().await?;
    let room = workshop::room(file.bytes).await?;
    let bytes = file.picture(caller).await?;
    Ok((file, bytes, room))
}

async fn record(cx: &mut Cx, photo: PhotoId, file: &Original) -> Result<()> {
    cx.record(&Event::PhotoRead { photo, project: file.project, file_name: file.file_name.clone() }).await?;
    Ok(())
}

impl Original {
    /// The file as it came.
    pub(super) async fn whole(&self, caller: &Caller) -> Result<Vec<u8>> {
        let files = caller.app.tenants.files();
        let mut stream = files.open(&caller.tenant, &self.object, &self.header, self.bytes, None).await?;
        let mut whole = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or_default());
        while let Some(chunk) = stream.try_next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole)
    }

    /// The file with nothing beside its picture.
    pub(super) async fn picture(&self, caller: &Caller) -> Result<Vec<u8>> {
        let whole = self.whole(caller).await?;
        let format = Format::of(&whole).ok();
        let picture = format.and_then(|format| strip::stripped(format, &whole, camera::notes(&whole).orientation));
        picture.ok_or_else(|| Problem::internal(anyhow::anyhow!("a photo that was whole when it came is not any more")))
    }
}

pub(super) fn is_customer(cx: &Cx) -> bool {
    matches!(cx.actor(), Actor::Customer { .. })
}
