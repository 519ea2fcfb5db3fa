//! What is done after an upload: the large rendition, soon; and a day later what tidies up. The notes for tidying are stored before a
//! byte is taken, so nothing is forgotten when a process dies.

use super::{PhotoId, ops};
use kernel::{
    Caller, Result,
    jobs::{Attempt, Job},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Makes the large rendition.
#[derive(Debug, Serialize, Deserialize)]
pub struct RenderPhoto {
    /// Of this photo.
    pub photo: PhotoId,
}

impl Job for RenderPhoto {
    const KIND: &'static str = "photos.render";

    fn dedupe(&self) -> Option<String> {
        Some(self.photo.to_string())
    }

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::render(&caller, self.photo).await
    }
}

/// Gives announced photos up whose bytes have not come.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpirePhotos {
    /// Announced together.
    pub photos: Vec<PhotoId>,
}

impl Job for ExpirePhotos {
    const KIND: &'static str = "photos.expire_uploads";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        ops::expire(&mut cx, self.photos).await?;
        cx.commit().await
    }
}

/// Removes the objects that one attempt wrote, but for those that the photo is made of.
#[derive(Debug, Serialize, Deserialize)]
pub struct SweepPhotoObjects {
    /// Whose attempt.
    pub photo: PhotoId,
    /// Where it wrote to.
    pub objects: Vec<Uuid>,
}

impl Job for SweepPhotoObjects {
    const KIND: &'static str = "photos.sweep_objects";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::sweep(&caller, self.photo, self.objects).await
    }
}
