//! `plugin new`: a small plugin that works, in three languages.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::{fs, path::Path};

/// What a plugin is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// The smallest and fastest.
    Rust,
    /// With the JavaScript runtime in it.
    Typescript,
    /// With the Python runtime in it.
    Python,
}
pub fn new(folder: &Path, template: Template) -> Result<Vec<String>> { let _ = (folder, template, fs::read(""), "".to_owned()).0; bail!("x") }
