//! The child's side: takes its limits upon itself, reads, works, answers.

use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    io::{Read, Write, stderr, stdin, stdout},
    process::ExitCode,
};

/// What the parent puts before the program's own arguments are read: `--memory BYTES --cpu SECONDS`.
pub(crate) const MEMORY: &str = "--memory";
pub(crate) const CPU: &str = "--cpu";

/// How a child ends that refused its input with words for the parent.
pub(crate) const REFUSED: u8 = 3;

/// Runs as a child: limits, all of the standard input, the work, its answer on the standard output. An `Err` is a refusal
/// whose words the parent gets as [`crate::Stopped::Refused`].
///
/// `args` are the ones after those that chose this mode of the program.
pub fn work(args: impl IntoIterator<Item = String>, work: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, String>) -> ExitCode {
    if let Err(error) = limit(args) {
        return fail(1, &format!("the limits cannot be set: {error}"));
    }
    let mut input = Vec::new();
    if let Err(error) = stdin().lock().read_to_end(&mut input) {
        return fail(1, &format!("the input cannot be read: {error}"));
    }
    match work(input) {
        Ok(answer) => match stdout().lock().write_all(&answer) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(1, &format!("the answer cannot be written: {error}")),
        },
        Err(words) => fail(REFUSED, &words),
    }
}

/// Both kinds of limit are hard: the child cannot lift them again. No core file either: it would hold what it worked on.
fn limit(args: impl IntoIterator<Item = String>) -> std::io::Result<()> {
    let mut args = args.into_iter();
    let fixed = |n: u64| Rlimit { current: Some(n), maximum: Some(n) };
    setrlimit(Resource::Core, fixed(0))?;
    while let Some(name) = args.next() {
        let value = args.next().and_then(|v| v.parse::<u64>().ok());
        let value = value.ok_or_else(|| std::io::Error::other(format!("{name} wants a number")))?;
        match name.as_str() {
            MEMORY => setrlimit(Resource::As, fixed(value))?,
            // At the soft limit comes SIGXCPU, which ends it; a second later the hard one kills.
            CPU => setrlimit(Resource::Cpu, Rlimit { current: Some(value), maximum: Some(value + 1) })?,
            _ => return Err(std::io::Error::other(format!("{name} is unknown"))),
        }
    }
    Ok(())
}

fn fail(code: u8, words: &str) -> ExitCode {
    // The parent may be gone; then nobody is left to be told.
    let _ = stderr().lock().write_all(words.as_bytes());
    ExitCode::from(code)
}
