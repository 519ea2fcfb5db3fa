//! Writes a message: the header at once, then the frames as the plaintext arrives.

use bytes::{Bytes, BytesMut};

use crate::frame::{FrameCipher, Kind};
use crate::gather::Gather;
use crate::header::Header;
use crate::{Context, DataKey, EncryptedDataKey, Error};

/// Turns plaintext into the frames of one message. Holds at most one frame.
pub struct Sealer {
    frames: FrameCipher,
    frame_len: usize,
    sequence: u32,
    gather: Gather,
}

impl Sealer {
    /// Begins a message. Send the header first; its length is [`Header::layout`]'s `header_len`.
    ///
    /// `message_id` must be fresh random bytes: together with the data key it makes the key of the frames.
    pub fn new(
        key: &DataKey,
        context: &Context,
        data_keys: &[EncryptedDataKey],
        frame_len: u32,
        message_id: [u8; 32],
    ) -> Result<(Self, Bytes), Error> {
        let (header, keys) = Header::write(key, context, data_keys, frame_len, &message_id)?;
        let frames = FrameCipher::new(keys.cipher, message_id);
        let sealer = Self { frames, frame_len: frame_len as usize, sequence: 1, gather: Gather::default() };
        Ok((sealer, header))
    }

    /// Takes more plaintext and appends every frame that is full to `out`.
    pub fn update(&mut self, mut plain: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        while let Some(content) = self.gather.take(&mut plain, self.frame_len) {
            let next = self.sequence.checked_add(1).ok_or(Error::TooLong)?;
            self.frames.seal(Kind::Regular, self.sequence, content, out)?;
            self.sequence = next;
        }
        Ok(())
    }

    /// Appends the final frame, which holds the rest. After full frames only, it is empty: a final frame that is as
    /// long as the others is refused by other readers of the format.
    pub fn finish(self, out: &mut BytesMut) -> Result<(), Error> {
        self.frames.seal(Kind::Final, self.sequence, self.gather.rest(), out)
    }
}
