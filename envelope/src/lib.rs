//! The AWS Encryption SDK message format, version 2, read and written as a stream in constant memory.
//!
//! One algorithm suite is spoken, 0x0478: AES-256-GCM in frames, keys by HKDF-SHA512, with key commitment and without a
//! signature. Any other tool that knows the format opens what [`Sealer`] writes, and the other way round.
//!
//! Nothing here does IO. Bytes are pushed in as they come and come out in a buffer of the caller's. Where data keys come
//! from, and what the encryption context should say, is the caller's business:
//!
//! ```
//! use envelope::{Context, DataKey, EncryptedDataKey, Header, Opener, Parsed, Sealer, FRAME_LEN};
//! # fn main() -> Result<(), envelope::Error> {
//! let key = DataKey::new([7; 32]); // from the key service, together with its encrypted form:
//! let wrapped = EncryptedDataKey { provider: "aws-kms".into(), key_id: "arn:aws:kms:…".into(), blob: vec![1, 2, 3] };
//! let context = Context::from([("purpose".to_owned(), "contract".to_owned())]);
//!
//! let (mut sealer, header) = Sealer::new(&key, &context, &[wrapped], FRAME_LEN, [9; 32])?;
//! let mut sealed = bytes::BytesMut::from(&header[..]);
//! sealer.update(b"signed by both", &mut sealed)?;
//! sealer.finish(&mut sealed)?;
//!
//! let Parsed::Whole { header, used } = Header::parse(&sealed)? else { panic!("more bytes are needed") };
//! let mut opener = Opener::new(&header, &key)?; // the commitment and the header's tag hold, or this fails
//! let mut plain = bytes::BytesMut::new();
//! opener.update(&sealed[used..], &mut plain)?;
//! opener.finish()?; // fails when the message was cut short
//! assert_eq!(&plain[..], b"signed by both");
//! # Ok(()) }
//! ```

#![forbid(unsafe_code)]

mod context;
mod error;
mod frame;
mod gather;
mod header;
mod key;
mod layout;
mod open;
mod range;
mod seal;

pub use context::Context;
pub use error::Error;
pub use header::{Header, Parsed};
pub use key::{DataKey, EncryptedDataKey};
pub use layout::{Layout, Span};
pub use open::Opener;
pub use range::RangeOpener;
pub use seal::Sealer;

/// The frame length to use unless there is a reason for another one: 64 KiB.
pub const FRAME_LEN: u32 = 64 * 1024;
/// The longest frame that is written or accepted: one frame is what a reader must hold in memory.
pub const MAX_FRAME_LEN: u32 = 16 * 1024 * 1024;
/// The most encrypted data keys in a message: each may cost a call of the key service.
pub const MAX_DATA_KEYS: usize = 8;
/// The longest header that is looked at. It bounds the memory that a message can claim before it is authenticated;
/// the largest context (64 KiB) and eight data keys of the largest size AWS KMS returns (6 KiB) fit into it.
pub const MAX_HEADER_LEN: usize = 256 * 1024;
/// The most pairs in an encryption context.
pub const MAX_CONTEXT_PAIRS: usize = 1024;
