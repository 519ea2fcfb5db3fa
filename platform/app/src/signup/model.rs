//! The pure rules of names, and a signup's row.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Signup {
    pub id: Uuid,
    pub company: String,
    pub subdomain: String,
    pub owner_name: String,
    pub owner_email: String,
    pub time_zone: String,
    pub tenant_id: Option<Uuid>,
    pub expires_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Names that mean something on the web, or would pass for us.
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "apps",
    "assets",
    "auth",
    "autoconfig",
    "autodiscover",
    "billing",
    "blog",
    "cdn",
    "console",
    "dashboard",
    "demo",
    "dev",
    "dns",
    "docs",
    "download",
    "email",
    "files",
    "ftp",
    "git",
    "help",
    "host",
    "hostmaster",
    "imap",
    "info",
    "invoice",
    "localhost",
    "login",
    "mail",
    "mailbox",
    "media",
    "mx",
    "news",
    "ns",
    "ns1",
    "ns2",
    "oauth",
    "operator",
    "operators",
    "payment",
    "payments",
    "platform",
    "plumbline",
    "pop",
    "pop3",
    "portal",
    "postmaster",
    "proxy",
    "root",
    "secure",
    "security",
    "shop",
    "sign-in",
    "signin",
    "signup",
    "smtp",
    "ssl",
    "staff",
    "stage",
    "staging",
    "static",
    "status",
    "store",
    "stripe",
    "support",
    "sysadmin",
    "system",
    "test",
    "upload",
    "uploads",
    "vpn",
    "web",
    "webhook",
    "webhooks",
    "webmaster",
    "wiki",
    "wpad",
    "www",
];

/// What is wrong with a name for a host, in words; none if it will do.
pub(super) fn subdomain_mistake(name: &str) -> Option<&'static str> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if name.len() < 3 || name.len() > 40 {
        return Some("Use 3 to 40 letters.");
    }
    if !name.bytes().all(plain) {
        return Some("Use small letters, numbers and dashes only.");
    }
    if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        return Some("A dash stands between letters, one at a time.");
    }
    if RESERVED.contains(&name) {
        return Some("This name is reserved. Please choose another.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_not_reserved() {
        for good in ["larkrise", "copper-pan", "a1b", "roofs4u"] {
            assert_eq!(subdomain_mistake(good), None, "{good}");
        }
        for bad in ["ab", "www", "-lark", "lark-", "xn--lark", "Lark", "lärk", "lark.rise", "admin"] {
            assert!(subdomain_mistake(bad).is_some(), "{bad}");
        }
    }
}
