//! Reads a whole message: frames in, authenticated plaintext out.

use bytes::BytesMut;

use crate::frame::{END, FINAL_HEAD, FrameCipher, Kind, NONCE_LEN, REGULAR_HEAD, nonce};
use crate::gather::Gather;
use crate::header::TAG_LEN;
use crate::{DataKey, Error, Header};

/// Turns the frames of one message back into plaintext. Holds at most one frame, and gives out nothing of a frame
/// before its tag was checked. That the message is whole is only known once [`Opener::finish`] has said so.
pub struct Opener {
    frames: FrameCipher,
    frame_len: usize,
    sequence: u32,
    gather: Gather,
    state: State,
}

/// What comes next.
enum State {
    /// A sequence number or the end mark.
    Mark,
    /// The rest of a frame's head.
    Head(Kind),
    /// Ciphertext and tag.
    Body(Kind, usize),
    /// Nothing.
    Done,
    /// Nothing, because something was wrong.
    Refused,
}

impl Opener {
    /// Opens what follows the header. Fails when the key is another one than the message commits to, then when the
    /// header is not authentic.
    pub fn new(header: &Header, key: &DataKey) -> Result<Self, Error> {
        let keys = header.authenticate(key)?;
        Ok(Self {
            frames: FrameCipher::new(keys.cipher, *header.message_id()),
            frame_len: header.frame_len() as usize,
            sequence: 1,
            gather: Gather::default(),
            state: State::Mark,
        })
    }

    /// Takes more of the message and appends the plaintext of every frame that is whole to `out`. After an error all
    /// that follows is refused; what was appended before the error is authentic, but not known to be all.
    pub fn update(&mut self, sealed: &[u8], out: &mut BytesMut) -> Result<(), Error> {
        let state = std::mem::replace(&mut self.state, State::Refused);
        self.state = self.advance(state, sealed, out)?;
        Ok(())
    }

    /// Says whether the message has ended where it should.
    pub fn finish(self) -> Result<(), Error> {
        match self.state {
            State::Done => Ok(()),
            State::Refused => Err(Error::Refused),
            _ => Err(Error::Truncated),
        }
    }

    fn advance(&mut self, mut state: State, mut input: &[u8], out: &mut BytesMut) -> Result<State, Error> {
        loop {
            let len = match state {
                State::Mark => 4,
                State::Head(Kind::Regular) => REGULAR_HEAD - 4,
                State::Head(Kind::Final) => FINAL_HEAD - 4,
                State::Body(_, content) => content + TAG_LEN,
                State::Done if input.is_empty() => return Ok(state),
                State::Done => return Err(Error::Trailing),
                State::Refused => return Err(Error::Refused),
            };
            let Some(piece) = self.gather.take(&mut input, len) else { return Ok(state) };
            state = match state {
                State::Mark => State::Head(kind(piece, self.sequence)?),
                State::Head(Kind::Regular) => {
                    check_nonce(piece, self.sequence)?;
                    State::Body(Kind::Regular, self.frame_len)
                }
                State::Head(Kind::Final) => State::Body(Kind::Final, final_len(piece, self.sequence, self.frame_len)?),
                State::Body(kind, _) => {
                    self.frames.open(kind, self.sequence, piece, out)?;
                    match kind {
                        Kind::Final => State::Done,
                        Kind::Regular => {
                            self.sequence = self.sequence.checked_add(1).ok_or(Error::TooLong)?;
                            State::Mark
                        }
                    }
                }
                State::Done | State::Refused => return Err(Error::Refused),
            };
        }
    }
}

/// Which kind of frame begins with these four bytes, if it is one that may stand here.
fn kind(mark: &[u8], sequence: u32) -> Result<Kind, Error> {
    match mark {
        mark if mark == END.to_be_bytes() => Ok(Kind::Final),
        mark if mark == sequence.to_be_bytes() => Ok(Kind::Regular),
        _ => Err(Error::FrameOrder { expected: sequence }),
    }
}

fn check_nonce(found: &[u8], sequence: u32) -> Result<(), Error> {
    if found == nonce(sequence) { Ok(()) } else { Err(Error::FrameNonce(sequence)) }
}

/// The content length of a final frame, from what follows its end mark.
fn final_len(head: &[u8], sequence: u32, frame_len: usize) -> Result<usize, Error> {
    let (number, rest) = head.split_at(4);
    if number != sequence.to_be_bytes() {
        return Err(Error::FrameOrder { expected: sequence });
    }
    let (nonce, len) = rest.split_at(NONCE_LEN);
    check_nonce(nonce, sequence)?;
    let len = len.iter().fold(0, |len, byte| len << 8 | usize::from(*byte));
    if len > frame_len { Err(Error::FinalFrameLength) } else { Ok(len) }
}

/// Checks the head of a frame of which kind, number and length are known beforehand.
pub(crate) fn check_head(head: &[u8], kind_expected: Kind, sequence: u32, content: usize) -> Result<(), Error> {
    let (mark, rest) = head.split_at(4);
    match kind(mark, sequence)? {
        found if found != kind_expected => Err(Error::FrameOrder { expected: sequence }),
        Kind::Regular => check_nonce(rest, sequence),
        Kind::Final if final_len(rest, sequence, content)? != content => Err(Error::FinalFrameLength),
        Kind::Final => Ok(()),
    }
}
