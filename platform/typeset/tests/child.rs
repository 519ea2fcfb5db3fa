//! The child of the tests: makes a paper as a program of ours does.

use std::process::ExitCode;

fn main() -> ExitCode {
    confine::work(std::env::args().skip(1), typeset::child)
}
