//! The list of steps that a person reads: each with its time, and with the reason when it fails.

use anyhow::Result;
use std::{
    io::{Write, stdout},
    time::Instant,
};

/// The journey ends here: the steps after a failed one have nothing to stand on.
pub(super) struct Stopped;

/// How the steps went so far.
#[derive(Default)]
pub(super) struct Walk {
    passed: usize,
    failed: usize,
}

impl Walk {
    /// One step; a line about it is printed.
    pub async fn step<T>(&mut self, name: &str, work: impl Future<Output = Result<T>>) -> Result<T, Stopped> {
        let began = Instant::now();
        let result = work.await;
        let took = format!("{:>9.1} ms", began.elapsed().as_secs_f64() * 1000.0);
        match result {
            Ok(value) => {
                self.passed += 1;
                say(&format!("ok   {took}  {name}"));
                Ok(value)
            }
            Err(error) => {
                self.failed += 1;
                say(&format!("FAIL {took}  {name}"));
                error.chain().for_each(|cause| say(&format!("                      {cause}")));
                Err(Stopped)
            }
        }
    }

    /// A step that cannot be walked on this machine.
    pub fn skip(&self, name: &str, why: &str) {
        say(&format!("skipped            {name}: {why}"));
    }

    /// The journey broke off for a reason that is not a step's.
    pub fn broke(&mut self, why: &str) {
        self.failed += 1;
        say(&format!("FAIL               {why}"));
    }

    /// The last line; true if all is well.
    pub fn end(&self) -> bool {
        say(&format!("{} passed, {} failed", self.passed, self.failed));
        self.failed == 0
    }
}

/// A closed terminal must not keep us from cleaning up.
fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}
