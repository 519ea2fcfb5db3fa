//! Puts the manifest into a component, and makes a component of a core module first where a compiler made only that.

use crate::{
    manifest::{Manifest, SECTION},
    reason::{Refusal, RefusalCode},
};
use wasmparser::{Encoding, Parser, Payload};
use wit_component::ComponentEncoder;

/// The component with this manifest in it, in place of one that was there.
pub fn pack(wasm: &[u8], manifest: &Manifest) -> Result<Vec<u8>, Refusal> {
    let component = if Parser::is_core_wasm(wasm) { encode(wasm)? } else { without_manifest(wasm)? };
    let json = manifest.to_json()?;
    let mut packed = component;
    let mut name = Vec::new();
    number(&mut name, SECTION.len());
    name.extend_from_slice(SECTION.as_bytes());
    packed.push(0);
    number(&mut packed, name.len() + json.len());
    packed.extend(name);
    packed.extend(json);
    Ok(packed)
}

/// A core module that was built with the contract's bindings carries its types along.
fn encode(module: &[u8]) -> Result<Vec<u8>, Refusal> {
    let encoded = ComponentEncoder::default().module(module).and_then(|encoder| encoder.validate(true).encode());
    encoded.map_err(|e| Refusal::new(RefusalCode::CoreModule, "This module was not built with the plugin SDK.").detail(format!("{e:#}")))
}

fn without_manifest(component: &[u8]) -> Result<Vec<u8>, Refusal> {
    let damaged = |e| Refusal::new(RefusalCode::Invalid, "The file is damaged.").detail(e);
    let (mut depth, mut kept, mut from) = (0_usize, Vec::with_capacity(component.len()), 0);
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(damaged)? {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(section) if depth == 1 && section.name() == SECTION => {
                // The section's head stands before its range: an id and a length.
                let body = section.range();
                let mut length = Vec::new();
                number(&mut length, body.len());
                kept.extend_from_slice(&component[from..body.start - length.len() - 1]);
                from = body.end;
            }
            _ => {}
        }
    }
    kept.extend_from_slice(&component[from..]);
    Ok(kept)
}

/// LEB128, as WebAssembly writes lengths.
fn number(to: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}
