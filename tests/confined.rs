//! The program that lays documents out for the tests: nothing but the child that the product starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The first argument says what to do, and there is one thing to do.
    confine::work(std::env::args().skip(2), typeset::child)
}
