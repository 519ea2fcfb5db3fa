//! What is sealed is opened again, however the bytes are portioned, whole or in part.

mod common;

use bytes::BytesMut;
use common::{context, header, key, open, open_range, plain, seal, wrapped};
use envelope::{Context, DataKey, EncryptedDataKey, Error, Header, Opener, Parsed, RangeOpener, Sealer};
use proptest::prelude::*;

/// Cuts bytes into portions of these lengths, over and over; a length may be 0.
fn portions<'a>(mut bytes: &'a [u8], lens: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut lens = lens.iter().copied().chain([1]).cycle();
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let (portion, rest) = bytes.split_at(lens.next()?.min(bytes.len()));
        bytes = rest;
        Some(portion)
    })
}

#[test]
fn lengths_around_the_frame_length() {
    for frame_len in [1, 2, 16, 1000] {
        for len in [0, 1, frame_len - 1, frame_len, frame_len + 1, 2 * frame_len, 5 * frame_len + 3] {
            let message = seal(&plain(len), frame_len as u32);
            assert_eq!(open(&message), (plain(len), Ok(())), "{len} bytes in frames of {frame_len}");
            let layout = header(&message).unwrap().layout();
            assert_eq!(layout.sealed_len(len as u64), Ok(message.len() as u64));
            assert_eq!(layout.plain_len(message.len() as u64), Ok(len as u64));
        }
    }
}

#[test]
fn after_full_frames_the_final_one_is_empty() {
    let message = seal(&plain(32), 16);
    let last = &message[message.len() - 40..];
    assert_eq!(last[..8], [255, 255, 255, 255, 0, 0, 0, 3]);
    assert_eq!(last[20..24], [0, 0, 0, 0]);
}

#[test]
fn every_range_of_a_small_message() {
    for len in [0u64, 1, 15, 16, 17, 32, 40] {
        let message = seal(&plain(len as usize), 16);
        let header = header(&message).unwrap();
        for start in 0..=len {
            for end in start..=len {
                let bytes = RangeOpener::new(&header, &key(), start..end, len).unwrap().bytes();
                let sealed = &message[bytes.start as usize..bytes.end as usize];
                let opened = open_range(&header, sealed, start..end, len).unwrap();
                assert_eq!(opened, plain(len as usize)[start as usize..end as usize], "{start}..{end} of {len}");
            }
        }
        assert!(matches!(RangeOpener::new(&header, &key(), 0..len + 1, len), Err(Error::Range)));
    }
}

#[test]
fn the_header_says_what_was_put_in() {
    let second = EncryptedDataKey { provider: "raw".into(), key_id: String::new(), blob: Vec::new() };
    let (_, bytes) = Sealer::new(&key(), &context(), &[wrapped(), second.clone()], 4096, [9; 32]).unwrap();
    let header = header(&bytes).unwrap();
    assert_eq!(header.context(), &context());
    assert_eq!(header.data_keys(), [wrapped(), second]);
    assert_eq!((header.frame_len(), header.message_id()), (4096, &[9; 32]));
    assert_eq!(header.layout().header_len, bytes.len() as u64);
    for cut in 0..bytes.len() {
        assert_eq!(Header::parse(&bytes[..cut]), Ok(Parsed::Incomplete), "{cut} bytes");
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let refused = |context: &Context, keys: &[EncryptedDataKey], frame_len| {
        Sealer::new(&key(), context, keys, frame_len, [9; 32]).err().expect("should be refused")
    };
    let context = context();
    assert_eq!(refused(&context, &[wrapped()], 0), Error::FrameLength(0));
    assert_eq!(refused(&context, &[wrapped()], 16 * 1024 * 1024 + 1), Error::FrameLength(16 * 1024 * 1024 + 1));
    assert_eq!(refused(&context, &[], 16), Error::DataKeys(0));
    assert_eq!(refused(&context, &vec![wrapped(); 9], 16), Error::DataKeys(9));
    let long = EncryptedDataKey { blob: vec![0; 65_536], ..wrapped() };
    assert_eq!(refused(&context, &[long], 16), Error::DataKey("too long"));
    let large = EncryptedDataKey { blob: vec![0; 65_535], ..wrapped() };
    assert_eq!(refused(&context, &vec![large; 5], 16), Error::HeaderTooLong);
    let reserved = Context::from([("aws-crypto-x".into(), String::new())]);
    assert_eq!(refused(&reserved, &[wrapped()], 16), Error::ReservedContextKey);
    let many = (0..1025).map(|i| (i.to_string(), String::new())).collect();
    assert_eq!(refused(&many, &[wrapped()], 16), Error::Context("too many pairs"));
}

proptest! {
    #[test]
    fn portions_do_not_matter(
        input in proptest::collection::vec(any::<u8>(), 0..400),
        frame_len in 1u32..70,
        lens_in in proptest::collection::vec(0usize..90, 0..6),
        lens_out in proptest::collection::vec(0usize..90, 0..6),
        secret in any::<[u8; 32]>(),
        message_id in any::<[u8; 32]>(),
    ) {
        let key = DataKey::new(secret);
        let (mut sealer, header_bytes) = Sealer::new(&key, &context(), &[wrapped()], frame_len, message_id).unwrap();
        let mut message = BytesMut::from(&header_bytes[..]);
        for portion in portions(&input, &lens_in) {
            sealer.update(portion, &mut message).unwrap();
        }
        sealer.finish(&mut message).unwrap();

        let header = header(&message).unwrap();
        prop_assert_eq!(header.layout().sealed_len(input.len() as u64).unwrap(), message.len() as u64);
        let mut opener = Opener::new(&header, &key).unwrap();
        let mut opened = BytesMut::new();
        for portion in portions(&message[header_bytes.len()..], &lens_out) {
            opener.update(portion, &mut opened).unwrap();
        }
        opener.finish().unwrap();
        prop_assert_eq!(&opened[..], &input[..]);

        let (start, end) = (input.len() / 3, input.len() - input.len() / 4);
        let mut opener = RangeOpener::new(&header, &key, start as u64..end as u64, input.len() as u64).unwrap();
        let mut part = BytesMut::new();
        let bytes = opener.bytes();
        for portion in portions(&message[bytes.start as usize..bytes.end as usize], &lens_out) {
            opener.update(portion, &mut part).unwrap();
        }
        opener.finish().unwrap();
        prop_assert_eq!(&part[..], &input[start..end]);
    }

    #[test]
    fn every_context_comes_back(context in proptest::collection::btree_map("[^\u{0}]{0,20}", ".{0,40}", 0..20)) {
        let (_, bytes) = Sealer::new(&key(), &context, &[wrapped()], 16, [3; 32]).unwrap();
        let header = header(&bytes).unwrap();
        prop_assert_eq!(header.context(), &context);
        prop_assert!(Opener::new(&header, &key()).is_ok());
    }
}
