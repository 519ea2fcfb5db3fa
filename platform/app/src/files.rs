//! Stored files over HTTP, for every slice that has some: always as an attachment, one range at most, gone within seconds when the
//! session ends.

use crate::callers::{self, SignedIn};
use futures::{Stream, StreamExt, stream};
use kernel::{Problem, Result, session};
use poem::{
    Body, IntoResponse, Response,
    http::{HeaderMap, StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    payload::{Binary, Payload},
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
};
use std::{io, ops::Range, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often a running download asks whether its session still lives.
const CHECK: Duration = Duration::from_secs(5);

/// What an answer says of a file beside its bytes.
#[derive(Clone, Debug)]
pub struct Label {
    /// The name it is saved under.
    pub file_name: String,
    /// What its bytes are.
    pub media_type: String,
    /// How many they are.
    pub bytes: u64,
    /// Tells these bytes from any others of the file.
    pub etag: String,
}

/// A file's bytes, or a range of them.
pub struct FileResponse(pub(crate) Response);

impl IntoResponse for FileResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for FileResponse {
    fn meta() -> MetaResponses {
        let answer =
            |status, description, content| MetaResponse { description, status: Some(status), status_range: None, content, headers: vec![] };
        let bytes = || vec![MetaMediaType { content_type: Binary::<Body>::CONTENT_TYPE, schema: Binary::<Body>::schema_ref() }];
        MetaResponses {
            responses: vec![answer(200, "The bytes", bytes()), answer(206, "The range of the bytes that was asked for", bytes())],
        }
    }

    fn register(_registry: &mut Registry) {}
}

/// The answer with a file's bytes, or the range of them that `body` holds.
pub fn attachment(file: &Label, range: Option<Range<u64>>, body: Body) -> FileResponse {
    let length = range.as_ref().map_or(file.bytes, |r| r.end - r.start);
    let mut response = sealed_off(&file.media_type, &file.file_name)
        .status(if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK })
        .header(header::CONTENT_LENGTH, length)
        .header(header::ETAG, quoted(file))
        .header(header::ACCEPT_RANGES, "bytes");
    if let Some(range) = range {
        response = response.header(header::CONTENT_RANGE, format!("bytes {}-{}/{}", range.start, range.end - 1, file.bytes));
    }
    FileResponse(response.body(body))
}

/// The answer with bytes that are made while they are sent, so that nobody knows how many they will be.
pub fn made_meanwhile(media_type: &str, file_name: &str, body: Body) -> FileResponse {
    FileResponse(sealed_off(media_type, file_name).body(body))
}

/// What every file goes out with: saved under its name, never shown, never run, never kept on the way.
fn sealed_off(media_type: &str, file_name: &str) -> poem::ResponseBuilder {
    Response::builder()
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CONTENT_DISPOSITION, disposition(file_name))
        .header(header::CACHE_CONTROL, "private, no-store, no-transform")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header("cross-origin-resource-policy", "same-origin")
}

/// The answer to a range that the file does not have.
pub fn unsatisfiable(file: &Label) -> FileResponse {
    let mut response = Problem::range().json_response();
    if let Ok(value) = format!("bytes */{}", file.bytes).parse() {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    FileResponse(response)
}

fn quoted(file: &Label) -> String {
    format!("\"{}\"", file.etag)
}

/// Which bytes a request is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// The file.
    All,
    /// This range of it.
    Part(Range<u64>),
    /// A range that it does not have.
    Nothing,
}

/// A range counts only for the bytes that the asker has the beginning of, if it says so.
pub fn asked(headers: &HeaderMap, file: &Label) -> Asked {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    match (text(header::RANGE), text(header::IF_RANGE)) {
        (_, Some(known)) if known.trim() != quoted(file) => Asked::All,
        (Some(range), _) => parse(range, file.bytes),
        (None, _) => Asked::All,
    }
}

