//! Compression of what is text and made for it. Files leave as they are: a range counts bytes of the file itself, and its length
//! is told before.

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderValue, header},
    web::{Compress, CompressionAlgo, CompressionLevel},
};
use std::sync::Arc;

const TYPES: [&str; 8] = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/problem+json",
    "image/svg+xml",
];

/// For `EndpointExt::around`. Bodies of requests are never unpacked: a small one could hold a huge one.
pub async fn compress<E: Endpoint>(next: Arc<E>, request: Request) -> Result<Response> {
    let wanted = wanted(request.headers());
    let mut response = next.call(request).await?.into_response();
    if !compressible(response.headers()) {
        return Ok(response);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(match wanted {
        Some(algorithm) => Compress::new(response, algorithm).with_quality(CompressionLevel::Precise(4)).into_response(),
        None => response,
    })
}

fn wanted(headers: &HeaderMap) -> Option<CompressionAlgo> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let accepted: Vec<&str> = values.flat_map(|v| v.split(',')).filter(|one| !refused(one)).map(name).collect();
    let takes = |coding: &str| accepted.iter().any(|one| one.eq_ignore_ascii_case(coding));
    if takes("br") { Some(CompressionAlgo::BR) } else { takes("gzip").then_some(CompressionAlgo::GZIP) }
}

fn name(one: &str) -> &str {
    one.split(';').next().unwrap_or_default().trim()
}

fn refused(one: &str) -> bool {
    let weight = one.split(';').nth(1).and_then(|q| q.trim().strip_prefix("q="));
    weight.and_then(|q| q.parse::<f32>().ok()) == Some(0.0)
}

fn compressible(headers: &HeaderMap) -> bool {
    let text = |key| headers.get(key).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let plain = !headers.contains_key(header::CONTENT_ENCODING) && !headers.contains_key(header::CONTENT_RANGE);
    plain && !text(header::CACHE_CONTROL).contains("no-transform") && TYPES.contains(&name(text(header::CONTENT_TYPE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.clone(), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn pages_are_compressed_and_files_are_not() {
        assert!(compressible(&headers(&[(header::CONTENT_TYPE, "text/html; charset=utf-8")])));
        assert!(!compressible(&headers(&[(header::CONTENT_TYPE, "application/pdf")])));
        assert!(!compressible(&headers(&[(header::CONTENT_TYPE, "text/html"), (header::CACHE_CONTROL, "private, no-transform")])));
        assert!(!compressible(&headers(&[(header::CONTENT_TYPE, "text/css"), (header::CONTENT_ENCODING, "br")])));
    }

    #[test]
    fn the_browser_says_what_it_takes() {
        let chosen = |text| wanted(&headers(&[(header::ACCEPT_ENCODING, text)])).map(|a| a.to_string());
        assert_eq!(chosen("gzip, deflate, br"), Some("br".to_owned()));
        assert_eq!(chosen("br;q=0, GZIP;q=0.5"), Some("gzip".to_owned()));
        assert_eq!(chosen("identity"), None);
    }
}
