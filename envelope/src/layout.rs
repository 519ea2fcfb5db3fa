//! Where in a sealed message which byte of the plaintext is found.

use std::ops::Range;

use crate::Error;
use crate::frame::Kind;

/// The arithmetic of one message: full frames, then one final frame that holds the rest and may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The length of the header.
    pub header_len: u64,
    /// How many bytes of plaintext a full frame holds.
    pub frame_len: u32,
}

/// The frames that hold a range of the plaintext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The sequence numbers of the frames, from 1; the end is not included.
    pub frames: Range<u64>,
    /// Where they are, counted from the first byte of the message's header.
    pub bytes: Range<u64>,
    /// How many bytes of the first frame's content come before the range.
    pub skip: u64,
}

impl Layout {
    /// The length of a whole message, header included, for a plaintext of this length.
    pub fn sealed_len(&self, plain_len: u64) -> Result<u64, Error> {
        let full = self.full_frames(plain_len)?;
        let rest = plain_len % self.frame();
        Ok(self.offset(full) + Kind::Final.overhead() as u64 + rest)
    }

    /// The length of the plaintext of a whole message of this length, as [`crate::Sealer`] writes it.
    pub fn plain_len(&self, sealed_len: u64) -> Result<u64, Error> {
        let content = sealed_len.checked_sub(self.header_len + Kind::Final.overhead() as u64).ok_or(Error::Truncated)?;
        let rest = content % self.stride();
        let plain_len = content / self.stride() * self.frame() + rest;
        if rest >= self.frame() {
            return Err(Error::Truncated);
        }
        self.full_frames(plain_len).map(|_| plain_len)
    }

    /// The frames to read for a range of a plaintext of this length: those that hold it, and the final frame when the
    /// range reaches the end, so that the end is authenticated too. An empty range before the end needs none.
    pub fn span(&self, range: &Range<u64>, plain_len: u64) -> Result<Span, Error> {
        let full = self.full_frames(plain_len)?;
        if range.start > range.end || range.end > plain_len {
            return Err(Error::Range);
        }
        let first = range.start / self.frame();
        let end = match range.end {
            end if range.is_empty() && end < plain_len => first,
            end if end == plain_len => full + 1,
            end => end.div_ceil(self.frame()),
        };
        let end_byte = if end > full { self.sealed_len(plain_len)? } else { self.offset(end) };
        Ok(Span { frames: first + 1..end + 1, bytes: self.offset(first)..end_byte, skip: range.start % self.frame() })
    }

    /// The content length and the kind of a frame of a plaintext of this length.
    pub(crate) fn frame_at(&self, sequence: u64, plain_len: u64) -> (Kind, usize) {
        match sequence <= plain_len / self.frame() {
            true => (Kind::Regular, self.frame_len as usize),
            false => (Kind::Final, (plain_len % self.frame()) as usize),
        }
    }

    /// Where the frame with this index (its sequence number less one) begins.
    fn offset(&self, index: u64) -> u64 {
        self.header_len + index * self.stride()
    }

    fn frame(&self) -> u64 {
        u64::from(self.frame_len)
    }

    fn stride(&self) -> u64 {
        self.frame() + Kind::Regular.overhead() as u64
    }

    fn full_frames(&self, plain_len: u64) -> Result<u64, Error> {
        let full = plain_len / self.frame();
        if full < u64::from(u32::MAX) { Ok(full) } else { Err(Error::TooLong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { header_len: 100, frame_len: 10 };

    #[test]
    fn lengths_go_both_ways() {
        assert_eq!(LAYOUT.sealed_len(0), Ok(100 + 40));
        assert_eq!(LAYOUT.sealed_len(9), Ok(100 + 40 + 9));
        assert_eq!(LAYOUT.sealed_len(10), Ok(100 + 42 + 40));
        for len in 0..1000 {
            assert_eq!(LAYOUT.plain_len(LAYOUT.sealed_len(len).unwrap()), Ok(len));
        }
        assert_eq!(LAYOUT.plain_len(139), Err(Error::Truncated));
        assert_eq!(LAYOUT.plain_len(100 + 40 + 10), Err(Error::Truncated));
    }

    #[test]
    fn a_message_has_fewer_frames_than_the_end_mark() {
        let most = u64::from(u32::MAX) * 10 - 1;
        assert!(LAYOUT.sealed_len(most).is_ok());
        assert_eq!(LAYOUT.sealed_len(most + 1), Err(Error::TooLong));
        assert_eq!(LAYOUT.sealed_len(u64::MAX), Err(Error::TooLong));
        assert_eq!(LAYOUT.plain_len(u64::MAX), Err(Error::TooLong));
        assert_eq!(LAYOUT.span(&(0..1), u64::MAX), Err(Error::TooLong));
    }

    #[test]
    fn a_range_touches_at_most_two_frames_more_than_it_fills() {
        for plain_len in [0, 1, 9, 10, 11, 20, 35, 40] {
            for start in 0..=plain_len {
                for end in start..=plain_len {
                    let span = LAYOUT.span(&(start..end), plain_len).unwrap();
                    let filled = (end - start).div_ceil(10);
                    assert!(span.frames.end - span.frames.start <= filled + 2, "{start}..{end} of {plain_len}: {span:?}");
                    assert!(span.bytes.end <= LAYOUT.sealed_len(plain_len).unwrap());
                }
            }
        }
    }

    #[test]
    fn spans_are_where_the_frames_are() {
        let span = LAYOUT.span(&(15..20), 35).unwrap();
        assert_eq!(span, Span { frames: 2..3, bytes: 142..184, skip: 5 });
        let last = LAYOUT.span(&(30..35), 35).unwrap();
        assert_eq!(last, Span { frames: 4..5, bytes: 226..271, skip: 0 });
        let with_end = LAYOUT.span(&(10..20), 20).unwrap();
        assert_eq!(with_end, Span { frames: 2..4, bytes: 142..224, skip: 0 });
        assert!(LAYOUT.span(&(5..5), 20).unwrap().bytes.is_empty());
        assert_eq!(LAYOUT.span(&(0..21), 20), Err(Error::Range));
        #[expect(clippy::reversed_empty_ranges, reason = "this is the mistake to refuse")]
        let reversed = 7..6;
        assert_eq!(LAYOUT.span(&reversed, 20), Err(Error::Range));
    }
}
