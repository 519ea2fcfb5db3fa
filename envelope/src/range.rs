//! Reads a part of a message whose plaintext length is known, from the frames that hold it and no others.

use std::ops::Range;

use bytes::BytesMut;

use crate::frame::{FINAL_HEAD, FrameCipher, Kind, REGULAR_HEAD};
use crate::gather::Gather;
use crate::open::check_head;
use crate::{DataKey, Error, Header, Layout, Span};

/// Turns some frames of a message into a range of its plaintext. Holds at most one frame, and gives out nothing of a
/// frame before its tag was checked.
pub struct RangeOpener {
    frames: FrameCipher,
    layout: Layout,
    plain_len: u64,
    span: Span,
    /// The sequence number of the next frame.
    next: u64,
    /// How many bytes of the range have not been given out.
    left: u64,
    gather: Gather,
    refused: bool,
}

impl RangeOpener {
    /// Prepares to read `range` of a plaintext of `plain_len` bytes; authenticates the header as
    /// [`crate::Opener::new`] does.
    pub fn new(header: &Header, key: &DataKey, range: Range<u64>, plain_len: u64) -> Result<Self, Error> {
        let layout = header.layout();
        let span = layout.span(&range, plain_len)?;
        let keys = header.authenticate(key)?;
        Ok(Self {
            frames: FrameCipher::new(keys.cipher, *header.message_id()),
            layout,
            plain_len,
            next: span.frames.start,
            span,
            left: range.end - range.start,
            gather: Gather::default(),
            refused: false,
        })
    }

    /// Which bytes of the message to push in, counted from the first byte of its header. May be empty.
    pub fn bytes(&self) -> Range<u64> {
        self.span.bytes.clone()
    }

    /// Takes more of those bytes and appends what belongs to the range to `out`. After an error all is refused.
    pub fn update(&mut self, sealed: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        if self.refused {
            return Err(Error::Refused);
        }
        let result = self.advance(sealed, out);
        self.refused = result.is_err();
        result
    }

    /// Says whether all of the range was read.
    pub fn finish(self) -> Result<(), Error> {
        match self.next == self.span.frames.end {
            _ if self.refused => Err(Error::Refused),
            true => Ok(()),
            false => Err(Error::Truncated),
        }
    }

    fn advance(&mut self, mut input: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        while self.next < self.span.frames.end {
            let (kind, content) = self.layout.frame_at(self.next, self.plain_len);
            let Some(frame) = self.gather.take(&mut input, kind.overhead() + content) else { return Ok(()) };
            let sequence = u32::try_from(self.next).map_err(|_| Error::TooLong)?;
            let (head, body) = frame.split_at(match kind {
                Kind::Regular => REGULAR_HEAD,
                Kind::Final => FINAL_HEAD,
            });
            check_head(head, kind, sequence, content)?;
            let start = out.len();
            self.frames.open(kind, sequence, body, out)?;
            self.trim(start, out);
            self.next += 1;
        }
        if input.is_empty() { Ok(()) } else { Err(Error::Trailing) }
    }

    /// Cuts what was appended down to the range.
    fn trim(&mut self, start: usize, out: &mut BytesMut) {
        let added = &mut out[start..];
        let skip = added.len().min(std::mem::take(&mut self.span.skip) as usize);
        added.copy_within(skip.., 0);
        let kept = ((added.len() - skip) as u64).min(self.left);
        self.left -= kept;
        out.truncate(start + kept as usize);
    }
}
