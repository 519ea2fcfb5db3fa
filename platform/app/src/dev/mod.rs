//! `platform dev`: everything on this machine. Web server and worker are those of production; only what they are pointed at is
//! local: a PostgreSQL of our own, an object store, a key service and a mailbox that speak the real protocols.

mod check;
mod demo;
mod local;

use crate::{app, cli::serve};
use anyhow::{Context, Result};
use clap::Args;
use kernel::telemetry;
use local::Local;
use std::{
    io::{Write, stdout},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How `platform dev` starts.
#[derive(Args)]
pub struct DevArgs {
    /// The folder that holds all data.
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
    /// Fill it with two contractor companies, their customers, projects, photos and documents.
    #[arg(long)]
    demo: bool,
    /// Start afresh on free ports, walk a visitor's whole journey, clean up, and say whether it works.
    #[arg(long, conflicts_with_all = ["demo", "data"])]
    check: bool,
    /// The stock `aws-encryption-cli`: with it `--check` opens a stored object.
    #[arg(long, env = "PLUMBLINE_AWS_CLI", value_name = "PROGRAM")]
    aws_cli: Option<PathBuf>,
    /// Where the web server listens.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the mailbox's pages are.
    #[arg(long, default_value_t = 8025)]
    mailbox_port: u16,
}

pub(crate) async fn run(args: DevArgs) -> Result<ExitCode> {
    if args.check {
        return check::run(args.aws_cli).await;
    }
    let mut local = Local::start(&args.data, Some((args.port, args.mailbox_port))).await?;
    telemetry::start(&local.config.telemetry)?;
    let shutdown = CancellationToken::new();
    tokio::spawn(serve::stop_on_signal(shutdown.clone()));
    let app = local.app().await?;
    let listener = local.listener.take().context("the web server's port is taken twice")?;
    if args.demo {
        demo::weather(&app, &local.embedded).await.context("the demo's weather")?;
    }
    let work = serve::spawn_worker(&app, &shutdown);
    let web = tokio::spawn(app::serve(app.clone(), listener, shutdown.clone()));
    if args.demo {
        writeln!(stdout(), "filling in the demo companies …")?;
        demo::fill(&app, &local.embedded).await.context("the demo companies")?;
    }
    writeln!(stdout(), "{}", banner(&local, &app).await?)?;
    web.await??;
    shutdown.cancel();
    work.await?;
    tokio::time::timeout(Duration::from_secs(20), local.embedded.stop()).await.context("the local services do not stop")??;
    Ok(ExitCode::SUCCESS)
}

async fn banner(local: &Local, app: &std::sync::Arc<kernel::App>) -> Result<String> {
    let web = &app.config.web;
    let mut lines = vec![
        String::new(),
        "Plumbline runs on this machine, with local stand-ins for mail, files, keys and database.".into(),
        String::new(),
        format!("  sign up a company   {}/", web.apex_url()),
        format!("  operators           {}/operator/   (sign in as {})", web.apex_url(), local::OPERATOR),
        format!("  all mail lands in   {}", local.embedded.mailbox.http_url()),
    ];
    for tenant in app.tenants.active().await? {
        let home = web.tenant_url(&tenant.subdomain);
        lines.push(String::new());
        lines.push(format!("  {}", tenant.name));
        lines.push(format!("    portal            {home}/{}", demo::hint(&tenant.subdomain, false)));
        lines.push(format!("    console           {home}/console/{}", demo::hint(&tenant.subdomain, true)));
    }
    lines.extend([String::new(), format!("  data in {}; Ctrl-C stops everything", local.folder.display()), String::new()]);
    Ok(lines.join("\n"))
}
