//! One frame: how it is numbered, encrypted and authenticated.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use bytes::{BufMut, BytesMut};

use crate::Error;
use crate::header::TAG_LEN;

/// Stands before the sequence number of the final frame.
pub(crate) const END: u32 = u32::MAX;
/// Sequence number, nonce; the ciphertext and the tag follow.
pub(crate) const REGULAR_HEAD: usize = 4 + NONCE_LEN;
/// End mark, sequence number, nonce, content length; the ciphertext and the tag follow.
pub(crate) const FINAL_HEAD: usize = 4 + 4 + NONCE_LEN + 4;
pub(crate) const NONCE_LEN: usize = 12;

/// Which of the two kinds of frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Regular,
    Final,
}

impl Kind {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Regular => b"AWSKMSEncryptionClient Frame",
            Self::Final => b"AWSKMSEncryptionClient Final Frame",
        }
    }

    /// How many bytes a frame takes besides its content.
    pub(crate) fn overhead(self) -> usize {
        TAG_LEN
            + match self {
                Self::Regular => REGULAR_HEAD,
                Self::Final => FINAL_HEAD,
            }
    }
}

/// Seals and opens the frames of one message.
pub(crate) struct FrameCipher {
    cipher: LessSafeKey,
    message_id: [u8; 32],
}

impl FrameCipher {
    pub(crate) fn new(cipher: LessSafeKey, message_id: [u8; 32]) -> Self {
        Self { cipher, message_id }
    }

    /// Appends a whole frame to `out`.
    pub(crate) fn seal(&self, kind: Kind, sequence: u32, plain: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        out.reserve(kind.overhead() + plain.len());
        if kind == Kind::Final {
            out.put_u32(END);
        }
        out.put_u32(sequence);
        out.put_slice(&nonce(sequence));
        if kind == Kind::Final {
            out.put_u32(u32::try_from(plain.len()).map_err(|_| Error::TooLong)?);
        }
        let start = out.len();
        out.resize(start + plain.len() + TAG_LEN, 0);
        let (body, tag) = out[start..].split_at_mut(plain.len());
        let nonce = Nonce::assume_unique_for_key(nonce(sequence));
        let aad = Aad::from(self.aad(kind, sequence, plain.len()));
        self.cipher.seal_out_of_place_scatter(nonce, aad, plain, body, &[], tag).map_err(|_| Error::Library)
    }

    /// Appends the content of a frame to `out`, given its ciphertext and tag. On failure `out` is as it was before.
    pub(crate) fn open(&self, kind: Kind, sequence: u32, body: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        let (sealed, tag) = body.split_at_checked(body.len().wrapping_sub(TAG_LEN)).ok_or(Error::Truncated)?;
        let start = out.len();
        out.resize(start + sealed.len(), 0);
        let nonce = Nonce::assume_unique_for_key(nonce(sequence));
        let aad = Aad::from(self.aad(kind, sequence, sealed.len()));
        let opened = self.cipher.open_separate_gather(nonce, aad, sealed, tag, &mut out[start..]);
        if opened.is_err() {
            out[start..].fill(0);
            out.truncate(start);
            return Err(Error::FrameTag(sequence));
        }
        Ok(())
    }

    fn aad(&self, kind: Kind, sequence: u32, content_len: usize) -> FrameAad {
        let mut aad = FrameAad { bytes: [0; FrameAad::MAX], len: 0 };
        for part in [&self.message_id, kind.name(), &sequence.to_be_bytes(), &(content_len as u64).to_be_bytes()] {
            aad.bytes[aad.len..aad.len + part.len()].copy_from_slice(part);
            aad.len += part.len();
        }
        aad
    }
}

/// What is authenticated with a frame.
struct FrameAad {
    bytes: [u8; Self::MAX],
    len: usize,
}

impl FrameAad {
    const MAX: usize = 32 + 34 + 4 + 8;
}

impl AsRef<[u8]> for FrameAad {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The nonce of a frame is its number, so that none is used twice under a message's key.
pub(crate) fn nonce(sequence: u32) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 4..].copy_from_slice(&sequence.to_be_bytes());
    nonce
}
