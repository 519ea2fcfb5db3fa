//! Puts the program together from its configuration. The binary and every test call it.

use crate::{generated_documents, operator, pages, plugins, routes, work};
use anyhow::{Context, Result};
use kernel::{
    App, Caller,
    assets::Assets,
    clock::{Clock, Random},
    config::Config,
    jobs::Worker,
    limits::Limits,
    mail::Mailer,
    signals::Signals,
};
use poem::{Endpoint, Response, Server, listener::TcpAcceptor};
use std::{sync::Arc, time::Duration};
use tenants::Tenants;
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// The embedded static files of portal and console.
pub fn assets() -> Assets {
    Assets::default().with::<pages::PortalFiles>("", None).with::<pages::AdminFiles>("admin/", Some("admin/"))
}

/// Builds the program; nothing has been connected to yet.
pub async fn build(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Arc<App>> {
    config.check()?;
    let tenants = Tenants::connect(config.tenants()).await?;
    Ok(Arc::new(App {
        pages: pages::load(&assets())?,
        mailer: Mailer::new(&config.mail)?,
        limits: Limits::new(&config.limits, clock.clone()),
        signals: Signals::default(),
        children: Semaphore::new(config.documents.at_once),
        parts: parts(&config),
        config: Arc::new(config),
        tenants,
        clock,
        random,
    }))
}

/// What the product keeps for as long as it runs.
fn parts(config: &Config) -> http::Extensions {
    let mut parts = http::Extensions::new();
    parts.insert(Arc::new(plugins::PluginRunner::new(config)));
    parts.insert(Arc::new(plugins::PluginAuthor) as Arc<dyn generated_documents::Author>);
    parts
}

/// Looks whether the database is there, safe and migrated, and makes the first operators.
pub async fn prepare(app: &Arc<App>) -> Result<()> {
    app.tenants.check().await?;
    let cx = Caller::system(app.clone(), app.tenants.platform(), "Start")
        .begin()
        .await
        .context("the platform's schema is missing; run `platform migrate`")?;
    operator::ops::ensure(&cx, &app.config.operators.emails)
        .await
        .context("the platform's schema is not up to date; run `platform migrate`")?;
    cx.commit().await?;
    Ok(())
}

/// The program as one HTTP endpoint.
pub fn endpoint(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    routes::all(app.clone(), assets())
}

/// Serves until told to stop; requests under way get their time.
pub async fn serve(app: Arc<App>, listener: TcpListener, shutdown: CancellationToken) -> Result<()> {
    let patience = Duration::from_secs(app.config.web.shutdown_seconds);
    let signals = spawn_signals(&app, true, shutdown.clone());
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let server = Server::new_with_acceptor(acceptor).idle_timeout(Duration::from_secs(120));
    server.run_with_graceful_shutdown(endpoint(&app), shutdown.cancelled_owned(), Some(patience)).await?;
    signals.await?;
    Ok(())
}

/// Tells other processes what happened here, and with `listen` hears what happens there. Ends with the program.
pub fn spawn_signals(app: &Arc<App>, listen: bool, shutdown: CancellationToken) -> JoinHandle<()> {
    let app = app.clone();
    tokio::spawn(async move { app.signals.run(&app.tenants, listen, shutdown).await })
}

/// The worker of this process.
pub fn worker(app: &Arc<App>) -> Worker {
    Worker::new(app.clone(), work::table())
}
