//! `plugin new`: a small plugin that works, in three languages, with all of the contract beside it.

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

type File = (&'static str, &'static str);

/// `files!("rust": "Cargo.toml", "src/lib.rs")`: paths in a template's folder, which are the paths in the plugin's.
macro_rules! files {
    ($from:literal: $($path:literal),* $(,)?) => { &[$(($path, include_str!(concat!("../../../", $from, "/", $path)))),*] };
}

const WIT: &[File] = files!("wit": "types.wit", "host.wit", "worlds.wit");
const SDK: &[File] =
    files!("sdk": "Cargo.toml", "src/lib.rs", "src/settings.rs", "src/document_generator.rs", "src/notifier.rs", "src/event_hook.rs");
const TYPES: &[File] = files!("sdk/typescript": "plumbline.d.ts");
const RUST: &[File] = files!("templates/rust": "Cargo.toml", "src/lib.rs", "plugin.toml", "build.sh", "README.md");
const TYPESCRIPT: &[File] =
    files!("templates/typescript": "package.json", "tsconfig.json", "build.mjs", "src/plugin.ts", "plugin.toml", "README.md");
const PYTHON: &[File] = files!("templates/python": "app.py", "requirements.txt", "plugin.toml", "README.md");

/// Makes a plugin in a folder that is not there yet; the folder's name is the plugin's. Says what to do next, a line each.
pub fn new(folder: &Path, template: Template) -> Result<Vec<String>> {
    let name = folder.file_name().and_then(|n| n.to_str()).context("the folder has no name")?;
    let fine = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fine || name.len() > 64 {
        bail!("{name:?} cannot be a plugin's name: small letters, digits and dashes");
    }
    if folder.exists() {
        bail!("{} is there already", folder.display());
    }
    let (own, others): (_, &[(&str, &[File])]) = match template {
        Template::Rust => (RUST, &[("wit", WIT), ("sdk", SDK)]),
        Template::Typescript => (TYPESCRIPT, &[("wit", WIT), ("", TYPES)]),
        Template::Python => (PYTHON, &[("wit", WIT)]),
    };
    for (path, text) in own {
        put(folder, path, &text.replace("{{name}}", name).replace("{{title}}", &title(name)))?;
    }
    for (below, files) in others {
        for (path, text) in *files {
            put(&folder.join(below), path, text)?;
        }
    }
    Ok(vec![
        format!("{} is a plugin that works.", folder.display()),
        format!("{} says how to build, try and upload it.", folder.join("README.md").display()),
    ])
}

fn put(folder: &Path, path: &str, text: &str) -> Result<()> {
    let path = folder.join(path);
    let parent = path.parent().context("a path without a folder")?;
    fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    super::write(&path, text.as_bytes())?;
    if path.extension().is_some_and(|end| end == "sh") {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// "roof-warranty" is "Roof warranty".
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Manifest;

    #[test]
    fn each_language_begins_with_a_good_manifest_and_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        for template in Template::value_variants() {
            let plugin = folder.path().join(format!("{template:?}-warranty").to_lowercase());
            new(&plugin, *template).unwrap();
            let manifest = Manifest::from_toml(&fs::read_to_string(plugin.join("plugin.toml")).unwrap()).unwrap();
            assert_eq!(manifest.language.is_script(), *template != Template::Rust);
            assert!(manifest.title.ends_with(" warranty"));
            assert!(plugin.join("wit/worlds.wit").is_file());
            assert!(new(&plugin, *template).is_err(), "what is there stays");
        }
        assert!(new(&folder.path().join("My Plugin"), Template::Rust).is_err());
    }
}
