//! Plugins as an author of documents that write themselves.

use super::ops;
use crate::generated_documents::{Author, Wanted, Work};
use async_trait::async_trait;
use kernel::{Caller, Cx, Result};

/// Asks the plugins of whoever's document it is.
pub struct PluginAuthor;

#[async_trait]
impl Author for PluginAuthor {
    async fn write(&self, caller: &Caller, wanted: &Wanted) -> Result<Option<Work>> {
        ops::write(caller, wanted).await
    }

    async fn title(&self, cx: &Cx, variant: &str) -> Result<Option<String>> {
        ops::title_of(cx, variant).await
    }
}
