//! The author's tool without the rest of the product: `plugin new|pack|check|run|replay`.

use clap::Parser;
use plugin_host::{cli, compile};
use std::process::ExitCode;

/// Makes, checks and runs plugins on this machine.
#[derive(Parser)]
#[command(name = "plugin", version)]
struct Cli {
    #[command(subcommand)]
    command: cli::Command,
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if(|first| first == compile::CHILD).is_some() {
        return compile::child(args);
    }
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("plugin: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(cli::run(Cli::parse().command))
}
