//! Two believable contractor companies. All people, firms, addresses and numbers are invented and stay on this machine.

use anyhow::Result;
use kernel::App;
use std::sync::Arc;

/// Fills the demo companies in, unless they are there.
pub(super) async fn fill(_app: &Arc<App>) -> Result<()> {
    Ok(())
}

/// Whom to sign in as.
pub(super) fn hint(_subdomain: &str, _staff: bool) -> String {
    String::new()
}
