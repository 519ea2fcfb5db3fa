//! Metrics for Prometheus, on a listener of their own that is never public.

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use poem::{EndpointExt, Route, Server, get, handler, listener::TcpListener, web::Data};
use std::{net::SocketAddr, time::Duration};
use tokio_util::sync::CancellationToken;

/// From a millisecond to a minute.
const SECONDS: [f64; 14] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0, 60.0];

/// What the process counts.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts counting, once in a process. Without this, counting costs nothing.
    pub fn start() -> anyhow::Result<Self> {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)?;
        Ok(Self(builder.install_recorder().context("metrics were started before")?))
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Answers `GET /metrics` until the shutdown.
pub async fn serve_metrics(metrics: Metrics, address: SocketAddr, shutdown: CancellationToken) -> anyhow::Result<()> {
    let (upkeep, end) = (metrics.clone(), shutdown.clone());
    // Also while nobody asks: samples wait in memory until then.
    tokio::spawn(async move {
        while end.run_until_cancelled(tokio::time::sleep(Duration::from_secs(5))).await.is_some() {
            upkeep.0.run_upkeep();
        }
    });
    let app = Route::new().at("/metrics", get(answer)).data(metrics);
    Server::new(TcpListener::bind(address))
        .run_with_graceful_shutdown(app, shutdown.cancelled(), Some(Duration::from_secs(1)))
        .await
        .with_context(|| format!("metrics cannot listen on {address}"))
}

#[handler]
fn answer(metrics: Data<&Metrics>) -> poem::Response {
    poem::Response::builder().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics.render())
}
