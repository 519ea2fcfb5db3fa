//! The command line. Every command builds the program from the same configuration.

mod migrate;
pub mod openapi;
mod plugin;
pub mod serve;
pub mod verify;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use kernel::{
    App,
    clock::{SystemClock, SystemRandom},
    config::Config,
};
use std::{path::PathBuf, process::ExitCode, sync::Arc};

/// The customer portal of contractor companies.
#[derive(Parser)]
#[command(name = "platform", version, about)]
struct Cli {
    /// A configuration file; `config.default.toml` says what can be set.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything on this machine, with local stand-ins for the database, the file store, the key service and mail.
    #[cfg(feature = "dev")]
    Dev(crate::dev::DevArgs),
    /// The web server, with a worker beside it unless told otherwise.
    Serve {
        /// Leave the jobs to other processes.
        #[arg(long)]
        no_worker: bool,
    },
    /// Only the worker.
    Work,
    /// Bring the platform's schema and every tenant's to the newest version.
    Migrate(migrate::MigrateArgs),
    /// Print the API's specification.
    Openapi,
    /// Check the hash chains of the audit logs.
    VerifyAudit(verify::VerifyArgs),
    /// Write a plugin: begin, pack, check, run and replay it. Needs no server.
    Plugin {
        #[command(subcommand)]
        command: plugin_host::cli::Command,
    },
    /// Compile a plugin, as a child of a process that checks or runs one.
    #[command(hide = true, name = plugin_host::compile::CHILD)]
    CompilePlugin {
        /// The limits, as the parent sets them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        limits: Vec<String>,
    },
    /// Lay one document out, as a child of a process that serves or works: an order in, a PDF out.
    #[command(hide = true)]
    Typeset {
        /// The limits, as the parent sets them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        limits: Vec<String>,
    },
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    // Only one provider is linked; saying so keeps a later crate from bringing a second one unnoticed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(run(Cli::parse())) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    eprintln!("platform: {}", causes.join(": "));
    ExitCode::FAILURE
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let config = || Config::load(cli.config.as_deref()).context("the configuration");
    match cli.command {
        #[cfg(feature = "dev")]
        Command::Dev(args) => crate::dev::run(args).await,
        Command::Serve { no_worker } => serve::serve(config()?, !no_worker).await,
        Command::Work => serve::work(config()?).await,
        Command::Migrate(args) => migrate::run(config()?, args).await,
        Command::Openapi => openapi::run(),
        Command::VerifyAudit(args) => verify::run(config()?, args).await,
        Command::Plugin { command } => Ok(plugin::run(command).await),
        Command::CompilePlugin { limits } => Ok(plugin_host::compile::child(limits)),
        Command::Typeset { limits } => Ok(confine::work(limits, typeset::child)),
    }
}

/// The program with the machine's own clock and randomness.
pub async fn build(config: Config) -> Result<Arc<App>> {
    crate::app::build(config, Arc::new(SystemClock), Arc::new(SystemRandom)).await
}
