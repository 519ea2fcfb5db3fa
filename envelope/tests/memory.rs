//! How much memory a message can claim: before its header is authenticated at most 1 MiB, then what one frame takes.
#![expect(unsafe_code, reason = "counting memory takes an allocator of our own")]
#![expect(clippy::unwrap_used, reason = "a test helper may panic")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::BytesMut;
use common::{context, header, key, seal, wrapped};
use envelope::{EncryptedDataKey, Header, Opener, Sealer};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::SeqCst) + layout.size();
        PEAK.fetch_max(now, Ordering::SeqCst);
        // SAFETY: the caller keeps `GlobalAlloc`'s contract.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::SeqCst);
        // SAFETY: the caller keeps `GlobalAlloc`'s contract.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn peak_of(work: impl FnOnce()) -> usize {
    let before = NOW.load(Ordering::SeqCst);
    PEAK.store(before, Ordering::SeqCst);
    work();
    PEAK.load(Ordering::SeqCst) - before
}

/// A header whose context has as many pairs, and whose data keys are as long, as they may be.
fn greediest_header() -> Vec<u8> {
    let pairs = |len: usize| (0..1024).map(move |i| (format!("{i:04}"), "v".repeat(len)));
    let blob = EncryptedDataKey { blob: vec![7; 23_000], ..wrapped() };
    let (_, bytes) = Sealer::new(&key(), &pairs(55).collect(), &vec![blob; 8], 16, [3; 32]).unwrap();
    assert!(bytes.len() > 240 * 1024);
    bytes.to_vec()
}

// One test, because the count is the whole process's.
#[test]
fn memory_is_bounded() {
    let bytes = greediest_header();
    let peak = peak_of(|| drop(Header::parse(&bytes)));
    assert!(peak + bytes.len() <= 1024 * 1024, "reading a header took {peak} bytes");

    // A frame length of 16 MiB that is only announced costs nothing.
    let huge = seal(&[1; 3000], 16 * 1024 * 1024);
    let head = header(&huge).unwrap();
    let peak = peak_of(|| {
        let mut opener = Opener::new(&head, &key()).unwrap();
        let start = head.bytes().len();
        let regular = [&1u32.to_be_bytes()[..], &huge[start + 8..start + 20], &[0; 1000]].concat();
        opener.update(&regular, &mut BytesMut::new()).unwrap();
    });
    assert!(peak < 16 * 1024, "an announced frame took {peak} bytes");

    // 64 MiB through a sealer and an opener, in portions that are no divisor of a frame.
    let peak = peak_of(|| stream(64 * 1024 * 1024 / 10_000));
    assert!(peak < 1024 * 1024, "streaming took {peak} bytes");
}

fn stream(portions: usize) {
    let (mut sealer, bytes) = Sealer::new(&key(), &context(), &[wrapped()], envelope::FRAME_LEN, [3; 32]).unwrap();
    let mut opener = Opener::new(&header(&bytes).unwrap(), &key()).unwrap();
    let (mut sealed, mut opened, mut total) = (BytesMut::new(), BytesMut::new(), 0);
    for _ in 0..portions {
        sealer.update(&[5; 10_000], &mut sealed).unwrap();
        opener.update(&sealed, &mut opened).unwrap();
        total += opened.len();
        sealed.clear();
        opened.clear();
    }
    sealer.finish(&mut sealed).unwrap();
    opener.update(&sealed, &mut opened).unwrap();
    opener.finish().unwrap();
    assert_eq!(total + opened.len(), portions * 10_000);
}
