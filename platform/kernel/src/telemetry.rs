//! Logs and metrics. A log line carries the request's id; it never carries a token, a path with one, a mail address or a
//! text that somebody typed.

mod http;
mod measure;

pub use http::{Arrival, CatchPanics, Requests, note_tenant};
pub use measure::{Metrics, serve_metrics};

use crate::config::{LogFormat, TelemetryConfig};
use anyhow::Context;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts the log, once in a process.
pub fn start(config: &TelemetryConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.filter).context("telemetry.filter is no list of levels such as info,sqlx=warn")?;
    // Colours are for a terminal, not for a file.
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match config.format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(true).with_current_span(false).boxed(),
        LogFormat::Text => lines.with_target(false).compact().boxed(),
    };
    tracing_subscriber::registry().with(filter).with(lines).try_init().context("the log was started before")?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, words = panic.payload_as_str().unwrap_or("without words"), "panic");
    }));
    Ok(())
}

/// A mail address as the log may show it: equal addresses look equal, and that is all.
pub fn mail_hash(address: &str) -> String {
    let hash = digest(&SHA256, address.trim().to_lowercase().as_bytes());
    HEXLOWER.encode(&hash.as_ref()[..6])
}
