//! Data keys, and the two keys of a message that are derived from one.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::{constant_time, hkdf};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Error;
use crate::header::SUITE;

/// A plaintext data key. It lives in one place on the heap and is overwritten when it is dropped; share it in an `Arc`.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DataKey(Box<[u8; 32]>);

impl DataKey {
    /// Takes the key over. The caller's own copy is the caller's to overwrite.
    pub fn new(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        Self(Box::new(*bytes))
    }
}

impl TryFrom<&[u8]> for DataKey {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        let mut key = Box::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(Error::KeyLength(bytes.len()));
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// A data key as the key service returned it, encrypted: safe to store and part of the message's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptedDataKey {
    /// Who can decrypt it: `aws-kms`.
    pub provider: String,
    /// The key that it was encrypted under: for AWS KMS the key's ARN.
    pub key_id: String,
    /// The encrypted data key.
    pub blob: Vec<u8>,
}

/// What a data key becomes for one message.
pub(crate) struct MessageKeys {
    /// Encrypts the frames and authenticates the header. The library overwrites it when it is dropped.
    pub(crate) cipher: LessSafeKey,
    /// Ties the header to exactly this data key; not secret.
    pub(crate) commitment: [u8; 32],
}

impl MessageKeys {
    pub(crate) fn derive(data_key: &DataKey, message_id: &[u8; 32]) -> Result<Self, Error> {
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA512, message_id).extract(data_key.0.as_slice());
        let mut key = Zeroizing::new([0; 32]);
        let mut commitment = [0; 32];
        expand(&secret, &[&SUITE.to_be_bytes(), b"DERIVEKEY"], &mut key)?;
        expand(&secret, &[b"COMMITKEY"], &mut commitment)?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::Library)?;
        Ok(Self { cipher: LessSafeKey::new(key), commitment })
    }

    /// Compares in constant time.
    pub(crate) fn check(&self, commitment: &[u8; 32]) -> Result<(), Error> {
        constant_time::verify_slices_are_equal(&self.commitment, commitment).map_err(|_| Error::Commitment)
    }
}

fn expand(secret: &hkdf::Prk, info: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
    let okm = secret.expand(info, Bytes32).map_err(|_| Error::Library)?;
    okm.fill(out).map_err(|_| Error::Library)
}

struct Bytes32;

impl hkdf::KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_has_32_bytes_and_never_shows_them() {
        assert!(matches!(DataKey::try_from(&[1; 31][..]), Err(Error::KeyLength(31))));
        assert!(matches!(DataKey::try_from(&[1; 33][..]), Err(Error::KeyLength(33))));
        let key = DataKey::try_from(&[0xab; 32][..]).unwrap();
        assert_eq!(format!("{key:?}"), "DataKey(…)");
    }

    #[test]
    fn the_commitment_depends_on_the_key_and_on_the_message() {
        let commitment = |key: u8, id: u8| MessageKeys::derive(&DataKey::new([key; 32]), &[id; 32]).unwrap().commitment;
        assert_eq!(commitment(1, 1), commitment(1, 1));
        assert_ne!(commitment(1, 1), commitment(2, 1));
        assert_ne!(commitment(1, 1), commitment(1, 2));
    }
}
