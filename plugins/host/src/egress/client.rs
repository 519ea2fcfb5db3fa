//! Sends one request of a plugin.

use super::{Policy, Public, Resolver, SystemResolver};
use crate::{
    data::{Blob, HttpRequest, HttpResponse},
    delegate::{Failure, FailureCode, SecretValue, Secrets},
    grants::Grants,
};
use futures::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use std::{error::Error, sync::Arc, time::Duration};
use url::Url;

/// Bytes of a request's body.
const BODY: usize = 2 << 20;
const HEADERS: usize = 40;
const URL: usize = 4096;
/// What these say is decided by the connection, or by the host.
const OWN: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "user-agent",
    "via",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "proxy-authorization",
    "proxy-connection",
];

/// The way out.
#[derive(Clone)]
pub struct Egress {
    client: Client,
    policy: Arc<dyn Policy>,
}

/// How much one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// From looking the host up to the last byte.
    pub time: Duration,
    /// Bytes of the answer.
    pub body: usize,
}

impl Egress {
    /// To the public internet.
    pub fn public() -> Result<Self, reqwest::Error> {
        Self::new(Arc::new(SystemResolver), Arc::new(Public))
    }

    /// With another resolver or policy, for tests.
    pub fn new(resolver: Arc<dyn Resolver>, policy: Arc<dyn Policy>) -> Result<Self, reqwest::Error> {
        // A client takes the process's provider, which is there unless this is the first that asks for one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            // Every request looks its host up anew, and shares no connection with another company's.
            .pool_max_idle_per_host(0)
            .user_agent("plumbline-plugin/1")
            .dns_resolver(Checked { resolver, policy: Arc::clone(&policy) })
            .build()?;
        Ok(Self { client, policy })
    }

    /// Sends it, if the grants and the policy allow. Secrets go into its headers here, and nowhere else.
    pub async fn send(
        &self,
        grants: &Grants,
        secrets: &dyn Secrets,
        bounds: Bounds,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let url = self.allowed(grants, &request.url)?;
        let (headers, values) = headers(grants, secrets, &url, request).await?;
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| invalid("the method is unknown"))?;
        if request.body.0.len() > BODY {
            return Err(Failure::new(FailureCode::OverLimit, "The request's body has more than 2 MiB."));
        }
        let exchange = async {
            let sent = self.client.request(method, url).headers(headers).body(request.body.0.clone()).send().await;
            read(sent.map_err(|e| unavailable(&e))?, bounds.body, &values).await
        };
        tokio::time::timeout(bounds.time, exchange)
            .await
            .unwrap_or_else(|_| Err(Failure::new(FailureCode::TimedOut, "The other side did not answer in time.")))
    }

    fn allowed(&self, grants: &Grants, text: &str) -> Result<Url, Failure> {
        if text.len() > URL {
            return Err(invalid("the URL is too long"));
        }
        let url = Url::parse(text).map_err(|_| invalid("the URL cannot be read"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("a URL holds no user and password"));
        }
        let refuse = |why: String| Failure::new(FailureCode::NotGranted, why);
        let Some(url::Host::Domain(host)) = url.host() else {
            return Err(refuse("Addresses are not spoken to, only hosts by their names.".to_owned()));
        };
        if !grants.host(host) {
            return Err(refuse(format!("The host {host} is not among those that were approved.")));
        }
        match self.policy.url(&url) {
            Some(why) => Err(refuse(format!("This request is refused: {why}."))),
            None => Ok(url),
        }
    }
}

fn invalid(why: &str) -> Failure {
    Failure::new(FailureCode::Invalid, format!("The request is malformed: {why}."))
}

/// What the plugin hears of a failed connection: whether it was refused here, and else nothing about our network.
fn unavailable(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(refused) = this.downcast_ref::<RefusedAddress>() {
            return Failure::new(FailureCode::NotGranted, refused.to_string());
        }
        cause = this.source();
    }
    tracing::debug!(%error, "a plugin's request failed");
    Failure::new(FailureCode::Unavailable, "The other side cannot be reached.")
}

