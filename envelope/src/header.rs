//! The header of a message: what it says, how it is written, read and authenticated.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use bytes::Bytes;

use crate::key::MessageKeys;
use crate::{Context, DataKey, EncryptedDataKey, Error, Layout, MAX_DATA_KEYS, MAX_FRAME_LEN, MAX_HEADER_LEN, context};

const VERSION: u8 = 2;
/// AES-256-GCM, HKDF-SHA512, key commitment, no signature.
pub(crate) const SUITE: u16 = 0x0478;
const FRAMED: u8 = 2;
pub(crate) const TAG_LEN: usize = 16;

/// The header of a message. What it says is not authentic before an [`crate::Opener`] was made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    message_id: [u8; 32],
    context: Context,
    data_keys: Vec<EncryptedDataKey>,
    frame_len: u32,
    commitment: [u8; 32],
    /// Every byte, the tag at the end included.
    bytes: Bytes,
}

/// What [`Header::parse`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// A whole header.
    Whole {
        /// The header.
        header: Header,
        /// How many bytes it took; the frames follow.
        used: usize,
    },
    /// So far so good, but there must be more bytes.
    Incomplete,
}

impl Header {
    /// Reads a header from the beginning of `bytes`. Never looks at more than [`MAX_HEADER_LEN`] bytes.
    pub fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
        match Self::read(&mut Reader { bytes, at: 0 }) {
            Ok(header) => Ok(Parsed::Whole { used: header.bytes.len(), header }),
            Err(Stop::Incomplete) => Ok(Parsed::Incomplete),
            Err(Stop::Refused(error)) => Err(error),
        }
    }

    /// The pairs that were authenticated with the message.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The data key, encrypted once or several times.
    pub fn data_keys(&self) -> &[EncryptedDataKey] {
        &self.data_keys
    }

    /// How many bytes of plaintext a full frame holds.
    pub fn frame_len(&self) -> u32 {
        self.frame_len
    }

    /// The random number that makes this message's keys its own.
    pub fn message_id(&self) -> &[u8; 32] {
        &self.message_id
    }

    /// The header as it stands at the beginning of the message.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Where which frame of the message is found.
    pub fn layout(&self) -> Layout {
        Layout { header_len: self.bytes.len() as u64, frame_len: self.frame_len }
    }

    /// Writes a header and derives the keys that go with it.
    pub(crate) fn write(
        key: &DataKey,
        context: &Context,
        data_keys: &[EncryptedDataKey],
        frame_len: u32,
        message_id: &[u8; 32],
    ) -> Result<(Bytes, MessageKeys), Error> {
        check_frame_len(frame_len)?;
        let keys = MessageKeys::derive(key, message_id)?;
        let mut out = vec![VERSION];
        out.extend(SUITE.to_be_bytes());
        out.extend(message_id);
        context::write(context, &mut out)?;
        write_data_keys(data_keys, &mut out)?;
        out.push(FRAMED);
        out.extend(frame_len.to_be_bytes());
        out.extend(keys.commitment);
        let tag = tag(&keys.cipher, &out)?;
        out.extend(tag);
        if out.len() > MAX_HEADER_LEN {
            return Err(Error::HeaderTooLong);
        }
        Ok((out.into(), keys))
    }

    /// Checks the commitment first, then the tag.
    pub(crate) fn authenticate(&self, key: &DataKey) -> Result<MessageKeys, Error> {
        let keys = MessageKeys::derive(key, &self.message_id)?;
        keys.check(&self.commitment)?;
        let (body, found) = self.bytes.split_at(self.bytes.len() - TAG_LEN);
        let expected = tag(&keys.cipher, body)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(&expected, found).map_err(|_| Error::HeaderTag)?;
        Ok(keys)
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Stop> {
        match from.u8()? {
            VERSION => {}
            other => return Err(Error::Version(other).into()),
        }
        match from.u16()? {
            SUITE => {}
            other => return Err(Error::Suite(other).into()),
        }
        let message_id = *from.array()?;
        let context = context::read(from.prefixed()?)?;
        let data_keys = read_data_keys(from)?;
        match from.u8()? {
            FRAMED => {}
            other => return Err(Error::ContentType(other).into()),
        }
        let frame_len = u32::from_be_bytes(*from.array()?);
        check_frame_len(frame_len)?;
        let commitment = *from.array()?;
        from.take(TAG_LEN)?;
        let bytes = Bytes::copy_from_slice(&from.bytes[..from.at]);
        Ok(Self { message_id, context, data_keys, frame_len, commitment, bytes })
    }
}

fn check_frame_len(frame_len: u32) -> Result<(), Error> {
    if (1..=MAX_FRAME_LEN).contains(&frame_len) { Ok(()) } else { Err(Error::FrameLength(frame_len)) }
}

/// The tag of an empty text under a zero nonce (frames count from 1, so it is used once) over the header's bytes.
fn tag(cipher: &LessSafeKey, body: &[u8]) -> Result<[u8; TAG_LEN], Error> {
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let tag = cipher.seal_in_place_separate_tag(nonce, Aad::from(body), &mut []).map_err(|_| Error::Library)?;
    tag.as_ref().try_into().map_err(|_| Error::Library)
}

fn write_data_keys(data_keys: &[EncryptedDataKey], out: &mut Vec<u8>) -> Result<(), Error> {
    if !(1..=MAX_DATA_KEYS).contains(&data_keys.len()) {
        return Err(Error::DataKeys(data_keys.len()));
    }
    out.extend((data_keys.len() as u16).to_be_bytes());
    for key in data_keys {
        for field in [key.provider.as_bytes(), key.key_id.as_bytes(), &key.blob] {
            let len = u16::try_from(field.len()).map_err(|_| Error::DataKey("too long"))?;
            out.extend(len.to_be_bytes());
            out.extend(field);
        }
    }
    Ok(())
}

fn read_data_keys(from: &mut Reader<'_>) -> Result<Vec<EncryptedDataKey>, Stop> {
    let count = usize::from(from.u16()?);
    if !(1..=MAX_DATA_KEYS).contains(&count) {
        return Err(Error::DataKeys(count).into());
    }
    let mut keys = Vec::with_capacity(count);
    for _ in 0..count {
        let provider = from.text()?.to_owned();
        let key_id = from.text()?.to_owned();
        let blob = from.prefixed()?.to_owned();
        keys.push(EncryptedDataKey { provider, key_id, blob });
    }
    Ok(keys)
}

/// Why reading stopped before the header's end.
enum Stop {
    Incomplete,
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        let end = self.at + len;
        if end > MAX_HEADER_LEN {
            return Err(Error::HeaderTooLong.into());
        }
        let taken = self.bytes.get(self.at..end).ok_or(Stop::Incomplete)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Stop> {
        self.take(N)?.first_chunk().ok_or(Stop::Incomplete)
    }

    fn u8(&mut self) -> Result<u8, Stop> {
        self.array().map(|[byte]| *byte)
    }

    fn u16(&mut self) -> Result<u16, Stop> {
        self.array().map(|bytes| u16::from_be_bytes(*bytes))
    }

    fn prefixed(&mut self) -> Result<&'a [u8], Stop> {
        let len = self.u16()?;
        self.take(usize::from(len))
    }

    fn text(&mut self) -> Result<&'a str, Stop> {
        std::str::from_utf8(self.prefixed()?).map_err(|_| Error::DataKey("not UTF-8").into())
    }
}
