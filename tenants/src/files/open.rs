//! The way out of the bucket: one ranged request, frames opened as they come.

use super::{Files, FilesError, store_error};
use aws_sdk_s3::operation::get_object::GetObjectError;
use bytes::{Bytes, BytesMut};
use envelope::{DataKey, Header, RangeOpener};
use futures::{StreamExt, stream, stream::BoxStream};
use std::ops::Range;

/// Opens `range` of the plaintext, or all of it. The header is authenticated here, before a byte is asked for.
pub(super) async fn stream(
    files: &Files,
    object_key: String,
    header: &Header,
    key: &DataKey,
    bytes: u64,
    range: Option<Range<u64>>,
) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
    let opener = RangeOpener::new(header, key, range.unwrap_or(0..bytes), bytes).map_err(damaged)?;
    let wanted = opener.bytes();
    if wanted.is_empty() {
        return Ok(stream::empty().boxed());
    }
    let request =
        files.client.get_object().bucket(&files.bucket).key(object_key).range(format!("bytes={}-{}", wanted.start, wanted.end - 1));
    let answer = request.send().await.map_err(|e| match e.as_service_error() {
        Some(GetObjectError::NoSuchKey(_)) => FilesError::Missing,
        _ => store_error(e),
    })?;
    let body = answer.body;
    Ok(stream::try_unfold((body, Some(opener), BytesMut::new()), |(mut body, mut opener, mut out)| async move {
        loop {
            let Some(current) = opener.as_mut() else { return Ok(None) };
            match body.next().await {
                Some(chunk) => {
                    let chunk = chunk.map_err(|e| FilesError::Store(e.to_string()))?;
                    current.update(&chunk, &mut out).map_err(damaged)?;
                }
                None => {
                    // The store may send less than asked; the opener knows whether the range is whole.
                    opener.take().map_or(Ok(()), RangeOpener::finish).map_err(damaged)?;
                }
            }
            if !out.is_empty() {
                let opened = out.split().freeze();
                return Ok(Some((opened, (body, opener, out))));
            }
        }
    })
    .boxed())
}

fn damaged(error: envelope::Error) -> FilesError {
    FilesError::Damaged(error.to_string())
}
