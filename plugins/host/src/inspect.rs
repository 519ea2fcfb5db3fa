//! Looks at an uploaded file without running it: what it is, what it wants, or in plain words why it is not taken.

use crate::{
    limits::Limits,
    manifest::{Manifest, SECTION},
    reason::{Refusal, RefusalCode},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

/// The contract's package.
const PACKAGE: &str = "plumbline:plugin/";
/// The versions of the contract that this host speaks, by their interfaces.
const VERSIONS: &[(&str, &[&str])] = &[("1.0.0", &["types", "log", "clock", "random", "projects", "kv", "http", "secrets"])];

/// The contract's worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// Makes documents.
    DocumentGenerator,
    /// Turns events into messages.
    Notifier,
    /// Hears of events.
    EventHook,
}

impl World {
    /// As in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::DocumentGenerator => "document-generator",
            Self::Notifier => "notifier",
            Self::EventHook => "event-hook",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::DocumentGenerator => "makes documents",
            Self::Notifier => "sends messages when something happens",
            Self::EventHook => "adds notes when something happens",
        }
    }

    fn of_export(interface: &str) -> Option<Self> {
        match interface {
            "documents" => Some(Self::DocumentGenerator),
            "notifications" => Some(Self::Notifier),
            "events" => Some(Self::EventHook),
            _ => None,
        }
    }
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// SHA-256 of the file, in hexadecimal.
    pub hash: String,
    /// Its size in bytes.
    pub size: usize,
    /// The version of the contract.
    pub wit: String,
    /// Which world it is.
    pub world: World,
    /// The host's interfaces that it uses, as `projects`.
    pub imports: Vec<String>,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Inspection {
    /// The checks, each in a sentence for the one who uploads.
    pub fn words(&self) -> Vec<String> {
        let megabytes = self.size as f64 / f64::from(1 << 20);
        let size = if megabytes < 0.1 { format!("{} KB", self.size.div_ceil(1024)) } else { format!("{megabytes:.1} MB") };
        vec![
            format!("It is a plugin of {size}."),
            format!("It {}.", self.world.words()),
            format!("It is made for version {} of the plugin contract, which runs here.", self.wit),
            "It has no way to files, networks or other programs but those that you approve.".to_owned(),
        ]
    }
}

/// SHA-256 in hexadecimal: how a component is named.
pub fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Looks at it. Cheap next to compiling: milliseconds a megabyte.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, Refusal> {
    let largest = Limits::component(crate::manifest::Language::Javascript);
    size(bytes.len(), largest)?;
    form(bytes)?;
    let parts = Parts::read(bytes)?;
    let manifest = parts.manifest.as_deref().ok_or_else(|| {
        refuse(RefusalCode::NoManifest, "There is no description inside this plugin. Its author has to add it with `platform plugin pack`.")
    })?;
    let (wit, world) = parts.world()?;
    let imports = parts.imports(&wit)?;
    // After the imports: what an old or foreign contract lacks is better said than that it is invalid.
    Validator::new_with_features(features())
        .validate_all(bytes)
        .map_err(|e| refuse(RefusalCode::Invalid, "The file is damaged: it is not valid WebAssembly.").detail(e))?;
    let manifest = Manifest::from_json(manifest)?;
    size(bytes.len(), Limits::component(manifest.language))?;
    if manifest.world != world {
        let words = format!("Its description says that it {}, but it {}.", manifest.world.words(), world.words());
        return Err(refuse(RefusalCode::BadManifest, words));
    }
    declared(&manifest, &imports)?;
    Ok(Inspection { hash: hash(bytes), size: bytes.len(), wit, world, imports, manifest })
}

/// What the engine has, so that both judge alike.
fn features() -> WasmFeatures {
    let mut features = WasmFeatures::default();
    features.remove(WasmFeatures::GC | WasmFeatures::THREADS | WasmFeatures::MEMORY64 | WasmFeatures::CM_ASYNC);
    features
}

fn refuse(code: RefusalCode, words: impl Into<String>) -> Refusal {
    Refusal::new(code, words)
}

fn size(size: usize, most: usize) -> Result<(), Refusal> {
    match size > most {
        true => Err(refuse(
            RefusalCode::TooLarge,
            format!("The file has {:.1} MB; a plugin of this kind may have {} MB.", size as f64 / f64::from(1 << 20), most >> 20),
        )),
        false => Ok(()),
    }
}

/// The first bytes tell what kind of file it is.
fn form(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.starts_with(b"\x7fELF") || wasmtime::Engine::detect_precompiled(bytes).is_some() {
        let words = "This file holds machine code. For safety only WebAssembly is taken, which is translated here.";
        return Err(refuse(RefusalCode::Precompiled, words));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(refuse(RefusalCode::NotWasm, "This is not a WebAssembly file. A plugin is one file whose name ends in .wasm."));
    }
    if Parser::is_core_wasm(bytes) {
        let words =
            "This is a WebAssembly module without the form that plugins have. Its author has to pack it with `platform plugin pack`.";
        return Err(refuse(RefusalCode::CoreModule, words));
    }
    if !Parser::is_component(bytes) {
        return Err(refuse(RefusalCode::Invalid, "The file is damaged, or of a kind of WebAssembly that is not known here."));
    }
    Ok(())
}

