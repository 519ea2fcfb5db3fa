//! A message that was changed in any way is refused, and nothing of a changed frame leaves.
#![expect(clippy::unwrap_used, reason = "a test helper may panic")]

mod common;

use std::ops::Range;

use bytes::BytesMut;
use common::{header, key, open, open_range, plain, seal, seal_as};
use envelope::{DataKey, Error, Header, Opener, Parsed, RangeOpener};
use proptest::prelude::*;

const FRAME: usize = 16;
const LEN: usize = 40;

/// A message of two full frames and a final one, and where they are.
fn message() -> (Vec<u8>, [Range<usize>; 3]) {
    let message = seal(&plain(LEN), FRAME as u32);
    let layout = header(&message).unwrap().layout();
    let frame = |at: usize| {
        let range = (at * FRAME) as u64..((at + 1) * FRAME).min(LEN) as u64;
        let bytes = layout.span(&range, LEN as u64).unwrap().bytes;
        bytes.start as usize..bytes.end as usize
    };
    (message, [frame(0), frame(1), frame(2)])
}

/// Opening fails, and what came out before is the beginning of the plaintext, in whole frames.
#[track_caller]
fn assert_refused(changed: &[u8], how: &str) -> Error {
    let (out, result) = open(changed);
    assert_eq!(out, plain(LEN)[..out.len()], "{how}: plaintext that was not authentic left");
    assert!(out.len().is_multiple_of(FRAME) || out.len() == LEN, "{how}: part of a frame left");
    result.expect_err(how)
}

