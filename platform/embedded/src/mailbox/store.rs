//! The mails: one file each, on the disk before the sender hears that it was taken.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::DateTime;
use uuid::Uuid;

use super::mail::Mail;
use crate::folder::{create_private, sync_folder, write_atomic};
use crate::machine::now;

const DELIVERED: &str = "Delivered-To: ";
const RECEIVED: &str = "Received: by the local mailbox; ";

/// The folder and what is in it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    mails: Mutex<Vec<Mail>>,
}

impl Store {
    /// Reads the folder.
    pub fn open(dir: &Path) -> anyhow::Result<Store> {
        let folder = dir.join("mails");
        create_private(&folder)?;
        let mut mails = Vec::new();
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let id = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|end| end == "eml") && !id.starts_with('.') {
                mails.extend(read(id, &std::fs::read(&path)?));
            }
        }
        mails.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Store { folder, mails: Mutex::new(mails) })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a mail: what the envelope said goes in front, as mail servers do it.
    pub fn add(&self, to: &[String], source: &[u8]) -> io::Result<()> {
        let mut file = Vec::with_capacity(source.len() + 200);
        for address in to {
            file.extend_from_slice(format!("{DELIVERED}{address}\r\n").as_bytes());
        }
        file.extend_from_slice(format!("{RECEIVED}{}\r\n", now().to_rfc3339()).as_bytes());
        file.extend_from_slice(source);
        let mut mails = self.lock();
        let id = Uuid::now_v7().simple().to_string();
        write_atomic(&self.path(&id), &file)?;
        mails.extend(read(&id, &file));
        Ok(())
    }

    /// All mails, the oldest first.
    pub fn all(&self) -> Vec<Mail> {
        self.lock().clone()
    }

    /// One mail.
    pub fn find(&self, id: &str) -> Option<Mail> {
        self.lock().iter().find(|mail| mail.id == id).cloned()
    }

    /// The source of a mail that is known.
    pub fn source(&self, id: &str) -> Option<Vec<u8>> {
        let known = self.find(id)?;
        std::fs::read(self.path(&known.id)).ok()
    }

    /// A text that changes when a mail comes or goes.
    pub fn version(&self) -> String {
        let mails = self.lock();
        format!("{} {}", mails.len(), mails.last().map(|mail| mail.id.as_str()).unwrap_or_default())
    }

    /// Deletes every mail.
    pub fn clear(&self) -> io::Result<()> {
        let mut mails = self.lock();
        for mail in mails.drain(..) {
            std::fs::remove_file(self.path(&mail.id))?;
        }
        sync_folder(&self.folder)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.eml"))
    }
}

/// Reads a file: first the lines that we put in front, which no sender can forge, then the mail.
fn read(id: &str, file: &[u8]) -> Option<Mail> {
    let mut to = Vec::new();
    let mut rest = file;
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 2..];
        if let Some(address) = line.strip_prefix(DELIVERED) {
            to.push(address.to_owned());
        } else {
            let date = DateTime::parse_from_rfc3339(line.strip_prefix(RECEIVED)?).ok()?;
            return Some(Mail::read(id.to_owned(), date.to_utc(), to, rest));
        }
    }
}
