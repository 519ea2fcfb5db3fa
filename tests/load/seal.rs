//! Benchmark: sealing and opening against raw AES-256-GCM of the same library over the same buffers, and the memory
//! that streaming 1 GiB takes.
//!
//!     cargo run --release -p envelope --bin codec

use std::process::ExitCode;
use std::time::Instant;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use bytes::BytesMut;
use envelope::{Context, DataKey, EncryptedDataKey, Error, FRAME_LEN, Header, Opener, Parsed, Sealer};

const FRAME: usize = FRAME_LEN as usize;
const MIB: usize = 1024 * 1024;
/// How much is sealed and opened in one round.
const WORK: usize = 256 * MIB;
const ROUNDS: usize = 7;
const DEMAND: f64 = 0.5;
/// How much is streamed to look at the memory, and how much memory that may take.
const STREAMED: usize = 1024 * MIB;
const MEMORY_DEMAND_KIB: u64 = 32 * 1024;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let growth = memory_growth()?;
    let source: Vec<u8> = (0..WORK).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 13) as u8).collect();
    let mut opened = vec![0; WORK];
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (times, work) in [(&mut ours, codec as Work), (&mut raw, plain_gcm as Work)] {
            opened.fill(0);
            let start = Instant::now();
            work(&source, &mut opened)?;
            times.push(start.elapsed().as_secs_f64());
            if opened != source {
                return Err("what was opened is not what was sealed".into());
            }
        }
    }
    let ratio = print_table(&mut ours, &mut raw);
    let memory_holds = growth <= MEMORY_DEMAND_KIB;
    let verdict = if memory_holds { "holds" } else { "does not hold" };
    println!("memory: streaming 1 GiB added {growth} KiB (demand {MEMORY_DEMAND_KIB} KiB): {verdict}");
    println!("codec: ratio {ratio:.2} (demand {DEMAND})");
    Ok(if ratio >= DEMAND && memory_holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Seals and opens all of the source; leaves the result in the other buffer.
type Work = fn(&[u8], &mut [u8]) -> Result<(), Error>;

/// The codec, one portion of 64 KiB at a time, through the same two buffers.
fn codec(source: &[u8], opened: &mut [u8]) -> Result<(), Error> {
    let (mut sealer, mut opener) = pair()?;
    let (mut sealed, mut plain) = (BytesMut::new(), BytesMut::new());
    for (from, to) in source.chunks(FRAME).zip(opened.chunks_mut(FRAME)) {
        sealer.update(from, &mut sealed)?;
        opener.update(&sealed, &mut plain)?;
        to.copy_from_slice(&plain);
        sealed.clear();
        plain.clear();
    }
    sealer.finish(&mut sealed)?;
    opener.update(&sealed, &mut plain)?;
    opener.finish()
}

/// Nothing but the cipher, in place in one buffer of 64 KiB.
fn plain_gcm(source: &[u8], opened: &mut [u8]) -> Result<(), Error> {
    let key = UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| Error::Library)?;
    let key = LessSafeKey::new(key);
    let mut buffer = vec![0; FRAME + AES_256_GCM.tag_len()];
    for (index, (from, to)) in source.chunks(FRAME).zip(opened.chunks_mut(FRAME)).enumerate() {
        let nonce = || {
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&(index as u64).to_be_bytes());
            Nonce::assume_unique_for_key(nonce)
        };
        let (text, tag) = buffer.split_at_mut(FRAME);
        text.copy_from_slice(from);
        let made = key.seal_in_place_separate_tag(nonce(), Aad::empty(), text).map_err(|_| Error::Library)?;
        tag.copy_from_slice(made.as_ref());
        let plain = key.open_in_place(nonce(), Aad::empty(), &mut buffer).map_err(|_| Error::Library)?;
        to.copy_from_slice(plain);
    }
    Ok(())
}

/// A sealer and the opener that fits.
fn pair() -> Result<(Sealer, Opener), Error> {
    let key = DataKey::new([7; 32]);
    let wrapped = EncryptedDataKey { provider: "aws-kms".into(), key_id: "benchmark".into(), blob: vec![0; 184] };
    let context = Context::from([("purpose".into(), "benchmark".into())]);
    let (sealer, header) = Sealer::new(&key, &context, &[wrapped], FRAME_LEN, [9; 32])?;
    match Header::parse(&header)? {
        Parsed::Whole { header, .. } => Ok((sealer, Opener::new(&header, &key)?)),
        Parsed::Incomplete => Err(Error::Truncated),
    }
}

/// By how many KiB the process's peak grows while 1 GiB passes through a sealer and an opener.
fn memory_growth() -> Result<u64, Box<dyn std::error::Error>> {
    let portion = vec![5; 100_000]; // no divisor of a frame, so that frames are gathered
    let before = peak_kib()?;
    let (mut sealer, mut opener) = pair()?;
    let (mut sealed, mut plain, mut total) = (BytesMut::new(), BytesMut::new(), 0);
    for _ in 0..STREAMED.div_ceil(portion.len()) {
        sealer.update(&portion, &mut sealed)?;
        opener.update(&sealed, &mut plain)?;
        total += plain.len();
        sealed.clear();
        plain.clear();
    }
    sealer.finish(&mut sealed)?;
    opener.update(&sealed, &mut plain)?;
    opener.finish()?;
    if total + plain.len() < STREAMED {
        return Err("bytes were lost on the way".into());
    }
    Ok(peak_kib()? - before)
}

/// The most memory that this process has held, as Linux tells it.
fn peak_kib() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Prints both in MiB/s and returns the ratio of the medians.
fn print_table(ours: &mut [f64], raw: &mut [f64]) -> f64 {
    println!("{:<24}{:>10}{:>10}{:>10}", "seal and open, MiB/s", "minimum", "median", "maximum");
    let mut medians = Vec::new();
    for (name, times) in [("codec, 64 KiB frames", ours), ("AES-256-GCM, raw", raw)] {
        times.sort_by(f64::total_cmp);
        let speed = |time: f64| (WORK / MIB) as f64 / time;
        let (slowest, median, fastest) = (times[times.len() - 1], times[times.len() / 2], times[0]);
        println!("{name:<24}{:>10.0}{:>10.0}{:>10.0}", speed(slowest), speed(median), speed(fastest));
        medians.push(median);
    }
    medians[1] / medians[0]
}
