//! Benchmark: sealing and opening 1 GiB against raw AES-256-GCM and against the AWS Encryption SDK for Python.
//!
//! The raw cipher is that of the same library, over the same frames. What streaming the 1 GiB adds in memory is measured, too.
//!
//!     cargo build --release -p envelope --bin seal
//!
//! The SDK comes with `bin/setup --aws-tool`; the first `python` on the search path that has it is asked (tests/load/seal_sdk.py).

use std::error::Error as StdError;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::Instant;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use bytes::BytesMut;
use envelope::{Context, DataKey, EncryptedDataKey, Error, FRAME_LEN, Header, Opener, Parsed, Sealer};

type Outcome<T> = Result<T, Box<dyn StdError>>;

const FRAME: usize = FRAME_LEN as usize;
const MIB: usize = 1024 * 1024;
/// How much passes through the codec and through the cipher in one round, and through the SDK: its speed is what counts.
const WORK_MIB: usize = 1024;
const SDK_MIB: usize = 128;
/// What passes is this much, again and again: more than a cache near the processor holds.
const SOURCE: usize = 16 * MIB;
const ROUNDS: usize = 7;
const RAW_DEMAND: f64 = 0.7;
const SDK_DEMAND: f64 = 5.0;
const MEMORY_DEMAND_KIB: u64 = 32 * 1024;
/// What the two show each other: some frames and a bit.
const SAMPLE: usize = 10_000_019;

fn main() -> Outcome<ExitCode> {
    let source: Vec<u8> = (0..SOURCE).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 13) as u8).collect();
    let before = peak_kib()?;
    codec(&source)?;
    let growth = peak_kib()? - before;

    let mut sdk = Sdk::start()?;
    sdk.agrees()?;
    println!("the SDK opens what the codec seals, and the codec what the SDK seals ({SAMPLE} bytes)");
    let (mut ours, mut raw, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        for (times, work) in [(&mut ours, codec as Work), (&mut raw, plain_gcm as Work)] {
            let start = Instant::now();
            work(&source)?;
            times.push(WORK_MIB as f64 / start.elapsed().as_secs_f64());
        }
        theirs.push(SDK_MIB as f64 / sdk.seconds()?);
        println!("round {round} of {ROUNDS}");
    }

    println!("{:<28}{:>10}{:>10}{:>10}", "seal and open, MiB/s", "minimum", "median", "maximum");
    let ours = row("codec, 64 KiB frames", &mut ours);
    let raw = row("AES-256-GCM, raw", &mut raw);
    let theirs = row("AWS Encryption SDK, Python", &mut theirs);
    let memory_holds = growth <= MEMORY_DEMAND_KIB;
    let verdict = if memory_holds { "holds" } else { "does not hold" };
    println!("memory: {WORK_MIB} MiB through the codec added {growth} KiB (demand {MEMORY_DEMAND_KIB} KiB): {verdict}");
    println!("seal: ratio {:.2} to the AWS Encryption SDK (demand {SDK_DEMAND})", ours / theirs);
    println!("seal: ratio {:.2} (demand {RAW_DEMAND})", ours / raw);
    let holds = ours / raw >= RAW_DEMAND && ours / theirs >= SDK_DEMAND && memory_holds;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Seals and opens the source until the whole work is done, a frame at a time, and compares every frame with what it was.
type Work = fn(&[u8]) -> Result<(), Error>;

/// The source's frames, as many as the work takes.
fn frames(source: &[u8]) -> impl Iterator<Item = &[u8]> {
    source.chunks_exact(FRAME).cycle().take(WORK_MIB * MIB / FRAME)
}

/// The codec: one message, through the same two buffers.
fn codec(source: &[u8]) -> Result<(), Error> {
    let (mut sealer, header) = sealer()?;
    let mut opener = opener(&header)?.0;
    let (mut sealed, mut plain) = (BytesMut::new(), BytesMut::new());
    for frame in frames(source) {
        sealer.update(frame, &mut sealed)?;
        opener.update(&sealed, &mut plain)?;
        if plain != frame {
            return Err(Error::Library);
        }
        sealed.clear();
        plain.clear();
    }
    sealer.finish(&mut sealed)?;
    opener.update(&sealed, &mut plain)?;
    opener.finish()
}

