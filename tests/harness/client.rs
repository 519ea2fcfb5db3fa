//! A browser: one host, its cookies, and the headers that browsers send.

use crate::Answer;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, future::BoxFuture};
use poem::{
    Body, Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{Method, header},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

pub(crate) type Program = Arc<BoxEndpoint<'static, Response>>;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A browser on one host.
#[derive(Clone)]
pub struct Client {
    program: Program,
    /// Where it is.
    pub host: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    /// The id of the session that it was given, if it was given one.
    pub session: Option<Uuid>,
}

impl Client {
    pub(crate) fn new(program: Program, host: impl Into<String>) -> Self {
        Self { program, host: host.into(), cookies: Arc::default(), session: None }
    }

    /// The same browser on another host, with all its cookies: what a browser would never do.
    pub fn at(&self, host: &str) -> Self {
        let cookies = Arc::new(Mutex::new(self.jar(|jar| jar.clone())));
        Self { host: host.to_owned(), cookies, ..self.clone() }
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar(|jar| jar.get(name).cloned())
    }

    /// Sets a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar(|jar| jar.insert(name.to_owned(), value.to_owned()));
    }

    fn jar<T>(&self, look: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        look(&mut self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Any method.
    pub fn call(&self, method: &str, path: impl Into<String>) -> Call {
        let method: Method = method.to_uppercase().parse().expect("a method");
        let origin = (!matches!(method, Method::GET | Method::HEAD)).then(|| format!("https://{}", self.host));
        Call { client: self.clone(), method, path: path.into(), headers: Vec::new(), body: Body::empty(), origin }
    }

    /// GET.
    pub fn get(&self, path: impl Into<String>) -> Call {
        self.call("GET", path)
    }

    /// HEAD.
    pub fn head(&self, path: impl Into<String>) -> Call {
        self.call("HEAD", path)
    }

    /// POST.
    pub fn post(&self, path: impl Into<String>) -> Call {
        self.call("POST", path)
    }

    /// PUT.
    pub fn put(&self, path: impl Into<String>) -> Call {
        self.call("PUT", path)
    }

    /// PATCH.
    pub fn patch(&self, path: impl Into<String>) -> Call {
        self.call("PATCH", path)
    }

    /// DELETE.
    pub fn delete(&self, path: impl Into<String>) -> Call {
        self.call("DELETE", path)
    }

    fn keep(&self, response: &Response) {
        for value in response.headers().get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok()) {
            let Some((name, rest)) = value.split_once('=') else { continue };
            let kept = rest.split(';').next().unwrap_or_default();
            let gone = kept.is_empty() || rest.to_ascii_lowercase().contains("max-age=0");
            self.jar(|jar| if gone { jar.remove(name) } else { jar.insert(name.to_owned(), kept.to_owned()) });
        }
    }
}

/// A request under way; awaiting it sends it.
pub struct Call {
    client: Client,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Body,
    origin: Option<String>,
}

impl Call {
    /// With a JSON body.
    pub fn json(self, body: Value) -> Self {
        self.bytes(body.to_string()).header("content-type", "application/json")
    }

    /// With a form, as pages send it.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.bytes(body).header("content-type", "application/x-www-form-urlencoded")
    }

    /// With raw bytes as a file.
    pub fn file(self, body: impl Into<Bytes>) -> Self {
        self.bytes(body).header("content-type", "application/octet-stream")
    }

    fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        self.body = Body::from_bytes(body);
        self.header("content-length", length)
    }

    /// With a body that comes in pieces and whose length is not told.
    pub fn stream(mut self, body: impl futures::Stream<Item = std::io::Result<Bytes>> + Send + 'static) -> Self {
        self.body = Body::from_bytes_stream(body);
        self.header("content-type", "application/octet-stream")
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// From a page of this origin; `None` sends none.
    pub fn origin(mut self, origin: Option<&str>) -> Self {
        self.origin = origin.map(str::to_owned);
        self
    }

    /// Sends it and hands out the answer before its body.
    pub async fn open(self) -> Response {
        let Call { client, method, path, headers, body, origin } = self;
        let mut request = Request::builder().method(method).uri_str(&path).header("host", &client.host).header("user-agent", FIREFOX);
        let cookies = client.jar(|jar| jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; "));
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = client.program.get_response(request.body(body)).await;
        client.keep(&response);
        response
    }

    async fn read(self) -> Answer {
        let asked = format!("{} {} on {}", self.method, self.path, self.client.host);
        let (parts, body) = self.open().await.into_parts();
        let (mut stream, mut read, mut broken) = (body.into_bytes_stream(), BytesMut::new(), false);
        while let Some(chunk) = stream.next().await {
            match chunk {
                Ok(chunk) => read.extend_from_slice(&chunk),
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        Answer { asked, status: parts.status.as_u16(), headers: parts.headers, body: read.freeze(), broken }
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = BoxFuture<'static, Answer>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.read())
    }
}

impl Client {
    /// The same browser with this session.
    pub fn with_session(self, cookie: &poem::web::cookie::Cookie, session: Uuid) -> Self {
        self.set_cookie(cookie.name(), cookie.value_str());
        Self { session: Some(session), ..self }
    }
}
