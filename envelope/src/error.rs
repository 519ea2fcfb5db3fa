//! What can go wrong, in words that may be logged: no key, no plaintext and no context value is ever part of them.

/// Why a message was not written or not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The first byte names another version of the message format.
    #[error("message format version {0} is not supported, only version 2 is")]
    Version(u8),
    /// The message was made with another algorithm suite.
    #[error("algorithm suite 0x{0:04x} is not supported, only 0x0478 is")]
    Suite(u16),
    /// The message is not framed, or its content type is unknown.
    #[error("content type {0} is not supported, only framed content (2) is")]
    ContentType(u8),
    /// The frame length is zero or above [`crate::MAX_FRAME_LEN`].
    #[error("a frame length of {0} bytes is not supported")]
    FrameLength(u32),
    /// The header is longer than [`crate::MAX_HEADER_LEN`].
    #[error("the header is too long")]
    HeaderTooLong,
    /// There is no encrypted data key, or there are more than [`crate::MAX_DATA_KEYS`].
    #[error("{0} encrypted data keys, where 1 to 8 are allowed")]
    DataKeys(usize),
    /// A field of a data key does not fit its length prefix or is not text.
    #[error("malformed encrypted data key: {0}")]
    DataKey(&'static str),
    /// The encryption context cannot be written or read.
    #[error("malformed encryption context: {0}")]
    Context(&'static str),
    /// The encryption context names a key twice.
    #[error("the encryption context names a key twice")]
    DuplicateContextKey,
    /// The encryption context has a key that begins with `aws-crypto-`.
    #[error("the encryption context uses a reserved key")]
    ReservedContextKey,
    /// A data key is not 32 bytes long.
    #[error("a data key has 32 bytes, not {0}")]
    KeyLength(usize),
    /// The data key is not the one that the message was made with.
    #[error("the message does not commit to this data key")]
    Commitment,
    /// The header was changed.
    #[error("the header is not authentic")]
    HeaderTag,
    /// A frame is out of order, missing, or not the kind of frame that belongs here.
    #[error("frame {expected} was expected, another one was found")]
    FrameOrder {
        /// The sequence number that belongs here.
        expected: u32,
    },
    /// A frame's nonce is not made from its sequence number.
    #[error("frame {0} has a nonce that does not belong to it")]
    FrameNonce(u32),
    /// The final frame claims to be longer than a frame, or not as long as the message's length says.
    #[error("the final frame has a wrong length")]
    FinalFrameLength,
    /// A frame was changed.
    #[error("frame {0} is not authentic")]
    FrameTag(u32),
    /// There are bytes after the final frame.
    #[error("there are bytes after the end of the message")]
    Trailing,
    /// The bytes ended before the message did.
    #[error("the message is cut short")]
    Truncated,
    /// The message needs more frames than the format can count.
    #[error("the message is too long for its frame length")]
    TooLong,
    /// The bytes asked for are not inside the plaintext.
    #[error("the range is not inside the content")]
    Range,
    /// More bytes after an error: nothing that follows a failure can be trusted.
    #[error("the message was refused before")]
    Refused,
    /// The cryptographic library failed for a reason of its own.
    #[error("the cryptographic library failed")]
    Library,
}
