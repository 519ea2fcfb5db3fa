//! Benchmark: a warranty as a PDF against headless Chromium that prints the same page.
//!
//!     cargo build --release -p typeset --bin warranty-pdf
//!
//! Both get another number, address and name for every paper of one company. The demand is on both being warm: typesetting in this
//! process, which remembers what all papers of a company have, against a running browser with whatever it remembers, which prints
//! each paper in a context of its own, as it must where they are different people's. The table also has what the program does, a child
//! that is started for the paper, against a browser that is started for it, and the browser at its best: one page that is never left,
//! whose body alone is exchanged. Whether both say the same is asked of `pdftotext`. The argument is Chromium's file, `chromium`
//! without one.

#[path = "warranty-pdf/chromium.rs"]
mod chromium;
#[path = "warranty-pdf/page.rs"]
mod page;

use chromium::Chromium;
use confine::Program;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    error::Error,
    fs,
    process::{Command, ExitCode},
    thread,
    time::{Duration, Instant},
};
use typeset::{Order, default_limits, render, render_here};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PAPERS: usize = 60;
/// Starting a browser takes long.
const STARTS: usize = 12;
const REPLAYS: usize = 100;
const DEMAND: f64 = 20.0;
/// Before each paper of each side.
const PAUSE: Duration = Duration::from_millis(200);
/// The argument that makes this program the child.
const CHILD: &str = "child";

fn main() -> Outcome<ExitCode> {
    let mut args = std::env::args().skip(1);
    let first = args.next();
    if first.as_deref() == Some(CHILD) {
        return Ok(confine::work(args, typeset::child));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let file = first.unwrap_or_else(|| "chromium".to_owned());
    let mut browser = Chromium::start(&file, &page::frame(""))?;
    agree(&mut browser)?;
    replay()?;

    let program = Program::own(&[CHILD])?;
    let (mut here, mut child, mut kept, mut apart, mut anew) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for n in 0..PAPERS {
        let order = page::order(n);
        here.push(timed(|| Ok(render_here(&order)?.bytes))?);
        child.push(timed(|| Ok(runtime.block_on(render(&program, default_limits(), &order))?.bytes))?);
        let body = page::body(&order)?;
        kept.push(timed(|| browser.print(&body))?);
        let html = page::frame(&body);
        apart.push(timed(|| browser.print_apart(&html))?);
        if n < STARTS {
            anew.push(timed(|| browser.print_anew(&file, &html))?);
        }
    }
    println!("{:<44}{:>10}{:>10}{:>10}", "one warranty, ms", "minimum", "median", "maximum");
    let child = row("typeset, a child started for it", &mut child);
    let here = row("typeset, warm, in this process", &mut here);
    let anew = row("Chromium, started for it", &mut anew);
    let apart = row("Chromium, warm, in a context of its own", &mut apart);
    let kept = row("Chromium, warm, a page that is never left", &mut kept);
    println!("both started for the paper: {:.1} times as fast", anew / child);
    println!("warm against a browser that is started: {:.1}, against a page that is never left: {:.1}", anew / here, kept / here);
    let ratio = apart / here;
    println!("warranty-pdf: ratio {ratio:.1} (demand {DEMAND})");
    Ok(if ratio >= DEMAND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Both have one page of the same size with the same words.
fn agree(browser: &mut Chromium) -> Outcome<()> {
    let order = page::order(0);
    let (ours, body) = (render_here(&order)?.bytes, page::body(&order)?);
    let theirs = browser.print(&body)?;
    if words(&browser.print_apart(&page::frame(&body))?)? != words(&theirs)? {
        return Err("Chromium's own pages differ".into());
    }
    let (our_words, their_words) = (words(&ours)?, words(&theirs)?);
    if our_words != their_words {
        let only = |a: &[String], b: &[String]| a.iter().filter(|word| !b.contains(word)).cloned().collect::<Vec<_>>();
        return Err(
            format!("only ours: {:?}; only Chromium's: {:?}", only(&our_words, &their_words), only(&their_words, &our_words)).into()
        );
    }
    let (our_fonts, their_fonts) = (asked("pdffonts", &[], &ours)?, asked("pdffonts", &[], &theirs)?);
    for font in ["Figtree-Regular", "Figtree-SemiBold", "Archivo-Bold"] {
        if !our_fonts.contains(font) || !their_fonts.contains(font) {
            return Err(format!("{font} is not in both:\n{our_fonts}\n{their_fonts}").into());
        }
    }
    println!("both have one page, the same {} words and the same fonts ({} and {} bytes)", our_words.len(), ours.len(), theirs.len());
    Ok(())
}

/// The words of the only page, sorted, without the single letters of the seal's ring.
fn words(pdf: &[u8]) -> Outcome<Vec<String>> {
    let info = asked("pdfinfo", &[], pdf)?;
    if !info.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")) || !info.contains("(A4)") {
        return Err(format!("not one page of A4:\n{info}").into());
    }
    let text = asked("pdftotext", &["-raw"], pdf)?.replace('\u{200b}', "");
    let mut words: Vec<String> = text.split_whitespace().filter(|word| word.chars().count() > 2).map(str::to_owned).collect();
    words.sort();
    Ok(words)
}

/// What a tool of poppler's says of a PDF.
fn asked(tool: &str, args: &[&str], pdf: &[u8]) -> Outcome<String> {
    let file = std::env::temp_dir().join(format!("warranty-{}.pdf", std::process::id()));
    fs::write(&file, pdf)?;
    let mut command = Command::new(tool);
    command.args(args).arg(&file);
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().map_err(|error| format!("{tool} (poppler-utils): {error}"))?;
    fs::remove_file(&file)?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The same order again and again gives one file.
fn replay() -> Outcome<()> {
    let order: Order = page::order(0);
    let mut hashes = HashSet::new();
    for _ in 0..REPLAYS {
        hashes.insert(Sha256::digest(render_here(&order)?.bytes));
    }
    println!("{REPLAYS} replays of one order: {} hash", hashes.len());
    if hashes.len() == 1 { Ok(()) } else { Err("the same order gave other bytes".into()) }
}

#[expect(clippy::disallowed_methods, reason = "no worker's thread: nothing else is to go on meanwhile")]
fn timed(work: impl FnOnce() -> Outcome<Vec<u8>>) -> Outcome<Duration> {
    // A browser that printed still tidies up.
    thread::sleep(PAUSE);
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// Prints a row; the median in milliseconds.
fn row(name: &str, times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let at = |n: usize| times[n].as_secs_f64() * 1e3;
    println!("{name:<44}{:>10.1}{:>10.1}{:>10.1}", at(0), at(times.len() / 2), at(times.len() - 1));
    at(times.len() / 2)
}
