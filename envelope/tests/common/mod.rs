//! A key, a context and the shortest ways from plaintext to a message and back.
#![allow(clippy::unwrap_used, reason = "a test helper may panic")]
#![allow(dead_code, reason = "every test file uses another part of this")]

use bytes::BytesMut;
use envelope::{Context, DataKey, EncryptedDataKey, Error, Header, Opener, Parsed, RangeOpener, Sealer};

pub const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/7b2c3f5e-0000-4000-8000-000000000001";

pub fn key() -> DataKey {
    DataKey::new([42; 32])
}

pub fn wrapped() -> EncryptedDataKey {
    EncryptedDataKey { provider: "aws-kms".into(), key_id: ARN.into(), blob: b"opaque to this crate".to_vec() }
}

pub fn context() -> Context {
    [("object", "o-1"), ("purpose", "document"), ("tenant", "acme")].map(|(k, v)| (k.into(), v.into())).into()
}

pub fn plain(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 31 + i / 251) as u8).collect()
}

pub fn seal(plain: &[u8], frame_len: u32) -> Vec<u8> {
    seal_as([3; 32], plain, frame_len)
}

pub fn seal_as(message_id: [u8; 32], plain: &[u8], frame_len: u32) -> Vec<u8> {
    let (mut sealer, header) = Sealer::new(&key(), &context(), &[wrapped()], frame_len, message_id).unwrap();
    let mut out = BytesMut::from(&header[..]);
    sealer.update(plain, &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    out.to_vec()
}

pub fn header(message: &[u8]) -> Result<Header, Error> {
    match Header::parse(message)? {
        Parsed::Whole { header, used } => {
            assert_eq!(header.bytes()[..], message[..used]);
            Ok(header)
        }
        Parsed::Incomplete => Err(Error::Truncated),
    }
}

/// Opens a message; also returns what was given out before an error.
pub fn open(message: &[u8]) -> (Vec<u8>, Result<(), Error>) {
    let mut out = BytesMut::new();
    let result = header(message).and_then(|header| {
        let mut opener = Opener::new(&header, &key())?;
        opener.update(&message[header.bytes().len()..], &mut out)?;
        opener.finish()
    });
    (out.to_vec(), result)
}

/// Opens a range from the bytes that belong to it.
pub fn open_range(header: &Header, sealed: &[u8], range: std::ops::Range<u64>, len: u64) -> Result<Vec<u8>, Error> {
    let mut out = BytesMut::new();
    let mut opener = RangeOpener::new(header, &key(), range, len)?;
    opener.update(sealed, &mut out)?;
    opener.finish()?;
    Ok(out.to_vec())
}
