//! Asking whether a document is genuine; nobody has to sign in. A browser with script sends the file's hash and keeps the file. Without
//! script the file comes here, is hashed while it arrives, and is thrown away.

use super::{
    ops::{self, Shown},
    pages::{Said, VerifyPage},
};
use crate::{callers::Visitor, face, intake::patient};
use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER_PERMISSIVE;
use kernel::{Caller, Problem, Result, limits::Limit};
use poem::{
    Body, FromRequest, Request, RequestBody, Response, handler,
    http::{StatusCode, header},
    web::{Multipart, Path},
};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// The largest file that is taken to be hashed.
const MOST_BYTES: u64 = 64 << 20;
/// And the longest that it may take to arrive.
const PATIENCE: Duration = Duration::from_secs(300);

/// `GET /verify/{token}`
#[handler]
pub async fn look(Visitor(me): Visitor, request: &Request, Path(token): Path<String>) -> Result<Response> {
    let shown = shown(&me, &token).await?;
    face::page(&me, request, StatusCode::OK, &VerifyPage::new(&token, shown, None)).await
}

/// `POST /verify/{token}`: with the file, or with its hash.
#[handler]
pub async fn check(Visitor(me): Visitor, request: &Request, Path(token): Path<String>, body: Body) -> Result<Response> {
    let shown = shown(&me, &token).await?;
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let sha256 = match media_type.starts_with("multipart/form-data") {
        true => hash_of_file(request, body).await?,
        false => hash_of_form(body).await?,
    };
    let said = match sha256 {
        Some(sha256) => {
            let cx = me.begin().await?;
            ops::judge(&cx, &token, sha256).await?.into()
        }
        None => Said::Missing,
    };
    face::page(&me, request, StatusCode::OK, &VerifyPage::new(&token, shown, Some(said))).await
}

/// The document, before a byte of a file is read.
async fn shown(me: &Caller, token: &str) -> Result<Shown> {
    me.app.limits.check_address(Limit::VerifyAddress, &me.origin.address)?;
    let cx = me.begin().await?;
    ops::shown(&cx, token).await
}

async fn hash_of_form(body: Body) -> Result<Option<[u8; 32]>> {
    let form = face::read_form(body).await?;
    let bytes = HEXLOWER_PERMISSIVE.decode(form.value("sha256").trim().as_bytes()).ok();
    Ok(bytes.and_then(|bytes| bytes.try_into().ok()))
}

/// None: no file was chosen.
async fn hash_of_file(request: &Request, body: Body) -> Result<Option<[u8; 32]>> {
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > MOST_BYTES + (64 << 10)) {
        return Err(too_large());
    }
    match tokio::time::timeout(PATIENCE, read(request, body)).await {
        Ok(hash) => hash,
        Err(_) => Err(broken()),
    }
}

async fn read(request: &Request, body: Body) -> Result<Option<[u8; 32]>> {
    let body = Body::from_bytes_stream(patient(body.into_bytes_stream()));
    let mut form = Multipart::from_request(request, &mut RequestBody::new(body)).await.map_err(|_| broken())?;
    let Some(file) = form.next_field().await.map_err(|_| broken())? else { return Ok(None) };
    let (mut reader, mut hash, mut read, mut part) = (file.into_async_read(), Context::new(&SHA256), 0, vec![0; 64 << 10]);
    loop {
        let some = reader.read(&mut part).await.map_err(|_| broken())?;
        if some == 0 {
            break;
        }
        read += some as u64;
        if read > MOST_BYTES {
            return Err(too_large());
        }
        hash.update(&part[..some]);
    }
    let hash = hash.finish();
    Ok(if read == 0 { None } else { hash.as_ref().try_into().ok() })
}

fn too_large() -> Problem {
    Problem::too_large("file_too_large", "This file is larger than any document of ours, so it is none of them.")
}

fn broken() -> Problem {
    Problem::malformed("upload_broken", "The file did not arrive whole. Send it again.")
}