/// `bytes=a-b`, `bytes=a-` or `bytes=-n`. Other units and several ranges at once are answered with everything, as they may be.
fn parse(range: &str, bytes: u64) -> Asked {
    let Some(spec) = range.trim().strip_prefix("bytes=") else { return Asked::All };
    if spec.contains(',') {
        return Asked::All;
    }
    let Some((first, last)) = spec.split_once('-') else { return Asked::Nothing };
    let range = match (position(first), position(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(bytes),
        (Some(first), None) if last.trim().is_empty() => first..bytes,
        (None, Some(count)) if first.trim().is_empty() => bytes.saturating_sub(count)..bytes,
        _ => return Asked::Nothing,
    };
    if range.is_empty() { Asked::Nothing } else { Asked::Part(range) }
}

fn position(digits: &str) -> Option<u64> {
    let digits = digits.trim();
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// Saved under its name, never shown: twice, because old software reads only the plain form.
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' }).collect();
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let encoded: String = name.bytes().map(encode).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// The stream, cut off when the session behind it ends or the person loses access. A check that cannot be made counts as failed:
/// the download can be taken up where it stopped.
pub fn watched<B, E>(
    me: SignedIn,
    bytes: impl Stream<Item = Result<B, E>> + Send + 'static,
) -> impl Stream<Item = io::Result<B>> + Send + 'static
where
    B: Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let mut checks = interval_at(Instant::now() + CHECK, CHECK);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    stream::try_unfold((me, Box::pin(bytes), checks), |(me, mut bytes, mut checks)| async move {
        loop {
            tokio::select! {
                biased;
                _ = checks.tick() => match may_go_on(&me).await {
                    Ok(true) => {}
                    Ok(false) => return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the session has ended")),
                    Err(problem) => return Err(io::Error::other(problem)),
                },
                chunk = bytes.next() => return match chunk {
                    Some(Ok(chunk)) => Ok(Some((chunk, (me, bytes, checks)))),
                    Some(Err(error)) => {
                        tracing::error!(%error, "a download broke off");
                        Err(io::Error::other(error))
                    }
                    None => Ok(None),
                },
            }
        }
    })
}

async fn may_go_on(me: &SignedIn) -> Result<bool> {
    let cx = me.begin().await?;
    let alive = session::is_alive(&cx, me.session.id).await? && callers::actor(&cx, me.kind, me.session.person_id).await?.is_some();
    cx.commit().await?;
    Ok(alive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let cases = [
            ("bytes=0-99", Asked::Part(0..100)),
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=900-", Asked::Part(900..1000)),
            ("bytes=-100", Asked::Part(900..1000)),
            ("bytes=-5000", Asked::Part(0..1000)),
            ("bytes=990-5000", Asked::Part(990..1000)),
            ("bytes=0-99999999999999999999999", Asked::Part(0..1000)),
            ("bytes=0-18446744073709551615", Asked::Part(0..1000)),
            (" bytes=1-2 ", Asked::Part(1..3)),
            ("bytes=0-1,5-6", Asked::All),
            ("lines=0-1", Asked::All),
            ("bytes=1000-", Asked::Nothing),
            ("bytes=5-2", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=-", Asked::Nothing),
            ("bytes=", Asked::Nothing),
            ("bytes=a-b", Asked::Nothing),
            ("bytes=+1-+2", Asked::Nothing),
            ("bytes=1-2-3", Asked::Nothing),
        ];
        for (header, expected) in cases {
            assert_eq!(parse(header, 1000), expected, "{header}");
        }
    }

    #[test]
    fn a_name_goes_out_in_two_forms() {
        assert_eq!(disposition("Roof contract.pdf"), "attachment; filename=\"Roof contract.pdf\"; filename*=UTF-8''Roof%20contract.pdf");
        assert_eq!(disposition("Übergabe;\".pdf"), "attachment; filename=\"_bergabe__.pdf\"; filename*=UTF-8''%C3%9Cbergabe%3B%22.pdf");
        assert!(disposition("a\r\nb").is_ascii() && !disposition("a\r\nb").contains('\n'));
    }
}