/// All headers, and the values in them that the plugin must not see again.
async fn headers(
    grants: &Grants,
    secrets: &dyn Secrets,
    url: &Url,
    request: &HttpRequest,
) -> Result<(HeaderMap, Vec<SecretValue>), Failure> {
    if request.headers.len() + request.secret_headers.len() > HEADERS {
        return Err(Failure::new(FailureCode::OverLimit, "The request has more than 40 headers."));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let value = HeaderValue::from_str(value).map_err(|_| invalid("a header's value"))?;
        headers.append(header_name(name)?, value);
    }
    let (host, mut values) = (url.host_str().unwrap_or_default(), Vec::new());
    for header in &request.secret_headers {
        let name = header_name(&header.name)?;
        if !grants.secret_for(&header.secret, host) {
            let words = format!("The secret {} was not approved for {host}.", header.secret);
            return Err(Failure::new(FailureCode::NotGranted, words));
        }
        let value = secrets
            .value(&header.secret)
            .await?
            .ok_or_else(|| Failure::new(FailureCode::NotFound, format!("The secret {} is not filled in yet.", header.secret)))?;
        let mut whole = HeaderValue::from_str(&format!("{}{}", header.prefix, value.expose())).map_err(|_| invalid("a header's value"))?;
        whole.set_sensitive(true);
        headers.append(name, whole);
        values.push(value);
    }
    Ok((headers, values))
}

fn header_name(name: &str) -> Result<HeaderName, Failure> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("a header's name"))?;
    match OWN.contains(&name.as_str()) {
        true => Err(invalid(&format!("the header {name} is the host's to set"))),
        false => Ok(name),
    }
}

/// Reads the answer, not more than this. A service that echoes a secret does not tell it to the plugin.
async fn read(answer: reqwest::Response, most: usize, secrets: &[SecretValue]) -> Result<HttpResponse, Failure> {
    let status = answer.status().as_u16();
    let hide = |text: &[u8]| secrets.iter().fold(text.to_vec(), |text, secret| without(&text, secret.expose().as_bytes()));
    let text = |value: &HeaderValue| String::from_utf8_lossy(&hide(value.as_bytes())).into_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let (mut body, mut stream) = (Vec::new(), answer.bytes_stream());
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|e| unavailable(&e))?;
        if body.len() + piece.len() > most {
            return Err(Failure::new(FailureCode::OverLimit, format!("The answer has more than {most} bytes.")));
        }
        body.extend_from_slice(&piece);
    }
    Ok(HttpResponse { status, headers, body: Blob(hide(&body)) })
}

/// The text with every occurrence of the secret taken out.
fn without(text: &[u8], secret: &[u8]) -> Vec<u8> {
    if secret.len() < 4 {
        return text.to_vec();
    }
    let (mut kept, mut at) = (Vec::with_capacity(text.len()), 0);
    while at < text.len() {
        if text[at..].starts_with(secret) {
            kept.extend_from_slice(b"(secret)");
            at += secret.len();
        } else {
            kept.push(text[at]);
            at += 1;
        }
    }
    kept
}

/// A resolver whose answers have passed the policy; what the connector gets is what was checked.
struct Checked {
    resolver: Arc<dyn Resolver>,
    policy: Arc<dyn Policy>,
}

#[derive(Debug, thiserror::Error)]
#[error("This request is refused: {host} is at an address that is {why}.")]
struct RefusedAddress {
    host: String,
    why: &'static str,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, policy) = (Arc::clone(&self.resolver), Arc::clone(&self.policy));
        Box::pin(async move {
            // The connector puts in the URL's port.
            let all = resolver.resolve(name.as_str(), 0).await?;
            let first = all.iter().find_map(|address| policy.address(address.ip()));
            let fine: Vec<_> = all.into_iter().filter(|address| policy.address(address.ip()).is_none()).collect();
            match (fine.is_empty(), first) {
                (true, Some(why)) => Err(RefusedAddress { host: name.as_str().to_owned(), why }.into()),
                _ => Ok(Box::new(fine.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_of_what_comes_back() {
        assert_eq!(without(b"token=s3cret; again s3cret", b"s3cret"), b"token=(secret); again (secret)");
        assert_eq!(without(b"abcabc", b"abc"), b"abcabc", "a secret of three letters would tear texts apart");
    }
}
