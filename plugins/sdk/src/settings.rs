//! The install's settings as a struct of the author's.

use serde::de::DeserializeOwned;

/// Reads the settings. The host has completed them with the manifest's defaults and checked them against its schema.
pub fn settings<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|e| format!("The settings cannot be read: {e}"))
}
