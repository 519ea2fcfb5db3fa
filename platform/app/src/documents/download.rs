//! A version's bytes over HTTP, for the API and the portal.

use super::{
    DocumentId,
    ops::{self, StoredFile},
};
use crate::{
    callers::SignedIn,
    files::{Asked, FileResponse, Label, asked, attachment, unsatisfiable, watched},
};
use kernel::Result;
use poem::{Body, Request, http::Method};

/// Answers a request for a version's bytes. A HEAD tells their size and name and is no read.
pub async fn respond(me: &SignedIn, request: &Request, id: DocumentId, number: i32) -> Result<FileResponse> {
    let cx = me.begin().await?;
    let label = label(ops::file(&cx, id, number).await?);
    cx.commit().await?;
    if request.method() == Method::HEAD {
        return Ok(attachment(&label, None, Body::empty()));
    }
    let range = match asked(request.headers(), &label) {
        Asked::All => None,
        Asked::Part(range) => Some(range),
        Asked::Nothing => return Ok(unsatisfiable(&label)),
    };
    let bytes = ops::open(&me.caller, id, number, range.clone()).await?;
    Ok(attachment(&label, range, Body::from_bytes_stream(watched(me.clone(), bytes))))
}

fn label(file: StoredFile) -> Label {
    Label { file_name: file.file_name, media_type: file.media_type, bytes: file.bytes, etag: file.sha256 }
}
