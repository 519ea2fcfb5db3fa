//! `platform plugin …`: what plugin authors do on their own machine. It needs no configuration and no server.

use plugin_host::cli::{self, Command};
use std::process::ExitCode;

/// Runs one of the authors' commands.
pub(super) async fn run(command: Command) -> ExitCode {
    cli::run(command).await
}
