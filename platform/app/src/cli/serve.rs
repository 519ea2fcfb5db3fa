//! `platform serve` and `platform work`.

use crate::app;
use anyhow::{Context, Result};
use kernel::{
    App,
    config::Config,
    telemetry::{self, Metrics, serve_metrics},
};
use std::{process::ExitCode, sync::Arc};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(super) async fn serve(config: Config, worker: bool) -> Result<ExitCode> {
    let (app, shutdown) = start(config).await?;
    let listen = app.config.web.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen at {listen}"))?;
    tracing::info!(%listen, "serving");
    let work = worker.then(|| spawn_worker(&app, &shutdown));
    app::serve(app, listener, shutdown.clone()).await?;
    shutdown.cancel();
    if let Some(work) = work {
        work.await?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn work(config: Config) -> Result<ExitCode> {
    let (app, shutdown) = start(config).await?;
    tracing::info!("working");
    let signals = app::spawn_signals(&app, false, shutdown.clone());
    spawn_worker(&app, &shutdown).await?;
    signals.await?;
    Ok(ExitCode::SUCCESS)
}

async fn start(config: Config) -> Result<(Arc<App>, CancellationToken)> {
    telemetry::start(&config.telemetry)?;
    let shutdown = CancellationToken::new();
    if let Some(address) = config.telemetry.metrics_address()? {
        tokio::spawn(serve_metrics(Metrics::start()?, address, shutdown.clone()));
    }
    let app = super::build(config).await?;
    app::prepare(&app).await?;
    tokio::spawn(stop_on_signal(shutdown.clone()));
    Ok((app, shutdown))
}

/// The worker as a task of this process.
pub fn spawn_worker(app: &Arc<App>, shutdown: &CancellationToken) -> JoinHandle<()> {
    let (worker, parallel, shutdown) = (app::worker(app), app.config.jobs.workers, shutdown.clone());
    tokio::spawn(async move { worker.run(shutdown, parallel).await })
}

/// Ends when the process is told to stop, by Ctrl-C or by whoever started it.
pub async fn stop_on_signal(shutdown: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("stopping");
    shutdown.cancel();
}
