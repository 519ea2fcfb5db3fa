//! The one way out: HTTPS to hosts that were asked for and approved, at public addresses, with bounds on time and size.
//!
//! The address that was checked is the one that is connected to: the check sits in the resolver that the connector uses, so a name
//! that answers differently the second time gains nothing. Redirects are not followed; the plugin sees them, and its next request is
//! checked like the first.

pub mod address;
mod client;

use async_trait::async_trait;
use std::net::{IpAddr, SocketAddr};
use url::Url;

pub use client::{Bounds, Egress};

/// Finds a host's addresses.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// All of them.
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>>;
}

/// Asks the machine's resolver.
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// What may be spoken to beside being granted. [`Public`] everywhere but in tests, which serve on loopback.
pub trait Policy: Send + Sync {
    /// Why this address is refused.
    fn address(&self, address: IpAddr) -> Option<&'static str>;
    /// Why this URL's scheme or port is refused.
    fn url(&self, url: &Url) -> Option<&'static str>;
}

/// Public addresses, `https`, the usual port.
pub struct Public;

impl Policy for Public {
    fn address(&self, address: IpAddr) -> Option<&'static str> {
        address::refusal(address)
    }

    fn url(&self, url: &Url) -> Option<&'static str> {
        if url.scheme() != "https" {
            Some("only https is allowed")
        } else if url.port().is_some() {
            Some("only the usual port is allowed")
        } else {
            None
        }
    }
}

/// Whether this is the name of a host that an admin can judge: `api.example.com`.
pub fn check_host(host: &str) -> Result<(), String> {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if host.parse::<IpAddr>().is_ok() || url::Host::parse(host).is_ok_and(|h| !matches!(h, url::Host::Domain(_))) {
        return Err(format!("{host} is an address; a host is named"));
    }
    if host.len() > 253 || !host.contains('.') || !host.split('.').all(label) {
        return Err(format!("{host:?} is no host like api.example.com, in small letters, without wildcard and port"));
    }
    Ok(())
}
