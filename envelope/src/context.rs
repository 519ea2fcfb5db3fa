//! The encryption context: pairs of text that are authenticated with a message but not secret.

use std::collections::BTreeMap;

use crate::{Error, MAX_CONTEXT_PAIRS};

/// The encryption context, in the order in which it is written (by the keys' UTF-8 bytes).
pub type Context = BTreeMap<String, String>;

const RESERVED: &str = "aws-crypto-";

/// Writes the length-prefixed context; an empty one is a length of 0 and nothing else.
pub(crate) fn write(context: &Context, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut pairs = Vec::new();
    if !context.is_empty() {
        if context.len() > MAX_CONTEXT_PAIRS {
            return Err(Error::Context("too many pairs"));
        }
        write_len(context.len(), &mut pairs)?;
    }
    for (key, value) in context {
        if key.starts_with(RESERVED) {
            return Err(Error::ReservedContextKey);
        }
        for text in [key, value] {
            write_len(text.len(), &mut pairs)?;
            pairs.extend_from_slice(text.as_bytes());
        }
    }
    write_len(pairs.len(), out)?;
    out.extend_from_slice(&pairs);
    Ok(())
}

fn write_len(len: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let len = u16::try_from(len).map_err(|_| Error::Context("too long"))?;
    out.extend_from_slice(&len.to_be_bytes());
    Ok(())
}

/// Reads the context's bytes, without their length prefix.
pub(crate) fn read(mut bytes: &[u8]) -> Result<Context, Error> {
    let mut context = Context::new();
    if bytes.is_empty() {
        return Ok(context);
    }
    let count = read_len(&mut bytes)?;
    if count == 0 {
        return Err(Error::Context("no pairs"));
    }
    if count > MAX_CONTEXT_PAIRS {
        return Err(Error::Context("too many pairs"));
    }
    for _ in 0..count {
        let key = read_text(&mut bytes)?;
        let value = read_text(&mut bytes)?;
        if key.starts_with(RESERVED) {
            return Err(Error::ReservedContextKey);
        }
        if context.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Error::DuplicateContextKey);
        }
    }
    if bytes.is_empty() { Ok(context) } else { Err(Error::Context("longer than its pairs")) }
}

fn read_len(bytes: &mut &[u8]) -> Result<usize, Error> {
    let (len, rest) = bytes.split_first_chunk().ok_or(Error::Context("shorter than its pairs"))?;
    *bytes = rest;
    Ok(usize::from(u16::from_be_bytes(*len)))
}

fn read_text<'a>(bytes: &mut &'a [u8]) -> Result<&'a str, Error> {
    let len = read_len(bytes)?;
    let (text, rest) = bytes.split_at_checked(len).ok_or(Error::Context("shorter than its pairs"))?;
    *bytes = rest;
    std::str::from_utf8(text).map_err(|_| Error::Context("not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(&str, &str)]) -> Result<Vec<u8>, Error> {
        let context = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut out = Vec::new();
        write(&context, &mut out).map(|()| out)
    }

    #[test]
    fn pairs_are_sorted_by_their_bytes() {
        assert_eq!(written(&[]).unwrap(), [0, 0]);
        // U+FF61 sorts before U+1F600 in UTF-8 and after it in UTF-16.
        let sorted = written(&[("\u{1f600}", ""), ("b", "2"), ("\u{ff61}", ""), ("B", "1")]).unwrap();
        let mut expected = vec![0, 29, 0, 4, 0, 1, b'B', 0, 1, b'1', 0, 1, b'b', 0, 1, b'2'];
        expected.extend([0, 3, 0xef, 0xbd, 0xa1, 0, 0, 0, 4, 0xf0, 0x9f, 0x98, 0x80, 0, 0]);
        assert_eq!(sorted, expected);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bytes = written(&[("tenant", "t"), ("object", ""), ("größe", "süß")]).unwrap();
        let context = read(&bytes[2..]).unwrap();
        assert_eq!(context.len(), 3);
        assert_eq!(context["größe"], "süß");
    }

    #[test]
    fn reserved_and_duplicate_keys_are_refused() {
        assert_eq!(written(&[("aws-crypto-public-key", "x")]), Err(Error::ReservedContextKey));
        let reserved = [&[0, 1, 0, 12][..], b"aws-crypto-x", &[0, 0]].concat();
        assert_eq!(read(&reserved), Err(Error::ReservedContextKey));
        assert_eq!(read(&[0, 2, 0, 1, b'a', 0, 0, 0, 1, b'a', 0, 1, b'x']), Err(Error::DuplicateContextKey));
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bad in [&[0][..], &[0, 0], &[0, 1], &[0, 1, 0, 1], &[0, 1, 0, 1, b'a', 0], &[0, 1, 0, 0, 0, 0, 7], &[255, 255, 0, 0, 0, 0]] {
            assert!(matches!(read(bad), Err(Error::Context(_))), "{bad:?}");
        }
        assert_eq!(read(&[0, 1, 0, 1, 0xff, 0, 0]), Err(Error::Context("not UTF-8")));
        assert_eq!(written(&[("k", &"v".repeat(65_536))]), Err(Error::Context("too long")));
        assert_eq!(written(&[("a", &"v".repeat(40_000)), ("b", &"v".repeat(40_000))]), Err(Error::Context("too long")));
    }
}
