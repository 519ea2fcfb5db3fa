//! The verbs and questions of photos. The only writer of the tables `photos`, `photo_renditions`, `photo_markups`, `photo_pairs`,
//! `shots` and `photo_settings`.

mod archive;
mod content;
mod customers;
mod layers;
mod read;
mod render;
mod shots;
mod views;

pub use archive::archive;
pub use content::{sweep, upload};
pub use customers::{CustomerPair, Gallery, GalleryFilter, gallery_mine, newest_mine, of_updates_mine, pairs_mine};
pub use layers::{NewPhotoPair, PhotoPairView, mark_up, markup, pair, pairs, unpair};
pub use read::{Look, Original, open_original, original, picture_only, rendition};
pub use render::render;
pub use shots::{PhotoSettings, ShotChange, ShotView, change_settings, change_shots, set_shots, settings, shots};
pub use views::{CustomerPhoto, PhotoView};

use super::{
    PhotoId, PhotoState,
    flaw::Flaw,
    jobs::ExpirePhotos,
    model::{MAX_BYTES, MOST_AT_ONCE, NewPhotos, PhotoChange, clean_caption, clean_room, photo},
};
use crate::{
    events::Event,
    intake::{clean_file_name, clean_media_type},
    people::HouseholdId,
    projects::{self, ProjectId},
    schedule::PhaseId,
    updates::UpdateId,
    visibility::Visibility,
};
use chrono::Duration;
use kernel::{
    Cx, Problem, Result,
    caller::Role,
    paging::{Page, Paging},
};
use poem_openapi::{Object, types::MaybeUndefined};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};

/// A photo whose bytes have not come by then is given up.
const PATIENCE: Duration = Duration::hours(24);

/// Which photos a list holds.
#[derive(Clone, Debug, Default)]
pub struct PhotoFilter {
    /// Of this phase.
    pub phase: Option<PhaseId>,
    /// Of this room.
    pub room: Option<String>,
    /// For these eyes.
    pub visibility: Option<Visibility>,
    /// Of this daily update.
    pub update: Option<UpdateId>,
}

/// Several photos.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct PhotoList {
    /// In the order they were announced in.
    pub items: Vec<PhotoView>,
}

/// Announces photos; the bytes of each follow by [`upload`]. One whose size is out of the question has failed at once.
pub async fn announce(cx: &mut Cx, project: ProjectId, new: NewPhotos) -> Result<PhotoList> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let household = projects::ops::working(cx, project).await?;
    if new.photos.is_empty() || new.photos.len() > MOST_AT_ONCE {
        return Err(Problem::invalid("photos", "photos_count", format!("Send 1 to {MOST_AT_ONCE} photos at once.")));
    }
    // Within a moment the ids are random: sorted, lists show the photos in the order they were sent in.
    let mut ids: Vec<_> = new.photos.iter().map(|_| PhotoId(cx.new_uuid())).collect();
    ids.sort_by(|a, b| b.cmp(a));
    let rows = announced(cx, household, project, &ids, &new)?;
    photo::Entity::insert_many(rows.clone()).exec_without_returning(cx.db()).await.map_err(unknown)?;
    cx.enqueue_at(&ExpirePhotos { photos: ids.clone() }, cx.now() + PATIENCE).await?;
    let visibility = new.visibility.name();
    cx.record(&Event::PhotosAnnounced { project, count: ids.len(), visibility: visibility.clone() }).await?;
    for row in rows {
        if let (Set(photo), Set(file_name), Set(Some(error))) = (row.id, row.file_name, row.error) {
            cx.record(&Event::PhotoFailed { photo, project, file_name, visibility: visibility.clone(), error }).await?;
        }
    }
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    let items = views::staff(cx, "p.id = ANY($1) ORDER BY p.id DESC", [ids.into()]).await?;
    Ok(PhotoList { items })
}

