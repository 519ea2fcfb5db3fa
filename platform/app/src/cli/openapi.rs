//! `platform openapi`: the API's specification, as it is committed in openapi.json.

use anyhow::Result;
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

/// The specification, ordered and indented so that a change shows as a small difference.
pub fn text() -> Result<String> {
    let mut spec: serde_json::Value = serde_json::from_str(&crate::routes::api().spec())?;
    // The framework keeps an operation's tags in a set without an order.
    let operations = spec["paths"].as_object_mut().into_iter().flat_map(|p| p.values_mut()).filter_map(|p| p.as_object_mut());
    for tags in operations.flat_map(|p| p.values_mut()).filter_map(|o| o["tags"].as_array_mut()) {
        tags.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
    Ok(serde_json::to_string_pretty(&spec)? + "\n")
}

pub(super) fn run() -> Result<ExitCode> {
    stdout().write_all(text()?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
