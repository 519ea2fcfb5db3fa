//! From a page to an answer: status, content security policy and the other headers every page carries; the manifest
//! and icon of the installable portal; the "Bigger text" setting.
use data_encoding::BASE64;
use minijinja::context;
use minijinja::value::{Serde, Value};
use poem::http::{HeaderName, StatusCode, header};
use poem::{Body, Request, Response};

use super::{Active, Flaw, Frame, Override, Page, Pages};

const TEXT_SIZES: [u16; 4] = [100, 112, 125, 150];
const TEXT_SIZE_COOKIE: &str = "pl-text-size";

impl Pages {
    /// A page with status 200.
    pub fn page<P: Page>(&self, page: &P, frame: &Frame) -> anyhow::Result<Response> {
        self.page_with(StatusCode::OK, page, frame)
    }

    /// A page with another status: 422 for a form with mistakes, 404, 503 and so on.
    pub fn page_with<P: Page>(&self, status: StatusCode, page: &P, frame: &Frame) -> anyhow::Result<Response> {
        Ok(respond(status, self.render(page, frame)?, frame))
    }

    /// A page as a tenant wrote it. Where that does not hold it is ours, and what was wrong is told.
    pub fn page_or_ours<P: Page>(
        &self,
        status: StatusCode,
        page: &P,
        frame: &Frame,
        theirs: &Active,
    ) -> anyhow::Result<(Response, Option<Flaw>)> {
        let done = match theirs.ready() {
            Ok(ready) => self.overridden(ready, Value::from(Serde(page)), frame)?,
            Err(flaw) => Err(flaw),
        };
        match done {
            Ok(html) => Ok((respond(status, html, frame), None)),
            Err(flaw) => Ok((self.page_with(status, page, frame)?, Some(flaw))),
        }
    }

    /// The whole page around a tenant's text, or what is wrong with it.
    pub fn overridden(&self, theirs: &Override, page: Value, frame: &Frame) -> anyhow::Result<Result<String, Flaw>> {
        let frame = Value::from(Serde(frame));
        let filled = match theirs.fill(&page, &frame) {
            Ok(filled) => filled,
            Err(flaw) => return Ok(Err(flaw)),
        };
        let ours = context! { template => theirs.slot().template, main => Value::from_safe_string(filled.main) };
        self.fill_with("overrides/page.html", context! { page, frame, ours }).map(Ok)
    }

    /// `/manifest.webmanifest`: makes the portal installable under the tenant's name and colour.
    pub fn manifest(&self, frame: &Frame) -> anyhow::Result<Response> {
        self.side_file("portal/manifest.json", "application/manifest+json", frame)
    }

    /// `/brand/icon.svg`: the brand's first letter on its colour, for tabs and home screens without a logo.
    pub fn icon(&self, frame: &Frame) -> anyhow::Result<Response> {
        self.side_file("portal/icon.svg", "image/svg+xml", frame)
    }

    fn side_file(&self, template: &str, media_type: &str, frame: &Frame) -> anyhow::Result<Response> {
        let body = self.fill(template, Value::UNDEFINED, Value::from(Serde(frame)))?;
        Ok(Response::builder()
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CACHE_CONTROL, "public, max-age=300")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
            .body(body))
    }
}

fn respond(status: StatusCode, html: String, frame: &Frame) -> Response {
    // The hand-over form posts to the new host; with `same-origin` the browser would send it as `Origin: null`.
    let referrer = if frame.form_targets.is_empty() { "same-origin" } else { "strict-origin" };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy(frame))
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, referrer)
        .header(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()")
        .header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::VARY, "Cookie, HX-Request")
        .body(html)
}

/// A page or a mail to be looked at inside of a page of ours: nothing in it runs, posts or leads anywhere.
pub fn preview(html: String, frame: Option<&Frame>) -> Response {
    let styles = match frame {
        Some(frame) => format!("'self' 'sha256-{}'", style_hash(frame)),
        // Mails carry their styles with them.
        None => "'unsafe-inline'".to_owned(),
    };
    let policy = format!(
        "default-src 'none'; style-src {styles}; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-same-origin"
    );
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "same-origin")
        .header(header::CACHE_CONTROL, "no-store")
        .body(html)
}

fn style_hash(frame: &Frame) -> String {
    BASE64.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, frame.style.as_bytes()).as_ref())
}

/// The policy of one page: our own origin only, and the one inline style by its hash.
fn policy(frame: &Frame) -> String {
    let forms: String = frame.form_targets.iter().map(|target| format!(" {target}")).collect();
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'sha256-{}'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'; form-action 'self'{forms}",
        style_hash(frame)
    )
}

/// The text size this browser asked us to remember.
pub(super) fn remembered_size(request: &Request) -> u16 {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let wanted = cookies.flat_map(|v| v.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == TEXT_SIZE_COOKIE).then(|| value.parse().ok())?
    });
    wanted.filter(|size| TEXT_SIZES.contains(size)).unwrap_or(100)
}

/// `POST /text-size`: remembers the next size and goes back to the page. Works without script; a year long.
#[poem::handler]
pub async fn text_size(body: Body) -> Response {
    let body = body.into_bytes_limit(4096).await.unwrap_or_default();
    let mut size = 100;
    let mut back = "/".to_owned();
    for (name, value) in url::form_urlencoded::parse(&body) {
        match &*name {
            "size" => size = value.parse().ok().filter(|s| TEXT_SIZES.contains(s)).unwrap_or(100),
            "back" if is_own_path(&value) => back = value.into_owned(),
            _ => {}
        }
    }
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, back)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::SET_COOKIE, format!("{TEXT_SIZE_COOKIE}={size}; Path=/; Max-Age=31536000; SameSite=Lax; Secure"))
        .body(())
}

/// A path on this host: `/x`, but not `//elsewhere`, and nothing a header could not carry.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~%?=&".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_host_are_ways_back() {
        assert!(is_own_path("/projects/0198"));
        for bad in ["", "projects", "//elsewhere.example", "/\\elsewhere", "/a\r\nSet-Cookie: x", "https://elsewhere.example"] {
            assert!(!is_own_path(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_broken_size_is_the_usual_size() {
        let size = |cookie: &str| remembered_size(&Request::builder().header("cookie", cookie).finish());
        assert_eq!(size("a=b; pl-text-size=125"), 125);
        assert_eq!(size("pl-text-size=9999"), 100);
        assert_eq!(size("pl-text-size=; pl-text-size"), 100);
    }
}
