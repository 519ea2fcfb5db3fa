//! A browser as the server sees one: cookies by host, an origin, forms out of pages, no redirect that is not asked for.

use super::html;
use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE, USER_AGENT},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use url::{Url, form_urlencoded};
use uuid::Uuid;

/// The whole of an upload takes less.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client for some hosts that all are this machine.
pub(super) fn client(hosts: &[&str]) -> Result<Client> {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
    Ok(hosts.iter().fold(builder, |builder, host| builder.resolve(host, here)).build()?)
}

/// One person's browser.
pub(super) struct Browser {
    client: Client,
    agent: &'static str,
    /// Host and name to value.
    cookies: BTreeMap<(String, String), String>,
}

impl Browser {
    pub fn new(client: &Client, agent: &'static str) -> Self {
        Self { client: client.clone(), agent, cookies: BTreeMap::new() }
    }

    /// A page, without following it anywhere.
    pub async fn get(&mut self, url: &str) -> Result<Answer> {
        let response = self.open(url, &[]).await?;
        Answer::read(response).await
    }

    /// A page with headers of one's own; its body is still to come.
    pub async fn open(&mut self, url: &str, headers: &[(&'static str, String)]) -> Result<Response> {
        let request = headers.iter().fold(self.client.get(url), |request, (name, value)| request.header(*name, value));
        self.send(request).await
    }

    /// Only the headers of a page.
    pub async fn head(&mut self, url: &str) -> Result<Answer> {
        let request = self.client.head(url);
        Answer::read(self.send(request).await?).await
    }

    /// Presses the button of a form that stands on a page.
    pub async fn submit(&mut self, page: &Answer, form: &Form) -> Result<Answer> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let origin = page.url.origin().ascii_serialization();
        let site = if page.url.origin() == form.action.origin() { "same-origin" } else { "same-site" };
        let request = self.client.post(form.action.clone()).header(ORIGIN, origin).header("sec-fetch-site", site);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        Answer::read(self.send(request).await?).await
    }

    /// A call of the API, as the console makes it.
    pub async fn call(&mut self, method: Method, url: &str, body: Option<&Value>) -> Result<Answer> {
        let mut request = self.client.request(method.clone(), url).header("accept", "application/json");
        if method != Method::GET {
            request = request.header(ORIGIN, origin(url)?);
        }
        if method == Method::POST {
            request = request.header("idempotency-key", Uuid::new_v4().to_string());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::read(self.send(request).await?).await
    }

    /// Sends a file's bytes as they come.
    pub async fn put(&mut self, url: &str, length: usize, body: reqwest::Body) -> Result<Answer> {
        let request = self.client.put(url).header(ORIGIN, origin(url)?).header(CONTENT_TYPE, "application/octet-stream");
        Answer::read(self.send(request.header("content-length", length).body(body)).await?).await
    }

    /// Whether it holds a cookie of this name for any host.
    pub fn has_cookie(&self, name: &str) -> bool {
        self.cookies.keys().any(|(_, known)| known == name)
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Response> {
        let mut request = request.header(USER_AGENT, self.agent).build()?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let ours = self.cookies.iter().filter(|((of, _), _)| *of == host);
        let cookies: Vec<String> = ours.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse()?);
        }
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.with_context(|| format!("{method} {host}{path}"))?;
        for header in response.headers().get_all(SET_COOKIE) {
            self.keep(&host, header.to_str()?)?;
        }
        Ok(response)
    }

    /// Keeps a cookie, as strictly as browsers do with the prefix that all of ours carry.
    fn keep(&mut self, host: &str, header: &str) -> Result<()> {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).context("a cookie without a name")?;
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |wanted: &str| attributes.iter().any(|a| a == wanted);
        if name.starts_with("__Host-") {
            let bound = has("secure") && has("path=/") && !attributes.iter().any(|a| a.starts_with("domain"));
            ensure!(bound, "a browser would drop the cookie {name}: it must be Secure, with Path=/ and without Domain");
            ensure!(has("httponly"), "scripts can read the cookie {name}");
        }
        let key = (host.to_owned(), name.to_owned());
        match value.is_empty() || has("max-age=0") {
            true => self.cookies.remove(&key),
            false => self.cookies.insert(key, value.to_owned()),
        };
        Ok(())
    }
}