#[test]
fn every_flipped_bit() {
    let (message, frames) = message();
    for at in 0..message.len() {
        for bit in 0..8 {
            let mut changed = message.clone();
            changed[at] ^= 1 << bit;
            assert_refused(&changed, &format!("bit {bit} of byte {at}"));
            let after = frames.iter().position(|frame| frame.contains(&at)).unwrap_or(0);
            assert!(open(&changed).0.len() <= after * FRAME, "the changed frame itself left");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_range() {
    let (message, _) = message();
    let header = header(&message).unwrap();
    for range in [0..5u64, 10..20, 16..32, 33..40, 0..40] {
        let bytes = RangeOpener::new(&header, &key(), range.clone(), LEN as u64).unwrap().bytes();
        let sealed = &message[bytes.start as usize..bytes.end as usize];
        for at in 0..sealed.len() * 8 {
            let mut changed = sealed.to_vec();
            changed[at / 8] ^= 1 << (at % 8);
            assert!(open_range(&header, &changed, range.clone(), LEN as u64).is_err(), "bit {at} in {range:?}");
        }
        for cut in 0..sealed.len() {
            let result = open_range(&header, &sealed[..cut], range.clone(), LEN as u64);
            assert_eq!(result, Err(Error::Truncated), "{range:?} cut to {cut} bytes");
        }
        let longer = [sealed, &[0]].concat();
        assert_eq!(open_range(&header, &longer, range, LEN as u64), Err(Error::Trailing));
    }
}

#[test]
fn a_wrong_plaintext_length_does_not_move_the_end() {
    let (message, _) = message();
    let header = header(&message).unwrap();
    for wrong in [0, 1, 16, 31, 32, 39, 41, 48, 64] {
        let bytes = RangeOpener::new(&header, &key(), 0..wrong, wrong).unwrap().bytes();
        let sealed = &message[bytes.start as usize..message.len().min(bytes.end as usize)];
        let result = open_range(&header, sealed, 0..wrong, wrong);
        assert!(result.is_err() || wrong == 0, "{LEN} bytes read as {wrong}");
    }
}

#[test]
fn every_truncation() {
    let (message, _) = message();
    for cut in 0..message.len() {
        assert_eq!(assert_refused(&message[..cut], &format!("cut to {cut}")), Error::Truncated);
    }
}

#[test]
fn every_appended_byte() {
    let (message, _) = message();
    for byte in 0..=255 {
        assert_eq!(assert_refused(&[&message[..], &[byte]].concat(), "appended"), Error::Trailing);
    }
    assert_eq!(assert_refused(&[&message[..], &message[..]].concat(), "two messages"), Error::Trailing);
}

#[test]
fn frames_swapped_doubled_dropped_or_foreign() {
    let (message, [one, two, end]) = message();
    let head = 0..one.start;
    let build = |parts: &[&Range<usize>]| -> Vec<u8> { parts.iter().flat_map(|part| message[(*part).clone()].to_vec()).collect() };
    assert_eq!(open(&build(&[&head, &one, &two, &end])).1, Ok(()));
    for (parts, how) in [
        (vec![&head, &two, &one, &end], "swapped"),
        (vec![&head, &one, &one, &two, &end], "doubled"),
        (vec![&head, &one, &two, &two, &end], "doubled later"),
        (vec![&head, &two, &end], "first dropped"),
        (vec![&head, &one, &end], "middle dropped"),
        (vec![&head, &end], "only the end"),
        (vec![&head, &end, &one, &two], "end first"),
    ] {
        assert!(matches!(assert_refused(&build(&parts), how), Error::FrameOrder { .. }), "{how}");
    }
    assert_eq!(assert_refused(&build(&[&head, &one, &two]), "no final frame"), Error::Truncated);
    assert_eq!(assert_refused(&build(&[&head, &one, &two, &end, &end]), "two final frames"), Error::Trailing);

    let other = seal_as([4; 32], &plain(LEN), FRAME as u32);
    let foreign = [&message[head.start..one.end], &other[two.start..]].concat();
    assert_eq!(assert_refused(&foreign, "frames of another message under the same key"), Error::FrameTag(2));
}

#[test]
fn a_frame_of_one_kind_cannot_pass_for_the_other() {
    let (message, [one, two, _]) = message();
    let mut early_end = message[..one.end].to_vec();
    early_end.extend([255; 4]);
    early_end.extend(&message[two.start..two.start + 16]);
    early_end.extend((FRAME as u32).to_be_bytes());
    early_end.extend(&message[two.start + 16..two.end]);
    assert_eq!(assert_refused(&early_end, "a regular frame as the end"), Error::FrameTag(2));
}

#[test]
fn an_opener_that_has_refused_stays_refused() {
    let (message, [one, ..]) = message();
    let header = header(&message).unwrap();
    let mut opener = Opener::new(&header, &key()).unwrap();
    let mut out = BytesMut::new();
    assert!(opener.update(&[9; 4], &mut out).is_err());
    assert_eq!(opener.update(&message[one.start..], &mut out), Err(Error::Refused));
    assert_eq!(opener.finish(), Err(Error::Refused));
    assert!(out.is_empty());
}

#[test]
fn another_key_fails_at_the_commitment() {
    let (message, _) = message();
    let header = header(&message).unwrap();
    assert_eq!(Opener::new(&header, &DataKey::new([1; 32])).err(), Some(Error::Commitment));
    assert_eq!(RangeOpener::new(&header, &DataKey::new([1; 32]), 0..1, 40).err(), Some(Error::Commitment));
}

#[test]
fn other_versions_suites_and_contents_are_named_in_the_refusal() {
    let (message, _) = message();
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = message.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        Header::parse(&changed)
    };
    assert_eq!(with(0, &[1]), Err(Error::Version(1)));
    assert_eq!(with(1, &[0x05, 0x78]), Err(Error::Suite(0x0578)));
    assert_eq!(Error::Suite(0x0578).to_string(), "algorithm suite 0x0578 is not supported, only 0x0478 is");
    let end = header(&message).unwrap().bytes().len();
    let framing = end - 16 - 32 - 5;
    assert_eq!(with(framing, &[1]), Err(Error::ContentType(1)));
    assert_eq!(with(framing + 1, &[0; 4]), Err(Error::FrameLength(0)));
    assert_eq!(with(framing + 1, &[1, 0, 0, 1]), Err(Error::FrameLength(16 * 1024 * 1024 + 1)));
    let text = Error::Suite(0x0014).to_string();
    assert!(text.contains("0x0014"), "{text}");
}

#[test]
fn data_keys_are_counted_before_they_are_read() {
    let (message, _) = message();
    let context_len = usize::from(u16::from_be_bytes([message[35], message[36]]));
    let mut changed = message[..37 + context_len].to_vec();
    changed.extend([0, 9]);
    assert_eq!(Header::parse(&changed), Err(Error::DataKeys(9)));
    changed.truncate(37 + context_len);
    changed.extend([0, 0]);
    assert_eq!(Header::parse(&changed), Err(Error::DataKeys(0)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let started = [&[2, 4, 0x78][..], &bytes].concat();
        for bytes in [&bytes, &started] {
            if let Ok(Parsed::Whole { header, .. }) = Header::parse(bytes) {
                prop_assert!(Opener::new(&header, &key()).is_err());
            }
        }
    }

    #[test]
    fn arbitrary_frames_never_open(bytes in proptest::collection::vec(any::<u8>(), 0..600), portion in 1usize..50) {
        let (message, [one, ..]) = message();
        let header = header(&message).unwrap();
        let mut opener = Opener::new(&header, &key()).unwrap();
        let mut out = BytesMut::new();
        let fed = bytes.chunks(portion).try_for_each(|portion| opener.update(portion, &mut out));
        prop_assert!(fed.and_then(|()| opener.finish()).is_err());
        prop_assert!(out.is_empty());

        let mut opener = Opener::new(&header, &key()).unwrap();
        opener.update(&message[one], &mut out).unwrap();
        prop_assert!(opener.update(&bytes, &mut out).and_then(|()| opener.finish()).is_err());
        prop_assert_eq!(&out[..], &plain(FRAME)[..]);
    }

    #[test]
    fn several_changes_at_once(edits in proptest::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..5)) {
        let (mut message, _) = message();
        let sealed = message.clone();
        for (at, xor) in edits {
            let at = at.index(message.len());
            message[at] ^= xor;
        }
        prop_assume!(message != sealed);
        assert_refused(&message, "edited");
    }
}
