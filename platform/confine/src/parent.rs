//! The parent's side: starts the child, feeds it, takes its answer, and says in one word why there is none.

use crate::{
    Limits,
    child::{CPU, MEMORY, REFUSED},
};
use std::{
    io::ErrorKind,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

/// How much of a child's complaint is kept.
const WORDS: u64 = 64 << 10;
/// Signals as Linux numbers them.
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGXCPU: i32 = 24;

/// A program and the arguments that make it work as a child.
#[derive(Clone, Debug)]
pub struct Program {
    file: PathBuf,
    args: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// It took longer than it may, by the clock or in processor time.
    #[error("it took longer than it may")]
    Time,
    /// It wanted more memory than it may have.
    #[error("it wanted more memory than it may have")]
    Memory,
    /// Its answer is longer than it may be.
    #[error("its answer is longer than it may be")]
    Output,
    /// It looked at the input and will not have it, in its own words.
    #[error("{0}")]
    Refused(String),
    /// It died; what it said last.
    #[error("it died ({status}): {words}")]
    Died {
        /// The status it ended with.
        status: ExitStatus,
        /// The end of what it wrote on its standard error.
        words: String,
    },
    /// The machine would not: no such program, no process left.
    #[error("it cannot be run: {0}")]
    Machine(#[from] std::io::Error),
}

impl Stopped {
    /// It is about the input: the same would come of trying again.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Died { .. } | Self::Machine(_))
    }
}

impl Program {
    /// Any program that calls [`crate::work`] when it is started with these arguments.
    pub fn new(file: impl Into<PathBuf>, args: &[&str]) -> Self {
        Self { file: file.into(), args: args.iter().map(|&arg| arg.to_owned()).collect() }
    }

    /// The program that is running, started with these arguments.
    pub fn own(args: &[&str]) -> std::io::Result<Self> {
        Ok(Self::new(std::env::current_exe()?, args))
    }

    /// Runs it once with this input; its answer, or why there is none.
    pub async fn run(&self, limits: Limits, input: &[u8]) -> Result<Vec<u8>, Stopped> {
        let cpu = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
        let mut child = Command::new(&self.file)
            .args(&self.args)
            .args([MEMORY, &limits.memory.to_string(), CPU, &cpu.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        match tokio::time::timeout(limits.time, converse(&mut child, limits.output, input)).await {
            Ok(result) => result,
            Err(_) => Err(Stopped::Time),
        }
        // Dropped here, a child that still runs is killed.
    }
}

async fn converse(child: &mut Child, most: usize, input: &[u8]) -> Result<Vec<u8>, Stopped> {
    let (Some(mut to), Some(from), Some(complaints)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
        return Err(std::io::Error::other("a child without pipes").into());
    };
    let feed = async {
        let fed = to.write_all(input).await;
        drop(to);
        // One that ends before it has read all says why by its status.
        match fed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    };
    let take = at_most(from, most as u64 + 1);
    let (fed, answer, words) = tokio::join!(feed, take, at_most(complaints, WORDS));
    fed?;
    let (answer, words) = (answer?, String::from_utf8_lossy(&words?).trim().to_owned());
    if answer.len() > most {
        return Err(Stopped::Output);
    }
    let status = child.wait().await?;
    if status.success() {
        return Ok(answer);
    }
    if status.code() == Some(i32::from(REFUSED)) {
        return Err(Stopped::Refused(words));
    }
    Err(match status.signal() {
        Some(SIGXCPU | SIGKILL) => Stopped::Time,
        // Rust's allocator says this before it aborts; a thread's stack that cannot grow ends in a fault.
        Some(SIGABRT | SIGSEGV) if words.contains("memory allocation of") || words.is_empty() => Stopped::Memory,
        _ => Stopped::Died { status, words },
    })
}

/// Reads to the end, or until there is more than may be; then the pipe is closed on the writer.
async fn at_most(from: impl AsyncRead + Unpin, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes).await?;
    Ok(bytes)
}
