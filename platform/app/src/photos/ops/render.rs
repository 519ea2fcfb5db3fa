//! The large rendition, made from the sealed original after the sender has been answered.

use super::content::{LARGE, original, seal_small, small};
use crate::{
    intake::{SWEEP_AFTER, remove},
    photos::{
        PhotoId, PhotoState,
        jobs::SweepPhotoObjects,
        model::{photo, rendition},
        picture::{Rendition, develop},
        workshop,
    },
};
use bytes::Bytes;
use futures::TryStreamExt;
use kernel::{Caller, Cx, Problem, Result};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect, sea_query::OnConflict};
use tenants::ObjectRef;

/// Makes the large rendition, unless it is there or nobody can see the photo any more. May run twice, also at the same time.
pub async fn render(caller: &Caller, id: PhotoId) -> Result<()> {
    let Some((row, object)) = begin(caller, id).await? else { return Ok(()) };
    let made = develop_original(caller, row).await?;
    let sealed = seal_small(caller, object, &made).await?;
    let cx = caller.begin().await?;
    let kept = match photo::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await? {
        Some(row) if row.state == PhotoState::Ready => insert(&cx, id, sealed).await?,
        _ => false,
    };
    cx.commit().await?;
    if !kept {
        remove(caller, &object).await;
    }
    Ok(())
}

/// The photo, if there is something to do, and a fresh object, noted for the sweep before a byte goes there.
async fn begin(caller: &Caller, id: PhotoId) -> Result<Option<(photo::Model, ObjectRef)>> {
    let mut cx = caller.begin().await?;
    let row = photo::Entity::find_by_id(id).one(cx.db()).await?.filter(|r| r.state == PhotoState::Ready && r.withdrawn_at.is_none());
    let there = rendition::Entity::find_by_id((id, LARGE.cast_signed())).one(cx.db()).await?.is_some();
    let Some(row) = row.filter(|_| !there) else { return Ok(None) };
    let object = small(cx.new_uuid(), LARGE.cast_signed());
    cx.enqueue_at(&SweepPhotoObjects { photo: id, objects: vec![object.object] }, cx.now() + SWEEP_AFTER).await?;
    cx.commit().await?;
    Ok(Some((row, object)))
}

async fn develop_original(caller: &Caller, row: photo::Model) -> Result<Rendition> {
    let (object, header) = (original(row.object_id), row.sealed_header.unwrap_or_default());
    let bytes = u64::try_from(row.bytes).map_err(Problem::internal)?;
    let bench = workshop::bench().await?;
    let stream = caller.app.tenants.files().open(&caller.tenant, &object, &header, bytes, None).await?;
    let chunks: Vec<Bytes> = stream.try_collect().await?;
    let developed = bench.work(move || develop(&chunks.concat(), &[LARGE])).await;
    let made = developed.and_then(Result::ok).and_then(|mut picture| picture.renditions.pop());
    made.ok_or_else(|| Problem::internal(anyhow::anyhow!("a photo that was fine when it came cannot be read any more")))
}

/// Whether this one was the first.
async fn insert(cx: &Cx, id: PhotoId, row: rendition::ActiveModel) -> Result<bool> {
    let row = rendition::ActiveModel { photo_id: Set(id), ..row };
    let first = OnConflict::columns([rendition::Column::PhotoId, rendition::Column::Size]).do_nothing().to_owned();
    Ok(rendition::Entity::insert(row).on_conflict(first).exec_without_returning(cx.db()).await? > 0)
}
