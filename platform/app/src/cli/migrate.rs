//! `platform migrate`: progress for people, a line of JSON a tenant for programs.

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::config::Config;
use migrations::{Options, Outcome, Progress, Report};
use std::{
    io::{Write, stdout},
    process::ExitCode,
    time::Duration,
};
use tenants::Tenants;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

#[derive(Args)]
pub(super) struct MigrateArgs {
    /// Tenants migrated at the same time.
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Go on with the others although a canary failed.
    #[arg(long)]
    past_canaries: bool,
    /// One JSON object a tenant, and the report last.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, args: MigrateArgs) -> Result<ExitCode> {
    let tenants = Tenants::connect(config.tenants()).await?;
    let fleet = tenants.fleet()?;
    fleet.wait_for_database(Duration::from_secs(30)).await?;
    let (sender, receiver) = unbounded_channel();
    let options = Options { workers: args.workers.clamp(1, 4), past_canaries: args.past_canaries };
    let (report, shown) = tokio::join!(fleet.migrate(&options, Some(sender)), show(receiver, args.json));
    shown?;
    let report = report?;
    tell(&report, args.json)?;
    Ok(if report.failed + report.skipped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn show(mut receiver: UnboundedReceiver<Progress>, json: bool) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} tenants, {eta} left {msg}")?);
    while let Some(line) = receiver.recv().await {
        if json {
            writeln!(stdout(), "{}", serde_json::to_string(&line)?)?;
            continue;
        }
        bar.set_length(line.total as u64);
        bar.set_position(line.settled as u64);
        if let Outcome::Failed { error } = &line.outcome {
            bar.println(format!("failed: {} ({}): {error}", line.tenant, line.schema));
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn tell(report: &Report, json: bool) -> Result<()> {
    if json {
        writeln!(stdout(), "{}", serde_json::to_string(report)?)?;
        return Ok(());
    }
    let Report { version, done, unchanged, failed, skipped } = report;
    writeln!(
        stdout(),
        "version {version}: {done} migrated, {unchanged} unchanged, {failed} failed, {skipped} left for after the canaries"
    )?;
    if *failed > 0 {
        writeln!(stdout(), "The failed ones are as they were. Run it again after mending the cause; it takes up where it stopped.")?;
    }
    Ok(())
}