/// Nothing but the cipher, by the calls that the codec makes, too: from buffer to buffer, without a copy.
fn plain_gcm(source: &[u8]) -> Result<(), Error> {
    let key = UnboundKey::new(&AES_256_GCM, &[7; 32]).map_err(|_| Error::Library)?;
    let key = LessSafeKey::new(key);
    let (mut text, mut tag, mut plain) = (vec![0; FRAME], [0; 16], vec![0; FRAME]);
    for (index, frame) in frames(source).enumerate() {
        let nonce = || {
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&(index as u64).to_be_bytes());
            Nonce::assume_unique_for_key(nonce)
        };
        key.seal_out_of_place_scatter(nonce(), Aad::empty(), frame, &mut text, &[], &mut tag).map_err(|_| Error::Library)?;
        key.open_separate_gather(nonce(), Aad::empty(), &text, &tag, &mut plain).map_err(|_| Error::Library)?;
        if plain != frame {
            return Err(Error::Library);
        }
    }
    Ok(())
}

fn key() -> DataKey {
    DataKey::new([7; 32])
}

/// A sealer, and its message's header.
fn sealer() -> Result<(Sealer, bytes::Bytes), Error> {
    let wrapped = EncryptedDataKey { provider: "benchmark".into(), key_id: "benchmark".into(), blob: vec![0; 184] };
    let context = Context::from([("purpose".into(), "benchmark".into())]);
    Sealer::new(&key(), &context, &[wrapped], FRAME_LEN, [9; 32])
}

/// An opener for the message, and how long its header is.
fn opener(message: &[u8]) -> Result<(Opener, usize), Error> {
    match Header::parse(message)? {
        Parsed::Whole { header, used } => Ok((Opener::new(&header, &key())?, used)),
        Parsed::Incomplete => Err(Error::Truncated),
    }
}

/// The SDK, in a process of its own that is asked line by line.
struct Sdk {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Sdk {
    fn start() -> Outcome<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/load/seal_sdk.py");
        let mut child = Command::new("python").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else { return Err("no pipes".into()) };
        Ok(Self { child, ask, answers: BufReader::new(answers) })
    }

    fn say(&mut self, line: &str) -> Outcome<String> {
        let mut answer = String::new();
        // A process that has died closes both ends; its words on stderr say why.
        if writeln!(self.ask, "{line}").is_err() || self.answers.read_line(&mut answer)? == 0 {
            return Err("the AWS Encryption SDK for Python does not work; is it installed? bin/setup --aws-tool".into());
        }
        Ok(answer)
    }

    /// How long it takes to seal and open.
    fn seconds(&mut self) -> Outcome<f64> {
        let answer = self.say(&format!("time {SDK_MIB}"))?;
        let both = answer.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        Ok(both.iter().sum())
    }

    /// It opens a message of ours, and we open one of its.
    fn agrees(&mut self) -> Outcome<()> {
        let folder = std::env::temp_dir().join(format!("plumbline-seal-{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let done = self.exchange(&folder);
        std::fs::remove_dir_all(&folder)?;
        done
    }

    fn exchange(&mut self, folder: &Path) -> Outcome<()> {
        let at = |name: &str| folder.join(name).display().to_string();
        let plain: Vec<u8> = (0..SAMPLE).map(|i| (i.wrapping_mul(0x85eb_ca6b) >> 11) as u8).collect();
        std::fs::write(at("plain"), &plain)?;

        let (mut sealer, header) = sealer()?;
        let mut sealed = BytesMut::from(&header[..]);
        sealer.update(&plain, &mut sealed)?;
        sealer.finish(&mut sealed)?;
        std::fs::write(at("ours"), &sealed)?;
        self.say(&format!("open {} {}", at("ours"), at("opened")))?;
        if std::fs::read(at("opened"))? != plain {
            return Err("the SDK opened our message as something else".into());
        }

        self.say(&format!("seal {} {}", at("plain"), at("theirs")))?;
        let theirs = std::fs::read(at("theirs"))?;
        let (mut opener, used) = opener(&theirs)?;
        let mut opened = BytesMut::new();
        opener.update(&theirs[used..], &mut opened)?;
        opener.finish()?;
        if opened != plain {
            return Err("we opened the SDK's message as something else".into());
        }
        Ok(())
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most memory that this process has held, as Linux tells it.
fn peak_kib() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Prints one row and returns its median.
fn row(name: &str, speeds: &mut [f64]) -> f64 {
    speeds.sort_by(f64::total_cmp);
    let median = speeds[speeds.len() / 2];
    println!("{name:<28}{:>10.0}{:>10.0}{:>10.0}", speeds[0], median, speeds[speeds.len() - 1]);
    median
}
