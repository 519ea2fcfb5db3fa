//! What is done a day after an upload was begun. Both notes are stored before a byte is taken, so nothing is forgotten when a
//! process dies; nothing has to walk through the companies to find them.

use super::{DocumentId, ops};
use kernel::{
    Caller, Result,
    jobs::{Attempt, Job},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Gives an announced version up whose bytes have not come.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireUpload {
    /// Whose version.
    pub document: DocumentId,
    /// Which version.
    pub number: i32,
}

impl Job for ExpireUpload {
    const KIND: &'static str = "documents.expire_upload";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        ops::expire(&cx, self.document, self.number).await?;
        cx.commit().await
    }
}

/// Removes the object that one upload wrote, unless the version is made of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SweepObject {
    /// Whose version.
    pub document: DocumentId,
    /// Which version.
    pub number: i32,
    /// Where the upload went to.
    pub object: Uuid,
}

impl Job for SweepObject {
    const KIND: &'static str = "documents.sweep_object";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::sweep(&caller, self.document, self.number, self.object).await
    }
}