fn origin(url: &str) -> Result<String> {
    Ok(Url::parse(url)?.origin().ascii_serialization())
}

/// What came back.
pub(super) struct Answer {
    pub url: Url,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub async fn read(response: Response) -> Result<Self> {
        let (url, status, headers) = (response.url().clone(), response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.with_context(|| format!("the body of {url}"))?;
        Ok(Self { url, status, headers, body })
    }

    /// This answer, or what is known of why it came out differently.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status != status {
            bail!("{}: expected {status}, got {}{}", self.url, self.status, self.words());
        }
        Ok(self)
    }

    /// The page behind it, as a browser goes there.
    pub fn expect_redirect(&self, to: &str) -> Result<Url> {
        let location = self.header(LOCATION.as_str());
        ensure!(self.status == 303, "{}: expected 303, got {}{}", self.url, self.status, self.words());
        ensure!(location.starts_with(to), "{}: expected to be sent to {to}, not to {location}", self.url);
        Ok(self.url.join(&location)?)
    }

    /// A problem of the API with this status and code, with all that a person needs to ask for help.
    pub fn expect_problem(self, status: u16, code: &str) -> Result<Self> {
        let answer = self.expect(status)?;
        let problem = answer.json()?;
        let text = |name: &str| problem[name].as_str().unwrap_or_default();
        let complete = text("code") == code && !text("detail").is_empty() && !text("reference").is_empty();
        ensure!(complete, "{}: expected the code {code} with a detail and a reference, got {problem}", answer.url);
        Ok(answer)
    }

    /// This page, if it says so.
    pub fn expect_text(self, text: &str) -> Result<Self> {
        ensure!(self.text().contains(text), "{}: {text:?} is not on the page{}", self.url, self.words());
        Ok(self)
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{}: expected JSON, got {}", self.url, self.text()))
    }

    /// The form that posts to an address which begins so.
    pub fn form(&self, action: &str) -> Result<Form> {
        let forms = html::forms(&self.text());
        let found = forms.into_iter().find(|form| form.action.contains(action));
        let form = found.with_context(|| format!("{}: no form posts to {action}{}", self.url, self.words()))?;
        Ok(Form { action: self.url.join(&form.action)?, fields: form.fields })
    }

    /// The first link whose address has this in it.
    pub fn link(&self, part: &str) -> Result<String> {
        let found = html::links(&self.text()).into_iter().find(|link| link.contains(part));
        let link = found.with_context(|| format!("{}: no link to {part}{}", self.url, self.words()))?;
        Ok(self.url.join(&link)?.into())
    }

    /// Code, detail and reference of a problem; heading and reference of a page.
    fn words(&self) -> String {
        let reference = self.header("x-request-id");
        let reference = if reference.is_empty() { String::new() } else { format!(" (reference {reference})") };
        let problem: Option<Value> = serde_json::from_slice(&self.body).ok();
        let words = match problem.as_ref().filter(|p| p["code"].is_string()) {
            Some(p) => format!("{}: {} {}", p["code"].as_str().unwrap_or_default(), p["detail"].as_str().unwrap_or_default(), p["fields"]),
            None => html::heading(&self.text()).map_or_else(|| self.text().chars().take(200).collect(), |h| format!("the page {h:?}")),
        };
        format!("; {words}{reference}")
    }
}

/// A form, filled in by and by.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub action: Url,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Types into a field that must be there.
    pub fn fill(mut self, name: &str, value: &str) -> Result<Self> {
        let field = self.fields.iter_mut().find(|(n, _)| n == name);
        let (_, typed) = field.with_context(|| format!("the form to {} has no field {name}", self.action))?;
        *typed = value.to_owned();
        Ok(self)
    }

    /// One more field, whether or not the page has it.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What a field holds; none without the field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}
