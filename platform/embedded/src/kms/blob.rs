//! The sealed form: AES-256-GCM under a key's material, bound to the key and to the encryption context.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;

use super::wire::Failure;

/// Pairs that must be the same again to open what was sealed.
pub type Context = BTreeMap<String, String>;

const VERSION: u8 = 1;
const PREFIX: usize = 1 + 16 + NONCE_LEN;
const TAG: usize = 16;

/// Seals; the answer starts with the id of the key.
pub fn seal(id: Uuid, material: &[u8], context: &Context, plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut nonce = [0; NONCE_LEN];
    fill(&mut nonce)?;
    let mut sealed = plaintext.to_vec();
    cipher(material)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(additional(id, context)), &mut sealed)
        .map_err(|_| Failure::internal("sealing failed"))?;
    let mut blob = Vec::with_capacity(PREFIX + sealed.len());
    blob.push(VERSION);
    blob.extend_from_slice(id.as_bytes());
    blob.extend_from_slice(&nonce);
    blob.extend_from_slice(&sealed);
    Ok(blob)
}

/// The id of the key that sealed a blob.
pub fn key_id(blob: &[u8]) -> Result<Uuid, Failure> {
    if blob.len() < PREFIX + TAG || blob[0] != VERSION {
        return Err(Failure::invalid_ciphertext());
    }
    Uuid::from_slice(&blob[1..17]).map_err(|_| Failure::invalid_ciphertext())
}

/// Opens, or fails in one way whatever was wrong.
pub fn open(id: Uuid, material: &[u8], context: &Context, blob: &[u8]) -> Result<Vec<u8>, Failure> {
    key_id(blob)?;
    let nonce = Nonce::try_assume_unique_for_key(&blob[17..PREFIX]).map_err(|_| Failure::invalid_ciphertext())?;
    let mut sealed = blob[PREFIX..].to_vec();
    let plaintext = cipher(material)?
        .open_in_place(nonce, Aad::from(additional(id, context)), &mut sealed)
        .map_err(|_| Failure::invalid_ciphertext())?;
    Ok(plaintext.to_vec())
}

/// Random bytes.
pub fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| Failure::internal("no random bytes"))
}

fn cipher(material: &[u8]) -> Result<LessSafeKey, Failure> {
    let key = UnboundKey::new(&AES_256_GCM, material).map_err(|_| Failure::internal("the key material is broken"))?;
    Ok(LessSafeKey::new(key))
}

/// The key's id, then every pair in order, each text behind its length: no two contexts read the same.
fn additional(id: Uuid, context: &Context) -> Vec<u8> {
    let mut bytes = id.as_bytes().to_vec();
    for (name, value) in context {
        for text in [name, value] {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
    }
    bytes
}
