//! Feeds arbitrary bytes to the reader, as a header, as frames and as part of a range, in two portions.

#![no_main]

use std::sync::LazyLock;

use bytes::BytesMut;
use envelope::{Context, DataKey, EncryptedDataKey, Header, Opener, Parsed, RangeOpener, Sealer};
use libfuzzer_sys::fuzz_target;

const PLAIN: &[u8] = b"forty bytes of text, in frames of 16....";

/// A message of three frames and its header.
static SEALED: LazyLock<(Vec<u8>, Header)> = LazyLock::new(|| {
    let wrapped = EncryptedDataKey { provider: "aws-kms".into(), key_id: "key".into(), blob: vec![1; 8] };
    let context = Context::from([("tenant".into(), "acme".into())]);
    let (mut sealer, header) = Sealer::new(&key(), &context, &[wrapped], 16, [3; 32]).expect("valid input");
    let mut message = BytesMut::from(&header[..]);
    sealer.update(PLAIN, &mut message).expect("short enough");
    sealer.finish(&mut message).expect("short enough");
    let Ok(Parsed::Whole { header, .. }) = Header::parse(&message) else { panic!("our own header is refused") };
    (message.to_vec(), header)
});

fn key() -> DataKey {
    DataKey::new([7; 32])
}

fuzz_target!(|input: (u8, u8, Vec<u8>)| {
    let (how, cut, bytes) = input;
    let (message, header) = &*SEALED;
    match how % 4 {
        0 => from_the_start(&bytes),
        1 => from_the_start(&[&[2, 4, 0x78][..], &bytes].concat()),
        2 => frames(&message[header.bytes().len()..], &bytes, cut),
        _ => range(header, &bytes, cut),
    }
});

/// A whole message. The tag of a header cannot be guessed, so only ours is accepted.
fn from_the_start(bytes: &[u8]) {
    if let Ok(Parsed::Whole { header, used }) = Header::parse(bytes) {
        assert_eq!(header.bytes()[..], bytes[..used]);
        if Opener::new(&header, &key()).is_ok() {
            assert_eq!(header, SEALED.1);
        }
    }
}

/// Some of our frames, then arbitrary bytes: what comes out is ours.
fn frames(ours: &[u8], bytes: &[u8], cut: u8) {
    let mut opener = Opener::new(&SEALED.1, &key()).expect("our own header");
    let mut out = BytesMut::new();
    let (ours, _) = ours.split_at(ours.len().min(usize::from(cut)));
    let fed = opener.update(ours, &mut out).and_then(|()| opener.update(bytes, &mut out));
    assert!(PLAIN.starts_with(&out));
    if fed.and_then(|()| opener.finish()).is_ok() {
        assert_eq!(&out[..], PLAIN);
    }
}

/// Arbitrary bytes as the frames of an arbitrary range of an arbitrary length.
fn range(header: &Header, bytes: &[u8], cut: u8) {
    let Some((numbers, bytes)) = bytes.split_first_chunk::<24>() else { return };
    let number = |at: usize| u64::from_be_bytes(numbers[at..at + 8].try_into().expect("8 bytes"));
    if let Ok(mut opener) = RangeOpener::new(header, &key(), number(0)..number(8), number(16)) {
        let mut out = BytesMut::new();
        let (first, second) = bytes.split_at(bytes.len().min(usize::from(cut)));
        let fed = opener.update(first, &mut out).and_then(|()| opener.update(second, &mut out));
        if fed.and_then(|()| opener.finish()).is_ok() {
            assert_eq!(out.len() as u64, number(8) - number(0));
        }
    }
}
