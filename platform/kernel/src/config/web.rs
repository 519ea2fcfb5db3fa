//! Where we are on the web, and the one builder of addresses: every link in a page or a mail comes from here.

use super::Cidr;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

/// The web server and its addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key, and a test checks that it does")]
pub struct WebConfig {
    pub listen: SocketAddr,
    pub base_domain: String,
    pub public_scheme: Scheme,
    pub public_port: u16,
    pub trusted_proxies: Vec<Cidr>,
    pub max_json_bytes: usize,
    pub shutdown_seconds: u64,
}

/// How browsers reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Only for development, where browsers treat localhost as safe.
    Http,
    /// Always in production.
    Https,
}

impl WebConfig {
    /// The bare domain, where signup and the operators are, such as `https://plumbline.example`.
    pub fn apex_url(&self) -> String {
        self.url(&self.base_domain)
    }

    /// A tenant's portal and console, such as `https://larkrise.plumbline.example`.
    pub fn tenant_url(&self, subdomain: &str) -> String {
        self.url(&format!("{subdomain}.{}", self.base_domain))
    }

    /// The address of any host of ours, without a slash at the end.
    pub fn url(&self, host: &str) -> String {
        let (scheme, usual) = match self.public_scheme {
            Scheme::Http => ("http", 80),
            Scheme::Https => ("https", 443),
        };
        match self.public_port {
            0 => format!("{scheme}://{host}"),
            port if port == usual => format!("{scheme}://{host}"),
            port => format!("{scheme}://{host}:{port}"),
        }
    }

    /// Whether a peer is one of our own proxies.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(peer))
    }

    /// The client's address: the peer, or, behind our own proxies, the last address in X-Forwarded-For that is not one of
    /// them. What stands before it there was written by whoever likes to.
    pub fn client(&self, peer: IpAddr, forwarded_for: &[&str]) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in forwarded_for.iter().rev().flat_map(|value| value.split(',').rev()) {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = hop_address(hop.trim()) else { break };
            client = address;
        }
        client
    }

    pub(super) fn is_domain(text: &str) -> bool {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        text.len() <= 253 && text.split('.').all(|label| !label.is_empty() && label.len() <= 63 && label.bytes().all(plain))
    }
}

/// `1.2.3.4`, `1.2.3.4:567`, `::1` or `[::1]:567`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|a| a.ip()));
    bare.or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use std::net::IpAddr;

    #[test]
    fn addresses() {
        let mut web = Config::default().web;
        web.base_domain = "plumbline.example".into();
        assert_eq!(web.apex_url(), "https://plumbline.example");
        assert_eq!(web.tenant_url("larkrise"), "https://larkrise.plumbline.example");
        web.public_port = 8443;
        assert_eq!(web.apex_url(), "https://plumbline.example:8443");
        web.public_port = 443;
        assert_eq!(web.url("portal.larkrise.example"), "https://portal.larkrise.example");
    }

    #[test]
    fn only_our_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut web = Config::default().web;
        assert_eq!(web.client(ip("8.8.8.8"), &["1.1.1.1"]), ip("8.8.8.8"), "no proxy is trusted");
        web.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
        assert_eq!(web.client(ip("8.8.8.8"), &["1.1.1.1"]), ip("8.8.8.8"), "not from a proxy");
        assert_eq!(web.client(ip("10.0.0.1"), &["6.6.6.6, 1.1.1.1, 10.0.0.2"]), ip("1.1.1.1"), "a forged first hop");
        assert_eq!(web.client(ip("10.0.0.1"), &["6.6.6.6", "1.1.1.1"]), ip("1.1.1.1"), "the header twice");
        assert_eq!(web.client(ip("10.0.0.1"), &["1.1.1.1, what?"]), ip("10.0.0.1"), "garbage ends the chain");
        assert_eq!(web.client(ip("10.0.0.1"), &[]), ip("10.0.0.1"));
        assert_eq!(web.client(ip("10.0.0.1"), &["[2001:db8::1]:99"]), ip("2001:db8::1"));
    }
}
