//! The binary `platform`: web server, worker, migrator and tools in one.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::main()
}
