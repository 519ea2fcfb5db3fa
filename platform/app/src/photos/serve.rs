//! Photos over HTTP: renditions to look at, originals and archives to save.

use super::{PhotoId, ops, workshop::Room};
use crate::{
    callers::SignedIn,
    files::{Asked, FileResponse, Label, asked, attachment, made_meanwhile, unsatisfiable, watched},
    projects::ProjectId,
};
use bytes::Bytes;
use futures::stream;
use kernel::Result;
use poem::{
    Body, IntoResponse, Request, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    payload::{Binary, Payload},
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
};
use std::io;

/// A picture that a page shows.
pub struct PictureResponse(Response);

impl IntoResponse for PictureResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for PictureResponse {
    fn meta() -> MetaResponses {
        let answer =
            |status, description, content| MetaResponse { description, status: Some(status), status_range: None, content, headers: vec![] };
        let picture = MetaMediaType { content_type: "image/webp", schema: Binary::<Body>::schema_ref() };
        MetaResponses { responses: vec![answer(200, "The picture", vec![picture]), answer(304, "The asker has it already", vec![])] }
    }

    fn register(_registry: &mut Registry) {}
}

/// A rendition, shown inside of a page. A smaller one stands in until the one that was asked for is made, and is not kept.
pub async fn rendition(me: &SignedIn, request: &Request, id: PhotoId, size: i32) -> Result<PictureResponse> {
    let cx = me.begin().await?;
    let look = ops::rendition(&cx, id, size).await?;
    cx.commit().await?;
    let keep = if look.lasting { "private, max-age=31536000, immutable" } else { "private, no-store" };
    let response = Response::builder()
        .header(header::CACHE_CONTROL, keep)
        .header(header::ETAG, &look.etag)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'")
        .header("cross-origin-resource-policy", "same-origin");
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == look.etag) {
        return Ok(PictureResponse(response.status(StatusCode::NOT_MODIFIED).finish()));
    }
    let bytes = look.open(&me.caller).await?;
    let response = response.header(header::CONTENT_TYPE, &look.media_type).header(header::CONTENT_LENGTH, bytes.len());
    Ok(PictureResponse(response.body(bytes)))
}

/// An original as it came, or the range of it that was asked for; for staff.
pub async fn original(me: &SignedIn, request: &Request, id: PhotoId) -> Result<FileResponse> {
    let cx = me.begin().await?;
    let label = label(ops::original(&cx, id).await?);
    cx.commit().await?;
    let range = match asked(request.headers(), &label) {
        Asked::All => None,
        Asked::Part(range) => Some(range),
        Asked::Nothing => return Ok(unsatisfiable(&label)),
    };
    let bytes = ops::open_original(&me.caller, id, range.clone()).await?;
    Ok(attachment(&label, range, Body::from_bytes_stream(watched(me.clone(), bytes))))
}

/// An original with nothing beside the picture; for customers.
pub async fn picture_only(me: &SignedIn, id: PhotoId) -> Result<FileResponse> {
    let (file, bytes, room) = ops::picture_only(&me.caller, id).await?;
    let mut label = label(file);
    (label.bytes, label.etag) = (bytes.len() as u64, format!("{}-picture", label.etag));
    Ok(attachment(&label, None, Body::from_bytes_stream(watched(me.clone(), pieces(bytes, room)))))
}

/// All photos of a project in one file.
pub async fn archive(me: &SignedIn, project: ProjectId) -> Result<FileResponse> {
    let (name, bytes) = ops::archive(&me.caller, project).await?;
    Ok(made_meanwhile("application/zip", &name, Body::from_bytes_stream(watched(me.clone(), bytes))))
}

fn label(file: ops::Original) -> Label {
    Label { file_name: file.file_name, media_type: file.media_type, bytes: file.bytes, etag: file.sha256 }
}

/// In pieces, so that a download can end between two of them.
fn pieces(bytes: Vec<u8>, room: Room) -> impl stream::Stream<Item = Result<Bytes, io::Error>> + Send + 'static {
    stream::unfold((Bytes::from(bytes), room), |(mut rest, room)| async move {
        let piece = rest.split_to(rest.len().min(64 << 10));
        (!piece.is_empty()).then_some((Ok(piece), (rest, room)))
    })
}
