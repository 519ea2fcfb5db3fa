//! Where the journey happens: the running program, its addresses, its mailbox, and what the journey carries along.

use super::browser::{self, Browser};
use crate::dev::local::Local;
use anyhow::{Context, Result, bail, ensure};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use embedded::mailbox::Mail;
use kernel::App;
use std::{sync::Arc, time::Duration};

/// The company of the journey; plainly none that exists.
pub(super) const COMPANY: &str = "Selftest Roofing";
pub(super) const SUBDOMAIN: &str = "selftest";
pub(super) const OWNER: &str = "dana@selftest.example";
pub(super) const MATE: &str = "joss@selftest.example";
pub(super) const CUSTOMER: &str = "margaret@ellery.example";
pub(super) const PHONE: &str = "(555) 010-0142";
pub(super) const COLOR: &str = "#1f5b3f";
pub(super) const PROJECT: &str = "New roof";
pub(super) const CONTRACT: &str = "Roof contract";
pub(super) const NOTES: &str = "Margin notes";

/// What the browsers say that they are.
pub(super) const DESK: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0";
pub(super) const PHONE_BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
pub(super) const SCANNER: &str = "Mozilla/5.0 (compatible; mail scanner)";

const MAIL_PATIENCE: Duration = Duration::from_secs(30);
/// The size of the document of the journey; no multiple of a frame or of a part.
const PAYLOAD: usize = 50_000_000;

/// The running program.
pub(super) struct Stage<'a> {
    pub local: &'a Local,
    pub app: &'a Arc<App>,
    client: reqwest::Client,
}

impl<'a> Stage<'a> {
    pub fn new(local: &'a Local, app: &'a Arc<App>) -> Result<Self> {
        let base = &app.config.web.base_domain;
        let hosts = [base.clone(), format!("{SUBDOMAIN}.{base}"), format!("nobody.{base}")];
        let client = browser::client(&hosts.each_ref().map(String::as_str))?;
        Ok(Self { local, app, client })
    }

    pub fn browser(&self, agent: &'static str) -> Browser {
        Browser::new(&self.client, agent)
    }

    /// An address on the bare domain.
    pub fn apex(&self, path: &str) -> String {
        format!("{}{path}", self.app.config.web.apex_url())
    }

    /// An address on a company's host.
    pub fn host(&self, subdomain: &str, path: &str) -> String {
        format!("{}{path}", self.app.config.web.tenant_url(subdomain))
    }

    /// An address on the company's host.
    pub fn home(&self, path: &str) -> String {
        self.host(SUBDOMAIN, path)
    }

    /// An address of the company's API.
    pub fn api(&self, path: &str) -> String {
        self.home(&format!("/api/v1{path}"))
    }

    /// The `count`th mail to an address, as soon as it is there.
    pub async fn mail(&self, to: &str, count: usize) -> Result<Mail> {
        let deadline = tokio::time::Instant::now() + MAIL_PATIENCE;
        loop {
            if let Some(mail) = self.local.embedded.mailbox.mails_to(to).into_iter().nth(count - 1) {
                return Ok(mail);
            }
            if tokio::time::Instant::now() > deadline {
                bail!("expected mail number {count} to {to} within {} s, and it did not come", MAIL_PATIENCE.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// The first link of a mail with this in it.
pub(super) fn link(mail: &Mail, part: &str) -> Result<String> {
    let found = mail.links.iter().find(|link| link.contains(part));
    found.cloned().with_context(|| format!("the mail {:?} has no link to {part}", mail.subject))
}

/// The six numbers of a sign-in mail.
pub(super) fn code(mail: &Mail) -> Result<String> {
    let code: String = mail.subject.chars().filter(char::is_ascii_digit).take(6).collect();
    ensure!(code.len() == 6, "no six numbers in the subject {:?}", mail.subject);
    Ok(code)
}

/// The document of the journey: bytes that cannot be guessed by a compressor, and their hash.
#[derive(Clone)]
pub(super) struct Payload {
    pub bytes: Bytes,
    pub sha256: String,
}

impl Payload {
    /// Begins as a PDF does; then SplitMix64.
    pub fn generate() -> Self {
        let mut bytes = Vec::with_capacity(PAYLOAD + 8);
        bytes.extend_from_slice(b"%PDF-1.7\n");
        let mut state = 0_u64;
        while bytes.len() < PAYLOAD {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bytes.extend_from_slice(&(z ^ (z >> 31)).to_le_bytes());
        }
        bytes.truncate(PAYLOAD);
        Self { sha256: sha256(&bytes), bytes: bytes.into() }
    }

    /// The bytes as a browser sends a file: piece by piece.
    pub fn stream(&self) -> reqwest::Body {
        let bytes = self.bytes.clone();
        let pieces =
            (0..bytes.len()).step_by(64 << 10).map(move |at| Ok::<_, std::io::Error>(bytes.slice(at..bytes.len().min(at + (64 << 10)))));
        reqwest::Body::wrap_stream(futures::stream::iter(pieces))
    }
}

/// SHA-256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut digest = Digest::new(&SHA256);
    digest.update(bytes);
    HEXLOWER.encode(digest.finish().as_ref())
}
