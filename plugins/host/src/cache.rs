//! Machine code on the local disk, by component and engine. Only what this program wrote is ever loaded: each file has a keyed
//! digest beside it, and the folder is nobody else's.

use aws_lc_rs::hmac;
use std::{
    fs::{self, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use wasmtime::{Engine, component::Component};

/// Changes when the files' form does.
const FORMAT: u32 = 1;
/// Bytes on the disk; the oldest files go first.
const MOST: u64 = 4 << 30;

pub(crate) struct Cache {
    folder: PathBuf,
    key: hmac::Key,
    compatibility: String,
}

impl Cache {
    pub(crate) fn open(folder: &Path, key: &[u8; 32], compatibility: String) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        Ok(Self { folder: folder.to_owned(), key: hmac::Key::new(hmac::HMAC_SHA256, key), compatibility })
    }

    fn name(&self, hash: &str) -> String {
        format!("{hash}-{}-{FORMAT}", self.compatibility)
    }

    fn path(&self, hash: &str, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", self.name(hash)))
    }

    /// Over the name, too: a file that was renamed is another component's.
    fn signed(&self, hash: &str, code: &[u8]) -> hmac::Context {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(self.name(hash).as_bytes());
        context.update(&[0]);
        context.update(code);
        context
    }

    /// Keeps the code. The digest comes last: without it the code counts for nothing.
    pub(crate) fn store(&self, hash: &str, code: &[u8]) -> io::Result<()> {
        self.make_room(code.len() as u64)?;
        self.write(&self.path(hash, "cwasm"), code)?;
        self.write(&self.path(hash, "mac"), self.signed(hash, code).sign().as_ref())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    }

    /// The component, and how many bytes its code has; `None` if it is not here, or not ours.
    pub(crate) fn load(&self, engine: &Engine, hash: &str) -> io::Result<Option<(Component, usize)>> {
        let path = self.path(hash, "cwasm");
        let (code, mac) = match (fs::read(&path), fs::read(self.path(hash, "mac"))) {
            (Ok(code), Ok(mac)) => (code, mac),
            (Err(e), _) | (_, Err(e)) if e.kind() == ErrorKind::NotFound => return Ok(None),
            (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        let mut message = Vec::with_capacity(code.len() + 128);
        message.extend_from_slice(self.name(hash).as_bytes());
        message.push(0);
        message.extend_from_slice(&code);
        if hmac::verify(&self.key, &message, &mac).is_err() {
            tracing::error!(file = %path.display(), "machine code that this program did not write is not loaded");
            return Ok(None);
        }
        #[expect(unsafe_code, reason = "the bytes were just found to be what this program wrote, in a folder of its own")]
        // SAFETY: deserializing is sound for what `Engine::precompile_component` made with an equal configuration. The digest
        // under a secret key shows that the file is such; the folder belongs to this user alone.
        let loaded = unsafe { Component::deserialize_file(engine, &path) };
        match loaded {
            Ok(component) => Ok(Some((component, code.len()))),
            Err(error) => {
                tracing::warn!(%error, file = %path.display(), "machine code of another engine is made anew");
                Ok(None)
            }
        }
    }

    fn make_room(&self, wanted: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let meta = entry.metadata()?;
            files.push((meta.modified()?, meta.len(), entry.path()));
        }
        files.sort();
        let mut sum: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if sum + wanted <= MOST {
                break;
            }
            fs::remove_file(path)?;
            sum -= size;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;

    #[test]
    fn only_what_was_written_here_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine::for_running(1).unwrap();
        let cache = Cache::open(folder.path(), &[7; 32], engine::compatibility(&engine)).unwrap();
        let code = engine::for_compiling(false).unwrap().precompile_component(&wat::parse_str("(component)").unwrap()).unwrap();
        cache.store("one", &code).unwrap();
        assert!(cache.load(&engine, "one").unwrap().is_some());
        assert!(cache.load(&engine, "two").unwrap().is_none());

        // Another component's file under this name, a changed byte, another key, no digest.
        for end in ["cwasm", "mac"] {
            fs::copy(cache.path("one", end), cache.path("two", end)).unwrap();
        }
        assert!(cache.load(&engine, "two").unwrap().is_none());
        let mut changed = code.clone();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        fs::write(cache.path("one", "cwasm"), &changed).unwrap();
        assert!(cache.load(&engine, "one").unwrap().is_none());
        cache.store("one", &code).unwrap();
        let other = Cache::open(folder.path(), &[8; 32], engine::compatibility(&engine)).unwrap();
        assert!(other.load(&engine, "one").unwrap().is_none());
        fs::remove_file(cache.path("one", "mac")).unwrap();
        assert!(cache.load(&engine, "one").unwrap().is_none());
    }
}
