//! `platform openapi`: the API's specification, as it is committed in openapi.json.

use anyhow::Result;
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

/// The specification, ordered and indented so that a change shows as a small difference.
pub fn text() -> Result<String> {
    let spec: serde_json::Value = serde_json::from_str(&crate::routes::api().spec())?;
    Ok(serde_json::to_string_pretty(&spec)? + "\n")
}

pub(super) fn run() -> Result<ExitCode> {
    stdout().write_all(text()?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
