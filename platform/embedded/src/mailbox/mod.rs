//! A mailbox that takes every mail by SMTP on loopback, keeps it as a file, and shows it in a browser. It sends nothing.

mod mail;
mod pages;
mod receive;
mod session;
mod store;
mod web;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail};

use crate::folder::FolderLock;
use crate::serve::{Served, bind};
pub use mail::Mail;
use store::Store;

/// Where the mailbox keeps its mails and where it listens.
#[derive(Clone, Debug)]
pub struct MailboxOptions {
    /// Its folder; mails survive a restart.
    pub dir: PathBuf,
    /// The port for mail on 127.0.0.1; `None` takes a free one.
    pub smtp_port: Option<u16>,
    /// The port for the browser on 127.0.0.1; `None` takes a free one.
    pub http_port: Option<u16>,
}

/// Refusals that a test asked for.
#[derive(Debug, Default)]
struct Trouble {
    rejected: HashMap<String, u16>,
    paused: bool,
}

/// What the mail side and the browser side share.
#[derive(Debug)]
struct Shared {
    store: Store,
    trouble: Mutex<Trouble>,
}

impl Shared {
    fn trouble<T>(&self, look: impl FnOnce(&mut Trouble) -> T) -> T {
        look(&mut self.trouble.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A running mailbox.
#[derive(Debug)]
pub struct Mailbox {
    shared: Arc<Shared>,
    smtp: Served,
    http: Served,
    _lock: FolderLock,
}

impl Mailbox {
    /// Opens the folder and listens on both ports.
    pub async fn start(options: MailboxOptions) -> Result<Mailbox> {
        let lock = FolderLock::take(&options.dir)?;
        let store = Store::open(&options.dir)?;
        let shared = Arc::new(Shared { store, trouble: Mutex::default() });
        let state = shared.clone();
        let smtp = Served::start(bind(options.smtp_port)?, move |listener, stopping| receive::serve(listener, stopping, state))?;
        let http = Served::http(bind(options.http_port)?, web::routes(shared.clone()))?;
        Ok(Mailbox { shared, smtp, http, _lock: lock })
    }

    /// The URL for a mail client's setting.
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}", self.smtp.address())
    }

    /// The URL for a browser.
    pub fn http_url(&self) -> String {
        format!("http://{}", self.http.address())
    }

    /// All mails, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.store.all()
    }

    /// The mails to an address, the oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = self.mails();
        mails.retain(|mail| mail.is_to(address));
        mails
    }

    /// Deletes every mail.
    pub fn clear(&self) -> Result<()> {
        Ok(self.shared.store.clear()?)
    }

    /// From now on refuses mail to an address: for good with a code from 500, for now with one from 400.
    pub fn reject(&self, address: &str, code: u16) -> Result<()> {
        if !(400..600).contains(&code) {
            bail!("{code} is no refusal: give a code from 400 to 599");
        }
        self.shared.trouble(|trouble| trouble.rejected.insert(address.to_ascii_lowercase(), code));
        Ok(())
    }

    /// Takes mail to an address again.
    pub fn accept(&self, address: &str) {
        self.shared.trouble(|trouble| trouble.rejected.remove(&address.to_ascii_lowercase()));
    }

    /// From now on takes no mail at all, as a server that is being serviced.
    pub fn pause(&self) {
        self.shared.trouble(|trouble| trouble.paused = true);
    }

    /// Takes mail again.
    pub fn resume(&self) {
        self.shared.trouble(|trouble| trouble.paused = false);
    }

    /// Ends both servers; the mails stay in the folder.
    pub async fn stop(mut self) {
        self.smtp.stop().await;
        self.http.stop().await;
    }
}