fn announced(cx: &Cx, household: HouseholdId, project: ProjectId, ids: &[PhotoId], new: &NewPhotos) -> Result<Vec<photo::ActiveModel>> {
    let room = clean_room(&new.room)?;
    let row = |(id, file): (&PhotoId, &super::model::NewPhoto)| {
        let flaw = match file.bytes {
            0 => Some(Flaw::Empty),
            bytes if bytes > limit(cx) => Some(Flaw::TooLarge),
            _ => None,
        };
        Ok(photo::ActiveModel {
            id: Set(*id),
            household_id: Set(household),
            project_id: Set(project),
            visibility: Set(new.visibility),
            state: Set(if flaw.is_some() { PhotoState::Failed } else { PhotoState::Uploading }),
            error: Set(flaw.map(|f| f.code().to_owned())),
            phase_id: Set(new.phase_id),
            update_id: Set(new.update_id),
            shot_id: Set(new.shot_id),
            room: Set(room.clone()),
            caption: Set(String::new()),
            file_name: Set(clean_file_name(&file.file_name).unwrap_or_else(|_| "photo".to_owned())),
            media_type: Set(clean_media_type(&file.media_type)),
            bytes: Set(i64::try_from(file.bytes).unwrap_or(i64::MAX)),
            // Stands in until an upload wins: each attempt writes to objects of its own.
            object_id: Set(cx.new_uuid()),
            uploaded_by: Set(cx.actor().id()),
            uploaded_by_name: Set(cx.actor().name().to_owned()),
            created_at: Set(cx.now()),
            ..Default::default()
        })
    };
    ids.iter().zip(&new.photos).map(row).collect()
}

/// The most bytes of a photo: ours, or the plan's if that is less.
fn limit(cx: &Cx) -> u64 {
    MAX_BYTES.min(cx.tenant().plan.max_upload_bytes)
}

/// What a photo names must be of its own project; the database holds it to that.
fn unknown(error: DbErr) -> Problem {
    let text = error.to_string();
    for (field, what) in [("phase_id", "phase"), ("update_id", "update"), ("shot_id", "required photo")] {
        if text.contains(&format!("photos_{field}_project_id_fkey")) {
            return Problem::invalid(field, "unknown", format!("There is no such {what} in this project."));
        }
    }
    error.into()
}

/// Changes what is said of a photo, and who may see it.
pub async fn change(cx: &mut Cx, id: PhotoId, change: PhotoChange) -> Result<PhotoView> {
    let row = locked(cx, id).await?;
    let (mut said, mut next) = (Vec::new(), photo::ActiveModel::from(row.clone()));
    if let Some(visibility) = change.visibility.filter(|v| *v != row.visibility) {
        said.push(format!("visibility to {}", visibility.name()));
        next.visibility = Set(visibility);
    }
    if let Some(room) = change.room.map(|r| clean_room(&r)).transpose()?.filter(|r| *r != row.room) {
        said.push(format!("room to {room}"));
        next.room = Set(room);
    }
    if let Some(caption) = change.caption.map(|c| clean_caption(&c)).transpose()?.filter(|c| *c != row.caption) {
        said.push("caption".to_owned());
        next.caption = Set(caption);
    }
    if let Some(phase) = moved(change.phase_id, row.phase_id) {
        said.push("phase".to_owned());
        next.phase_id = Set(phase);
    }
    if let Some(shot) = moved(change.shot_id, row.shot_id) {
        said.push("required photo".to_owned());
        next.shot_id = Set(shot);
    }
    if let Some(update) = moved(change.update_id, row.update_id) {
        said.push("update".to_owned());
        next.update_id = Set(update);
    }
    if !said.is_empty() {
        let next = next.update(cx.db()).await.map_err(unknown)?;
        // Customers' pages hear of a photo that they lose, too.
        let seen = row.visibility.either(next.visibility);
        let (project, file_name) = (row.project_id, row.file_name);
        let change = said.join(", ");
        cx.record(&Event::PhotoChanged { photo: id, project, file_name, visibility: seen.name(), change }).await?;
    }
    find(cx, id).await
}

