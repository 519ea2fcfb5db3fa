//! `platform verify-audit`: walks the hash chains of one or all tenants and of the platform.

use crate::audit::ops::{self, TenantVerification};
use anyhow::Result;
use clap::Args;
use indicatif::ProgressBar;
use kernel::config::Config;
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

#[derive(Args)]
pub(super) struct VerifyArgs {
    /// Only this company, or `platform`; without it all of them and the platform's own log.
    #[arg(long, value_name = "SUBDOMAIN")]
    tenant: Option<String>,
    /// One JSON object a log.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, args: VerifyArgs) -> Result<ExitCode> {
    let app = super::build(config).await?;
    app.tenants.check().await?;
    let bar = ProgressBar::new_spinner();
    let progress = |log: &str, checked: i64, of: i64| bar.set_message(format!("{log}: {checked} of {of}"));
    let results = ops::verify_all(&app, args.tenant.as_deref(), progress).await?;
    bar.finish_and_clear();
    for result in &results {
        writeln!(stdout(), "{}", if args.json { json(result) } else { words(result) })?;
    }
    Ok(if results.iter().all(TenantVerification::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn words(result: &TenantVerification) -> String {
    let name = &result.tenant;
    match (&result.verification, &result.error) {
        (Some(v), _) => match v.first_bad_seq {
            None if v.ok => format!("{name}: {} events, the chain is whole", v.checked),
            None => format!("{name}: BROKEN at its end; {} events fit", v.checked),
            Some(seq) => format!("{name}: BROKEN at event {seq}; {} events fit", v.checked),
        },
        (None, error) => format!("{name}: not checked: {}", error.as_deref().unwrap_or("no reason given")),
    }
}

fn json(result: &TenantVerification) -> String {
    let v = result.verification.as_ref();
    serde_json::json!({
        "log": result.tenant,
        "ok": result.is_ok(),
        "checked": v.map(|v| v.checked),
        "head_hash": v.map(|v| v.head_hash.as_str()),
        "first_bad_seq": v.and_then(|v| v.first_bad_seq),
        "error": result.error,
    })
    .to_string()
}
