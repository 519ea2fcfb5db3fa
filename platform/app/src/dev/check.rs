//! `platform dev --check`: the self-test. Starts afresh on free ports, walks a visitor's whole journey over HTTP and with real
//! mails, leaves nothing behind, and says whether it works.

mod browser;
mod company;
mod customer;
mod html;
mod proof;
mod stage;
mod walk;

use super::local::Local;
use crate::{app, cli::serve};
use anyhow::{Context, Result};
use futures::FutureExt;
use kernel::{App, telemetry};
use stage::{Payload, Stage};
use std::{
    fs,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    process::{self, ExitCode},
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use walk::{Stopped, Walk};

const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// Runs it. `tool`: the stock `aws-encryption-cli`, if there is one.
pub(super) async fn run(tool: Option<PathBuf>) -> Result<ExitCode> {
    let interrupted = CancellationToken::new();
    tokio::spawn(serve::stop_on_signal(interrupted.clone()));
    let mut walk = Walk::default();
    let folder = Folder::make()?;
    // To the end, even when interrupted: what has begun to start can only be stopped when it has started.
    if let Ok(mut local) = walk.step("local services: PostgreSQL, object store, key service, mailbox", Local::start(&folder.0, None)).await
    {
        local.config.telemetry.filter = "error".into();
        let _ = through(&mut walk, &mut local, tool.as_deref(), &interrupted).await;
        let _ = walk.step("the local services stop", stop(local)).await;
    }
    let _ = walk.step("nothing is left behind", async { folder.remove() }).await;
    Ok(if walk.end() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The program, started and stopped around the journey.
async fn through(walk: &mut Walk, local: &mut Local, tool: Option<&Path>, interrupted: &CancellationToken) -> Result<(), Stopped> {
    let running = walk.step("schemas migrated, web server and worker", Running::start(local)).await?;
    let stage = walk.step("the document to send", async { Ok((Stage::new(local, &running.app)?, Payload::generate())) }).await?;
    let journey = AssertUnwindSafe(journey(walk, &stage.0, &stage.1, tool)).catch_unwind();
    let ended = tokio::select! {
        ended = journey => Some(ended),
        () = interrupted.cancelled() => None,
    };
    match ended {
        Some(Ok(_)) => {}
        Some(Err(_)) => walk.broke("the journey panicked"),
        None => walk.broke("interrupted"),
    }
    drop(stage);
    walk.step("web server and worker stop", running.stop()).await
}

async fn journey(walk: &mut Walk, stage: &Stage<'_>, payload: &Payload, tool: Option<&Path>) -> Result<(), Stopped> {
    let mut company = company::walk(walk, stage, payload).await?;
    customer::walk(walk, stage, &mut company, payload).await?;
    proof::walk(walk, stage, &mut company, payload, tool).await
}

/// Web server and worker as `platform serve` runs them.
struct Running {
    app: Arc<App>,
    shutdown: CancellationToken,
    web: JoinHandle<Result<()>>,
    work: JoinHandle<()>,
}

impl Running {
    async fn start(local: &mut Local) -> Result<Self> {
        telemetry::start(&local.config.telemetry)?;
        let app = local.app().await?;
        let listener = local.listener.take().context("the web server's port is taken twice")?;
        let shutdown = CancellationToken::new();
        let work = serve::spawn_worker(&app, &shutdown);
        let web = tokio::spawn(app::serve(app.clone(), listener, shutdown.clone()));
        Ok(Self { app, shutdown, web, work })
    }

    async fn stop(self) -> Result<()> {
        self.shutdown.cancel();
        tokio::time::timeout(STOP_PATIENCE, self.web).await.context("the web server does not stop")???;
        tokio::time::timeout(STOP_PATIENCE, self.work).await.context("the worker does not stop")??;
        Ok(())
    }
}

async fn stop(local: Local) -> Result<()> {
    tokio::time::timeout(STOP_PATIENCE, local.embedded.stop()).await.context("the local services do not stop")?
}

/// A folder of our own; removed at the end, also when the end comes early.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("plumbline-check-{}", process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.0).with_context(|| format!("cannot remove {}", self.0.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Gone already when all went well.
        let _ = fs::remove_dir_all(&self.0);
    }
}
