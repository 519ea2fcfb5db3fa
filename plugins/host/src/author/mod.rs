//! What plugin authors do on their own machine, without a server: begin, pack, check, run, replay.

mod bench;
pub mod sample;
mod scaffold;

use crate::{
    inspect,
    manifest::Manifest,
    pack::{self as packing},
};
use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use std::{
    fs,
    path::{Path, PathBuf},
};

pub use bench::{Asked, Bench, Replayed};
pub use scaffold::{Template, new};

/// A plugin that was packed.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: usize,
    /// SHA-256 in hexadecimal.
    pub hash: String,
}

/// Puts the manifest into what a compiler made.
pub fn pack(wasm: &Path, manifest: Option<&Path>, output: Option<&Path>) -> Result<Packed> {
    let found = match manifest {
        Some(path) => path.to_owned(),
        None => beside(wasm)?,
    };
    let manifest = Manifest::from_toml(&String::from_utf8(read(&found)?).context("the manifest is no text")?)
        .map_err(|e| anyhow::anyhow!("{}: {}", found.display(), e.detail.trim()))?;
    let packed = packing::pack(&read(wasm)?, &manifest).map_err(|e| anyhow::anyhow!("{} {}", e.words, e.detail))?;
    let path = output.map_or_else(|| PathBuf::from(format!("{}.wasm", manifest.name)), Path::to_owned);
    write(&path, &packed)?;
    Ok(Packed { path, size: packed.len(), hash: inspect::hash(&packed) })
}

/// plugin.toml beside the .wasm, or in a folder above it.
fn beside(wasm: &Path) -> Result<PathBuf> {
    let full = fs::canonicalize(wasm).with_context(|| wasm.display().to_string())?;
    match full.ancestors().skip(1).map(|folder| folder.join("plugin.toml")).find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None => bail!("there is no plugin.toml beside or above {}", wasm.display()),
    }
}

/// What a plugin asks its admin for, a sentence each.
pub fn wishes(manifest: &Manifest) -> Vec<String> {
    let wants = &manifest.wants;
    let mut wishes = Vec::new();
    if let Some(want) = &wants.projects {
        wishes.push(format!("It asks to read projects: {}", want.why));
    }
    if let Some(want) = &wants.kv {
        wishes.push(format!("It asks to remember things: {}", want.why));
    }
    wishes.extend(wants.http.iter().map(|want| format!("It asks to speak to {}: {}", want.host, want.why)));
    wishes.extend(
        wants.secrets.iter().map(|want| format!("It asks for a secret, {}, for {}: {}", want.title, want.hosts.join(", "), want.why)),
    );
    wishes
}

/// Reads a file, and names it if that fails.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

/// Reads JSON.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&read(path)?).with_context(|| path.display().to_string())
}

/// Writes a file, and names it if that fails.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
