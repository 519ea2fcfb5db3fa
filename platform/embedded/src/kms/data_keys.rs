//! The operations with keys: seal, open and make data keys, bound to an encryption context.

use serde::Deserialize;
use serde_json::{Value, json};

use super::blob::{self, Context};
use super::store::{Key, Store};
use super::wire::{Failure, Outcome, decode, encode};

const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

/// `Encrypt`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Encrypt {
    key_id: String,
    plaintext: String,
    #[serde(default)]
    encryption_context: Context,
}

/// `Decrypt`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Decrypt {
    ciphertext_blob: String,
    key_id: Option<String>,
    #[serde(default)]
    encryption_context: Context,
}

/// `ReEncrypt`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReEncrypt {
    ciphertext_blob: String,
    source_key_id: Option<String>,
    #[serde(default)]
    source_encryption_context: Context,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: Context,
}

/// `GenerateDataKey` and `GenerateDataKeyWithoutPlaintext`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: Context,
}

/// Seals up to 4 KiB.
pub fn encrypt(store: &Store, input: Encrypt) -> Outcome {
    let plaintext = decode(&input.plaintext)?;
    if plaintext.is_empty() || plaintext.len() > 4096 {
        return Err(Failure::validation("Plaintext has between 1 and 4096 bytes"));
    }
    let key = store.usable(&input.key_id)?;
    let sealed = seal(&key, &input.encryption_context, &plaintext)?;
    Ok(json!({
        "CiphertextBlob": encode(&sealed),
        "KeyId": store.arn(key.id),
        "EncryptionAlgorithm": ALGORITHM,
    }))
}

/// Opens what one of our keys sealed.
pub fn decrypt(store: &Store, input: Decrypt) -> Outcome {
    let blob = decode(&input.ciphertext_blob)?;
    let (key, plaintext) = open(store, input.key_id.as_deref(), &input.encryption_context, &blob)?;
    Ok(json!({
        "Plaintext": encode(&plaintext),
        "KeyId": store.arn(key.id),
        "EncryptionAlgorithm": ALGORITHM,
    }))
}

/// Opens and seals under another key or context, the plaintext never leaving.
pub fn re_encrypt(store: &Store, input: ReEncrypt) -> Outcome {
    let blob = decode(&input.ciphertext_blob)?;
    let (source, plaintext) = open(store, input.source_key_id.as_deref(), &input.source_encryption_context, &blob)?;
    let key = store.usable(&input.destination_key_id)?;
    let sealed = seal(&key, &input.destination_encryption_context, &plaintext)?;
    Ok(json!({
        "CiphertextBlob": encode(&sealed),
        "SourceKeyId": store.arn(source.id),
        "KeyId": store.arn(key.id),
        "SourceEncryptionAlgorithm": ALGORITHM,
        "DestinationEncryptionAlgorithm": ALGORITHM,
    }))
}

/// Makes a data key.
pub fn generate(store: &Store, input: GenerateDataKey, plaintext: bool) -> Outcome {
    let bytes = match (input.key_spec.as_deref(), input.number_of_bytes) {
        (Some("AES_256"), None) => 32,
        (Some("AES_128"), None) => 16,
        (None, Some(bytes @ 1..=1024)) => bytes,
        _ => return Err(Failure::validation("give KeySpec (AES_128 or AES_256) or NumberOfBytes (1 to 1024)")),
    };
    let key = store.usable(&input.key_id)?;
    let mut data_key = vec![0; bytes];
    blob::fill(&mut data_key)?;
    let sealed = seal(&key, &input.encryption_context, &data_key)?;
    let mut answer = json!({ "CiphertextBlob": encode(&sealed), "KeyId": store.arn(key.id) });
    if plaintext {
        answer["Plaintext"] = Value::String(encode(&data_key));
    }
    Ok(answer)
}

fn seal(key: &Key, context: &Context, plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    check(context)?;
    blob::seal(key.id, &decode(&key.material)?, context, plaintext)
}

/// Opens a blob; a key that the caller names must be the one that sealed it.
fn open(store: &Store, named: Option<&str>, context: &Context, sealed: &[u8]) -> Result<(Key, Vec<u8>), Failure> {
    check(context)?;
    if sealed.is_empty() || sealed.len() > 6144 {
        return Err(Failure::validation("CiphertextBlob has between 1 and 6144 bytes"));
    }
    let named = named.map(|reference| store.usable(reference)).transpose()?;
    let id = blob::key_id(sealed)?;
    let key = match named {
        Some(key) if key.id != id => {
            let words = "The key ID in the request does not identify a CMK that can perform this operation.";
            return Err(Failure::new("IncorrectKeyException", words));
        }
        Some(key) => key,
        None => store.usable(&id.to_string()).map_err(|failure| match failure.kind {
            "NotFoundException" => Failure::invalid_ciphertext(),
            _ => failure,
        })?,
    };
    let plaintext = blob::open(key.id, &decode(&key.material)?, context, sealed)?;
    Ok((key, plaintext))
}

fn check(context: &Context) -> Result<(), Failure> {
    let bytes: usize = context.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > 8192 || context.keys().any(String::is_empty) {
        return Err(Failure::validation("the encryption context is longer than 8192 bytes or has an empty name"));
    }
    Ok(())
}