/// The names at a component's outside, and its manifest.
#[derive(Default)]
struct Parts {
    imports: Vec<String>,
    exports: Vec<String>,
    manifest: Option<Vec<u8>>,
}

impl Parts {
    fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let damaged =
            |e: wasmparser::BinaryReaderError| refuse(RefusalCode::Invalid, "The file is damaged: it cannot be read to its end.").detail(e);
        let (mut parts, mut depth) = (Self::default(), 0_usize);
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(damaged)? {
                // A component or module inside; the outermost one comes as a version of its own.
                Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        parts.imports.push(import.map_err(damaged)?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section {
                        parts.exports.push(export.map_err(damaged)?.name.name.to_owned());
                    }
                }
                Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => match parts.manifest {
                    Some(_) => return Err(refuse(RefusalCode::BadManifest, "There are two descriptions inside this plugin.")),
                    None => parts.manifest = Some(section.data().to_vec()),
                },
                _ => {}
            }
        }
        Ok(parts)
    }

    /// Which world, of which version, by what it exports.
    fn world(&self) -> Result<(String, World), Refusal> {
        let mut found = Vec::new();
        for name in &self.exports {
            let Some((interface, version)) = name.strip_prefix(PACKAGE).and_then(|rest| rest.split_once('@')) else { continue };
            if let Some(world) = World::of_export(interface) {
                known(version)?;
                found.push((version.to_owned(), world));
            }
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => {
                let words =
                    "There is nothing in this file that could be called here: it is WebAssembly, but not made as a plugin for this portal.";
                Err(refuse(RefusalCode::NoWorld, words).detail(format!("exports: {}", self.exports.join(", "))))
            }
            _ => Err(refuse(RefusalCode::NoWorld, "This file is several kinds of plugin at once. Each has to be a file of its own.")),
        }
    }

    /// The host's interfaces that it uses; anything else is refused.
    fn imports(&self, wit: &str) -> Result<Vec<String>, Refusal> {
        let interfaces = VERSIONS.iter().find(|(version, _)| *version == wit).map(|(_, all)| *all).unwrap_or_default();
        let mut used = Vec::new();
        for name in &self.imports {
            let Some((interface, version)) = name.strip_prefix(PACKAGE).and_then(|rest| rest.split_once('@')) else {
                return Err(unknown(name));
            };
            known(version)?;
            if version != wit || !interfaces.contains(&interface) {
                return Err(unknown(name));
            }
            used.push(interface.to_owned());
        }
        used.sort();
        Ok(used)
    }
}

fn known(version: &str) -> Result<(), Refusal> {
    match VERSIONS.iter().any(|(known, _)| *known == version) {
        true => Ok(()),
        false => {
            let versions: Vec<&str> = VERSIONS.iter().map(|(v, _)| *v).collect();
            let words = format!(
                "This plugin is made for version {} of the plugin contract; here runs {}. Ask its author for a matching one.",
                version.chars().take(20).collect::<String>(),
                versions.join(", ")
            );
            Err(refuse(RefusalCode::UnknownVersion, words))
        }
    }
}

fn unknown(name: &str) -> Refusal {
    let what = match name.split(['/', '@']).next().unwrap_or_default() {
        "wasi:filesystem" => "files of this machine",
        "wasi:sockets" | "wasi:http" => "the network by a way of its own",
        "wasi:cli" => "the machine's environment",
        "wasi:clocks" | "wasi:random" | "wasi:io" => "the machine's clock or randomness",
        _ => "something that no plugin gets",
    };
    refuse(RefusalCode::UnknownImport, format!("This plugin wants {what}. It cannot run here; its author has to build it without."))
        .detail(name)
}

/// Whoever uses an interface says so, and why, in the manifest: else the admin would approve less than it tries. A script runtime
/// imports all of its world, used or not; there the grants alone decide, at the run.
fn declared(manifest: &Manifest, imports: &[String]) -> Result<(), Refusal> {
    if manifest.language.is_script() {
        return Ok(());
    }
    let wants = &manifest.wants;
    let rules = [
        ("kv", wants.kv.is_some(), "remembers things between runs"),
        ("http", !wants.http.is_empty(), "speaks to other services"),
        ("secrets", !wants.secrets.is_empty(), "asks for secrets"),
    ];
    for (interface, declared, does) in rules {
        if imports.iter().any(|i| i == interface) && !declared {
            let words = format!("This plugin {does}, but its description does not ask for that. Its author has to correct it.");
            return Err(refuse(RefusalCode::NotDeclared, words).detail(format!("imports {interface}; [wants] lacks it")));
        }
    }
    Ok(())
}
