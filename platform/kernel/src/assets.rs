//! Static files under `/assets`: styles, scripts, fonts and pictures, embedded, hashed once at start, and cached for
//! ever by whoever asks with the hash (`?v=…`). Smaller `.br` and `.gz` siblings are sent when the browser takes them.
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use rust_embed::RustEmbed;

/// Encodings in the order we like them, with the ending of the sibling file.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

struct Asset {
    body: Bytes,
    hash: String,
    media_type: String,
    /// Smaller forms: encoding and bytes.
    packed: Vec<(&'static str, Bytes)>,
    /// The name itself carries a hash, so the file never changes.
    named_by_hash: bool,
}

/// The static files. Cheap to clone; an endpoint to be nested at `/assets`.
#[derive(Clone, Default)]
pub struct Assets(Arc<BTreeMap<String, Asset>>);

impl Assets {
    /// Takes in an embedded folder under `prefix` (`""` or `"admin/"`). Files below `hashed` (such as `admin/assets/`)
    /// carry a hash in their names already.
    pub fn with<E: RustEmbed>(self, prefix: &str, hashed: Option<&str>) -> Assets {
        let mut files = Arc::try_unwrap(self.0).unwrap_or_default();
        let read = |name: &str| E::get(name).map(|file| owned(file.data));
        let is_sibling = |name: &str| ENCODINGS.iter().any(|(_, end)| name.strip_suffix(end).is_some_and(|n| E::get(n).is_some()));
        for name in E::iter().filter(|name| !is_sibling(name)) {
            let Some(body) = read(&name) else { continue };
            let path = format!("{prefix}{name}");
            let packed = ENCODINGS.iter().filter_map(|(encoding, end)| Some((*encoding, read(&format!("{name}{end}"))?)));
            let asset = Asset {
                hash: short_hash(&body),
                media_type: media_type(&path),
                packed: packed.filter(|(_, small)| small.len() < body.len()).collect(),
                named_by_hash: hashed.is_some_and(|folder| path.starts_with(folder)),
                body,
            };
            files.insert(path, asset);
        }
        Assets(Arc::new(files))
    }

    /// The address of a file with its hash. Unknown files get a plain address: before the first build there are none.
    pub fn url(&self, path: &str) -> String {
        match self.0.get(path) {
            Some(asset) => format!("/assets/{path}?v={}", asset.hash),
            None => format!("/assets/{path}"),
        }
    }

    /// The bytes of a file, such as the console's `admin/index.html`.
    pub fn bytes(&self, path: &str) -> Option<Bytes> {
        self.0.get(path).map(|asset| asset.body.clone())
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.uri().path().trim_start_matches('/');
        let path = path.strip_prefix("assets/").unwrap_or(path);
        let Some(asset) = self.0.get(path) else {
            return plain(StatusCode::NOT_FOUND, "There is no such file.");
        };
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "Files can only be read.");
        }
        let tag = format!("\"{}\"", asset.hash);
        let exact = request.uri().query().is_some_and(|q| q.split('&').any(|p| p.strip_prefix("v=") == Some(&*asset.hash)));
        let cache = if exact || asset.named_by_hash { "public, max-age=31536000, immutable" } else { "no-cache" };
        let head = Response::builder()
            .header(header::ETAG, &tag)
            .header(header::CACHE_CONTROL, cache)
            .header(header::VARY, "Accept-Encoding")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::CONTENT_TYPE, &asset.media_type);
        let known = request.header(header::IF_NONE_MATCH).unwrap_or_default();
        if known.split(',').any(|t| t.trim().trim_start_matches("W/") == tag) {
            return head.status(StatusCode::NOT_MODIFIED).body(());
        }
        let taken = request.header(header::ACCEPT_ENCODING).unwrap_or_default();
        match asset.packed.iter().find(|(encoding, _)| accepts(taken, encoding)) {
            Some((encoding, body)) => head.header(header::CONTENT_ENCODING, *encoding).body(body.clone()),
            None => head.body(asset.body.clone()),
        }
    }
}

impl Endpoint for Assets {
    type Output = Response;
    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(self.answer(&request))
    }
}

fn owned(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

/// The first twelve hex digits of SHA-256; the build writes the same into the style sheet's font addresses.
fn short_hash(body: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body);
    HEXLOWER.encode(&hash.as_ref()[..6])
}

fn media_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = guess.type_() == "text" || matches!(guess.subtype().as_str(), "javascript" | "json");
    if text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

fn plain(status: StatusCode, words: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        let asset = Asset {
            body: Bytes::from_static(b"body{}"),
            hash: short_hash(b"body{}"),
            media_type: media_type("portal.css"),
            packed: vec![("br", Bytes::from_static(b"br")), ("gzip", Bytes::from_static(b"gz"))],
            named_by_hash: false,
        };
        Assets(Arc::new(BTreeMap::from([("portal.css".to_owned(), asset)])))
    }

    fn ask(uri: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().uri(uri.parse().expect("a uri"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assets().answer(&request.finish())
    }

    #[test]
    fn with_the_hash_it_is_cached_for_ever() {
        let url = assets().url("portal.css");
        let cached = ask(&url, &[]);
        assert_eq!(cached.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(cached.header("content-type"), Some("text/css; charset=utf-8"));
        assert_eq!(ask("/assets/portal.css?v=old", &[]).header("cache-control"), Some("no-cache"));
        assert_eq!(ask("/assets/../secret", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn smaller_forms_and_known_files() {
        assert_eq!(ask("/portal.css", &[("accept-encoding", "gzip, br;q=0")]).header("content-encoding"), Some("gzip"));
        assert_eq!(ask("/portal.css", &[("accept-encoding", "gzip, br")]).header("content-encoding"), Some("br"));
        assert_eq!(ask("/portal.css", &[]).header("content-encoding"), None);
        let tag = ask("/portal.css", &[]).header("etag").expect("a tag").to_owned();
        assert_eq!(ask("/portal.css", &[("if-none-match", &tag)]).status(), StatusCode::NOT_MODIFIED);
    }
}