fn moved<T: PartialEq>(asked: MaybeUndefined<T>, is: Option<T>) -> Option<Option<T>> {
    let next = match asked {
        MaybeUndefined::Undefined => return None,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    };
    (next != is).then_some(next)
}

/// Takes a photo back: it is gone from every list and can no longer be looked at. Its bytes stay sealed in the store.
pub async fn withdraw(cx: &mut Cx, id: PhotoId) -> Result<()> {
    let row = locked(cx, id).await?;
    let (project, file_name, visibility) = (row.project_id, row.file_name.clone(), row.visibility.name());
    let mut next = photo::ActiveModel::from(row);
    next.withdrawn_at = Set(Some(cx.now()));
    next.update(cx.db()).await?;
    cx.record(&Event::PhotoWithdrawn { photo: id, project, file_name, visibility }).await?;
    Ok(())
}

/// Gives photos up whose bytes have not come.
pub async fn expire(cx: &mut Cx, photos: Vec<PhotoId>) -> Result<()> {
    for id in photos {
        let Some(row) = photo::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await? else { continue };
        if row.state == PhotoState::Uploading {
            failed(cx, row, Flaw::Expired).await?;
        }
    }
    Ok(())
}

/// A photo that waited for its bytes will not get them.
async fn failed(cx: &mut Cx, row: photo::Model, flaw: Flaw) -> Result<()> {
    let (photo, project, file_name) = (row.id, row.project_id, row.file_name.clone());
    let (visibility, gone) = (row.visibility.name(), row.withdrawn_at.is_some());
    let mut next = photo::ActiveModel::from(row);
    next.state = Set(PhotoState::Failed);
    next.error = Set(Some(flaw.code().to_owned()));
    if let Flaw::TooManyPixels { width, height } = flaw {
        next.width = Set(i32::try_from(width).ok());
        next.height = Set(i32::try_from(height).ok());
    }
    next.update(cx.db()).await?;
    if !gone {
        cx.record(&Event::PhotoFailed { photo, project, file_name, visibility, error: flaw.code().to_owned() }).await?;
    }
    Ok(())
}

/// One photo.
pub async fn find(cx: &Cx, id: PhotoId) -> Result<PhotoView> {
    views::staff(cx, "p.id = $1", [id.into()]).await?.pop().ok_or_else(|| Problem::not_found("photo"))
}

/// A page of a project's photos, newest first.
pub async fn list(cx: &Cx, project: ProjectId, filter: &PhotoFilter, paging: &Paging) -> Result<Page<PhotoView>> {
    projects::ops::household_of(cx, project).await?;
    let which = "p.project_id = $1 AND ($2::uuid IS NULL OR p.id < $2) AND ($3::uuid IS NULL OR p.phase_id = $3) \
                 AND ($4::text IS NULL OR p.room = $4) AND ($5::text IS NULL OR p.visibility = $5) \
                 AND ($6::uuid IS NULL OR p.update_id = $6) ORDER BY p.id DESC LIMIT $7";
    let values: [sea_orm::Value; 7] = [
        project.into(),
        paging.after.into(),
        filter.phase.into(),
        filter.room.clone().into(),
        filter.visibility.map(|v| v.name()).into(),
        filter.update.into(),
        i64::try_from(paging.limit + 1).unwrap_or(i64::MAX).into(),
    ];
    let rows = views::staff(cx, which, values).await?;
    Ok(Page::new(rows, paging, |photo| photo.id.0, |photo| photo))
}

/// A photo that is to be changed: held until the transaction ends, not withdrawn, and of a project that is worked on.
async fn locked(cx: &Cx, id: PhotoId) -> Result<photo::Model> {
    let row = photo::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    let row = row.filter(|r| r.withdrawn_at.is_none()).ok_or_else(|| Problem::not_found("photo"))?;
    cx.require(Role::Member)?;
    projects::ops::working(cx, row.project_id).await?;
    Ok(row)
}
